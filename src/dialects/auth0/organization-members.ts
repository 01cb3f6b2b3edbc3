import Type from 'typebox'
import {
  addOrganizationMembers,
  listOrganizationMembers,
  removeOrganizationMembers,
} from '#core/organizations/members.ts'
import { assignMemberRoles, listMemberRoles, removeMemberRoles } from '#core/organizations/roles.ts'
import type { Refusal } from '#core/refusals.ts'
import { reworded, WireError } from './errors.ts'
import { FieldsQuery, projection } from './fields.ts'
import { decodeUserId, requireOrganizationId } from './ids.ts'
import {
  decodeMemberRoles,
  decodeMembers,
  encodeMember,
  MemberList,
  MemberRoleList,
  namesRoles,
  WireMember,
} from './organization-members.wire.ts'
import { OrganizationParams } from './organizations.wire.ts'
import { CheckpointQuery, decodeCountedPaging, decodePaging, encodePage, PageQuery, paged } from './paging.ts'
import type { Auth0Routes } from './parts.ts'
import { UserId } from './profiles.wire.ts'
import { encodeRole, WireRole } from './roles.wire.ts'

const MemberParams = Type.Object({ ...OrganizationParams.properties, user_id: UserId })

/** @see specs: §1.13 of the Auth0 dialect */
export const organizationMemberRoutes: Auth0Routes = async (app, { run }) => {
  app.get(
    '/organizations/:id/members',
    {
      config: { access: { tokenScopes: ['read:organization_members'] } },
      schema: {
        summary: 'Get members who belong to an organization',
        params: OrganizationParams,
        querystring: Type.Object({ ...CheckpointQuery, ...FieldsQuery }),
        response: { 200: paged('members', WireMember) },
      },
    },
    async ({ params, query, actor, issuer }) => {
      const paging = decodePaging(query)
      const organizationId = requireOrganizationId(params.id)
      const input = { organizationId, listing: paging.listing, withRoles: namesRoles(query) }
      const page = await reworded(run(listOrganizationMembers, input, actor), wordHiddenRoles)
      const project = projection(query)
      const items = page.items.map((member) => project(encodeMember(member, issuer)))
      return encodePage('members', paging, { ...page, items })
    },
  )

  app.post(
    '/organizations/:id/members',
    {
      config: { access: { tokenScopes: ['create:organization_members'] } },
      schema: {
        summary: 'Add members to an organization',
        params: OrganizationParams,
        body: MemberList,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, body, actor }, reply) => {
      await run(addOrganizationMembers, decodeMembers(params.id, body), actor)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/organizations/:id/members',
    {
      config: { access: { tokenScopes: ['delete:organization_members'] } },
      schema: {
        summary: 'Delete members from an organization',
        description: 'Who is no member is passed over. With the membership end the roles held in it.',
        params: OrganizationParams,
        body: MemberList,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, body, actor }, reply) => {
      await run(removeOrganizationMembers, decodeMembers(params.id, body), actor)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/organizations/:id/members/:user_id/roles',
    {
      config: { access: { tokenScopes: ['read:organization_member_roles'] } },
      schema: {
        summary: 'Get user roles assigned to an organization member',
        params: MemberParams,
        querystring: Type.Object(PageQuery),
        response: { 200: paged('roles', WireRole) },
      },
    },
    async ({ params, query, actor }) => {
      const paging = decodeCountedPaging(query)
      const member = {
        organizationId: requireOrganizationId(params.id),
        userId: decodeUserId(params.user_id),
      }
      const { roles, ...rest } = await run(listMemberRoles, { ...member, ...paging.listing }, actor)
      return encodePage('roles', paging, { ...rest, items: roles.map(encodeRole) })
    },
  )

  app.post(
    '/organizations/:id/members/:user_id/roles',
    {
      config: { access: { tokenScopes: ['create:organization_member_roles'] } },
      schema: {
        summary: 'Assign user roles to an organization member',
        params: MemberParams,
        body: MemberRoleList,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, body, actor }, reply) => {
      await run(assignMemberRoles, decodeMemberRoles(params, body), actor)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/organizations/:id/members/:user_id/roles',
    {
      config: { access: { tokenScopes: ['delete:organization_member_roles'] } },
      schema: {
        summary: 'Delete user roles from an organization member',
        params: MemberParams,
        body: MemberRoleList,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, body, actor }, reply) => {
      await run(removeMemberRoles, decodeMemberRoles(params, body), actor)
      return reply.code(204).send(null)
    },
  )
}

const wordHiddenRoles = (refusal: Refusal): WireError | undefined =>
  refusal.code === 'forbidden' && refusal.permission === 'roles:read'
    ? new WireError(
        403,
        'Insufficient scope, expected any of: read:organization_member_roles',
        'insufficient_scope',
      )
    : undefined
