import Type, { type Static } from 'typebox'
import { type EffectiveRole, listEffectiveRoles } from '#core/roles/read.ts'
import {
  assignPermissions,
  listPermissionsOfUser,
  removePermissions,
  type SourcedPermission,
} from '#core/users/permissions.ts'
import { decodeApiIdentifier } from './api-identifiers.ts'
import { decodeUserId, encodeRoleId } from './ids.ts'
import { CheckpointQuery, decodePaging, encodePage, paged, pageOf } from './paging.ts'
import type { Auth0Routes } from './parts.ts'
import { UserParams } from './profiles.wire.ts'
import {
  decodePermissions,
  encodeRole,
  encodeRolePermission,
  PermissionList,
  WireRole,
  WireRolePermission,
} from './roles.wire.ts'

const WireSource = Type.Object({
  source_id: Type.String(),
  source_name: Type.String(),
  source_type: Type.Union([Type.Literal('DIRECT'), Type.Literal('ROLE')]),
})

const WireUserPermission = Type.Object({ ...WireRolePermission.properties, sources: Type.Array(WireSource) })

const WireEffectivePermission = Type.Object({
  ...WireRolePermission.properties,
  sources: Type.Array(Type.Union([Type.Literal('direct'), Type.Literal('roles')])),
})

const WireEffectiveRole = Type.Object({
  ...WireRole.properties,
  sources: Type.Array(Type.Union([Type.Literal('direct'), Type.Literal('roles')])),
})

/** Just checkpoints: what clients of the newer lists send, and all they understand. */
const { from, take } = CheckpointQuery

/** @see specs: §1.5.2 of the Auth0 dialect */
export const userPermissionRoutes: Auth0Routes = async (app, { run, issuers }) => {
  app.get(
    '/users/:id/permissions',
    {
      config: { access: { tokenScopes: ['read:users'] } },
      schema: {
        summary: "Get a user's permissions",
        params: UserParams,
        querystring: Type.Object(CheckpointQuery),
        response: { 200: paged('permissions', WireUserPermission) },
      },
    },
    async ({ params, query, actor, issuer }) => {
      const paging = decodePaging(query)
      const permissions = await run(listPermissionsOfUser, { userId: decodeUserId(params.id) }, actor)
      const { items, ...rest } = pageOf(permissions, paging)
      return encodePage('permissions', paging, {
        ...rest,
        items: items.map((each) => ({ ...encodeRolePermission(each, issuer), sources: encodeSources(each) })),
      })
    },
  )

  app.post(
    '/users/:id/permissions',
    {
      config: { access: { tokenScopes: ['update:users'] } },
      schema: {
        summary: 'Assign permissions to a user',
        params: UserParams,
        body: PermissionList,
        response: { 201: Type.Object({}) },
      },
    },
    async ({ params, body, actor }, reply) => {
      const input = { userId: decodeUserId(params.id), permissions: decodePermissions(body, issuers()) }
      await run(assignPermissions, input, actor)
      return reply.code(201).send({})
    },
  )

  app.delete(
    '/users/:id/permissions',
    {
      config: { access: { tokenScopes: ['update:users'] } },
      schema: {
        summary: 'Remove permissions from a user',
        params: UserParams,
        body: PermissionList,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, body, actor }, reply) => {
      const input = { userId: decodeUserId(params.id), permissions: decodePermissions(body, issuers()) }
      await run(removePermissions, input, actor)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/users/:id/effective-permissions',
    {
      config: { access: { tokenScopes: ['read:user_effective_permissions'] } },
      schema: {
        summary: "Get a user's effective permissions",
        params: UserParams,
        querystring: Type.Object({
          from,
          take,
          resource_server_identifier: Type.String({
            minLength: 1,
            description: 'Resource server identifier.',
          }),
        }),
        response: {
          200: Type.Object({
            permissions: Type.Array(WireEffectivePermission),
            next: Type.Optional(Type.String()),
          }),
        },
      },
    },
    async ({ params, query, actor, issuer }) => {
      const apiIdentifier = decodeApiIdentifier(query.resource_server_identifier, issuers())
      const input = { userId: decodeUserId(params.id), apiIdentifier }
      const { items, ...rest } = pageOf(await run(listPermissionsOfUser, input, actor), checkpointed(query))
      return {
        permissions: items.map((each) => ({
          ...encodeRolePermission(each, issuer),
          sources: encodeKinds(each.isDirect, each.roles.length > 0),
        })),
        ...rest,
      }
    },
  )

  app.get(
    '/users/:id/effective-roles',
    {
      config: { access: { tokenScopes: ['read:user_effective_roles'] } },
      schema: {
        summary: "Get a user's effective roles",
        description: 'Those that come with another role have the source `roles`, which is ours.',
        params: UserParams,
        querystring: Type.Object({ from, take }),
        response: {
          200: Type.Object({ roles: Type.Array(WireEffectiveRole), next: Type.Optional(Type.String()) }),
        },
      },
    },
    async ({ params, query, actor }) => {
      const roles = await run(listEffectiveRoles, { userId: decodeUserId(params.id) }, actor)
      const { items, ...rest } = pageOf(roles, checkpointed(query))
      return { roles: items.map(encodeEffectiveRole), ...rest }
    },
  )
}

const checkpointed = ({ from, take = 50 }: { from?: string; take?: number }) =>
  decodePaging({ take, ...(from !== undefined && { from }) })

/** A permission that was given directly has a source without a name. */
const encodeSources = ({ isDirect, roles }: SourcedPermission): Static<typeof WireSource>[] => [
  ...(isDirect ? [{ source_id: '', source_name: '', source_type: 'DIRECT' as const }] : []),
  ...roles.map(({ id, name }) => ({
    source_id: encodeRoleId(id),
    source_name: name,
    source_type: 'ROLE' as const,
  })),
]

const encodeKinds = (isDirect: boolean, byRoles: boolean): ('direct' | 'roles')[] => [
  ...(isDirect ? (['direct'] as const) : []),
  ...(byRoles ? (['roles'] as const) : []),
]

const encodeEffectiveRole = (role: EffectiveRole) => ({
  ...encodeRole(role),
  sources: encodeKinds(role.isDirect, !role.isDirect),
})
