import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { errors } from 'oidc-provider'
import { messagePage } from '#pages/plain.ts'
import { resourceOf } from './audience.ts'
import { openPage, passCookies, providerCookieHeader, sessionSecretOf } from './browser.ts'
import { type DevicePage, devicePage } from './device-pages.ts'
import { encodeFailure, OAuthRefusal } from './errors.ts'
import type { ProviderAnswer } from './exchange.ts'
import { encodeScope } from './grants.ts'
import type { FindClient } from './parts.ts'
import { paths } from './paths.ts'
import type { AskProvider } from './provider.ts'
import { factsOf } from './request-facts.ts'
import { pageHeaders, policyOfScripts, type Show, sourceOf } from './show.ts'
import { textFields } from './token-request.ts'

export type FrontChannelParts = { ask: AskProvider; findClient: FindClient; show: Show }

const anonymous = { anonymous: 'people are sent here to sign in' }

/** `/authorize` and what it leads back to: everything that browsers are sent to. */
export const frontChannelRoutes = (app: FastifyInstance, parts: FrontChannelParts): void => {
  const schema = { tags: ['Authentication'], hide: true }
  for (const method of ['GET', 'POST'] as const) {
    app.route({
      method,
      url: paths.authorization,
      config: { access: anonymous },
      schema: { ...schema, hide: false, summary: 'Sign somebody in' },
      handler: async (request, reply) => {
        const given = method === 'GET' ? request.query : request.body
        const params = await decodeAuthorization(given, parts.findClient)
        return pass(parts, request, reply, `${paths.authorization}?${new URLSearchParams(params)}`)
      },
    })
    app.route({
      method,
      url: paths.device,
      config: { access: anonymous },
      schema,
      handler: (request, reply) => {
        const fields = textFields(method === 'GET' ? request.query : request.body, deviceFields)
        if (method === 'GET') {
          // A code in the link is only filled in: that it is the right one, somebody has to say.
          return pass(parts, request, reply, paths.device, { filledIn: fields.user_code })
        }
        return pass(parts, request, reply, paths.device, { form: fields })
      },
    })
  }
  for (const url of [`${paths.authorization}/:uid`, `${paths.device}/:uid`]) {
    app.get(url, { config: { access: anonymous }, schema }, (request, reply) =>
      pass(parts, request, reply, request.url),
    )
  }
}

const deviceFields = ['user_code', 'xsrf', 'confirm', 'abort'] as const

/** Parameters of `/authorize` that mean something; whatever else is sent is passed over. */
const authorizationFields = [
  'response_type',
  'response_mode',
  'client_id',
  'redirect_uri',
  'scope',
  'audience',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'prompt',
  'max_age',
  'login_hint',
  'screen_hint',
  'connection',
  'organization',
  'invitation',
  'acr_values',
  'ui_locales',
  'id_token_hint',
  'request_uri',
  'request',
  'claims',
] as const

/** What the provider insists that only OpenID Connect has; Auth0 passes it over without. */
const onlyWithOpenid = ['acr_values', 'claims', 'id_token_hint', 'max_age', 'nonce'] as const

/** A request to `/authorize` in the provider's terms. */
export const decodeAuthorization = async (
  given: unknown,
  findClient: FindClient,
): Promise<Record<string, string>> => {
  const { audience, scope, claims: _claims, ...params } = textFields(given ?? {}, authorizationFields)
  // Everything else was pushed already.
  if (params.request_uri !== undefined) {
    return { client_id: params.client_id ?? '', request_uri: params.request_uri }
  }
  if (!(scope ?? '').split(' ').includes('openid')) for (const name of onlyWithOpenid) delete params[name]
  if (params.redirect_uri === undefined && params.client_id !== undefined) {
    const [first] = (await findClient(params.client_id))?.rolecall.callbacks ?? []
    if (first !== undefined) params.redirect_uri = first
  }
  return {
    ...params,
    ...(params.prompt === 'select_account' && { prompt: 'login' }),
    scope: encodeScope(scope),
    rolecall_scope: scope ?? '',
    ...(audience !== undefined && { resource: resourceOf(audience), audience }),
  }
}

type Passed = { form?: Record<string, string>; filledIn?: string | undefined }

/** Asks the provider in the browser's name, and gives its answer to the browser. */
const pass = async (
  { ask, show }: FrontChannelParts,
  request: FastifyRequest,
  reply: FastifyReply,
  path: string,
  { form, filledIn }: Passed = {},
): Promise<FastifyReply> => {
  const { host, protocol } = new URL(request.issuer)
  const answer = await ask(request.issuer, {
    method: form ? 'POST' : 'GET',
    path,
    headers: {
      host,
      'x-forwarded-proto': protocol.slice(0, -1),
      cookie: providerCookieHeader(request),
      ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(form && { body: new URLSearchParams(form).toString() }),
    state: { request: factsOf(request), sessionSecret: sessionSecretOf(request) },
  })
  const { location, 'set-cookie': cookies } = answer.headers
  passCookies(reply, [cookies ?? []].flat().map(String))
  reply.headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
  if (typeof location === 'string') {
    const state = /^\/u\/\w+\?state=([^&]+)$/u.exec(location)?.[1]
    if (state !== undefined) openPage(request, reply, decodeURIComponent(state))
    return reply.code(302).header('location', location).send()
  }
  if (isDevicePage(answer.body)) return devicePage({ show }, request, reply, answer.body, filledIn)
  if (typeof answer.body === 'string') return sendScript(reply, answer.body, answer)
  return showFailure(show, request, reply, answer)
}

const isDevicePage = (body: unknown): body is DevicePage =>
  typeof body === 'object' && body !== null && 'page' in body

/** A page of the provider's that posts the answer: to the application's address, or to the page that frames it. */
const sendScript = (reply: FastifyReply, body: string, { context }: ProviderAnswer): FastifyReply => {
  const { response_mode: mode, redirect_uri: target } = context?.oidc?.params ?? {}
  const isMessage = mode === 'web_message'
  const { 'x-frame-options': _option, 'cross-origin-opener-policy': _policy, ...headers } = pageHeaders
  return reply
    .code(200)
    .headers({
      ...headers,
      ...(!isMessage && { 'x-frame-options': 'DENY' }),
      'content-security-policy': policyOfScripts(body, isMessage ? (sourceOf(target) ?? "'none'") : "'none'"),
    })
    .type('text/html; charset=utf-8')
    .send(body)
}

/** What can't be told to the application is told to the person: where there is no address to trust, first of all. */
export const showFailure = (
  show: Show,
  request: FastifyRequest,
  reply: FastifyReply,
  { failure, context }: Pick<ProviderAnswer, 'failure' | 'context'>,
): Promise<FastifyReply> => {
  const { status, body } = encodeFailure(failure)
  if (status >= 500) request.log.error({ err: failure }, 'a sign-in failed')
  const isExpired =
    failure instanceof errors.OIDCProviderError &&
    /session|interaction/iu.test(failure.name + body.error_description)
  return show(
    request,
    reply,
    (setting) =>
      messagePage(setting, {
        title: setting.texts.errorTitle,
        text: isExpired ? setting.texts.expired : setting.texts.errorLead,
        technical: `${body.error}: ${wordsOf(failure, body.error_description)}`,
      }),
    {
      status: failure instanceof OAuthRefusal ? status : Math.max(400, status),
      uiLocales: context?.oidc?.params?.ui_locales,
    },
  )
}

const wordsOf = (failure: unknown, description: string): string => {
  if (!(failure instanceof errors.OIDCProviderError)) return description
  if (failure.error === 'invalid_redirect_uri') return 'Callback URL mismatch.'
  return description
}
