import type { Actor } from '../actor.ts'
import { changesTo, sameValue } from '../changes.ts'
import { type Connection, databaseStrategy } from '../connections/connection.ts'
import type { JsonObject } from '../json.ts'
import { command } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import { requireAnotherAdministrator, requireOtherOwners } from '../roles/rules.ts'
import { applyRules } from '../rules/apply.ts'
import { requireRecentProof } from '../second-factors/recent-proof.ts'
import { dropSessions } from '../sessions/end.ts'
import type { Tx } from '../store.ts'
import { isSameAddress, mailTicket, type PreparedMail, prepareTicketMail } from '../tickets/mail.ts'
import {
  formerOnceChanged,
  isFormerPassword,
  type NewPassword,
  prepareNewPassword,
} from './password-history.ts'
import { requireStrongPassword } from './password-policy.ts'
import { attachIdentities, type UserWithIdentities } from './read.ts'
import { requireEmailFree, requireMayActAs, requireMetadata, requireUsernameFree } from './rules.ts'
import { caseKey, mergeMetadata, type User } from './user.ts'

const clearable = [
  'email',
  'username',
  'phone',
  'isPhoneVerified',
  'name',
  'givenName',
  'familyName',
  'nickname',
  'picture',
  'isBlocked',
] as const
const changeable = [...clearable, 'isEmailVerified', 'extensions'] as const

export type UpdateUser = {
  userId: string
  /** An undefined value clears the field. */
  changes?: { [Field in (typeof changeable)[number]]?: User[Field] | undefined }
  /** Must be as strong as the policy of the user's connection asks. */
  password?: string
  /** As in `CreateUser`. */
  anyPassword?: boolean
  /** The least length that the caller's dialect asks for by itself: see `requireStrongPassword`. */
  leastPasswordLength?: number
  /** With a new password everybody who is signed in as the user is signed out, but not here. */
  keepSessionId?: string
  /** The connection whose sign-in is changed; whoever has none yet gets the password there. */
  connectionName?: string
  /** Mail a link that confirms it to a new address, in the name of the application. */
  asksToConfirm?: { applicationId?: string }
  /** Refuse to change how somebody signs in whom only another provider knows. */
  ownSignInOnly?: boolean
  /** Merged one level deep: `null` removes a key. An empty patch empties the whole. */
  userMetadata?: JsonObject
  appMetadata?: JsonObject
}

/**
 * Changes the given fields. How somebody signs in is changed only by those who may do what he may. A new address or
 * number counts as not verified until somebody says otherwise.
 * @throws not_found, taken, invalid, weak_password, unsupported, cannot_grant, proof_needed for who changes how he
 *   himself signs in, last_administrator and last_owner when the only one would be blocked
 */
export const updateUser = command<
  UpdateUser,
  UserWithIdentities,
  { newPassword?: NewPassword; confirmation?: PreparedMail }
>({
  name: 'update user',
  needs: 'users:update',
  prepare: async ({ userId, password, asksToConfirm, changes }, services, reader) => ({
    ...(password !== undefined && {
      newPassword: await prepareNewPassword(reader, services, await reader.users.find(userId), password),
    }),
    ...(asksToConfirm && { confirmation: prepareTicketMail(services, 'verify-email', changes?.email) }),
  }),
  run: async (tx, input, actor, { newPassword, confirmation }) => {
    const before = confirmation && (await tx.users.find(input.userId))
    const user = await changeUser(tx, input, actor, newPassword)
    const isMoved = user.email !== undefined && !isSameAddress(before?.email, user.email)
    if (confirmation && isMoved && !user.isEmailVerified && user.isBlocked !== true) {
      await mailTicket(tx, user, 'verify-email', confirmation, input.asksToConfirm ?? {})
    }
    return user
  },
})

/** Changes only what applications keep about a user, for callers who may do no more. @throws not_found, invalid */
export const updateAppMetadata = command<{ userId: string; appMetadata: JsonObject }, UserWithIdentities>({
  name: 'update app metadata of user',
  needs: ['users:update-metadata', 'users:update'],
  run: (tx, { userId, appMetadata }, actor) => changeUser(tx, { userId, appMetadata }, actor),
})

/** Changes what a person keeps about himself. @throws not_found, invalid */
export const updateUserMetadata = command<{ userId: string; userMetadata: JsonObject }, UserWithIdentities>({
  name: 'update user metadata of user',
  needs: 'users:update',
  self: ({ userId }) => userId,
  run: (tx, { userId, userMetadata }, actor) => changeUser(tx, { userId, userMetadata }, actor),
})

export const changeUser = async (
  tx: Tx,
  input: UpdateUser,
  actor: Actor,
  newPassword?: NewPassword,
): Promise<UserWithIdentities> => {
  const { userId } = input
  const passwordHash = newPassword?.hash
  const user = found(await tx.users.find(userId), 'user', userId)
  const changes: Partial<User> = changesTo(user, input.changes ?? {}, changeable, clearable)
  if (changes.email !== undefined) await requireEmailFree(tx, changes.email, userId)
  if (changes.username !== undefined) await requireUsernameFree(tx, changes.username, userId)
  const switched = 'isBlocked' in changes && (changes.isBlocked === true) !== (user.isBlocked === true)
  if (switched && changes.isBlocked) {
    await requireAnotherAdministrator(tx, userId)
    await requireOtherOwners(tx, userId)
  }
  if (passwordHash !== undefined || 'email' in changes || 'phone' in changes) {
    await requireMayActAs(tx, actor, userId)
    // Other dialects ask for proofs of their own: the password as it is, or a code.
    if (actor.door === 'native') requireRecentProof(actor, userId, tx.now())
  }
  Object.assign(changes, unproven(user, changes, input))
  for (const field of ['userMetadata', 'appMetadata'] as const) {
    const patch = input[field]
    if (patch === undefined) continue
    const merged = Object.keys(patch).length === 0 ? {} : mergeMetadata(user[field], patch)
    requireMetadata(field, merged)
    if (!sameValue(merged, user[field])) changes[field] = merged
  }
  const changed = Object.keys(changes).filter((field) => !(switched && field === 'isBlocked'))
  const connection = await requireSignIn(tx, user, input)
  if (newPassword) {
    if (connection && !input.anyPassword) {
      requireStrongPassword(input.password ?? '', connection, input.leastPasswordLength, {
        isCommon: tx.isCommonPassword,
        person: { ...user, ...changes },
        isFormer: isFormerPassword(user, connection, newPassword),
      })
    }
    const formerPasswordHashes = connection && formerOnceChanged(user, connection)
    Object.assign(changes, { passwordHash, passwordChangedAt: tx.now(), formerPasswordHashes })
    if (connection && user.connectionId === undefined) changes.connectionId = connection.id
  }
  if (Object.keys(changes).length === 0) return complete(tx, user)
  const written = { ...changes, updatedAt: tx.now() }
  await tx.users.update(userId, written)
  if (passwordHash !== undefined) await tx.emit({ type: 'user.password-changed', userId })
  const signsOut = passwordHash !== undefined || (switched && changes.isBlocked === true)
  if (signsOut) await dropSessions(tx, { userId, exceptId: input.keepSessionId })
  if (switched) await tx.emit({ type: changes.isBlocked ? 'user.blocked' : 'user.unblocked', userId })
  if (changed.length > 0) await tx.emit({ type: 'user.updated', userId, data: { changed } })
  if (changed.length > 0) {
    await applyRules(tx, ['profile-change'], { ...user, ...written }, { door: actor.door })
  }
  return complete(tx, found(await tx.users.find(userId), 'user', userId))
}

const complete = async (tx: Tx, user: User): Promise<UserWithIdentities> =>
  (await attachIdentities(tx, [user]))[0]!

/** What was proven of the old address or number says nothing of a new one. */
const unproven = (user: User, changes: Partial<User>, { changes: given = {} }: UpdateUser): Partial<User> => {
  const isMoved = 'email' in changes && caseKey(changes.email ?? '') !== caseKey(user.email ?? '')
  const email = isMoved && user.isEmailVerified && given.isEmailVerified === undefined
  const phone = 'phone' in changes && user.isPhoneVerified && given.isPhoneVerified === undefined
  return { ...(email && { isEmailVerified: false }), ...(phone && { isPhoneVerified: false }) }
}

/**
 * The connection whose sign-in the input changes, if the user has or gets one.
 * @throws not_found, invalid for another's connection, unsupported
 */
const requireSignIn = async (
  tx: Tx,
  user: User,
  { connectionName, ownSignInOnly, password, changes = {} }: UpdateUser,
): Promise<Connection | undefined> => {
  const own = user.connectionId === undefined ? undefined : await tx.connections.find(user.connectionId)
  const named =
    connectionName === undefined
      ? undefined
      : found(await tx.connections.findBy({ name: connectionName }), 'connection', connectionName)
  const touches = password !== undefined || 'email' in changes || 'username' in changes
  if (!touches) return own
  if (own && named && own.id !== named.id) {
    const reason = 'The user does not sign in through this connection.'
    throw new DomainError({ code: 'invalid', field: 'connection', reason })
  }
  if (ownSignInOnly && !own && (await isKnownElsewhere(tx, user))) {
    throw new DomainError({ code: 'unsupported', what: 'changing how a user of another provider signs in' })
  }
  return own ?? (named?.strategy === databaseStrategy ? named : undefined)
}

/** Providers that prove an address or number are ours as well: they know nobody by any other account. */
const passwordless = ['email', 'sms']

const isKnownElsewhere = async (tx: Tx, user: User): Promise<boolean> => {
  if (user.passwordHash !== undefined) return false
  return (await tx.users.identities([user.id])).some(({ provider }) => !passwordless.includes(provider))
}
