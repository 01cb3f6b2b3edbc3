import assert from 'node:assert/strict'
import { test } from 'node:test'
import { any, scenarios } from '#test/harness/scenario.ts'
import { base, give, makeApi, makeRole, makeUser, problem, tokenOfPerson } from './made.ts'

type Explained = {
  answer: boolean
  paths: { grant: Record<string, unknown>; roles: { id: string }[] }[]
  missing?: { nearly: { because: { kind: string }[] }[]; roles?: unknown[] }
}

scenarios('explanations of the native API', (scenario, server) => {
  const explain = async (query: string, scopes: readonly string[] = ['every']): Promise<Explained> => {
    const own = server()
    const { status, body, text } = await own.call('GET', `${base}/explain?${query}`, {
      token: await own.token(...scopes),
    })
    assert.equal(status, 200, text)
    return body as Explained
  }

  test('it names the door a role came through, who gave it, and the roles in between', async () => {
    const own = server()
    const [user, manager, clerk] = [await makeUser(own), await makeRole(own), await makeRole(own)]
    const token = await own.token('every')
    const api = await makeApi(own, 'ship')
    await own.call('PUT', `${base}/roles/${manager}/inclusions/${clerk}`, { token })
    const permissions = [{ apiId: api.id, name: 'ship' }]
    await own.call('POST', `${base}/roles/${clerk}/permissions`, { token, body: { permissions } })
    const path = `/api/v2/users/${encodeURIComponent(`auth0|${user}`)}/roles`
    assert.equal((await own.call('POST', path, { token, body: { roles: [`rol_${manager}`] } })).status, 204)
    for (const query of [`roleId=${clerk}`, `api=${encodeURIComponent(api.identifier)}&permission=ship`]) {
      const { answer, paths, missing } = await explain(`userId=${user}&${query}`)
      assert.deepEqual([answer, missing, paths.length], [true, undefined, 1])
      const [{ grant, roles }] = paths as [Explained['paths'][0]]
      assert.deepEqual(
        roles.map(({ id }) => id),
        [manager, clerk],
      )
      assert.deepEqual(grant, {
        kind: 'assignment',
        scope: 'workspace',
        source: 'direct',
        by: { kind: 'application', id: 'operator', name: 'Management' },
        door: 'auth0',
        since: new Date(own.clock.now).toISOString(),
      })
    }
  })

  test('it says what is missing: an assignment that has expired, and the roles that would do', async () => {
    const own = server()
    const [user, role] = [await makeUser(own), await makeRole(own)]
    await give(own, user, role, { expiresAt: own.clock.now + 10 })
    own.clock.now += 10
    const { answer, paths, missing } = await explain(`userId=${user}&roleId=${role}`)
    assert.deepEqual([answer, paths], [false, []])
    assert.deepEqual(
      missing?.nearly[0]?.because.map(({ kind }) => kind),
      ['expired'],
    )
    assert.equal(missing?.roles?.length, 1)
  })

  scenario('an unknown role is not found', {
    scopes: ['every'],
    given: async (own) => ({ user: await makeUser(own) }),
    get: ({ user }) => [`${base}/explain?userId=${user}&roleId=nothing`],
    expect: { status: 404, body: problem('not_found', 404, { kind: 'role', id: 'nothing' }) },
  })

  scenario('an unknown API is not found', {
    scopes: ['every'],
    given: async (own) => ({ user: await makeUser(own) }),
    get: ({ user }) => [`${base}/explain?userId=${user}&api=nothing&permission=x`],
    expect: { status: 404, body: problem('not_found', 404, { kind: 'api', id: 'nothing' }) },
  })

  for (const query of [
    'roleId=admin',
    'userId=x',
    'userId=x&api=rolecall',
    'userId=x&permission=y',
    'userId=x&roleId=admin&api=rolecall&permission=y',
    'userId=x&roleId=admin&scope=here',
  ]) {
    scenario(`the question ${query} is refused`, {
      scopes: ['every'],
      get: [`${base}/explain?${query}`],
      expect: { status: 400, body: problem('invalid_request', 400, { errors: any }) },
    })
  }

  scenario('who may not ask for decisions gets no explanation, not even whether there is such a user', {
    scopes: ['read:clients'],
    get: [`${base}/explain?userId=nobody&roleId=admin`],
    expect: {
      status: 403,
      body: problem('forbidden', 403, { permission: 'decisions:read', scope: 'workspace' }),
    },
  })

  test('a person may ask about himself', async () => {
    const own = server()
    const user = await makeUser(own)
    const token = await tokenOfPerson(own, user)
    const { status, body } = await own.call('GET', `${base}/explain?userId=${user}&roleId=admin`, { token })
    assert.deepEqual([status, (body as Explained).answer], [200, false])
    assert.equal((body as Explained).missing?.roles, undefined)
  })
})
