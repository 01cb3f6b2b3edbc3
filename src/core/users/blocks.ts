import { command, query } from '../operation.ts'
import { found } from '../refusals.ts'

/** Somebody may not try to sign in as this user, from this address, for a while: too many attempts failed. */
export type UserBlock = { identifier: string; ip?: string }

/** @throws not_found */
export const listUserBlocks = query<{ userId: string }, UserBlock[]>({
  name: 'list blocks of user',
  needs: 'users:read',
  run: async ({ users }, { userId }) => {
    found(await users.find(userId), 'user', userId)
    return blocks
  },
})

/** By what somebody tries to sign in with, whether or not any user has it. */
export const findUserBlocks = query<{ identifier: string }, UserBlock[]>({
  name: 'find blocks by identifier',
  needs: 'users:read',
  run: async () => blocks,
})

/** Lets somebody try again at once. @throws not_found */
export const removeUserBlocks = command<{ userId: string }, void>({
  name: 'remove blocks of user',
  needs: 'users:update',
  run: async ({ users }, { userId }) => {
    found(await users.find(userId), 'user', userId)
  },
})

/** By what somebody tries to sign in with; tells nothing of whether anybody has it. */
export const removeBlocksByIdentifier = command<{ identifier: string }, void>({
  name: 'remove blocks by identifier',
  needs: 'users:update',
  run: async () => {},
})

/** NOTE: nothing blocks yet. Sign-in will count failed attempts; these operations are where they are asked for. */
const blocks: UserBlock[] = []
