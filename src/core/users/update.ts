import type { Actor } from '../actor.ts'
import { changesTo, sameValue } from '../changes.ts'
import type { JsonObject } from '../json.ts'
import { command } from '../operation.ts'
import { found } from '../refusals.ts'
import { requireAnotherAdministrator } from '../roles/rules.ts'
import type { Tx } from '../store.ts'
import { requireEmailFree, requireMayActAs, requireMetadata, requireUsernameFree } from './rules.ts'
import { mergeMetadata, type User } from './user.ts'

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
  password?: string
  /** Merged one level deep: `null` removes a key. An empty patch empties the whole. */
  userMetadata?: JsonObject
  appMetadata?: JsonObject
}

/**
 * Changes the given fields. How somebody signs in is changed only by those who may do what he may.
 * @throws not_found, taken, invalid, cannot_grant, last_administrator when the only one would be blocked
 */
export const updateUser = command<UpdateUser, User, string | undefined>({
  name: 'update user',
  needs: 'users:update',
  prepare: async ({ password }, { passwords }) =>
    password === undefined ? undefined : passwords.hash(password),
  run: (tx, input, actor, passwordHash) => changeUser(tx, input, actor, passwordHash),
})

/** Changes only what applications keep about a user, for callers who may do no more. @throws not_found, invalid */
export const updateAppMetadata = command<{ userId: string; appMetadata: JsonObject }, User>({
  name: 'update app metadata of user',
  needs: ['users:update-metadata', 'users:update'],
  run: (tx, { userId, appMetadata }, actor) => changeUser(tx, { userId, appMetadata }, actor),
})

/** Changes what a person keeps about himself. @throws not_found, invalid */
export const updateUserMetadata = command<{ userId: string; userMetadata: JsonObject }, User>({
  name: 'update user metadata of user',
  needs: 'users:update',
  self: ({ userId }) => userId,
  run: (tx, { userId, userMetadata }, actor) => changeUser(tx, { userId, userMetadata }, actor),
})

const changeUser = async (tx: Tx, input: UpdateUser, actor: Actor, passwordHash?: string): Promise<User> => {
  const { userId } = input
  const user = found(await tx.users.find(userId), 'user', userId)
  const changes: Partial<User> = changesTo(user, input.changes ?? {}, changeable, clearable)
  if (changes.email !== undefined) await requireEmailFree(tx, changes.email, userId)
  if (changes.username !== undefined) await requireUsernameFree(tx, changes.username, userId)
  const switched = 'isBlocked' in changes && (changes.isBlocked === true) !== (user.isBlocked === true)
  if (switched && changes.isBlocked) await requireAnotherAdministrator(tx, userId)
  if (passwordHash !== undefined || 'email' in changes || 'phone' in changes) {
    await requireMayActAs(tx, actor, userId)
  }
  for (const field of ['userMetadata', 'appMetadata'] as const) {
    const patch = input[field]
    if (patch === undefined) continue
    const merged = Object.keys(patch).length === 0 ? {} : mergeMetadata(user[field], patch)
    requireMetadata(field, merged)
    if (!sameValue(merged, user[field])) changes[field] = merged
  }
  const changed = Object.keys(changes).filter((field) => !(switched && field === 'isBlocked'))
  if (passwordHash !== undefined) Object.assign(changes, { passwordHash, passwordChangedAt: tx.now() })
  if (Object.keys(changes).length === 0) return user
  const written = { ...changes, updatedAt: tx.now() }
  await tx.users.update(userId, written)
  if (passwordHash !== undefined) await tx.emit({ type: 'user.password-changed', userId })
  if (switched) await tx.emit({ type: changes.isBlocked ? 'user.blocked' : 'user.unblocked', userId })
  if (changed.length > 0) await tx.emit({ type: 'user.updated', userId, data: { changed } })
  return { ...user, ...written }
}
