import Type from 'typebox'
import { DomainError } from '#core/refusals.ts'
import { listEffectiveRoles, listRolesOfUser } from '#core/roles/read.ts'
import { replaceRoles } from '#core/roles/replace.ts'
import { assignPermissions, listPermissionsOfUser, removePermissions } from '#core/users/permissions.ts'
import { WireError } from './errors.ts'
import { decodeCountedPaging, encodeCountedPage, encodeWhole, PageQuery, paged } from './paging.ts'
import type { NativeRoutes } from './parts.ts'
import { decodePermissions, encodeRole, PermissionList, WireRole } from './roles.wire.ts'
import { decodeScope, ScopeQuery, ScopeText } from './scopes.ts'
import { UserParams } from './users.ts'
import { encodeUserPermission, WireUserPermission } from './users.wire.ts'

const RoleSet = Type.Object(
  {
    roleIds: Type.Array(Type.String({ minLength: 1, maxLength: 300 }), { maxItems: 1000, uniqueItems: true }),
    scope: Type.Optional(ScopeText),
  },
  { additionalProperties: false },
)

const EffectiveQuery = Type.Object({
  ...ScopeQuery,
  apiId: Type.Optional(Type.String({ maxLength: 300, description: 'Only permissions of this API.' })),
})

const ownAccess = { authenticated: 'people may read their own; others need roles:read' }

const etagOf = (version: number): string => `"${version}"`

/** What a user holds and may. Single assignments come and go through `/assignments`. */
export const userRoleRoutes: NativeRoutes = async (app, { run }) => {
  app.get(
    '/users/:id/roles',
    {
      config: { access: ownAccess },
      schema: {
        summary: 'List the roles assigned to a user in just this scope',
        params: UserParams,
        querystring: Type.Object({ ...PageQuery, ...ScopeQuery }),
        response: { 200: paged(WireRole) },
      },
    },
    async ({ params, query, actor }, reply) => {
      const paging = decodeCountedPaging(query)
      const input = { userId: params.id, scope: decodeScope(query.scope), ...paging }
      const { roles, version, total } = await run(listRolesOfUser, input, actor)
      reply.header('etag', etagOf(version))
      return encodeCountedPage({ items: roles, total }, paging, encodeRole)
    },
  )

  app.put(
    '/users/:id/roles',
    {
      config: { access: { tokenScopes: ['roles:assign', 'roles:remove'], match: 'all' } },
      schema: {
        summary: 'Make these the only roles of a user in a scope',
        description:
          '`If-Match` names the ETag of the roles that were read, so that nothing added since is lost.',
        params: UserParams,
        headers: Type.Object({ 'if-match': Type.Optional(Type.String()) }),
        body: RoleSet,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, body, headers, actor }, reply) => {
      const { roleIds, scope } = body
      const ifVersion = decodeEtag(headers['if-match'])
      const input = { userId: params.id, roleIds, scope: decodeScope(scope), ifVersion }
      reply.header('etag', etagOf(await run(replaceRoles, input, actor)))
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/users/:id/effective-roles',
    {
      config: { access: ownAccess },
      schema: {
        summary: 'List the roles that count for a user in a scope',
        description: 'Those assigned in the workspace or in the scope, with everything they include.',
        params: UserParams,
        querystring: Type.Object(ScopeQuery),
        response: { 200: paged(WireRole) },
      },
    },
    async ({ params, query, actor }) => {
      const input = { userId: params.id, scope: decodeScope(query.scope) }
      return encodeWhole(await run(listEffectiveRoles, input, actor), encodeRole)
    },
  )

  app.get(
    '/users/:id/effective-permissions',
    {
      config: { access: ownAccess },
      schema: {
        summary: 'List everything a user may do in a scope, and what gives it',
        params: UserParams,
        querystring: EffectiveQuery,
        response: { 200: paged(WireUserPermission) },
      },
    },
    async ({ params, query: { scope, apiId }, actor }) => {
      const input = { userId: params.id, scope: decodeScope(scope), ...(apiId !== undefined && { apiId }) }
      return encodeWhole(await run(listPermissionsOfUser, input, actor), encodeUserPermission)
    },
  )

  app.post(
    '/users/:id/permissions',
    {
      config: { access: { tokenScopes: ['roles:assign'] } },
      schema: {
        summary: 'Give a user permissions directly, all or none',
        params: UserParams,
        body: PermissionList,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, body, actor }, reply) => {
      await run(assignPermissions, { userId: params.id, permissions: decodePermissions(body) }, actor)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/users/:id/permissions',
    {
      config: { access: { tokenScopes: ['roles:remove'] } },
      schema: {
        summary: 'Take directly given permissions from a user',
        params: UserParams,
        body: PermissionList,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, body, actor }, reply) => {
      await run(removePermissions, { userId: params.id, permissions: decodePermissions(body) }, actor)
      return reply.code(204).send(null)
    },
  )
}

/** The version an `If-Match` names. Replacing without one would lose what somebody else added meanwhile. */
const decodeEtag = (header: string | undefined): number => {
  if (header === undefined) {
    throw new WireError(
      'precondition_required',
      'The header If-Match must name the ETag of the roles that were read.',
    )
  }
  const [, version] = /^(?:W\/)?"(\d{1,15})"$/u.exec(header.trim()) ?? []
  if (version === undefined) throw new DomainError({ code: 'precondition_failed', current: header })
  return Number(version)
}
