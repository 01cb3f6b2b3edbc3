import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'

/** How tokens and certificates are signed: RSA (2048 bits, PKCS #1 v1.5) or ECDSA on P-256, both with SHA-256. */
export type SignatureAlgorithm = 'RS256' | 'ES256'

/** Makes a private key off the main thread. */
export const generatePrivateKey = async (algorithm: SignatureAlgorithm): Promise<KeyObject> => {
  const generate = promisify(generateKeyPair)
  const { privateKey } =
    algorithm === 'RS256'
      ? await generate('rsa', { modulusLength: 2048 })
      : await generate('ec', { namedCurve: 'P-256' })
  return privateKey
}

export const toPem = (privateKey: KeyObject): string =>
  privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

/** @throws Error when this is not a private key in PEM without a passphrase */
export const fromPem = (pem: string | Buffer): KeyObject => createPrivateKey(pem)
