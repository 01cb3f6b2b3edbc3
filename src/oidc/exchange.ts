import { IncomingMessage, type OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { Context, Provider } from 'oidc-provider'

export type ProviderRequest = {
  method: 'GET' | 'POST'
  /** With its query. */
  path: string
  headers: Readonly<Record<string, string>>
  body?: string
  /** What our own parts of the provider find in `ctx.state`: facts of the real request that are not its headers. */
  state?: Readonly<Record<string, unknown>>
}

export type ProviderAnswer = {
  status: number
  /** Redirects and cookies among them: `location`, `set-cookie`. */
  headers: OutgoingHttpHeaders
  body: unknown
  /** What went wrong, where something did. */
  failure?: unknown
  context?: Context
}

export type Exchange = (request: ProviderRequest) => Promise<ProviderAnswer>

/** The provider's requests and answers never were on a wire. */
const nowhere = new Socket()

const failureEvents = [
  'grant.error',
  'server_error',
  'authorization.error',
  'pushed_authorization_request.error',
  'device_authorization.error',
  'code_verification.error',
  'device_resume.error',
  'revocation.error',
]

/**
 * Lets a provider answer a request that we word, and hands its answer over instead of sending it. So Fastify stays the
 * one that reads bodies and writes replies, and the provider sees nothing of the real request that we did not choose.
 */
export const createExchange = (provider: Provider): Exchange => {
  const answers = new WeakMap<object, ProviderAnswer>()
  const failures = new WeakMap<object, unknown>()
  const states = new WeakMap<object, ProviderRequest['state']>()
  // The first is the cause; what an error page says about it comes later.
  const fail = (failure: unknown, context?: Context) => {
    if (context && !failures.has(context.req)) failures.set(context.req, failure)
  }
  for (const event of failureEvents) {
    provider.on(event, (context: Context, failure: unknown) => fail(failure, context))
  }
  provider.on('error', fail)
  provider.use(async (context, next) => {
    Object.assign(context.state, states.get(context.req))
    await next()
    const { req, status, body, response } = context
    const failure = failures.get(req)
    answers.set(req, {
      status,
      body,
      headers: response.headers,
      context,
      ...(failure !== undefined && { failure }),
    })
    context.respond = false
  })
  const handle = provider.callback()

  return async ({ method, path, headers, body, state }) => {
    const incoming = new IncomingMessage(nowhere)
    Object.assign(incoming, {
      method,
      url: path,
      headers,
      httpVersion: '1.1',
      httpVersionMajor: 1,
      httpVersionMinor: 1,
      complete: true,
    })
    if (body !== undefined) {
      incoming.headers = { ...headers, 'content-length': String(Buffer.byteLength(body)) }
      incoming.push(body)
    }
    incoming.push(null)
    if (state) states.set(incoming, state)
    await handle(incoming, new ServerResponse(incoming))
    return (
      answers.get(incoming) ?? { status: 500, headers: {}, body: undefined, failure: failures.get(incoming) }
    )
  }
}
