import { createHash, createHmac, getHashes, pbkdf2Sync, scryptSync } from 'node:crypto'
import { verifySync as verifyBcrypt } from '@node-rs/bcrypt'
import { constantTimeEqual } from './digests.ts'

/**
 * A password hash as another system kept it.
 * @see Auth0, "User Import/Export Database Schema", `custom_password_hash` (read 2026-11)
 */
export type ForeignHash = {
  algorithm?: string
  hash?: { value?: string; encoding?: Encoding; digest?: string; key?: Encoded }
  salt?: Encoded & { position?: 'prefix' | 'suffix' }
  password?: { encoding?: BufferEncoding }
  keylen?: number
  cost?: number
  blockSize?: number
  parallelization?: number
}
type Encoding = 'base64' | 'hex' | 'utf8'
type Encoded = { value?: string; encoding?: Encoding }

/** `isCheap`: the answer came much sooner than one of ours would have. */
export type Verdict = { isRight: boolean; isCheap: boolean }

const wrong: Verdict = { isRight: false, isCheap: true }

/** What lies above these would let one sign-in keep a core or the memory busy. */
const limits = { bcryptCost: 15, iterations: 2_000_000, scryptBytes: 256 * 1024 * 1024, keyBytes: 1024 }

/** What of a foreign hash is verified elsewhere: argon2, whose bounds are those of our own. */
export const argon2Of = ({ algorithm, hash }: ForeignHash): string | undefined =>
  algorithm === 'argon2' ? (hash?.value ?? '') : undefined

/** Whether it is the password; false for a hash that can't be read, or that asks for too much. Blocks its thread. */
export const verifyForeign = (password: string, foreign: ForeignHash): Verdict => {
  try {
    return verifyBy(password, foreign)
  } catch {
    return wrong
  }
}

const verifyBy = (password: string, foreign: ForeignHash): Verdict => {
  const { algorithm = '', hash = {} } = foreign
  const value = hash.value ?? ''
  switch (algorithm) {
    case 'bcrypt':
      return verifyForeignBcrypt(password, value)
    case 'pbkdf2':
      return verifyPbkdf2(bytesOf(password, foreign), value)
    case 'scrypt':
      return verifyScrypt(bytesOf(password, foreign), foreign)
    case 'ldap':
      return { isRight: verifyLdap(bytesOf(password, foreign), value), isCheap: true }
    case 'hmac': {
      const key = decode(hash.key)
      const digest = createHmac(hash.digest ?? 'sha256', key)
        .update(salted(password, foreign))
        .digest()
      return { isRight: isSame(digest, decode(hash, 'hex')), isCheap: true }
    }
    default: {
      if (!getHashes().includes(algorithm)) return wrong
      const digest = createHash(algorithm).update(salted(password, foreign)).digest()
      return { isRight: isSame(digest, decode(hash, 'hex')), isCheap: true }
    }
  }
}

export const isBcrypt = (hash: string): boolean => /^\$2[abxy]\$/u.test(hash)

/** `$2x$` was made by an old fault of PHP's and is none of ours to reproduce. */
const verifyForeignBcrypt = (password: string, hash: string): Verdict => {
  const [, cost] = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/u.exec(hash) ?? []
  if (cost === undefined || Number(cost) > limits.bcryptCost) return wrong
  return { isRight: verifyBcrypt(password, hash), isCheap: Number(cost) < 8 }
}

/** `$pbkdf2-sha256$i=100000,l=32$<salt>$<hash>`, base64 without padding; without `l` the hash says how long it is. */
const verifyPbkdf2 = (password: Buffer, text: string): Verdict => {
  const parts = /^\$pbkdf2-(\w+)\$(?:v=\d+\$)?i=(\d+)(?:,l=(\d+))?\$([^$]+)\$([^$]+)$/u.exec(text)
  if (!parts) return wrong
  const [, digest = '', count = '', length, salt = '', hash = ''] = parts
  const wanted = Buffer.from(hash, 'base64')
  const [iterations, keyBytes] = [Number(count), Number(length ?? wanted.length)]
  if (iterations < 1 || iterations > limits.iterations || keyBytes > limits.keyBytes) return wrong
  const made = pbkdf2Sync(password, Buffer.from(salt, 'base64'), iterations, keyBytes, digest)
  return { isRight: isSame(made, wanted), isCheap: iterations < 20_000 }
}

const verifyScrypt = (password: Buffer, foreign: ForeignHash): Verdict => {
  const { hash, salt, keylen = 64, cost: N = 16_384, blockSize: r = 8, parallelization: p = 1 } = foreign
  const memory = 128 * N * r * p
  if (memory > limits.scryptBytes || keylen > limits.keyBytes) return wrong
  const options = { N, r, p, maxmem: memory + 1024 * 1024 }
  const made = scryptSync(password, decode(salt), keylen, options)
  return { isRight: isSame(made, decode(hash, 'hex')), isCheap: memory < 4 * 1024 * 1024 }
}

/** `{SSHA}` and its like: the digest, and the salt behind it. @see RFC 2307 §5.3 */
const verifyLdap = (password: Buffer, text: string): boolean => {
  const [, scheme = '', encoded = ''] = /^\{(\w+)\}(.+)$/u.exec(text) ?? []
  const algorithm = ldapSchemes[scheme.toUpperCase()]
  if (!algorithm) return false
  const bytes = Buffer.from(encoded, 'base64')
  const length = createHash(algorithm).digest().length
  const made = createHash(algorithm).update(password).update(bytes.subarray(length)).digest()
  return isSame(made, bytes.subarray(0, length))
}

const ldapSchemes: Readonly<Record<string, string>> = {
  MD5: 'md5',
  SMD5: 'md5',
  SHA: 'sha1',
  SSHA: 'sha1',
  SHA256: 'sha256',
  SSHA256: 'sha256',
  SHA512: 'sha512',
  SSHA512: 'sha512',
}

const bytesOf = (text: string, { password }: ForeignHash): Buffer =>
  Buffer.from(text, password?.encoding ?? 'utf8')

const salted = (password: string, foreign: ForeignHash): Buffer => {
  const [bytes, salt] = [bytesOf(password, foreign), decode(foreign.salt)]
  return Buffer.concat(foreign.salt?.position === 'suffix' ? [bytes, salt] : [salt, bytes])
}

const decode = (encoded: Encoded | undefined, standard: Encoding = 'utf8'): Buffer =>
  Buffer.from(encoded?.value ?? '', encoded?.encoding ?? standard)

const isSame = (one: Buffer, other: Buffer): boolean =>
  one.length > 0 && constantTimeEqual(one.toString('hex'), other.toString('hex'))
