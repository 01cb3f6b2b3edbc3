import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import type { Run } from '#core/operation.ts'
import type { GivenFactor } from '#core/second-factors/second-factor.ts'
import { checkSecondFactor } from '#core/second-factors/step-up.ts'
import { checkPassword } from '#core/sign-in/sign-in.ts'
import { type Failure, refuse, secondFactorDetails, thrown } from './errors.ts'
import type { ReadSettings } from './settings.table.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route asks for a second factor again, whoever is signed in. */
    secondFactor?: boolean
  }
}

/** A code as somebody typed it: six digits are an authenticator's, everything else is one that helps out. */
export const givenFactor = (code: string): GivenFactor => ({
  kind: /^\d{6}$/u.test(code.trim()) ? 'totp' : 'recovery-code',
  code,
})

/** The code that came with a request. */
export const codeOf = ({ headers }: FastifyRequest): string | undefined => {
  const value = headers['x-2fa-code']
  return typeof value === 'string' && value !== '' ? value : undefined
}

const failure = (isWrong: boolean, kinds: readonly string[]): Failure => {
  const details = {
    ...secondFactorDetails(kinds),
    availableMethods: kinds.filter((kind) => kind === 'totp' || kind === 'email'),
  }
  return isWrong
    ? thrown('totp-invalid', 'TOTP Invalid', details)
    : thrown('totp-required', 'TOTP Required', details)
}

const tooMany = thrown('totp-max-attempts', 'TOTP Maximun Failed Attempts Reached')

/**
 * Asks for a second factor where a route wants one: what somebody has set up, or else the password again, if the
 * settings say so. Clients try again by themselves.
 * @see specs: §1.5 of the Rocket.Chat dialect
 */
export const createSecondFactorCheck = (run: Run, readSettings: ReadSettings, now: () => number) => {
  /** When a session last showed one. Lost with the process, which costs its owner one more code. */
  const shown = new LRUCache<string, number>({ max: 10_000 })
  const check = async (request: FastifyRequest): Promise<void> => {
    const { signedIn, actor, ip } = request
    if (!signedIn) return
    const settings = await readSettings()
    const { session, user } = signedIn
    if (!settings.Accounts_TwoFactorAuthentication_Enabled || session.data.bypassTwoFactor === true) return
    const rememberedSince = now() - settings.Accounts_TwoFactorAuthentication_RememberFor * 1000
    // Whoever has just come has just proven who he is.
    if (user.createdAt > rememberedSince || (shown.get(session.id) ?? 0) > rememberedSince) return
    const code = codeOf(request)
    const secondFactor = code === undefined ? {} : { secondFactor: givenFactor(code) }
    const outcome = await run(checkSecondFactor, { userId: actor.id, ...secondFactor }, actor)
    if (typeof outcome === 'object') {
      if (outcome.code === 'second_factor_required') return refuse(failure(false, outcome.kinds))
      if (outcome.code === 'second_factor_wrong') return refuse(failure(true, outcome.kinds))
      return refuse(tooMany)
    }
    if (outcome === 'none') {
      const asksForPassword = settings.Accounts_TwoFactorAuthentication_Enforce_Password_Fallback
      if (!asksForPassword || !user.hasPassword) return
      if (code === undefined) return refuse(failure(false, ['password']))
      const password = { sha256: code.toLowerCase() }
      const isDigest = /^[0-9a-f]{64}$/u.test(password.sha256)
      if (!isDigest || !(await run(checkPassword, { userId: actor.id, password, ip }, actor))) {
        return refuse(failure(true, ['password']))
      }
    }
    shown.set(session.id, now())
  }
  return (request: FastifyRequest, _reply: FastifyReply, done: (error?: Error) => void): void => {
    if (request.routeOptions.config.secondFactor) check(request).then(() => done(), done)
    else done()
  }
}
