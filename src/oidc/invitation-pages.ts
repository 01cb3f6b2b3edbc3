import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Actor } from '#core/actor.ts'
import { acceptInvitation } from '#core/invitations/accept.ts'
import { type InvitationPreview, previewInvitation } from '#core/invitations/preview.ts'
import { DomainError, type Refusal } from '#core/refusals.ts'
import { register } from '#core/registration/register.ts'
import { signIn } from '#core/sign-in/sign-in.ts'
import { messagePage } from '#pages/plain.ts'
import { invitationPage } from '#pages/sign-in.ts'
import { somebody } from './actor.ts'
import { sessionSeconds } from './configuration.ts'
import type { OpenInteraction } from './interactions.ts'
import { factsOf } from './request-facts.ts'
import { enter, inInteraction, type PageParts, pageFields, wordsOf } from './sign-in-pages.ts'
import { localeOf } from './sign-up-pages.ts'

const access = { anonymous: 'whoever holds the link of an invitation accepts it here' }

type Values = Record<string, string | undefined>

/** Where it is accepted: in the middle of a request to `/authorize`, or by the link alone. */
type Place = { invitation: string; open?: OpenInteraction }

/**
 * Where people accept invitations: with the account that has the address already, or with a new one. The secret of the
 * link is what the form proves itself with.
 */
export const invitationRoutes = (app: FastifyInstance, parts: PageParts): void => {
  const placeOf = (open: OpenInteraction): Place => ({
    invitation: open.interaction.params.invitation ?? '',
    open,
  })
  const options = { config: { access }, schema: { hide: true } }
  app.get(
    '/u/invitation',
    options,
    inInteraction(parts, [], (open, _fields, request, reply) =>
      showPage(parts, placeOf(open), request, reply, {}),
    ),
  )
  app.post(
    '/u/invitation',
    options,
    inInteraction(parts, ['name', 'password'], (open, values, request, reply) =>
      accept(parts, placeOf(open), values, request, reply),
    ),
  )
  app.get('/lo/invitation', options, (request, reply) => {
    const { ticket = '' } = (request.query ?? {}) as { ticket?: string }
    return showPage(parts, { invitation: String(ticket) }, request, reply, {})
  })
  app.post('/lo/invitation', options, (request, reply) => {
    const { ticket: invitation = '', ...values } = pageFields(request, ['ticket', 'name', 'password'])
    return accept(parts, { invitation }, values, request, reply)
  })
}

const accept = async (
  parts: PageParts,
  place: Place,
  values: Values,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> => {
  try {
    const entered = await join(parts, place, values, request)
    if (place.open && entered.secret !== undefined) {
      return await enter(parts, place.open, request, reply, {
        userId: entered.userId,
        secret: entered.secret,
      })
    }
    return await parts.show(request, reply, (setting) =>
      messagePage(setting, { title: setting.texts.invitationDone, text: setting.texts.signedOut }),
    )
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return showPage(parts, place, request, reply, values, error.refusal)
  }
}

const join = async (
  { providers, now }: PageParts,
  { invitation, open }: Place,
  { name, password = '' }: Values,
  request: FastifyRequest,
): Promise<{ userId: string; secret?: string | undefined }> => {
  const { run } = providers.inner
  const { email, hasAccount } = await run(previewInvitation, { secret: invitation }, somebody)
  const { ip, userAgent } = factsOf(request)
  const about = { ...(ip !== undefined && { ip }), ...(userAgent !== undefined && { userAgent }) }
  const { client_id: applicationId } = open?.interaction.params ?? {}
  const at = { ...(applicationId !== undefined && { applicationId }) }
  const data = { methods: [{ name: 'pwd', at: now() }] }
  const session = { kind: 'browser', lifetimeSeconds: sessionSeconds, ...about, ...at, data } as const
  if (!hasAccount) {
    const { user, session: opened } = await run(
      register,
      {
        email,
        password,
        invitation,
        ...(name !== undefined && { name }),
        ...at,
        ...about,
        locale: localeOf(request, undefined),
        ...(open && { session }),
      },
      somebody,
    )
    return { userId: user.id, secret: opened?.secret }
  }
  const result = await run(
    signIn,
    { login: { email }, password, ...at, ...about, ...(open && { session }) },
    somebody,
  )
  if (!result.ok) throw new DomainError(result.refusal)
  const person: Actor = { kind: 'user', id: result.user.id, door: 'oidc' }
  await run(acceptInvitation, { secret: invitation }, person)
  return { userId: result.user.id, secret: result.session?.secret }
}

const showPage = async (
  { providers, show }: PageParts,
  { invitation, open }: Place,
  request: FastifyRequest,
  reply: FastifyReply,
  values: Values,
  refusal?: Refusal,
): Promise<FastifyReply> => {
  const preview = await previewOf(providers.inner.run, invitation)
  const options = {
    status: refusal || !preview ? 400 : 200,
    uiLocales: open?.uiLocales,
    formTarget: open?.formTarget,
  }
  return show(
    request,
    reply,
    (setting) => {
      const { texts } = setting
      if (!preview) {
        return messagePage(setting, { title: texts.linkInvalidTitle, text: texts.linkInvalid })
      }
      const said = refusal && wordsOf(texts, refusal)
      return invitationPage(setting, {
        action: open ? '/u/invitation' : '/lo/invitation',
        fields: open ? { state: open.state, csrf: open.csrf } : { ticket: invitation },
        inviter: preview.inviterName,
        organization: preview.organization?.displayName,
        message: preview.message,
        email: preview.email,
        hasAccount: preview.hasAccount,
        name: values.name,
        fault: refusal?.code === 'weak_password' ? undefined : said,
        passwordFault: refusal?.code === 'weak_password' ? said : undefined,
      })
    },
    options,
  )
}

const previewOf = async (
  run: PageParts['providers']['inner']['run'],
  secret: string,
): Promise<InvitationPreview | undefined> => {
  try {
    return await run(previewInvitation, { secret }, somebody)
  } catch (error) {
    if (error instanceof DomainError && error.refusal.code === 'wrong_code') return undefined
    throw error
  }
}
