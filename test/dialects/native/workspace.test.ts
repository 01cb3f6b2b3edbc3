import assert from 'node:assert/strict'
import { test } from 'node:test'
import { any, scenarios } from '#test/harness/scenario.ts'
import { base, fresh, makeApplication, problem } from './made.ts'

scenarios('connections, settings and signing keys of the native API', (scenario, server) => {
  scenario('a connection is created', {
    scopes: ['create:connections'],
    post: [`${base}/connections`, { name: 'partners', strategy: 'oidc', options: { client_id: 'x' } }],
    expect: {
      status: 201,
      body: {
        id: any,
        number: any,
        name: 'partners',
        strategy: 'oidc',
        options: { client_id: 'x' },
        applicationIds: [],
        createdAt: any,
        updatedAt: any,
      },
      events: ['connection.created'],
    },
  })

  scenario('security row 26: a secret among the options of a connection is refused', {
    scopes: ['create:connections'],
    post: [
      `${base}/connections`,
      { name: 'secretive', strategy: 'oidc', options: { client_secret: 'hush' } },
    ],
    expect: { status: 400, body: problem('unsupported', 400, { what: any }) },
  })

  test('security row 26: secrets that older versions kept among the options are never shown', async () => {
    const own = server()
    const token = await own.token('every')
    const options = {
      client_id: 'x',
      client_secret: 'hush',
      upstream: { appSecret: 'hush', url: 'https://a.example' },
    }
    const [id, at] = [fresh('kept'), { createdAt: 0, updatedAt: 0 }]
    const kept = { id, name: id, strategy: 'oidc', options, applicationIds: [], extensions: {}, ...at }
    await own.server.workspace.store.write((tx) => tx.connections.insert(kept))
    const read = await own.call('GET', `${base}/connections/${id}`, { token })
    const listed = await own.call('GET', `${base}/connections?limit=200`, { token })
    for (const { text } of [read, listed]) assert.doesNotMatch(text, /hush/u)
    const shown = (read.body as { options: unknown }).options
    assert.deepEqual(shown, { client_id: 'x', upstream: { url: 'https://a.example' } })
  })

  scenario('a token that only reads creates no connection', {
    scopes: ['read:connections'],
    post: [`${base}/connections`, { name: 'sly', strategy: 'oidc' }],
    expect: {
      status: 403,
      body: problem('forbidden', 403, { permission: 'connections:create', scope: 'workspace' }),
    },
  })

  scenario('a name that is no name of a connection is refused', {
    scopes: ['create:connections'],
    post: [`${base}/connections`, { name: 'a b', strategy: 'oidc' }],
    expect: { status: 400, body: problem('invalid', 400, { field: 'name', reason: any }) },
  })

  scenario('an application may use a connection from now on', {
    scopes: ['update:connections'],
    given: async (own) => {
      const body = { name: fresh('usable'), strategy: 'oidc' }
      const answer = await own.call('POST', `${base}/connections`, { token: await own.token('every'), body })
      return { id: (answer.body as { id: string }).id, application: await makeApplication(own) }
    },
    put: ({ id, application }) => [`${base}/connections/${id}/applications/${application}`],
    expect: { status: 204, events: ['connection.updated'] },
  })

  scenario('settings are changed key by key', {
    scopes: ['update:tenant_settings'],
    patch: [`${base}/settings/workspace`, { friendlyName: 'Acme' }],
    expect: { status: 200, body: { friendlyName: 'Acme' }, events: ['settings.updated'] },
  })

  scenario('a token that only reads changes no settings', {
    scopes: ['read:tenant_settings'],
    patch: [`${base}/settings/workspace`, { friendlyName: 'Evil' }],
    expect: {
      status: 403,
      body: problem('forbidden', 403, { permission: 'settings:update', scope: 'workspace' }),
    },
  })

  scenario('settings with rules of their own are not changed here', {
    scopes: ['update:tenant_settings'],
    patch: [`${base}/settings/rolecall:registration`, { open: true }],
    expect: { status: 400, body: problem('invalid', 400, { field: 'name', reason: any }) },
  })

  scenario('settings that are no object are refused', {
    scopes: ['update:tenant_settings'],
    patch: [`${base}/settings/workspace`, []],
    expect: { status: 400, body: problem('invalid_request', 400, { errors: any }) },
  })

  test('signing keys are shown without their private part', async () => {
    const own = server()
    const { status, body, text } = await own.call('GET', `${base}/signing-keys`, {
      token: await own.token('read:signing_keys'),
    })
    assert.equal(status, 200, text)
    const [key] = (body as { items: { status: string; publicJwk: Record<string, unknown> }[] }).items
    assert.ok(key!.publicJwk.n)
    assert.doesNotMatch(text, /sealed|"d":|"p":/u)
  })

  scenario('who only reads keys rotates none', {
    scopes: ['read:signing_keys'],
    post: [`${base}/signing-keys/rotate`],
    expect: {
      status: 403,
      body: problem('forbidden', 403, { permission: 'keys:rotate', scope: 'workspace' }),
    },
  })

  test('after a rotation new tokens are signed with another key, and old ones stay good until it is revoked', async () => {
    const own = server()
    const token = await own.token('every')
    const before = await own.token('read:users')
    const kidOf = (jwt: string): string =>
      JSON.parse(Buffer.from(jwt.split('.')[0]!, 'base64url').toString()).kid
    const rotated = await own.call('POST', `${base}/signing-keys/rotate`, { token })
    assert.equal(rotated.status, 200, rotated.text)
    const after = await own.token('read:users', 'read:roles')
    assert.equal(kidOf(after), (rotated.body as { id: string }).id)
    assert.equal((await own.call('GET', `${base}/users`, { token: before })).status, 200)
    const inUse = await own.call('POST', `${base}/signing-keys/${kidOf(after)}/revoke`, { token })
    assert.deepEqual([inUse.status, (inUse.body as { code: string }).code], [409, 'in_use'])
    const revoked = await own.call('POST', `${base}/signing-keys/${kidOf(before)}/revoke`, { token })
    assert.equal(revoked.status, 200, revoked.text)
    assert.equal((await own.call('GET', `${base}/users`, { token: before })).status, 401)
    assert.equal((await own.call('GET', `${base}/users`, { token: after })).status, 200)
  })
})
