import { unlimited } from '../listing.ts'
import { command } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import type { Tx } from '../store.ts'
import { addSession, type PreparedSession, prepareSession } from './open.ts'
import { type SessionsOf, sessionsOf } from './read.ts'
import { isLive, type OpenedSession, type Session } from './session.ts'

/** Ends the session whose secret it is. False when there was none any more. */
export const signOut = command<{ secret: string }, boolean, { digest: string }>({
  name: 'sign out',
  needs: { anyone: 'holds the secret of the session' },
  prepare: async ({ secret }, { digest }) => ({ digest: digest(secret) }),
  run: async (tx, _input, actor, { digest }) => {
    const session = await tx.sessions.findBy({ digest })
    if (!session || session.door !== actor.door) return false
    await dropSession(tx, session)
    return true
  },
})

/** Ends one session of a user. @throws not_found */
export const endSession = command<{ userId: string; sessionId: string }, void>({
  name: 'end session',
  needs: 'sessions:delete',
  self: ({ userId }) => userId,
  run: async (tx, { userId, sessionId }) => {
    const session = await tx.sessions.find(sessionId)
    const own = session?.userId === userId ? session : undefined
    await dropSession(tx, found(own, 'session', sessionId))
  },
})

export type EndSessions = SessionsOf & {
  /** The one that goes on: that of whoever signs himself out elsewhere. */
  exceptId?: string | undefined
}

/** Signs somebody out everywhere. @returns how many sessions ended @throws not_found */
export const endSessions = command<EndSessions, number>({
  name: 'end sessions of user',
  needs: 'sessions:delete',
  self: ({ userId }) => userId,
  run: async (tx, input) => {
    found(await tx.users.find(input.userId), 'user', input.userId)
    return dropSessions(tx, input)
  },
})

/**
 * Puts a new secret in place of another; the old one is good for nothing from then on. Of several at the same time
 * one wins.
 * @throws wrong_credentials when the old one is good for nothing already
 */
export const renewSession = command<
  { secret: string; lifetimeSeconds?: number },
  OpenedSession & { userId: string },
  PreparedSession & { oldDigest: string }
>({
  name: 'renew session',
  needs: { anyone: 'holds the secret of the session' },
  prepare: async ({ secret }, services) => ({
    ...prepareSession(services),
    oldDigest: services.digest(secret),
  }),
  run: async (tx, { lifetimeSeconds }, actor, { oldDigest, ...prepared }) => {
    const session = await tx.sessions.findBy({ digest: oldDigest })
    const user = session && (await tx.users.find(session.userId))
    const stands = user !== undefined && user.isBlocked !== true
    if (!session || !stands || session.door !== actor.door || !isLive(session, tx.now())) {
      throw new DomainError({ code: 'wrong_credentials' })
    }
    await tx.sessions.remove(session.id)
    const { id: _id, number: _number, digest: _digest, expiresAt, createdAt, ...kept } = session
    const seconds = lifetimeSeconds ?? (expiresAt === undefined ? undefined : (expiresAt - createdAt) / 1000)
    const open = { ...kept, ...(seconds !== undefined && { lifetimeSeconds: seconds }) }
    return { ...(await addSession(tx, user.id, open, session.door, prepared)), userId: user.id }
  },
})

/** Ends sessions of a user, as when his password changes. @returns how many */
export const dropSessions = async (tx: Tx, { exceptId, ...of }: EndSessions): Promise<number> => {
  const { items } = await tx.sessions.list({ filter: sessionsOf(of), limit: unlimited })
  const ended = items.filter(({ id }) => id !== exceptId)
  for (const session of ended) await dropSession(tx, session)
  return ended.length
}

/** The one way a session ends. */
export const dropSession = async (tx: Tx, { id, userId, kind, name }: Session): Promise<void> => {
  await tx.sessions.remove(id)
  await tx.emit({
    type: 'session.ended',
    userId,
    target: { kind: 'session', id },
    data: { kind, ...(name !== undefined && { name }) },
  })
}
