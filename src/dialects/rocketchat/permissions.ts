import Type from 'typebox'
import {
  addChatPermission,
  listChatPermissions,
  removeChatPermission,
  setChatPermissions,
} from '#core/chat/permissions.ts'
import { plain, refuse, thrown, type Words } from './errors.ts'
import { answer, ok, type RocketchatRoutes } from './parts.ts'
import {
  ChangedPermissions,
  decodeLists,
  encodePermission,
  PermissionOfRole,
  WirePermission,
} from './permissions.wire.ts'

const adding = { method: 'authorization:addPermissionToRole', action: 'Adding_permission' }
const removing = { method: 'authorization:removeRoleFromPermission', action: 'Removing_permission' }

const unbracketed = (message: string) => plain(message, 'invalid-params')

/** @see specs: §4 of the Rocket.Chat dialect */
export const permissionRoutes: RocketchatRoutes = async (app, { run }) => {
  app.get(
    '/permissions.listAll',
    {
      config: { access: { authenticated: 'everybody who is signed in sees what roles may do' } },
      schema: {
        summary: 'List permissions with the roles that carry them',
        querystring: Type.Object(
          { updatedSince: Type.Optional(Type.String()) },
          { additionalProperties: false },
        ),
        response: {
          200: answer({ update: Type.Array(WirePermission), remove: Type.Array(Type.Object({})) }),
        },
      },
    },
    async ({ query, actor }) => {
      const since = query.updatedSince === undefined ? -1 : Date.parse(query.updatedSince)
      if (Number.isNaN(since)) {
        const text = 'The "updatedSince" query parameter must be a valid date.'
        return refuse(thrown('error-roomId-param-invalid', text))
      }
      const permissions = await run(listChatPermissions, {}, actor)
      const changed = permissions.filter(({ changedAt }) => changedAt > since)
      // None ever goes: they are built in.
      return ok({ update: changed.map(encodePermission), remove: [] })
    },
  )

  app.post(
    '/permissions.update',
    {
      config: {
        access: { tokenScopes: ['access-permissions'] },
        words: {
          invalid: () => plain('Invalid body params', 'error-invalid-body-params'),
          missing: { role: plain('Invalid role', 'error-invalid-role') },
          refusals: { unknown_permission: plain('Invalid permission', 'error-invalid-permission') },
        },
      },
      schema: {
        summary: 'Say which roles carry permissions',
        body: ChangedPermissions,
        response: { 200: answer({ permissions: Type.Array(WirePermission) }) },
      },
    },
    async ({ body, actor }) => {
      const permissions = await run(setChatPermissions, { lists: decodeLists(body) }, actor)
      return ok({ permissions: permissions.map(encodePermission) })
    },
  )

  for (const [verb, operation, summary, words] of [
    [
      'addRole',
      addChatPermission,
      'Give a permission to a role',
      {
        invalid: unbracketed,
        missing: { role: thrown('error-invalid-role', 'Role does not exist', adding) },
        refusals: {
          unknown_permission: thrown('error-invalid-permission', 'Permission does not exist', adding),
          cannot_grant: thrown('error-action-not-allowed', 'Adding permission is not allowed', adding),
        },
      },
    ],
    [
      'removeRole',
      removeChatPermission,
      'Take a permission from a role',
      {
        invalid: unbracketed,
        refusals: {
          unknown_permission: thrown('error-permission-not-found', 'Permission not found', {
            method: removing.method,
          }),
          cannot_grant: thrown('error-action-not-allowed', 'Removing permission is not allowed', removing),
        },
      },
    ],
  ] as const satisfies readonly (readonly [string, unknown, string, Words])[]) {
    app.post(
      `/permissions.${verb}`,
      {
        config: { access: { tokenScopes: ['access-permissions'] }, words },
        schema: { summary, body: PermissionOfRole, response: { 200: answer({}) } },
      },
      async ({ body, actor }) => {
        await run(operation, { name: body.permissionId, roleId: body.role }, actor)
        return ok({})
      },
    )
  }
}
