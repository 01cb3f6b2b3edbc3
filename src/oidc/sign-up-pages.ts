import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DomainError, type Refusal } from '#core/refusals.ts'
import { registrationForm } from '#core/registration/form.ts'
import { register } from '#core/registration/register.ts'
import { messagePage } from '#pages/plain.ts'
import { signUpPage } from '#pages/sign-in.ts'
import { fill, type Texts } from '#pages/texts.ts'
import { somebody } from './actor.ts'
import { sessionSeconds } from './configuration.ts'
import type { OpenInteraction } from './interactions.ts'
import { factsOf } from './request-facts.ts'
import { boundOf, enter, inInteraction, linksOf, type PageParts, wordsOf } from './sign-in-pages.ts'

type Values = Readonly<Record<string, string | undefined>>

const access = { anonymous: 'people make themselves accounts here; the registration policy decides' }

/** Where people sign up, choosing a role where the policy lets them. */
export const signUpRoutes = (app: FastifyInstance, parts: PageParts): void => {
  app.get(
    '/u/signup',
    { config: { access }, schema: { hide: true } },
    inInteraction(parts, [], (open, _fields, request, reply) =>
      showForm(parts, open, request, reply, { email: open.interaction.params.login_hint }),
    ),
  )
  app.post(
    '/u/signup',
    { config: { access }, schema: { hide: true } },
    inInteraction(parts, ['email', 'name', 'password', 'role'], async (open, values, request, reply) => {
      if (values.email === undefined || values.password === undefined) {
        return showForm(parts, open, request, reply, values, { words: (texts) => texts.fillIn })
      }
      try {
        return await signUp(parts, open, values, request, reply)
      } catch (error) {
        if (!(error instanceof DomainError)) throw error
        return showForm(parts, open, request, reply, values, { refusal: error.refusal })
      }
    }),
  )
}

const signUp = async (
  parts: PageParts,
  open: OpenInteraction,
  { email, name, password, role }: Values,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> => {
  const { client_id: applicationId, connection, ui_locales: uiLocales } = open.interaction.params
  const { ip, userAgent } = factsOf(request)
  const about = { ...(ip !== undefined && { ip }), ...(userAgent !== undefined && { userAgent }) }
  const at = { ...(applicationId !== undefined && { applicationId }) }
  const methods = [{ name: 'pwd', at: parts.now() }]
  const registered = await parts.providers.inner.run(
    register,
    {
      email: email!,
      password: password!,
      ...(name !== undefined && { name }),
      ...(role !== undefined && { roles: [role] }),
      ...at,
      ...about,
      ...(connection !== undefined && { connectionName: connection }),
      locale: localeOf(request, uiLocales),
      session: { kind: 'browser', lifetimeSeconds: sessionSeconds, ...about, ...at, data: { methods } },
    },
    somebody,
  )
  if (registered.session) {
    const { secret } = registered.session
    return enter(parts, open, request, reply, { userId: registered.user.id, secret })
  }
  return parts.show(
    request,
    reply,
    (setting) => {
      const { texts } = setting
      const isWaiting = registered.status === 'awaiting-approval'
      return messagePage(setting, {
        title: texts.checkMailTitle,
        text: isWaiting ? texts.checkMailApproval : fill(texts.checkMailConfirm, { email: email! }),
        link: { href: linksOf(open).signIn, label: texts.signIn },
      })
    },
    { uiLocales: open.uiLocales, formTarget: open.formTarget },
  )
}

/** For mails: what the application asked for, or what the browser speaks. */
export const localeOf = ({ headers }: FastifyRequest, uiLocales: string | undefined): string => {
  const [wanted] = [...(uiLocales ?? '').split(' '), ...(headers['accept-language'] ?? '').split(/[,;]/u)]
    .map((each) => each.trim())
    .filter((each) => /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/iu.test(each))
  return wanted ?? 'en'
}

type Fault = { refusal?: Refusal; words?: (texts: Texts) => string }

const showForm = async (
  { providers, show }: PageParts,
  open: OpenInteraction,
  request: FastifyRequest,
  reply: FastifyReply,
  values: Values,
  { refusal, words }: Fault = {},
): Promise<FastifyReply> => {
  const { client_id: applicationId } = open.interaction.params
  const { mode, choices } = await providers.inner.run(
    registrationForm,
    applicationId === undefined ? {} : { applicationId },
    somebody,
  )
  const isShut = mode === 'closed' || mode === 'invitation'
  const options = {
    status: refusal || words || isShut ? 400 : 200,
    uiLocales: open.uiLocales,
    formTarget: open.formTarget,
  }
  return show(
    request,
    reply,
    (setting) => {
      const { texts } = setting
      if (isShut) {
        return messagePage(setting, {
          title: texts.signUp,
          text: mode === 'closed' ? texts.registrationClosed : texts.registrationByInvitation,
          link: { href: linksOf(open).signIn, label: texts.signIn },
        })
      }
      const said = refusal ? wordsOf(texts, refusal) : words?.(texts)
      const field = refusal && fieldOf(refusal)
      return signUpPage(setting, {
        ...boundOf(open),
        application: open.applicationName,
        values,
        fault: field === undefined ? said : undefined,
        fieldFaults: field === undefined ? {} : { [field]: said },
        roles: choices.map(({ roleId, name, description, grant }) => ({
          id: roleId,
          name,
          description,
          needsApproval: grant === 'approval',
        })),
        links: linksOf(open),
      })
    },
    options,
  )
}

const fieldOf = (refusal: Refusal): 'email' | 'password' | undefined => {
  if (refusal.code === 'weak_password') return 'password'
  if (refusal.code === 'email_domain_refused') return 'email'
  return refusal.code === 'invalid' && refusal.field === 'email' ? 'email' : undefined
}
