import assert from 'node:assert/strict'
import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { badQuery, insufficient, notFound } from './answers.ts'
import { assign, createRole, createUser, make, pathOf, read, unique } from './given.ts'

type Log = {
  log_id: string
  date: string
  type: string
  description: string
  user_id?: string
  client_id?: string
  details: {
    request?: { method: string; path: string; body?: unknown; auth: unknown }
    response?: { statusCode: number }
  }
}

const logs = ({ body }: { body: unknown }) => body as Log[]

/** A user with a role, and the newest event before both. */
const given = async (server: TestServer): Promise<Made> => {
  const [newest] = await read<Log[]>(server, 'logs?per_page=1')
  const { user_id: user } = await createUser(server)
  const { id: role } = await createRole(server)
  await assign(server, user, role)
  return { from: newest!.log_id, user, role }
}

const search = (q: string) => `/api/v2/logs?q=${encodeURIComponent(q)}`

scenarios('/logs', (scenario) => {
  scenario('GET lists what happened, newest first, with the call that brought it about', {
    scopes: ['read:logs'],
    given,
    get: ['/api/v2/logs?per_page=3'],
    expect: { status: 200 },
    then: async (_server, { user, role }, answer) => {
      const [assigned, created] = logs(answer)
      assert.deepEqual(
        logs(answer).map(({ type, description }) => [type, description]),
        [
          ['sapi', 'Assign roles to a user'],
          ['sapi', 'Create a role'],
          ['sapi', 'Create a User'],
        ],
      )
      assert.equal(assigned!.user_id, user)
      assert.equal(assigned!.client_id, 'operator')
      assert.match(assigned!.log_id, /^900\d{16}[0-9a-f]{24}$/u)
      assert.ok(assigned!.log_id.length <= 60)
      assert.deepEqual(assigned!.details.request, {
        method: 'post',
        path: `${pathOf(user!)}/roles`,
        channel: 'api',
        body: { roles: [role] },
        auth: { strategy: 'jwt', subject: 'operator' },
      })
      assert.deepEqual(assigned!.details.response, { statusCode: 204 })
      assert.equal(created!.details.request!.path, '/api/v2/roles')
    },
  })

  scenario('GET wraps it in totals', {
    scopes: ['read:logs_users'],
    get: ['/api/v2/logs?per_page=1&include_totals=true&fields=type'],
    expect: { status: 200, body: { logs: [{ type: any }], start: 0, limit: 1, length: 1, total: any } },
  })

  scenario('GET goes on from an event, bare and newest last, whatever else is asked', {
    scopes: ['read:logs'],
    given,
    get: ({ from }) => [
      `/api/v2/logs?from=${from}&take=2&include_totals=true&per_page=1&page=3&sort=date:-1`,
    ],
    expect: { status: 200, body: [any, any] },
    then: async (server, { user }, answer) => {
      const [first, second] = logs(answer)
      assert.deepEqual([first!.description, second!.description], ['Create a User', 'Create a role'])
      const rest = await read<Log[]>(server, `logs?from=${second!.log_id}`)
      assert.deepEqual(
        rest.map(({ description, user_id }) => [description, user_id]),
        [['Assign roles to a user', user]],
      )
      assert.deepEqual(await read(server, `logs?from=${rest[0]!.log_id}&take=100`), [])
    },
  })

  scenario('GET with take alone begins at the beginning', {
    scopes: ['read:logs'],
    get: ['/api/v2/logs?take=1'],
    expect: { status: 200, body: [any] },
    then: async (server, _made, answer) => {
      const [oldest] = await read<Log[]>(server, 'logs?sort=date:1&per_page=1')
      assert.equal(logs(answer)[0]!.log_id, oldest!.log_id)
    },
  })

  for (const from of ['x', 'job_1', '9001', `900${'9'.repeat(16)}x`]) {
    scenario(`GET refuses the checkpoint ${from}`, {
      scopes: ['read:logs'],
      get: [`/api/v2/logs?from=${from}&take=1`],
      expect: { status: 400 },
    })
  }

  scenario('GET finds by user, by type and by time together', {
    scopes: ['read:logs'],
    given,
    get: ({ user }) => [search(`user_id:"${user}" AND type:sapi AND date:[2020-01-01 TO *]`)],
    expect: { status: 200 },
    then: async (_server, _made, answer) =>
      assert.deepEqual(
        logs(answer).map(({ description }) => description),
        ['Assign roles to a user', 'Create a User'],
      ),
  })

  scenario('GET finds deleted users by the type of their end, which is not sapi', {
    scopes: ['read:logs'],
    given: async (server) => {
      const made = await given(server)
      await server.call('DELETE', pathOf(made.user!), { token: await server.token('every') })
      return made
    },
    get: [search('type:sdu')],
    expect: { status: 200 },
    then: async (server, { user }, answer) => {
      assert.deepEqual(
        logs(answer).map(({ type, user_id }) => [type, user_id]),
        [['sdu', user]],
      )
      const others = await read<Log[]>(
        server,
        search(`user_id:"${user}" AND type:sapi`).slice('/api/v2/'.length),
      )
      assert.deepEqual(
        others.map(({ description }) => description),
        ['Removes roles from a user', 'Assign roles to a user', 'Create a User'],
      )
    },
  })

  scenario('GET names members of organizations as the vendor does', {
    scopes: ['read:logs'],
    given: async (server) => {
      const made = await given(server)
      const { id: org } = await make(server, 'organizations', { name: unique('org') })
      await make(server, `organizations/${org}/members`, { members: [made.user] })
      const path = `organizations/${org}/members/${encodeURIComponent(made.user!)}/roles`
      await make(server, path, { roles: [made.role] })
      return { ...made, org: org! }
    },
    get: ({ user }) => [search(`user_id:"${user}" AND -type:ss`)],
    expect: { status: 200 },
    then: async (_server, { org, user }, answer) => {
      const [role, member] = logs(answer)
      assert.deepEqual(
        [role!.type, role!.description, member!.type],
        ['sapi', 'Assign user roles to an organization member', 'organization_member_added'],
      )
      const path = `/api/v2/organizations/${org}/members/${encodeURIComponent(user!)}/roles`
      assert.equal(role!.details.request!.path, path)
    },
  })

  scenario('GET finds by the client that did it, and by several types', {
    scopes: ['read:logs'],
    given,
    get: [`${search('client_id:operator AND type:(sapi OR sdu)')}&per_page=1`],
    expect: { status: 200, body: [any] },
  })

  scenario('GET finds nothing of a type that never happened', {
    scopes: ['read:logs'],
    given,
    get: [search('type:limit_wc')],
    expect: { status: 200, body: [] },
  })

  scenario('GET finds one event by its id, and leaves out what is not named', {
    scopes: ['read:logs'],
    given,
    get: ({ from }) => [`${search(`log_id:${from}`)}&fields=log_id,date`],
    expect: { status: 200, body: [{ log_id: any, date: any }] },
  })

  for (const q of [
    'type:',
    'nothing:1',
    'date:yesterday',
    '(',
    'type:[a TO b]',
    'log_id:x',
    'data.password:x',
  ]) {
    scenario(`GET refuses the query ${q}`, {
      scopes: ['read:logs'],
      get: [search(q)],
      expect: { status: 400, body: badQuery(/on property q/u) },
    })
  }

  for (const sort of ['date', 'type:1', 'date:0']) {
    scenario(`GET refuses to sort by ${sort}`, {
      scopes: ['read:logs'],
      get: [`/api/v2/logs?sort=${sort}`],
      expect: { status: 400, body: badQuery(/on property sort/u) },
    })
  }

  for (const query of ['per_page=101', 'take=0', 'take=101', 'page=-1', 'include_totals=maybe']) {
    scenario(`GET refuses ${query}`, {
      scopes: ['read:logs'],
      get: [`/api/v2/logs?${query}`],
      expect: { status: 400, body: badQuery(/^Query validation error/u) },
    })
  }

  scenario('GET refuses a token without the scope', {
    scopes: ['read:users', 'read:stats'],
    get: ['/api/v2/logs'],
    expect: { status: 403, body: insufficient('read:logs', 'read:logs_users') },
  })
})

scenarios('/logs/{id}', (scenario) => {
  scenario('GET answers one event', {
    scopes: ['read:logs'],
    given,
    get: ({ from }) => [`/api/v2/logs/${from}`],
    expect: { status: 200 },
    then: async (_server, { from }, { body }) => assert.equal((body as Log).log_id, from),
  })

  const none = `900${'0'.repeat(16)}${'0'.repeat(24)}`
  for (const id of ['none', none, '900', '%20', 'a%2Fb', '%F0%9F%92%A9']) {
    scenario(`GET finds nothing by ${id}`, {
      scopes: ['read:logs'],
      get: [`/api/v2/logs/${id}`],
      expect: { status: 404, body: notFound('Log not found.', 'inexistent_log') },
    })
  }

  scenario('GET refuses a token without the scope', {
    scopes: ['read:users'],
    get: ['/api/v2/logs/none'],
    expect: { status: 403, body: insufficient('read:logs', 'read:logs_users') },
  })
})

scenarios('a log that holds secrets', (scenario) => {
  scenario('tells none of them', {
    scopes: ['read:logs'],
    given: async (server) => {
      const { user_id: user } = await createUser(server, { password: 'Very-secret-1' })
      const { ticket } = await make(server, 'tickets/password-change', { user_id: user })
      return { secret: new URL(ticket!).searchParams.get('ticket')! }
    },
    get: ['/api/v2/logs?per_page=100'],
    expect: { status: 200 },
    then: async (_server, { secret }, { text }) => {
      assert.equal(text.includes('Very-secret-1'), false)
      assert.equal(text.includes(secret!), false)
      assert.equal(/argon2|passwordHash/u.test(text), false)
    },
  })
})
