import Type from 'typebox'
import { createConnection } from '#core/connections/create.ts'
import { deleteConnection } from '#core/connections/delete.ts'
import { deleteUserOfConnection } from '#core/connections/delete-user.ts'
import { getConnection, listConnections } from '#core/connections/read.ts'
import { enableConnection, updateConnection } from '#core/connections/update.ts'
import {
  ConnectionChanges,
  ConnectionQuery,
  connectionFilter,
  decodeConnectionChanges,
  decodeEnabledClients,
  decodeNewConnection,
  EnabledClientChanges,
  EnabledClients,
  EnabledClientsQuery,
  encodeConnection,
  encodeEnabledClients,
  NewConnection,
  WireConnection,
} from './connections.wire.ts'
import { FieldsQuery, projection } from './fields.ts'
import { requireConnectionId } from './ids.ts'
import { decodePagingOrAll, encodePage, paged } from './paging.ts'
import type { Auth0Routes } from './parts.ts'

const ConnectionParams = Type.Object({ id: Type.String({ description: 'The id of the connection.' }) })

/** @see specs: §1.10 of the Auth0 dialect */
export const connectionRoutes: Auth0Routes = async (app, { run }) => {
  app.get(
    '/connections',
    {
      config: { access: { tokenScopes: ['read:connections'] } },
      schema: {
        summary: 'Get all connections',
        querystring: ConnectionQuery,
        response: { 200: paged('connections', WireConnection) },
      },
    },
    async ({ query, actor }) => {
      const paging = decodePagingOrAll(query)
      const listing = { ...paging.listing, filter: connectionFilter(query) }
      const page = await run(listConnections, { listing }, actor)
      const project = projection(query)
      const items = page.items.map((connection) => project(encodeConnection(connection)))
      return encodePage('connections', paging, { ...page, items })
    },
  )

  app.post(
    '/connections',
    {
      config: { access: { tokenScopes: ['create:connections'] } },
      schema: { summary: 'Create a connection', body: NewConnection, response: { 201: WireConnection } },
    },
    async ({ body, actor }, reply) => {
      const connection = await run(createConnection, decodeNewConnection(body), actor)
      return reply.code(201).send(encodeConnection(connection))
    },
  )

  app.get(
    '/connections/:id',
    {
      config: { access: { tokenScopes: ['read:connections'] } },
      schema: {
        summary: 'Get a connection',
        params: ConnectionParams,
        querystring: Type.Object(FieldsQuery),
        response: { 200: WireConnection },
      },
    },
    async ({ params, query, actor }) => {
      const input = { connectionId: requireConnectionId(params.id) }
      return projection(query)(encodeConnection(await run(getConnection, input, actor)))
    },
  )

  app.patch(
    '/connections/:id',
    {
      config: { access: { tokenScopes: ['update:connections'] } },
      schema: {
        summary: 'Update a connection',
        description: '`options` replaces what is there as a whole.',
        params: ConnectionParams,
        body: ConnectionChanges,
        response: { 200: WireConnection },
      },
    },
    async ({ params, body, actor }) => {
      const input = decodeConnectionChanges(requireConnectionId(params.id), body)
      return encodeConnection(await run(updateConnection, input, actor))
    },
  )

  app.delete(
    '/connections/:id',
    {
      config: { access: { tokenScopes: ['delete:connections'] } },
      schema: {
        summary: 'Delete a connection',
        params: ConnectionParams,
        response: { 202: Type.Object({ deleted_at: Type.String() }) },
      },
    },
    async ({ params, actor }, reply) => {
      const input = { connectionId: requireConnectionId(params.id) }
      const { deletedAt } = await run(deleteConnection, input, actor)
      return reply.code(202).send({ deleted_at: new Date(deletedAt).toISOString() })
    },
  )

  app.get(
    '/connections/:id/clients',
    {
      config: { access: { tokenScopes: ['read:connections'] } },
      schema: {
        summary: 'Get enabled clients for a connection',
        params: ConnectionParams,
        querystring: EnabledClientsQuery,
        response: { 200: EnabledClients },
      },
    },
    async ({ params, query, actor }) => {
      const input = { connectionId: requireConnectionId(params.id) }
      return encodeEnabledClients(await run(getConnection, input, actor), query)
    },
  )

  app.patch(
    '/connections/:id/clients',
    {
      config: { access: { tokenScopes: ['update:connections'] } },
      schema: {
        summary: 'Update enabled clients for a connection',
        params: ConnectionParams,
        body: EnabledClientChanges,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, body, actor }, reply) => {
      await run(enableConnection, decodeEnabledClients(requireConnectionId(params.id), body), actor)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/connections/:id/users',
    {
      config: { access: { tokenScopes: ['delete:users'] } },
      schema: {
        summary: 'Delete a connection user',
        params: ConnectionParams,
        querystring: Type.Object({
          email: Type.String({ minLength: 1, description: 'The email of the user to delete.' }),
        }),
        response: { 204: Type.Null() },
      },
    },
    async ({ params, query, actor }, reply) => {
      const input = { connectionId: requireConnectionId(params.id), email: query.email }
      await run(deleteUserOfConnection, input, actor)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/connections/:id/status',
    {
      config: { access: { tokenScopes: ['read:connections'] } },
      schema: {
        summary: 'Check connection status',
        params: ConnectionParams,
        response: { 200: Type.Object({}) },
      },
    },
    async ({ params, actor }) => {
      await run(getConnection, { connectionId: requireConnectionId(params.id) }, actor)
      return {}
    },
  )
}
