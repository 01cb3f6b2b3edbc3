import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { signOut } from '#core/sessions/end.ts'
import { getSettings } from '#core/settings/settings.ts'
import { sha256base64url } from '#crypto/digests.ts'
import { messagePage, questionPage } from '#pages/plain.ts'
import { me, somebody } from './actor.ts'
import { cookiesOf, forgetBrowser, sessionSecretOf } from './browser.ts'
import { providerCookies } from './configuration.ts'
import { paths } from './paths.ts'
import type { Providers } from './provider.ts'
import { isRegistered } from './redirects.ts'
import { type Show, sourceOf } from './show.ts'
import { textFields } from './token-request.ts'
import type { ReadIdToken } from './tokens.ts'

export type LogoutParts = { providers: Providers; show: Show; readIdToken: ReadIdToken }

const access = { anonymous: 'whoever has a browser may sign out of it' }

/** Ways out: Auth0's own, and OpenID Connect's. @see specs: §2.4 of the Auth0 dialect; RP-Initiated Logout 1.0 */
export const logoutRoutes = (app: FastifyInstance, parts: LogoutParts): void => {
  app.get(
    paths.logout,
    { config: { access }, schema: { tags: ['Authentication'], summary: 'Sign out' } },
    async (request, reply) => {
      const { returnTo, client_id: clientId } = textFields(request.query ?? {}, ['returnTo', 'client_id'])
      const target = await targetOf(parts, returnTo, clientId)
      if (target === 'refused') {
        return showRefusal(parts.show, request, reply, 'The "returnTo" querystring parameter is not allowed.')
      }
      await leave(parts.providers, request, reply)
      return target === undefined ? showSignedOut(parts.show, request, reply) : redirect(reply, target)
    },
  )
  for (const method of ['GET', 'POST'] as const) {
    app.route({
      method,
      url: paths.endSession,
      config: { access },
      schema: { tags: ['Authentication'], summary: 'Sign out, as OpenID Connect has it' },
      handler: (request, reply) => endSession(parts, request, reply),
    })
  }
}

const fields = [
  'id_token_hint',
  'logout_hint',
  'post_logout_redirect_uri',
  'client_id',
  'state',
  'ui_locales',
  'csrf',
  'answer',
] as const

const endSession = async (
  parts: LogoutParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> => {
  const given = textFields((request.method === 'POST' ? request.body : request.query) ?? {}, fields)
  const { id_token_hint: hint, post_logout_redirect_uri: uri, state } = given
  const claims = hint === undefined ? undefined : await parts.readIdToken(hint)
  if (hint !== undefined && !claims)
    return showRefusal(parts.show, request, reply, 'id_token_hint is invalid.')
  const audience = [claims?.aud].flat()[0]
  if (claims && given.client_id !== undefined && given.client_id !== audience) {
    return showRefusal(parts.show, request, reply, 'client_id does not match the id_token_hint.')
  }
  const target = await targetOf(parts, uri, audience ?? given.client_id)
  if (target === 'refused') {
    return showRefusal(parts.show, request, reply, 'post_logout_redirect_uri is not registered.')
  }
  const back = target === undefined ? undefined : withState(target, state)
  const secret = sessionSecretOf(request)
  const csrf = secret === undefined ? undefined : sha256base64url(`sign out ${secret}`)
  const isConfirmed = csrf !== undefined && given.csrf === csrf
  // Without proof that the application means the person who is here, the person is asked.
  if (!claims && secret !== undefined && !isConfirmed) {
    return askFirst(parts.show, request, reply, { ...given, csrf }, target)
  }
  if (given.answer !== 'no') await leave(parts.providers, request, reply)
  return back === undefined ? showSignedOut(parts.show, request, reply) : redirect(reply, back)
}

const askFirst = (
  show: Show,
  request: FastifyRequest,
  reply: FastifyReply,
  {
    client_id,
    post_logout_redirect_uri,
    state,
    csrf,
    ui_locales: uiLocales,
  }: Record<string, string | undefined>,
  target: string | undefined,
): Promise<FastifyReply> =>
  show(
    request,
    reply,
    (setting) =>
      questionPage(setting, {
        title: setting.texts.signOutTitle,
        text: setting.texts.signOutLead,
        action: paths.endSession,
        fields: { client_id, post_logout_redirect_uri, state, csrf },
        yes: { label: setting.texts.signOut, name: 'answer', value: 'yes' },
        no: { label: setting.texts.staySignedIn, name: 'answer', value: 'no' },
      }),
    { uiLocales, formTarget: sourceOf(target) },
  )

/** Where to go afterwards: only to an address that the application, or the workspace, has registered for it. */
const targetOf = async (
  { providers }: LogoutParts,
  asked: string | undefined,
  clientId: string | undefined,
): Promise<string | 'refused' | undefined> => {
  const { findClient, run } = providers.inner
  const client = clientId === undefined ? undefined : await findClient(clientId)
  if (asked === undefined) return client?.rolecall.allowedLogoutUrls.find((each) => !each.includes('*'))
  const { allowed_logout_urls: urls } = await run(getSettings, { name: 'auth0-tenant' }, me)
  const registered = client?.rolecall.allowedLogoutUrls ?? []
  const workspace = Array.isArray(urls) ? urls.filter((each) => typeof each === 'string') : []
  // With an application named, its own addresses are what counts.
  const allowed = clientId === undefined ? workspace : registered
  return isRegistered(asked, allowed) || isRegistered(withoutQuery(asked), allowed) ? asked : 'refused'
}

/** The vendor passes over the query of an address when it compares. @see specs: §2.4 of the Auth0 dialect */
const withoutQuery = (url: string): string => url.split('?', 1)[0]!

const withState = (url: string, state: string | undefined): string => {
  if (state === undefined) return url
  const target = new URL(url)
  target.searchParams.set('state', state)
  return target.href
}

/** Ends what this browser was signed in with. */
const leave = async (providers: Providers, request: FastifyRequest, reply: FastifyReply): Promise<void> => {
  const secret = sessionSecretOf(request)
  if (secret !== undefined) await providers.inner.run(signOut, { secret }, somebody)
  const id = cookiesOf(request).get(providerCookies.session)
  if (id !== undefined) {
    const provider = await providers.of(request.issuer)
    await (await provider.Session.find(id))?.destroy()
  }
  forgetBrowser(request, reply)
}

const redirect = (reply: FastifyReply, location: string): FastifyReply =>
  reply.code(302).headers({ location, 'cache-control': 'no-store' }).send()

const showSignedOut = (show: Show, request: FastifyRequest, reply: FastifyReply) =>
  show(request, reply, (setting) =>
    messagePage(setting, { title: setting.texts.signedOutTitle, text: setting.texts.signedOut }),
  )

const showRefusal = (show: Show, request: FastifyRequest, reply: FastifyReply, technical: string) =>
  show(
    request,
    reply,
    (setting) =>
      messagePage(setting, { title: setting.texts.errorTitle, text: setting.texts.errorLead, technical }),
    { status: 400 },
  )
