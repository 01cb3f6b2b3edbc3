import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isOriginAllowed } from './redirects.ts'

const allowedHeaders = 'content-type, auth0-client, authorization, dpop'

/**
 * Lets browsers ask whether scripts may talk to an address. Which application it is about they do not say yet, so
 * anybody may ask; the request itself is answered to scripts of the application's origins alone.
 */
export const preflightRoute = (app: FastifyInstance, url: string, methods: string): void => {
  app.options(
    url,
    { config: { access: { anonymous: 'browsers ask before scripts may' } }, schema: { hide: true } },
    (request, reply) =>
      reply
        .code(204)
        .headers({
          'access-control-allow-origin': request.headers.origin ?? '*',
          'access-control-allow-methods': methods,
          'access-control-allow-headers': allowedHeaders,
          'access-control-max-age': '3600',
          vary: 'origin',
        })
        .send(),
  )
}

type Origins = { callbacks: readonly string[]; webOrigins: readonly string[] }

/** Lets scripts of the application's origins read the answer. */
export const allowOrigin = (
  request: FastifyRequest,
  reply: FastifyReply,
  client: Origins | undefined,
): void => {
  const { origin } = request.headers
  if (origin === undefined) return
  reply.header('vary', 'origin')
  if (!client || !(origin === ownOrigin(request) || isOriginAllowed(origin, client))) return
  reply.headers({
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'www-authenticate',
  })
}

const ownOrigin = ({ issuer }: FastifyRequest): string => issuer.slice(0, -1)
