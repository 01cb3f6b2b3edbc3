/** Where Auth0's clients look for what this folder answers. */
export const paths = {
  authorization: '/authorize',
  token: '/oauth/token',
  userinfo: '/userinfo',
  revocation: '/oauth/revoke',
  pushedAuthorization: '/oauth/par',
  deviceAuthorization: '/oauth/device/code',
  logout: '/v2/logout',
  endSession: '/oidc/logout',
  jwks: '/.well-known/jwks.json',
  openidConfiguration: '/.well-known/openid-configuration',
  oauthMetadata: '/.well-known/oauth-authorization-server',
  passwordlessStart: '/passwordless/start',
  mfaChallenge: '/mfa/challenge',
  signup: '/dbconnections/signup',
  changePassword: '/dbconnections/change_password',
  /** Where somebody types the code that his device shows. */
  device: '/activate',
} as const

/** Where our pages are: in the middle of a sign-in, and behind the links of mails. */
export const pagePrefixes = ['/u/', '/lo/'] as const
