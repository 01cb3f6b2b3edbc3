import { mergeExtensions } from '../changes.ts'
import { DomainError, found } from '../refusals.ts'
import type { Tx } from '../store.ts'
import { mailTicket, type PreparedMail, type TicketMail } from '../tickets/mail.ts'

const dayInSeconds = 86_400

/**
 * Mails somebody a code with which he sets a password of his own. He counts as not confirmed until then, and can't sign
 * in; who has a password already still can, and is confirmed by that.
 * @throws invalid without an address
 */
export const invite = async (
  tx: Tx,
  userId: string,
  prepared: PreparedMail,
  mail: TicketMail,
): Promise<void> => {
  const user = found(await tx.users.find(userId), 'user', userId)
  if (user.email === undefined) {
    throw new DomainError({ code: 'invalid', field: 'email', reason: 'An e-mail address is needed here.' })
  }
  const { lifetimeSeconds = dayInSeconds } = mail
  const pendingUntil = tx.now() + lifetimeSeconds * 1000
  const waits = user.passwordHash === undefined
  await tx.users.update(userId, {
    ...(waits && { needsConfirmedEmail: true }),
    isEmailVerified: false,
    extensions: mergeExtensions(user.extensions, { dreamfactory: { pendingUntil, invitedAt: tx.now() } }),
    updatedAt: tx.now(),
  })
  const changed = [waits ? 'needsConfirmedEmail' : 'isEmailVerified']
  await tx.emit({ type: 'user.updated', userId, data: { changed } })
  await mailTicket(tx, user, 'change-password', prepared, {
    template: 'invitation',
    ...mail,
    lifetimeSeconds,
  })
}
