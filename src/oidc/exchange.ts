import { IncomingMessage, type OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { Context, Provider } from 'oidc-provider'

export type ProviderRequest = {
  method: 'GET' | 'POST'
  path: string
  headers: Readonly<Record<string, string>>
  body?: string
}

export type ProviderAnswer = {
  status: number
  headers: OutgoingHttpHeaders
  body: unknown
  /** What went wrong, where something did. */
  failure?: unknown
  context?: Context
}

export type Exchange = (request: ProviderRequest) => Promise<ProviderAnswer>

/** The provider's requests and answers never were on a wire. */
const nowhere = new Socket()

/**
 * Lets a provider answer a request that we word, and hands its answer over instead of sending it. So Fastify stays the
 * one that reads bodies and writes replies, and the provider sees nothing of the real request that we did not choose.
 */
export const createExchange = (provider: Provider): Exchange => {
  const answers = new WeakMap<object, ProviderAnswer>()
  const failures = new WeakMap<object, unknown>()
  const fail = (failure: unknown, context?: Context) => {
    if (context) failures.set(context.req, failure)
  }
  provider.on('grant.error', (context: Context, failure: unknown) => fail(failure, context))
  provider.on('server_error', (context: Context, failure: unknown) => fail(failure, context))
  provider.on('error', fail)
  provider.use(async (context, next) => {
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

  return async ({ method, path, headers, body }) => {
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
    await handle(incoming, new ServerResponse(incoming))
    return (
      answers.get(incoming) ?? { status: 500, headers: {}, body: undefined, failure: failures.get(incoming) }
    )
  }
}
