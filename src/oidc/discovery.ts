import { clientAuthMethods, responseTypes } from './client.ts'
import { grantTypes, identityScopes } from './grants.ts'
import { paths } from './paths.ts'

/**
 * What clients learn about us. Only what works is named.
 *
 * NOTE: Resource servers take the algorithms of access tokens from `id_token_signing_alg_values_supported`
 * (express-oauth2-jwt-bearer does), so it lists what APIs can choose; ID tokens are signed with RS256.
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
    device_authorization_endpoint: at(paths.deviceAuthorization),
    userinfo_endpoint: at(paths.userinfo),
    mfa_challenge_endpoint: at(paths.mfaChallenge),
    jwks_uri: at(paths.jwks),
    revocation_endpoint: at(paths.revocation),
    end_session_endpoint: at(paths.endSession),
    pushed_authorization_request_endpoint: at(paths.pushedAuthorization),
    grant_types_supported: [...grantTypes, 'implicit'],
    response_types_supported: responseTypes.filter((type) => type !== 'none'),
    response_modes_supported: ['query', 'fragment', 'form_post', 'web_message'],
    code_challenge_methods_supported: ['S256'],
    scopes_supported: [...identityScopes, 'offline_access'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256', 'ES256'],
    token_endpoint_auth_methods_supported: clientAuthMethods.filter((method) => method !== 'none'),
    claims_supported: [
      ...[
        'aud',
        'auth_time',
        'email',
        'email_verified',
        'exp',
        'family_name',
        'given_name',
        'iat',
        'iss',
        'name',
      ],
      ...['nickname', 'org_id', 'org_name', 'phone_number', 'phone_number_verified', 'picture', 'sid', 'sub'],
      'updated_at',
    ],
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    authorization_response_iss_parameter_supported: true,
    backchannel_logout_supported: false,
  }
}
