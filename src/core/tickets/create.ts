import type { JsonObject } from '../json.ts'
import { command } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import type { Reader, Tx } from '../store.ts'
import { requireMayActAs } from '../users/rules.ts'
import type { User } from '../users/user.ts'
import type { Ticket } from './ticket.ts'

export type NewTicket = {
  userId: string
  purpose: Ticket['purpose']
  /** 1 to 2592000; five days unless given. */
  lifetimeSeconds?: number
  data?: JsonObject
}

/** For a user by his id, or by his address in a connection. */
export type CreateTicket = Omit<NewTicket, 'userId'> &
  ({ userId: string } | { email: string; connectionId: string })

/** The secret is told here and never again. */
export type CreatedTicket = Omit<Ticket, 'digest'> & { secret: string }

const fiveDaysInSeconds = 432_000
const longestLifetimeSeconds = 2_592_000

type Prepared = { secret: string; digest: string }

/**
 * Makes a link's secret, with which one user can do one thing once. One that proves an address is good for the address
 * that the user has now: `data.email`.
 * @throws not_found, invalid, cannot_grant for a new password of somebody who may do what the actor may not
 */
export const createTicket = command<CreateTicket, CreatedTicket, Prepared>({
  name: 'create ticket',
  needs: 'tickets:create',
  prepare: async (_input, { newSecret, digest }) => {
    const secret = newSecret()
    return { secret, digest: digest(secret) }
  },
  run: async (tx, input, actor, { secret, digest }) => {
    const { id: userId, email } = await requireSubject(tx, input)
    const { purpose, lifetimeSeconds, data } = input
    if (purpose === 'change-password') await requireMayActAs(tx, actor, userId)
    if (purpose === 'verify-email' && email === undefined) {
      const reason = 'The user has no e-mail address.'
      throw new DomainError({ code: 'invalid', field: 'userId', reason })
    }
    const bound = purpose === 'verify-email' && email !== undefined ? { ...data, email } : data
    const added = await addTicket(tx, { userId, purpose, lifetimeSeconds, data: bound }, digest)
    const { digest: _kept, ...ticket } = added
    const target = { kind: 'ticket', id: ticket.id } as const
    await tx.emit({ type: 'ticket.created', userId, target, data: { purpose } })
    return { ...ticket, secret }
  },
})

/** @throws not_found */
const requireSubject = async (
  { users }: { users: Pick<Reader['users'], 'find' | 'findByEmail'> },
  subject: { userId: string } | { email: string; connectionId: string },
): Promise<User> => {
  if ('userId' in subject) return found(await users.find(subject.userId), 'user', subject.userId)
  const user = await users.findByEmail(subject.email)
  const isHere = user?.connectionId === subject.connectionId
  return found(isHere ? user : undefined, 'user', subject.email)
}

/** The one way a ticket comes into being; who may ask for it is the caller's business. @throws invalid */
export const addTicket = async (
  tx: Tx,
  { userId, purpose, lifetimeSeconds = fiveDaysInSeconds, data = {} }: NewTicket,
  digest: string,
): Promise<Ticket> => {
  const fits =
    Number.isInteger(lifetimeSeconds) && lifetimeSeconds >= 1 && lifetimeSeconds <= longestLifetimeSeconds
  if (!fits) {
    const reason = `A ticket lives for a whole number of seconds, 1 to ${longestLifetimeSeconds}.`
    throw new DomainError({ code: 'invalid', field: 'lifetimeSeconds', reason })
  }
  return tx.tickets.insert({
    id: tx.newId(),
    purpose,
    userId,
    digest,
    data,
    createdAt: tx.now(),
    expiresAt: tx.now() + lifetimeSeconds * 1000,
  })
}
