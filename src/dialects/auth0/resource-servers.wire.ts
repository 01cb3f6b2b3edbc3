import Type, { type Static } from 'typebox'
import type { ApiWithPermissions } from '#core/apis/api.ts'
import { managementApiId } from '#core/apis/built-in.ts'
import type { CreateApi } from '#core/apis/create.ts'
import type { UpdateApi } from '#core/apis/update.ts'
import type { JsonObject } from '#core/json.ts'
import { equal, every, type Filter } from '#core/listing.ts'
import { DomainError } from '#core/refusals.ts'
import { decodeApiIdentifier, encodeApiIdentifier, type Issuers } from './api-identifiers.ts'
import { present } from './extensions.ts'
import { PageQuery } from './paging.ts'

const nullable = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])

/** The vendor's own examples send the text `"true"`, so that its clients do. */
const Flag = Type.Union([Type.Boolean(), Type.Literal('true'), Type.Literal('false')])
const decodeFlag = (flag: Static<typeof Flag>): boolean => flag === true || flag === 'true'

const Lifetime = Type.Integer({ minimum: 0, maximum: 2_592_000 })
const Anything = Type.Object({}, { additionalProperties: true })

const Scope = Type.Object(
  {
    value: Type.String({ minLength: 1, maxLength: 280, description: 'Value of this scope.' }),
    description: Type.Optional(Type.String({ maxLength: 500 })),
  },
  { additionalProperties: false },
)

const policy = <const Names extends string[]>(names: [...Names]) =>
  Type.Optional(Type.Object({ policy: Type.Optional(Type.Enum(names)) }, { additionalProperties: false }))

const SubjectTypes = Type.Object(
  {
    user: policy(['allow_all', 'deny_all', 'require_client_grant']),
    client: policy(['deny_all', 'require_client_grant']),
  },
  { additionalProperties: false },
)

/** What this dialect alone knows of an API. */
const extended = {
  skip_consent_for_verifiable_first_party_clients: Type.Optional(Flag),
  allow_online_access: Type.Optional(Flag),
  allow_online_access_with_ephemeral_sessions: Type.Optional(Flag),
  token_encryption: Type.Optional(nullable(Anything)),
  consent_policy: Type.Optional(nullable(Type.Literal('transactional-authorization-with-mfa'))),
  authorization_details: Type.Optional(nullable(Type.Array(Anything))),
  proof_of_possession: Type.Optional(nullable(Anything)),
  authorization_policy: Type.Optional(nullable(Anything)),
  subject_type_authorization: Type.Optional(SubjectTypes),
  rolecall_roles_claim: Type.Optional(
    nullable(
      Type.String({
        maxLength: 200,
        pattern: '^https?://[^\\s]+$',
        description:
          'The claim of access tokens, in a namespace, that holds the names of the user’s roles. Rolecall’s own.',
      }),
    ),
  ),
}

const settings = {
  name: Type.Optional(
    Type.String({
      maxLength: 200,
      pattern: '^[^<>]+$',
      description: 'Friendly name for this resource server.',
    }),
  ),
  scopes: Type.Optional(
    Type.Array(Scope, { maxItems: 1000, description: 'List of permissions (scopes) of this API.' }),
  ),
  signing_alg: Type.Optional(Type.Enum(['HS256', 'RS256', 'RS512', 'PS256', 'ES256'])),
  signing_secret: Type.Optional(Type.String({ minLength: 16 })),
  allow_offline_access: Type.Optional(Flag),
  token_lifetime: Type.Optional(Lifetime),
  token_lifetime_for_web: Type.Optional(Lifetime),
  token_dialect: Type.Optional(
    Type.Enum(['access_token', 'access_token_authz', 'rfc9068_profile', 'rfc9068_profile_authz']),
  ),
  enforce_policies: Type.Optional(Flag),
  ...extended,
}

export const NewResourceServer = Type.Object(
  {
    identifier: Type.String({ minLength: 1, maxLength: 600, description: 'Unique identifier for the API.' }),
    ...settings,
  },
  { additionalProperties: false },
)

export const ResourceServerChanges = Type.Object(settings, { additionalProperties: false })

/** @see specs: §1.7 of the Auth0 dialect */
export const WireResourceServer = Type.Object({
  id: Type.String(),
  name: Type.String(),
  identifier: Type.String(),
  is_system: Type.Optional(Type.Boolean()),
  scopes: Type.Optional(
    Type.Array(Type.Object({ value: Type.String(), description: Type.Optional(Type.String()) })),
  ),
  signing_alg: Type.String(),
  allow_offline_access: Type.Boolean(),
  token_lifetime: Type.Integer(),
  token_lifetime_for_web: Type.Integer(),
  token_dialect: Type.Optional(Type.String()),
  enforce_policies: Type.Optional(Type.Boolean()),
  skip_consent_for_verifiable_first_party_clients: Type.Boolean(),
  allow_online_access: Type.Optional(Type.Boolean()),
  allow_online_access_with_ephemeral_sessions: Type.Optional(Type.Boolean()),
  token_encryption: Type.Optional(Anything),
  consent_policy: Type.Optional(Type.String()),
  authorization_details: Type.Optional(Type.Array(Anything)),
  proof_of_possession: Type.Optional(Anything),
  authorization_policy: Type.Optional(Anything),
  subject_type_authorization: SubjectTypes,
  rolecall_roles_claim: Type.Optional(Type.String()),
})

export const ResourceServerQuery = Type.Object({
  ...PageQuery,
  identifiers: Type.Optional(
    Type.Array(Type.String(), {
      maxItems: 10,
      description: 'An optional filter on the resource server identifier.',
    }),
  ),
  include_fields: Type.Optional(Type.Boolean()),
})

/** Rolecall's own APIs, and those of other dialects, are no more listed than its built-in roles: clients try to change what they list. */
export const resourceServerFilter = (
  { identifiers }: Static<typeof ResourceServerQuery>,
  issuers: Issuers,
): Filter | undefined =>
  every(
    { any: [equal('isBuiltIn', false), equal('id', managementApiId)] },
    identifiers && {
      field: 'identifier',
      in: identifiers.map((identifier) => decodeApiIdentifier(identifier, issuers)),
    },
  )

type Settings = Static<typeof ResourceServerChanges>

const flags = [
  'skip_consent_for_verifiable_first_party_clients',
  'allow_online_access',
  'allow_online_access_with_ephemeral_sessions',
] as const

const decodeExtensions = (body: Settings): JsonObject => {
  const given = Object.keys(extended).filter((key) => body[key as keyof Settings] !== undefined)
  const fields = given.map((key) => [key, body[key as keyof Settings]] as const)
  const decoded = flags.flatMap((flag) => {
    const value = body[flag]
    return value === undefined ? [] : [[flag, decodeFlag(value)] as const]
  })
  return Object.fromEntries([...fields, ...decoded]) as JsonObject
}

const decodeSettings = (body: Settings) => {
  // Nothing here signs with a shared secret, and a secret that is kept for nothing can only leak.
  if (body.signing_secret !== undefined)
    throw new DomainError({ code: 'unsupported', what: 'signing_secret' })
  const { name, signing_alg, token_lifetime, token_lifetime_for_web, token_dialect } = body
  const { allow_offline_access, enforce_policies } = body
  const extensions = decodeExtensions(body)
  return {
    ...(name !== undefined && { name }),
    ...(signing_alg !== undefined && { signingAlgorithm: signing_alg }),
    ...(token_lifetime !== undefined && { tokenLifetimeSeconds: token_lifetime }),
    ...(token_lifetime_for_web !== undefined && { webTokenLifetimeSeconds: token_lifetime_for_web }),
    ...(token_dialect !== undefined && { tokenDialect: token_dialect }),
    ...(allow_offline_access !== undefined && { allowsOfflineAccess: decodeFlag(allow_offline_access) }),
    ...(enforce_policies !== undefined && { enforcesPermissions: decodeFlag(enforce_policies) }),
    ...(Object.keys(extensions).length > 0 && { extensions: { auth0: extensions } }),
  }
}

const decodeScopes = ({ scopes }: Settings) =>
  scopes && { permissions: scopes.map(({ value, description = '' }) => ({ name: value, description })) }

export const decodeNewResourceServer = (
  { identifier, ...body }: Static<typeof NewResourceServer>,
  issuers: Issuers,
): CreateApi => {
  const { extensions, ...decoded } = decodeSettings(body)
  return {
    identifier: decodeApiIdentifier(identifier, issuers),
    ...decoded,
    ...(extensions && { extensions: { auth0: present(extensions.auth0) } }),
    ...decodeScopes(body),
  }
}

export const decodeResourceServerChanges = (api: string, body: Settings): UpdateApi => ({
  api,
  changes: decodeSettings(body),
  ...decodeScopes(body),
})

export const encodeResourceServer = (
  { permissions, ...api }: ApiWithPermissions,
  issuer: string,
): Static<typeof WireResourceServer> => ({
  skip_consent_for_verifiable_first_party_clients: false,
  subject_type_authorization: { user: { policy: 'allow_all' }, client: { policy: 'require_client_grant' } },
  ...(api.extensions.auth0 as Partial<Static<typeof WireResourceServer>>),
  id: api.id,
  name: api.name,
  identifier: encodeApiIdentifier(api, issuer),
  ...(api.isBuiltIn && { is_system: true }),
  ...(permissions.length > 0 && { scopes: permissions.map(encodeScope) }),
  signing_alg: api.signingAlgorithm,
  allow_offline_access: api.allowsOfflineAccess,
  token_lifetime: api.tokenLifetimeSeconds,
  token_lifetime_for_web: api.webTokenLifetimeSeconds,
  ...(api.tokenDialect !== undefined && { token_dialect: api.tokenDialect }),
  ...(api.enforcesPermissions !== undefined && { enforce_policies: api.enforcesPermissions }),
})

const encodeScope = ({ name, description }: { name: string; description: string }) => ({
  value: name,
  ...(description !== '' && { description }),
})
