import Type from 'typebox'
import { listRoleCatalogue, listRoleChanges } from '#core/roles/catalogue.ts'
import { createRole } from '#core/roles/create.ts'
import { deleteRole } from '#core/roles/delete.ts'
import { updateRole } from '#core/roles/update.ts'
import { refuse, thrown, type Words } from './errors.ts'
import { answer, ok, type RocketchatRoutes } from './parts.ts'
import {
  ChangedRole,
  DeletedRole,
  decodeChangedRole,
  decodeNewRole,
  encodeDeletedRole,
  encodeListedRole,
  encodeRole,
  ListedRole,
  NewRole,
  WireRole,
} from './roles.wire.ts'

export const invalidRole = thrown('error-invalid-role-properties', 'The role properties are invalid.')
const notAllowed = thrown('error-action-not-allowed', 'Accessing permissions is not allowed')
const nameTaken = thrown('error-duplicate-role-names-not-allowed', 'Role name already exists')

const words: Words = {
  invalid: () => invalidRole,
  refusals: { invalid: invalidRole, taken: nameTaken, forbidden: notAllowed },
}

/** Refused with 400, and only once the body is well-formed. */
const asksForPermission = {
  access: { authenticated: 'access-permissions is asked for after the schema, with 400 as the vendor does' },
  permission: { anyOf: ['access-permissions'], refusal: notAllowed },
  words,
} as const

/** @see specs: §2.2 to §2.6 of the Rocket.Chat dialect */
export const roleRoutes: RocketchatRoutes = async (app, { run }) => {
  app.get(
    '/roles.list',
    {
      config: { access: { authenticated: 'everybody who is signed in sees which roles there are' } },
      schema: { summary: 'List roles', response: { 200: answer({ roles: Type.Array(ListedRole) }) } },
    },
    async ({ actor }) => ok({ roles: (await run(listRoleCatalogue, {}, actor)).map(encodeListedRole) }),
  )

  app.get(
    '/roles.sync',
    {
      config: { access: { authenticated: 'everybody who is signed in sees which roles there are' } },
      schema: {
        summary: 'List roles that changed or went since an instant',
        querystring: Type.Object({ updatedSince: Type.Optional(Type.String()) }),
        response: {
          200: answer({
            roles: Type.Object({ update: Type.Array(WireRole), remove: Type.Array(DeletedRole) }),
          }),
        },
      },
    },
    async ({ query, actor }) => {
      const since = query.updatedSince === undefined ? 0 : Date.parse(query.updatedSince)
      if (Number.isNaN(since)) {
        return refuse(thrown('error-invalid-param', 'updatedSince must be a valid date string'))
      }
      const { changed, gone } = await run(listRoleChanges, { since }, actor)
      return ok({ roles: { update: changed.map(encodeRole), remove: gone.map(encodeDeletedRole) } })
    },
  )

  app.post(
    '/roles.create',
    {
      config: asksForPermission,
      schema: { summary: 'Create a role', body: NewRole, response: { 200: answer({ role: WireRole }) } },
    },
    async ({ body, actor }) => ok({ role: encodeRole(await run(createRole, decodeNewRole(body), actor)) }),
  )

  app.post(
    '/roles.update',
    {
      config: asksForPermission,
      schema: { summary: 'Change a role', body: ChangedRole, response: { 200: answer({ role: WireRole }) } },
    },
    async ({ body, actor }) =>
      ok({ role: encodeRole(await run(updateRole, decodeChangedRole(body), actor)) }),
  )

  app.post(
    '/roles.delete',
    {
      config: {
        access: { tokenScopes: ['access-permissions'] },
        words: {
          invalid: () => invalidRole,
          refusals: { built_in: thrown('error-role-protected', 'Cannot delete a protected role') },
        },
      },
      schema: {
        summary: 'Delete a role that nobody holds, by its id or name',
        body: Type.Object({ roleId: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
        response: { 200: answer({}) },
      },
    },
    async ({ body, actor }) => {
      await run(deleteRole, { roleId: body.roleId, orByName: true, refuseInUse: true }, actor)
      return ok({})
    },
  )
}
