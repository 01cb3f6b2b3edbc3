import Type from 'typebox'
import { createInvitation } from '#core/invitations/create.ts'
import { getInvitation, listInvitations } from '#core/invitations/read.ts'
import { resendInvitation } from '#core/invitations/resend.ts'
import { revokeInvitation } from '#core/invitations/revoke.ts'
import {
  decodeInvitationQuery,
  decodeNewInvitation,
  encodeCreatedInvitation,
  encodeInvitation,
  InvitationQuery,
  NewInvitation,
  NewOrganizationInvitation,
  WireCreatedInvitation,
  WireInvitation,
} from './invitations.wire.ts'
import { OrganizationParams } from './organizations.ts'
import { encodePage, paged } from './paging.ts'
import type { NativeRoutes } from './parts.ts'

const InvitationParams = Type.Object({ id: Type.String({ description: 'The id of the invitation.' }) })
const OrganizationInvitationParams = Type.Object({
  ...OrganizationParams.properties,
  invitationId: Type.String({ description: 'The id of the invitation.' }),
})

export const invitationRoutes: NativeRoutes = async (app, { run }) => {
  app.get(
    '/invitations',
    {
      config: { access: { tokenScopes: ['invitations:read'] } },
      schema: {
        summary: 'List all invitations, accepted and expired ones included',
        querystring: InvitationQuery,
        response: { 200: paged(WireInvitation) },
      },
    },
    async ({ query, actor }) =>
      encodePage(
        await run(listInvitations, { listing: decodeInvitationQuery(query) }, actor),
        encodeInvitation,
      ),
  )

  app.post(
    '/invitations',
    {
      config: { access: { tokenScopes: ['invitations:create'] } },
      schema: { summary: 'Invite somebody', body: NewInvitation, response: { 201: WireCreatedInvitation } },
    },
    async ({ body, actor }, reply) => {
      const invitation = await run(createInvitation, decodeNewInvitation(body), actor)
      return reply.code(201).send(encodeCreatedInvitation(invitation))
    },
  )

  app.get(
    '/invitations/:id',
    {
      config: { access: { tokenScopes: ['invitations:read'] } },
      schema: { summary: 'Read an invitation', params: InvitationParams, response: { 200: WireInvitation } },
    },
    async ({ params, actor }) =>
      encodeInvitation(await run(getInvitation, { invitationId: params.id }, actor)),
  )

  app.delete(
    '/invitations/:id',
    {
      config: { access: { tokenScopes: ['invitations:delete'] } },
      schema: {
        summary: 'Take an invitation back',
        params: InvitationParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, actor }, reply) => {
      await run(revokeInvitation, { invitationId: params.id }, actor)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/invitations/:id/resend',
    {
      config: { access: { tokenScopes: ['invitations:create'] } },
      schema: {
        summary: 'Send an invitation once more, with a new link',
        description: 'The old link is worth nothing from then on, and the time to accept it begins anew.',
        params: InvitationParams,
        response: { 200: WireCreatedInvitation },
      },
    },
    async ({ params, actor }) =>
      encodeCreatedInvitation(await run(resendInvitation, { invitationId: params.id }, actor)),
  )

  app.get(
    '/organizations/:id/invitations',
    {
      config: { access: { tokenScopes: ['invitations:read'] } },
      schema: {
        summary: 'List the invitations into an organization',
        params: OrganizationParams,
        querystring: InvitationQuery,
        response: { 200: paged(WireInvitation) },
      },
    },
    async ({ params, query, actor }) => {
      const input = { organizationId: params.id, listing: decodeInvitationQuery(query) }
      return encodePage(await run(listInvitations, input, actor), encodeInvitation)
    },
  )

  app.post(
    '/organizations/:id/invitations',
    {
      config: { access: { tokenScopes: ['invitations:create'] } },
      schema: {
        summary: 'Invite somebody into an organization',
        params: OrganizationParams,
        body: NewOrganizationInvitation,
        response: { 201: WireCreatedInvitation },
      },
    },
    async ({ params, body, actor }, reply) => {
      const input = decodeNewInvitation({ ...body, organizationId: params.id })
      return reply.code(201).send(encodeCreatedInvitation(await run(createInvitation, input, actor)))
    },
  )

  app.delete(
    '/organizations/:id/invitations/:invitationId',
    {
      config: { access: { tokenScopes: ['invitations:delete'] } },
      schema: {
        summary: 'Take an invitation into an organization back',
        params: OrganizationInvitationParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ params: { id, invitationId }, actor }, reply) => {
      await run(revokeInvitation, { organizationId: id, invitationId }, actor)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/organizations/:id/invitations/:invitationId/resend',
    {
      config: { access: { tokenScopes: ['invitations:create'] } },
      schema: {
        summary: 'Send an invitation into an organization once more, with a new link',
        params: OrganizationInvitationParams,
        response: { 200: WireCreatedInvitation },
      },
    },
    async ({ params: { id, invitationId }, actor }) =>
      encodeCreatedInvitation(await run(resendInvitation, { organizationId: id, invitationId }, actor)),
  )
}
