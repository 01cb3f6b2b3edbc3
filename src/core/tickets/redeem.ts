import { equal, every, unlimited } from '../listing.ts'
import { DomainError } from '../refusals.ts'
import type { Reader, Tx } from '../store.ts'
import { caseKey, type User } from '../users/user.ts'
import type { Ticket } from './ticket.ts'

export type Redeemable = { ticket: Ticket; user: User }

/**
 * The ticket with this digest and its user, while it is good: not used, not too old, made for one of the purposes, for
 * a user who may sign in and still has the address it was made for. What is wrong with one that isn't is nobody's
 * business, except that who has the right one learns that it is too old.
 * @throws wrong_code
 */
export const requireTicket = async (
  reader: Pick<Reader, 'tickets' | 'users' | 'now'>,
  digest: string,
  purposes: readonly Ticket['purpose'][],
  email?: string,
): Promise<Redeemable> => {
  const ticket = await reader.tickets.findBy({ digest })
  const user = ticket && (await reader.users.find(ticket.userId))
  const isGood =
    ticket !== undefined &&
    user !== undefined &&
    ticket.usedAt === undefined &&
    purposes.includes(ticket.purpose) &&
    user.isBlocked !== true &&
    isAddress(user, ticket.data.email) &&
    isAddress(user, email)
  if (!isGood) throw new DomainError({ code: 'wrong_code' })
  if (ticket.expiresAt <= reader.now()) throw new DomainError({ code: 'wrong_code', isExpired: true })
  return { ticket, user }
}

const isAddress = ({ email = '' }: User, wanted: unknown): boolean =>
  typeof wanted !== 'string' || caseKey(email) === caseKey(wanted)

/** Uses a ticket up, and with it every other of the user's for the same purpose. */
export const spendTicket = async (tx: Tx, { id, userId, purpose }: Ticket): Promise<void> => {
  await tx.tickets.update(id, { usedAt: tx.now() })
  for (const other of await openTickets(tx, userId, purpose)) {
    if (other.id !== id) await tx.tickets.remove(other.id)
  }
}

/** A new code takes the place of those before it. Links stay: somebody may have several mails open. */
export const replaceCodes = async (tx: Tx, userId: string, purpose: Ticket['purpose']): Promise<void> => {
  const filter = every(equal('userId', userId), equal('purpose', purpose))!
  const { items } = await tx.tickets.list({ filter, limit: unlimited })
  // Used ones too: the same six digits may come up again.
  for (const { id, data } of items) if (data.form === 'digits') await tx.tickets.remove(id)
}

const triesPerCode = 5

/** Somebody typed six digits that are none of the user's. After a few his code is good for nothing. */
export const countWrongCode = async (tx: Tx, userId: string, purpose: Ticket['purpose']): Promise<void> => {
  for (const { id, data } of await openTickets(tx, userId, purpose)) {
    if (data.form !== 'digits') continue
    const tries = (typeof data.tries === 'number' ? data.tries : 0) + 1
    if (tries >= triesPerCode) await tx.tickets.remove(id)
    else await tx.tickets.update(id, { data: { ...data, tries } })
  }
}

const openTickets = async (tx: Tx, userId: string, purpose: Ticket['purpose']): Promise<Ticket[]> => {
  const filter = every(equal('userId', userId), equal('purpose', purpose), {
    field: 'usedAt',
    exists: false,
  })!
  return (await tx.tickets.list({ filter, limit: unlimited })).items
}
