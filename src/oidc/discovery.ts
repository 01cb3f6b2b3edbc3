import { clientAuthMethods } from './client.ts'
import { grantTypes } from './grants.ts'
import { paths } from './paths.ts'

/**
 * What clients learn about us. Only what works is named, with one exception: OpenID Connect Discovery demands an
 * authorization endpoint, so that is named although nobody can sign in through it yet.
 *
 * NOTE: Resource servers take the algorithms of access tokens from `id_token_signing_alg_values_supported`
 * (express-oauth2-jwt-bearer does), so it lists what APIs can choose.
 *
 * @see OpenID Connect Discovery 1.0 §3, RFC 8414 §2; specs: §2.4 of the Auth0 dialect
 * @param issuer with its final slash
 */
export const discoveryDocument = (issuer: string) => {
  const at = (path: string) => new URL(path, issuer).href
  return {
    issuer,
    authorization_endpoint: at(paths.authorization),
    token_endpoint: at(paths.token),
    jwks_uri: at(paths.jwks),
    grant_types_supported: [...grantTypes],
    response_types_supported: [],
    scopes_supported: [],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256', 'ES256'],
    token_endpoint_auth_methods_supported: clientAuthMethods.filter((method) => method !== 'none'),
    claims_supported: ['aud', 'exp', 'iat', 'iss', 'sub'],
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
  }
}
