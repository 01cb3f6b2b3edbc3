import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { type Actor, anonymous, systemActor } from '#core/actor.ts'
import { getRegistrationPolicy } from '#core/registration/policy.ts'
import { listSecondFactors } from '#core/second-factors/manage.ts'
import { signOut } from '#core/sessions/end.ts'
import { findSession } from '#core/sessions/read.ts'
import { signedIn, signIn } from '#core/sign-in/sign-in.ts'
import { getPerson } from '#core/users/people.ts'
import { actorOf } from './authenticate.ts'
import { refuse, signInFailure } from './errors.ts'
import { answer, ok, type RocketchatRoutes } from './parts.ts'
import { codeOf, givenFactor } from './second-factor.ts'
import { type Credentials, decodeLogin, LoggedIn, LoginBody, wrongLogin } from './sessions.wire.ts'
import { encodeMe, WireMe } from './users.wire.ts'

const originOf = ({ issuer }: FastifyRequest): string => issuer.replace(/\/$/u, '')

/** @see specs: §1.3 of the Rocket.Chat dialect */
export const sessionRoutes: RocketchatRoutes = async (app, { run, settings, openChat }) => {
  const open = async (credentials: Credentials, request: FastifyRequest) => {
    const { ip, headers } = request
    if ('resume' in credentials) {
      const found = await run(findSession, { secret: credentials.resume }, anonymous('rocketchat'))
      return found ? { userId: found.user.id, authToken: credentials.resume } : refuse(wrongLogin)
    }
    const days = (await settings()).Accounts_LoginExpiration
    const { login, password } = credentials
    const { emailConfirmation } = await run(getRegistrationPolicy, {}, systemActor('rocketchat'))
    const code = credentials.code ?? codeOf(request)
    const userAgent = headers['user-agent']
    const seen = { ip, ...(userAgent !== undefined && { userAgent }) }
    const input = {
      login,
      password,
      needsConfirmedEmail: emailConfirmation === 'first',
      ...seen,
      ...(code !== undefined && { secondFactor: givenFactor(code) }),
      session: { kind: 'api', lifetimeSeconds: days * 86_400, ...seen },
    } as const
    const { user, session } = signedIn(await run(signIn, input, anonymous('rocketchat')))
    return { userId: user.id, authToken: session?.secret ?? refuse(wrongLogin) }
  }

  const self = async (actor: Actor, request: FastifyRequest) => {
    const person = await run(getPerson, { id: actor.id }, actor)
    const { factors } = await run(listSecondFactors, { userId: actor.id }, actor)
    const hasApp = factors.some(({ kind, isConfirmed }) => kind === 'totp' && isConfirmed)
    return encodeMe(person, originOf(request), await settings(), hasApp)
  }

  app.post(
    '/login',
    {
      config: {
        access: { anonymous: 'the password decides' },
        // Failed ones are counted for what they are. A whole office may come from one address in the morning.
        callsLimit: (current) => ({
          calls: 10 * current.API_Enable_Rate_Limiter_Limit_Calls_Default,
          milliseconds: current.API_Enable_Rate_Limiter_Limit_Time_Default,
        }),
        // Whoever is switched off is told so once he gave the right password.
        words: { invalid: () => wrongLogin, refusals: { suspended: notActive } },
      },
      schema: { summary: 'Sign in', body: LoginBody, response: { 200: LoggedIn } },
    },
    async (request) => {
      const opened = await open(decodeLogin(request.body), request)
      await openChat()
      const me = await self(actorOf(opened.userId), request)
      return ok({ status: 'success' as const, data: { ...opened, me } })
    },
  )

  for (const method of ['GET', 'POST'] as const) {
    app.route({
      method,
      url: '/logout',
      config: { access: { authenticated: 'everybody may leave' } },
      schema: {
        summary: 'Sign out',
        response: {
          200: Type.Object({
            status: Type.Literal('success'),
            data: Type.Object({ message: Type.String() }),
          }),
        },
      },
      handler: async ({ signedIn: session, actor }) => {
        if (session) await run(signOut, { secret: session.secret }, actor)
        return { status: 'success' as const, data: { message: "You've been logged out!" } }
      },
    })
  }

  app.get(
    '/me',
    {
      config: { access: { authenticated: 'everybody sees himself' } },
      schema: { summary: 'See yourself', response: { 200: answer(WireMe.properties) } },
    },
    async (request) => {
      return ok(await self(request.actor, request))
    },
  )
}

const notActive = signInFailure('error-user-is-not-activated', 'User is not activated', { method: 'login' })
