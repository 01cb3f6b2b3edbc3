import Type from 'typebox'

/** @see specs: §2.1 and §2.4 of the Auth0 dialect */
export const TokenBody = Type.Object({
  grant_type: Type.Literal('client_credentials'),
  client_id: Type.Optional(Type.String()),
  client_secret: Type.Optional(Type.String()),
  audience: Type.Optional(Type.String({ description: 'Identifier of the API the token is for.' })),
  scope: Type.Optional(
    Type.String({ description: 'Space-separated; everything that was granted when absent.' }),
  ),
})

export const TokenAnswer = Type.Object({
  access_token: Type.String(),
  scope: Type.Optional(Type.String()),
  expires_in: Type.Integer(),
  token_type: Type.String(),
})

export const OAuthFailure = Type.Object({ error: Type.String(), error_description: Type.String() })

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
