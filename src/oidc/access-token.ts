import type { StructuredToken, Token } from 'oidc-provider'
import type { Api } from '#core/apis/api.ts'
import type { JsonObject } from '#core/json.ts'
import { allowedClaims } from './claims.ts'

type ShapedApi = Pick<Api, 'id' | 'tokenDialect' | 'enforcesPermissions'>

/** Seconds that access tokens of an API live; fewer where they come in an address. Zero is allowed as a setting, and means nothing to anybody. */
export const lifetimeOf = (api: Api, { isWeb = false } = {}): number =>
  Math.max(1, isWeb ? api.webTokenLifetimeSeconds : api.tokenLifetimeSeconds)

/**
 * Gives a machine's access token the claims that the API's dialect asks for.
 * @see specs: §3.1 to §3.3 of the Auth0 dialect; RFC 9068 §2
 */
export const shapeMachineToken = (
  token: Token,
  parts: StructuredToken,
  api: ShapedApi,
  now: number,
  claims: JsonObject = {},
): void => {
  const dialect = api.tokenDialect ?? 'access_token'
  const isRfc9068 = dialect.startsWith('rfc9068')
  const { clientId, scope } = token
  const { iss, aud, jti } = parts.payload
  const iat = Math.floor(now / 1000)
  parts.header = { typ: isRfc9068 ? 'at+jwt' : 'JWT' }
  parts.payload = {
    ...allowedClaims(claims, { isManagement: api.id === 'management' }),
    iss,
    sub: `${clientId}@clients`,
    aud,
    iat,
    exp: iat + token.expiration,
    ...(isRfc9068 ? { jti, client_id: clientId } : { azp: clientId, gty: 'client-credentials' }),
    ...(scope && { scope }),
    ...(api.enforcesPermissions &&
      dialect.endsWith('_authz') && { permissions: scope ? scope.split(' ') : [] }),
  }
}
