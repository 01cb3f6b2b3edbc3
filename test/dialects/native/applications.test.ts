import assert from 'node:assert/strict'
import { test } from 'node:test'
import { any, scenarios } from '#test/harness/scenario.ts'
import { base, fresh, makeApi, makeApplication, makeRole, problem, tokenOf } from './made.ts'

const apiToRead = (own: Parameters<typeof makeApi>[0]) => makeApi(own, 'read:a')

scenarios('applications, APIs and client grants of the native API', (scenario, server) => {
  test('the secret that was made for an application is shown once, and gets it a token', async () => {
    const own = server()
    const token = await own.token('every')
    const body = {
      name: fresh('Machine'),
      kind: 'non_interactive',
      grantTypes: ['client_credentials'],
      apiKey: true,
    }
    const created = await own.call('POST', `${base}/applications`, { token, body })
    assert.equal(created.status, 201, created.text)
    const { id, secret, apiKey } = created.body as Record<string, string>
    assert.ok(secret && apiKey)
    const read = await own.call('GET', `${base}/applications/${id}`, { token })
    assert.ok(!read.text.includes(secret) && !read.text.includes(apiKey))
    const { hasSecret, hasApiKey } = read.body as Record<string, boolean>
    assert.deepEqual([hasSecret, hasApiKey], [true, true])
    const listed = await own.call('GET', `${base}/applications?limit=200`, { token })
    assert.ok(!listed.text.includes(secret) && !listed.text.includes(apiKey))
    const api = await makeApi(own, 'read:x')
    const grant = { applicationId: id, api: api.id, permissions: ['read:x'] }
    assert.equal((await own.call('POST', `${base}/client-grants`, { token, body: grant })).status, 201)
    assert.ok(await tokenOf(own, { id: id!, secret }, api.identifier))
    const rotated = await own.call('POST', `${base}/applications/${id}/rotate-secret`, { token })
    assert.equal(rotated.status, 200, rotated.text)
    const { secret: next } = rotated.body as Record<string, string>
    assert.notEqual(next, secret)
    await assert.rejects(tokenOf(own, { id: id!, secret }, api.identifier))
    assert.ok(await tokenOf(own, { id: id!, secret: next! }, api.identifier))
  })

  scenario('security row 26: who only reads applications sees no secret', {
    scopes: ['read:clients'],
    given: async (own) => ({ id: await makeApplication(own) }),
    get: ({ id }) => [`${base}/applications/${id}/secrets`],
    expect: {
      status: 403,
      body: problem('forbidden', 403, { permission: 'applications:read-secrets', scope: 'workspace' }),
    },
  })

  scenario('an application is created', {
    scopes: ['create:clients'],
    post: [`${base}/applications`, { name: 'Shop', kind: 'spa' }],
    expect: { status: 201, body: any, events: ['application.created'] },
  })

  scenario('an application without a name is refused', {
    scopes: ['create:clients'],
    post: [`${base}/applications`, { kind: 'spa' }],
    expect: { status: 400, body: problem('invalid_request', 400, { errors: any }) },
  })

  scenario('a token that only reads creates no application', {
    scopes: ['read:clients'],
    post: [`${base}/applications`, { name: 'Sly' }],
    expect: {
      status: 403,
      body: problem('forbidden', 403, { permission: 'applications:create', scope: 'workspace' }),
    },
  })

  scenario('an application gets a default role, and loses it by null', {
    scopes: ['every'],
    given: async (own) => ({ id: await makeApplication(own), role: await makeRole(own) }),
    patch: ({ id, role }) => [`${base}/applications/${id}`, { defaultRoleId: role }],
    expect: { status: 200, events: ['application.updated'] },
  })

  scenario('nothing more is known of an application that is gone', {
    scopes: ['every'],
    get: [`${base}/applications/gone`],
    expect: { status: 404, body: problem('not_found', 404, { kind: 'application', id: 'gone' }) },
  })

  scenario('an application is deleted', {
    scopes: ['delete:clients'],
    given: async (own) => ({ id: await makeApplication(own) }),
    delete: ({ id }) => [`${base}/applications/${id}`],
    expect: { status: 204, events: ['application.deleted'] },
  })

  scenario('an application gets an API key of its own choice', {
    scopes: ['update:client_keys'],
    given: async (own) => ({ id: await makeApplication(own) }),
    put: ({ id }) => [`${base}/applications/${id}/api-key`, { apiKey: `key-0123456789-0123456789-${id}` }],
    expect: { status: 200, body: any, events: ['application.secret-rotated'] },
  })

  scenario('an API is created with its permissions', {
    scopes: ['create:resource_servers'],
    post: [
      `${base}/apis`,
      { identifier: 'https://books.example.com', permissions: [{ name: 'read:books', description: 'Read' }] },
    ],
    expect: {
      status: 201,
      body: {
        id: any,
        number: any,
        identifier: 'https://books.example.com',
        name: 'https://books.example.com',
        isBuiltIn: false,
        signingAlgorithm: 'RS256',
        tokenLifetimeSeconds: 86_400,
        webTokenLifetimeSeconds: 7200,
        allowsOfflineAccess: false,
        permissions: [{ name: 'read:books', description: 'Read' }],
        createdAt: any,
        updatedAt: any,
      },
      events: ['api.created'],
    },
  })

  scenario('an identifier is taken', {
    scopes: ['create:resource_servers'],
    given: apiToRead,
    post: ({ identifier }) => [`${base}/apis`, { identifier }],
    expect: {
      status: 409,
      body: (made: Record<string, string>) =>
        problem('taken', 409, { kind: 'api', field: 'identifier', value: made.identifier }),
    },
  })

  scenario('an API is read by its identifier too', {
    scopes: ['read:resource_servers'],
    given: apiToRead,
    get: ({ identifier }) => [`${base}/apis/${encodeURIComponent(identifier!)}`],
    expect: { status: 200, body: any },
  })

  scenario('a built-in API is not changed', {
    scopes: ['update:resource_servers'],
    patch: [`${base}/apis/rolecall`, { name: 'Mine' }],
    expect: { status: 409, body: problem('built_in', 409, { kind: 'api', id: 'rolecall' }) },
  })

  scenario('a permission is added to an API', {
    scopes: ['update:resource_servers'],
    given: apiToRead,
    put: ({ id }) => [
      `${base}/apis/${id}/permissions/${encodeURIComponent('write:a/b')}`,
      { description: 'Write' },
    ],
    expect: {
      status: 200,
      body: (made: Record<string, string>) => ({ apiId: made.id, name: 'write:a/b', description: 'Write' }),
      events: ['api.updated'],
    },
  })

  scenario('a permission that goes is taken from every role', {
    scopes: ['update:resource_servers'],
    given: async (own) => {
      const made = await apiToRead(own)
      const role = await makeRole(own)
      const body = { permissions: [{ apiId: made.id, name: 'read:a' }] }
      await own.call('POST', `${base}/roles/${role}/permissions`, { token: await own.token('every'), body })
      return made
    },
    delete: ({ id }) => [`${base}/apis/${id}/permissions/read:a`],
    expect: { status: 204, events: ['role.permission-removed', 'api.updated'] },
  })

  scenario('security row 2: nobody grants an application what he may not do himself', {
    scopes: ['create:client_grants'],
    given: async (own) => ({ id: await makeApplication(own) }),
    post: ({ id }) => [
      `${base}/client-grants`,
      { applicationId: id, api: 'management', permissions: ['delete:users'] },
    ],
    expect: { status: 403, body: problem('cannot_grant', 403, { permission: any }) },
  })

  scenario('a client grant is changed', {
    scopes: ['every'],
    given: async (own) => {
      const { id } = await apiToRead(own)
      const body = { applicationId: await makeApplication(own), api: id, permissions: [] }
      const answer = await own.call('POST', `${base}/client-grants`, {
        token: await own.token('every'),
        body,
      })
      return { id: (answer.body as { id: string }).id }
    },
    patch: ({ id }) => [`${base}/client-grants/${id}`, { permissions: ['read:a'] }],
    expect: { status: 200, body: any, events: ['client-grant.updated'] },
  })

  scenario('a client grant of a permission that there is not is refused', {
    scopes: ['every'],
    given: async (own) => ({ ...(await apiToRead(own)), application: await makeApplication(own) }),
    post: ({ id, application }) => [
      `${base}/client-grants`,
      { applicationId: application, api: id, permissions: ['fly'] },
    ],
    expect: {
      status: 400,
      body: (made: Record<string, string>) =>
        problem('unknown_permission', 400, { apiId: made.id, name: 'fly' }),
    },
  })
})
