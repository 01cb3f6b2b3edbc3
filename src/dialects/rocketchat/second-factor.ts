import type { FastifyRequest } from 'fastify'
import type { Run } from '#core/operation.ts'
import { checkPassword } from '#core/sign-in/sign-in.ts'
import { type Failure, refuse, secondFactorDetails, thrown } from './errors.ts'
import type { ReadSettings } from './settings.table.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route asks for a second factor again, whoever is signed in. */
    secondFactor?: boolean
  }
}

const codeOf = ({ headers }: FastifyRequest, name: 'x-2fa-code' | 'x-2fa-method'): string | undefined => {
  const value = headers[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

const failure = (isWrong: boolean, kinds: readonly string[]): Failure => {
  const details = {
    ...secondFactorDetails(kinds),
    availableMethods: kinds.filter((kind) => kind !== 'password'),
  }
  return isWrong
    ? thrown('totp-invalid', 'TOTP Invalid', details)
    : thrown('totp-required', 'TOTP Required', details)
}

/**
 * Asks for a second factor where a route wants one: the password again is one, if the settings say so and nothing
 * better is there. Clients send it as a digest and try again by themselves.
 * @see specs: §1.5 of the Rocket.Chat dialect
 */
export const createSecondFactorCheck =
  (run: Run, readSettings: ReadSettings, now: () => number) =>
  async (request: FastifyRequest): Promise<void> => {
    const { signedIn, actor, ip } = request
    if (!request.routeOptions.config.secondFactor || !signedIn) return
    const settings = await readSettings()
    if (!settings.Accounts_TwoFactorAuthentication_Enabled) return
    if (!settings.Accounts_TwoFactorAuthentication_Enforce_Password_Fallback) return
    const { session, user } = signedIn
    if (session.data.bypassTwoFactor === true || user.passwordHash === undefined) return
    // Whoever has just come has just proven who he is.
    const rememberedSeconds = settings.Accounts_TwoFactorAuthentication_RememberFor
    if (now() - user.createdAt < rememberedSeconds * 1000) return
    const code = codeOf(request, 'x-2fa-code')
    if (code === undefined) return refuse(failure(false, ['password']))
    const isDigest = /^[0-9a-f]{64}$/iu.test(code)
    const method = codeOf(request, 'x-2fa-method') ?? 'password'
    const isRight =
      isDigest &&
      method === 'password' &&
      (await run(checkPassword, { userId: actor.id, password: { sha256: code.toLowerCase() }, ip }, actor))
    if (!isRight) refuse(failure(true, ['password']))
  }
