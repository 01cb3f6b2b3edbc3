import type { Context } from 'oidc-provider'
import type { GivenFactor } from '#core/second-factors/second-factor.ts'
import { randomToken } from '#crypto/digests.ts'
import {
  invalidGrant,
  missingParameter,
  type OAuthRefusal,
  SecondFactorNeeded,
  secondFactorNeeded,
} from './errors.ts'
import type { InnerParts } from './parts.ts'
import type { AskedTokens, PendingRefresh, PendingSignIn } from './pending-sign-in.ts'

/** What an `mfa_token` stands for: a password that was right, or a refresh token. */
type Waiting = (PendingSignIn & { asked: AskedTokens }) | PendingRefresh

/** Apart from the states of pages, which name pending sign-ins too. */
const nameOf = (mfaToken: string): string => `mfa_token ${mfaToken}`

export const unknownMfaToken = (): OAuthRefusal => invalidGrant('Malformed mfa_token')

/**
 * Keeps what was right, with what was asked for, until its second factor comes. A passkey needs a browser,
 * and so does setting up the first factor: who can show no code is refused without a token.
 * @returns what the client is refused with
 */
export const askForSecondFactor = async (
  { pending }: Pick<InnerParts, 'pending'>,
  waiting: Waiting,
): Promise<OAuthRefusal> => {
  if (waiting.kinds.every((kind) => kind === 'passkey')) {
    return secondFactorNeeded()
  }
  const mfaToken = randomToken()
  await pending.put(nameOf(mfaToken), waiting)
  return new SecondFactorNeeded(mfaToken)
}

/** The sign-in that a token stands for; nobody's where another application asks. */
export const waitingFor = async (
  { pending }: Pick<InnerParts, 'pending'>,
  mfaToken: string,
  clientId: string,
): Promise<Waiting | undefined> => {
  const found = await pending.find(nameOf(mfaToken))
  return found?.asked?.clientId === clientId ? (found as Waiting) : undefined
}

/** Good for nothing once tokens came of it. */
export const forgetMfaToken = ({ pending }: Pick<InnerParts, 'pending'>, mfaToken: string): Promise<void> =>
  pending.remove(nameOf(mfaToken))

/**
 * Puts what was asked for with the password in place of what comes with the second factor, so that nobody gets more by
 * it. @throws invalid_request, invalid_grant
 */
export const recallAsked = async (parts: Pick<InnerParts, 'pending'>, ctx: Context): Promise<Waiting> => {
  const { params, client } = ctx.oidc!
  if (!params.mfa_token) throw missingParameter('mfa_token')
  const waiting = await waitingFor(parts, params.mfa_token, client!.clientId)
  if (!waiting) throw unknownMfaToken()
  const { resource, organization, scope } = waiting.asked
  params.resource = resource
  params.organization = organization
  ctx.state.requestedScope = scope
  return waiting
}

/** @throws invalid_request */
export const factorShown = (ctx: Context, kind: 'totp' | 'recovery-code'): GivenFactor => {
  const name = kind === 'totp' ? 'otp' : 'recovery_code'
  const code = ctx.oidc!.params[name]
  if (!code) throw missingParameter(name)
  return { kind, code }
}
