import type { JsonObject } from '../json.ts'
import { command } from '../operation.ts'
import { found } from '../refusals.ts'
import { requireAnotherAdministrator } from '../roles/rules.ts'
import type { Tx } from '../store.ts'
import { requireEmailFree, requireMetadata, requireUsernameFree } from './rules.ts'
import { mergeMetadata, type User } from './user.ts'

type Changeable = Pick<
  User,
  | 'email'
  | 'isEmailVerified'
  | 'username'
  | 'phone'
  | 'isPhoneVerified'
  | 'name'
  | 'givenName'
  | 'familyName'
  | 'nickname'
  | 'picture'
  | 'isBlocked'
  | 'extensions'
>

export type UpdateUser = {
  userId: string
  /** An undefined value clears the field. */
  changes?: { [Field in keyof Changeable]?: Changeable[Field] | undefined }
  password?: string
  /** Merged one level deep: `null` removes a key. An empty patch empties the whole. */
  userMetadata?: JsonObject
  appMetadata?: JsonObject
}

/** @throws not_found, taken, invalid, last_administrator when the only one would be blocked */
export const updateUser = command<UpdateUser, User, string | undefined>({
  name: 'update user',
  needs: 'users:update',
  prepare: async ({ password }, { passwords }) =>
    password === undefined ? undefined : passwords.hash(password),
  run: (tx, input, _actor, passwordHash) => changeUser(tx, input, passwordHash),
})

/** Changes only what applications keep about a user, for callers who may do no more. @throws not_found, invalid */
export const updateAppMetadata = command<{ userId: string; appMetadata: JsonObject }, User>({
  name: 'update app metadata of user',
  needs: ['users:update-metadata', 'users:update'],
  run: (tx, input) => changeUser(tx, input, undefined),
})

/** Changes what a person keeps about himself. @throws not_found, invalid */
export const updateUserMetadata = command<{ userId: string; userMetadata: JsonObject }, User>({
  name: 'update user metadata of user',
  needs: 'users:update',
  self: ({ userId }) => userId,
  run: (tx, input) => changeUser(tx, input, undefined),
})

const changeUser = async (tx: Tx, input: UpdateUser, passwordHash: string | undefined): Promise<User> => {
  const { userId, changes = {} } = input
  const user = found(await tx.users.find(userId), 'user', userId)
  if (changes.email !== undefined) await requireEmailFree(tx, changes.email, userId)
  if (changes.username !== undefined) await requireUsernameFree(tx, changes.username, userId)
  if (changes.isBlocked === true && user.isBlocked !== true) await requireAnotherAdministrator(tx, userId)
  const written: Partial<User> = { ...changes, updatedAt: tx.now() }
  for (const field of ['userMetadata', 'appMetadata'] as const) {
    const patch = input[field]
    if (patch === undefined) continue
    const merged = Object.keys(patch).length === 0 ? {} : mergeMetadata(user[field], patch)
    requireMetadata(field, merged)
    written[field] = merged
  }
  if (passwordHash !== undefined) Object.assign(written, { passwordHash, passwordChangedAt: tx.now() })
  const updated = { ...user, ...written }
  const changed = (Object.keys(written) as (keyof User)[]).filter(
    (field) => field !== 'updatedAt' && JSON.stringify(updated[field]) !== JSON.stringify(user[field]),
  )
  if (changed.length === 0) return user
  await tx.users.update(userId, written)
  const told = changed.filter((field) => field !== 'passwordHash' && field !== 'passwordChangedAt')
  if (passwordHash !== undefined) await tx.emit({ type: 'user.password-changed', userId })
  if (changed.includes('isBlocked')) {
    await tx.emit({ type: updated.isBlocked ? 'user.blocked' : 'user.unblocked', userId })
  }
  const rest = told.filter((field) => field !== 'isBlocked')
  if (rest.length > 0) await tx.emit({ type: 'user.updated', userId, data: { changed: rest } })
  return updated
}
