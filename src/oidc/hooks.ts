import type { Api } from '#core/apis/api.ts'
import type { JsonObject } from '#core/json.ts'
import type { Organization } from '#core/organizations/organization.ts'
import type { UserWithIdentities } from '#core/users/read.ts'

/**
 * What happens between "it is proven who this is" and the tokens: scripts that may deny, add claims, change scopes, and
 * give roles on the side. Tokens are worked out after it.
 */
export type PostLogin = {
  /** Also called for refreshed tokens and silent sign-ins, where nobody proved anything anew. */
  runPostLogin(context: PostLoginContext): Promise<PostLoginOutcome>
  /** Before an application gets a token for itself; it may deny, add claims, and choose among what was granted. */
  runCredentialsExchange?(context: ExchangeContext): Promise<ExchangeOutcome>
}

export type ExchangeContext = {
  application: { id: string; name: string; metadata: JsonObject }
  api: Pick<Api, 'id' | 'identifier'>
  /** What the token would carry. */
  scopes: readonly string[]
  requestedScopes: readonly string[]
  request: PostLoginContext['request']
}

export type ExchangeOutcome =
  | { ok: true; changes: Pick<TokenChanges, 'accessTokenClaims' | 'addedScopes' | 'removedScopes'> }
  /** `code` is the error that the client is told, where the script chose one. */
  | { ok: false; reason: string; code?: string }

export type PostLoginContext = {
  /** As he is now, this sign-in counted. */
  user: UserWithIdentities
  application: { id: string; name: string; kind: string; metadata: JsonObject }
  connectionName?: string | undefined
  organization?: Organization | undefined
  /** What the access token is for; absent when it is for `/userinfo` alone. */
  api?: Pick<Api, 'id' | 'identifier'> | undefined
  /** In the vendor's words: `oidc-basic-profile`, `oauth2-refresh-token`, … */
  protocol: Protocol
  requestedScopes: readonly string[]
  /** How and when it was proven; `pwd`, `passkey`, `mfa`, … ; milliseconds since 1970. */
  methods: readonly { name: string; at: number }[]
  sessionId?: string | undefined
  request: {
    ip?: string | undefined
    userAgent?: string | undefined
    hostname: string
    method: 'GET' | 'POST'
    /** Never holds a secret. */
    query: Readonly<Record<string, string>>
  }
  /** Parameters of the request to `/authorize`, where there was one. */
  parameters: Readonly<Record<string, string>>
}

export type Protocol =
  | 'oidc-basic-profile'
  | 'oidc-implicit-profile'
  | 'oidc-hybrid-profile'
  | 'oauth2-password'
  | 'oauth2-refresh-token'
  | 'oauth2-device-code'
  | 'oauth2-passwordless'

export type PostLoginOutcome =
  | { ok: true; changes: TokenChanges }
  /** `reason` is what the client is told; with `revokesSession` what he has so far ends as well. */
  | { ok: false; reason: string; revokesSession?: boolean }

/** Kept beside what was granted, and applied to each token that comes of it. */
export type TokenChanges = {
  accessTokenClaims: JsonObject
  idTokenClaims: JsonObject
  addedScopes: string[]
  removedScopes: string[]
}

export const noChanges: TokenChanges = {
  accessTokenClaims: {},
  idTokenClaims: {},
  addedScopes: [],
  removedScopes: [],
}

/** Nobody attached anything. */
export const noPostLogin: PostLogin = { runPostLogin: async () => ({ ok: true, changes: noChanges }) }
