import Type from 'typebox'
import {
  getOrganizationConnection,
  listOrganizationConnections,
  putOrganizationConnection,
  removeOrganizationConnection,
  updateOrganizationConnection,
} from '#core/organizations/connections.ts'
import type { Refusal } from '#core/refusals.ts'
import { reworded, WireError } from './errors.ts'
import { requireOrganizationId } from './ids.ts'
import {
  decodeConnectionKey,
  decodeEnabledConnectionChanges,
  decodeNewEnabledConnection,
  EnabledConnectionChanges,
  encodeEnabledConnection,
  NewEnabledConnection,
  WireEnabledConnection,
} from './organization-connections.wire.ts'
import { OrganizationParams } from './organizations.wire.ts'
import { CheckpointQuery, decodePaging, encodePage, paged } from './paging.ts'
import type { Auth0Routes } from './parts.ts'

const ConnectionParams = Type.Object({
  ...OrganizationParams.properties,
  connection_id: Type.String({ description: 'Connection identifier.' }),
})

/** @see specs: §1.13 of the Auth0 dialect. Newer clients know the same lists by their shorter name. */
export const organizationConnectionRoutes: Auth0Routes = async (app, parts) => {
  for (const name of ['enabled_connections', 'connections'] as const) addRoutes(app, parts, name)
}

const addRoutes = (
  app: Parameters<Auth0Routes>[0],
  { run }: Parameters<Auth0Routes>[1],
  name: 'enabled_connections' | 'connections',
): void => {
  const all = `/organizations/:id/${name}`
  const one = `${all}/:connection_id`

  app.get(
    all,
    {
      config: { access: { tokenScopes: ['read:organization_connections'] } },
      schema: {
        summary: 'Get connections enabled for an organization',
        params: OrganizationParams,
        querystring: Type.Object(CheckpointQuery),
        response: { 200: paged(name, WireEnabledConnection) },
      },
    },
    async ({ params, query, actor }) => {
      const paging = decodePaging(query)
      const input = { organizationId: requireOrganizationId(params.id), listing: paging.listing }
      const page = await run(listOrganizationConnections, input, actor)
      return encodePage(name, paging, { ...page, items: page.items.map(encodeEnabledConnection) })
    },
  )

  app.post(
    all,
    {
      config: { access: { tokenScopes: ['create:organization_connections'] } },
      schema: {
        summary: 'Add connections to an organization',
        params: OrganizationParams,
        body: NewEnabledConnection,
        response: { 201: WireEnabledConnection },
      },
    },
    async ({ params, body, actor }, reply) => {
      const work = run(putOrganizationConnection, decodeNewEnabledConnection(params.id, body), actor)
      return reply.code(201).send(encodeEnabledConnection(await reworded(work, wordRepetition)))
    },
  )

  app.get(
    one,
    {
      config: { access: { tokenScopes: ['read:organization_connections'] } },
      schema: {
        summary: 'Get an enabled connection for an organization',
        params: ConnectionParams,
        response: { 200: WireEnabledConnection },
      },
    },
    async ({ params, actor }) =>
      encodeEnabledConnection(await run(getOrganizationConnection, decodeConnectionKey(params), actor)),
  )

  app.patch(
    one,
    {
      config: { access: { tokenScopes: ['update:organization_connections'] } },
      schema: {
        summary: 'Update the connection of an organization',
        params: ConnectionParams,
        body: EnabledConnectionChanges,
        response: { 200: WireEnabledConnection },
      },
    },
    async ({ params, body, actor }) => {
      const input = decodeEnabledConnectionChanges(params, body)
      return encodeEnabledConnection(await run(updateOrganizationConnection, input, actor))
    },
  )

  app.delete(
    one,
    {
      config: { access: { tokenScopes: ['delete:organization_connections'] } },
      schema: {
        summary: 'Delete connections from an organization',
        params: ConnectionParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, actor }, reply) => {
      await run(removeOrganizationConnection, decodeConnectionKey(params), actor)
      return reply.code(204).send(null)
    },
  )
}

const wordRepetition = (refusal: Refusal): WireError | undefined =>
  refusal.code === 'taken'
    ? new WireError(409, 'The connection is already enabled for this organization.', 'conflict')
    : undefined
