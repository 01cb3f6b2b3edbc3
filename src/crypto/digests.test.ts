import assert from 'node:assert/strict'
import { test } from 'node:test'
import { constantTimeEqual, randomToken, sha256base64url } from './digests.ts'

test('a digest is the SHA-256 of the UTF-8 bytes, url-safe and without padding', () => {
  assert.equal(sha256base64url('abc'), 'ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0')
  assert.equal(sha256base64url(''), '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU')
  assert.notEqual(sha256base64url('é'), sha256base64url('e\u0301'))
})

test('equal texts are equal, texts of another length or content are not', () => {
  const cases: [string, string, boolean][] = [
    ['', '', true],
    ['token', 'token', true],
    ['token', 'tokem', false],
    ['token', 'token ', false],
    ['token', '', false],
    ['grün', 'grün', true],
  ]
  for (const [a, b, equal] of cases) assert.equal(constantTimeEqual(a, b), equal, `${a} / ${b}`)
})

test('tokens are url-safe, as long as asked for, and never the same', () => {
  assert.match(randomToken(), /^[\w-]{43}$/)
  assert.match(randomToken(16), /^[\w-]{22}$/)
  assert.equal(new Set(Array.from({ length: 1000 }, () => randomToken())).size, 1000)
})
