/** A key that signs tokens. The next one is published before it signs, the previous one as long as tokens live. */
export type SigningKey = {
  number: number
  /** Its `kid`: the RFC 7638 thumbprint. */
  id: string
  algorithm: 'RS256' | 'ES256'
  status: 'next' | 'current' | 'previous' | 'revoked'
  /** JSON of the private JWK, sealed. */
  sealedPrivateJwk: string
  /** JSON of the public JWK. */
  publicJwk: string
  certificatePem: string
  createdAt: number
  /** When it became what its status says. */
  changedAt: number
}
