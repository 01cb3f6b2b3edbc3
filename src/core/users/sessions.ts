import { command } from '../operation.ts'
import { found } from '../refusals.ts'

/**
 * Signs a user out everywhere, or takes the refresh tokens that applications hold for him. @throws not_found
 *
 * NOTE: nobody has a session or a refresh token before people can sign in; this is where they will end.
 */
export const endSessions = command<{ userId: string; of: 'browsers' | 'applications' }, void>({
  name: 'end sessions of user',
  needs: 'users:update',
  self: ({ userId }) => userId,
  run: async ({ users }, { userId }) => {
    found(await users.find(userId), 'user', userId)
  },
})
