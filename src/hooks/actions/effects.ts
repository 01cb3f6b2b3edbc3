import { builtInApiIds } from '#core/apis/built-in.ts'
import type { HookFailure } from '#core/hooks/hook.ts'
import type { JsonObject } from '#core/json.ts'
import type { ActionIntent } from '../flavours/intents.ts'

/** What the Actions of one run want, put together. Later ones win. */
export type Effects = {
  idTokenClaims: JsonObject
  accessTokenClaims: JsonObject
  addedScopes: string[]
  removedScopes: string[]
  userMetadata: JsonObject
  appMetadata: JsonObject
  /** What later Actions see as the transaction's. */
  transactionMetadata: JsonObject
  rolesGiven: { role: string; hookId: string }[]
  rolesTaken: { role: string; hookId: string }[]
  revokesSession: boolean
  denied?: { reason: string; userMessage?: string; code?: string }
}

export const noEffects = (): Effects => ({
  idTokenClaims: {},
  accessTokenClaims: {},
  addedScopes: [],
  removedScopes: [],
  userMetadata: {},
  appMetadata: {},
  transactionMetadata: {},
  rolesGiven: [],
  rolesTaken: [],
  revokesSession: false,
})

export type CacheEntry = { value: string; expires_at: number }
export type Cache = Map<string, CacheEntry>

/**
 * What a token says by itself; nobody's script may say otherwise.
 * @see RFC 7519 §4.1, RFC 9068 §2.2, OpenID Connect Core 1.0 §2
 */
const reservedClaims: ReadonlySet<string> = new Set([
  ...['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'azp', 'client_id', 'scope', 'permissions', 'gty'],
  ...[
    'nonce',
    'acr',
    'amr',
    'auth_time',
    'at_hash',
    'c_hash',
    's_hash',
    'sid',
    'org_id',
    'org_name',
    'cnf',
    'act',
  ],
])

export type Applying = {
  hookId: string
  /** Whether the script may give roles: it runs with the system's rights, as its author could. */
  runsAs: 'system' | 'caller'
  apiId?: string | undefined
  cache: Cache
  log(text: string): void
}

/**
 * Takes an intent up. What can't be had is a failure of the script, not something to pass over in silence.
 * @returns why not
 */
export const take = (effects: Effects, intent: ActionIntent, applying: Applying): HookFailure | undefined => {
  switch (intent.type) {
    case 'access.deny':
      effects.denied ??= {
        reason: intent.reason,
        ...(intent.userMessage !== undefined && { userMessage: intent.userMessage }),
        ...(intent.code !== undefined && { code: intent.code }),
      }
      return undefined
    case 'validation.error':
      effects.denied ??= { reason: intent.message, userMessage: intent.message, code: intent.code }
      return undefined
    case 'accessToken.setCustomClaim':
    case 'idToken.setCustomClaim': {
      if (reservedClaims.has(intent.name)) {
        applying.log(`The claim ${intent.name} is not a script's to set; it was passed over.`)
        return undefined
      }
      const claims =
        intent.type === 'idToken.setCustomClaim' ? effects.idTokenClaims : effects.accessTokenClaims
      if (intent.value === undefined) delete claims[intent.name]
      else claims[intent.name] = intent.value
      return undefined
    }
    case 'accessToken.addScope':
      // These scopes are rights in Rolecall itself: a script would hand on what nobody gave.
      if (applying.apiId !== undefined && builtInApiIds.includes(applying.apiId))
        return unsupported(`accessToken.addScope for an API of this server's own`)
      effects.removedScopes = effects.removedScopes.filter((scope) => scope !== intent.scope)
      if (!effects.addedScopes.includes(intent.scope)) effects.addedScopes.push(intent.scope)
      return undefined
    case 'accessToken.removeScope':
      effects.addedScopes = effects.addedScopes.filter((scope) => scope !== intent.scope)
      if (!effects.removedScopes.includes(intent.scope)) effects.removedScopes.push(intent.scope)
      return undefined
    case 'user.setAppMetadata':
      effects.appMetadata[intent.name] = intent.value
      return undefined
    case 'user.setUserMetadata':
      effects.userMetadata[intent.name] = intent.value
      return undefined
    case 'transaction.setMetadata':
      effects.transactionMetadata[intent.name] = intent.value
      return undefined
    case 'cache.set':
      applying.cache.set(intent.key, { value: intent.value, expires_at: intent.expiresAt })
      return undefined
    case 'cache.delete':
      applying.cache.delete(intent.key)
      return undefined
    case 'session.revoke':
    case 'refreshToken.revoke':
      effects.revokesSession = true
      effects.denied ??= { reason: intent.reason ?? 'The session was revoked.' }
      return undefined
    case 'transaction.setTargetScopes':
      effects.removedScopes = ['*']
      effects.addedScopes = [...intent.scopes]
      return undefined
    case 'transaction.addTargetScope':
      if (!effects.addedScopes.includes(intent.scope)) effects.addedScopes.push(intent.scope)
      return undefined
    case 'transaction.removeTargetScope':
      effects.addedScopes = effects.addedScopes.filter((scope) => scope !== intent.scope)
      if (!effects.removedScopes.includes(intent.scope)) effects.removedScopes.push(intent.scope)
      return undefined
    case 'user.assignRole':
    case 'user.removeRole': {
      if (applying.runsAs !== 'system')
        return unsupported(`${intent.type} for a hook that does not run as the system`)
      const list = intent.type === 'user.assignRole' ? effects.rolesGiven : effects.rolesTaken
      list.push({ role: intent.role, hookId: applying.hookId })
      return undefined
    }
    case 'session.setCookieMode':
    case 'redirect.sendUserTo':
    case 'authentication.recordMethod':
    case 'authentication.setPrimaryUser':
    case 'session.setExpiresAt':
    case 'session.setIdleExpiresAt':
    case 'refreshToken.setExpiresAt':
    case 'refreshToken.setIdleExpiresAt':
    case 'session.setMetadata':
    case 'refreshToken.setMetadata':
    case 'session.deleteMetadata':
    case 'refreshToken.deleteMetadata':
    case 'session.evictMetadata':
    case 'refreshToken.evictMetadata':
      return unsupported(intent.type)
    default:
      return intent satisfies never
  }
}

const unsupported = (what: string): HookFailure => ({
  kind: 'unsupported',
  message: `api.${what} is not supported by this server`,
})
