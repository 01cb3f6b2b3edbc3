import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { describe, test } from 'node:test'
import { hash as argon2Hash } from '@node-rs/argon2'
import { hash as bcryptHash } from '@node-rs/bcrypt'
import { isCommonPassword } from './common-passwords.ts'
import type { ForeignHash } from './foreign-passwords.ts'
import { createPasswordHasher } from './passwords.ts'

const hasher = createPasswordHasher()
const password = 'pässwort 1'
const sha = (algorithm: string, ...parts: string[]) => createHash(algorithm).update(parts.join(''))
const custom = (foreign: ForeignHash) =>
  `$custom$${Buffer.from(JSON.stringify(foreign)).toString('base64url')}`

/** Each as its system would have kept it. Those of scrypt and PBKDF2 are the vectors of RFC 7914 §11 and §12. */
const kept: Record<string, () => Promise<[hash: string, password: string]>> = {
  bcrypt: async () => [await bcryptHash(password, 4), password],
  'bcrypt, as custom hash': async () => [
    custom({ algorithm: 'bcrypt', hash: { value: await bcryptHash(password, 5) } }),
    password,
  ],
  argon2: async () => [
    custom({ algorithm: 'argon2', hash: { value: await argon2Hash(password, { memoryCost: 1024 }) } }),
    password,
  ],
  'argon2, as it is': async () => [await argon2Hash(password, { memoryCost: 1024 }), password],
  'md5 in hex, salt in front': async () => [
    custom({
      algorithm: 'md5',
      hash: { value: sha('md5', 'salt', password).digest('hex'), encoding: 'hex' },
      salt: { value: 'salt', position: 'prefix' },
    }),
    password,
  ],
  'sha1 without salt': async () => [
    custom({ algorithm: 'sha1', hash: { value: sha('sha1', password).digest('hex') } }),
    password,
  ],
  'sha256 in base64, salt behind': async () => [
    custom({
      algorithm: 'sha256',
      hash: { value: sha('sha256', password, 'salt').digest('base64'), encoding: 'base64' },
      salt: { value: Buffer.from('salt').toString('hex'), encoding: 'hex', position: 'suffix' },
    }),
    password,
  ],
  'sha512 of UTF-16': async () => [
    custom({
      algorithm: 'sha512',
      password: { encoding: 'utf16le' },
      hash: {
        value: createHash('sha512').update(Buffer.from(password, 'utf16le')).digest('hex'),
        encoding: 'hex',
      },
    }),
    password,
  ],
  hmac: async () => [
    custom({
      algorithm: 'hmac',
      hash: {
        digest: 'sha256',
        key: { value: 'key' },
        value: createHmac('sha256', 'key').update(`salt${password}`).digest('hex'),
        encoding: 'hex',
      },
      salt: { value: 'salt' },
    }),
    password,
  ],
  pbkdf2: async () => {
    const hash = Buffer.from(
      '55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783',
      'hex',
    )
    const unpadded = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')
    const value = `$pbkdf2-sha256$i=1,l=64$${unpadded(Buffer.from('salt'))}$${unpadded(hash)}`
    return [custom({ algorithm: 'pbkdf2', hash: { value } }), 'passwd']
  },
  scrypt: async () => [
    custom({
      algorithm: 'scrypt',
      hash: {
        value:
          '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
        encoding: 'hex',
      },
      salt: { value: 'SodiumChloride' },
      keylen: 64,
      cost: 16_384,
      blockSize: 8,
      parallelization: 1,
    }),
    'pleaseletmein',
  ],
  'ldap, salted': async () => {
    const digest = createHash('sha1').update(`${password}salt`).digest()
    const value = `{SSHA}${Buffer.concat([digest, Buffer.from('salt')]).toString('base64')}`
    return [custom({ algorithm: 'ldap', hash: { value } }), password]
  },
}

describe('a hash that was imported', () => {
  for (const [name, make] of Object.entries(kept)) {
    test(`of ${name} is of its password and of no other, and is to be replaced`, async () => {
      const [hash, right] = await make()
      assert.equal(await hasher.verify(right, hash), true)
      for (const wrong of [`${right} `, '', right.toUpperCase()]) {
        assert.equal(await hasher.verify(wrong, hash), false)
      }
      assert.equal(hasher.isOutdated(hash), true)
    })
  }

  test('of a client that sends digests is known by the digest', async () => {
    const digest = sha('sha256', password).digest('hex')
    const hash = `sha256:${await bcryptHash(digest, 4)}`
    assert.equal(await hasher.verify({ sha256: digest }, hash), true)
    assert.equal(await hasher.verify(password, hash), true)
    assert.equal(await hasher.verify(digest, hash), false)
  })

  test('that is broken, unknown or too costly is no password’s', async () => {
    for (const hash of [
      '$custom$',
      '$custom$bm8',
      custom({}),
      custom({ algorithm: 'md4', hash: { value: 'x' } }),
      custom({ algorithm: 'sha256', hash: { value: '' } }),
      custom({ algorithm: 'scrypt', hash: { value: 'ab', encoding: 'hex' }, cost: 2 ** 30 }),
      custom({ algorithm: 'pbkdf2', hash: { value: '$pbkdf2-sha256$i=999999999,l=32$c2FsdA$YWJj' } }),
      '$2b$31$abcdefghijklmnopqrstuuAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
      '$2b$10$short',
    ]) {
      assert.equal(await hasher.verify(password, hash), false, hash)
    }
  })
})

test('the list of common passwords knows what people take', () => {
  for (const common of ['123456', 'Password', 'QWERTY']) assert.equal(isCommonPassword(common), true)
  for (const rare of ['', 'Correct horse 9 battery']) assert.equal(isCommonPassword(rare), false)
})
