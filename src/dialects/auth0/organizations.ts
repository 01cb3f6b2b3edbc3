import Type from 'typebox'
import { createOrganization } from '#core/organizations/create.ts'
import { deleteOrganization } from '#core/organizations/delete.ts'
import { getOrganization, getOrganizationByName, listOrganizations } from '#core/organizations/read.ts'
import { updateOrganization } from '#core/organizations/update.ts'
import { requireOrganizationId } from './ids.ts'
import {
  decodeNewOrganization,
  decodeOrganizationChanges,
  decodeOrganizationSort,
  NewOrganization,
  OrganizationChanges,
} from './organizations.fields.ts'
import { encodeOrganization, OrganizationParams, WireOrganization } from './organizations.wire.ts'
import { CheckpointQuery, decodePaging, encodePage, paged } from './paging.ts'
import type { Auth0Routes } from './parts.ts'

const Anything = Type.Object({}, { additionalProperties: true })

/** @see specs: §1.13 of the Auth0 dialect */
export const organizationRoutes: Auth0Routes = async (app, { run }) => {
  app.get(
    '/organizations',
    {
      config: { access: { tokenScopes: ['read:organizations'] } },
      schema: {
        summary: 'Get organizations',
        querystring: Type.Object({
          ...CheckpointQuery,
          sort: Type.Optional(Type.String({ description: 'Field to sort by, and 1 or -1: name:1.' })),
        }),
        response: { 200: paged('organizations', WireOrganization) },
      },
    },
    async ({ query, actor }) => {
      const paging = decodePaging(query)
      const listing = { ...paging.listing, ...decodeOrganizationSort(query.sort) }
      const page = await run(listOrganizations, { listing }, actor)
      return encodePage('organizations', paging, { ...page, items: page.items.map(encodeOrganization) })
    },
  )

  app.post(
    '/organizations',
    {
      config: { access: { tokenScopes: ['create:organizations'] } },
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
    '/organizations/name/:name',
    {
      config: { access: { tokenScopes: ['read:organizations'] } },
      schema: {
        summary: 'Get an organization by name',
        params: Type.Object({ name: Type.String({ description: 'Name of the organization.' }) }),
        response: { 200: WireOrganization },
      },
    },
    async ({ params, actor }) => encodeOrganization(await run(getOrganizationByName, params, actor)),
  )

  app.get(
    '/organizations/:id',
    {
      config: { access: { tokenScopes: ['read:organizations'] } },
      schema: {
        summary: 'Get an organization',
        params: OrganizationParams,
        response: { 200: WireOrganization },
      },
    },
    async ({ params, actor }) => {
      const input = { organizationId: requireOrganizationId(params.id) }
      return encodeOrganization(await run(getOrganization, input, actor))
    },
  )

  app.patch(
    '/organizations/:id',
    {
      config: { access: { tokenScopes: ['update:organizations'] } },
      schema: {
        summary: 'Modify an organization',
        description: '`metadata` and `branding` replace what is there, each as a whole.',
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
      config: { access: { tokenScopes: ['delete:organizations'] } },
      schema: {
        summary: 'Delete an organization',
        params: OrganizationParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, actor }, reply) => {
      await run(deleteOrganization, { organizationId: requireOrganizationId(params.id) }, actor)
      return reply.code(204).send(null)
    },
  )

  for (const { path, key, tokenScopes } of empty) {
    app.get(
      `/organizations/:id/${path}`,
      {
        config: { access: { tokenScopes } },
        schema: {
          summary: `Get the ${path.replace('-', ' ')} of an organization`,
          params: OrganizationParams,
          querystring: Type.Object(CheckpointQuery),
          response: { 200: paged(key, Anything) },
        },
      },
      async ({ params, query, actor }) => {
        await run(getOrganization, { organizationId: requireOrganizationId(params.id) }, actor)
        return encodePage(key, decodePaging(query), { items: [], total: 0 })
      },
    )
  }
}

/** What the model does not tie to an organization; clients that export everything read it all the same. */
const empty = [
  { path: 'client-grants', key: 'client_grants', tokenScopes: ['read:organization_client_grants'] },
  {
    path: 'discovery-domains',
    key: 'discovery_domains',
    tokenScopes: ['read:organization_discovery_domains'],
  },
  { path: 'clients', key: 'clients', tokenScopes: ['read:organizations'] },
  { path: 'groups', key: 'groups', tokenScopes: ['read:organizations'] },
]
