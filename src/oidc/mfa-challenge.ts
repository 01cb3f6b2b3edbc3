import type { FastifyInstance } from 'fastify'
import { clientIdOf } from './back-channel.ts'
import { allowOrigin, preflightRoute } from './cors.ts'
import { missingParameter, OAuthRefusal, unauthorized } from './errors.ts'
import { unknownMfaToken, waitingFor } from './mfa-grants.ts'
import type { InnerParts } from './parts.ts'
import { paths } from './paths.ts'
import { decodeClientAuthentication, textFields } from './token-request.ts'
import { ChallengeAnswer, ChallengeBody, OAuthFailure } from './wire.ts'

/**
 * Tells what to ask somebody for who must show a second factor: a code of his app, the one that can be shown without a
 * browser. Nothing is sent.
 */
export const challengeRoutes = (app: FastifyInstance, inner: InnerParts): void => {
  preflightRoute(app, paths.mfaChallenge, 'POST')
  app.post(
    paths.mfaChallenge,
    {
      config: { access: { anonymous: 'the mfa_token stands for a password that was right' } },
      schema: {
        tags: ['Authentication'],
        summary: 'Ask which second factor to show',
        consumes: ['application/json', 'application/x-www-form-urlencoded'],
        body: ChallengeBody,
        response: { 200: ChallengeAnswer, '4xx': OAuthFailure, '5xx': OAuthFailure },
      },
    },
    async (request, reply) => {
      reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' })
      const fields = textFields(request.body ?? {}, ['client_id', 'mfa_token', 'challenge_type'])
      const { authorization } = decodeClientAuthentication(fields, request.headers.authorization)
      const client = await inner.findClient(clientIdOf(fields, authorization))
      if (!client) throw unauthorized()
      allowOrigin(request, reply, client.rolecall)
      if (fields.mfa_token === undefined) throw missingParameter('mfa_token')
      const waiting = await waitingFor(inner, fields.mfa_token, client.client_id)
      if (!waiting) throw unknownMfaToken()
      const wanted = (fields.challenge_type ?? 'otp').split(/\s+/u)
      if (wanted.includes('otp') && waiting.kinds.includes('totp')) return { challenge_type: 'otp' }
      throw new OAuthRefusal(
        403,
        'unsupported_challenge_type',
        'User does not have any of the required authenticators enrolled.',
      )
    },
  )
}
