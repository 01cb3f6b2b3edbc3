import Type from 'typebox'
import {
  createClientGrant,
  deleteClientGrant,
  getClientGrant,
  listClientGrants,
  updateClientGrant,
} from '#core/applications/grants.ts'
import type { Refusal } from '#core/refusals.ts'
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
import { reworded, WireError } from './errors.ts'
import { requireClientGrantId } from './ids.ts'
import { decodePaging, encodePage, paged } from './paging.ts'
import type { Auth0Routes } from './parts.ts'

const GrantParams = Type.Object({ id: Type.String({ description: 'ID of the client grant.' }) })

/** @see specs: §1.9 of the Auth0 dialect */
export const clientGrantRoutes: Auth0Routes = async (app, { run, issuers }) => {
  app.get(
    '/client-grants',
    {
      config: { access: { tokenScopes: ['read:client_grants'] } },
      schema: {
        summary: 'Get client grants',
        querystring: ClientGrantQuery,
        response: { 200: paged('client_grants', WireClientGrant) },
      },
    },
    async ({ query, actor, issuer }) => {
      const paging = decodePaging(query)
      const page = await run(
        listClientGrants,
        decodeClientGrantQuery(query, paging.listing, issuers()),
        actor,
      )
      const items = page.items.map((grant) => encodeClientGrant(grant, issuer))
      return encodePage('client_grants', paging, { ...page, items })
    },
  )

  app.post(
    '/client-grants',
    {
      config: { access: { tokenScopes: ['create:client_grants'] } },
      schema: { summary: 'Create a client grant', body: NewClientGrant, response: { 201: WireClientGrant } },
    },
    async ({ body, actor, issuer }, reply) => {
      const work = run(createClientGrant, decodeNewClientGrant(body, issuers()), actor)
      const grant = await reworded(work, wordMissing)
      return reply.code(201).send(encodeClientGrant(grant, issuer))
    },
  )

  app.get(
    '/client-grants/:id',
    {
      config: { access: { tokenScopes: ['read:client_grants'] } },
      schema: { summary: 'Get a client grant', params: GrantParams, response: { 200: WireClientGrant } },
    },
    async ({ params, actor, issuer }) => {
      const input = { grantId: requireClientGrantId(params.id) }
      return encodeClientGrant(await run(getClientGrant, input, actor), issuer)
    },
  )

  app.patch(
    '/client-grants/:id',
    {
      config: { access: { tokenScopes: ['update:client_grants'] } },
      schema: {
        summary: 'Update a client grant',
        params: GrantParams,
        body: ClientGrantChanges,
        response: { 200: WireClientGrant },
      },
    },
    async ({ params, body, actor, issuer }) => {
      const input = decodeClientGrantChanges(requireClientGrantId(params.id), body)
      return encodeClientGrant(await run(updateClientGrant, input, actor), issuer)
    },
  )

  app.delete(
    '/client-grants/:id',
    {
      config: { access: { tokenScopes: ['delete:client_grants'] } },
      schema: { summary: 'Delete a client grant', params: GrantParams, response: { 204: Type.Null() } },
    },
    async ({ params, actor }, reply) => {
      await run(deleteClientGrant, { grantId: requireClientGrantId(params.id) }, actor)
      return reply.code(204).send(null)
    },
  )
}

const wordMissing = (refusal: Refusal): WireError | undefined => {
  if (refusal.code !== 'not_found') return undefined
  if (refusal.kind === 'api') {
    return new WireError(404, 'Resource server not found', 'inexistent_resource_server')
  }
  return refusal.kind === 'application'
    ? new WireError(404, 'Client not found', 'inexistent_client')
    : undefined
}
