/**
 * The part of `oidc-provider` that is used here; the package has no types of its own.
 * @see https://github.com/panva/node-oidc-provider/blob/v9.x/docs/README.md
 */
declare module 'oidc-provider' {
  import type { KeyObject } from 'node:crypto'
  import type { EventEmitter } from 'node:events'
  import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
  import type { JsonObject } from '#core/json.ts'
  import type { ClientFacts } from './client.ts'

  export type Context = {
    req: IncomingMessage
    status: number
    body: unknown
    type: string
    response: { headers: OutgoingHttpHeaders }
    state: Record<string, unknown>
    /** False keeps Koa from writing the answer. */
    respond?: boolean
    /** Only on a route of the provider's own. */
    oidc?: OidcContext
  }

  export type OidcContext = {
    provider: Provider
    /** Name of the route: `authorization`, `resume`, `token`, … */
    route: string
    client?: Client
    account?: Account
    grant?: Grant
    session?: ProviderSession
    /** What a page settled, on the way back from it. */
    result?: InteractionResult
    params: Record<string, string | undefined>
    prompts: ReadonlySet<string>
    resourceServers: Record<string, ResourceServer>
    entities: {
      ClientCredentials?: Token
      AccessToken?: Token
      RefreshToken?: RefreshToken
      AuthorizationCode?: { grantId: string }
      DeviceCode?: { grantId: string }
      Grant?: Grant
      Interaction?: Interaction
      Account?: Account
    }
    promptPending(name: string): boolean
    entity(name: string, value: unknown): void
  }

  export type Account = {
    accountId: string
    claims(use: string, scope: string): Promise<JsonObject>
  }

  export class Client {
    clientId: string
    clientName?: string
    clientAuthMethod: string
    rolecall: ClientFacts
    grantTypeAllowed(grantType: string): boolean
    redirectUriAllowed(uri: string): boolean
  }

  export type Token = {
    kind: 'AccessToken' | 'ClientCredentials'
    jti: string
    clientId: string
    accountId?: string
    grantId?: string
    /** How it came about, space-separated. */
    gty?: string
    aud: string
    scope?: string
    /** Seconds. */
    expiration: number
    resourceServer?: ResourceServer
    save(): Promise<string>
  }

  export type RefreshToken = {
    accountId: string
    grantId: string
    gty?: string
    clientId: string
    resource?: string
    scopes: Set<string>
    /** Seconds since 1970. */
    exp: number
    save(): Promise<string>
    destroy(): Promise<void>
  }

  export type ProviderSession = {
    jti: string
    uid: string
    accountId?: string
    /** Seconds since 1970. */
    loginTs?: number
    grantIdFor(clientId: string): string | undefined
    destroy(): Promise<void>
  }

  export class Grant {
    constructor(payload: { accountId: string; clientId: string })
    jti: string
    accountId: string
    /** Seconds since 1970; only when it was read from storage. */
    exp?: number
    addOIDCScope(scope: string): void
    addResourceScope(resource: string, scope: string): void
    save(): Promise<string>
  }

  export type InteractionResult = {
    login?: { accountId: string; remember?: boolean; amr?: string[] }
    consent?: { isGiven: boolean }
    /** What the page knows and the provider does not ask for. */
    rolecall?: JsonObject
    error?: string
    error_description?: string
  }

  export type Interaction = {
    uid: string
    /** Seconds since 1970. */
    exp: number
    returnTo: string
    prompt: { name: string; reasons: string[]; details: JsonObject }
    params: Record<string, string | undefined>
    session?: { accountId: string; uid: string; cookie: string } | undefined
    result?: InteractionResult
    lastSubmission?: InteractionResult
    deviceCode?: string
    save(ttlSeconds: number): Promise<string>
    destroy(): Promise<void>
  }

  export type ResourceServer = {
    audience: string
    /** Space-separated. */
    scope: string
    /** Seconds. */
    accessTokenTTL: number
    accessTokenFormat: 'jwt'
    jwt: { sign: { alg: string; kid: string } }
  }

  /** A token about to be signed; its header has no defaults beside `alg`, `kid` and `typ`. */
  export type StructuredToken = { header?: Record<string, unknown>; payload: Record<string, unknown> }

  export type IdToken = {
    available: JsonObject
    /** What was set beside the user's claims: nonce, hashes. */
    extra: JsonObject
    ctx?: Context
    scope?: string
    set(name: string, value: unknown): void
    payload(): Promise<JsonObject>
    issue(options: { use: 'idtoken' }): Promise<string>
  }

  export class Provider extends EventEmitter {
    constructor(issuer: string, configuration: Record<string, unknown>)
    /** Whether `x-forwarded-proto` is believed; only we word requests. */
    proxy: boolean
    Client: { prototype: Client; find(id: string): Promise<Client | undefined> }
    Grant: typeof Grant
    Session: { find(id: string): Promise<ProviderSession | undefined> }
    Interaction: { find(uid: string): Promise<Interaction | undefined> }
    AccessToken: new (
      payload: object,
    ) => Token
    RefreshToken: new (
      payload: object,
    ) => RefreshToken
    IdToken: { new (available: object, context: { ctx: Context }): IdToken; prototype: IdToken }
    ResourceServer: new (
      identifier: string,
      info: ResourceServer,
    ) => ResourceServer
    registerGrantType(
      name: string,
      handler: (ctx: Context) => Promise<void>,
      parameters: ReadonlySet<string>,
      repeatable?: ReadonlySet<string>,
    ): void
    /** Adds middleware ahead of the provider's own. */
    use(middleware: (ctx: Context, next: () => Promise<void>) => Promise<void>): this
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>
  }
  export default Provider

  /** A key that signs by itself. `kid` and `alg` are the provider's own accessors. */
  export class ExternalSigningKey {
    kid: string
    alg: string
    /** The public key. */
    keyObject(): KeyObject
    sign(data: Uint8Array): Promise<Uint8Array>
  }

  export namespace interactionPolicy {
    class Check {
      description: string
      constructor(
        reason: string,
        description: string,
        error: string,
        check: (ctx: Context) => boolean | Promise<boolean>,
        details?: (ctx: Context) => JsonObject | Promise<JsonObject>,
      )
    }
    class Prompt {
      constructor(about: { name: string; requestable: boolean }, ...checks: Check[])
      checks: Check[] & { add(check: Check): void }
    }
    function base(): Prompt[] & { get(name: string): Prompt }
  }

  export namespace errors {
    class InvalidGrant extends OIDCProviderError {
      constructor(detail: string)
    }
    class OIDCProviderError extends Error {
      constructor(status: number, code: string)
      error: string
      error_description?: string
      status: number
      /** Whether the client may be told by redirect. */
      allow_redirect: boolean
      /** Why, for the log only. */
      error_detail?: string
    }
  }
}
