import type { Extensions, JsonObject } from '../json.ts'
import type { Scope, ScopeKind } from '../scope.ts'

/** A person or a bot. Instants are milliseconds since 1970; what is absent was never given. */
export type User = {
  /** Small integer for dialects that need one; never reused. */
  number: number
  id: string
  kind: 'person' | 'bot'
  username?: string
  email?: string
  isEmailVerified: boolean
  phone?: string
  isPhoneVerified?: boolean
  name?: string
  givenName?: string
  familyName?: string
  nickname?: string
  picture?: string
  /** Unset until somebody sets it, which some dialects can tell from false. */
  isBlocked?: boolean
  /** He registered then, and can not sign in before somebody lets him in. Absent when nobody has to, or did. */
  approvalAskedAt?: number
  /** He can not sign in before his e-mail address is confirmed. */
  needsConfirmedEmail?: boolean
  /** The connection whose password this is; absent for people who only sign in through another provider. */
  connectionId?: string
  passwordHash?: string
  passwordChangedAt?: number
  /** Of passwords before this one, the newest first, where the connection asks that none of them comes back. */
  formerPasswordHashes?: readonly string[]
  userMetadata: JsonObject
  appMetadata: JsonObject
  /** Moves with every change of the roles and permissions assigned to the user: the `ETag` of his role set. */
  rolesVersion: number
  loginsCount: number
  lastLoginAt?: number
  lastIp?: string
  createdAt: number
  updatedAt: number
  extensions: Extensions
}

/** How a user is known to a provider. The password of our own connections has none; it is the user's own. */
export type Identity = {
  userId: string
  provider: string
  /** The provider's id of the person. */
  subject: string
  connectionName: string
  isSocial: boolean
  profile: JsonObject
  createdAt: number
}

/**
 * The field of user lists that says until when such a role is assigned to the user, in milliseconds since 1970; very
 * far ahead when it does not expire. A user whom no active role of that kind is assigned to has no such field.
 */
export const assignedUntil = (held: Held): string => `${assignedUntilPrefix}${JSON.stringify(held)}`

/** In just this scope, or in any of a kind. */
type Held = { roleId?: string; scope?: Scope; scopeKind?: ScopeKind }

export const parseAssignedUntil = (field: string): Held | undefined =>
  field.startsWith(assignedUntilPrefix) ? JSON.parse(field.slice(assignedUntilPrefix.length)) : undefined

const assignedUntilPrefix = 'assignedRoles.until '

/** E-mail addresses and user names are the same person's whatever their letter case. */
export const caseKey = (text: string): string => text.normalize('NFC').toLowerCase()

/** Applies a metadata patch one level deep: given keys replace, `null` removes, nested values are replaced whole. */
export const mergeMetadata = (current: JsonObject, patch: JsonObject): JsonObject => {
  const merged = { ...current }
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key]
    else merged[key] = value
  }
  return merged
}
