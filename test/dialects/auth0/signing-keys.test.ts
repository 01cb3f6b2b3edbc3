import assert from 'node:assert/strict'
import { createHash, X509Certificate } from 'node:crypto'
import { systemActor } from '#core/actor.ts'
import { listSigningKeys } from '#core/keys/rotate.ts'
import type { SigningKey } from '#core/keys/signing-key.ts'
import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { insufficient, notFound } from './answers.ts'

const path = '/api/v2/keys/signing'
const noKey = notFound('The signing key does not exist.', 'inexistent_signing_key')

type Key = { kid: string; cert: string; fingerprint: string; thumbprint: string } & Record<string, unknown>

/** Looked up beside the doors, because a token that a revoked key signed opens none. */
const withStatus =
  (status: SigningKey['status']) =>
  async ({ server }: TestServer): Promise<Made> => {
    const keys = await server.workspace.run(listSigningKeys, {}, systemActor('system'))
    return { kid: keys.find((key) => key.algorithm === 'RS256' && key.status === status)!.id }
  }

scenarios('signing keys', (scenario) => {
  scenario('are listed with certificates that prove what they say', {
    scopes: ['read:signing_keys'],
    get: [path],
    expect: { status: 200 },
    then: async (server, _made, { body }) => {
      const keys = body as Key[]
      assert.deepEqual(
        keys.map(({ current, next, previous, revoked }) => [current, next, previous, revoked]).sort(),
        [
          [false, true, false, false],
          [true, false, false, false],
        ],
      )
      const published = await server.call('GET', '/.well-known/jwks.json')
      const jwks = (published.body as { keys: { kid: string; n: string }[] }).keys
      for (const { kid, cert, fingerprint, thumbprint } of keys) {
        const certificate = new X509Certificate(cert)
        assert.equal(createHash('sha1').update(certificate.raw).digest('hex').toUpperCase(), thumbprint)
        assert.equal(fingerprint.replaceAll(':', ''), thumbprint)
        assert.equal(
          jwks.find((jwk) => jwk.kid === kid)?.n,
          certificate.publicKey.export({ format: 'jwk' }).n,
        )
      }
    },
  })

  scenario('are read one by one', {
    scopes: ['read:signing_keys'],
    given: withStatus('current'),
    get: ({ kid }) => [`${path}/${kid}`],
    expect: {
      status: 200,
      body: ({ kid }: Made) => ({
        kid,
        cert: any,
        pkcs7: any,
        current: true,
        next: false,
        previous: false,
        current_since: any,
        fingerprint: any,
        thumbprint: any,
        revoked: false,
      }),
    },
  })

  scenario('that are not there are not found', {
    scopes: ['read:signing_keys'],
    get: [`${path}/unknown`],
    expect: { status: 404, body: noKey },
  })

  scenario('rotate: the next one signs from now on', {
    scopes: ['create:signing_keys'],
    given: withStatus('next'),
    post: [`${path}/rotate`],
    expect: {
      status: 201,
      body: ({ kid }: Made) => ({ kid, cert: /^-----BEGIN CERTIFICATE-----/u }),
      events: ['signing-key.rotated'],
    },
  })

  scenario('do not rotate without the scope', {
    scopes: ['read:signing_keys', 'update:signing_keys'],
    post: [`${path}/rotate`],
    expect: { status: 403, body: insufficient('create:signing_keys') },
  })

  scenario('are revoked when they signed before', {
    scopes: ['update:signing_keys'],
    given: withStatus('previous'),
    put: ({ kid }) => [`${path}/${kid}/revoke`],
    expect: {
      status: 200,
      body: ({ kid }: Made) => ({ kid, cert: any }),
      events: ['signing-key.revoked'],
    },
    then: async (server, { kid }) => {
      assert.deepEqual(await withStatus('revoked')(server), { kid })
      const signedByIt = await server.token('read:signing_keys')
      assert.equal((await server.call('GET', path, { token: signedByIt })).status, 401)
    },
  })

  scenario('are revoked once', {
    scopes: ['update:signing_keys'],
    given: withStatus('revoked'),
    put: ({ kid }) => [`${path}/${kid}/revoke`],
    expect: { status: 200 },
  })

  scenario('are not revoked while they sign', {
    scopes: ['update:signing_keys'],
    given: withStatus('current'),
    put: ({ kid }) => [`${path}/${kid}/revoke`],
    expect: {
      status: 409,
      body: {
        statusCode: 409,
        error: 'Conflict',
        message: 'The signing key is in use.',
        errorCode: 'conflict',
      },
    },
  })

  scenario('that are not there are not revoked', {
    scopes: ['update:signing_keys'],
    put: [`${path}/unknown/revoke`],
    expect: { status: 404, body: noKey },
  })

  scenario('are not revoked without the scope', {
    scopes: ['read:signing_keys', 'create:signing_keys'],
    put: [`${path}/unknown/revoke`],
    expect: { status: 403, body: insufficient('update:signing_keys') },
  })
})
