import assert from 'node:assert/strict'
import { test } from 'node:test'
import { any, scenarios } from '#test/harness/scenario.ts'
import { operator } from '#test/harness/server.ts'
import { base, give, makeApi, makeRole, makeUser, problem, tokenOf, tokenOfPerson } from './made.ts'

scenarios('credentials of the native API', (scenario, server) => {
  scenario('a request without a credential is told which one it needs', {
    get: [`${base}/users`],
    expect: {
      status: 401,
      body: problem('unauthorized', 401),
      headers: { 'www-authenticate': 'Bearer', 'content-type': 'application/problem+json' },
    },
  })

  scenario('a token that is none is refused', {
    headers: { authorization: 'Bearer nonsense' },
    get: [`${base}/users`],
    expect: {
      status: 401,
      body: problem('unauthorized', 401),
      headers: { 'www-authenticate': /^Bearer error="invalid_token"/u },
    },
  })

  scenario('another scheme than Bearer is refused', {
    headers: { authorization: 'Basic cm9vdDpyb290' },
    get: [`${base}/users`],
    expect: { status: 401, body: problem('unauthorized', 401) },
  })

  test('security row 14: a shortened or lengthened token is refused', async () => {
    const token = await server().token('read:users')
    const halves = token.split('.').slice(0, 2).join('.')
    for (const bad of [token.slice(0, -1), `${token}A`, `${token}${token}`, halves]) {
      assert.equal((await server().call('GET', `${base}/users`, { token: bad })).status, 401)
    }
  })

  scenario('the scopes of a Management API token count for the permissions they stand for', {
    scopes: ['read:users'],
    get: [`${base}/users`],
    expect: { status: 200 },
  })

  scenario('a Management API token without the scope is refused, and told which permission it lacks', {
    scopes: ['read:roles'],
    get: [`${base}/users`],
    expect: {
      status: 403,
      body: problem('forbidden', 403, { permission: 'users:read', scope: 'workspace' }),
      headers: { 'www-authenticate': 'Bearer error="insufficient_scope", scope="users:read"' },
    },
  })

  test('a token for the native API has permissions as its scopes', async () => {
    const token = await tokenOf(server(), operator, 'urn:rolecall:api')
    const listed = await server().call('GET', `${base}/users`, { token })
    assert.equal(listed.status, 200, listed.text)
  })

  test('a token for an API of somebody else is refused', async () => {
    const own = server()
    const api = await makeApi(own, 'users:read')
    const grant = { applicationId: operator.id, api: api.identifier, permissions: ['users:read'] }
    const granted = await own.call('POST', `${base}/client-grants`, {
      token: await own.token('every'),
      body: grant,
    })
    assert.equal(granted.status, 201, granted.text)
    const token = await tokenOf(own, operator, api.identifier)
    const refused = await own.call('GET', `${base}/users`, { token })
    assert.equal(refused.status, 401, refused.text)
    assert.match((refused.body as { detail: string }).detail, /another API/u)
  })

  test('a scope whose grant was taken away counts no more, whatever the token says', async () => {
    const own = server()
    const client = await own.client('read:users')
    const token = await tokenOf(own, client)
    const every = await own.token('every')
    const { body } = await own.call('GET', `${base}/client-grants?applicationId=${client.id}`, {
      token: every,
    })
    const [{ id }] = (body as { items: [{ id: string }] }).items
    assert.equal((await own.call('GET', `${base}/users`, { token })).status, 200)
    assert.equal((await own.call('DELETE', `${base}/client-grants/${id}`, { token: every })).status, 204)
    assert.equal((await own.call('GET', `${base}/users`, { token })).status, 403)
  })

  test('a person may do what his roles and his token both allow, until the role is taken', async () => {
    const own = server()
    const userId = await makeUser(own)
    const roleId = await makeRole(own, { permissions: ['users:read'] })
    await give(own, userId, roleId)
    const narrow = await tokenOfPerson(own, userId, { scope: 'openid roles:read' })
    const wide = await tokenOfPerson(own, userId, { scope: 'openid users:read roles:read' })
    const statuses = async (...requests: [path: string, token: string][]) =>
      Promise.all(
        requests.map(async ([path, token]) => (await own.call('GET', base + path, { token })).status),
      )
    assert.deepEqual(await statuses(['/users', wide], ['/users', narrow], ['/roles', wide]), [200, 403, 403])
    const token = await own.token('every')
    await own.call('DELETE', `${base}/assignments?userId=${userId}&roleId=${roleId}`, { token })
    assert.deepEqual(await statuses(['/users', wide]), [403])
  })

  test('a person may read himself and nobody else', async () => {
    const own = server()
    const [userId, otherId] = [await makeUser(own), await makeUser(own)]
    const token = await tokenOfPerson(own, userId, { scope: 'openid' })
    for (const path of ['', '/roles', '/effective-roles', '/effective-permissions']) {
      assert.equal((await own.call('GET', `${base}/users/${userId}${path}`, { token })).status, 200, path)
      assert.equal((await own.call('GET', `${base}/users/${otherId}${path}`, { token })).status, 403, path)
      assert.equal((await own.call('GET', `${base}/users/nobody${path}`, { token })).status, 403, path)
    }
  })

  test('a token that has expired is refused', async () => {
    const own = server()
    const token = await tokenOfPerson(own, await makeUser(own), { lifetimeSeconds: -1 })
    const { status, body } = await own.call('GET', `${base}/users`, { token })
    assert.equal(status, 401)
    assert.match((body as { detail: string }).detail, /expired/u)
  })

  scenario('an unknown address is a problem too', {
    get: [`${base}/nothing`],
    expect: { status: 404, body: problem('not_found', 404) },
  })

  scenario('a body that is no JSON is refused', {
    scopes: ['every'],
    post: [`${base}/roles`, '{"name":'],
    expect: { status: 400, body: problem('invalid_request', 400) },
  })

  scenario('another content type than JSON is refused', {
    scopes: ['every'],
    headers: { 'content-type': 'text/plain' },
    post: [`${base}/roles`, 'name=editor'],
    expect: { status: 415, body: problem('unsupported_media_type', 415) },
  })

  scenario('text that a database can not hold is refused', {
    scopes: ['every'],
    post: [`${base}/roles`, { name: 'ed\0itor' }],
    expect: {
      status: 400,
      body: problem('invalid_request', 400, { errors: [{ in: 'body', path: 'name', message: any }] }),
    },
  })

  scenario('security row 13: a column of the user table is no field of the body', {
    scopes: ['every'],
    post: [`${base}/users`, { username: 'sly', passwordHash: 'x' }],
    expect: {
      status: 400,
      body: problem('invalid_request', 400, {
        errors: [{ in: 'body', path: 'passwordHash', message: 'is not known here' }],
      }),
    },
  })

  test('the OpenAPI document names every family', async () => {
    const { status, body } = await server().call('GET', `${base}/openapi.json`)
    assert.equal(status, 200)
    const { paths } = body as { paths: Record<string, unknown> }
    const families = ['users', 'roles', 'assignments', 'applications', 'apis', 'client-grants', 'connections']
    for (const name of families) assert.ok(paths[`${base}/${name}`], name)
  })
})
