import { LRUCache } from 'lru-cache'
import type { Application } from '#core/applications/application.ts'
import { secretContext } from '#core/applications/application.ts'
import type { Json, JsonObject } from '#core/json.ts'
import type { Sealer } from '#crypto/sealing.ts'
import { confidentialGrantTypes, grantTypes } from './grants.ts'

export const clientAuthMethods = ['client_secret_post', 'client_secret_basic', 'none'] as const

export type OpenSecret = (applicationId: string, sealedSecret: string) => string

const openedLimit = 1000

/** Opens secrets of applications, each once: the provider keeps its latest clients with their secrets anyway. */
export const createSecretOpener = (sealer: Pick<Sealer, 'open'>): OpenSecret => {
  const opened = new LRUCache<string, string>({ max: openedLimit })
  return (applicationId, sealedSecret) => {
    const key = `${applicationId} ${sealedSecret}`
    let secret = opened.get(key)
    if (secret === undefined) {
      secret = sealer.open(sealedSecret, secretContext(applicationId))
      opened.set(key, secret)
    }
    return secret
  }
}

/**
 * An application in the provider's terms, and under `rolecall` in ours. The provider checks addresses in ways of its
 * own and refuses a client for one that it doesn't like, so it is shown none of ours: `redirects.ts` decides.
 * @see OpenID Connect Dynamic Client Registration 1.0 §2
 */
export type ClientMetadata = {
  client_id: string
  client_name: string
  client_secret?: string
  token_endpoint_auth_method: string
  grant_types: string[]
  response_types: string[]
  redirect_uris: string[]
  rolecall: ClientFacts
}

/** What sign-in needs to know of an application. */
export type ClientFacts = {
  isFirstParty: boolean
  kind: string
  callbacks: readonly string[]
  allowedLogoutUrls: readonly string[]
  webOrigins: readonly string[]
  metadata: JsonObject
  idTokenSeconds: number
  refreshTokens: RefreshTokenSettings
  /** Whether people sign in for an organization: never, if they like, always. */
  organizations: 'deny' | 'allow' | 'require'
}

export type RefreshTokenSettings = {
  isRotating: boolean
  /** How long a replaced token may be used again, as by a client that never got the new one. */
  leewaySeconds: number
  /** From the sign-in on. */
  lifetimeSeconds: number
  /** From the last use on. */
  idleSeconds: number
}

/** Never asked for: what the provider wants to see registered. */
export const placeholderCallback = 'https://callback.invalid/'

const responseTypesOf = (grants: readonly string[]): string[] => [
  ...(grants.includes('authorization_code') ? ['code'] : []),
  ...(grants.includes('implicit') ? ['id_token', 'id_token token'] : []),
  ...(grants.includes('implicit') && grants.includes('authorization_code')
    ? ['code id_token', 'code token', 'code id_token token']
    : []),
]

/** All that the provider may be asked for, by whoever. */
export const responseTypes = [...responseTypesOf(['authorization_code', 'implicit']), 'none']

/**
 * An application in the provider's terms; undefined when it has no way to authenticate that we know. The provider
 * refuses one that should have a secret and has none.
 */
export const clientMetadata = (
  { id, sealedSecret, tokenEndpointAuthMethod: method, ...application }: Application,
  openSecret: OpenSecret,
): ClientMetadata | undefined => {
  const isPublic = method === 'none'
  if (!clientAuthMethods.some((known) => known === method)) return undefined
  const grants = application.grantTypes.filter(
    (grantType) => grantTypes.has(grantType) && !(isPublic && confidentialGrantTypes.has(grantType)),
  )
  const types = responseTypesOf(application.grantTypes)
  return {
    client_id: id,
    client_name: application.name,
    ...(!isPublic && sealedSecret !== undefined && { client_secret: openSecret(id, sealedSecret) }),
    token_endpoint_auth_method: method,
    grant_types: types.some((type) => type.includes('token')) ? [...grants, 'implicit'] : grants,
    response_types: types,
    redirect_uris: types.length > 0 ? [placeholderCallback] : [],
    rolecall: factsOf(application),
  }
}

const factsOf = (
  application: Omit<Application, 'id' | 'sealedSecret' | 'tokenEndpointAuthMethod'>,
): ClientFacts => {
  const { auth0 = {} } = application.extensions
  const origins = Array.isArray(auth0.allowed_origins) ? auth0.allowed_origins : []
  const { lifetime_in_seconds: idTokenSeconds } = objectOf(auth0.jwt_configuration)
  const usage = auth0.organization_usage
  return {
    isFirstParty: application.isFirstParty,
    kind: application.kind,
    callbacks: application.callbacks,
    allowedLogoutUrls: application.allowedLogoutUrls,
    webOrigins: [...application.webOrigins, ...origins.filter((each) => typeof each === 'string')],
    metadata: application.metadata,
    idTokenSeconds: positive(idTokenSeconds) ?? 36_000,
    refreshTokens: refreshTokensOf(application.kind, objectOf(auth0.refresh_token)),
    organizations: usage === 'require' || usage === 'deny' ? usage : 'allow',
  }
}

const objectOf = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}

const positive = (value: Json | undefined): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined

/** Long enough for "never". */
const tenYears = 315_576_000

/**
 * Who can keep no secret gets tokens that are replaced with each use and end. What is not set is as the Management API
 * shows it.
 * @see specs: §1.8 of the Auth0 dialect
 */
const refreshTokensOf = (kind: string, settings: JsonObject): RefreshTokenSettings => {
  const isPublic = kind === 'spa' || kind === 'native'
  const { rotation_type: rotation, expiration_type: expiration } = settings
  const isEndless = expiration === undefined ? !isPublic : expiration === 'non-expiring'
  const seconds = (name: string, otherwise: number): number =>
    (settings[`infinite_${name}`] ?? isEndless) === true ? tenYears : (positive(settings[name]) ?? otherwise)
  return {
    isRotating: rotation === undefined ? isPublic : rotation === 'rotating',
    leewaySeconds: positive(settings.leeway) ?? 0,
    lifetimeSeconds: seconds('token_lifetime', isPublic ? 2_592_000 : 31_557_600),
    idleSeconds: seconds('idle_token_lifetime', isPublic ? 1_296_000 : 2_592_000),
  }
}
