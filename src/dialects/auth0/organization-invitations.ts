import Type from 'typebox'
import { createInvitation } from '#core/invitations/create.ts'
import { getInvitation, listInvitations } from '#core/invitations/read.ts'
import { revokeInvitation } from '#core/invitations/revoke.ts'
import type { Refusal } from '#core/refusals.ts'
import { reworded, type WireError } from './errors.ts'
import { FieldsQuery, projection } from './fields.ts'
import { encodeRoleId, requireInvitationId, requireOrganizationId } from './ids.ts'
import {
  decodeInvitationSort,
  decodeNewInvitation,
  encodeCreatedInvitation,
  encodeInvitation,
  missingRole,
  NewInvitation,
  WireInvitation,
} from './organization-invitations.wire.ts'
import { OrganizationParams } from './organizations.wire.ts'
import { decodeCountedPaging, encodePage, PageQuery, paged } from './paging.ts'
import type { Auth0Routes } from './parts.ts'

const InvitationParams = Type.Object({
  ...OrganizationParams.properties,
  invitation_id: Type.String({ description: 'The id of the user invitation.' }),
})

const keyOf = (params: { id: string; invitation_id: string }) => ({
  organizationId: requireOrganizationId(params.id),
  invitationId: requireInvitationId(params.invitation_id),
})

/** @see specs: §1.13 of the Auth0 dialect */
export const organizationInvitationRoutes: Auth0Routes = async (app, { run }) => {
  app.get(
    '/organizations/:id/invitations',
    {
      config: { access: { tokenScopes: ['read:organization_invitations'] } },
      schema: {
        summary: 'Get invitations to an organization',
        params: OrganizationParams,
        querystring: Type.Object({
          ...PageQuery,
          ...FieldsQuery,
          sort: Type.Optional(Type.String({ description: 'created_at:1 or created_at:-1.' })),
        }),
        response: { 200: paged('invitations', WireInvitation) },
      },
    },
    async ({ params, query, actor }) => {
      const paging = decodeCountedPaging(query)
      const organizationId = requireOrganizationId(params.id)
      const listing = { ...paging.listing, order: decodeInvitationSort(query.sort) }
      const page = await run(listInvitations, { organizationId, listing }, actor)
      const project = projection(query)
      const items = page.items.map((invitation) => project(encodeInvitation(invitation)))
      return encodePage('invitations', paging, { ...page, items })
    },
  )

  app.post(
    '/organizations/:id/invitations',
    {
      config: { access: { tokenScopes: ['create:organization_invitations'] } },
      schema: {
        summary: 'Create invitations to an organization',
        params: OrganizationParams,
        body: NewInvitation,
        response: { 200: WireInvitation },
      },
    },
    async ({ params, body, actor, issuer }) => {
      const work = run(createInvitation, decodeNewInvitation(params.id, body), actor)
      return encodeCreatedInvitation(await reworded(work, wordMissingRole), issuer)
    },
  )

  app.get(
    '/organizations/:id/invitations/:invitation_id',
    {
      config: { access: { tokenScopes: ['read:organization_invitations'] } },
      schema: {
        summary: 'Get a specific invitation to an organization',
        params: InvitationParams,
        querystring: Type.Object(FieldsQuery),
        response: { 200: WireInvitation },
      },
    },
    async ({ params, query, actor }) =>
      projection(query)(encodeInvitation(await run(getInvitation, keyOf(params), actor))),
  )

  app.delete(
    '/organizations/:id/invitations/:invitation_id',
    {
      config: { access: { tokenScopes: ['delete:organization_invitations'] } },
      schema: {
        summary: 'Delete an invitation to an organization',
        params: InvitationParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, actor }, reply) => {
      await run(revokeInvitation, keyOf(params), actor)
      return reply.code(204).send(null)
    },
  )
}

const wordMissingRole = (refusal: Refusal): WireError | undefined =>
  refusal.code === 'not_found' && refusal.kind === 'role' ? missingRole(encodeRoleId(refusal.id)) : undefined
