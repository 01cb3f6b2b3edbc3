import type { Context, Grant, Interaction, RefreshToken, StructuredToken, Token } from 'oidc-provider'
import { randomToken } from '#crypto/digests.ts'
import type { createAdapter } from './adapter.ts'
import { clientAuthMethods, type RefreshTokenSettings, responseTypes } from './client.ts'
import { checkExtras, extraParameters } from './extra-parameters.ts'
import { offlineScope, providerScopes } from './grants.ts'
import type { CurrentKey } from './key-ring.ts'
import type { InnerParts } from './parts.ts'
import { paths } from './paths.ts'
import { createPolicy, secondFactorReason } from './policy.ts'
import { checkRefresh } from './refresh.ts'
import { type Audience, defaultResource, mayRefresh, resourceServer } from './resources.ts'
import { SigningKeyOfRing } from './signing.ts'

const off = { enabled: false }

/** Cookies of the provider: which browser it speaks with. Ours, which says who is signed in, is in `browser.ts`. */
export const providerCookies = {
  session: 'rolecall_browser',
  interaction: 'rolecall_page',
  resume: 'rolecall_resume',
}

/** Long enough to find a mail, or the telephone with the second factor. */
export const interactionSeconds = 3600
export const sessionSeconds = 604_800

type Handlers = {
  adapter: ReturnType<typeof createAdapter>
  shapeToken: (ctx: Context, token: Token, structured: StructuredToken) => Promise<void>
}

/** Everything that isn't needed for what we offer is off; what other issues add is switched on there. */
export const configuration = (
  parts: InnerParts,
  keys: readonly CurrentKey[],
  issuer: string,
  { adapter, shapeToken }: Handlers,
) => ({
  adapter,
  findAccount: parts.findAccount,
  jwks: { keys: keys.map((key) => new SigningKeyOfRing(key)) },
  clientAuthMethods: [...clientAuthMethods],
  scopes: [...providerScopes],
  responseTypes: [...responseTypes],
  subjectTypes: ['public'],
  extraClientMetadata: { properties: ['rolecall'] },
  extraParams: Object.fromEntries(
    extraParameters.map((name, at) => [
      name,
      // All are looked at together, once.
      at === 0 ? (ctx: Context) => checkExtras(parts, ctx) : () => {},
    ]),
  ),
  routes: {
    authorization: paths.authorization,
    token: paths.token,
    jwks: paths.jwks,
    revocation: paths.revocation,
    pushed_authorization_request: paths.pushedAuthorization,
    device_authorization: paths.deviceAuthorization,
    code_verification: paths.device,
  },
  pkce: {
    required: (_ctx: Context, client: { clientAuthMethod: string }) => client.clientAuthMethod === 'none',
  },
  cookies: {
    names: providerCookies,
    long: cookieOptions(issuer),
    short: { httpOnly: true, sameSite: 'lax' },
  },
  ttl: lifetimes,
  allowOmittingSingleRegisteredRedirectUri: false,
  // A form that is posted to us is a query to the provider.
  enableHttpPostMethods: false,
  conformIdTokenClaims: false,
  acceptQueryParamAccessTokens: false,
  // What somebody may do without being at the keyboard does not end when he signs out.
  expiresWithSession: () => false,
  issueRefreshToken: (ctx: Context, _client: unknown, source: { scopes: Set<string> }) =>
    source.scopes.has(offlineScope) && mayRefresh(ctx, ctx.state.audience as Audience),
  rotateRefreshToken: (ctx: Context) => checkRefresh(parts, ctx),
  loadExistingGrant: newGrant,
  interactions: { policy: createPolicy({ ...parts, records: parts.signIns }), url: pageOf },
  renderError: (ctx: Context, out: object, error: unknown) => {
    ctx.state.pageFailure = error
    ctx.body = out
  },
  features: {
    clientCredentials: { enabled: true },
    // Experimental there, so a new version of the package may want another word here.
    externalSigningSupport: { enabled: true, ack: 'experimental-01' },
    webMessageResponseMode: { enabled: true, ack: 'individual-draft-01' },
    devInteractions: off,
    dPoP: off,
    userinfo: off,
    rpInitiatedLogout: off,
    revocation: {
      enabled: true,
      allowedPolicy: (_ctx: Context, client: { clientId: string }, token: Token) =>
        token.clientId === client.clientId,
    },
    pushedAuthorizationRequests: { enabled: true },
    deviceFlow: {
      enabled: true,
      charset: 'base-20',
      mask: '****-****',
      ...devicePages,
    },
    resourceIndicators: {
      enabled: true,
      defaultResource: defaultResource(parts, issuer),
      useGrantedResource: () => true,
      getResourceServerInfo: resourceServer(parts, keys),
    },
  },
  formats: { customizers: { jwt: shapeToken } },
})

/** Silent sign-in happens in a frame of the application's page, which is another site's. */
const cookieOptions = (issuer: string) =>
  issuer.startsWith('https:')
    ? { httpOnly: true, sameSite: 'none', secure: true, path: '/' }
    : { httpOnly: true, sameSite: 'lax', path: '/' }

const lifetimes = {
  ClientCredentials: (_ctx: Context, token: Token) => token.resourceServer!.accessTokenTTL,
  AccessToken: (_ctx: Context, token: Token) => token.resourceServer!.accessTokenTTL,
  AuthorizationCode: 60,
  IdToken: (_ctx: Context, _token: unknown, { rolecall }: ClientOfToken) => rolecall.idTokenSeconds,
  RefreshToken: (ctx: Context, _token: RefreshToken, { rolecall }: ClientOfToken) => {
    const { lifetimeSeconds, idleSeconds } = rolecall.refreshTokens
    const end = ctx.oidc!.entities.Grant?.exp
    const left = end === undefined ? lifetimeSeconds : Math.max(1, end - Math.floor(Date.now() / 1000))
    return Math.min(left, idleSeconds)
  },
  /** A grant lasts as long as what was granted may be refreshed. */
  Grant: (ctx: Context) => ctx.oidc!.client!.rolecall.refreshTokens.lifetimeSeconds,
  DeviceCode: 900,
  Interaction: interactionSeconds,
  Session: sessionSeconds,
}

type ClientOfToken = {
  rolecall: {
    idTokenSeconds: number
    refreshTokens: RefreshTokenSettings
  }
}

/**
 * Each sign-in gets a grant of its own, so that what is revoked with it is just what came of it. It is stored when
 * everything is settled.
 */
const newGrant = async (ctx: Context): Promise<Grant> => {
  const { provider, client, account, params } = ctx.oidc!
  const grant = new provider.Grant({ accountId: account!.accountId, clientId: client!.clientId })
  grant.jti = randomToken()
  grant.addOIDCScope(params.scope!)
  return grant
}

/** The page that somebody is sent to. */
const pageOf = (_ctx: Context, { uid, prompt, params }: Interaction): string => {
  const page =
    prompt.name === 'consent'
      ? 'consent'
      : params.invitation !== undefined && !prompt.reasons.includes(secondFactorReason)
        ? 'invitation'
        : params.screen_hint === 'signup'
          ? 'signup'
          : 'login'
  return `/u/${page}?state=${encodeURIComponent(uid)}`
}

/** The edge renders these: it knows the language, and the nonce that styles need. */
const devicePages = {
  userCodeInputSource: (
    ctx: Context,
    _form: string,
    _out: unknown,
    error?: { name: string; userCode?: string },
  ) => {
    ctx.body = {
      page: 'device-code',
      xsrf: xsrfOf(ctx),
      ...(error && { fault: error.name, userCode: error.userCode }),
    }
  },
  userCodeConfirmSource: (
    ctx: Context,
    _form: string,
    client: { clientName?: string },
    _info: unknown,
    userCode: string,
  ) => {
    ctx.body = { page: 'device-confirm', xsrf: xsrfOf(ctx), application: client.clientName, userCode }
  },
  successSource: (ctx: Context) => {
    ctx.body = { page: 'device-done', application: ctx.oidc!.client?.clientName }
  },
}

const xsrfOf = (ctx: Context): string | undefined =>
  (ctx.oidc!.session as { state?: { secret?: string } } | undefined)?.state?.secret
