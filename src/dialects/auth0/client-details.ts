import Type from 'typebox'
import { getApplication } from '#core/applications/read.ts'
import { listConnectionsOfApplication } from '#core/connections/read.ts'
import { DomainError } from '#core/refusals.ts'
import { encodeConnection, WireConnection } from './connections.wire.ts'
import { WireError } from './errors.ts'
import { CheckpointQuery, decodePaging, encodePage, paged } from './paging.ts'
import type { Auth0Routes } from './parts.ts'

const ClientParams = Type.Object({ id: Type.String({ description: 'ID of the client.' }) })
const CredentialParams = Type.Object({ ...ClientParams.properties, credential_id: Type.String() })
const Credential = Type.Object({ id: Type.String() })
const Anything = Type.Object({}, { additionalProperties: true })

const noCredential = () => new WireError(404, 'The credential does not exist.', 'inexistent_credential')

/** What hangs on a client. Public keys to authenticate with are not kept here yet, so that none is ever listed. */
export const clientDetailRoutes: Auth0Routes = async (app, { run }) => {
  app.get(
    '/clients/:id/connections',
    {
      config: { access: { tokenScopes: ['read:connections', 'read:clients'], match: 'all' } },
      schema: {
        summary: 'Get enabled connections for a client',
        params: ClientParams,
        querystring: Type.Object(CheckpointQuery),
        response: { 200: paged('connections', WireConnection) },
      },
    },
    async ({ params, query, actor }) => {
      const paging = decodePaging({ take: 50, ...query })
      const input = { applicationId: params.id, listing: paging.listing }
      const page = await run(listConnectionsOfApplication, input, actor)
      return encodePage('connections', paging, { ...page, items: page.items.map(encodeConnection) })
    },
  )

  app.get(
    '/clients/:id/credentials',
    {
      config: { access: { tokenScopes: ['read:client_credentials'] } },
      schema: {
        summary: 'Get client credentials',
        params: ClientParams,
        response: { 200: Type.Array(Credential) },
      },
    },
    async ({ params, actor }) => {
      await run(getApplication, { applicationId: params.id }, actor)
      return []
    },
  )

  app.post(
    '/clients/:id/credentials',
    {
      config: { access: { tokenScopes: ['create:client_credentials'] } },
      schema: { summary: 'Create a client credential', params: ClientParams, body: Anything },
    },
    async () => {
      throw new DomainError({ code: 'unsupported', what: 'authenticating clients with keys of their own' })
    },
  )

  for (const [method, verb] of [
    ['GET', 'read'],
    ['PATCH', 'update'],
    ['DELETE', 'delete'],
  ] as const) {
    app.route({
      method,
      url: '/clients/:id/credentials/:credential_id',
      config: { access: { tokenScopes: [`${verb}:client_credentials`] } },
      schema: {
        summary: `${verb[0]!.toUpperCase()}${verb.slice(1)} a client credential`,
        params: CredentialParams,
        ...(method === 'PATCH' && { body: Anything }),
      },
      handler: async () => {
        throw noCredential()
      },
    })
  }
}
