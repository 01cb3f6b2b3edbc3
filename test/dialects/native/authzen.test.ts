import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemActor } from '#core/actor.ts'
import { addRolePermissions } from '#core/roles/permissions.ts'
import { any, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { give, makeApi, makeApplication, makeRole, makeUser, problem, tokenOfPerson } from './made.ts'

/** A user who may read books in one application only, and another who may do so everywhere. */
const library = async (own: TestServer) => {
  const api = await makeApi(own, 'read:books', 'write:books')
  const [reader, librarian, stranger] = [await makeUser(own), await makeUser(own), await makeUser(own)]
  const role = await makeRole(own)
  const permissions = [{ apiId: api.id, name: 'read:books' }]
  await own.server.workspace.run(addRolePermissions, { roleId: role, permissions }, systemActor('system'))
  const [application, other] = [await makeApplication(own), await makeApplication(own)]
  await give(own, reader, role, { scope: `application:${application}` })
  await give(own, librarian, role)
  return { api: api.id, identifier: api.identifier, reader, librarian, stranger, role, application, other }
}

const question = (subject: string, type: string, id: string, name = 'read:books') => ({
  subject: { type: 'user', id: subject },
  action: { name },
  resource: { type, id },
})

scenarios('AuthZEN decisions', (scenario, server) => {
  const ask = async (body: unknown, path = 'evaluation') => {
    const own = server()
    const token = await own.token('read:user_effective_permissions')
    return own.call('POST', `/access/v1/${path}`, { token, body })
  }
  const decisionOf = async (body: unknown): Promise<unknown> => {
    const { status, body: answer, text } = await ask(body)
    assert.equal(status, 200, text)
    return (answer as { decision: unknown }).decision
  }

  test('the configuration names where to ask', async () => {
    const { origin, call } = server()
    const { status, body } = await call('GET', '/.well-known/authzen-configuration')
    assert.equal(status, 200)
    assert.deepEqual(body, {
      policy_decision_point: origin,
      access_evaluation_endpoint: `${origin}/access/v1/evaluation`,
      access_evaluations_endpoint: `${origin}/access/v1/evaluations`,
      search_subject_endpoint: `${origin}/access/v1/search/subject`,
      search_resource_endpoint: `${origin}/access/v1/search/resource`,
      search_action_endpoint: `${origin}/access/v1/search/action`,
    })
  })

  test('a decision says what the roles of the scope and of the workspace say', async () => {
    const made = await library(server())
    const here = `application:${made.application}`
    for (const [user, type, id, expected] of [
      [made.reader, made.identifier, here, true],
      [`auth0|${made.reader}`, made.api, here, true],
      [made.reader, made.identifier, 'workspace', false],
      [made.reader, made.identifier, '*', false],
      [made.reader, made.identifier, `application:${made.other}`, false],
      [made.librarian, made.identifier, '*', true],
      [made.librarian, made.api, here, true],
      [made.stranger, made.api, here, false],
      ['nobody', made.api, here, false],
      [made.librarian, 'https://unknown.example', '*', false],
      [made.librarian, made.api, 'book-17', false],
      [made.librarian, made.api, 'room:', false],
    ] as const) {
      assert.equal(await decisionOf(question(user, type, id)), expected, `${user} ${type} ${id}`)
    }
    assert.equal(await decisionOf(question(made.librarian, made.api, '*', 'fly')), false)
    const service = {
      ...question(made.librarian, made.api, '*'),
      subject: { type: 'service', id: made.librarian },
    }
    assert.equal(await decisionOf(service), false)
  })

  test('the scope may stand in the context, for callers whose resources have ids of their own', async () => {
    const made = await library(server())
    const body = question(made.reader, made.api, 'book-17')
    assert.equal(await decisionOf({ ...body, context: { scope: `application:${made.application}` } }), true)
    assert.equal(await decisionOf({ ...body, context: { scope: 'workspace', time: 'now' } }), false)
    for (const scope of ['book-17', 7, null]) {
      assert.equal((await ask({ ...body, context: { scope } })).status, 400)
    }
  })

  test('security row 10: two scopes that disagree are refused', async () => {
    const made = await library(server())
    const body = {
      ...question(made.reader, made.api, 'workspace'),
      context: { scope: `application:${made.application}` },
    }
    assert.equal((await ask(body)).status, 400)
  })

  test('members that nobody knows are allowed, as the standard says', async () => {
    const made = await library(server())
    const { subject, ...rest } = question(made.librarian, made.api, '*')
    const body = { ...rest, subject: { ...subject, properties: { ip_address: '::1' }, more: 1 }, extra: true }
    assert.equal(await decisionOf(body), true)
  })

  test('a role taken away and a user blocked count at once', async () => {
    const own = server()
    const made = await library(own)
    const token = await own.token('every')
    const body = question(made.librarian, made.api, '*')
    const path = `/api/rolecall/v1/users/${made.librarian}`
    assert.equal(await decisionOf(body), true)
    await own.call('PATCH', path, { token, body: { isBlocked: true } })
    assert.equal(await decisionOf(body), false)
    await own.call('PATCH', path, { token, body: { isBlocked: false } })
    assert.equal(await decisionOf(body), true)
    await own.call('DELETE', `/api/rolecall/v1/assignments?userId=${made.librarian}&roleId=${made.role}`, {
      token,
    })
    assert.equal(await decisionOf(body), false)
  })

  for (const [title, body] of [
    ['without a subject', { action: { name: 'x' }, resource: { type: 'a', id: '*' } }],
    ['without an action', { subject: { type: 'user', id: 'x' }, resource: { type: 'a', id: '*' } }],
    ['without a resource', { subject: { type: 'user', id: 'x' }, action: { name: 'x' } }],
    ['about a subject without an id', { ...question('x', 'a', '*'), subject: { type: 'user' } }],
    ['about a number', { ...question('x', 'a', '*'), subject: { type: 'user', id: 7 } }],
    ['in a context that is none', { ...question('x', 'a', '*'), context: 'here' }],
    ['that is a list', []],
  ] as const) {
    scenario(`a question ${title} is malformed`, {
      scopes: ['read:users'],
      headers: { 'x-request-id': 'bfe9eb29' },
      post: ['/access/v1/evaluation', body],
      expect: {
        status: 400,
        body: problem('invalid_request', 400, { errors: any }),
        headers: { 'x-request-id': 'bfe9eb29' },
      },
    })
  }

  scenario('the id of the request is echoed', {
    scopes: ['read:user_effective_permissions'],
    headers: { 'x-request-id': 'a/b c' },
    post: ['/access/v1/evaluation', question('nobody', 'rolecall', '*')],
    expect: { status: 200, body: { decision: false }, headers: { 'x-request-id': 'a/b c' } },
  })

  scenario('who may not ask for decisions gets none', {
    scopes: ['read:clients'],
    post: ['/access/v1/evaluation', question('nobody', 'rolecall', '*')],
    expect: {
      status: 403,
      body: problem('forbidden', 403, { permission: 'decisions:read', scope: 'workspace' }),
    },
  })

  scenario('security row 19: without a credential there is no decision, whatever the body says', {
    post: ['/access/v1/evaluation', { ...question('root', 'rolecall', '*'), userId: 'root', actor: 'root' }],
    expect: { status: 401, body: problem('unauthorized', 401) },
  })

  scenario('an unknown path of the decision point is a problem', {
    post: ['/access/v1/nothing', {}],
    expect: { status: 404, body: problem('not_found', 404) },
  })

  test('a person asks about himself, and about nobody else', async () => {
    const own = server()
    const made = await library(own)
    const token = await tokenOfPerson(own, made.librarian, { scope: 'openid' })
    const mine = await own.call('POST', '/access/v1/evaluation', {
      token,
      body: question(`auth0|${made.librarian}`, made.api, '*'),
    })
    assert.deepEqual(mine.body, { decision: true })
    const theirs = await own.call('POST', '/access/v1/evaluation', {
      token,
      body: question(made.reader, made.api, '*'),
    })
    assert.equal(theirs.status, 403)
  })

  test('several questions share what they leave out, and are answered in their order', async () => {
    const made = await library(server())
    const body = {
      subject: { type: 'user', id: made.reader },
      action: { name: 'read:books' },
      resource: { type: made.api, id: `application:${made.application}` },
      evaluations: [
        {},
        { resource: { type: made.api, id: '*' } },
        { subject: { type: 'user', id: made.librarian }, resource: { type: made.api, id: '*' } },
        { resource: { type: made.api, id: 'book-17' } },
        { action: { name: 'write:books' } },
      ],
    }
    const { status, body: answer } = await ask(body, 'evaluations')
    assert.equal(status, 200)
    assert.deepEqual(answer, {
      evaluations: [
        { decision: true },
        { decision: false },
        { decision: true },
        { decision: false, context: { reason: 'unknown_resource_id' } },
        { decision: false },
      ],
    })
  })

  test('the semantic says where the answers stop', async () => {
    const made = await library(server())
    const [yes, no] = [
      { subject: { type: 'user', id: made.librarian } },
      { subject: { type: 'user', id: made.reader } },
    ]
    const { subject: _, ...defaults } = question('', made.api, '*')
    const answers = async (semantic: string | undefined, ...evaluations: object[]) => {
      const options = semantic === undefined ? {} : { options: { evaluations_semantic: semantic } }
      const { status, body } = await ask({ ...defaults, ...options, evaluations }, 'evaluations')
      assert.equal(status, 200)
      return (body as { evaluations: { decision: boolean }[] }).evaluations.map(({ decision }) => decision)
    }
    assert.deepEqual(await answers(undefined, yes, no, yes), [true, false, true])
    assert.deepEqual(await answers('execute_all', yes, no, yes), [true, false, true])
    assert.deepEqual(await answers('deny_on_first_deny', yes, no, yes), [true, false])
    assert.deepEqual(await answers('permit_on_first_permit', no, yes, no), [false, true])
    const unknown = { ...defaults, evaluations: [yes], options: { evaluations_semantic: 'guess' } }
    assert.equal((await ask(unknown, 'evaluations')).status, 400)
  })

  test('without a list of questions it is a single one', async () => {
    const made = await library(server())
    const body = question(made.librarian, made.api, '*')
    assert.deepEqual((await ask(body, 'evaluations')).body, { decision: true })
    assert.deepEqual((await ask({ ...body, evaluations: [] }, 'evaluations')).body, { decision: true })
    const { status, body: answer } = await ask({ evaluations: [{ subject: body.subject }] }, 'evaluations')
    assert.equal(status, 400)
    assert.match(JSON.stringify(answer), /evaluations\[0\]\.action/u)
  })

  test('a search finds the subjects, page by page, and a token is worth nothing for another search', async () => {
    const made = await library(server())
    const body = {
      subject: { type: 'user' },
      action: { name: 'read:books' },
      resource: { type: made.identifier, id: `application:${made.application}` },
    }
    const all = await ask(body, 'search/subject')
    const users = [made.reader, made.librarian].map((id) => ({ type: 'user', id }))
    assert.deepEqual(all.body, { page: { next_token: '', count: 2 }, results: users })
    const first = await ask({ ...body, page: { limit: 1 } }, 'search/subject')
    const { page, results } = first.body as { page: { next_token: string }; results: unknown[] }
    assert.deepEqual(results, users.slice(0, 1))
    const second = await ask({ ...body, page: { token: page.next_token } }, 'search/subject')
    assert.deepEqual(second.body, { page: { next_token: '', count: 1 }, results: users.slice(1) })
    const changed = { ...body, action: { name: 'write:books' }, page: { token: page.next_token } }
    assert.equal((await ask(changed, 'search/subject')).status, 400)
    const longer = { ...body, page: { token: page.next_token, limit: 2 } }
    assert.equal((await ask(longer, 'search/subject')).status, 400)
    assert.equal((await ask({ ...body, page: { token: 'nonsense' } }, 'search/subject')).status, 400)
    const services = await ask({ ...body, subject: { type: 'service' } }, 'search/subject')
    assert.deepEqual(services.body, { page: { next_token: '', count: 0 }, results: [] })
  })

  test('a search finds the scopes in which a user may, and the places of a kind', async () => {
    const made = await library(server())
    const here = { type: made.identifier, id: `application:${made.application}` }
    const body = {
      subject: { type: 'user', id: made.reader },
      action: { name: 'read:books' },
      resource: { type: made.identifier },
    }
    const scopes = await ask(body, 'search/resource')
    assert.deepEqual(scopes.body, { page: { next_token: '', count: 1 }, results: [here] })
    const kind = { ...body, resource: { ...body.resource, properties: { kind: 'application' } } }
    assert.deepEqual(((await ask(kind, 'search/resource')).body as { results: unknown }).results, [here])
    const everywhere = { ...kind, subject: { type: 'user', id: made.librarian } }
    const { results } = (await ask(everywhere, 'search/resource')).body as { results: { id: string }[] }
    assert.ok(
      [made.application, made.other].every((id) => results.some((each) => each.id === `application:${id}`)),
    )
    for (const { id } of results) assert.equal(await decisionOf(question(made.librarian, made.api, id)), true)
    const planet = { ...body, resource: { ...body.resource, properties: { kind: 'planet' } } }
    assert.equal((await ask(planet, 'search/resource')).status, 400)
    const nobody = { ...body, subject: { type: 'user', id: 'nobody' } }
    assert.deepEqual(((await ask(nobody, 'search/resource')).body as { results: unknown }).results, [])
  })

  test('a search finds the actions a user may do there', async () => {
    const made = await library(server())
    const resource = { type: made.identifier, id: `application:${made.application}` }
    const actionsOf = async (id: string, where: object = resource) => {
      const { status, body, text } = await ask(
        { subject: { type: 'user', id }, resource: where },
        'search/action',
      )
      assert.equal(status, 200, text)
      return (body as { results: unknown }).results
    }
    assert.deepEqual(await actionsOf(made.reader), [{ name: 'read:books' }])
    assert.deepEqual(await actionsOf(made.reader, { type: made.api, id: '*' }), [])
    assert.deepEqual(await actionsOf('nobody'), [])
    assert.deepEqual(await actionsOf(made.librarian, { type: 'https://unknown.example', id: '*' }), [])
  })
})
