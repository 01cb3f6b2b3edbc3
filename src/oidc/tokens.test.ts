import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { test } from 'node:test'
import { revokeSigningKey, rotateSigningKey } from '#core/keys/rotate.ts'
import { addApi, addApplication, addGrant, aliasIssuer, type Door, openDoor } from '#test/oidc-door.ts'
import { createTokenVerifier, type VerifiedToken } from './tokens.ts'

const json = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

const issueTokens = async (t: Parameters<typeof openDoor>[0]) => {
  const door = await openDoor(t)
  await addApplication(door, { id: 'machine', secret: 'secret' })
  await addApi(door, { id: 'calendar' }, ['read:events'])
  await addGrant(door, { applicationId: 'machine', apiId: 'calendar', permissions: ['read:events'] })
  const issue = async (): Promise<string> => {
    const body = {
      grant_type: 'client_credentials',
      client_id: 'machine',
      client_secret: 'secret',
      audience: 'https://calendar.example.com/',
    }
    return (await door.post(body)).body.access_token
  }
  return { door, issue }
}

const reasonOf = (verified: VerifiedToken): string => (verified.ok ? 'good' : verified.reason)

/** Claims of a good token, and a way to sign any header and claims with our own current key. */
const forge = async (door: Door) => {
  const [current] = await door.keyRing.signingKeys()
  const { kid, privateKey, publicKey } = current!
  const iat = Math.floor(door.clock.now / 1000)
  const claims = {
    iss: door.issuer,
    sub: 'machine@clients',
    aud: 'https://calendar.example.com/',
    iat,
    exp: iat + 60,
  }
  const header = { alg: 'RS256', typ: 'JWT', kid }
  const signed = (changedHeader: object, changedClaims: object, key = privateKey) => {
    const text = `${json({ ...header, ...changedHeader })}.${json({ ...claims, ...changedClaims })}`
    return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`
  }
  return { header, claims, signed, publicKey, iat }
}

test('a token of ours is good, the first time and every time after', async (t) => {
  const { door, issue } = await issueTokens(t)
  const token = await issue()
  const first = await door.verifyToken(token)
  assert.ok(first.ok)
  assert.equal(first.claims.aud, 'https://calendar.example.com/')
  const second = await door.verifyToken(token)
  assert.ok(second.ok)
  assert.equal(second.claims, first.claims)
  assert.throws(() => Object.assign(first.claims, { scope: 'everything' }), TypeError)
})

test('nobody but our own keys makes a good token, of our issuer and in our algorithms [rows 22 and 27]', async (t) => {
  const { door } = await issueTokens(t)
  const { header, claims, signed, publicKey, iat } = await forge(door)
  assert.equal(reasonOf(await door.verifyToken(signed({}, {}))), 'good')

  const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' })
  const publicDer = publicKey.export({ type: 'spki', format: 'der' })
  const { n } = publicKey.export({ format: 'jwk' })
  const hmac = (secret: string | Buffer, alg = 'HS256') => {
    const text = `${json({ ...header, alg })}.${json(claims)}`
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
  }
  const unsigned = (alg: string) => `${json({ ...header, alg })}.${json(claims)}.`
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const rows: [what: string, token: string, reason: string][] = [
    ['alg none without a signature', unsigned('none'), 'malformed'],
    ['alg None without a signature', unsigned('None'), 'malformed'],
    ['alg none with a signature', `${unsigned('none')}${randomBytes(256).toString('base64url')}`, 'invalid'],
    ['alg none signed by our key', signed({ alg: 'none' }, {}), 'invalid'],
    ['HS256 with the public key as PEM', hmac(publicPem), 'invalid'],
    ['HS256 with the public key as DER', hmac(publicDer), 'invalid'],
    ['HS256 with the modulus', hmac(Buffer.from(n!, 'base64url')), 'invalid'],
    ['HS256 with nothing', hmac(''), 'invalid'],
    ['an HMAC that calls itself RS256', hmac(publicPem, 'RS256'), 'invalid'],
    ['a foreign key under our kid', signed({}, {}, foreign.privateKey), 'invalid'],
    ['a foreign EC key under our kid', signed({ alg: 'ES256' }, {}, ec.privateKey), 'invalid'],
    ['a kid nobody knows', signed({ kid: 'nobody' }, {}, foreign.privateKey), 'invalid'],
    ['a kid that is a path', signed({ kid: '../../dev/null' }, {}), 'invalid'],
    ['a kid that is a name of every object', signed({ kid: '__proto__' }, {}), 'invalid'],
    ['a kid that is no text', signed({ kid: 7 }, {}), 'invalid'],
    ['no kid', signed({ kid: undefined }, {}), 'invalid'],
    [
      'a key brought along',
      signed({ kid: undefined, jwk: foreign.publicKey.export({ format: 'jwk' }) }, {}, foreign.privateKey),
      'invalid',
    ],
    [
      'a key brought along beside our kid',
      signed({ jwk: foreign.publicKey.export({ format: 'jwk' }) }, {}, foreign.privateKey),
      'invalid',
    ],
    ['a key set to fetch', signed({ jku: 'http://127.0.0.1:1/' }, {}, foreign.privateKey), 'invalid'],
    ['RS512 by name', signed({ alg: 'RS512' }, {}), 'invalid'],
    ['PS256 by name', signed({ alg: 'PS256' }, {}), 'invalid'],
    ['no alg', signed({ alg: undefined }, {}), 'invalid'],
    ['an extension that JWTs may not use', signed({ crit: ['b64'], b64: false }, {}), 'invalid'],
    ['an unknown extension we must understand', signed({ crit: ['x'], x: 1 }, {}), 'invalid'],
    ['another kind of JWT', signed({ typ: 'logout+jwt' }, {}), 'invalid'],
    ['no kind', signed({ typ: undefined }, {}), 'invalid'],
    ['another issuer', signed({}, { iss: 'https://evil.example.com/' }), 'invalid'],
    ['our issuer without its slash', signed({}, { iss: door.issuer.slice(0, -1) }), 'invalid'],
    ['no issuer', signed({}, { iss: undefined }), 'invalid'],
    ['an issuer in a list', signed({}, { iss: [door.issuer] }), 'invalid'],
    ['no subject', signed({}, { sub: undefined }), 'invalid'],
    ['no audience', signed({}, { aud: undefined }), 'invalid'],
    ['no end', signed({}, { exp: undefined }), 'invalid'],
    ['an end that is text', signed({}, { exp: String(iat + 60) }), 'invalid'],
    ['not yet', signed({}, { nbf: iat + 30 }), 'invalid'],
    ['longer than any token of ours', signed({}, { extra: 'x'.repeat(30_000) }), 'malformed'],
    ['over', signed({}, { exp: iat }), 'expired'],
    ['over, of another issuer', signed({}, { exp: iat, iss: 'https://evil.example.com/' }), 'invalid'],
    ['over, signed by a foreign key', signed({}, { exp: iat }, foreign.privateKey), 'invalid'],
  ]
  for (const [what, token, reason] of rows)
    assert.equal(reasonOf(await door.verifyToken(token)), reason, what)
  assert.equal(
    reasonOf(await door.verifyToken(signed({}, { iss: aliasIssuer }))),
    'good',
    'another name of ours',
  )
  assert.equal(
    reasonOf(await door.verifyToken(signed({ typ: 'at+jwt' }, {}))),
    'good',
    'the form of RFC 9068',
  )
})

test('a good token cut short, made longer or put together at any length is good no more', async (t) => {
  const { door, issue } = await issueTokens(t)
  const token = await issue()
  assert.equal(reasonOf(await door.verifyToken(token)), 'good')
  const [header, claims, signature] = token.split('.') as [string, string, string]
  const changed = new Set<string>([
    '',
    '.',
    '..',
    '...',
    header,
    `${header}.${claims}`,
    `${header}.${claims}.`,
  ])
  for (let length = 1; length < token.length; length++) changed.add(token.slice(0, length))
  for (let start = 1; start < token.length; start += 7) changed.add(token.slice(start))
  for (const added of ['A', '=', '==', '.', ' ', '\n', '\t', '\0', 'AA', 'AAAA', '!', '%00', '\u{1f600}']) {
    changed.add(token + added)
    changed.add(added + token)
    for (const at of [1, 10, header.length, header.length + 5, token.length - 5]) {
      changed.add(token.slice(0, at) + added + token.slice(at))
    }
  }
  for (const length of [1, 100, 1000, 10_000, 100_000]) changed.add(token + 'A'.repeat(length))
  changed.add(token + token)
  changed.add(`${token}.${token}`)
  changed.add(`${token} ${token}`)
  changed.add(`${token},${token}`)
  changed.add(`${claims}.${header}.${signature}`)
  changed.add(`${header}.${signature}.${claims}`)
  changed.add(token.toUpperCase())
  changed.add(token.replaceAll('-', '+').replaceAll('_', '/'))
  // The last character of 342 carries two bits; each of its sixteen spellings decodes to the same signature.
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  for (const last of alphabet) changed.add(token.slice(0, -1) + last)
  for (let at = 0; at < token.length; at += 5) {
    changed.add(token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1))
  }
  changed.delete(token)
  assert.ok(changed.size > 700)
  for (const text of changed) {
    const verified = await door.verifyToken(text)
    assert.equal(verified.ok, false, text)
    assert.notEqual(reasonOf(verified), 'expired', text)
  }
  assert.equal(reasonOf(await door.verifyToken(token)), 'good')
})

test('what is no JWT at all is told from a bad one', async (t) => {
  const { door } = await issueTokens(t)
  for (const text of [
    'opaque',
    'a.b',
    'a.b.c.d',
    'a.b.c',
    `${json('text')}.${json({})}.c`,
    `${json([])}.e.e`,
  ]) {
    assert.equal(reasonOf(await door.verifyToken(text)), 'malformed', text)
  }
  assert.equal(reasonOf(await door.verifyToken(`${json({})}.${json({})}.AAAA`)), 'invalid')
})

test('a token ends on the second, although it is remembered', async (t) => {
  const { door, issue } = await issueTokens(t)
  const token = await issue()
  door.clock.now += 86_399_000
  assert.equal(reasonOf(await door.verifyToken(token)), 'good')
  door.clock.now += 1000
  assert.equal(reasonOf(await door.verifyToken(token)), 'expired')
  assert.equal(reasonOf(await door.verifyToken(token)), 'expired')
})

test('tokens signed before a rotation stay good; a revoked key takes its tokens with it at once', async (t) => {
  const { door, issue } = await issueTokens(t)
  const old = await issue()
  assert.equal(reasonOf(await door.verifyToken(old)), 'good')
  const [before] = await door.keyRing.signingKeys()
  await door.run(rotateSigningKey, {}, door.system)
  const fresh = await issue()
  assert.notEqual(kidOf(fresh), kidOf(old))
  assert.equal(reasonOf(await door.verifyToken(old)), 'good')
  assert.equal(reasonOf(await door.verifyToken(fresh)), 'good')

  await door.run(revokeSigningKey, { keyId: before!.kid }, door.system)
  assert.equal(reasonOf(await door.verifyToken(old)), 'invalid')
  assert.equal(reasonOf(await door.verifyToken(fresh)), 'good')
})

test('a token of a name that is no longer ours is good no more, although it is remembered', async (t) => {
  const { door, issue } = await issueTokens(t)
  const issuers = new Set([door.issuer])
  const verify = createTokenVerifier(door.keyRing, {
    hosts: { issuers: () => issuers },
    now: () => door.clock.now,
  })
  const token = await issue()
  assert.equal(reasonOf(await verify(token)), 'good')
  issuers.clear()
  assert.equal(reasonOf(await verify(token)), 'invalid')
})

const kidOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split('.', 1)[0]!, 'base64url').toString()).kid
