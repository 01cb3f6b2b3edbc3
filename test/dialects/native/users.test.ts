import assert from 'node:assert/strict'
import { test } from 'node:test'
import { any, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { base, fresh, give, makeRole, makeUser, problem } from './made.ts'

const shown = {
  id: any,
  number: any,
  kind: 'person',
  isEmailVerified: false,
  isPhoneVerified: false,
  isBlocked: false,
  hasPassword: false,
  userMetadata: {},
  appMetadata: {},
  rolesVersion: 0,
  loginsCount: 0,
  createdAt: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u,
  updatedAt: any,
}

const idsOf = async (own: TestServer, query: string): Promise<string[]> => {
  const { status, body, text } = await own.call('GET', `${base}/users?${query}`, {
    token: await own.token('every'),
  })
  assert.equal(status, 200, text)
  return (body as { items: { id: string }[] }).items.map(({ id }) => id)
}

scenarios('users of the native API', (scenario, server) => {
  scenario('somebody who may create users creates one', {
    scopes: ['create:users'],
    post: [
      `${base}/users`,
      { username: 'ada', email: 'ada@example.com', userMetadata: { plan: { name: 'x' } } },
    ],
    expect: {
      status: 201,
      body: {
        ...shown,
        username: 'ada',
        email: 'ada@example.com',
        userMetadata: { plan: { name: 'x' } },
        identities: [],
      },
      events: ['user.created'],
    },
  })

  test('a password is never shown, and is one of the connection that every workspace begins with', async () => {
    const own = server()
    const body = { username: fresh('user'), password: 'a Secret-word 77' }
    const token = await own.token('every')
    const { status, text, body: user } = await own.call('POST', `${base}/users`, { token, body })
    assert.equal(status, 201, text)
    const { hasPassword, connectionName } = user as Record<string, unknown>
    assert.deepEqual(
      { hasPassword, connectionName },
      { hasPassword: true, connectionName: 'Username-Password-Authentication' },
    )
    assert.doesNotMatch(text, /Secret-word|argon2|passwordHash/u)
  })

  scenario('a token that only reads creates nobody', {
    scopes: ['read:users'],
    post: [`${base}/users`, { username: 'eve' }],
    expect: {
      status: 403,
      body: problem('forbidden', 403, { permission: 'users:create', scope: 'workspace' }),
    },
  })

  scenario('an e-mail address is taken whatever its letter case', {
    scopes: ['create:users'],
    given: async (own) => ({ id: await makeUser(own, { email: 'Taken@example.com' }) }),
    post: [`${base}/users`, { email: 'tAKEN@example.com' }],
    expect: {
      status: 409,
      body: problem('taken', 409, { kind: 'user', field: 'email', value: 'tAKEN@example.com' }),
    },
  })

  for (const [title, body] of [
    ['an e-mail address that is none', { email: 'ada' }],
    ['a number where text is due', { username: 7 }],
    ['an object where text is due', { email: { $ne: null } }],
    ['an array as a body', []],
    ['a kind of user that there is not', { kind: 'ghost' }],
    ['metadata that is no object', { appMetadata: [] }],
    ['a user name of nothing', { username: '' }],
  ] as const) {
    scenario(`${title} is refused`, {
      scopes: ['create:users'],
      post: [`${base}/users`, body],
      expect: { status: 400, body: problem('invalid_request', 400, { errors: any }) },
    })
  }

  scenario('an unknown user is not found', {
    scopes: ['read:users'],
    get: [`${base}/users/${encodeURIComponent('auth0|a/b %|ü')}`],
    expect: { status: 404, body: problem('not_found', 404, { kind: 'user', id: 'auth0|a/b %|ü' }) },
  })

  scenario('a field is changed, another cleared, and metadata merged', {
    scopes: ['update:users'],
    given: async (own) => ({
      id: await makeUser(own, { email: 'merge@example.com', name: 'Before', appMetadata: { a: 1, b: 2 } }),
    }),
    patch: ({ id }) => [
      `${base}/users/${id}`,
      { name: null, nickname: 'Em', appMetadata: { a: null, c: 3 } },
    ],
    expect: {
      status: 200,
      body: any,
      events: ['user.updated'],
    },
  })

  test('what was cleared is gone, and metadata that was not named stays', async () => {
    const own = server()
    const id = await makeUser(own, { name: 'Before', appMetadata: { a: 1, b: 2 } })
    const token = await own.token('every')
    const body = { name: null, nickname: 'Em', appMetadata: { a: null, c: 3 } }
    const changed = await own.call('PATCH', `${base}/users/${id}`, { token, body })
    assert.ok(!('name' in (changed.body as object)))
    const { body: user } = await own.call('GET', `${base}/users/${id}`, { token })
    const { name, nickname, appMetadata } = user as Record<string, unknown>
    assert.deepEqual(
      { name, nickname, appMetadata },
      { name: undefined, nickname: 'Em', appMetadata: { b: 2, c: 3 } },
    )
  })

  scenario('changing nothing is no change', {
    scopes: ['update:users'],
    given: async (own) => ({ id: await makeUser(own, { name: 'Same' }) }),
    patch: ({ id }) => [`${base}/users/${id}`, { name: 'Same' }],
    expect: { status: 200, events: [] },
  })

  scenario('an empty change is refused', {
    scopes: ['update:users'],
    given: async (own) => ({ id: await makeUser(own) }),
    patch: ({ id }) => [`${base}/users/${id}`, {}],
    expect: { status: 400, body: problem('invalid_request', 400, { errors: any }) },
  })

  scenario('who may only change application metadata changes just that', {
    scopes: ['update:users_app_metadata'],
    given: async (own) => ({ id: await makeUser(own) }),
    patch: ({ id }) => [`${base}/users/${id}/app-metadata`, { plan: 'pro' }],
    expect: { status: 200, events: ['user.updated'] },
  })

  scenario('who may only change application metadata changes no profile', {
    scopes: ['update:users_app_metadata'],
    given: async (own) => ({ id: await makeUser(own) }),
    patch: ({ id }) => [`${base}/users/${id}`, { name: 'x' }],
    expect: {
      status: 403,
      body: problem('forbidden', 403, { permission: 'users:update', scope: 'workspace' }),
    },
  })

  scenario('a user is deleted with what he holds', {
    scopes: ['delete:users'],
    given: async (own) => {
      const id = await makeUser(own)
      await give(own, id, await makeRole(own))
      return { id }
    },
    delete: ({ id }) => [`${base}/users/${id}`],
    expect: { status: 204, body: '', events: ['role.removed', 'user.deleted'] },
  })

  scenario('a user who is gone can not be deleted again', {
    scopes: ['delete:users'],
    delete: [`${base}/users/gone`],
    expect: { status: 404, body: problem('not_found', 404, { kind: 'user', id: 'gone' }) },
  })

  scenario('the last administrator stays', {
    scopes: ['every'],
    given: async (own) => ({ id: (await idsOf(own, 'username=root'))[0]! }),
    delete: ({ id }) => [`${base}/users/${id}`],
    expect: {
      status: 409,
      body: (made: Record<string, string>) => problem('last_administrator', 409, { userId: made.id! }),
    },
  })

  test('a list finds users by part of a name, exactly by address, by role, and by being blocked', async () => {
    const own = server()
    const word = fresh('Needle')
    const one = await makeUser(own, { name: `A ${word} here`, email: `${word}.One@example.com` })
    const two = await makeUser(own, { nickname: word.toLowerCase(), isBlocked: true })
    const roleId = await makeRole(own)
    await give(own, two, roleId)
    assert.deepEqual(await idsOf(own, `search=${word.toUpperCase()}`), [one, two])
    assert.deepEqual(await idsOf(own, `email=${word.toLowerCase()}.one@EXAMPLE.com`), [one])
    assert.deepEqual(await idsOf(own, `search=${word}&blocked=true`), [two])
    assert.deepEqual(await idsOf(own, `search=${word}&blocked=false`), [one])
    assert.deepEqual(await idsOf(own, `role=${roleId}`), [two])
    assert.deepEqual(await idsOf(own, `role=${roleId}&scope=workspace`), [two])
    assert.deepEqual(await idsOf(own, `role=${roleId}&scope=application:default`), [])
    assert.deepEqual(await idsOf(own, `search=${word}&order=-createdAt`), [two, one])
    assert.deepEqual(await idsOf(own, `search=${encodeURIComponent(`%${word}`)}`), [])
  })

  test('a role that has expired finds nobody', async () => {
    const own = server()
    const [id, roleId] = [await makeUser(own), await makeRole(own)]
    await give(own, id, roleId, { expiresAt: own.clock.now + 1 })
    assert.deepEqual(await idsOf(own, `role=${roleId}`), [id])
    own.clock.now += 1
    assert.deepEqual(await idsOf(own, `role=${roleId}`), [])
  })

  scenario('who may not see roles can not ask for users by role', {
    scopes: ['read:users'],
    get: [`${base}/users?role=admin`],
    expect: {
      status: 403,
      body: problem('forbidden', 403, { permission: 'roles:read', scope: 'workspace' }),
    },
  })

  test('pages follow each other by cursor until there is no next one', async () => {
    const own = server()
    const word = fresh('paged')
    const made = []
    for (let at = 0; at < 5; at += 1) made.push(await makeUser(own, { name: `${word} ${at}` }))
    const token = await own.token('read:users')
    const seen: string[] = []
    let after = ''
    let pages = 0
    do {
      const query = `search=${word}&limit=2&total=true&order=name${after && `&after=${after}`}`
      const { body } = await own.call('GET', `${base}/users?${query}`, { token })
      const page = body as { items: { id: string }[]; next: string | null; total: number }
      assert.equal(page.total, 5)
      seen.push(...page.items.map(({ id }) => id))
      after = page.next ?? ''
      pages += 1
    } while (after !== '' && pages < 10)
    assert.deepEqual([seen, pages], [made, 3])
  })

  for (const query of [
    'limit=0',
    'limit=201',
    'limit=x',
    'limit=1&limit=2',
    'order=passwordHash',
    'blocked=maybe',
  ]) {
    scenario(`the query ${query} is refused`, {
      scopes: ['read:users'],
      get: [`${base}/users?${query}`],
      expect: { status: 400, body: problem('invalid_request', 400, { errors: any }) },
    })
  }

  scenario('a cursor that is none is refused', {
    scopes: ['read:users'],
    get: [`${base}/users?after=nonsense`],
    expect: { status: 400, body: problem('invalid_cursor', 400) },
  })

  scenario('a scope that is none is refused', {
    scopes: ['every'],
    get: [`${base}/users?scope=planet:earth`],
    expect: { status: 400, body: problem('invalid_request', 400, { errors: any }) },
  })
})
