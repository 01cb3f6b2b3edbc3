import Type, { type Static } from 'typebox'
import type {
  ClientGrantOfApi,
  CreateClientGrant,
  ListClientGrants,
  UpdateClientGrant,
} from '#core/applications/grants.ts'
import type { JsonObject } from '#core/json.ts'
import { equal, every, type Filter, type Listing } from '#core/listing.ts'
import { decodeApiIdentifier, encodeApiIdentifier, type Issuers } from './api-identifiers.ts'
import { WireError } from './errors.ts'
import { present } from './extensions.ts'
import { encodeClientGrantId } from './ids.ts'
import { CheckpointQuery } from './paging.ts'

const nullable = <Schema extends Type.TSchema>(schema: Schema) =>
  Type.Optional(Type.Union([schema, Type.Null()]))

const Scopes = Type.Array(Type.String({ minLength: 1, maxLength: 280 }), {
  maxItems: 1000,
  description: 'Scopes allowed for this client grant.',
})
const SubjectType = Type.Enum(['client', 'user'])
const OrganizationUsage = Type.Enum(['deny', 'allow', 'require'])
const Types = Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 255 }), { maxItems: 1000 }))

export const NewClientGrant = Type.Object(
  {
    client_id: Type.String({ minLength: 1, description: 'ID of the client.' }),
    audience: Type.String({
      minLength: 1,
      maxLength: 600,
      description: 'The audience (API identifier) of this client grant.',
    }),
    scope: Type.Optional(Scopes),
    subject_type: Type.Optional(SubjectType),
    organization_usage: Type.Optional(OrganizationUsage),
    allow_any_organization: Type.Optional(Type.Boolean()),
    allow_all_scopes: Type.Optional(Type.Boolean()),
    authorization_details_types: Types,
  },
  { additionalProperties: false },
)

export const ClientGrantChanges = Type.Object(
  {
    scope: nullable(Scopes),
    organization_usage: nullable(OrganizationUsage),
    allow_any_organization: nullable(Type.Boolean()),
    allow_all_scopes: nullable(Type.Boolean()),
    authorization_details_types: Types,
  },
  { additionalProperties: false },
)

/** @see specs: §1.9 of the Auth0 dialect */
export const WireClientGrant = Type.Object({
  id: Type.String(),
  client_id: Type.String(),
  audience: Type.String(),
  scope: Type.Optional(Type.Array(Type.String())),
  subject_type: SubjectType,
  organization_usage: Type.Optional(Type.String()),
  allow_any_organization: Type.Optional(Type.Boolean()),
  allow_all_scopes: Type.Optional(Type.Boolean()),
  authorization_details_types: Type.Optional(Type.Array(Type.String())),
})

export const ClientGrantQuery = Type.Object({
  ...CheckpointQuery,
  audience: Type.Optional(Type.String({ description: 'Optional filter on audience.' })),
  client_id: Type.Optional(Type.String({ description: 'Optional filter on client_id.' })),
  allow_any_organization: Type.Optional(Type.Boolean()),
  subject_type: Type.Optional(SubjectType),
  default_for: Type.Optional(Type.String()),
})

export const decodeClientGrantQuery = (
  query: Static<typeof ClientGrantQuery>,
  listing: Listing,
  issuers: Issuers,
): ListClientGrants => {
  const { audience, client_id, subject_type, default_for } = query
  const filter = every(
    client_id === undefined ? undefined : equal('applicationId', client_id),
    subject_type === undefined ? undefined : equal('subjectType', subject_type),
    // Every grant here is for one client; none is the default of a kind of them.
    default_for === undefined ? undefined : { any: [] },
    anyOrganization(query.allow_any_organization),
  )
  return {
    listing: { ...listing, ...(filter && { filter }) },
    ...(audience !== undefined && { api: decodeApiIdentifier(audience, issuers) }),
  }
}

const anyOrganization = (allowed: boolean | undefined): Filter | undefined => {
  const isAllowed = equal('extensions.auth0.allow_any_organization', true)
  if (allowed === undefined) return undefined
  return allowed ? isAllowed : { not: isAllowed }
}

const extensionFields = [
  'organization_usage',
  'allow_any_organization',
  'authorization_details_types',
] as const

const decodeExtensions = (body: Static<typeof ClientGrantChanges>): JsonObject =>
  Object.fromEntries(
    extensionFields.flatMap((field) => (body[field] === undefined ? [] : [[field, body[field]]])),
  )

export const decodeNewClientGrant = (
  body: Static<typeof NewClientGrant>,
  issuers: Issuers,
): CreateClientGrant => {
  const { client_id, audience, scope, subject_type, allow_all_scopes = false } = body
  if (scope === undefined && !allow_all_scopes) {
    throw new WireError(400, "Payload validation error: 'Missing required property: scope'.", 'invalid_body')
  }
  return {
    applicationId: client_id,
    api: decodeApiIdentifier(audience, issuers),
    permissions: allow_all_scopes ? [] : (scope ?? []),
    allowsAll: allow_all_scopes,
    ...(subject_type && { subjectType: subject_type }),
    extensions: { auth0: present(decodeExtensions(body)) },
  }
}

export const decodeClientGrantChanges = (
  grantId: string,
  body: Static<typeof ClientGrantChanges>,
): UpdateClientGrant => ({
  grantId,
  changes: {
    ...(body.scope && { permissions: body.scope }),
    ...(body.allow_all_scopes !== undefined && { allowsAll: body.allow_all_scopes ?? false }),
    extensions: { auth0: decodeExtensions(body) },
  },
})

export const encodeClientGrant = (
  grant: ClientGrantOfApi,
  issuer: string,
): Static<typeof WireClientGrant> => ({
  ...(grant.extensions.auth0 as Partial<Static<typeof WireClientGrant>>),
  id: encodeClientGrantId(grant.id),
  client_id: grant.applicationId,
  audience: encodeApiIdentifier(grant.api, issuer),
  ...(grant.allowsAll ? { allow_all_scopes: true } : { scope: [...grant.permissions] }),
  subject_type: grant.subjectType,
})
