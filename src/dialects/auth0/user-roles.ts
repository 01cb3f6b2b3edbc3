import Type, { type Static } from 'typebox'
import { DomainError } from '#core/refusals.ts'
import { assignRoles } from '#core/roles/assign.ts'
import { listRolesOfUser } from '#core/roles/read.ts'
import { removeRoles } from '#core/roles/remove.ts'
import { replaceRoles } from '#core/roles/replace.ts'
import { WireError } from './errors.ts'
import { decodeUserId, requireRoleId } from './ids.ts'
import { decodeCountedPaging, encodePage, PageQuery, paged } from './paging.ts'
import type { Auth0Routes } from './parts.ts'
import { UserParams } from './profiles.wire.ts'
import { encodeRole, WireRole } from './roles.wire.ts'

const roleList = (minItems: number) =>
  Type.Object(
    {
      roles: Type.Array(Type.String({ minLength: 1 }), {
        minItems,
        maxItems: 1000,
        description: 'List of roles IDs to associated with the user',
      }),
    },
    { additionalProperties: false },
  )
const RoleList = roleList(1)
const RoleSet = roleList(0)

const decodeRoles = ({ roles }: Static<typeof RoleList>): string[] => roles.map(requireRoleId)

const etagOf = (version: number): string => `"${version}"`

/** @see specs: §1.5.2 and §1.6.2 of the Auth0 dialect. PUT is ours: Auth0 has no way to replace the set. */
export const userRoleRoutes: Auth0Routes = async (app, { run }) => {
  app.get(
    '/users/:id/roles',
    {
      config: { access: { tokenScopes: ['read:users', 'read:roles'], match: 'all' } },
      schema: {
        summary: "Get a user's roles",
        params: UserParams,
        querystring: Type.Object(PageQuery),
        response: { 200: paged('roles', WireRole) },
      },
    },
    async ({ params, query, actor }, reply) => {
      const paging = decodeCountedPaging(query)
      const input = { userId: decodeUserId(params.id), ...paging.listing }
      const { roles, version, ...rest } = await run(listRolesOfUser, input, actor)
      reply.header('etag', etagOf(version))
      return encodePage('roles', paging, { ...rest, items: roles.map(encodeRole) })
    },
  )

  app.post(
    '/users/:id/roles',
    {
      // Stricter than the vendor's documented any-of, which would let a token that only reads give roles out.
      config: { access: { tokenScopes: ['update:users', 'create:role_members'] } },
      schema: {
        summary: 'Assign roles to a user',
        params: UserParams,
        body: RoleList,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, body, actor }, reply) => {
      await run(assignRoles, { userIds: [decodeUserId(params.id)], roleIds: decodeRoles(body) }, actor)
      return reply.code(204).send(null)
    },
  )

  app.put(
    '/users/:id/roles',
    {
      config: { access: { tokenScopes: ['update:users'] } },
      schema: {
        summary: "Replace a user's roles",
        description:
          'Extension: makes these the only roles of the user. `If-Match` names the ETag that was read.',
        params: UserParams,
        headers: Type.Object({ 'if-match': Type.Optional(Type.String()) }),
        body: RoleSet,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, body, headers, actor }, reply) => {
      const userId = decodeUserId(params.id)
      const input = { userId, roleIds: decodeRoles(body), ifVersion: decodeEtag(headers['if-match']) }
      reply.header('etag', etagOf(await run(replaceRoles, input, actor)))
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/users/:id/roles',
    {
      config: { access: { tokenScopes: ['update:users', 'delete:role_members'] } },
      schema: {
        summary: 'Removes roles from a user',
        params: UserParams,
        body: RoleList,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, body, actor }, reply) => {
      await run(removeRoles, { userIds: [decodeUserId(params.id)], roleIds: decodeRoles(body) }, actor)
      return reply.code(204).send(null)
    },
  )
}

/** The version an `If-Match` names. Replacing without one would lose what somebody else added meanwhile. */
const decodeEtag = (header: string | undefined): number => {
  if (header === undefined) {
    throw new WireError(
      428,
      'Replacing roles needs the header If-Match with the ETag of the roles that were read.',
    )
  }
  const [, version] = /^(?:W\/)?"(\d{1,15})"$/u.exec(header.trim()) ?? []
  if (version === undefined) throw new DomainError({ code: 'precondition_failed', current: header })
  return Number(version)
}
