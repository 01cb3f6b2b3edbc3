import { command, query } from '../operation.ts'
import { found } from '../refusals.ts'
import { blocksOf, forgetIdentifier } from '../sign-in/attempts.ts'
import type { Reader } from '../store.ts'
import type { User } from './user.ts'

/** Somebody may not try to sign in as this user, from this address, for a while: too many attempts failed. */
export type UserBlock = { identifier: string; ip?: string }

/** @throws not_found */
export const listUserBlocks = query<{ userId: string }, UserBlock[]>({
  name: 'list blocks of user',
  needs: 'users:read',
  run: async (reader, { userId }) => {
    const user = found(await reader.users.find(userId), 'user', userId)
    return shown(reader, identifiersOf(user))
  },
})

/** By what somebody tries to sign in with, whether or not any user has it. */
export const findUserBlocks = query<{ identifier: string }, UserBlock[]>({
  name: 'find blocks by identifier',
  needs: 'users:read',
  run: (reader, { identifier }) => shown(reader, [identifier]),
})

/** Lets somebody try again at once. @throws not_found */
export const removeUserBlocks = command<{ userId: string }, void>({
  name: 'remove blocks of user',
  needs: 'users:update',
  run: async (tx, { userId }) => {
    const user = found(await tx.users.find(userId), 'user', userId)
    for (const identifier of identifiersOf(user)) await forgetIdentifier(tx, identifier)
  },
})

/** By what somebody tries to sign in with; tells nothing of whether anybody has it. */
export const removeBlocksByIdentifier = command<{ identifier: string }, void>({
  name: 'remove blocks by identifier',
  needs: 'users:update',
  run: (tx, { identifier }) => forgetIdentifier(tx, identifier),
})

/** Everything that somebody can sign in with as this user. */
const identifiersOf = ({ id, email, username }: User): string[] =>
  [id, email, username].filter((identifier) => identifier !== undefined)

const shown = async (reader: Reader, identifiers: readonly string[]): Promise<UserBlock[]> =>
  (await blocksOf(reader, identifiers)).map(({ identifier = '', ip }) => ({
    identifier,
    ...(ip !== undefined && { ip }),
  }))
