import type { Json, JsonObject } from '#core/json.ts'

/**
 * What an Action asked for, in the order in which it asked. Nothing of it has happened: whoever called the script checks
 * each and does it, or not.
 */
export type ActionIntent =
  /** Stops after this Action. `userMessage` where the trigger shows one to people. */
  | { type: 'access.deny'; reason: string; code?: string; userMessage?: string }
  | { type: 'validation.error'; code: string; message: string }
  /** A claim without a value is taken out. */
  | { type: 'accessToken.setCustomClaim' | 'idToken.setCustomClaim'; name: string; value?: Json }
  | { type: 'accessToken.addScope' | 'accessToken.removeScope'; scope: string }
  /** A null value deletes the key. */
  | { type: 'user.setAppMetadata' | 'user.setUserMetadata'; name: string; value: Json }
  | { type: 'cache.set'; key: string; value: string; expiresAt: number }
  | { type: 'cache.delete'; key: string }
  | { type: 'redirect.sendUserTo'; url: string }
  | { type: 'transaction.setMetadata'; name: string; value: Json }
  | { type: 'transaction.setTargetScopes'; scopes: string[] }
  | { type: 'transaction.addTargetScope' | 'transaction.removeTargetScope'; scope: string }
  | { type: 'authentication.recordMethod'; url: string }
  | { type: 'authentication.setPrimaryUser'; userId: string }
  | { type: 'session.revoke' | 'refreshToken.revoke'; reason?: string }
  | {
      type:
        | 'session.setExpiresAt'
        | 'session.setIdleExpiresAt'
        | 'refreshToken.setExpiresAt'
        | 'refreshToken.setIdleExpiresAt'
      at: number
    }
  | { type: 'session.setMetadata' | 'refreshToken.setMetadata'; name: string; value: Json }
  | { type: 'session.deleteMetadata' | 'refreshToken.deleteMetadata'; name: string }
  | { type: 'session.evictMetadata' | 'refreshToken.evictMetadata' }
  | { type: 'session.setCookieMode'; mode: 'persistent' | 'non-persistent' }
  /** Rolecall's own: gives the user a role, with the script's rights. */
  | { type: 'user.assignRole' | 'user.removeRole'; role: string }

type Field = 'text' | 'json' | 'number' | 'texts' | 'text?' | 'json?'

const fieldsOf: Readonly<Record<ActionIntent['type'], Readonly<Record<string, Field>>>> = {
  'access.deny': { reason: 'text', code: 'text?', userMessage: 'text?' },
  'validation.error': { code: 'text', message: 'text' },
  'accessToken.setCustomClaim': { name: 'text', value: 'json?' },
  'idToken.setCustomClaim': { name: 'text', value: 'json?' },
  'accessToken.addScope': { scope: 'text' },
  'accessToken.removeScope': { scope: 'text' },
  'user.setAppMetadata': { name: 'text', value: 'json' },
  'user.setUserMetadata': { name: 'text', value: 'json' },
  'cache.set': { key: 'text', value: 'text', expiresAt: 'number' },
  'cache.delete': { key: 'text' },
  'redirect.sendUserTo': { url: 'text' },
  'transaction.setMetadata': { name: 'text', value: 'json' },
  'transaction.setTargetScopes': { scopes: 'texts' },
  'transaction.addTargetScope': { scope: 'text' },
  'transaction.removeTargetScope': { scope: 'text' },
  'authentication.recordMethod': { url: 'text' },
  'authentication.setPrimaryUser': { userId: 'text' },
  'session.revoke': { reason: 'text?' },
  'session.setExpiresAt': { at: 'number' },
  'session.setIdleExpiresAt': { at: 'number' },
  'session.setMetadata': { name: 'text', value: 'json' },
  'session.deleteMetadata': { name: 'text' },
  'session.evictMetadata': {},
  'session.setCookieMode': { mode: 'text' },
  'refreshToken.revoke': { reason: 'text?' },
  'refreshToken.setExpiresAt': { at: 'number' },
  'refreshToken.setIdleExpiresAt': { at: 'number' },
  'refreshToken.setMetadata': { name: 'text', value: 'json' },
  'refreshToken.deleteMetadata': { name: 'text' },
  'refreshToken.evictMetadata': {},
  'user.assignRole': { role: 'text' },
  'user.removeRole': { role: 'text' },
}

const intentsLimit = 1000

/** Reads an Action's output: what it asked for, as far as it is of a form that anything could be done about. */
export const decodeIntents = (output: JsonObject): ActionIntent[] =>
  Array.isArray(output.intents)
    ? output.intents.slice(0, intentsLimit).flatMap((intent) => decodeIntent(intent))
    : []

const decodeIntent = (intent: Json): ActionIntent[] => {
  if (typeof intent !== 'object' || intent === null || Array.isArray(intent)) return []
  const fields = Object.hasOwn(fieldsOf, String(intent.type))
    ? fieldsOf[intent.type as ActionIntent['type']]
    : undefined
  if (!fields) return []
  const named = Object.entries(fields)
  if (!named.every(([name, field]) => fits(intent[name], field))) return []
  const kept = named.filter(([name]) => intent[name] !== undefined).map(([name]) => [name, intent[name]!])
  return [{ type: intent.type, ...Object.fromEntries(kept) } as ActionIntent]
}

const fits = (value: Json | undefined, field: Field): boolean => {
  if (field.endsWith('?') && value === undefined) return true
  if (field.startsWith('json')) return value !== undefined
  if (field === 'texts') return Array.isArray(value) && value.every((item) => typeof item === 'string')
  return field === 'number' ? typeof value === 'number' : typeof value === 'string'
}
