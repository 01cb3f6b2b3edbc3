/**
 * The part of `oidc-provider` that is used here; the package has no types of its own.
 * @see https://github.com/panva/node-oidc-provider/blob/v9.x/docs/README.md
 */
declare module 'oidc-provider' {
  import type { KeyObject } from 'node:crypto'
  import type { EventEmitter } from 'node:events'
  import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'

  export type Context = {
    req: IncomingMessage
    status: number
    body: unknown
    response: { headers: OutgoingHttpHeaders }
    state: Record<string, unknown>
    /** False keeps Koa from writing the answer. */
    respond?: boolean
    /** Only on a route of the provider's own. */
    oidc?: {
      client?: Client
      params: Record<string, string | undefined>
      entities: { ClientCredentials?: Token }
    }
  }

  export type Client = {
    clientId: string
    clientAuthMethod: string
    grantTypeAllowed(grantType: string): boolean
  }

  export type Token = {
    kind: 'AccessToken' | 'ClientCredentials'
    clientId: string
    aud: string
    scope?: string
    /** Seconds. */
    expiration: number
    resourceServer?: ResourceServer
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

  export class Provider extends EventEmitter {
    constructor(issuer: string, configuration: Record<string, unknown>)
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

  export namespace errors {
    class InvalidGrant extends OIDCProviderError {
      constructor(detail: string)
    }
    class OIDCProviderError extends Error {
      constructor(status: number, code: string)
      error: string
      error_description?: string
      status: number
      /** Why, for the log only. */
      error_detail?: string
    }
  }
}
