import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { calculateJwkThumbprint, importJWK, jwtVerify, SignJWT } from 'jose'
import { certificateMembers, generateSigningKey } from './keys.ts'

for (const alg of ['RS256', 'ES256'] as const) {
  test(`an ${alg} key signs tokens that its public key and its certificate verify`, async () => {
    const key = await generateSigningKey(alg)
    const privateKey = await importJWK(key.privateJwk, alg)
    const token = await new SignJWT({ sub: 'u' }).setProtectedHeader({ alg, kid: key.kid }).sign(privateKey)

    await jwtVerify(token, await importJWK(key.publicJwk, alg), { algorithms: [alg] })
    const certificate = new X509Certificate(key.certificatePem)
    await jwtVerify(token, certificate.publicKey, { algorithms: [alg] })
    assert.equal(certificate.verify(certificate.publicKey), true)
    assert.equal(certificate.subject, 'CN=rolecall')
    assert.equal(certificate.issuer, 'CN=rolecall')
    assert.equal(certificate.ca, false)
  })

  test(`an ${alg} key is named by its RFC 7638 thumbprint and publishes nothing private`, async () => {
    const { kid, publicJwk, privateJwk } = await generateSigningKey(alg)
    assert.equal(kid, await calculateJwkThumbprint(publicJwk))
    const numbers = alg === 'RS256' ? ['n', 'e'] : ['crv', 'x', 'y']
    assert.deepEqual(Object.keys(publicJwk).sort(), ['alg', 'kid', 'kty', 'use', ...numbers].sort())
    assert.deepEqual([publicJwk.kid, publicJwk.alg, publicJwk.use], [kid, alg, 'sig'])
    assert.equal(typeof privateJwk.d, 'string')
  })
}

test('an RS256 key has 2048 bits, and no two keys are the same', async () => {
  const [one, two] = await Promise.all([generateSigningKey('RS256'), generateSigningKey('RS256')])
  assert.equal(Buffer.from(one.publicJwk.n ?? '', 'base64url').length, 256)
  assert.notEqual(one.kid, two.kid)
})

test('the certificate is valid for ten years from now', async () => {
  const now = Date.parse('2030-01-02T00:00:00Z')
  const { validFromDate, validToDate } = new X509Certificate(
    (await generateSigningKey('ES256', () => now)).certificatePem,
  )
  assert.equal(validFromDate.toISOString(), '2030-01-01T00:00:00.000Z')
  assert.equal(validToDate.toISOString(), '2039-12-30T00:00:00.000Z')
})

test('the certificate members carry the certificate and its two thumbprints (RFC 7517 §4.7 to §4.9)', async () => {
  const { certificatePem } = await generateSigningKey('ES256')
  const members = certificateMembers(certificatePem)
  const certificate = new X509Certificate(Buffer.from(members.x5c[0] ?? '', 'base64'))
  const toHex = (text: string) => Buffer.from(text, 'base64url').toString('hex').toUpperCase()
  assert.equal(toHex(members.x5t), certificate.fingerprint.replaceAll(':', ''))
  assert.equal(toHex(members['x5t#S256']), certificate.fingerprint256.replaceAll(':', ''))
})
