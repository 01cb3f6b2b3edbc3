import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { requestSignInCode, verifySignInCode } from '#core/sign-in/code.ts'
import { codePage, forgotPage } from '#pages/plain.ts'
import { fill, type Texts } from '#pages/texts.ts'
import { somebody } from './actor.ts'
import { sessionSeconds } from './configuration.ts'
import type { OpenInteraction } from './interactions.ts'
import { refusalOf } from './mail-pages.ts'
import { factsOf } from './request-facts.ts'
import { enter, inInteraction, linksOf, type PageParts, wordsOf } from './sign-in-pages.ts'
import { localeOf } from './sign-up-pages.ts'

const options = {
  config: { access: { anonymous: 'people sign in here by a mailed code' } },
  schema: { hide: true },
}

/** Signing in without a password: an address, then the code that was mailed there. */
export const emailCodeRoutes = (app: FastifyInstance, parts: PageParts): void => {
  const { providers, show, now } = parts
  const { run } = providers.inner

  app.get(
    '/u/code',
    options,
    inInteraction(parts, [], (open, _fields, request, reply) =>
      show(
        request,
        reply,
        (setting) =>
          forgotPage(setting, {
            title: setting.texts.emailCodeTitle,
            lead: setting.texts.emailCodeLead,
            action: '/u/code',
            button: setting.texts.sendCode,
            fields: { state: open.state, csrf: open.csrf },
            email: open.interaction.params.login_hint,
            back: linksOf(open).signIn,
          }),
        { uiLocales: open.uiLocales, formTarget: open.formTarget },
      ),
    ),
  )

  app.post(
    '/u/code',
    options,
    inInteraction(parts, ['email', 'code'], async (open, { email = '', code }, request, reply) => {
      const { client_id: applicationId, ui_locales: uiLocales } = open.interaction.params
      const { ip, userAgent } = factsOf(request)
      const about = { ...(ip !== undefined && { ip }), ...(userAgent !== undefined && { userAgent }) }
      const at = { ...(applicationId !== undefined && { applicationId }) }
      if (code === undefined) {
        const refusal = await refusalOf(
          run(
            requestSignInCode,
            { email, locale: localeOf(request, uiLocales), ...at, ...(ip !== undefined && { ip }) },
            somebody,
          ),
        )
        return askForCode(parts, open, request, reply, email, refusal && ((texts) => wordsOf(texts, refusal)))
      }
      const data = { methods: [{ name: 'email', at: now() }] }
      const session = { kind: 'browser', lifetimeSeconds: sessionSeconds, ...about, ...at, data } as const
      const secret = code.replaceAll(/\s/gu, '')
      const result = await run(verifySignInCode, { email, secret, ...at, ...about, session }, somebody)
      if (!result.ok) {
        const { refusal } = result
        return askForCode(parts, open, request, reply, email, (texts) => wordsOf(texts, refusal))
      }
      return enter(parts, open, request, reply, { userId: result.user.id, secret: result.session!.secret })
    }),
  )
}

const askForCode = (
  { show }: PageParts,
  open: OpenInteraction,
  request: FastifyRequest,
  reply: FastifyReply,
  email: string,
  fault: ((texts: Texts) => string) | undefined,
): Promise<FastifyReply> =>
  show(
    request,
    reply,
    (setting) =>
      codePage(setting, {
        title: setting.texts.checkMailTitle,
        lead: fill(setting.texts.emailCodeSent, { email }),
        action: '/u/code',
        fields: { state: open.state, csrf: open.csrf, email },
        name: 'code',
        label: setting.texts.code,
        isNumeric: true,
        fault: fault?.(setting.texts),
        links: [{ href: linksOf(open).signIn, label: setting.texts.back }],
      }),
    { status: fault ? 400 : 200, uiLocales: open.uiLocales, formTarget: open.formTarget },
  )
