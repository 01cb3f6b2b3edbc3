import type { NewSigningKey, Services } from '../operation.ts'
import type { Tx } from '../store.ts'
import type { SigningKey } from './signing-key.ts'

export type PreparedKey = { made: NewSigningKey; sealedPrivateJwk: string }

/** What a private key is sealed for. */
export const signingKeyContext = (keyId: string): string => `signing key ${keyId}`

/** Makes a key and seals its private part. Slow: for `prepare`. */
export const makeKey = async (
  { newSigningKey, sealer }: Pick<Services, 'newSigningKey' | 'sealer'>,
  algorithm: SigningKey['algorithm'],
): Promise<PreparedKey> => {
  const made = await newSigningKey(algorithm)
  return {
    made,
    sealedPrivateJwk: sealer.seal(JSON.stringify(made.privateJwk), signingKeyContext(made.kid)),
  }
}

export const addKey = async (
  tx: Tx,
  algorithm: SigningKey['algorithm'],
  status: SigningKey['status'],
  { made, sealedPrivateJwk }: PreparedKey,
): Promise<void> => {
  await tx.signingKeys.insert({
    id: made.kid,
    algorithm,
    status,
    sealedPrivateJwk,
    publicJwk: JSON.stringify(made.publicJwk),
    certificatePem: made.certificatePem,
    createdAt: tx.now(),
    changedAt: tx.now(),
  })
}
