import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { rare } from '#dialects/auth0/rare.table.ts'
import { scenarios } from '#test/harness/scenario.ts'
import { startServer } from '#test/harness/server.ts'
import { badBody, insufficient, notFound, unsupported } from './answers.ts'

const filled = (path: string) => `/api/v2${path.replaceAll(/:\w+/gu, 'any')}`

/** One engine is enough: none of these reaches the database. */
describe('families that Rolecall has nothing of', () => {
  test('answer what a tenant without any would, to their own scopes and to no other', async (t) => {
    const server = await startServer()
    t.after(() => server.close())
    const [stranger, every] = [await server.token('read:users'), await server.token('every')]
    for (const family of rare) {
      const path = filled(family.path)
      const refused = await server.call('GET', path, { token: stranger })
      assert.deepEqual(refused.body, insufficient(...family.scopes), path)
      const { status, body } = await server.call('GET', path, { token: every })
      if ('missing' in family) {
        assert.deepEqual(body, notFound(...(family.missing as [string, string])), path)
        continue
      }
      assert.equal(status, 200, path)
      assert.deepEqual(body, 'list' in family ? [] : family.answer, path)
      if ('list' in family) {
        const totals = await server.call('GET', `${path}?include_totals=true&per_page=100`, { token: every })
        assert.deepEqual(totals.body, { [family.list]: [], start: 0, limit: 100, total: 0 }, path)
        const checkpoint = await server.call('GET', `${path}?take=50`, { token: every })
        assert.deepEqual(checkpoint.body, { [family.list]: [] }, path)
      }
    }
  })

  test('may be set to what they are', async (t) => {
    const server = await startServer()
    t.after(() => server.close())
    const [stranger, every] = [await server.token('read:users'), await server.token('every')]
    for (const family of rare) {
      if (!('answer' in family && family.set)) continue
      const [method, scope] = family.set
      const refused = await server.call(method, filled(family.path), { token: stranger, body: family.answer })
      assert.deepEqual(refused.body, insufficient(scope), family.path)
      const { status, body } = await server.call(method, filled(family.path), {
        token: every,
        body: family.answer,
      })
      assert.deepEqual([status, body], [200, family.answer], family.path)
    }
  })
})

scenarios('a family that Rolecall has nothing of', (scenario) => {
  scenario('is not set to anything else', {
    scopes: ['update:attack_protection'],
    patch: ['/api/v2/attack-protection/breached-password-detection', { enabled: true }],
    expect: {
      status: 400,
      body: unsupported('Not supported: attack protection breached password detection.'),
    },
  })

  scenario('has no factor that could be switched on', {
    scopes: ['update:guardian_factors'],
    put: ['/api/v2/guardian/factors/otp', { enabled: true }],
    expect: { status: 400, body: unsupported('Not supported: guardian factors name.') },
  })

  scenario('has factors that may be switched off', {
    scopes: ['update:guardian_factors'],
    put: ['/api/v2/guardian/factors/otp', { enabled: false }],
    expect: { status: 200, body: { enabled: false } },
  })

  scenario('is not set to another kind of value', {
    scopes: ['update:mfa_policies'],
    put: ['/api/v2/guardian/policies', { policies: [] }],
    expect: { status: 400, body: badBody('Expected type array but found type object') },
  })

  scenario('lists no consents', {
    scopes: ['read:grants'],
    get: ['/api/v2/grants?user_id=auth0%7Cx&include_totals=true'],
    expect: { status: 200, body: { grants: [], start: 0, limit: 50, total: 0 } },
  })

  scenario('has none to revoke', {
    scopes: ['delete:grants'],
    delete: ['/api/v2/grants?user_id=auth0%7Cx'],
    expect: { status: 204, body: '' },
  })

  scenario('does not say so to everybody', {
    scopes: ['read:grants'],
    delete: ['/api/v2/grants/any'],
    expect: { status: 403, body: insufficient('delete:grants') },
  })
})
