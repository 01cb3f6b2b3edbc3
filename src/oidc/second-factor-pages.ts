import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Actor } from '#core/actor.ts'
import type { JsonObject } from '#core/json.ts'
import { DomainError } from '#core/refusals.ts'
import { requestPasskeySignIn, signInWithPasskey } from '#core/second-factors/passkeys.ts'
import type { GivenFactor } from '#core/second-factors/second-factor.ts'
import { confirmTotp, enrolTotp } from '#core/second-factors/totp.ts'
import type { Setting } from '#pages/layout.ts'
import { codePage } from '#pages/plain.ts'
import { enrolPage, passkeyForm, recoveryCodesPage } from '#pages/second-factor.ts'
import type { Texts } from '#pages/texts.ts'
import { somebody } from './actor.ts'
import { sessionSeconds } from './configuration.ts'
import type { OpenInteraction } from './interactions.ts'
import type { PendingSignIn } from './pending-sign-in.ts'
import { factsOf } from './request-facts.ts'
import {
  boundOf,
  enter,
  inInteraction,
  linksOf,
  type PageParts,
  showSignIn,
  tryPassword,
  wordsOf,
} from './sign-in-pages.ts'

const options = {
  config: { access: { anonymous: 'people prove here who they are' } },
  schema: { hide: true },
}

type Fault = (texts: Texts) => string

/** What comes after the password, and what can stand in its place: codes of an app, codes on paper, passkeys. */
export const secondFactorRoutes = (app: FastifyInstance, parts: PageParts): void => {
  const { providers, pending } = parts
  const { run } = providers.inner

  /** Whoever has not given his password, or too long ago, begins anew. */
  const afterPassword =
    (
      answer: (
        waiting: PendingSignIn,
        open: OpenInteraction,
        fields: Record<string, string | undefined>,
        request: FastifyRequest,
        reply: FastifyReply,
      ) => Promise<FastifyReply>,
    ) =>
    async (
      open: OpenInteraction,
      fields: Record<string, string | undefined>,
      request: FastifyRequest,
      reply: FastifyReply,
    ): Promise<FastifyReply> => {
      const waiting = await pending.find(open.state)
      if (!waiting || !('password' in waiting))
        return reply.code(303).header('location', linksOf(open).signIn).send()
      return answer(waiting, open, fields, request, reply)
    }

  const show = (
    waiting: PendingSignIn,
    open: OpenInteraction,
    request: FastifyRequest,
    reply: FastifyReply,
    { isRecovery = false, fault }: { isRecovery?: boolean; fault?: Fault | undefined },
  ) =>
    parts.show(
      request,
      reply,
      (setting) => factorPage(setting, open, waiting, isRecovery, fault?.(setting.texts)),
      {
        status: fault ? 400 : 200,
        uiLocales: open.uiLocales,
        formTarget: open.formTarget,
        script: waiting.kinds.includes('passkey'),
      },
    )

  app.get(
    '/u/mfa',
    options,
    inInteraction(
      parts,
      [],
      afterPassword((waiting, open, _fields, request, reply) => {
        if (waiting.kinds.length === 0) return showEnrolment(parts, waiting, open, request, reply)
        const { with: way } = request.query as { with?: string }
        return show(waiting, open, request, reply, { isRecovery: way === 'recovery' })
      }),
    ),
  )

  app.post(
    '/u/mfa',
    options,
    inInteraction(
      parts,
      ['code', 'kind', 'response'],
      afterPassword(async (waiting, open, { code, kind, response }, request, reply) => {
        const isRecovery = kind === 'recovery-code'
        const factor = givenFactor(request, { code, response, isRecovery })
        if (!factor)
          return show(waiting, open, request, reply, { isRecovery, fault: (texts) => texts.fillIn })
        const result = await tryPassword(parts, open, request, { ...waiting, secondFactor: factor })
        if (result.ok) {
          await pending.remove(open.state)
          const { user, session } = result
          return enter(parts, open, request, reply, { userId: user.id, secret: session!.secret })
        }
        const { refusal } = result
        return show(waiting, open, request, reply, { isRecovery, fault: (texts) => wordsOf(texts, refusal) })
      }),
    ),
  )

  app.post(
    '/u/enrol',
    options,
    inInteraction(
      parts,
      ['factor', 'code'],
      afterPassword(async (waiting, open, { factor = '', code = '' }, request, reply) => {
        const person = personOf(waiting, parts.now())
        try {
          const input = { userId: waiting.userId, factorId: factor, code }
          const { recoveryCodes = [] } = await run(confirmTotp, input, person)
          await pending.put(open.state, { ...waiting, kinds: ['totp', 'recovery-code'] })
          return await parts.show(
            request,
            reply,
            (setting) =>
              recoveryCodesPage(setting, { codes: recoveryCodes, next: `/u/mfa?state=${open.state}` }),
            { uiLocales: open.uiLocales, formTarget: open.formTarget },
          )
        } catch (error) {
          if (!(error instanceof DomainError)) throw error
          // A code that was mistyped costs a new one: what was shown before can not be shown again.
          return showEnrolment(parts, waiting, open, request, reply, (texts) => texts.wrongCode)
        }
      }),
    ),
  )

  app.post(
    '/u/passkey/options',
    options,
    inInteraction(parts, ['second'], async (open, { second }, request, reply) => {
      const waiting = second === undefined ? undefined : await pending.find(open.state)
      const asked = await run(
        requestPasskeySignIn,
        { origin: originOf(request), ...(waiting && { userId: waiting.userId }) },
        somebody,
      )
      return reply.header('cache-control', 'no-store').send(asked)
    }),
  )

  app.post(
    '/u/passkey',
    options,
    inInteraction(parts, ['response'], async (open, { response }, request, reply) => {
      const given = decodeResponse(response)
      const { client_id: applicationId } = open.interaction.params
      const { ip, userAgent } = factsOf(request)
      const about = {
        ...(ip !== undefined && { ip }),
        ...(userAgent !== undefined && { userAgent }),
        ...(applicationId !== undefined && { applicationId }),
      }
      const data = { methods: [{ name: 'passkey', at: parts.now() }] }
      const session = { kind: 'browser', lifetimeSeconds: sessionSeconds, ...about, data } as const
      const result =
        given &&
        (await run(
          signInWithPasskey,
          { response: given, origin: originOf(request), ...about, session },
          somebody,
        ))
      if (result?.ok) {
        return enter(parts, open, request, reply, { userId: result.user.id, secret: result.session!.secret })
      }
      const refusal = result?.refusal
      const isUnknown = refusal === undefined || refusal.code === 'wrong_credentials'
      return showSignIn(parts, open, request, reply, {
        fault: (texts) => (isUnknown ? texts.passkeyFailed : wordsOf(texts, refusal)),
        status: 400,
      })
    }),
  )
}

const originOf = ({ issuer }: FastifyRequest): string => issuer.slice(0, -1)

/** He has given his password a moment ago, for this very browser. */
const personOf = ({ userId }: PendingSignIn, now: number): Actor => ({
  kind: 'user',
  id: userId,
  door: 'oidc',
  provenAt: now,
})

const givenFactor = (
  request: FastifyRequest,
  {
    code,
    response,
    isRecovery,
  }: { code: string | undefined; response: string | undefined; isRecovery: boolean },
): GivenFactor | undefined => {
  const given = decodeResponse(response)
  if (given) return { kind: 'passkey', response: given, origin: originOf(request) }
  if (code === undefined) return undefined
  return { kind: isRecovery ? 'recovery-code' : 'totp', code }
}

/** What a browser says of a passkey; the domain looks at what it proves. */
const decodeResponse = (text: string | undefined): JsonObject | undefined => {
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined
  } catch {
    return undefined
  }
}

const factorPage = (
  setting: Setting,
  open: OpenInteraction,
  { kinds }: PendingSignIn,
  isRecovery: boolean,
  fault: string | undefined,
): string => {
  const { texts } = setting
  const hasApp = kinds.includes('totp')
  const usesRecovery = isRecovery || !hasApp
  const query = `?state=${encodeURIComponent(open.state)}`
  return codePage(setting, {
    title: texts.secondFactorTitle,
    lead: usesRecovery ? texts.recoveryLead : texts.totpLead,
    action: '/u/mfa',
    fields: { ...boundOf(open), kind: usesRecovery ? 'recovery-code' : 'totp' },
    name: 'code',
    label: usesRecovery ? texts.recoveryCode : texts.code,
    isNumeric: !usesRecovery,
    fault,
    more: kinds.includes('passkey')
      ? passkeyForm(setting, { ...boundOf(open), action: '/u/mfa', second: true })
      : undefined,
    links: [
      ...(usesRecovery && hasApp ? [{ href: `/u/mfa${query}`, label: texts.useTotp }] : []),
      ...(!usesRecovery && kinds.includes('recovery-code')
        ? [{ href: `/u/mfa${query}&with=recovery`, label: texts.useRecovery }]
        : []),
    ],
  })
}

/** A role of his asks for a second factor, and he has none yet. */
const showEnrolment = async (
  { providers, show, now }: PageParts,
  waiting: PendingSignIn,
  open: OpenInteraction,
  request: FastifyRequest,
  reply: FastifyReply,
  fault?: Fault,
): Promise<FastifyReply> => {
  const begun = await providers.inner.run(enrolTotp, { userId: waiting.userId }, personOf(waiting, now()))
  const { toString: drawCode } = await import('qrcode')
  const image = await drawCode(begun.uri, { type: 'svg', margin: 1 })
  return show(
    request,
    reply,
    (setting) =>
      enrolPage(setting, {
        ...boundOf(open),
        factor: begun.id,
        secret: begun.secret,
        image: `data:image/svg+xml;base64,${Buffer.from(image).toString('base64')}`,
        fault: fault?.(setting.texts),
      }),
    { status: fault ? 400 : 200, uiLocales: open.uiLocales, formTarget: open.formTarget },
  )
}
