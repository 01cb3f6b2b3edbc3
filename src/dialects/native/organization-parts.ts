import Type from 'typebox'
import {
  listOrganizationConnections,
  putOrganizationConnection,
  removeOrganizationConnection,
} from '#core/organizations/connections.ts'
import {
  addOrganizationMembers,
  listOrganizationMembers,
  removeOrganizationMembers,
} from '#core/organizations/members.ts'
import {
  Added,
  decodeMemberQuery,
  encodeMember,
  MemberQuery,
  NewMembers,
  WireMember,
} from './members.wire.ts'
import { OrganizationParams } from './organizations.ts'
import {
  ConnectionSettings,
  encodeOrganizationConnection,
  WireOrganizationConnection,
} from './organizations.wire.ts'
import { decodePaging, encodePage, PageQuery, paged } from './paging.ts'
import type { NativeRoutes } from './parts.ts'

const MemberParams = Type.Object({
  ...OrganizationParams.properties,
  userId: Type.String({ description: 'The id of the user.' }),
})
const ConnectionParams = Type.Object({
  ...OrganizationParams.properties,
  connectionId: Type.String({ description: 'The id of the connection.' }),
})

/** Who is in an organization, and how its members may sign in. */
export const organizationPartRoutes: NativeRoutes = async (app, { run }) => {
  app.get(
    '/organizations/:id/members',
    {
      config: { access: { tokenScopes: ['organizations:read'] } },
      schema: {
        summary: 'List the members of an organization',
        params: OrganizationParams,
        querystring: MemberQuery,
        response: { 200: paged(WireMember) },
      },
    },
    async ({ params, query, actor }) => {
      const input = { organizationId: params.id, ...decodeMemberQuery(query) }
      return encodePage(await run(listOrganizationMembers, input, actor), encodeMember)
    },
  )

  app.post(
    '/organizations/:id/members',
    {
      config: { access: { tokenScopes: ['organizations:add-members'] } },
      schema: {
        summary: 'Make users members, all or none',
        params: OrganizationParams,
        body: NewMembers,
        response: { 200: Added },
      },
    },
    async ({ params, body, actor }) => ({
      added: await run(addOrganizationMembers, { organizationId: params.id, ...body }, actor),
    }),
  )

  app.delete(
    '/organizations/:id/members/:userId',
    {
      config: { access: { authenticated: 'members may leave; others need organizations:remove-members' } },
      schema: {
        summary: 'End a membership with every role held in the organization',
        params: MemberParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ params: { id, userId }, actor }, reply) => {
      await run(removeOrganizationMembers, { organizationId: id, userIds: [userId] }, actor)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/organizations/:id/connections',
    {
      config: { access: { tokenScopes: ['organizations:read'] } },
      schema: {
        summary: 'List how the members of an organization may sign in',
        params: OrganizationParams,
        querystring: Type.Object(PageQuery),
        response: { 200: paged(WireOrganizationConnection) },
      },
    },
    async ({ params, query, actor }) => {
      const input = { organizationId: params.id, listing: decodePaging(query) }
      return encodePage(await run(listOrganizationConnections, input, actor), encodeOrganizationConnection)
    },
  )

  app.put(
    '/organizations/:id/connections/:connectionId',
    {
      config: { access: { tokenScopes: ['organizations:update-connections'] } },
      preValidation: async (request) => {
        request.body ??= {}
      },
      schema: {
        summary: 'Let the members of an organization use a connection',
        params: ConnectionParams,
        body: ConnectionSettings,
        response: { 200: WireOrganizationConnection },
      },
    },
    async ({ params: { id, connectionId }, body, actor }) => {
      const input = { organizationId: id, connectionId, ...body }
      return encodeOrganizationConnection(await run(putOrganizationConnection, input, actor))
    },
  )

  app.delete(
    '/organizations/:id/connections/:connectionId',
    {
      config: { access: { tokenScopes: ['organizations:update-connections'] } },
      schema: {
        summary: 'No longer let the members of an organization use a connection',
        params: ConnectionParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ params: { id, connectionId }, actor }, reply) => {
      await run(removeOrganizationConnection, { organizationId: id, connectionId }, actor)
      return reply.code(204).send(null)
    },
  )
}
