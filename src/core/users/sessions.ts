import { command } from '../operation.ts'
import { found } from '../refusals.ts'

/** What is remembered of somebody's having signed in. */
export type SignInTrace = 'sessions' | 'refresh tokens' | 'second factors' | 'remembered browsers'

/**
 * Forgets that a user signed in, so that he has to do it again. @throws not_found
 *
 * NOTE: nothing is remembered before people can sign in; this is where it will be forgotten.
 */
export const forgetSignIn = command<{ userId: string; what: SignInTrace }, void>({
  name: 'forget sign-in of user',
  needs: 'users:update',
  run: async ({ users }, { userId }) => {
    found(await users.find(userId), 'user', userId)
  },
})
