import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Door } from '#http/app.ts'
import { createRateLimit, tellInSeconds } from '#http/rate-limit.ts'
import { backChannelRoutes, clientIdOf } from './back-channel.ts'
import { consentRoutes } from './consent-page.ts'
import { allowOrigin, preflightRoute } from './cors.ts'
import { changePasswordRoutes, signupRoutes } from './dbconnections.ts'
import { discoveryDocument } from './discovery.ts'
import { emailCodeRoutes } from './email-code-pages.ts'
import { encodeFailure, invalidRequest, tooManyRequests } from './errors.ts'
import type { ProviderAnswer } from './exchange.ts'
import { frontChannelRoutes, showFailure } from './front-channel.ts'
import { noPostLogin, type PostLogin } from './hooks.ts'
import { invitationRoutes } from './invitation-pages.ts'
import type { KeyRing } from './key-ring.ts'
import { logoutRoutes } from './logout.ts'
import { mailRoutes } from './mail-pages.ts'
import { challengeRoutes } from './mfa-challenge.ts'
import type { ProviderParts } from './parts.ts'
import { passwordlessRoutes } from './passwordless.ts'
import { pagePrefixes, paths } from './paths.ts'
import { createProviders, type Providers } from './provider.ts'
import { factsOf } from './request-facts.ts'
import { secondFactorRoutes } from './second-factor-pages.ts'
import { createShow } from './show.ts'
import { signInRoutes } from './sign-in-pages.ts'
import { signUpRoutes } from './sign-up-pages.ts'
import { decodeForm, decodeTokenRequest } from './token-request.ts'
import { createIdTokenReader, createTokenVerifier } from './tokens.ts'
import { userinfoRoutes } from './userinfo.ts'
import { JwksDocument, OAuthFailure, TokenAnswer, TokenBody } from './wire.ts'

export type OidcDoorParts = Omit<ProviderParts, 'hooks'> & {
  /** Scripts between signing in and tokens; nobody's unless given. */
  hooks?: PostLogin
  /** Called with every answer of the token endpoint, for metrics. */
  onToken?: (token: AskedToken) => void
  rateLimits: boolean
}

/** A token that was issued, or refused with this OAuth error. What was asked for is there as far as it is known. */
export type AskedToken = {
  outcome: 'issued' | (string & {})
  applicationId?: string | undefined
  audience?: string | undefined
  grant?: string | undefined
}

/** As JSON, before it grows by form-encoding (at most threefold) to what the provider reads. */
const bodyLimitBytes = 16_384

/** Tokens, sign-in and what clients need to know of them, where Auth0's clients look for them. */
export const createOidcDoor = (parts: OidcDoorParts): Door => {
  const providers = createProviders({ ...parts, hooks: parts.hooks ?? noPostLogin })
  const owned: readonly string[] = Object.values(paths)
  return {
    name: 'oidc',
    plugin: edge({ ...parts, providers }),
    owns: (path) =>
      owned.includes(path) ||
      pagePrefixes.some((prefix) => path.startsWith(prefix)) ||
      path.startsWith(`${paths.authorization}/`),
    encodeFault: ({ kind }) => {
      const { status, description } = faults[kind]
      return { status, body: { error: 'invalid_request', error_description: description } }
    },
  }
}

const faults = {
  malformed_url: { status: 400, description: 'The URL is malformed.' },
  misdirected: { status: 421, description: 'This server does not answer for that host.' },
  not_found: { status: 404, description: 'There is nothing at this address.' },
} as const

type EdgeParts = Pick<
  OidcDoorParts,
  'onToken' | 'rateLimits' | 'run' | 'now' | 'hosts' | 'records' | 'sealer'
> & {
  providers: Providers
  keyRing: KeyRing
}

const edge =
  ({ providers, keyRing, onToken, rateLimits, ...parts }: EdgeParts): FastifyPluginAsync =>
  async (app) => {
    app.setErrorHandler((error, request, reply) => {
      const { status, body } = encodeFailure(error)
      if (status >= 500) request.log.error({ err: error }, 'a request failed')
      if (request.routeOptions.url === paths.token) onToken?.({ outcome: body.error })
      return reply.code(status).headers(challenge(status, request)).send(body)
    })
    readBodies(app)
    // Bodies are decoded in OAuth's own words; their schema is for the documentation.
    app.setValidatorCompiler(() => () => true)
    const { ask, inner } = providers
    preflightRoute(app, paths.token, 'POST')
    app.route({
      method: 'POST',
      url: paths.token,
      bodyLimit: bodyLimitBytes,
      config: { access: { anonymous: 'clients authenticate here, by secret' } },
      schema: {
        tags: ['Authentication'],
        summary: 'Get a token',
        consumes: ['application/json', 'application/x-www-form-urlencoded'],
        body: TokenBody,
        response: { 200: TokenAnswer, '4xx': OAuthFailure, '5xx': OAuthFailure },
      },
      onRequest: [forbidStoring, ...(rateLimits ? [limitAddresses()] : [])],
      handler: (request, reply) => answerTokenRequest({ ask, inner, onToken }, request, reply),
    })
    backChannelRoutes(app, { ask, findClient: inner.findClient })
    signupRoutes(app, inner)
    changePasswordRoutes(app, inner)
    passwordlessRoutes(app, inner)
    challengeRoutes(app, inner)
    userinfoRoutes(app, { inner, verifyToken: createTokenVerifier(keyRing, parts) })
    publish(app, paths.jwks, { response: { 200: JwksDocument } }, () => keyRing.published())
    for (const path of [paths.openidConfiguration, paths.oauthMetadata]) {
      publish(app, path, {}, async ({ issuer }) => discoveryDocument(issuer))
    }
    const show = createShow(parts)
    await app.register(async (pages) => {
      pages.setErrorHandler((error, request, reply) => showFailure(show, request, reply, { failure: error }))
      frontChannelRoutes(pages, { ask, findClient: inner.findClient, show })
      logoutRoutes(pages, { providers, show, readIdToken: createIdTokenReader(keyRing, parts) })
      const pageParts = { providers, show, now: parts.now, pending: inner.pending }
      signInRoutes(pages, pageParts)
      secondFactorRoutes(pages, pageParts)
      signUpRoutes(pages, pageParts)
      consentRoutes(pages, pageParts)
      invitationRoutes(pages, pageParts)
      mailRoutes(pages, pageParts)
      emailCodeRoutes(pages, pageParts)
    })
  }

const forbidStoring = async (_request: FastifyRequest, reply: FastifyReply): Promise<void> => {
  reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' })
}

/** By where the request comes from: before the client has authenticated, its name is anybody's to use. */
const limitAddresses = () =>
  createRateLimit({ points: 1000, seconds: 10, keyOf: ({ ip }) => ip }, tellInSeconds, () =>
    tooManyRequests(),
  )

const answerTokenRequest = async (
  { ask, inner, onToken }: Pick<EdgeParts, 'onToken'> & Pick<Providers, 'ask' | 'inner'>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> => {
  const { params, scope, authorization } = decodeTokenRequest(request.body, request.headers.authorization)
  if (request.headers.origin !== undefined) {
    const client = await inner.findClient(clientIdOf(params, authorization))
    allowOrigin(request, reply, client?.rolecall)
  }
  const isRefresh = params.grant_type === 'refresh_token'
  const answer = await ask(request.issuer, {
    method: 'POST',
    path: paths.token,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(authorization !== undefined && { authorization }),
    },
    body: new URLSearchParams(params).toString(),
    state: {
      request: factsOf(request),
      ...(scope !== undefined && { requestedScope: scope }),
      ...(scope !== undefined && isRefresh && { narrowed: scope.split(' ') }),
    },
  })
  const { client, entities } = answer.context?.oidc ?? {}
  const token = entities?.ClientCredentials ?? entities?.AccessToken
  const asked = { applicationId: client?.clientId, audience: token?.aud, grant: params.grant_type }
  if (answer.status === 200) {
    onToken?.({ ...asked, outcome: 'issued' })
    return reply.send(answered(answer))
  }
  const { status, body } = encodeFailure(answer.failure, { client, grantType: params.grant_type })
  if (status >= 500) request.log.error({ err: answer.failure }, 'a token request failed')
  onToken?.({ ...asked, outcome: body.error })
  return reply.code(status).headers(challenge(status, request)).send(body)
}

/** People's tokens carry scopes that the provider knows nothing of. */
const answered = ({ body, context }: ProviderAnswer): unknown => {
  const { scope } = context!.state
  if (typeof scope !== 'string') return body
  const { scope: _known, ...rest } = body as Record<string, unknown>
  return scope === '' ? rest : { ...rest, scope }
}

/** @see RFC 6749 §5.2: who tried Basic is told that it would have been right. */
const challenge = (status: number, { headers, issuer }: FastifyRequest): Record<string, string> =>
  status === 401 && headers.authorization !== undefined
    ? { 'www-authenticate': `Basic realm="${issuer}"` }
    : {}

const readBodies = (app: Parameters<FastifyPluginAsync>[0]): void => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    async (_request: unknown, text: string) => {
      try {
        return JSON.parse(text) as unknown
      } catch {
        throw invalidRequest('The request body is not valid JSON.')
      }
    },
  )
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    async (_request: unknown, text: string) => decodeForm(text),
  )
}

/** As fresh as a key rotation needs it, and readable from scripts of any origin: it is public. */
const publicHeaders = { 'cache-control': 'public, max-age=15', 'access-control-allow-origin': '*' }

const publish = (
  app: Parameters<FastifyPluginAsync>[0],
  url: string,
  schema: object,
  document: (request: FastifyRequest) => Promise<object>,
): void => {
  app.get(
    url,
    { config: { access: { anonymous: 'public keys and addresses, for whoever verifies tokens' } }, schema },
    async (request, reply) => reply.headers(publicHeaders).send(await document(request)),
  )
}
