import Provider, { type Context, type ResourceServer, type StructuredToken, type Token } from 'oidc-provider'
import { systemActor } from '#core/actor.ts'
import type { Api } from '#core/apis/api.ts'
import { readMachineGrant, readTokenClient } from '#core/applications/token-client.ts'
import type { Run } from '#core/operation.ts'
import type { Sealer } from '#crypto/sealing.ts'
import { lifetimeOf, shapeMachineToken } from './access-token.ts'
import { createAdapter, type ProtocolRecords } from './adapter.ts'
import { apiOf, audienceOf } from './audience.ts'
import { type ClientMetadata, clientAuthMethods, clientMetadata, createSecretOpener } from './client.ts'
import { accessDenied } from './errors.ts'
import { createExchange, type Exchange, type ProviderAnswer, type ProviderRequest } from './exchange.ts'
import type { CurrentKey, KeyRing, SigningAlgorithm } from './key-ring.ts'
import { paths } from './paths.ts'
import { SigningKeyOfRing } from './signing.ts'

export type ProviderParts = {
  run: Run
  keyRing: KeyRing
  records: ProtocolRecords
  sealer: Sealer
  hosts: { issuers(): ReadonlySet<string> }
  now: () => number
}

/** Puts a request to the provider of an issuer. */
export type AskProvider = (issuer: string, request: ProviderRequest) => Promise<ProviderAnswer>

/**
 * The OpenID providers, one per issuer because each serves just one. They are made when they are first needed, and
 * again when the signing keys change: a provider's keys are fixed.
 *
 * @param issuer of `ask`: one of `hosts.issuers()`, never taken from a request as it came
 */
export const createProviders = (parts: ProviderParts): AskProvider => {
  const findClient = clientFinder(parts)
  const made = new Map<string, { keys: readonly CurrentKey[]; exchange: Exchange }>()
  const exchangeOf = async (issuer: string): Promise<Exchange> => {
    const keys = await parts.keyRing.signingKeys()
    const last = made.get(issuer)
    if (last?.keys === keys) return last.exchange
    const exchange = createExchange(new Provider(issuer, configuration(parts, keys, findClient)))
    made.set(issuer, { keys, exchange })
    return exchange
  }
  return async (issuer, request) => {
    const answer = await (await exchangeOf(issuer))(request)
    if (!(answer.failure instanceof KeyJustMade)) return answer
    return (await exchangeOf(issuer))(request)
  }
}

/** The first token of an algorithm needs keys that this provider does not have yet; the next one will. */
class KeyJustMade extends Error {
  override readonly name = 'KeyJustMade'
}

const off = { enabled: false }

/** Everything that isn't needed for what we offer is off; what other issues add is switched on there. */
const configuration = (parts: ProviderParts, keys: readonly CurrentKey[], findClient: FindClient) => ({
  adapter: createAdapter({ ...parts, findClient }),
  jwks: { keys: keys.map((key) => new SigningKeyOfRing(key)) },
  clientAuthMethods: [...clientAuthMethods],
  scopes: [],
  responseTypes: [],
  routes: { token: paths.token, jwks: paths.jwks },
  ttl: { ClientCredentials: (_ctx: Context, token: Token) => token.resourceServer!.accessTokenTTL },
  features: {
    clientCredentials: { enabled: true },
    // Experimental there, so a new version of the package may want another word here.
    externalSigningSupport: { enabled: true, ack: 'experimental-01' },
    devInteractions: off,
    dPoP: off,
    pushedAuthorizationRequests: off,
    rpInitiatedLogout: off,
    userinfo: off,
    resourceIndicators: {
      enabled: true,
      // TODO: the tenant's default audience, once there is a setting for it.
      defaultResource: () => {
        throw accessDenied('No audience parameter was provided, and no default audience has been configured')
      },
      getResourceServerInfo: resourceServer(parts, keys),
    },
  },
  formats: {
    customizers: {
      jwt: (ctx: Context, token: Token, structured: StructuredToken) =>
        shapeMachineToken(token, structured, ctx.state.api as Api, parts.now()),
    },
  },
})

const me = systemActor('oidc')

type FindClient = (clientId: string) => Promise<ClientMetadata | undefined>

const clientFinder = ({ run, sealer }: Pick<ProviderParts, 'run' | 'sealer'>): FindClient => {
  const openSecret = createSecretOpener(sealer)
  return async (applicationId) => {
    const application = await run(readTokenClient, { applicationId }, me)
    return application && clientMetadata(application, openSecret)
  }
}

/** Decides what a machine gets for an audience, from what is stored at this instant. */
const resourceServer =
  ({ run, keyRing, hosts }: ProviderParts, keys: readonly CurrentKey[]) =>
  async (ctx: Context, resource: string): Promise<ResourceServer> => {
    const audience = audienceOf(resource)
    const { client, params } = ctx.oidc!
    const wanted = apiOf(audience, hosts.issuers())
    const applicationId = client!.clientId
    const found = wanted && (await run(readMachineGrant, { applicationId, api: wanted }, me))
    if (!found) throw accessDenied(`Service not enabled within domain: ${audience}`)
    const { api, permissions } = found
    if (!permissions) {
      throw accessDenied(
        `Client is not authorized to access "${audience}". You need to create a "client-grant" associated to this API.`,
      )
    }
    const scope = grantedScope(permissions, params.scope)
    // The provider filters what was asked for by what we return, so asking for nothing must mean everything.
    params.scope = scope || undefined
    ctx.state.api = api
    const sign = await signingKey(keyRing, keys, api, audience)
    return { audience, scope, accessTokenTTL: lifetimeOf(api), accessTokenFormat: 'jwt', jwt: { sign } }
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

const signingKey = async (keyRing: KeyRing, keys: readonly CurrentKey[], api: Api, audience: string) => {
  const { signingAlgorithm } = api
  if (!isOffered(signingAlgorithm)) {
    throw accessDenied(`The signing algorithm ${signingAlgorithm} of "${audience}" is not available`)
  }
  const key = keys.find(({ algorithm }) => algorithm === signingAlgorithm)
  if (key) return { alg: key.algorithm, kid: key.kid }
  await keyRing.ensure(signingAlgorithm)
  throw new KeyJustMade()
}

const isOffered = (algorithm: string): algorithm is SigningAlgorithm => algorithms.has(algorithm)
