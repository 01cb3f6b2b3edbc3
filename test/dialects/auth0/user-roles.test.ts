import assert from 'node:assert/strict'
import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { insufficient, insufficientOfAll, noRole, noUser } from './answers.ts'
import { assign, createRole, createUser, pathOf, rootId } from './given.ts'

const withRoles =
  (held: number, subject?: string) =>
  async (server: TestServer): Promise<Made> => {
    const user = await createUser(server, subject === undefined ? {} : { user_id: subject })
    const made: Made = { user: user.user_id, free: (await createRole(server)).id }
    for (let at = 0; at < held; at++) {
      const role = await createRole(server)
      Object.assign(made, { [`held${at}`]: role.id, [`name${at}`]: role.name })
      await assign(server, user.user_id, role.id)
    }
    return made
  }
const rolesPath = ({ user }: Made, more = '') => `${pathOf(user!)}/roles${more}`
const rolesOf = async (server: TestServer, made: Made): Promise<string[]> => {
  const { body } = await server.call('GET', rolesPath(made), { token: await server.token('every') })
  return (body as { id: string }[]).map(({ id }) => id)
}

scenarios('/users/{id}/roles', (scenario, server) => {
  for (const scope of ['update:users', 'create:role_members']) {
    scenario(`POST with ${scope} assigns roles, and answers 204 without a body`, {
      scopes: [scope],
      given: withRoles(0),
      post: (made) => [rolesPath(made), { roles: [made.free, made.free] }],
      expect: { status: 204, body: '', events: ['role.assigned'] },
      then: async (_server, made) => assert.deepEqual(await rolesOf(server(), made), [made.free]),
    })
  }

  scenario('POST of a role that is held already changes nothing', {
    scopes: ['update:users'],
    given: withRoles(1),
    post: (made) => [rolesPath(made), { roles: [made.held0] }],
    expect: { status: 204, body: '', events: [] },
  })

  scenario('POST assigns all or none', {
    scopes: ['update:users'],
    given: withRoles(0),
    post: (made) => [rolesPath(made), { roles: [made.free, 'rol_nobody'] }],
    expect: { status: 404, body: noRole },
    then: async (_server, made) => assert.deepEqual(await rolesOf(server(), made), []),
  })

  scenario('POST answers 404 for what is no role id', {
    scopes: ['update:users'],
    given: withRoles(0),
    post: (made) => [rolesPath(made), { roles: ['admin'] }],
    expect: { status: 404, body: noRole },
  })

  scenario('POST answers 404 for a user who is not there', {
    scopes: ['update:users'],
    given: withRoles(0),
    post: ({ free }) => [`${pathOf('auth0|nobody')}/roles`, { roles: [free] }],
    expect: { status: 404, body: noUser },
  })

  scenario('POST refuses a token that reads roles, however the documentation words it', {
    scopes: ['read:roles'],
    given: withRoles(0),
    post: (made) => [rolesPath(made), { roles: [made.free] }],
    expect: { status: 403, body: insufficient('update:users', 'create:role_members') },
  })

  scenario('POST refuses to make an administrator of anybody without the right to', {
    scopes: ['update:users'],
    given: withRoles(0),
    post: (made) => [rolesPath(made), { roles: ['rol_admin'] }],
    expect: { status: 403, body: any },
  })

  scenario('POST makes an administrator for who may', {
    scopes: ['every'],
    given: withRoles(0),
    post: (made) => [rolesPath(made), { roles: ['rol_admin'] }],
    expect: { status: 204, body: '', events: ['role.assigned'] },
  })

  for (const [title, body, message] of [
    [
      'an empty list',
      { roles: [] },
      "Payload validation error: 'Too few items (0), minimum 1' on property roles (List of roles IDs to associated with the user).",
    ],
    ['no list', {}, "Payload validation error: 'Missing required property: roles'."],
    ['a text', { roles: 'rol_x' }, /Expected type array but found type string' on property roles/u],
    ['null', { roles: null }, /Expected type array but found type null/u],
    ['numbers', { roles: [1] }, /Expected type string but found type integer' on property roles\[0\]/u],
    ['an empty id', { roles: [''] }, /too short/u],
    [
      'an unknown property',
      { roles: ['rol_x'], foo: 1 },
      "Payload validation error: 'Additional properties not allowed: foo'.",
    ],
    [
      'another user in the body (security case 10)',
      { roles: ['rol_x'], user_id: 'auth0|x' },
      /Additional properties/u,
    ],
    ['more than a thousand', { roles: Array(1001).fill('rol_x') }, /Too many items/u],
    ['no JSON', 'roles', /not valid JSON/u],
  ] as const) {
    scenario(`POST refuses ${title}`, {
      scopes: ['update:users'],
      given: withRoles(0),
      post: (made) => [rolesPath(made), body],
      expect: {
        status: 400,
        body: { statusCode: 400, error: 'Bad Request', message, errorCode: 'invalid_body' },
      },
    })
  }

  for (const [wire, subject] of [
    ['auth0%7C%257C', '%7C'],
    ['auth0%7Ca%2Fb%20c%3F', 'a/b c?'],
    ['auth0%7C%C3%A4%E2%82%AC', 'ä€'],
  ] as const) {
    scenario(`POST decodes ${wire} once (security case 10)`, {
      scopes: ['update:users'],
      given: async (server) => {
        const made = await withRoles(0)(server)
        await server.server.workspace.store.write(async (tx) => {
          await tx.users.insert({
            id: subject,
            kind: 'person',
            isEmailVerified: false,
            userMetadata: {},
            appMetadata: {},
            extensions: {},
            rolesVersion: 0,
            loginsCount: 0,
            createdAt: 0,
            updatedAt: 0,
          })
        })
        return { ...made, user: `auth0|${subject}` }
      },
      post: (made) => [`/api/v2/users/${wire}/roles`, { roles: [made.free] }],
      expect: { status: 204, body: '', events: ['role.assigned'] },
      then: async (_server, made) => assert.deepEqual(await rolesOf(server(), made), [made.free]),
    })
  }

  scenario('GET lists the roles with the version of the set', {
    scopes: ['read:users', 'read:roles'],
    given: withRoles(2),
    get: (made) => [rolesPath(made)],
    expect: {
      status: 200,
      headers: { etag: '"2"' },
      body: ({ held0, name0, held1, name1 }: Made) => [
        { id: held0, name: name0, description: '' },
        { id: held1, name: name1, description: '' },
      ],
    },
  })

  scenario('GET pages and counts', {
    scopes: ['read:users', 'read:roles'],
    given: withRoles(3),
    get: (made) => [rolesPath(made, '?page=1&per_page=2&include_totals=true')],
    expect: {
      status: 200,
      body: ({ held2, name2 }: Made) => ({
        roles: [{ id: held2, name: name2, description: '' }],
        start: 2,
        limit: 2,
        total: 3,
      }),
    },
  })

  scenario('GET passes over a checkpoint, which this list does not have', {
    scopes: ['read:users', 'read:roles'],
    given: withRoles(1),
    get: (made) => [rolesPath(made, '?take=x&from=y')],
    expect: { status: 200, body: [any] },
  })

  scenario('GET needs both scopes', {
    scopes: ['read:users'],
    get: [`${pathOf('auth0|x')}/roles`],
    expect: {
      status: 403,
      body: insufficientOfAll('read:users', 'read:roles'),
    },
  })

  scenario('GET answers 404 for a user who is not there', {
    scopes: ['read:users', 'read:roles'],
    get: [`${pathOf('auth0|nobody')}/roles`],
    expect: { status: 404, body: noUser },
  })

  for (const scope of ['update:users', 'delete:role_members']) {
    scenario(`DELETE with ${scope} takes roles, and passes over those that are not held`, {
      scopes: [scope],
      given: withRoles(2),
      delete: (made) => [rolesPath(made), { roles: [made.held0, made.free] }],
      expect: { status: 204, body: '', events: ['role.removed'] },
      then: async (_server, made) => assert.deepEqual(await rolesOf(server(), made), [made.held1]),
    })
  }

  scenario('DELETE refuses to take the role from the last administrator', {
    scopes: ['every'],
    given: async (server) => {
      const { users, assignments } = server.server.workspace.store.reader
      const { items } = await assignments.holders('admin', 'workspace', Date.now(), { limit: 100 })
      const token = await server.token('every')
      const root = await rootId(server)
      for (const { id } of items) {
        if (`auth0|${id}` === root) continue
        const body = { roles: ['rol_admin'] }
        await server.call('DELETE', `${pathOf(`auth0|${id}`)}/roles`, { token, body })
      }
      assert.ok(await users.findByUsername('root'))
      return { user: root }
    },
    delete: (made) => [rolesPath(made), { roles: ['rol_admin'] }],
    expect: { status: 403, body: any },
  })

  scenario('DELETE refuses an empty list', {
    scopes: ['update:users'],
    given: withRoles(0),
    delete: (made) => [rolesPath(made), { roles: [] }],
    expect: { status: 400, body: any },
  })

  scenario('DELETE answers 404 for a user who is not there', {
    scopes: ['update:users'],
    given: withRoles(0),
    delete: ({ free }) => [`${pathOf('auth0|nobody')}/roles`, { roles: [free] }],
    expect: { status: 404, body: noUser },
  })

  scenario('DELETE refuses a token that may give roles only', {
    scopes: ['create:role_members'],
    given: withRoles(1),
    delete: (made) => [rolesPath(made), { roles: [made.held0] }],
    expect: { status: 403, body: insufficient('update:users', 'delete:role_members') },
  })

  scenario('PUT makes the roles the only ones, and tells the new version', {
    scopes: ['update:users'],
    given: withRoles(2),
    headers: { 'if-match': '"2"' },
    put: (made) => [rolesPath(made), { roles: [made.held1, made.free] }],
    expect: {
      status: 204,
      body: '',
      headers: { etag: /^"\d+"$/u },
      events: ['role.removed', 'role.assigned'],
    },
    then: async (_server, made, { headers }) => {
      assert.deepEqual(new Set(await rolesOf(server(), made)), new Set([made.held1, made.free]))
      const token = await server().token('every')
      const read = await server().call('GET', rolesPath(made), { token })
      assert.equal(read.headers.etag, headers.etag)
    },
  })

  scenario('PUT of nothing takes every role', {
    scopes: ['update:users'],
    given: withRoles(1),
    headers: { 'if-match': '"1"' },
    put: (made) => [rolesPath(made), { roles: [] }],
    expect: { status: 204, body: '', events: ['role.removed'] },
  })

  scenario('PUT of what is held changes nothing', {
    scopes: ['update:users'],
    given: withRoles(1),
    headers: { 'if-match': '"1"' },
    put: (made) => [rolesPath(made), { roles: [made.held0] }],
    expect: { status: 204, body: '', headers: { etag: '"1"' }, events: [] },
  })

  scenario('PUT refuses without If-Match, since it could lose what somebody else added', {
    scopes: ['update:users'],
    given: withRoles(1),
    put: (made) => [rolesPath(made), { roles: [] }],
    expect: { status: 428, body: any },
    then: async (_server, made) => assert.deepEqual(await rolesOf(server(), made), [made.held0]),
  })

  for (const tag of ['"0"', '*', '1', '"x"', '""', '"1", "2"', '"9999999999999999999999"']) {
    scenario(`PUT refuses If-Match ${tag}, which is not what the set is at`, {
      scopes: ['update:users'],
      given: withRoles(1),
      headers: { 'if-match': tag },
      put: (made) => [rolesPath(made), { roles: [] }],
      expect: { status: 412, body: any },
      then: async (_server, made) => assert.deepEqual(await rolesOf(server(), made), [made.held0]),
    })
  }

  scenario('PUT replaces all or nothing', {
    scopes: ['update:users'],
    given: withRoles(1),
    headers: { 'if-match': '"1"' },
    put: (made) => [rolesPath(made), { roles: [made.free, 'rol_nobody'] }],
    expect: { status: 404, body: noRole },
    then: async (_server, made) => assert.deepEqual(await rolesOf(server(), made), [made.held0]),
  })

  scenario('PUT refuses a token that may only give', {
    scopes: ['create:role_members'],
    given: withRoles(1),
    headers: { 'if-match': '"1"' },
    put: (made) => [rolesPath(made), { roles: [] }],
    expect: { status: 403, body: insufficient('update:users') },
  })

  scenario('20 who add at once lose nothing', {
    scopes: ['every'],
    given: async (server) => {
      const made = await withRoles(0)(server)
      for (let at = 0; at < 20; at++) made[`role${at}`] = (await createRole(server)).id
      const token = await server.token('update:users')
      const roles = Array.from({ length: 20 }, (_, at) => made[`role${at}`]!)
      await server.events()
      const answers = await Promise.all(
        roles.map((role) => server.call('POST', rolesPath(made), { token, body: { roles: [role] } })),
      )
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([204]))
      assert.equal((await server.events()).length, 20)
      return made
    },
    get: (made) => [rolesPath(made, '?per_page=100')],
    expect: { status: 200, headers: { etag: '"20"' }, body: any },
    then: async (_server, _made, { body }) => assert.equal((body as unknown[]).length, 20),
  })

  scenario('20 who assign the same at once assign it once', {
    scopes: ['every'],
    given: async (server) => {
      const made = await withRoles(0)(server)
      const token = await server.token('update:users')
      await server.events()
      const assignIt = () => server.call('POST', rolesPath(made), { token, body: { roles: [made.free] } })
      const answers = await Promise.all(Array.from({ length: 20 }, assignIt))
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([204]))
      assert.deepEqual(
        (await server.events()).map(({ type }) => type),
        ['role.assigned'],
      )
      return made
    },
    get: (made) => [rolesPath(made)],
    expect: { status: 200, headers: { etag: '"1"' }, body: any },
  })

  scenario('of 20 who replace at once from the same version just one does', {
    scopes: ['every'],
    given: async (server) => {
      const made = await withRoles(1)(server)
      for (let at = 0; at < 20; at++) made[`role${at}`] = (await createRole(server)).id
      const token = await server.token('update:users')
      const replace = (_: unknown, at: number) =>
        server.call('PUT', rolesPath(made), {
          token,
          headers: { 'if-match': '"1"' },
          body: { roles: [made[`role${at}`]] },
        })
      const statuses = (await Promise.all(Array.from({ length: 20 }, replace))).map(({ status }) => status)
      assert.deepEqual(statuses.toSorted(), [204, ...Array(19).fill(412)])
      return made
    },
    get: (made) => [rolesPath(made)],
    expect: { status: 200, body: any },
    then: async (_server, _made, { body }) => assert.equal((body as unknown[]).length, 1),
  })
})
