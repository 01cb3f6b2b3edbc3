import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DomainError, type Refusal } from '#core/refusals.ts'
import { confirmEmail } from '#core/users/confirm-email.ts'
import { requestPasswordReset, resetPassword } from '#core/users/reset-password.ts'
import type { Setting } from '#pages/layout.ts'
import { forgotPage, messagePage, questionPage, resetPage } from '#pages/plain.ts'
import { fill, type Texts } from '#pages/texts.ts'
import { somebody } from './actor.ts'
import { factsOf } from './request-facts.ts'
import { inInteraction, linksOf, type PageParts, pageFields, wordsOf } from './sign-in-pages.ts'
import { localeOf } from './sign-up-pages.ts'

const access = { anonymous: 'who holds what was mailed to him, or asks for it' }
const options = { config: { access }, schema: { hide: true } }

/**
 * Pages behind the links of mails. A link alone does nothing: programs that look at mails follow links, too. The secret
 * of the link is what the form proves itself with.
 */
export const mailRoutes = (app: FastifyInstance, parts: PageParts): void => {
  forgotRoutes(app, parts)
  resetRoutes(app, parts)
  const { providers, show } = parts
  const { run } = providers.inner

  app.get('/lo/verify_email', options, (request, reply) => {
    const { ticket } = pageTicket(request)
    return show(request, reply, (setting) =>
      questionPage(setting, {
        title: setting.texts.verifyTitle,
        text: setting.texts.verifyLead,
        action: '/lo/verify_email',
        fields: { ticket },
        yes: { label: setting.texts.verify },
      }),
    )
  })

  app.post('/lo/verify_email', options, async (request, reply) => {
    const { ticket = '' } = pageFields(request, ['ticket'])
    const confirmed = await run(confirmEmail, { secret: ticket }, somebody)
    if (!confirmed.ok) return showInvalid(parts, request, reply)
    return show(request, reply, (setting) =>
      messagePage(setting, {
        title: setting.texts.verifiedTitle,
        text: setting.texts.verified,
        link: linkOnwards(setting, confirmed.data),
      }),
    )
  })
}

const resetRoutes = (app: FastifyInstance, parts: PageParts): void => {
  const { providers, show } = parts
  const showForm = (
    request: FastifyRequest,
    reply: FastifyReply,
    ticket: string,
    fault?: (texts: Texts) => string,
  ) =>
    show(request, reply, (setting) => resetPage(setting, { ticket, passwordFault: fault?.(setting.texts) }), {
      status: fault ? 400 : 200,
    })

  app.get('/lo/reset', options, (request, reply) => {
    const { ticket = '' } = pageTicket(request)
    return showForm(request, reply, ticket)
  })

  app.post('/lo/reset', options, async (request, reply) => {
    const { ticket = '', password, repeated } = pageFields(request, ['ticket', 'password', 'repeated'])
    if (password === undefined) return showForm(request, reply, ticket, (texts) => texts.fillIn)
    if (password !== repeated) return showForm(request, reply, ticket, (texts) => texts.passwordsDiffer)
    try {
      const { data } = await providers.inner.run(resetPassword, { secret: ticket, password }, somebody)
      return await show(request, reply, (setting) =>
        messagePage(setting, {
          title: setting.texts.resetDoneTitle,
          text: setting.texts.resetDone,
          link: linkOnwards(setting, data),
        }),
      )
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      const { refusal } = error
      if (refusal.code === 'wrong_code') return showInvalid(parts, request, reply)
      return showForm(request, reply, ticket, (texts) => wordsOf(texts, refusal))
    }
  })
}

/** Asking for the mail, within a sign-in. The answer is the same whether or not there is such an account. */
const forgotRoutes = (app: FastifyInstance, parts: PageParts): void => {
  const { providers, show } = parts
  app.get(
    '/u/forgot',
    options,
    inInteraction(parts, [], (open, _fields, request, reply) =>
      show(
        request,
        reply,
        (setting) =>
          forgotPage(setting, {
            fields: { state: open.state, csrf: open.csrf },
            email: open.interaction.params.login_hint,
            back: linksOf(open).signIn,
          }),
        { uiLocales: open.uiLocales },
      ),
    ),
  )
  app.post(
    '/u/forgot',
    options,
    inInteraction(parts, ['email'], async (open, { email = '' }, request, reply) => {
      const { client_id: applicationId, ui_locales: uiLocales } = open.interaction.params
      const { ip } = factsOf(request)
      const refusal = await refusalOf(
        providers.inner.run(
          requestPasswordReset,
          {
            user: { emailOrUsername: email },
            locale: localeOf(request, uiLocales),
            ...(applicationId !== undefined && { applicationId }),
            ...(ip !== undefined && { ip }),
          },
          somebody,
        ),
      )
      return show(
        request,
        reply,
        (setting) => {
          const { texts } = setting
          const fields = { state: open.state, csrf: open.csrf }
          if (refusal) return forgotPage(setting, { fields, email, fault: wordsOf(texts, refusal) })
          return messagePage(setting, {
            title: texts.checkMailTitle,
            text: fill(texts.checkMailReset, { email }),
            link: { href: linksOf(open).signIn, label: texts.signIn },
          })
        },
        { uiLocales: open.uiLocales, status: refusal ? 429 : 200 },
      )
    }),
  )
}

/** What an operation that answers nothing was refused with; undefined when it was done. */
export const refusalOf = async (work: Promise<unknown>): Promise<Refusal | undefined> => {
  try {
    await work
    return undefined
  } catch (error) {
    if (error instanceof DomainError && error.refusal.code === 'too_many_attempts') return error.refusal
    throw error
  }
}

const pageTicket = ({ query }: FastifyRequest): { ticket?: string } => {
  const { ticket } = (query ?? {}) as { ticket?: unknown }
  return typeof ticket === 'string' ? { ticket } : {}
}

/** Where whoever made the link wants its user to go on; he is shown where, and goes himself. */
const linkOnwards = ({ texts }: Setting, data: object) => {
  const { resultUrl } = data as { resultUrl?: unknown }
  const isFine = typeof resultUrl === 'string' && /^https?:\/\//u.test(resultUrl)
  return isFine ? { href: resultUrl, label: texts.continue } : undefined
}

const showInvalid = ({ show }: PageParts, request: FastifyRequest, reply: FastifyReply) =>
  show(
    request,
    reply,
    ({ texts, ...setting }) =>
      messagePage({ texts, ...setting }, { title: texts.linkInvalidTitle, text: texts.linkInvalid }),
    { status: 400 },
  )
