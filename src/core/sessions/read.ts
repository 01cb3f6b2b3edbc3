import type { Door } from '../actor.ts'
import { equal, every, type Filter, unlimited } from '../listing.ts'
import { query } from '../operation.ts'
import { found } from '../refusals.ts'
import type { Reader, UserStanding } from '../store.ts'
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
    const session = await liveSession(reader, digest(secret), actor.door)
    const user = session && (await knownUser(reader, session.userId))
    return user && user.isBlocked !== true ? { session: withoutDigest(session), user } : undefined
  },
})

export type KnownSession = { session: ShownSession; user: UserStanding & Pick<User, 'id'> }

/** The same, for doors that ask with every request and need to know little of the user. */
export const recogniseSession = query<{ secret: string }, KnownSession | undefined>({
  name: 'recognise session',
  needs: { anyone: 'holds the secret of the session' },
  run: async (reader, { secret }, { door }, { digest }) => {
    const session = await liveSession(reader, digest(secret), door)
    const user = session && (await reader.users.standing(session.userId))
    if (!user || user.isBlocked) return undefined
    return { session: withoutDigest(session), user: { ...user, id: session.userId } }
  },
})

/** Looked for with every request: kept until something is committed. */
const knownUser = (reader: Reader, userId: string): Promise<User | undefined> =>
  reader.recall(['user of session', userId], async () => ({
    value: await reader.users.find(userId),
    until: undefined,
  }))

const liveSession = async (
  { sessions, now }: Reader,
  digest: string,
  door: Door,
): Promise<Session | undefined> => {
  const session = await sessions.findBy({ digest })
  return session?.door === door && isLive(session, now()) ? session : undefined
}

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
