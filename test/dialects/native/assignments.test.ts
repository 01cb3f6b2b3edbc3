import assert from 'node:assert/strict'
import { test } from 'node:test'
import { any, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { base, give, makeApplication, makeRole, makeUser, problem, tokenOfPerson } from './made.ts'

type Assignment = { userId: string; roleId: string; scope: string; door: string; [member: string]: unknown }

const assignmentsOf = async (own: TestServer, query: string): Promise<Assignment[]> => {
  const token = await own.token('every')
  const { status, body, text } = await own.call('GET', `${base}/assignments?${query}`, { token })
  assert.equal(status, 200, text)
  return (body as { items: Assignment[] }).items
}

const pair = async (own: TestServer) => ({ user: await makeUser(own), role: await makeRole(own) })

scenarios('assignments of the native API', (scenario, server) => {
  scenario('a role is given to a user', {
    scopes: ['create:role_members'],
    given: pair,
    post: ({ user, role }) => [`${base}/assignments`, { userId: user, roleId: role }],
    expect: { status: 200, body: { added: 1 }, events: ['role.assigned'] },
  })

  scenario('giving it again changes nothing', {
    scopes: ['create:role_members'],
    given: async (own) => {
      const made = await pair(own)
      await give(own, made.user, made.role)
      return made
    },
    post: ({ user, role }) => [`${base}/assignments`, { userId: user, roleId: role }],
    expect: { status: 200, body: { added: 0 } },
  })

  scenario('several users get several roles at once', {
    scopes: ['create:role_members'],
    given: async (own) => ({
      ...(await pair(own)),
      otherUser: await makeUser(own),
      otherRole: await makeRole(own),
    }),
    post: ({ user, otherUser, role, otherRole }) => [
      `${base}/assignments`,
      { userIds: [user, otherUser], roleIds: [role, otherRole] },
    ],
    expect: {
      status: 200,
      body: { added: 4 },
      events: ['role.assigned', 'role.assigned', 'role.assigned', 'role.assigned'],
    },
  })

  scenario('one unknown user among several leaves all without the role', {
    scopes: ['create:role_members'],
    given: pair,
    post: ({ user, role }) => [`${base}/assignments`, { userIds: [user, 'nobody'], roleId: role }],
    expect: { status: 404, body: problem('not_found', 404, { kind: 'user', id: 'nobody' }) },
  })

  scenario('a token that only reads gives nothing', {
    scopes: ['read:roles', 'read:users'],
    given: pair,
    post: ({ user, role }) => [`${base}/assignments`, { userId: user, roleId: role }],
    expect: {
      status: 403,
      body: problem('forbidden', 403, { permission: 'roles:assign', scope: 'workspace' }),
    },
  })

  scenario('the role of administrators needs a right of its own', {
    scopes: ['create:role_members'],
    given: pair,
    post: ({ user }) => [`${base}/assignments`, { userId: user, roleId: 'admin' }],
    expect: { status: 403, body: problem('cannot_grant', 403, { permission: any }) },
  })

  for (const [title, members] of [
    ['without a user', { roleId: 'user' }],
    ['with one user and several', { userId: 'a', userIds: ['b'], roleId: 'user' }],
    ['with an empty list of users', { userIds: [], roleId: 'user' }],
    ['with a scope that is none', { userId: 'a', roleId: 'user', scope: 'planet:earth' }],
    ['with a scope of nothing', { userId: 'a', roleId: 'user', scope: 'room:' }],
    ['that ends at no instant', { userId: 'a', roleId: 'user', expiresAt: 'tomorrow' }],
    ['that ends on the 31st of February', { userId: 'a', roleId: 'user', expiresAt: '2030-02-31T00:00:00Z' }],
    ['that ends at a number', { userId: 'a', roleId: 'user', expiresAt: 1 }],
    ['from a source of the caller’s choice', { userId: 'a', roleId: 'user', source: 'rule' }],
    ['in the name of somebody else', { userId: 'a', roleId: 'user', actorId: 'root' }],
  ] as const) {
    scenario(`an assignment ${title} is refused`, {
      scopes: ['every'],
      post: [`${base}/assignments`, members],
      expect: { status: 400, body: problem('invalid_request', 400, { errors: any }) },
    })
  }

  scenario('an assignment that has ended already is refused', {
    scopes: ['every'],
    given: pair,
    post: ({ user, role }) => [
      `${base}/assignments`,
      { userId: user, roleId: role, expiresAt: '2001-01-01T00:00:00Z' },
    ],
    expect: { status: 400, body: problem('invalid', 400, { field: 'expiresAt', reason: any }) },
  })

  test('it says who gave it, through what, why and until when; and stops counting by itself', async () => {
    const own = server()
    const { user, role } = await pair(own)
    const application = await makeApplication(own)
    const scope = `application:${application}`
    const client = await own.client('create:role_members')
    const token = await own.token('every')
    const expiresAt = new Date(own.clock.now + 5000).toISOString()
    const body = { userId: user, roleId: role, scope, expiresAt, reason: 'Covers for Ada' }
    assert.equal((await own.call('POST', `${base}/assignments`, { token, body })).status, 200)
    const [assignment] = await assignmentsOf(own, `userId=${user}`)
    assert.deepEqual(assignment, {
      userId: user,
      roleId: role,
      scope,
      source: 'direct',
      actor: { kind: 'application', id: 'operator' },
      door: 'native',
      reason: 'Covers for Ada',
      createdAt: new Date(own.clock.now).toISOString(),
      expiresAt,
    })
    assert.notEqual(client.id, 'operator')
    const rolesIn = async (where: string) => {
      const answer = await own.call('GET', `${base}/users/${user}/effective-roles?scope=${where}`, { token })
      return (answer.body as { items: { id: string }[] }).items.map(({ id }) => id)
    }
    assert.deepEqual([await rolesIn(scope), await rolesIn('workspace')], [[role], []])
    own.clock.now += 5000
    assert.deepEqual(await rolesIn(scope), [])
    assert.deepEqual(await assignmentsOf(own, `userId=${user}`), [])
    assert.equal((await assignmentsOf(own, `userId=${user}&expired=true`)).length, 1)
  })

  test('a list is filtered by user, role, scope, source, door and actor', async () => {
    const own = server()
    const { user, role } = await pair(own)
    await give(own, user, role)
    for (const [query, total] of [
      [`userId=${user}`, 1],
      [`roleId=${role}`, 1],
      [`roleId=${role}&scope=workspace`, 1],
      [`roleId=${role}&scope=room:x`, 0],
      [`roleId=${role}&source=direct`, 1],
      [`roleId=${role}&source=rule`, 0],
      [`roleId=${role}&door=system`, 1],
      [`roleId=${role}&door=auth0`, 0],
      [`roleId=${role}&actorId=system`, 1],
      [`roleId=${role}&actorId=nobody`, 0],
    ] as const) {
      assert.equal((await assignmentsOf(own, query)).length, total, query)
    }
  })

  for (const query of ['source=fate', 'door=window', 'expired=perhaps', 'userId=a&userId=b']) {
    scenario(`the query ${query} is refused`, {
      scopes: ['read:roles'],
      get: [`${base}/assignments?${query}`],
      expect: { status: 400, body: problem('invalid_request', 400, { errors: any }) },
    })
  }

  for (const [title, request] of [
    ['the body', (made: Record<string, string>) => ['', { userId: made.user, roleId: made.role }] as const],
    ['the query', (made: Record<string, string>) => [`?userId=${made.user}&roleId=${made.role}`] as const],
  ] as const) {
    scenario(`a role named in ${title} is taken`, {
      scopes: ['delete:role_members'],
      given: async (own) => {
        const made = await pair(own)
        await give(own, made.user, made.role)
        return made
      },
      delete: (made) => {
        const [query, body] = request(made)
        return [`${base}/assignments${query}`, body]
      },
      expect: { status: 200, body: { removed: 1 }, events: ['role.removed'] },
    })
  }

  scenario('a role that is not held is passed over', {
    scopes: ['delete:role_members'],
    given: pair,
    delete: ({ user, role }) => [`${base}/assignments?userId=${user}&roleId=${role}`],
    expect: { status: 200, body: { removed: 0 } },
  })

  scenario('taking nothing from nobody is refused', {
    scopes: ['delete:role_members'],
    delete: [`${base}/assignments`],
    expect: { status: 400, body: problem('invalid_request', 400, { errors: any }) },
  })

  test('the last administrator keeps his role', async () => {
    const own = server()
    const [root] = await assignmentsOf(own, 'roleId=admin')
    const token = await own.token('every')
    const path = `${base}/assignments?userId=${root!.userId}&roleId=admin`
    const { status, body } = await own.call('DELETE', path, { token })
    assert.deepEqual([status, (body as { code: string }).code], [409, 'last_administrator'])
  })

  test('replacing a set of roles needs the version that was read, and loses nothing added since', async () => {
    const own = server()
    const { user, role } = await pair(own)
    const other = await makeRole(own)
    const token = await own.token('every')
    const path = `${base}/users/${user}/roles`
    const read = await own.call('GET', path, { token })
    const body = { roleIds: [role] }
    assert.equal((await own.call('PUT', path, { token, body })).status, 428)
    await give(own, user, other)
    const headers = { 'if-match': read.headers.etag! }
    const refused = await own.call('PUT', path, { token, body, headers })
    assert.deepEqual([refused.status, (refused.body as { code: string }).code], [412, 'precondition_failed'])
    const again = await own.call('GET', path, { token })
    const done = await own.call('PUT', path, { token, body, headers: { 'if-match': again.headers.etag! } })
    assert.equal(done.status, 204, done.text)
    assert.deepEqual(
      (await assignmentsOf(own, `userId=${user}`)).map(({ roleId }) => roleId),
      [role],
    )
  })

  test('who may give roles in one application gives none in another, and none everywhere', async () => {
    const own = server()
    const [mine, theirs] = [await makeApplication(own), await makeApplication(own)]
    const [person, { user, role }] = [await makeUser(own), await pair(own)]
    const giver = await makeRole(own, { permissions: ['roles:assign'] })
    await give(own, person, giver, { scope: `application:${mine}` })
    const token = await tokenOfPerson(own, person, { scope: 'roles:assign' })
    const statusOf = async (scope: string) => {
      const body = { userId: user, roleId: role, scope }
      return (await own.call('POST', `${base}/assignments`, { token, body })).status
    }
    assert.equal(await statusOf(`application:${mine}`), 200)
    assert.equal(await statusOf(`application:${theirs}`), 403)
    assert.equal(await statusOf('workspace'), 403)
  })
})
