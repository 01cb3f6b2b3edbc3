import Type from 'typebox'
import { createConnection } from '#core/connections/create.ts'
import { deleteConnection } from '#core/connections/delete.ts'
import { getConnection, listConnections } from '#core/connections/read.ts'
import { enableConnection, updateConnection } from '#core/connections/update.ts'
import {
  ConnectionChanges,
  ConnectionQuery,
  decodeConnectionChanges,
  decodeConnectionQuery,
  decodeNewConnection,
  encodeConnection,
  NewConnection,
  WireConnection,
} from './connections.wire.ts'
import { encodePage, paged } from './paging.ts'
import type { NativeRoutes } from './parts.ts'

const ConnectionParams = Type.Object({ id: Type.String({ description: 'The id of the connection.' }) })
const EnabledParams = Type.Object({
  ...ConnectionParams.properties,
  applicationId: Type.String({ description: 'The id of the application.' }),
})

/** The ways people sign in. */
export const connectionRoutes: NativeRoutes = async (app, { run }) => {
  app.get(
    '/connections',
    {
      config: { access: { tokenScopes: ['connections:read'] } },
      schema: {
        summary: 'List connections',
        querystring: ConnectionQuery,
        response: { 200: paged(WireConnection) },
      },
    },
    async ({ query, actor }) =>
      encodePage(
        await run(listConnections, { listing: decodeConnectionQuery(query) }, actor),
        encodeConnection,
      ),
  )

  app.post(
    '/connections',
    {
      config: { access: { tokenScopes: ['connections:create'] } },
      schema: { summary: 'Create a connection', body: NewConnection, response: { 201: WireConnection } },
    },
    async ({ body, actor }, reply) =>
      reply.code(201).send(encodeConnection(await run(createConnection, decodeNewConnection(body), actor))),
  )

  app.get(
    '/connections/:id',
    {
      config: { access: { tokenScopes: ['connections:read'] } },
      schema: { summary: 'Read a connection', params: ConnectionParams, response: { 200: WireConnection } },
    },
    async ({ params, actor }) =>
      encodeConnection(await run(getConnection, { connectionId: params.id }, actor)),
  )

  app.patch(
    '/connections/:id',
    {
      config: { access: { tokenScopes: ['connections:update'] } },
      schema: {
        summary: 'Change a connection',
        params: ConnectionParams,
        body: ConnectionChanges,
        response: { 200: WireConnection },
      },
    },
    async ({ params, body, actor }) =>
      encodeConnection(await run(updateConnection, decodeConnectionChanges(params.id, body), actor)),
  )

  app.delete(
    '/connections/:id',
    {
      config: { access: { tokenScopes: ['connections:delete'] } },
      schema: {
        summary: 'Delete a connection, and the users who have no other',
        params: ConnectionParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, actor }, reply) => {
      await run(deleteConnection, { connectionId: params.id }, actor)
      return reply.code(204).send(null)
    },
  )

  app.put(
    '/connections/:id/applications/:applicationId',
    {
      config: { access: { tokenScopes: ['connections:update'] } },
      schema: {
        summary: 'Let an application use a connection',
        params: EnabledParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ params: { id, applicationId }, actor }, reply) => {
      const applications = [{ applicationId, isEnabled: true }]
      await run(enableConnection, { connectionId: id, applications }, actor)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/connections/:id/applications/:applicationId',
    {
      config: { access: { tokenScopes: ['connections:update'] } },
      schema: {
        summary: 'No longer let an application use a connection',
        params: EnabledParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ params: { id, applicationId }, actor }, reply) => {
      const applications = [{ applicationId, isEnabled: false }]
      await run(enableConnection, { connectionId: id, applications }, actor)
      return reply.code(204).send(null)
    },
  )
}
