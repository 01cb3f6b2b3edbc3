import Type from 'typebox'
import {
  createClientGrant,
  deleteClientGrant,
  getClientGrant,
  listClientGrants,
  updateClientGrant,
} from '#core/applications/grants.ts'
import {
  ClientGrantChanges,
  ClientGrantQuery,
  decodeClientGrantChanges,
  decodeClientGrantQuery,
  decodeNewClientGrant,
  encodeClientGrant,
  NewClientGrant,
  WireClientGrant,
} from './client-grants.wire.ts'
import { encodePage, paged } from './paging.ts'
import type { NativeRoutes } from './parts.ts'

const GrantParams = Type.Object({ id: Type.String({ description: 'The id of the client grant.' }) })

/** Which application may ask for tokens of which API, with which permissions. */
export const clientGrantRoutes: NativeRoutes = async (app, { run }) => {
  app.get(
    '/client-grants',
    {
      config: { access: { tokenScopes: ['client-grants:read'] } },
      schema: {
        summary: 'List client grants',
        querystring: ClientGrantQuery,
        response: { 200: paged(WireClientGrant) },
      },
    },
    async ({ query, actor }) =>
      encodePage(await run(listClientGrants, decodeClientGrantQuery(query), actor), encodeClientGrant),
  )

  app.post(
    '/client-grants',
    {
      config: { access: { tokenScopes: ['client-grants:create'] } },
      schema: {
        summary: 'Allow an application to call an API',
        body: NewClientGrant,
        response: { 201: WireClientGrant },
      },
    },
    async ({ body, actor }, reply) =>
      reply
        .code(201)
        .send(encodeClientGrant(await run(createClientGrant, decodeNewClientGrant(body), actor))),
  )

  app.get(
    '/client-grants/:id',
    {
      config: { access: { tokenScopes: ['client-grants:read'] } },
      schema: { summary: 'Read a client grant', params: GrantParams, response: { 200: WireClientGrant } },
    },
    async ({ params, actor }) => encodeClientGrant(await run(getClientGrant, { grantId: params.id }, actor)),
  )

  app.patch(
    '/client-grants/:id',
    {
      config: { access: { tokenScopes: ['client-grants:update'] } },
      schema: {
        summary: 'Change what an application may ask for',
        params: GrantParams,
        body: ClientGrantChanges,
        response: { 200: WireClientGrant },
      },
    },
    async ({ params, body, actor }) =>
      encodeClientGrant(await run(updateClientGrant, decodeClientGrantChanges(params.id, body), actor)),
  )

  app.delete(
    '/client-grants/:id',
    {
      config: { access: { tokenScopes: ['client-grants:delete'] } },
      schema: {
        summary: 'Forbid an application to call an API',
        params: GrantParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, actor }, reply) => {
      await run(deleteClientGrant, { grantId: params.id }, actor)
      return reply.code(204).send(null)
    },
  )
}
