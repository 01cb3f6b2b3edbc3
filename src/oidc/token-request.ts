import { resourceOf } from './audience.ts'
import { invalidRequest, OAuthRefusal, unauthorized } from './errors.ts'
import { grantTypes } from './grants.ts'

/** What the provider is asked instead of what the client sent. */
export type TokenRequest = {
  /** Goes to the provider as a form. */
  params: Readonly<Record<string, string>>
  /** Scopes of people's tokens, which the provider does not see; in the client's words. */
  scope?: string
  /** Only Basic credentials; anything else in that header is not for this endpoint. */
  authorization?: string
}

/** Text that clients send; grows with the grants. */
const known = [
  'grant_type',
  'client_id',
  'client_secret',
  'audience',
  'scope',
  'organization',
  'code',
  'code_verifier',
  'redirect_uri',
  'refresh_token',
  'username',
  'password',
  'realm',
  'otp',
  'device_code',
  'mfa_token',
  'recovery_code',
] as const

/**
 * Reads a request to `/oauth/token`, from JSON or from a form (where a repeated field is an array). Unknown fields are
 * passed over, empty ones count as absent (RFC 6749 §3.2).
 * @throws OAuthRefusal
 */
export const decodeTokenRequest = (body: unknown, authorization: string | undefined): TokenRequest => {
  const { audience, scope, ...params } = textFields(body ?? {}, known)
  const { grant_type: grantType } = params
  if (grantType === undefined) {
    throw new OAuthRefusal(403, 'invalid_request', 'Missing required parameter: grant_type')
  }
  if (!grantTypes.has(grantType)) {
    throw new OAuthRefusal(403, 'unsupported_grant_type', `Unsupported grant type: ${grantType}`)
  }
  const isMachine = grantType === 'client_credentials'
  if (isMachine && params.organization !== undefined) {
    // A token that is not bound to it would be good for more than was asked.
    throw invalidRequest('Tokens for an organization are not available with this grant type.')
  }
  return {
    params: {
      ...params,
      ...(audience !== undefined && { resource: resourceOf(audience) }),
      ...(isMachine && scope !== undefined && { scope }),
    },
    ...(!isMachine && scope !== undefined && { scope }),
    ...decodeClientAuthentication(params, authorization),
  }
}

/** @throws access_denied when no client is named at all */
export const decodeClientAuthentication = (
  params: Readonly<Record<string, string>>,
  authorization: string | undefined,
): { authorization?: string } => {
  const basic = authorization !== undefined && /^basic /iu.test(authorization) ? authorization : undefined
  if (basic === undefined && params.client_id === undefined) throw unauthorized()
  return basic === undefined ? {} : { authorization: basic }
}

/** The named fields of a body, each a text that was given once. @throws invalid_request */
export const textFields = <Name extends string>(
  body: unknown,
  names: readonly Name[],
): Record<string, string> & Partial<Record<Name, string>> => {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalidRequest('The request body must be an object.')
  }
  const fields: Record<string, string> = {}
  for (const name of names) {
    const value: unknown = (body as Record<string, unknown>)[name]
    if (value === undefined || value === null || value === '') continue
    if (Array.isArray(value)) throw invalidRequest(`The parameter ${name} must be given once.`)
    if (typeof value !== 'string') throw invalidRequest(`The parameter ${name} must be text.`)
    // No database keeps these, and no URN can be made of them.
    if (!value.isWellFormed() || value.includes('\0')) {
      throw invalidRequest(`The parameter ${name} contains a NUL character or half of a surrogate pair.`)
    }
    fields[name] = value
  }
  return fields as Record<string, string> & Partial<Record<Name, string>>
}

/** Fields of a form; a repeated one becomes an array. */
export const decodeForm = (text: string): Record<string, string | string[]> => {
  const fields: Record<string, string | string[]> = Object.create(null)
  for (const [name, value] of new URLSearchParams(text)) {
    const before = fields[name]
    if (before === undefined) fields[name] = value
    else if (typeof before === 'string') fields[name] = [before, value]
    else before.push(value)
  }
  return fields
}
