import { equal, every, type Filter, unlimited } from '../listing.ts'
import { query } from '../operation.ts'
import { found } from '../refusals.ts'
import type { User } from '../users/user.ts'
import { isLive, type Session, type ShownSession, withoutDigest } from './session.ts'

export type FoundSession = { session: ShownSession; user: User }

/**
 * Who a secret stands for at this door; undefined when it is unknown, ended or expired, or when the user is blocked.
 */
export const findSession = query<{ secret: string }, FoundSession | undefined>({
  name: 'find session',
  needs: { anyone: 'holds the secret of the session' },
  run: async (reader, { secret }, actor, { digest }) => {
    const session = await reader.sessions.findBy({ digest: digest(secret) })
    if (!session || session.door !== actor.door || !isLive(session, reader.now())) return undefined
    const user = await reader.users.find(session.userId)
    return user && user.isBlocked !== true ? { session: withoutDigest(session), user } : undefined
  },
})

export type SessionsOf = { userId: string; kinds?: readonly Session['kind'][] }

/** Where somebody is signed in, oldest first. @throws not_found */
export const listSessions = query<SessionsOf, ShownSession[]>({
  name: 'list sessions of user',
  needs: 'sessions:read',
  self: ({ userId }) => userId,
  run: async (reader, input) => {
    found(await reader.users.find(input.userId), 'user', input.userId)
    const { items } = await reader.sessions.list({ filter: sessionsOf(input), limit: unlimited })
    return items.filter((session) => isLive(session, reader.now())).map(withoutDigest)
  },
})

export const sessionsOf = ({ userId, kinds }: SessionsOf): Filter =>
  every(equal('userId', userId), kinds && { field: 'kind', in: kinds })!
