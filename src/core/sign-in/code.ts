import { systemActor } from '../actor.ts'
import { command } from '../operation.ts'
import { DomainError } from '../refusals.ts'
import { pendingRefusal } from '../registration/pending.ts'
import { type ProvenFactor, proveFactor, secondFactorRefusal } from '../second-factors/prove.ts'
import { type PreparedSession, prepareSession } from '../sessions/open.ts'
import {
  countRequest,
  findAskedFor,
  mailTicket,
  type PreparedMail,
  prepareTicketMail,
  type TicketMail,
} from '../tickets/mail.ts'
import { countWrongCode, requireTicket, spendTicket } from '../tickets/redeem.ts'
import { digestOfSecret } from '../tickets/secret.ts'
import { confirmAddress } from '../users/confirm-email.ts'
import { blockOf, countedFor, countFailure, forgetFailures } from './attempts.ts'
import { completeSignIn } from './complete.ts'
import type { SignIn, SignInResult } from './sign-in.ts'

export type RequestSignInCode = TicketMail & { email: string }

/**
 * Mails somebody six digits, or a link, that sign him in once. The answer is the same whether or not there is such a
 * user. Default: digits, for ten minutes.
 * @throws too_many_attempts for where it is asked from
 */
export const requestSignInCode = command<RequestSignInCode, void, PreparedMail & { userId?: string }>({
  name: 'request sign-in code',
  needs: { anyone: 'the mail goes to the user himself' },
  prepare: async ({ email, form = 'digits' }, services, reader) => {
    const user = await findAskedFor(reader, { email })
    return {
      ...prepareTicketMail(services, 'sign-in', user?.email ?? email, { form }),
      ...(user && { userId: user.id }),
    }
  },
  run: async (tx, { email: _email, ...mail }, _actor, { userId, ...prepared }) => {
    await countRequest(tx, mail.ip)
    const user = userId === undefined ? undefined : await tx.users.find(userId)
    if (user && user.isBlocked !== true) await mailTicket(tx, user, 'sign-in', prepared, mail)
  },
})

export type VerifySignInCode = Pick<
  SignIn,
  'applicationId' | 'ip' | 'userAgent' | 'session' | 'secondFactor'
> & {
  /** Whose code it is. A link's secret needs none. */
  email?: string
  /** The code, or the secret of the link. */
  secret: string
}

/**
 * Signs somebody in by what was mailed to him, and takes his address for confirmed. Wrong codes count like wrong
 * passwords; after a few the code is good for nothing.
 *
 * `ok: false` for wrong_code, too_many_attempts, suspended, awaiting_approval, second_factor_required,
 * second_factor_wrong: a code that a second factor is missing for stays good.
 */
export const verifySignInCode = command<
  VerifySignInCode,
  SignInResult,
  { digest: string; session?: PreparedSession; factor?: ProvenFactor }
>({
  name: 'verify sign-in code',
  needs: { anyone: 'holds what was mailed to the user' },
  prepare: async ({ secret, email, session, secondFactor }, services, reader) => {
    const digest = digestOfSecret(services, 'sign-in', secret, email)
    const ticket = secondFactor && (await reader.tickets.findBy({ digest }))
    const factor = ticket && (await proveFactor(reader, services, ticket.userId, secondFactor))
    return { digest, ...(session && { session: prepareSession(services) }), ...(factor && { factor }) }
  },
  run: async (tx, input, actor, prepared) => {
    const { email, ip, userAgent, applicationId } = input
    const counted = countedFor(email ?? '', ip)
    const block = await blockOf(tx, counted)
    if (block) return { ok: false, refusal: block }
    try {
      const { ticket, user } = await requireTicket(tx, prepared.digest, ['sign-in'], email)
      const missing = await secondFactorRefusal(tx, user, input.secondFactor, prepared.factor)
      if (missing) return { ok: false, refusal: missing }
      await spendTicket(tx, ticket)
      await confirmAddress(tx, user, systemActor(actor.door))
      const refusal = pendingRefusal({ ...user, isEmailVerified: true })
      if (refusal) return { ok: false, refusal }
      await forgetFailures(tx, counted)
      const session = input.session && prepared.session && { open: input.session, prepared: prepared.session }
      const now = (await tx.users.find(user.id)) ?? user
      const how = { method: 'email-code', door: actor.door, applicationId, ip, userAgent, session } as const
      return { ok: true, ...(await completeSignIn(tx, now, how)) }
    } catch (error) {
      if (!(error instanceof DomainError) || error.refusal.code !== 'wrong_code') throw error
      await countFailure(tx, counted)
      const subject = email === undefined ? undefined : await findAskedFor(tx, { email })
      if (subject) await countWrongCode(tx, subject.id, 'sign-in')
      await tx.emit({
        type: 'user.sign-in-failed',
        ...(subject && { userId: subject.id }),
        data: { reason: 'wrong_code', ...(ip !== undefined && { ip }) },
      })
      return { ok: false, refusal: error.refusal }
    }
  },
})
