import type { FastifyReply } from 'fastify'
import Type, { type Static } from 'typebox'
import { listPublicHolders } from '#core/roles/catalogue.ts'
import { assignNamedRole, listNamedHolders, removeNamedRole } from '#core/roles/named.ts'
import { administratorRoleId } from '#core/roles/role.ts'
import { plain, refuse, thrown } from './errors.ts'
import { decodePaging, PageQuery } from './paging.ts'
import { answer, given, ok, type RocketchatRoutes } from './parts.ts'
import {
  decodeGoneMember,
  decodeNewMember,
  decodeRoleName,
  encodeRoleMembers,
  GoneMember,
  NewMember,
  RoleMember,
} from './role-members.wire.ts'
import { invalidRole } from './roles.ts'
import { encodeRole, WireRole } from './roles.wire.ts'

const details = (action: string) => ({ method: 'authorization:addUserToRole', action })
const notAllowed = thrown(
  'error-action-not-allowed',
  'Accessing permissions is not allowed',
  details('Accessing_permissions'),
)
const notAssignable = thrown(
  'error-action-not-allowed',
  'Assigning admin is not allowed',
  details('Assign_admin'),
)
const noUserParam = thrown(
  'error-user-param-not-provided',
  'The required "userId" or "username" param was not provided',
)
const noRole = plain('error-invalid-role-properties')
const notInRoom = thrown('error-invalid-user', 'User is not part of given room', {
  method: 'authorization:addUserToRole',
})

const namesAdministrator = (body: Static<typeof NewMember>): boolean =>
  (given(body.roleId) ?? given(body.roleName)) === administratorRoleId

/** @see specs: §1.7 of the Rocket.Chat dialect */
const deprecateRoleName = (
  reply: FastifyReply,
  { roleName }: { roleName?: string | null },
  route: string,
) => {
  if (given(roleName) === undefined) return
  reply.headers({
    'x-deprecation-type': 'parameter-deprecation',
    'x-deprecation-message': `The parameter "roleName" in the endpoint "${route}" is deprecated and will be removed on version 7.0.0`,
    'x-deprecation-version': '7.0.0',
  })
}

/** @see specs: §2.7 to §2.10 of the Rocket.Chat dialect */
export const roleMemberRoutes: RocketchatRoutes = async (app, { run, settings }) => {
  app.post(
    '/roles.addUserToRole',
    {
      config: {
        access: {
          authenticated: 'access-permissions is asked for after the schema, with 400 as the vendor does',
        },
        permission: { anyOf: ['access-permissions'], refusal: notAllowed },
        words: {
          invalid: (message) => thrown('error-invalid-role-properties', message),
          missing: {
            // The code and the text have changed places on the vendor's server.
            role: (id) => (id === '' ? noRole : plain('error-role-not-found', 'Role not found')),
            room: notInRoom,
          },
          refusals: {
            taken: thrown('error-user-already-in-role', 'User already in role'),
            not_a_member: notInRoom,
            cannot_grant: (_refusal, { body }) =>
              namesAdministrator(body as Static<typeof NewMember>) ? notAssignable : notAllowed,
          },
        },
      },
      schema: {
        summary: 'Give a user a role, everywhere or in a room',
        body: NewMember,
        response: { 200: answer({ role: WireRole }) },
      },
    },
    async ({ body, actor }, reply) => {
      if (given(body.username) === undefined) return refuse(noUserParam)
      deprecateRoleName(reply, body, '/v1/roles.addUserToRole')
      return ok({ role: encodeRole(await run(assignNamedRole, decodeNewMember(body), actor)) })
    },
  )

  app.post(
    '/roles.removeUserFromRole',
    {
      config: {
        access: { tokenScopes: ['access-permissions'] },
        words: {
          invalid: () => invalidRole,
          missing: { user: thrown('error-invalid-user', 'There is no user with this username') },
          refusals: {
            last_administrator: thrown('error-admin-required', 'You need to have at least one admin'),
          },
        },
      },
      schema: {
        summary: 'Take a role from a user, everywhere or in a room',
        body: GoneMember,
        response: { 200: answer({ role: WireRole }) },
      },
    },
    async ({ body, actor }, reply) => {
      if (decodeRoleName(body) === undefined) return refuse(noRole)
      deprecateRoleName(reply, body, '/v1/roles.removeUserFromRole')
      return ok({ role: encodeRole(await run(removeNamedRole, decodeGoneMember(body), actor)) })
    },
  )

  app.get(
    '/roles.getUsersInRole',
    {
      config: {
        access: { tokenScopes: ['access-permissions'] },
        words: {
          missing: { role: thrown('error-invalid-roleId') },
          refusals: { forbidden: thrown('error-not-allowed', 'Not allowed') },
        },
      },
      schema: {
        summary: 'List who holds a role',
        querystring: Type.Object({
          role: Type.Optional(Type.String({ description: 'Its id or name.' })),
          roleId: Type.Optional(Type.String({ description: 'Extension: the same.' })),
          roomId: Type.Optional(Type.String()),
          ...PageQuery,
        }),
        response: { 200: answer({ users: Type.Array(RoleMember), total: Type.Integer() }) },
      },
    },
    async ({ query, actor }) => {
      const name = given(query.role) ?? given(query.roleId)
      if (name === undefined) {
        return refuse(thrown('error-param-not-provided', 'Query param "role" is required'))
      }
      const roomId = given(query.roomId)
      const page = decodePaging(query, await settings())
      const input = { role: { idOrName: name }, ...(roomId !== undefined && { roomId }), ...page }
      const { users, total } = await run(listNamedHolders, input, actor)
      return ok({ users: encodeRoleMembers(users), total })
    },
  )

  app.get(
    '/roles.getUsersInPublicRoles',
    {
      config: { access: { authenticated: 'such roles are shown beside the names of those who hold them' } },
      schema: {
        summary: 'List who holds roles that everybody may know of',
        response: {
          200: answer({
            users: Type.Array(
              Type.Object({
                _id: Type.String(),
                username: Type.String(),
                roles: Type.Array(Type.String()),
              }),
            ),
          }),
        },
      },
    },
    async ({ actor }) => {
      const holders = await run(listPublicHolders, {}, actor)
      return ok({
        users: holders.map(({ userId, username, roleIds }) => ({ _id: userId, username, roles: roleIds })),
      })
    },
  )
}
