import type { JsonObject } from '../json.ts'
import { command } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import type { Tx } from '../store.ts'
import { requireMayActAs } from '../users/rules.ts'
import type { Ticket } from './ticket.ts'

export type CreateTicket = {
  userId: string
  purpose: Ticket['purpose']
  /** 1 to 2592000; five days unless given. */
  lifetimeSeconds?: number
  data?: JsonObject
}

/** The secret is told here and never again. */
export type CreatedTicket = Omit<Ticket, 'digest'> & { secret: string }

const fiveDaysInSeconds = 432_000
const longestLifetimeSeconds = 2_592_000

type Prepared = { secret: string; digest: string }

/**
 * Makes a link's secret, with which one user can do one thing once.
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
    found(await tx.users.find(input.userId), 'user', input.userId)
    if (input.purpose === 'change-password') await requireMayActAs(tx, actor, input.userId)
    const { digest: _kept, ...ticket } = await addTicket(tx, input, digest)
    return { ...ticket, secret }
  },
})

/** The one way a ticket comes into being; who may ask for it is the caller's business. @throws invalid */
export const addTicket = async (
  tx: Tx,
  { userId, purpose, lifetimeSeconds = fiveDaysInSeconds, data = {} }: CreateTicket,
  digest: string,
): Promise<Ticket> => {
  const fits =
    Number.isInteger(lifetimeSeconds) && lifetimeSeconds >= 1 && lifetimeSeconds <= longestLifetimeSeconds
  if (!fits) {
    const reason = `A ticket lives for a whole number of seconds, 1 to ${longestLifetimeSeconds}.`
    throw new DomainError({ code: 'invalid', field: 'lifetimeSeconds', reason })
  }
  const ticket = await tx.tickets.insert({
    id: tx.newId(),
    purpose,
    userId,
    digest,
    data,
    createdAt: tx.now(),
    expiresAt: tx.now() + lifetimeSeconds * 1000,
  })
  const target = { kind: 'ticket', id: ticket.id } as const
  await tx.emit({ type: 'ticket.created', userId, target, data: { purpose } })
  return ticket
}
