import Type from 'typebox'
import { createOrganization } from '#core/organizations/create.ts'
import { deleteOrganization } from '#core/organizations/delete.ts'
import { getOrganization, listOrganizations, listOrganizationsOfUser } from '#core/organizations/read.ts'
import { updateOrganization } from '#core/organizations/update.ts'
import {
  decodeNewOrganization,
  decodeOrganizationChanges,
  decodeOrganizationQuery,
  encodeOrganization,
  NewOrganization,
  OrganizationChanges,
  OrganizationQuery,
  WireOrganization,
} from './organizations.wire.ts'
import { decodePaging, encodePage, PageQuery, paged } from './paging.ts'
import type { NativeRoutes } from './parts.ts'
import { UserParams } from './users.ts'

export const OrganizationParams = Type.Object({
  id: Type.String({ description: 'The id of the organization.' }),
})

export const organizationRoutes: NativeRoutes = async (app, { run }) => {
  app.get(
    '/organizations',
    {
      config: { access: { authenticated: 'people see those they are in; others need organizations:read' } },
      schema: {
        summary: 'List organizations',
        querystring: OrganizationQuery,
        response: { 200: paged(WireOrganization) },
      },
    },
    async ({ query, actor }) => {
      const page = await run(listOrganizations, { listing: decodeOrganizationQuery(query) }, actor)
      return encodePage(page, encodeOrganization)
    },
  )

  app.get(
    '/users/:id/organizations',
    {
      config: { access: { authenticated: 'people see their own; others need organizations:read' } },
      schema: {
        summary: 'List the organizations a user is a member of',
        params: UserParams,
        querystring: Type.Object(PageQuery),
        response: { 200: paged(WireOrganization) },
      },
    },
    async ({ params, query, actor }) => {
      const input = { userId: params.id, listing: decodePaging(query) }
      return encodePage(await run(listOrganizationsOfUser, input, actor), encodeOrganization)
    },
  )

  app.post(
    '/organizations',
    {
      config: { access: { tokenScopes: ['organizations:create'] } },
      schema: {
        summary: 'Create an organization',
        body: NewOrganization,
        response: { 201: WireOrganization },
      },
    },
    async ({ body, actor }, reply) => {
      const organization = await run(createOrganization, decodeNewOrganization(body), actor)
      return reply.code(201).send(encodeOrganization(organization))
    },
  )

  app.get(
    '/organizations/:id',
    {
      config: { access: { authenticated: 'members see it; others need organizations:read' } },
      schema: {
        summary: 'Read an organization',
        params: OrganizationParams,
        response: { 200: WireOrganization },
      },
    },
    async ({ params, actor }) =>
      encodeOrganization(await run(getOrganization, { organizationId: params.id }, actor)),
  )

  app.patch(
    '/organizations/:id',
    {
      config: { access: { tokenScopes: ['organizations:update'] } },
      schema: {
        summary: 'Change an organization',
        params: OrganizationParams,
        body: OrganizationChanges,
        response: { 200: WireOrganization },
      },
    },
    async ({ params, body, actor }) =>
      encodeOrganization(await run(updateOrganization, decodeOrganizationChanges(params.id, body), actor)),
  )

  app.delete(
    '/organizations/:id',
    {
      config: { access: { tokenScopes: ['organizations:delete'] } },
      schema: {
        summary: 'Delete an organization with its members, roles held in it, and invitations',
        params: OrganizationParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, actor }, reply) => {
      await run(deleteOrganization, { organizationId: params.id }, actor)
      return reply.code(204).send(null)
    },
  )
}
