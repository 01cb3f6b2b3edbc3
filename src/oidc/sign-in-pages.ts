import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Refusal } from '#core/refusals.ts'
import type { GivenFactor } from '#core/second-factors/second-factor.ts'
import { signOut } from '#core/sessions/end.ts'
import { type SignInResult, signIn } from '#core/sign-in/sign-in.ts'
import { passkeyForm } from '#pages/second-factor.ts'
import { signInPage } from '#pages/sign-in.ts'
import { fill, type Texts } from '#pages/texts.ts'
import { somebody } from './actor.ts'
import { sessionSecretOf, setSession } from './browser.ts'
import { sessionSeconds } from './configuration.ts'
import {
  finishInteraction,
  type OpenInteraction,
  PageExpired,
  requireInteraction,
  showExpired,
} from './interactions.ts'
import type { PendingSignIns } from './pending-sign-in.ts'
import type { Providers } from './provider.ts'
import { factsOf } from './request-facts.ts'
import type { Show } from './show.ts'
import { encodeSubject } from './subject.ts'
import { textFields } from './token-request.ts'

export type PageParts = { providers: Providers; show: Show; pending: PendingSignIns; now: () => number }

/** Any request to a page: what it holds, and what its form sends. */
export const pageFields = (
  request: FastifyRequest,
  names: readonly string[],
): Record<string, string | undefined> => ({
  ...textFields(request.query ?? {}, ['state']),
  ...(request.method === 'POST' && textFields(request.body ?? {}, ['state', 'csrf', ...names])),
})

/** A page within a request to `/authorize`; whoever comes without one is told so. */
export const inInteraction =
  (
    { providers, show }: PageParts,
    names: readonly string[],
    answer: (
      open: OpenInteraction,
      fields: Record<string, string | undefined>,
      request: FastifyRequest,
      reply: FastifyReply,
    ) => Promise<FastifyReply>,
  ) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const fields = pageFields(request, names)
    try {
      return await answer(await requireInteraction(providers, request, fields), fields, request, reply)
    } catch (error) {
      if (error instanceof PageExpired) return showExpired(show, request, reply)
      throw error
    }
  }

export const signInRoutes = (app: FastifyInstance, parts: PageParts): void => {
  const options = { config: { access: { anonymous: 'people sign in here' } }, schema: { hide: true } }

  app.get(
    '/u/login',
    options,
    inInteraction(parts, [], (open, _fields, request, reply) =>
      showSignIn(parts, open, request, reply, { login: open.interaction.params.login_hint }),
    ),
  )

  app.post(
    '/u/login',
    options,
    inInteraction(parts, ['login', 'password'], async (open, { login, password }, request, reply) => {
      if (login === undefined || password === undefined) {
        return showSignIn(parts, open, request, reply, { login, fault: (texts) => texts.fillIn, status: 400 })
      }
      const result = await tryPassword(parts, open, request, { login, password })
      if (result.ok) {
        return enter(parts, open, request, reply, { userId: result.user.id, secret: result.session!.secret })
      }
      const { refusal } = result
      if (refusal.code === 'second_factor_required') {
        const { userId, kinds } = refusal
        await parts.pending.put(open.state, { userId, login, password, kinds: [...kinds] })
        return reply
          .code(303)
          .headers({ location: `/u/mfa?state=${encodeURIComponent(open.state)}` })
          .send()
      }
      return showSignIn(parts, open, request, reply, {
        login,
        fault: (texts) => wordsOf(texts, refusal),
        status: refusal.code === 'too_many_attempts' ? 429 : 400,
      })
    }),
  )
}

export const showSignIn = (
  { show }: PageParts,
  open: OpenInteraction,
  request: FastifyRequest,
  reply: FastifyReply,
  {
    login,
    fault,
    status = 200,
  }: { login?: string | undefined; fault?: (texts: Texts) => string; status?: number },
): Promise<FastifyReply> =>
  show(
    request,
    reply,
    (setting) =>
      signInPage(setting, {
        ...boundOf(open),
        application: open.applicationName,
        login,
        fault: fault?.(setting.texts),
        links: linksOf(open),
        passkey: passkeyForm(setting, { ...boundOf(open), action: '/u/passkey', second: false }),
      }),
    { status, uiLocales: open.uiLocales, formTarget: open.formTarget, script: true },
  )

/** Signs in with what a page asked for, opening a session of this browser. */
export const tryPassword = (
  { providers, now }: PageParts,
  open: OpenInteraction,
  request: FastifyRequest,
  given: { login: string; password: string; secondFactor?: GivenFactor },
): Promise<SignInResult> => {
  const { login, password, secondFactor } = given
  const { client_id: applicationId, connection } = open.interaction.params
  const { ip, userAgent } = factsOf(request)
  const about = {
    ...(ip !== undefined && { ip }),
    ...(userAgent !== undefined && { userAgent }),
    ...(applicationId !== undefined && { applicationId }),
  }
  const at = now()
  const methods = [{ name: 'pwd', at }, ...(secondFactor ? [{ name: 'mfa', at }] : [])]
  const data = { methods, ...(connection !== undefined && { connection }) }
  return providers.inner.run(
    signIn,
    {
      login: { emailOrUsername: login },
      password,
      ...(secondFactor && { secondFactor }),
      ...(connection !== undefined && { connectionName: connection }),
      ...about,
      session: { kind: 'browser', lifetimeSeconds: sessionSeconds, ...about, data },
    },
    somebody,
  )
}

/** Whoever was proven is signed in from here on, and the request goes on. A session from before ends. */
export const enter = async (
  { providers }: PageParts,
  open: OpenInteraction,
  request: FastifyRequest,
  reply: FastifyReply,
  { userId, secret }: { userId: string; secret: string },
): Promise<FastifyReply> => {
  const before = sessionSecretOf(request)
  if (before !== undefined) await providers.inner.run(signOut, { secret: before }, somebody)
  setSession(request, reply, secret)
  return finishInteraction(providers, request, reply, open, { login: { accountId: encodeSubject(userId) } })
}

export const boundOf = ({ state, csrf }: OpenInteraction) => ({ state, csrf })

export const linksOf = ({ state }: OpenInteraction) => {
  const query = `?state=${encodeURIComponent(state)}`
  return {
    signUp: `/u/signup${query}`,
    forgot: `/u/forgot${query}`,
    signIn: `/u/login${query}`,
    emailCode: `/u/code${query}`,
  }
}

/** Why somebody may not come in, in the words for people. What is unknown and what is wrong reads alike. */
export const wordsOf = (texts: Texts, refusal: Refusal): string => {
  switch (refusal.code) {
    case 'wrong_credentials':
      return texts.wrongCredentials
    case 'wrong_code':
    case 'second_factor_wrong':
      return texts.wrongCode
    case 'too_many_attempts':
      return fill(texts.tooManyAttempts, { minutes: Math.ceil(refusal.retryAfterSeconds / 60) })
    case 'suspended':
      return texts.blocked
    case 'email_not_confirmed':
      return texts.confirmFirst
    case 'awaiting_approval':
      return texts.awaitingApproval
    case 'registration_closed':
      return refusal.mode === 'invitation' ? texts.registrationByInvitation : texts.registrationClosed
    case 'email_domain_refused':
      return fill(texts.domainRefused, { domain: refusal.domain })
    case 'role_not_selectable':
      return fill(texts.roleRefused, { role: refusal.role })
    case 'taken':
      return texts.taken
    case 'weak_password':
      return refusal.faults.includes('used_before') ? texts.passwordUsedBefore : texts.weakPassword
    case 'invalid':
      return refusal.field === 'email'
        ? texts.invalidEmail
        : fill(texts.invalidField, { reason: refusal.reason })
    case 'denied_by_hook':
      return refusal.userMessage ?? texts.denied
    case 'busy':
      return texts.busy
    default:
      return texts.denied
  }
}
