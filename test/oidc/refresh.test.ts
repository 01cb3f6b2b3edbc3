import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { systemActor } from '#core/actor.ts'
import { defaultConnectionName as realm } from '#core/connections/connection.ts'
import type { JsonObject } from '#core/json.ts'
import { createUser } from '#core/users/create.ts'
import { startServer, type TestServer } from './setting.ts'
import { addApplication } from './visitor.ts'

const password = 'A password of some length, 1'
const realmGrant = 'http://auth0.com/oauth/grant-type/password-realm'
const email = 'anna@example.com'

describe('refresh tokens', () => {
  let server: TestServer
  before(async () => {
    server = await startServer()
    const { run } = server.server.workspace
    await run(createUser, { email, password, connectionName: realm }, systemActor('system'))
  })
  after(() => server?.close())

  const post = async (body: Record<string, string>) => {
    const { status, body: answer } = await server.call('POST', '/oauth/token', { body })
    return { status, ...(answer as { refresh_token?: string; error?: string; error_description?: string }) }
  }
  const application = async (id: string, refresh_token: JsonObject) => {
    await addApplication(server, {
      id,
      kind: 'native',
      grantTypes: [realmGrant, 'refresh_token'],
      extensions: { auth0: { refresh_token } },
    })
    const first = await post({
      grant_type: realmGrant,
      realm,
      client_id: id,
      username: email,
      password,
      scope: 'openid offline_access',
    })
    assert.equal(first.status, 200, JSON.stringify(first))
    const refresh = (token: string | undefined) =>
      post({ grant_type: 'refresh_token', client_id: id, refresh_token: token! })
    return { token: first.refresh_token, refresh }
  }
  const unknown = {
    status: 403,
    error: 'invalid_grant',
    error_description: 'Unknown or invalid refresh token.',
  }

  test('one that was replaced ends everything that came of it when it is used again', async () => {
    const { token, refresh } = await application('strict', {})
    const second = await refresh(token)
    assert.equal(second.status, 200)
    assert.notEqual(second.refresh_token, token)
    assert.deepEqual(await refresh(token), unknown)
    assert.deepEqual(await refresh(second.refresh_token), unknown, 'its successor, too')
  })

  test('within the leeway one that was replaced is good again, by many at once, and after it is reuse', async () => {
    const { token, refresh } = await application('lenient', { rotation_type: 'rotating', leeway: 30 })
    const many = await Promise.all([refresh(token), refresh(token), refresh(token)])
    assert.deepEqual(
      many.map(({ status }) => status),
      [200, 200, 200],
    )
    assert.equal(new Set(many.map((each) => each.refresh_token)).size, 3)
    server.clock.now += 29_000
    assert.equal((await refresh(token)).status, 200)
    server.clock.now += 2000
    assert.deepEqual(await refresh(token), unknown, 'the first use counts')
    for (const each of many) assert.deepEqual(await refresh(each.refresh_token), unknown)
  })

  test('one that stays ends when it was not used for a while, and in any case with its lifetime', async (t) => {
    const { token, refresh } = await application('patient', {
      rotation_type: 'non-rotating',
      expiration_type: 'expiring',
      token_lifetime: 1000,
      idle_token_lifetime: 400,
      infinite_token_lifetime: false,
      infinite_idle_token_lifetime: false,
    })
    // The provider reads the clock of the process.
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
    const pass = (seconds: number) => {
      t.mock.timers.tick(seconds * 1000)
      server.clock.now += seconds * 1000
    }
    for (const seconds of [300, 300, 300]) {
      pass(seconds)
      const kept = await refresh(token)
      assert.deepEqual([kept.status, kept.refresh_token], [200, token], `after ${seconds} more`)
    }
    pass(101)
    assert.deepEqual(await refresh(token), unknown, 'its lifetime is over')

    const idle = await application('idle', {
      rotation_type: 'non-rotating',
      infinite_token_lifetime: true,
      infinite_idle_token_lifetime: false,
      idle_token_lifetime: 400,
    })
    pass(401)
    assert.deepEqual(await idle.refresh(idle.token), unknown, 'nobody used it')
  })
})
