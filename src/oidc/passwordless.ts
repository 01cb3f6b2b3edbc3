import type { FastifyInstance } from 'fastify'
import { requestSignInCode } from '#core/sign-in/code.ts'
import { sha256base64url } from '#crypto/digests.ts'
import { somebody } from './actor.ts'
import { clientIdOf } from './back-channel.ts'
import { allowOrigin, preflightRoute } from './cors.ts'
import { invalidRequest, OAuthRefusal, unauthorized } from './errors.ts'
import type { InnerParts } from './parts.ts'
import { paths } from './paths.ts'
import { factsOf } from './request-facts.ts'
import { localeOf } from './sign-up-pages.ts'
import { decodeClientAuthentication, textFields } from './token-request.ts'

/** Has a code mailed that `/oauth/token` takes for a password. @see specs: §2.4 of the Auth0 dialect */
export const passwordlessRoutes = (app: FastifyInstance, inner: InnerParts): void => {
  preflightRoute(app, paths.passwordlessStart, 'POST')
  app.post(
    paths.passwordlessStart,
    {
      config: { access: { anonymous: 'the mail goes to the user himself' } },
      schema: { tags: ['Authentication'], summary: 'Have a code mailed that signs in' },
    },
    async (request, reply) => {
      const names = ['client_id', 'client_secret', 'connection', 'email', 'send'] as const
      const fields = textFields(withoutObjects(request.body), names)
      const { authorization } = decodeClientAuthentication(fields, request.headers.authorization)
      const client = await inner.findClient(clientIdOf(fields, authorization))
      if (!client) throw unauthorized()
      // Whoever has a secret shows it, so that nobody else has mails sent in the application's name.
      if (client.client_secret !== undefined && !isSame(client.client_secret, fields.client_secret)) {
        throw unauthorized()
      }
      allowOrigin(request, reply, client.rolecall)
      if (fields.connection !== 'email')
        throw new OAuthRefusal(400, 'bad.connection', 'Connection does not exist')
      if (fields.send === 'link') throw invalidRequest('Links are not sent; ask for a code.')
      const { email } = fields
      if (email === undefined) throw new OAuthRefusal(400, 'bad.email', 'email is required')
      const { ip } = factsOf(request)
      await inner.run(
        requestSignInCode,
        {
          email,
          applicationId: client.client_id,
          locale: localeOf(request, undefined),
          ...(ip !== undefined && { ip }),
        },
        somebody,
      )
      // Nothing that would tell whether there is such a user.
      return { email, email_verified: false }
    },
  )
}

/** Digests are compared, so how long it takes tells nothing of the secret. */
const isSame = (secret: string, given = ''): boolean => sha256base64url(secret) === sha256base64url(given)

/** `authParams` is for links. */
const withoutObjects = (body: unknown): unknown => {
  if (typeof body !== 'object' || body === null) return body
  const { authParams: _params, ...fields } = body as Record<string, unknown>
  return fields
}
