import Type from 'typebox'
import { createApplication } from '#core/applications/create.ts'
import { deleteApplication } from '#core/applications/delete.ts'
import { getApplication, listApplications } from '#core/applications/read.ts'
import { rotateApplicationSecret } from '#core/applications/secrets.ts'
import { updateApplication } from '#core/applications/update.ts'
import {
  ClientChanges,
  ClientQuery,
  clientFilter,
  decodeClientChanges,
  decodeNewClient,
  encodeClient,
  NewClient,
  WireClient,
} from './clients.wire.ts'
import { FieldsQuery, projection } from './fields.ts'
import { decodePagingOrAll, encodePage, paged } from './paging.ts'
import type { Auth0Routes } from './parts.ts'

const ClientParams = Type.Object({ id: Type.String({ description: 'ID of the client.' }) })

/** @see specs: §1.8 of the Auth0 dialect. Secrets are in the answers for tokens that have `read:client_keys`. */
export const clientRoutes: Auth0Routes = async (app, { run }) => {
  app.get(
    '/clients',
    {
      config: { access: { tokenScopes: ['read:clients', 'read:client_keys'] } },
      schema: {
        summary: 'Get clients',
        querystring: ClientQuery,
        response: { 200: paged('clients', WireClient) },
      },
    },
    async ({ query, actor, issuer }) => {
      const paging = decodePagingOrAll(query)
      const listing = { ...paging.listing, filter: clientFilter(query) }
      const page = await run(listApplications, { listing, withSecrets: true }, actor)
      const project = projection(query)
      const items = page.items.map((application) => project(encodeClient(application, issuer)))
      return encodePage('clients', paging, { ...page, items })
    },
  )

  app.post(
    '/clients',
    {
      config: { access: { tokenScopes: ['create:clients'] } },
      schema: { summary: 'Create a client', body: NewClient, response: { 201: WireClient } },
    },
    async ({ body, actor, issuer }, reply) => {
      const application = await run(createApplication, decodeNewClient(body), actor)
      return reply.code(201).send(encodeClient(application, issuer))
    },
  )

  app.get(
    '/clients/:id',
    {
      config: { access: { tokenScopes: ['read:clients', 'read:client_keys'] } },
      schema: {
        summary: 'Get a client by ID',
        params: ClientParams,
        querystring: Type.Object(FieldsQuery),
        response: { 200: WireClient },
      },
    },
    async ({ params, query, actor, issuer }) => {
      const input = { applicationId: params.id, withSecrets: true }
      return projection(query)(encodeClient(await run(getApplication, input, actor), issuer))
    },
  )

  app.patch(
    '/clients/:id',
    {
      config: { access: { tokenScopes: ['update:clients'] } },
      schema: {
        summary: 'Update a client',
        description: 'Setting `client_secret` needs `update:client_keys` too.',
        params: ClientParams,
        body: ClientChanges,
        response: { 200: WireClient },
      },
    },
    async ({ params, body, actor, issuer }) =>
      encodeClient(await run(updateApplication, decodeClientChanges(params.id, body), actor), issuer),
  )

  app.delete(
    '/clients/:id',
    {
      config: { access: { tokenScopes: ['delete:clients'] } },
      schema: { summary: 'Delete a client', params: ClientParams, response: { 204: Type.Null() } },
    },
    async ({ params, actor }, reply) => {
      await run(deleteApplication, { applicationId: params.id }, actor)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/clients/:id/rotate-secret',
    {
      config: { access: { tokenScopes: ['update:client_keys'] } },
      schema: { summary: 'Rotate a client secret', params: ClientParams, response: { 200: WireClient } },
    },
    async ({ params, actor, issuer }) =>
      encodeClient(await run(rotateApplicationSecret, { applicationId: params.id }, actor), issuer),
  )
}
