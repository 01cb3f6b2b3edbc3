import type { Context, ResourceServer } from 'oidc-provider'
import type { Api } from '#core/apis/api.ts'
import { readUserAudience, type UserAudience } from '#core/apis/token-rights.ts'
import { readMachineGrant } from '#core/applications/token-client.ts'
import type { Run } from '#core/operation.ts'
import { getSettings } from '#core/settings/settings.ts'
import { lifetimeOf } from './access-token.ts'
import { me } from './actor.ts'
import { apiOf, audienceOf, resourceOf } from './audience.ts'
import { accessDenied, OAuthRefusal } from './errors.ts'
import type { PostLogin } from './hooks.ts'
import type { CurrentKey, KeyRing, SigningAlgorithm } from './key-ring.ts'
import { applicationOf, type RequestFacts } from './settle.ts'

/** The first token of an algorithm needs keys that this provider does not have yet; the next one will. */
export class KeyJustMade extends Error {
  override readonly name = 'KeyJustMade'
}

export type ResourceParts = {
  run: Run
  keyRing: KeyRing
  hosts: { issuers(): ReadonlySet<string> }
  hooks: Pick<PostLogin, 'runCredentialsExchange'>
}

/** Seconds that a token for `/userinfo` alone lives. @see specs: §2.1 of the Auth0 dialect */
const userinfoSeconds = 86_400

export const userinfoAudience = (issuer: string): string => `${issuer}userinfo`

/** What is meant when no audience was named: the workspace's default, and for people at least `/userinfo`. */
export const defaultResource =
  ({ run }: Pick<ResourceParts, 'run'>, issuer: string) =>
  async (ctx: Context): Promise<string> => {
    const { default_audience: audience } = await run(getSettings, { name: 'auth0-tenant' }, me)
    if (typeof audience === 'string' && audience !== '') return resourceOf(audience)
    if (isForMachine(ctx)) {
      throw accessDenied('No audience parameter was provided, and no default audience has been configured')
    }
    return resourceOf(userinfoAudience(issuer))
  }

const isForMachine = (ctx: Context): boolean => ctx.oidc!.params.grant_type === 'client_credentials'

/** What is known of an audience while a token for it is made. */
export type Audience = UserAudience | { api?: undefined; access: 'open' }

/** Decides what somebody gets for an audience, from what is stored at this instant. */
export const resourceServer =
  (parts: ResourceParts, keys: readonly CurrentKey[]) =>
  async (ctx: Context, resource: string): Promise<ResourceServer> => {
    const audience = audienceOf(resource)
    const sign = (api: Pick<Api, 'signingAlgorithm'>) => signingKey(parts.keyRing, keys, api, audience)
    if (isForMachine(ctx)) return forMachine(parts, ctx, audience, sign)
    const found = await audienceFor(parts, ctx, audience)
    ctx.state.audience = found
    const { api } = found
    const isWeb = /token/u.test(ctx.oidc!.params.response_type?.replace('id_token', '') ?? '')
    const seconds = api === undefined ? userinfoSeconds : lifetimeOf(api, { isWeb })
    return {
      audience,
      // Which scopes a token carries is worked out when it is made, after all that may give roles has run.
      scope: '',
      accessTokenTTL: seconds,
      accessTokenFormat: 'jwt',
      jwt: { sign: await sign(api ?? { signingAlgorithm: 'RS256' }) },
    }
  }

/** @throws access_denied */
export const audienceOfResource = (
  parts: Pick<ResourceParts, 'run' | 'hosts'>,
  ctx: Context,
  resource: string,
): Promise<Audience> => audienceFor(parts, ctx, audienceOf(resource))

const audienceFor = async (
  { run, hosts }: Pick<ResourceParts, 'run' | 'hosts'>,
  ctx: Context,
  audience: string,
): Promise<Audience> => {
  if (hosts.issuers().has(audience.replace(/userinfo$/u, ''))) return { access: 'open' }
  const wanted = apiOf(audience, hosts.issuers())
  const applicationId = ctx.oidc!.client!.clientId
  const found = wanted && (await run(readUserAudience, { applicationId, api: wanted }, me))
  if (!found) {
    throw accessDenied(
      ctx.oidc!.route === 'token'
        ? `Service not enabled within domain: ${audience}`
        : `Service not found: ${audience}`,
    )
  }
  if (found.access === 'refused') throw accessDenied(notAuthorized(audience))
  return found
}

const notAuthorized = (audience: string) =>
  `Client is not authorized to access "${audience}". You need to create a "client-grant" associated to this API.`

const forMachine = async (
  { run, hosts, hooks }: ResourceParts,
  ctx: Context,
  audience: string,
  sign: (api: Api) => Promise<ResourceServer['jwt']['sign']>,
): Promise<ResourceServer> => {
  const { client, params } = ctx.oidc!
  const wanted = apiOf(audience, hosts.issuers())
  const found = wanted && (await run(readMachineGrant, { applicationId: client!.clientId, api: wanted }, me))
  if (!found) throw accessDenied(`Service not enabled within domain: ${audience}`)
  const { api, permissions } = found
  if (!permissions) throw accessDenied(notAuthorized(audience))
  // Asked first: where a key is made, all of this is asked again, and scripts are to run once.
  const signed = await sign(api)
  const requested = grantedScope(permissions, params.scope)
  const scope = await exchangedScope(hooks, ctx, api, permissions, requested)
  // The provider filters what was asked for by what we return, so asking for nothing must mean everything.
  params.scope = scope || undefined
  ctx.state.api = api
  return {
    audience,
    scope,
    accessTokenTTL: lifetimeOf(api),
    accessTokenFormat: 'jwt',
    jwt: { sign: signed },
  }
}

/** What scripts leave of the scope, which may be any part of what was granted. @throws what they deny with */
const exchangedScope = async (
  { runCredentialsExchange }: Pick<PostLogin, 'runCredentialsExchange'>,
  ctx: Context,
  api: Api,
  granted: readonly string[],
  scope: string,
): Promise<string> => {
  if (!runCredentialsExchange) return scope
  const scopes = scope === '' ? [] : scope.split(' ')
  const outcome = await runCredentialsExchange({
    application: applicationOf(ctx.oidc!.client!),
    api: { id: api.id, identifier: api.identifier },
    scopes,
    requestedScopes: scopes,
    request: ctx.state.request as RequestFacts,
  })
  if (!outcome.ok) throw exchangeDenied(outcome)
  const { accessTokenClaims, addedScopes, removedScopes } = outcome.changes
  ctx.state.claims = accessTokenClaims
  const kept = removedScopes.includes('*') ? [] : scopes.filter((name) => !removedScopes.includes(name))
  return [...new Set([...kept, ...addedScopes.filter((name) => granted.includes(name))])].join(' ')
}

const exchangeCodes: Readonly<Record<string, number>> = {
  invalid_scope: 400,
  invalid_request: 400,
  server_error: 500,
}

const exchangeDenied = ({ reason, code }: { reason: string; code?: string }): OAuthRefusal => {
  const status = code === undefined ? undefined : exchangeCodes[code]
  return code !== undefined && status !== undefined
    ? new OAuthRefusal(status, code, reason)
    : accessDenied(reason)
}

/** @throws access_denied when more is asked for than was granted */
const grantedScope = (granted: readonly string[], requested: string | undefined): string => {
  if (requested === undefined) return granted.join(' ')
  const wanted = [...new Set(requested.split(' '))]
  const refused = wanted.filter((name) => !granted.includes(name))
  if (refused.length > 0) throw accessDenied(`Client has not been granted scopes: ${refused.join(', ')}`)
  return wanted.join(' ')
}

const algorithms: ReadonlySet<string> = new Set<SigningAlgorithm>(['RS256', 'ES256'])

const signingKey = async (
  keyRing: KeyRing,
  keys: readonly CurrentKey[],
  { signingAlgorithm }: Pick<Api, 'signingAlgorithm'>,
  audience: string,
) => {
  if (!isOffered(signingAlgorithm)) {
    throw accessDenied(`The signing algorithm ${signingAlgorithm} of "${audience}" is not available`)
  }
  const key = keys.find(({ algorithm }) => algorithm === signingAlgorithm)
  if (key) return { alg: key.algorithm, kid: key.kid }
  await keyRing.ensure(signingAlgorithm)
  throw new KeyJustMade()
}

const isOffered = (algorithm: string): algorithm is SigningAlgorithm => algorithms.has(algorithm)

/** Whether what was asked for with `offline_access` can be had. */
export const mayRefresh = (ctx: Context, { api }: Audience): boolean => {
  const { client, params } = ctx.oidc!
  const hasCode = params.response_type === undefined || params.response_type.includes('code')
  return (
    client!.grantTypeAllowed('refresh_token') && hasCode && (api === undefined || api.allowsOfflineAccess)
  )
}
