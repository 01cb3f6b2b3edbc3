import Type from 'typebox'

/** @see specs: §2.1 and §2.4 of the Auth0 dialect */
export const TokenBody = Type.Object({
  grant_type: Type.String({
    description: '`client_credentials`, `authorization_code`, `refresh_token`, `password` and others.',
  }),
  client_id: Type.Optional(Type.String()),
  client_secret: Type.Optional(Type.String()),
  audience: Type.Optional(Type.String({ description: 'Identifier of the API the token is for.' })),
  scope: Type.Optional(
    Type.String({ description: 'Space-separated; for machines everything that was granted when absent.' }),
  ),
  organization: Type.Optional(Type.String()),
  code: Type.Optional(Type.String()),
  code_verifier: Type.Optional(Type.String()),
  redirect_uri: Type.Optional(Type.String()),
  refresh_token: Type.Optional(Type.String()),
  username: Type.Optional(Type.String()),
  password: Type.Optional(Type.String()),
  realm: Type.Optional(Type.String()),
  otp: Type.Optional(Type.String()),
  device_code: Type.Optional(Type.String()),
  mfa_token: Type.Optional(Type.String({ description: 'From the answer `mfa_required`.' })),
  recovery_code: Type.Optional(Type.String()),
})

export const TokenAnswer = Type.Object({
  access_token: Type.String(),
  refresh_token: Type.Optional(Type.String()),
  id_token: Type.Optional(Type.String()),
  scope: Type.Optional(Type.String()),
  expires_in: Type.Integer(),
  token_type: Type.String(),
})

export const OAuthFailure = Type.Object({
  error: Type.String(),
  error_description: Type.String(),
  mfa_token: Type.Optional(Type.String({ description: 'With `mfa_required`, for ten minutes.' })),
})

export const ChallengeBody = Type.Object({
  mfa_token: Type.String(),
  client_id: Type.String(),
  client_secret: Type.Optional(Type.String()),
  challenge_type: Type.Optional(Type.String({ description: 'Space-separated; `otp` is what there is.' })),
})
export const ChallengeAnswer = Type.Object({ challenge_type: Type.Literal('otp') })

/** Also the net that would keep a private part from leaving. */
export const JwksDocument = Type.Object({
  keys: Type.Array(
    Type.Object({
      kty: Type.String(),
      use: Type.String(),
      alg: Type.String(),
      kid: Type.String(),
      n: Type.Optional(Type.String()),
      e: Type.Optional(Type.String()),
      crv: Type.Optional(Type.String()),
      x: Type.Optional(Type.String()),
      y: Type.Optional(Type.String()),
      x5t: Type.String(),
      x5c: Type.Array(Type.String()),
    }),
  ),
})
