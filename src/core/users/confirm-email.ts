import { systemActor } from '../actor.ts'
import { command } from '../operation.ts'
import { DomainError, found, type Refusal } from '../refusals.ts'
import type { Tx } from '../store.ts'
import {
  type AskedFor,
  countRequest,
  findAskedFor,
  mailTicket,
  type PreparedMail,
  prepareTicketMail,
  type TicketMail,
} from '../tickets/mail.ts'
import { countWrongCode, requireTicket, spendTicket } from '../tickets/redeem.ts'
import { digestOfSecret } from '../tickets/secret.ts'
import { changeUser } from './update.ts'
import type { User } from './user.ts'

export type RequestEmailConfirmation = TicketMail & { user: AskedFor }

/**
 * Mails somebody a link or code that confirms his address. The answer is the same whether or not there is such a user,
 * and whether anything is left to confirm.
 * @throws too_many_attempts for where it is asked from
 */
export const requestEmailConfirmation = command<
  RequestEmailConfirmation,
  void,
  PreparedMail & { userId?: string }
>({
  name: 'request e-mail confirmation',
  needs: { anyone: 'the mail goes to the user himself' },
  prepare: async ({ user: asked, ...mail }, services, reader) => {
    const user = await findAskedFor(reader, asked)
    return {
      ...prepareTicketMail(services, 'verify-email', user?.email, mail),
      ...(user && { userId: user.id }),
    }
  },
  run: async (tx, { user: _asked, ...mail }, _actor, { userId, ...prepared }) => {
    await countRequest(tx, mail.ip)
    const user = userId === undefined ? undefined : await tx.users.find(userId)
    if (user) await askToConfirm(tx, user, prepared, mail)
  },
})

/** The same in another operation, as when somebody registers. @returns whether a mail was sent */
export const askToConfirm = async (
  tx: Tx,
  user: User,
  prepared: PreparedMail,
  mail: TicketMail = {},
): Promise<boolean> => {
  if (user.email === undefined || user.isEmailVerified || user.isBlocked === true) return false
  return mailTicket(tx, user, 'verify-email', prepared, mail)
}

export type ConfirmEmail = {
  /** What the mail held: the secret of its link, or the code. */
  secret: string
  /** Whose code it is: needed for six digits, checked whenever given. */
  email?: string
}

/** `data`: what the ticket was made with, as where its user goes on. */
export type ConfirmedEmail = { ok: true; user: User; data: object } | { ok: false; refusal: Refusal }

/**
 * Confirms the address that the mail was sent to, once. Wrong digits are counted, so that failing is an answer.
 * `ok: false` for wrong_code.
 */
export const confirmEmail = command<ConfirmEmail, ConfirmedEmail, { digest: string }>({
  name: 'confirm e-mail',
  needs: { anyone: 'holds what was mailed to the user' },
  prepare: async ({ secret, email }, services) => ({
    digest: digestOfSecret(services, 'verify-email', secret, email),
  }),
  run: async (tx, { email }, actor, { digest }) => {
    try {
      const { ticket, user } = await requireTicket(tx, digest, ['verify-email'], email)
      await spendTicket(tx, ticket)
      await confirmAddress(tx, user, systemActor(actor.door))
      return { ok: true, user: found(await tx.users.find(user.id), 'user', user.id), data: ticket.data }
    } catch (error) {
      if (!(error instanceof DomainError) || error.refusal.code !== 'wrong_code') throw error
      const subject = email === undefined ? undefined : await findAskedFor(tx, { email })
      if (subject) await countWrongCode(tx, subject.id, 'verify-email')
      return { ok: false, refusal: error.refusal }
    }
  },
})

/** Notes that somebody has shown to read what is sent to his address. */
export const confirmAddress = async (
  tx: Tx,
  { id: userId, isEmailVerified }: User,
  actor: ReturnType<typeof systemActor>,
): Promise<void> => {
  if (isEmailVerified) return
  await changeUser(tx, { userId, changes: { isEmailVerified: true } }, actor)
}
