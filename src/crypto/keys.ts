import { createHash, type JsonWebKey, X509Certificate } from 'node:crypto'
import { calculateJwkThumbprint } from 'jose'
import { generatePrivateKey, type SignatureAlgorithm } from './private-keys.ts'
import { validFor } from './validity.ts'

const certificateDays = 3650

export type GeneratedSigningKey = {
  /** RFC 7638 thumbprint (SHA-256) of the public key. */
  kid: string
  alg: SignatureAlgorithm
  /** Both carry `kid`, `alg` and `use: 'sig'`. */
  privateJwk: SigningJwk
  publicJwk: SigningJwk
  /** Self-signed, `CN=rolecall`, ten years: for `x5c`, `x5t` and Auth0's `keys/signing`. */
  certificatePem: string
}

export type SigningJwk = JsonWebKey & { kty: string; kid: string; alg: SignatureAlgorithm; use: 'sig' }

/** Makes a key that signs tokens, off the main thread. An RS256 key takes some 100 ms, at times several times that. */
export const generateSigningKey = async (
  alg: SignatureAlgorithm,
  now: () => number = Date.now,
): Promise<GeneratedSigningKey> => {
  const key = await generatePrivateKey(alg)
  // Only whoever makes one waits for what certificates are made with.
  const { certifyTokenKey } = await import('./certificates.ts')
  const { kty = '', ...members } = key.export({ format: 'jwk' })
  const kid = await calculateJwkThumbprint({ kty, ...members })
  const common = { kty, kid, alg, use: 'sig' } as const
  const { n, e, crv, x, y } = members
  return {
    kid,
    alg,
    privateJwk: { ...common, ...members },
    publicJwk: { ...common, ...(alg === 'RS256' ? { n, e } : { crv, x, y }) },
    certificatePem: await certifyTokenKey(key, alg, 'rolecall', validFor(now(), certificateDays)),
  }
}

/** The JWK members that carry a certificate. @see RFC 7517 §4.7 to §4.9 */
export const certificateMembers = (certificatePem: string) => {
  const der = new X509Certificate(certificatePem).raw
  return {
    x5c: [der.toString('base64')],
    x5t: createHash('sha1').update(der).digest('base64url'),
    'x5t#S256': createHash('sha256').update(der).digest('base64url'),
  }
}
