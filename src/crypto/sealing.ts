import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { createOnce } from './files.ts'

const version = 'v1'
const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16

/** The sealed text was changed, belongs to another context, or was sealed with another key. It doesn't say which. */
export class SealError extends Error {
  override readonly name = 'SealError'
}

export type Sealer = {
  /** Never twice the same text for the same input. */
  seal(plain: string, context: string): string
  /** @throws SealError */
  open(sealed: string, context: string): string
}

/**
 * Encrypts what must be read again: AES-256-GCM, as `v1.<base64url of nonce, ciphertext, tag>`. The context is
 * authenticated and not stored, so a sealed text moved to another row or column doesn't open there.
 *
 * Nonces are random: one key is good for 2³² sealed texts (NIST SP 800-38D §8.3).
 *
 * @param key 32 bytes
 */
export const createSealer = (key: Buffer): Sealer => {
  if (key.length !== keyBytes) throw new RangeError(`A sealing key has ${keyBytes} bytes, not ${key.length}`)

  return {
    seal(plain, context) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      cipher.setAAD(Buffer.from(context))
      const sealed = Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `${version}.${sealed.toString('base64url')}`
    },

    open(sealed, context) {
      const bytes = decode(sealed)
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      })
      decipher.setAAD(Buffer.from(context))
      decipher.setAuthTag(bytes.subarray(-tagBytes))
      const plain = decipher.update(bytes.subarray(nonceBytes, -tagBytes))
      try {
        return Buffer.concat([plain, decipher.final()]).toString('utf8')
      } catch {
        throw new SealError('The sealed text does not open with this key in this context')
      }
    },
  }
}

const decode = (sealed: string): Buffer => {
  const [prefix, text = '', ...more] = sealed.split('.')
  if (prefix !== version || more.length > 0) throw new SealError('Not a sealed text of a known version')
  const bytes = Buffer.from(text, 'base64url')
  // Node skips what is not base64url; comparing refuses every spelling but the one that was written.
  if (bytes.toString('base64url') !== text || bytes.length < nonceBytes + tagBytes) {
    throw new SealError('Not a sealed text')
  }
  return bytes
}

/**
 * The key kept in this file, made of 32 random bytes when there is none (mode 600). Processes that start at the same
 * time get the same key.
 *
 * @throws Error when the file holds something else: a new key would make everything sealed so far unreadable.
 */
export const loadOrCreateKey = async (path: string): Promise<Buffer> => {
  const key = await createOnce(path, () => randomBytes(keyBytes))
  if (key.length !== keyBytes) {
    throw new Error(
      `${path} holds ${key.length} bytes and should hold a key of ${keyBytes}; restore it from a backup`,
    )
  }
  return key
}
