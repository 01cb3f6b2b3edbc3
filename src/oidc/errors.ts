import type { FastifyError } from 'fastify'
import { type Client, errors } from 'oidc-provider'
import { DomainError, type Refusal } from '#core/refusals.ts'
import { UnstorableTextError } from '#http/text.ts'

/** @see RFC 6749 §5.2 */
/** `mfa_token`: with mfa_required, what the second factor is sent with. @see specs: §2 of the Auth0 dialect */
export type OAuthErrorBody = { error: string; error_description: string; mfa_token?: string }
export type OAuthAnswer = { status: number; body: OAuthErrorBody }

/** A no in Auth0's words. Thrown inside the provider or outside of it; it comes out as it is. */
export class OAuthRefusal extends errors.OIDCProviderError {
  override readonly name = 'OAuthRefusal'
  override error_description: string

  constructor(status: number, code: string, description: string) {
    super(status, code)
    this.error_description = description
  }
}

export const secondFactorNeeded = () =>
  new OAuthRefusal(403, 'mfa_required', 'Multifactor authentication required')

/** What came first was right; `mfaToken` stands for it when the second factor comes. */
export class SecondFactorNeeded extends OAuthRefusal {
  readonly mfaToken: string

  constructor(mfaToken: string) {
    super(403, 'mfa_required', 'Multifactor authentication required')
    this.mfaToken = mfaToken
  }
}

export const invalidRequest = (description: string) => new OAuthRefusal(400, 'invalid_request', description)
export const accessDenied = (description: string) => new OAuthRefusal(403, 'access_denied', description)
/** @see specs: §2 of the Auth0 dialect */
export const tooManyRequests = () =>
  new OAuthRefusal(429, 'too_many_requests', 'Rate limit exceeded. Please retry after some time.')
/** The same for an unknown application, a wrong secret and a missing one. */
export const unauthorized = () => new OAuthRefusal(401, 'access_denied', 'Unauthorized')

export const missingParameter = (name: string) =>
  new OAuthRefusal(403, 'invalid_request', `Missing required parameter: ${name}`)
export const invalidGrant = (description: string) => new OAuthRefusal(403, 'invalid_grant', description)
export const unknownRefreshToken = () => invalidGrant('Unknown or invalid refresh token.')

/** Why somebody may not come in, in the words for clients. @see specs: §2.1 of the Auth0 dialect */
export const refusedSignIn = (refusal: Refusal): OAuthRefusal | DomainError => {
  switch (refusal.code) {
    case 'wrong_credentials':
      return invalidGrant('Wrong email or password.')
    case 'wrong_code':
      return invalidGrant('Wrong email or verification code.')
    case 'suspended':
      return new OAuthRefusal(403, 'unauthorized', 'user is blocked')
    case 'too_many_attempts':
      return new OAuthRefusal(
        429,
        'too_many_attempts',
        'Your account has been blocked after multiple consecutive login attempts.',
      )
    case 'second_factor_required':
      return secondFactorNeeded()
    case 'second_factor_wrong':
      return invalidGrant('Invalid otp_code.')
    case 'email_not_confirmed':
      return accessDenied('Please verify your email before logging in.')
    case 'awaiting_approval':
      return accessDenied('Your account is waiting for approval.')
    case 'denied_by_hook':
      return accessDenied(refusal.userMessage ?? refusal.reason)
    default:
      return new DomainError(refusal)
  }
}

/** What was known when the request failed. */
export type FailedRequest = { client?: Client | undefined; grantType?: string | undefined }

const badClient: ReadonlySet<string> = new Set(['invalid_client', 'invalid_client_metadata'])

/** Words any failure the way Auth0 does. What is our fault says no more than that. @see specs: §2.1 of the Auth0 dialect */
export const encodeFailure = (failure: unknown, request: FailedRequest = {}): OAuthAnswer => {
  if (failure instanceof OAuthRefusal) {
    const { status, body } = answer(failure.status, failure.error, failure.error_description)
    return failure instanceof SecondFactorNeeded
      ? { status, body: { ...body, mfa_token: failure.mfaToken } }
      : { status, body }
  }
  if (failure instanceof errors.OIDCProviderError) {
    if (badClient.has(failure.error)) return answerOf(unauthorized())
    // The provider tells by its wording only that the grant was the reason, so look again.
    return answerOf(grantRefusal(request) ?? reworded(failure, request) ?? failure)
  }
  if (failure instanceof UnstorableTextError) return answerOf(invalidRequest(failure.message))
  if (failure instanceof DomainError && failure.refusal.code === 'busy') {
    return answer(503, 'temporarily_unavailable', 'The server is busy, try again.')
  }
  if (failure instanceof DomainError && failure.refusal.code === 'too_many_attempts') {
    return answerOf(refusedSignIn(failure.refusal) as OAuthRefusal)
  }
  const { statusCode = 500 } = (failure ?? {}) as Partial<FastifyError>
  if (statusCode === 413) return answer(413, 'invalid_request', 'The request body is too large.')
  if (statusCode === 415) return answer(415, 'invalid_request', 'The body must be JSON or form-encoded.')
  if (statusCode >= 400 && statusCode < 500) return answerOf(invalidRequest('The request body is malformed.'))
  return answer(500, 'server_error', 'The server failed to answer the request.')
}

const reworded = (
  { error, error_detail: detail = '', error_description: description = '' }: errors.OIDCProviderError,
  { grantType }: FailedRequest,
): OAuthRefusal | undefined => {
  const [, missing] = /^missing required parameter\(s\) (.+)$/u.exec(description) ?? []
  if (missing !== undefined && grantType !== undefined) return missingParameter(missing)
  if (error === 'authorization_pending') {
    return new OAuthRefusal(403, error, 'User has yet to authorize device code.')
  }
  if (error === 'expired_token') return new OAuthRefusal(403, error, 'The device code is expired.')
  if (error !== 'invalid_grant') return undefined
  switch (grantType) {
    case 'authorization_code':
      if (/code_verifier|code_challenge/u.test(detail)) return invalidGrant('Failed to verify code verifier')
      if (detail.includes('redirect_uri')) return invalidGrant('The redirect URI is wrong.')
      return invalidGrant('Invalid authorization code')
    case 'refresh_token':
      return unknownRefreshToken()
    default:
      return invalidGrant('Unknown or invalid device code.')
  }
}

const grantRefusal = ({ client, grantType }: FailedRequest): OAuthRefusal | undefined => {
  if (!client || grantType === undefined || client.grantTypeAllowed(grantType)) return undefined
  if (client.clientAuthMethod === 'none') {
    return new OAuthRefusal(401, 'invalid_client', `Grant type '${grantType}' needs client authentication.`)
  }
  return new OAuthRefusal(403, 'unauthorized_client', `Grant type '${grantType}' not allowed for the client.`)
}

const answer = (status: number, error: string, error_description: string): OAuthAnswer => ({
  status,
  body: { error, error_description },
})

const answerOf = ({ status, error, error_description }: errors.OIDCProviderError): OAuthAnswer =>
  status < 500
    ? answer(status, error, error_description ?? error)
    : answer(500, 'server_error', 'The server failed to answer the request.')
