import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { rotateSigningKey } from '#core/keys/rotate.ts'
import { addApi, addApplication, addGrant, openDoor } from '#test/oidc-door.ts'

const issueToken = async (door: Awaited<ReturnType<typeof openDoor>>): Promise<string> => {
  const body = { grant_type: 'client_credentials', client_id: 'machine', client_secret: 'secret' }
  return (await door.post({ ...body, audience: 'https://calendar.example.com/' })).body.access_token
}

test('a resource server verifies tokens with nothing but the issuer, before and after a rotation', async (t) => {
  const door = await openDoor(t)
  await addApplication(door, { id: 'machine', secret: 'secret' })
  await addApi(door, { id: 'calendar' }, ['read:events'])
  await addGrant(door, { applicationId: 'machine', apiId: 'calendar', allowsAll: true })
  const verify = async (token: string) => {
    const { body: configuration } = await door.get('/.well-known/openid-configuration')
    const { body: jwks } = await door.get(new URL(configuration.jwks_uri).pathname)
    return jwtVerify(token, createLocalJWKSet(jwks), {
      issuer: configuration.issuer,
      audience: 'https://calendar.example.com/',
      algorithms: configuration.id_token_signing_alg_values_supported,
      currentDate: new Date(door.clock.now),
    })
  }
  const old = await issueToken(door)
  await verify(old)
  await door.run(rotateSigningKey, {}, door.system)
  const fresh = await issueToken(door)
  await verify(fresh)
  await verify(old)
})

test('discovery names only what is there, under the name that was asked', async (t) => {
  const door = await openDoor(t)
  const { status, headers, body } = await door.get('/.well-known/openid-configuration')
  assert.equal(status, 200)
  assert.equal(headers.get('access-control-allow-origin'), '*')
  assert.equal(body.issuer, door.issuer)
  assert.equal(body.token_endpoint, `${door.issuer}oauth/token`)
  assert.ok(body.grant_types_supported.includes('authorization_code'))
  assert.deepEqual(body.code_challenge_methods_supported, ['S256'])
  // Required by OpenID Connect Discovery 1.0 §3.
  for (const name of [
    'issuer',
    'authorization_endpoint',
    'jwks_uri',
    'response_types_supported',
    'subject_types_supported',
    'id_token_signing_alg_values_supported',
  ]) {
    assert.ok(name in body, name)
  }
  assert.deepEqual((await door.get('/.well-known/oauth-authorization-server')).body, body)
})

test('the key set shows public keys, with what Auth0 shows of them', async (t) => {
  const door = await openDoor(t)
  const { status, headers, body } = await door.get('/.well-known/jwks.json')
  assert.equal(status, 200)
  assert.equal(headers.get('cache-control'), 'public, max-age=15')
  assert.equal(body.keys.length, 2)
  for (const key of body.keys) {
    const { kty, use, alg, e, ...rest } = key
    assert.deepEqual([kty, use, alg, e], ['RSA', 'sig', 'RS256', 'AQAB'])
    assert.deepEqual(Object.keys(rest).sort(), ['kid', 'n', 'x5c', 'x5t'])
  }
})
