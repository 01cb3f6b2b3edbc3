import Provider, { type Context, type StructuredToken, type Token } from 'oidc-provider'
import type { Api } from '#core/apis/api.ts'
import { readTokenRights } from '#core/apis/token-rights.ts'
import { readTokenClient } from '#core/applications/token-client.ts'
import type { JsonObject } from '#core/json.ts'
import { shapeMachineToken } from './access-token.ts'
import { createFindAccount } from './account.ts'
import { me } from './actor.ts'
import { createAdapter } from './adapter.ts'
import { clientMetadata, createSecretOpener } from './client.ts'
import { configuration } from './configuration.ts'
import { createConsents } from './consents.ts'
import { createExchange, type Exchange, type ProviderAnswer, type ProviderRequest } from './exchange.ts'
import { tailorIdTokens } from './id-token.ts'
import type { CurrentKey } from './key-ring.ts'
import type { FindClient, InnerParts, ProviderParts } from './parts.ts'
import { registerPasswordGrants } from './password-grants.ts'
import { createPendingSignIns } from './pending-sign-in.ts'
import { isRegistered } from './redirects.ts'
import { type Audience, KeyJustMade, mayRefresh } from './resources.ts'
import { createSignInRecords, recordOf } from './sign-in-record.ts'
import { shapeUserToken } from './user-token.ts'

/** Puts a request to the provider of an issuer. */
export type AskProvider = (issuer: string, request: ProviderRequest) => Promise<ProviderAnswer>

export type Providers = {
  ask: AskProvider
  /** For what is no request: interactions that our pages lead. */
  of(issuer: string): Promise<Provider>
  inner: InnerParts
}

/**
 * The OpenID providers, one per issuer because each serves just one. They are made when they are first needed, and
 * again when the signing keys change: a provider's keys are fixed.
 *
 * @param issuer of `ask`: one of `hosts.issuers()`, never taken from a request as it came
 */
export const createProviders = (parts: ProviderParts): Providers => {
  const inner: InnerParts = {
    ...parts,
    findClient: clientFinder(parts),
    findAccount: createFindAccount(parts.run),
    signIns: createSignInRecords(parts.records, parts.sealer),
    consents: createConsents(parts.records),
    pending: createPendingSignIns(parts.records, parts.sealer, parts.now),
  }
  type Made = { keys: readonly CurrentKey[]; provider: Provider; exchange: Exchange }
  const made = new Map<string, Made>()
  const madeFor = async (issuer: string): Promise<Made> => {
    const keys = await parts.keyRing.signingKeys()
    const last = made.get(issuer)
    if (last?.keys === keys) return last
    const provider = createProvider(inner, keys, issuer)
    const next = { keys, provider, exchange: createExchange(provider) }
    made.set(issuer, next)
    return next
  }
  return {
    inner,
    of: async (issuer) => (await madeFor(issuer)).provider,
    ask: async (issuer, request) => {
      const answer = await (await madeFor(issuer)).exchange(request)
      if (!(answer.failure instanceof KeyJustMade)) return answer
      return (await madeFor(issuer)).exchange(request)
    },
  }
}

const createProvider = (parts: InnerParts, keys: readonly CurrentKey[], issuer: string): Provider => {
  const provider = new Provider(
    issuer,
    configuration(parts, keys, issuer, {
      adapter: createAdapter(parts),
      shapeToken: tokenShaper(parts, issuer),
    }),
  )
  // Requests are worded by us alone.
  provider.proxy = true
  provider.Client.prototype.redirectUriAllowed = function (uri) {
    const { callbacks, kind } = this.rolecall
    return typeof uri === 'string' && isRegistered(uri, callbacks, { anyLoopbackPort: kind === 'native' })
  }
  tailorIdTokens(provider)
  registerPasswordGrants(provider, parts, issuer)
  return provider
}

const clientFinder = ({ run, sealer }: Pick<ProviderParts, 'run' | 'sealer'>): FindClient => {
  const openSecret = createSecretOpener(sealer)
  return async (applicationId) => {
    const application = await run(readTokenClient, { applicationId }, me)
    return application && clientMetadata(application, openSecret)
  }
}

const tokenShaper =
  (parts: InnerParts, issuer: string) =>
  async (ctx: Context, token: Token, structured: StructuredToken): Promise<void> => {
    if (token.kind === 'ClientCredentials') {
      shapeMachineToken(
        token,
        structured,
        ctx.state.api as Api,
        parts.now(),
        ctx.state.claims as JsonObject | undefined,
      )
      return
    }
    const record = await recordOf(parts, ctx, token.grantId)
    if (!record) throw new Error('A token for a person comes of no sign-in')
    const audience = ctx.state.audience as Audience
    const { api, access } = audience
    const { narrowed } = ctx.state as { narrowed?: readonly string[] }
    const requested = narrowed ? record.requested.filter((name) => narrowed.includes(name)) : record.requested
    const organizationId = record.organization?.id.slice('org_'.length)
    const rights =
      api &&
      (await parts.run(
        readTokenRights,
        { userId: record.userId, apiId: api.id, applicationId: token.clientId, organizationId, requested },
        me,
      ))
    const iat = Math.floor(parts.now() / 1000)
    const isRefreshed = ctx.oidc!.params.grant_type === 'refresh_token'
    const shaped = shapeUserToken({
      issuer,
      audience: token.aud,
      clientId: token.clientId,
      subject: token.accountId!,
      requested: mayRefresh(ctx, audience)
        ? requested
        : requested.filter((name) => name !== 'offline_access'),
      rights,
      only: typeof access === 'object' ? access.only : undefined,
      record,
      gty: isRefreshed ? ['refresh_token', ...record.gty] : record.gty,
      jti: token.jti,
      iat,
      exp: iat + token.expiration,
    })
    structured.header = shaped.header
    structured.payload = shaped.payload
    // What the client is told it got; the provider itself knows nothing of an API's scopes.
    ctx.state.scope = shaped.scope
  }
