import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { findPerson } from './account.ts'
import { claimsOf } from './claims.ts'
import { allowOrigin, preflightRoute } from './cors.ts'
import { OAuthRefusal } from './errors.ts'
import type { InnerParts } from './parts.ts'
import { paths } from './paths.ts'
import { userinfoAudience } from './resources.ts'
import { decodeSubject, encodeSubject } from './subject.ts'
import type { VerifyToken } from './tokens.ts'

export type UserinfoParts = {
  inner: InnerParts
  verifyToken: VerifyToken
}

/** Who a token speaks of. @see OpenID Connect Core 1.0 §5.3; specs: §2.4 of the Auth0 dialect */
export const userinfoRoutes = (app: FastifyInstance, { inner, verifyToken }: UserinfoParts): void => {
  preflightRoute(app, paths.userinfo, 'GET, POST')
  for (const method of ['GET', 'POST'] as const) {
    app.route({
      method,
      url: paths.userinfo,
      config: { access: { anonymous: 'the token is looked at in the words of OAuth' } },
      schema: { tags: ['Authentication'], summary: 'Who a token speaks of' },
      handler: async (request, reply) => {
        const token = tokenOf(request)
        const verified = token === undefined ? undefined : await verifyToken(token)
        if (!verified?.ok) return refuse(reply, token !== undefined)
        const { aud, sub, azp, client_id: clientId, scope = '' } = verified.claims
        const scopes = new Set(scope.split(' '))
        const isFor = [aud].flat().some((each) => isUserinfo(each, inner.hosts.issuers()))
        if (!isFor || !scopes.has('openid')) return refuse(reply, true)
        const client = await inner.findClient(azp ?? clientId ?? '')
        allowOrigin(request, reply, client?.rolecall)
        const user = await findPerson(inner.run, decodeSubject(sub))
        if (!user || user.isBlocked) return refuse(reply, true)
        return reply
          .header('cache-control', 'no-store')
          .send({ sub: encodeSubject(user.id), ...claimsOf(user, scopes) })
      },
    })
  }
}

const isUserinfo = (audience: string | undefined, issuers: ReadonlySet<string>): boolean =>
  audience !== undefined && [...issuers].some((issuer) => audience === userinfoAudience(issuer))

/** From the header, or from a form. Never from the address, which is logged. @see RFC 6750 §2 */
const tokenOf = ({ headers, body, method }: FastifyRequest): string | undefined => {
  const [, token] = /^bearer +(\S+)$/iu.exec(headers.authorization ?? '') ?? []
  if (token !== undefined || method !== 'POST') return token
  const { access_token: sent } = (body ?? {}) as { access_token?: unknown }
  return typeof sent === 'string' ? sent : undefined
}

const refuse = (reply: FastifyReply, hadToken: boolean): FastifyReply => {
  reply.header(
    'www-authenticate',
    hadToken ? 'Bearer error="invalid_token", error_description="The access token is invalid"' : 'Bearer',
  )
  if (hadToken) throw new OAuthRefusal(401, 'invalid_token', 'The access token is invalid.')
  return reply.code(401).type('text/plain').send('Unauthorized')
}
