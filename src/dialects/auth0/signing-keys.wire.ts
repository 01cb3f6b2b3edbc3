import { X509Certificate } from 'node:crypto'
import Type, { type Static } from 'typebox'
import type { SigningKey } from '#core/keys/signing-key.ts'

const Instant = Type.Optional(Type.String())

/** @see specs: §1.14 of the Auth0 dialect */
export const WireSigningKey = Type.Object({
  kid: Type.String(),
  cert: Type.String(),
  pkcs7: Type.String(),
  current: Type.Boolean(),
  next: Type.Boolean(),
  previous: Type.Boolean(),
  current_since: Instant,
  current_until: Instant,
  fingerprint: Type.String(),
  thumbprint: Type.String(),
  revoked: Type.Boolean(),
  revoked_at: Instant,
})

export const WireKeyChange = Type.Object({ kid: Type.String(), cert: Type.String() })

/** Clients of this dialect expect one current key; keys of other algorithms sign what they never see. */
export const isSeen = ({ algorithm }: SigningKey): boolean => algorithm === 'RS256'

export const encodeKeyChange = ({ id, certificatePem }: SigningKey): Static<typeof WireKeyChange> => ({
  kid: id,
  cert: certificatePem,
})

export const encodeSigningKey = (key: SigningKey): Static<typeof WireSigningKey> => {
  const { fingerprint } = new X509Certificate(key.certificatePem)
  const changedAt = new Date(key.changedAt).toISOString()
  return {
    ...encodeKeyChange(key),
    // The certificate alone; nobody was seen to read more out of this field.
    pkcs7: key.certificatePem,
    current: key.status === 'current',
    next: key.status === 'next',
    previous: key.status === 'previous',
    ...(key.status === 'current' && { current_since: changedAt }),
    ...(key.status === 'previous' && { current_until: changedAt }),
    fingerprint,
    thumbprint: fingerprint.replaceAll(':', ''),
    revoked: key.status === 'revoked',
    ...(key.status === 'revoked' && { revoked_at: changedAt }),
  }
}
