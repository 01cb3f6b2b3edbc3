import Type, { type Static } from 'typebox'
import type { CreateApplication } from '#core/applications/create.ts'
import type { ShownApplication } from '#core/applications/show.ts'
import type { UpdateApplication } from '#core/applications/update.ts'
import type { JsonObject } from '#core/json.ts'
import { contains, equal, every, type Filter } from '#core/listing.ts'
import {
  clientDefaults,
  isStoredClientField,
  refreshTokenDefaults,
  storedClientFields,
} from './clients.fields.ts'
import { present } from './extensions.ts'
import { FieldsQuery } from './fields.ts'
import { CheckpointQuery } from './paging.ts'

const Urls = Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 2000 }), { maxItems: 1000 }))

const Metadata = Type.Object(
  {},
  { maxProperties: 10, additionalProperties: Type.Union([Type.String({ maxLength: 255 }), Type.Null()]) },
)

const name = Type.String({
  minLength: 1,
  maxLength: 255,
  pattern: '^[^<>]+$',
  description: 'Name of this client.',
})

/** The fields that mean something here. */
const understood = {
  description: Type.Optional(Type.String({ maxLength: 1000 })),
  app_type: Type.Optional(
    Type.String({ pattern: '^[a-z][a-z0-9_-]{0,63}$', description: 'Type of this client.' }),
  ),
  is_first_party: Type.Optional(Type.Boolean()),
  grant_types: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 300 }), { maxItems: 50 })),
  token_endpoint_auth_method: Type.Optional(
    Type.Union([Type.Enum(['none', 'client_secret_post', 'client_secret_basic']), Type.Null()]),
  ),
  callbacks: Urls,
  allowed_logout_urls: Urls,
  web_origins: Urls,
  client_metadata: Type.Optional(Metadata),
  client_secret: Type.Optional(Type.String({ minLength: 1, maxLength: 1024 })),
}

export const NewClient = Type.Object(
  { name, ...understood, ...storedClientFields },
  { additionalProperties: false },
)

export const ClientChanges = Type.Object(
  { name: Type.Optional(name), ...understood, ...storedClientFields },
  { additionalProperties: false },
)

/** All optional, because clients may ask for some fields only. */
export const WireClient = Type.Object({
  tenant: Type.Optional(Type.String()),
  global: Type.Optional(Type.Boolean()),
  client_id: Type.Optional(Type.String()),
  client_secret: Type.Optional(Type.String()),
  name: Type.Optional(Type.String()),
  description: Type.Optional(Type.String()),
  app_type: Type.Optional(Type.String()),
  is_first_party: Type.Optional(Type.Boolean()),
  grant_types: Type.Optional(Type.Array(Type.String())),
  token_endpoint_auth_method: Type.Optional(Type.String()),
  callbacks: Urls,
  allowed_logout_urls: Urls,
  web_origins: Urls,
  client_metadata: Type.Optional(Type.Object({}, { additionalProperties: true })),
  ...storedClientFields,
})

type WireClient = Static<typeof WireClient>

export const ClientQuery = Type.Object({
  ...CheckpointQuery,
  ...FieldsQuery,
  is_global: Type.Optional(Type.Boolean({ description: 'Optional filter on the global client parameter.' })),
  is_first_party: Type.Optional(Type.Boolean()),
  app_type: Type.Optional(Type.String({ description: 'A comma-separated list of application types.' })),
  external_client_id: Type.Optional(Type.String()),
  q: Type.Optional(Type.String({ description: 'Part of the name of the client.' })),
})

export const clientFilter = (query: Static<typeof ClientQuery>): Filter | undefined => {
  const { is_global, is_first_party, app_type, external_client_id, q } = query
  return every(
    is_global === undefined ? undefined : equal('isGlobal', is_global),
    is_first_party === undefined ? undefined : equal('isFirstParty', is_first_party),
    app_type ? { field: 'kind', in: app_type.split(',').map((each) => each.trim()) } : undefined,
    // No client here is described by a document elsewhere.
    external_client_id === undefined ? undefined : { any: [] },
    q ? { ...contains('name', q), ignoreCase: true } : undefined,
  )
}

const decodeStored = (body: Static<typeof ClientChanges>): JsonObject =>
  Object.fromEntries(Object.entries(body).filter(([field]) => isStoredClientField(field))) as JsonObject

const decodeUnderstood = (body: Static<typeof ClientChanges>) => {
  const { app_type, is_first_party, grant_types, token_endpoint_auth_method } = body
  return {
    ...(body.description !== undefined && { description: body.description }),
    ...(app_type !== undefined && { kind: app_type }),
    ...(is_first_party !== undefined && { isFirstParty: is_first_party }),
    ...(grant_types !== undefined && { grantTypes: [...new Set(grant_types)] }),
    ...(token_endpoint_auth_method && { tokenEndpointAuthMethod: token_endpoint_auth_method }),
    ...(body.callbacks !== undefined && { callbacks: body.callbacks }),
    ...(body.allowed_logout_urls !== undefined && { allowedLogoutUrls: body.allowed_logout_urls }),
    ...(body.web_origins !== undefined && { webOrigins: body.web_origins }),
  }
}

export const decodeNewClient = ({ name, ...body }: Static<typeof NewClient>): CreateApplication => ({
  name,
  ...decodeUnderstood(body),
  ...(body.client_metadata && { metadata: present(body.client_metadata as JsonObject) }),
  ...(body.client_secret !== undefined && { secret: body.client_secret }),
  extensions: { auth0: present(decodeStored(body)) },
})

export const decodeClientChanges = (
  applicationId: string,
  body: Static<typeof ClientChanges>,
): UpdateApplication => ({
  applicationId,
  changes: {
    ...(body.name !== undefined && { name: body.name }),
    ...decodeUnderstood(body),
    extensions: { auth0: decodeStored(body) },
  },
  ...(body.client_metadata && { metadata: body.client_metadata as JsonObject }),
  ...(body.client_secret !== undefined && { secret: body.client_secret }),
})

export const encodeClient = (application: ShownApplication, issuer: string): WireClient => {
  const { auth0 = {} } = application.extensions
  const stored = Object.fromEntries(Object.entries(auth0).filter(([field]) => isStoredClientField(field)))
  return {
    tenant: new URL(issuer).hostname,
    global: application.isGlobal,
    client_id: application.id,
    ...(application.secret !== undefined && { client_secret: application.secret }),
    name: application.name,
    ...(application.description !== '' && { description: application.description }),
    app_type: application.kind,
    is_first_party: application.isFirstParty,
    grant_types: [...application.grantTypes],
    token_endpoint_auth_method: application.tokenEndpointAuthMethod,
    callbacks: [...application.callbacks],
    allowed_logout_urls: [...application.allowedLogoutUrls],
    web_origins: [...application.webOrigins],
    ...(Object.keys(application.metadata).length > 0 && { client_metadata: application.metadata }),
    ...clientDefaults,
    refresh_token: refreshTokenDefaults(application.kind),
    ...stored,
    ...withDefaults('jwt_configuration', clientDefaults.jwt_configuration, stored),
    ...withDefaults('refresh_token', refreshTokenDefaults(application.kind), stored),
  }
}

const withDefaults = (field: string, defaults: object, stored: Record<string, unknown>) =>
  typeof stored[field] === 'object' ? { [field]: { ...defaults, ...stored[field] } } : {}
