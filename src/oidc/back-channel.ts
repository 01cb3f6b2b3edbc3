import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { allowOrigin, preflightRoute } from './cors.ts'
import { encodeFailure, OAuthRefusal } from './errors.ts'
import { decodeAuthorization } from './front-channel.ts'
import type { FindClient } from './parts.ts'
import { paths } from './paths.ts'
import type { AskProvider } from './provider.ts'
import { factsOf } from './request-facts.ts'
import { decodeClientAuthentication, textFields } from './token-request.ts'

export type BackChannelParts = { ask: AskProvider; findClient: FindClient }

/** What applications ask for beside tokens: to revoke them, to push a request, to connect a device. */
export const backChannelRoutes = (app: FastifyInstance, parts: BackChannelParts): void => {
  const route = (
    url: string,
    summary: string,
    decode: (request: FastifyRequest) => Promise<Record<string, string>>,
    answer: (reply: FastifyReply, body: unknown, status: number) => FastifyReply,
  ) => {
    preflightRoute(app, url, 'POST')
    app.post(
      url,
      {
        config: { access: { anonymous: 'clients authenticate here' } },
        schema: { tags: ['Authentication'], summary },
      },
      async (request, reply) => {
        const params = await decode(request)
        const credentials = textFields(request.body ?? {}, ['client_id', 'client_secret'])
        const { authorization } = decodeClientAuthentication(credentials, request.headers.authorization)
        const client = await parts.findClient(clientIdOf(credentials, authorization))
        allowOrigin(request, reply, client?.rolecall)
        const found = await parts.ask(request.issuer, {
          method: 'POST',
          path: url,
          headers: {
            host: new URL(request.issuer).host,
            'x-forwarded-proto': new URL(request.issuer).protocol.slice(0, -1),
            'content-type': 'application/x-www-form-urlencoded',
            ...(authorization !== undefined && { authorization }),
          },
          body: new URLSearchParams({ ...params, ...credentials }).toString(),
          state: { request: factsOf(request) },
        })
        reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' })
        if (found.failure === undefined && found.status < 400) return answer(reply, found.body, found.status)
        const { status, body } = encodeFailure(found.failure)
        if (status >= 500) request.log.error({ err: found.failure }, 'a request of an application failed')
        return reply.code(status).send(body)
      },
    )
  }

  route(
    paths.revocation,
    'Revoke a refresh token',
    async ({ body }) => {
      const { token, token_type_hint: hint } = textFields(body ?? {}, ['token', 'token_type_hint'])
      if (token === undefined)
        throw new OAuthRefusal(400, 'invalid_request', 'Missing required parameter: token')
      // An access token says by itself how long it is good for.
      const isAccessToken = token.split('.').length === 3
      return { token: isAccessToken ? 'none' : token, ...(hint !== undefined && { token_type_hint: hint }) }
    },
    (reply) => reply.code(200).send(),
  )
  route(
    paths.pushedAuthorization,
    'Push the parameters of a sign-in ahead',
    async ({ body }) => {
      if (textFields(body ?? {}, ['request_uri']).request_uri !== undefined) {
        throw new OAuthRefusal(400, 'invalid_request', 'request_uri can not be pushed.')
      }
      return decodeAuthorization(body, parts.findClient)
    },
    (reply, body) => reply.code(201).send(body),
  )
  route(
    paths.deviceAuthorization,
    'Get codes to connect a device with',
    async ({ body }) => {
      const { client_id: _id, ...params } = await decodeAuthorization(body, async () => undefined)
      return params
    },
    (reply, body) => reply.code(200).send({ ...(body as object), interval: 5 }),
  )
}

/** Who a request says it comes from; not yet who it does. */
export const clientIdOf = (
  { client_id: id }: Record<string, string>,
  authorization: string | undefined,
): string => {
  if (id !== undefined) return id
  const [, encoded = ''] = /^basic +(\S+)$/iu.exec(authorization ?? '') ?? []
  const [name] = Buffer.from(encoded, 'base64').toString().split(':', 1)
  // Form-encoded, RFC 6749 §2.3.1; this way of reading it never fails.
  return new URLSearchParams(`name=${name}`).get('name') ?? ''
}
