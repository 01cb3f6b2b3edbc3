import Type from 'typebox'
import { createApi } from '#core/apis/create.ts'
import { deleteApi } from '#core/apis/delete.ts'
import { getApi, listApis } from '#core/apis/read.ts'
import { updateApi } from '#core/apis/update.ts'
import type { Refusal } from '#core/refusals.ts'
import { decodeApiIdentifier } from './api-identifiers.ts'
import { reworded, WireError } from './errors.ts'
import { decodePagingOrAll, encodePage, paged } from './paging.ts'
import type { Auth0Routes } from './parts.ts'
import {
  decodeNewResourceServer,
  decodeResourceServerChanges,
  encodeResourceServer,
  NewResourceServer,
  ResourceServerChanges,
  ResourceServerQuery,
  resourceServerFilter,
  WireResourceServer,
} from './resource-servers.wire.ts'

const ResourceServerParams = Type.Object({
  id: Type.String({ description: 'ID or audience of the resource server.' }),
})

/** @see specs: §1.7 of the Auth0 dialect */
export const resourceServerRoutes: Auth0Routes = async (app, { run, issuers }) => {
  app.get(
    '/resource-servers',
    {
      config: { access: { tokenScopes: ['read:resource_servers'] } },
      schema: {
        summary: 'Get resource servers',
        querystring: ResourceServerQuery,
        response: { 200: paged('resource_servers', WireResourceServer) },
      },
    },
    async ({ query, actor, issuer }) => {
      const paging = decodePagingOrAll(query)
      const filter = resourceServerFilter(query, issuers())
      const page = await run(listApis, { listing: { ...paging.listing, filter } }, actor)
      const items = page.items.map((api) => encodeResourceServer(api, issuer))
      return encodePage('resource_servers', paging, { ...page, items })
    },
  )

  app.post(
    '/resource-servers',
    {
      config: { access: { tokenScopes: ['create:resource_servers'] } },
      schema: {
        summary: 'Create a resource server',
        body: NewResourceServer,
        response: { 201: WireResourceServer },
      },
    },
    async ({ body, actor, issuer }, reply) => {
      const api = await reworded(run(createApi, decodeNewResourceServer(body, issuers()), actor), wordScopes)
      return reply.code(201).send(encodeResourceServer(api, issuer))
    },
  )

  app.get(
    '/resource-servers/:id',
    {
      config: { access: { tokenScopes: ['read:resource_servers'] } },
      schema: {
        summary: 'Get a resource server',
        params: ResourceServerParams,
        querystring: Type.Object({ include_fields: Type.Optional(Type.Boolean()) }),
        response: { 200: WireResourceServer },
      },
    },
    async ({ params, actor, issuer }) => {
      const api = decodeApiIdentifier(params.id, issuers())
      return encodeResourceServer(await run(getApi, { api }, actor), issuer)
    },
  )

  app.patch(
    '/resource-servers/:id',
    {
      config: { access: { tokenScopes: ['update:resource_servers'] } },
      schema: {
        summary: 'Update a resource server',
        params: ResourceServerParams,
        body: ResourceServerChanges,
        response: { 200: WireResourceServer },
      },
    },
    async ({ params, body, actor, issuer }) => {
      const input = decodeResourceServerChanges(decodeApiIdentifier(params.id, issuers()), body)
      return encodeResourceServer(await reworded(run(updateApi, input, actor), wordScopes), issuer)
    },
  )

  app.delete(
    '/resource-servers/:id',
    {
      config: { access: { tokenScopes: ['delete:resource_servers'] } },
      schema: {
        summary: 'Delete a resource server',
        params: ResourceServerParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, actor }, reply) => {
      await run(deleteApi, { api: decodeApiIdentifier(params.id, issuers()) }, actor)
      return reply.code(204).send(null)
    },
  )
}

/** What are permissions to us are scopes here. */
const wordScopes = (refusal: Refusal): WireError | undefined =>
  refusal.code === 'invalid' && refusal.field === 'permissions'
    ? new WireError(400, `Payload validation error: '${refusal.reason}' on property scopes.`, 'invalid_body')
    : undefined
