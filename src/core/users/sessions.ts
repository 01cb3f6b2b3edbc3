import { command, query } from '../operation.ts'
import { found } from '../refusals.ts'

/**
 * NOTE: nobody has a session, a refresh token or a second factor before people can sign in. These operations are where
 * they will be seen and end; until then they only say whether there is such a user.
 */

export type SessionKind = 'sessions' | 'refresh tokens'

/** Where somebody is signed in: by browser, or the applications that hold a refresh token. @throws not_found */
export const listSessions = query<{ userId: string; kind: SessionKind }, never[]>({
  name: 'list sessions of user',
  needs: 'sessions:read',
  self: ({ userId }) => userId,
  run: async ({ users }, { userId }) => {
    found(await users.find(userId), 'user', userId)
    return []
  },
})

/** Signs somebody out everywhere. @throws not_found */
export const endSessions = command<{ userId: string; kind: SessionKind }, void>({
  name: 'end sessions of user',
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
  run: async ({ users }, { userId }) => {
    found(await users.find(userId), 'user', userId)
  },
})
