import { command, query } from '../operation.ts'
import { found } from '../refusals.ts'
import { dropSecondFactors } from '../second-factors/manage.ts'
import { requireMayActAs } from './rules.ts'

/**
 * NOTE: no application holds a refresh token yet. These operations are where they will be seen and end; until then they
 * only say whether there is such a user.
 */

/** The applications that hold a refresh token of somebody. @throws not_found */
export const listRefreshTokens = query<{ userId: string }, never[]>({
  name: 'list refresh tokens of user',
  needs: 'sessions:read',
  self: ({ userId }) => userId,
  run: async ({ users }, { userId }) => {
    found(await users.find(userId), 'user', userId)
    return []
  },
})

/** Takes every refresh token from the applications that hold one of somebody. @throws not_found */
export const endRefreshTokens = command<{ userId: string }, void>({
  name: 'end refresh tokens of user',
  needs: 'sessions:delete',
  self: ({ userId }) => userId,
  run: async ({ users }, { userId }) => {
    found(await users.find(userId), 'user', userId)
  },
})

/** Forgets how somebody proves more than a password, or the browsers he need not prove it in. @throws not_found */
export const forgetSecondFactors = command<{ userId: string; what: 'factors' | 'browsers' }, void>({
  name: 'forget second factors of user',
  needs: 'users:update',
  run: async (tx, { userId, what }, actor) => {
    found(await tx.users.find(userId), 'user', userId)
    // No browser is ever remembered: a second factor is asked for at every sign-in.
    if (what === 'browsers') return
    await requireMayActAs(tx, actor, userId)
    await dropSecondFactors(tx, userId)
  },
})
