export const passwordRealmGrant = 'http://auth0.com/oauth/grant-type/password-realm'
export const emailCodeGrant = 'http://auth0.com/oauth/grant-type/passwordless/otp'
export const otpGrant = 'http://auth0.com/oauth/grant-type/mfa-otp'
export const recoveryCodeGrant = 'http://auth0.com/oauth/grant-type/mfa-recovery-code'
export const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'

/** What `/oauth/token` can do. */
export const grantTypes: ReadonlySet<string> = new Set([
  'client_credentials',
  'authorization_code',
  'refresh_token',
  'password',
  passwordRealmGrant,
  emailCodeGrant,
  otpGrant,
  recoveryCodeGrant,
  deviceGrant,
])

/** Those that an application without a secret may not use, whatever its settings say. */
export const confidentialGrantTypes: ReadonlySet<string> = new Set(['client_credentials'])

/** Scopes of OpenID Connect; whatever else is asked for is a permission of the API. */
export const identityScopes = ['openid', 'profile', 'email', 'phone', 'address'] as const

/**
 * What the provider is told instead of `offline_access`, which it drops unless the user is asked for his consent each
 * time; Auth0's clients ask for it without.
 */
export const offlineScope = 'rolecall:offline'
/** Asked for in every request, so that the provider has something to grant when no scope is left. */
export const baseScope = 'rolecall:base'

/** Every scope that the provider is to know by itself. */
export const providerScopes: readonly string[] = [...identityScopes, offlineScope, baseScope]

/** What a client asked for, in the provider's terms. */
export const encodeScope = (scope: string | undefined): string => {
  const wanted = (scope ?? '').split(/\s+/u).filter((each) => each !== '')
  return [baseScope, ...wanted.map((each) => (each === 'offline_access' ? offlineScope : each))].join(' ')
}

/** And back. */
export const decodeScope = (scope: string | undefined): string[] =>
  [...new Set((scope ?? '').split(' '))]
    .filter((each) => each !== '' && each !== baseScope)
    .map((each) => (each === offlineScope ? 'offline_access' : each))
