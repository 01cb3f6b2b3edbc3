import Type from 'typebox'
import { assignMemberRoles, listMemberRoles, removeMemberRoles } from '#core/organizations/roles.ts'
import { OrganizationParams } from './organizations.ts'
import { decodeCountedPaging, encodeCountedPage, PageQuery, paged } from './paging.ts'
import type { NativeRoutes } from './parts.ts'
import { encodeRole, WireRole } from './roles.wire.ts'

const MemberParams = Type.Object({
  ...OrganizationParams.properties,
  userId: Type.String({ description: 'The id of the user.' }),
})

const RoleIds = Type.Object(
  { roleIds: Type.Array(Type.String({ minLength: 1, maxLength: 300 }), { minItems: 1, maxItems: 1000 }) },
  { additionalProperties: false },
)

/** The roles of a member, for callers who may give and take roles in an organization and nowhere else. */
export const memberRoleRoutes: NativeRoutes = async (app, { run }) => {
  const path = '/organizations/:id/members/:userId/roles'

  app.get(
    path,
    {
      config: {
        access: { authenticated: 'members see their own; others need organizations:read or roles:read' },
      },
      schema: {
        summary: 'List the roles a member holds in just this organization',
        params: MemberParams,
        querystring: Type.Object(PageQuery),
        response: { 200: paged(WireRole) },
      },
    },
    async ({ params: { id, userId }, query, actor }) => {
      const paging = decodeCountedPaging(query)
      const { roles, total } = await run(listMemberRoles, { organizationId: id, userId, ...paging }, actor)
      return encodeCountedPage({ items: roles, total }, paging, encodeRole)
    },
  )

  app.post(
    path,
    {
      config: { access: { tokenScopes: ['organizations:assign-roles', 'roles:assign'] } },
      schema: {
        summary: 'Give a member roles in the organization, all or none',
        params: MemberParams,
        body: RoleIds,
        response: { 200: Type.Object({ added: Type.Integer() }) },
      },
    },
    async ({ params: { id, userId }, body, actor }) => ({
      added: await run(assignMemberRoles, { organizationId: id, userId, ...body }, actor),
    }),
  )

  app.delete(
    path,
    {
      config: { access: { tokenScopes: ['organizations:remove-roles', 'roles:remove'] } },
      schema: {
        summary: 'Take roles from a member in the organization, all or none',
        params: MemberParams,
        body: RoleIds,
        response: { 200: Type.Object({ removed: Type.Integer() }) },
      },
    },
    async ({ params: { id, userId }, body, actor }) => ({
      removed: await run(removeMemberRoles, { organizationId: id, userId, ...body }, actor),
    }),
  )
}
