import type { Actor, Door } from '../actor.ts'
import { equal, every, unlimited } from '../listing.ts'
import { command, type Services } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import type { Tx } from '../store.ts'
import { requireMayActAs } from '../users/rules.ts'
import type { OpenedSession, OpenSession, Session } from './session.ts'

export type PreparedSession = { secret: string; digest: string }

/** What `addSession` needs, made where it does not wait inside a transaction. 32 bytes, 43 characters. */
export const prepareSession = ({
  newSecret,
  digest,
}: Pick<Services, 'newSecret' | 'digest'>): PreparedSession => {
  const secret = newSecret(32)
  return { secret, digest: digest(secret) }
}

/** The one way a session comes into being. Whoever calls it has seen to it that this is the user himself. */
export const addSession = async (
  tx: Tx,
  userId: string,
  { lifetimeSeconds, data = {}, ...open }: OpenSession,
  door: Door,
  { secret, digest }: PreparedSession,
): Promise<OpenedSession> => {
  const { id, expiresAt } = await tx.sessions.insert({
    id: tx.newId(),
    userId,
    door,
    digest,
    data,
    createdAt: tx.now(),
    ...open,
    ...(lifetimeSeconds !== undefined && { expiresAt: tx.now() + lifetimeSeconds * 1000 }),
  })
  return { id, secret, ...(expiresAt !== undefined && { expiresAt }) }
}

export type CreatePersonalToken = { userId: string; name: string; data?: Session['data'] }

/**
 * Makes a token that somebody gives to a program of his. It does not expire.
 * @throws not_found, taken for a name that another token of his has, cannot_grant
 */
export const createPersonalToken = command<CreatePersonalToken, OpenedSession, PreparedSession>({
  name: 'create personal token',
  needs: 'users:update',
  self: ({ userId }) => userId,
  prepare: async (_input, services) => prepareSession(services),
  run: async (tx, { userId, name, data = {} }, actor, prepared) => {
    await requireSubject(tx, userId, actor)
    const own = await tx.sessions.list({
      filter: every(equal('userId', userId), equal('kind', 'personal-token'), equal('name', name)),
      limit: unlimited,
    })
    if (own.items.length > 0)
      throw new DomainError({ code: 'taken', kind: 'session', field: 'name', value: name })
    const shown = { ...data, lastPart: lastPartOf(prepared) }
    const token = { kind: 'personal-token', name, data: shown } as const
    const opened = await addSession(tx, userId, token, actor.door, prepared)
    const target = { kind: 'session', id: opened.id } as const
    await tx.emit({ type: 'session.created', userId, target, data: { kind: 'personal-token', name } })
    return opened
  },
})

/** Enough of a token for its owner to know it by, and far from enough to guess the rest: 37 of 43 characters stay. */
export const lastPartOf = ({ secret }: PreparedSession): string => secret.slice(-6)

/** Who makes a token for somebody can act as him. @throws not_found, cannot_grant */
export const requireSubject = async (tx: Tx, userId: string, actor: Actor): Promise<void> => {
  found(await tx.users.find(userId), 'user', userId)
  await requireMayActAs(tx, actor, userId)
}
