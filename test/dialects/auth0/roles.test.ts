import assert from 'node:assert/strict'
import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { assign, createApi, createRole, createUser } from './given.ts'

const roleId = /^rol_[0-9a-f]{24}$/u
const noRole = {
  statusCode: 404,
  error: 'Not Found',
  message: 'The role does not exist.',
  errorCode: 'inexistent_role',
}
const insufficient = (...scopes: string[]) => ({
  statusCode: 403,
  error: 'Forbidden',
  message: `Insufficient scope, expected any of: ${scopes.join(',')}`,
  errorCode: 'insufficient_scope',
})
const badRequest = (message: string | RegExp, errorCode = 'invalid_body') => ({
  statusCode: 400,
  error: 'Bad Request',
  message,
  errorCode,
})

const withRole = (scopes: readonly string[], role: object = {}) => ({
  scopes,
  given: async (server: TestServer): Promise<Made> => createRole(server, role),
})

scenarios('/roles', (scenario, server) => {
  scenario('POST creates a role, and answers 200', {
    scopes: ['create:roles'],
    post: ['/api/v2/roles', { name: 'editor', description: 'May edit' }],
    expect: {
      status: 200,
      body: { id: roleId, name: 'editor', description: 'May edit' },
      events: ['role.created'],
    },
  })

  scenario('POST answers an empty description when none is given', {
    scopes: ['create:roles'],
    post: ['/api/v2/roles', { name: 'undescribed' }],
    expect: {
      status: 200,
      body: { id: roleId, name: 'undescribed', description: '' },
      events: ['role.created'],
    },
  })

  scenario('POST takes the name of a built-in role, which this dialect does not list', {
    scopes: ['create:roles'],
    post: ['/api/v2/roles', { name: 'Admin' }],
    expect: { status: 200, body: { id: roleId, name: 'Admin', description: '' }, events: ['role.created'] },
  })

  scenario('POST refuses a name that is taken, in any letter case', {
    ...withRole(['create:roles']),
    post: ({ name }) => ['/api/v2/roles', { name: name!.toUpperCase() }],
    expect: {
      status: 409,
      body: {
        statusCode: 409,
        error: 'Conflict',
        message: 'There is an existing role with this name',
        errorCode: 'role_conflict',
      },
    },
  })

  for (const [title, body, message] of [
    ['no name', {}, "Payload validation error: 'Missing required property: name'."],
    ['an empty name', { name: '' }, /too short/u],
    ['a blank name', { name: '  ' }, /on property name/u],
    ['a name that is too long', { name: 'x'.repeat(256) }, /too long/u],
    ['a number for a name', { name: 1 }, /Expected type string but found type integer' on property name/u],
    ['null for a name', { name: null }, /Expected type string but found type null/u],
    [
      'an unknown property',
      { name: 'x', permissions: [] },
      /Additional properties not allowed: permissions/u,
    ],
    ['no body', undefined, /^Payload validation error/u],
    ['an array', [], /Expected type object but found type array/u],
  ] as const) {
    scenario(`POST refuses ${title}`, {
      scopes: ['create:roles'],
      post: ['/api/v2/roles', body],
      expect: { status: 400, body: badRequest(message) },
    })
  }

  scenario('POST refuses a token without create:roles', {
    scopes: ['read:roles', 'update:roles'],
    post: ['/api/v2/roles', { name: 'x' }],
    expect: { status: 403, body: insufficient('create:roles') },
  })

  const four = async (server: TestServer): Promise<Made> => {
    const mark = `Mark-${Math.random().toString(36).slice(2, 10)}`
    for (const name of ['a', 'b', 'c', 'd']) await createRole(server, { name: `${mark}-${name}` })
    return { mark }
  }
  const filtered = ({ mark }: Made, more = '') =>
    `/api/v2/roles?name_filter=${mark!.toLowerCase()}${more}` as const
  const like = (mark: string, ...names: string[]) =>
    names.map((name) => ({ id: roleId, name: `${mark}-${name}`, description: '' }))

  scenario('GET filters by name whatever the letter case, oldest first', {
    scopes: ['read:roles'],
    given: four,
    get: (made) => [filtered(made, '&type=tenant')],
    expect: { status: 200, body: ({ mark }: Made) => like(mark!, 'a', 'b', 'c', 'd') },
  })

  scenario('GET answers exact totals', {
    scopes: ['read:roles'],
    given: four,
    get: (made) => [filtered(made, '&page=1&per_page=3&include_totals=true')],
    expect: {
      status: 200,
      body: ({ mark }: Made) => ({ roles: like(mark!, 'd'), start: 3, limit: 3, total: 4 }),
    },
  })

  scenario('GET goes on from a checkpoint, which is ours', {
    scopes: ['read:roles'],
    given: four,
    get: (made) => [filtered(made, '&take=3&per_page=50&include_totals=true')],
    expect: { status: 200, body: ({ mark }: Made) => ({ roles: like(mark!, 'a', 'b', 'c'), next: any }) },
  })

  scenario('GET answers an empty page past the end', {
    scopes: ['read:roles'],
    given: four,
    get: (made) => [filtered(made, '&page=5&per_page=100')],
    expect: { status: 200, body: [] },
  })

  scenario('GET reads wildcards of a database as letters', {
    scopes: ['read:roles'],
    given: four,
    get: ['/api/v2/roles?name_filter=%25_'],
    expect: { status: 200, body: [] },
  })

  scenario('GET leaves built-in roles out', {
    scopes: ['read:roles'],
    get: ['/api/v2/roles?per_page=100'],
    expect: { status: 200, body: any },
    then: async (_server, _made, { body }) => {
      assert.ok((body as { id: string }[]).every(({ id }) => roleId.test(id)))
    },
  })

  for (const query of ['per_page=101', 'page=-1', 'include_totals=1x', 'take=x', 'take=-1']) {
    scenario(`GET refuses ${query}`, {
      scopes: ['read:roles'],
      get: [`/api/v2/roles?${query}`],
      expect: { status: 400, body: badRequest(/^Query validation error/u, 'invalid_query_string') },
    })
  }

  scenario('GET refuses a token without read:roles', {
    scopes: ['update:roles', 'read:users'],
    get: ['/api/v2/roles'],
    expect: { status: 403, body: insufficient('read:roles') },
  })

  scenario('GET of one answers it', {
    ...withRole(['read:roles'], { description: 'x' }),
    get: ({ id }) => [`/api/v2/roles/${id}`],
    expect: { status: 200, body: ({ id, name }: Made) => ({ id, name, description: 'x' }) },
  })

  for (const id of ['rol_nobody', 'nobody', 'rol_', '%20', 'rol_%2F..%2F', 'auth0%7Cx', 'rol_%F0%9F%91%A9']) {
    scenario(`GET answers 404 for ${id}`, {
      scopes: ['read:roles'],
      get: [`/api/v2/roles/${id}`],
      expect: { status: 404, body: noRole },
    })
  }

  scenario('PATCH changes what it is given, and keeps the id', {
    ...withRole(['update:roles'], { description: 'old' }),
    patch: ({ id }) => [`/api/v2/roles/${id}`, { name: `renamed ${id}` }],
    expect: {
      status: 200,
      body: ({ id }: Made) => ({ id, name: `renamed ${id}`, description: 'old' }),
      events: ['role.updated'],
    },
  })

  scenario('PATCH to the same changes nothing, and says nothing', {
    ...withRole(['update:roles'], { description: 'old' }),
    patch: ({ id, name }) => [`/api/v2/roles/${id}`, { name, description: 'old' }],
    expect: { status: 200, body: any, events: [] },
  })

  scenario('PATCH refuses a name that is taken', {
    scopes: ['update:roles'],
    given: async (server) => ({ id: (await createRole(server)).id, other: (await createRole(server)).name }),
    patch: ({ id, other }) => [`/api/v2/roles/${id}`, { name: other }],
    expect: { status: 409, body: any },
  })

  scenario('PATCH refuses to rename a built-in role', {
    scopes: ['every'],
    patch: ['/api/v2/roles/rol_admin', { name: 'mine' }],
    expect: { status: 400, body: any },
  })

  scenario('PATCH refuses an id in the body (security case 10)', {
    ...withRole(['update:roles']),
    patch: ({ id }) => [`/api/v2/roles/${id}`, { id: 'rol_admin', description: 'x' }],
    expect: { status: 400, body: badRequest(/Additional properties not allowed: id/u) },
  })

  scenario('PATCH answers 404 for a role that is not there', {
    scopes: ['update:roles'],
    patch: ['/api/v2/roles/rol_nobody', { name: 'x' }],
    expect: { status: 404, body: noRole },
  })

  scenario('PATCH refuses a token without update:roles', {
    ...withRole(['create:roles', 'read:roles']),
    patch: ({ id }) => [`/api/v2/roles/${id}`, { name: 'x' }],
    expect: { status: 403, body: insufficient('update:roles') },
  })

  scenario('DELETE takes the role from everybody, and answers 200 with {}', {
    scopes: ['delete:roles'],
    given: async (server) => {
      const [role, user] = [await createRole(server), await createUser(server)]
      await assign(server, user.user_id, role.id)
      return { id: role.id, userId: user.user_id }
    },
    delete: ({ id }) => [`/api/v2/roles/${id}`, {}],
    expect: { status: 200, body: {}, events: ['role.removed', 'role.deleted'] },
    then: async (_server, { userId }) => {
      const token = await server().token('every')
      const path = `/api/v2/users/${encodeURIComponent(userId!)}/roles`
      assert.deepEqual((await server().call('GET', path, { token })).body, [])
    },
  })

  scenario('DELETE needs no body', {
    ...withRole(['delete:roles']),
    delete: ({ id }) => [`/api/v2/roles/${id}`],
    expect: { status: 200, body: {}, events: ['role.deleted'] },
  })

  scenario('DELETE answers 404 for a role that is not there, or no longer', {
    scopes: ['delete:roles'],
    delete: ['/api/v2/roles/rol_nobody'],
    expect: { status: 404, body: noRole },
  })

  scenario('DELETE refuses a built-in role', {
    scopes: ['every'],
    delete: ['/api/v2/roles/rol_admin'],
    expect: { status: 400, body: any },
  })

  scenario('DELETE refuses a token without delete:roles', {
    ...withRole(['update:roles']),
    delete: ({ id }) => [`/api/v2/roles/${id}`],
    expect: { status: 403, body: insufficient('delete:roles') },
  })
})

scenarios('/roles/{id}/permissions', (scenario, server) => {
  const given = async (server: TestServer): Promise<Made> => {
    const { id } = await createRole(server)
    return { id, api: await createApi(server, 'read:x', 'write:x', 'drop:x') }
  }
  const pairs = (api: string, ...names: string[]) =>
    names.map((name) => ({ resource_server_identifier: api, permission_name: name }))
  const add = async (server: TestServer, { id, api }: Made, ...names: string[]) => {
    const body = { permissions: pairs(api!, ...names) }
    await server.call('POST', `/api/v2/roles/${id}/permissions`, { body, token: await server.token('every') })
  }
  const givenTwo = async (server: TestServer) => {
    const made = await given(server)
    await add(server, made, 'read:x', 'write:x')
    return made
  }
  const wire = (api: string, name: string) => ({
    permission_name: name,
    description: `may ${name}`,
    resource_server_name: /^api-\d+$/u,
    resource_server_identifier: api,
  })

  scenario('POST adds permissions, and answers 201 with {}', {
    scopes: ['update:roles'],
    given,
    post: ({ id, api }) => [
      `/api/v2/roles/${id}/permissions`,
      { permissions: pairs(api!, 'read:x', 'write:x', 'read:x') },
    ],
    expect: { status: 201, body: {}, events: ['role.permission-added', 'role.permission-added'] },
  })

  scenario('POST of what the role has changes nothing', {
    scopes: ['update:roles'],
    given: givenTwo,
    post: ({ id, api }) => [`/api/v2/roles/${id}/permissions`, { permissions: pairs(api!, 'read:x') }],
    expect: { status: 201, body: {}, events: [] },
  })

  scenario('POST adds all or none', {
    scopes: ['update:roles'],
    given,
    post: ({ id, api }) => [
      `/api/v2/roles/${id}/permissions`,
      { permissions: pairs(api!, 'read:x', 'nothing:x') },
    ],
    expect: { status: 400, body: badRequest(/The permission nothing:x does not exist/u) },
    then: async (_server, { id }) => {
      const token = await server().token('every')
      assert.deepEqual((await server().call('GET', `/api/v2/roles/${id}/permissions`, { token })).body, [])
    },
  })

  scenario('POST answers 404 for an API that is not there', {
    scopes: ['update:roles'],
    given,
    post: ({ id }) => [
      `/api/v2/roles/${id}/permissions`,
      { permissions: pairs('https://nobody/', 'read:x') },
    ],
    expect: {
      status: 404,
      body: {
        statusCode: 404,
        error: 'Not Found',
        message: 'The resource server does not exist',
        errorCode: 'inexistent_resource_server',
      },
    },
  })

  scenario('POST answers 404 for a role that is not there', {
    scopes: ['update:roles'],
    given,
    post: ({ api }) => ['/api/v2/roles/rol_nobody/permissions', { permissions: pairs(api!, 'read:x') }],
    expect: { status: 404, body: noRole },
  })

  for (const [title, body] of [
    ['no list', {}],
    ['an empty list', { permissions: [] }],
    ['a pair without its API', { permissions: [{ permission_name: 'read:x' }] }],
    ['a pair with more', { permissions: [{ ...pairs('a', 'b')[0], role: 'x' }] }],
    ['texts', { permissions: ['read:x'] }],
    ['more than a thousand', { permissions: Array(1001).fill(pairs('a', 'b')[0]) }],
  ] as const) {
    scenario(`POST refuses ${title}`, {
      scopes: ['update:roles'],
      given,
      post: ({ id }) => [`/api/v2/roles/${id}/permissions`, body],
      expect: { status: 400, body: badRequest(/^Payload validation error/u) },
    })
  }

  scenario('POST refuses to give out through a role what the caller does not hold', {
    scopes: ['update:roles'],
    given,
    post: ({ id }) => [
      `/api/v2/roles/${id}/permissions`,
      { permissions: pairs(`${server().origin}/api/v2/`, 'delete:users') },
    ],
    expect: { status: 403, body: any },
  })

  scenario('GET lists what the role carries', {
    scopes: ['read:roles'],
    given: givenTwo,
    get: ({ id }) => [`/api/v2/roles/${id}/permissions`],
    expect: { status: 200, body: ({ api }: Made) => [wire(api!, 'read:x'), wire(api!, 'write:x')] },
  })

  scenario('GET pages and counts', {
    scopes: ['read:roles'],
    given: givenTwo,
    get: ({ id }) => [`/api/v2/roles/${id}/permissions?page=1&per_page=1&include_totals=true`],
    expect: {
      status: 200,
      body: ({ api }: Made) => ({ permissions: [wire(api!, 'write:x')], start: 1, limit: 1, total: 2 }),
    },
  })

  scenario('GET names the Management API by the host that is asked', {
    scopes: ['every'],
    given: async (server) => {
      const { id } = await createRole(server)
      await add(server, { id, api: `${server.origin}/api/v2/` }, 'read:users')
      return { id }
    },
    get: ({ id }) => [`/api/v2/roles/${id}/permissions`],
    expect: { status: 200, body: any },
    then: async ({ origin }, _made, { body }) => {
      const [permission] = body as [{ resource_server_identifier: string }]
      assert.equal(permission.resource_server_identifier, `${origin}/api/v2/`)
    },
  })

  scenario('GET answers 404 for a role that is not there', {
    scopes: ['read:roles'],
    get: ['/api/v2/roles/rol_nobody/permissions'],
    expect: { status: 404, body: noRole },
  })

  scenario('DELETE takes permissions, and passes over those the role does not have', {
    scopes: ['update:roles'],
    given: givenTwo,
    delete: ({ id, api }) => [
      `/api/v2/roles/${id}/permissions`,
      { permissions: pairs(api!, 'read:x', 'drop:x') },
    ],
    expect: { status: 204, body: '', events: ['role.permission-removed'] },
  })

  for (const method of ['get', 'post', 'delete'] as const) {
    scenario(`${method.toUpperCase()} refuses a token without the scope`, {
      scopes: ['read:users', 'update:users'],
      [method]: [
        '/api/v2/roles/rol_nobody/permissions',
        method === 'get' ? undefined : { permissions: pairs('a', 'b') },
      ],
      expect: { status: 403, body: insufficient(method === 'get' ? 'read:roles' : 'update:roles') },
    })
  }
})

scenarios('/roles/{id}/users', (scenario, server) => {
  const withHolders =
    (count: number) =>
    async (server: TestServer): Promise<Made> => {
      const { id } = await createRole(server)
      const made: Made = { id }
      for (let at = 0; at < count; at++) {
        const user = await createUser(server)
        await assign(server, user.user_id, id)
        made[`user${at}`] = user.user_id
      }
      return made
    }
  const path = ({ id }: Made, more = '') => `/api/v2/roles/${id}/users${more}`

  scenario('GET lists holders with what clients show of them', {
    scopes: ['read:users', 'read:roles'],
    given: withHolders(1),
    get: (made) => [path(made)],
    expect: {
      status: 200,
      body: ({ user0 }: Made) => [{ user_id: user0, picture: any, name: any, email: any }],
    },
  })

  scenario('GET pages and counts', {
    scopes: ['read:users', 'read:roles'],
    given: withHolders(3),
    get: (made) => [path(made, '?page=1&per_page=2&include_totals=true')],
    expect: {
      status: 200,
      body: ({ user2 }: Made) => ({
        users: [{ user_id: user2, picture: any, name: any, email: any }],
        start: 2,
        limit: 2,
        total: 3,
      }),
    },
  })

  scenario('GET goes on from a checkpoint, which wins over pages', {
    scopes: ['read:users', 'read:roles'],
    given: withHolders(3),
    get: (made) => [path(made, '?take=2&per_page=50&include_totals=true')],
    expect: { status: 200, body: { users: any, next: any } },
    then: async (_server, made, { body }) => {
      const { users, next } = body as { users: { user_id: string }[]; next: string }
      assert.deepEqual(
        users.map((user) => user.user_id),
        [made.user0, made.user1],
      )
      const token = await server().token('every')
      const rest = await server().call('GET', path(made, `?take=2&from=${next}`), { token })
      const { users: last, ...others } = rest.body as { users: { user_id: string }[] }
      assert.deepEqual(
        last.map((user) => user.user_id),
        [made.user2],
      )
      assert.deepEqual(others, {})
    },
  })

  scenario('GET refuses a cursor of another kind', {
    scopes: ['read:users', 'read:roles'],
    given: withHolders(0),
    get: (made) => [path(made, '?take=2&from=x')],
    expect: { status: 400, body: badRequest(/checkpoint/u, 'invalid_paging') },
  })

  scenario('GET needs both scopes', {
    scopes: ['read:roles'],
    get: ['/api/v2/roles/rol_nobody/users'],
    expect: {
      status: 403,
      body: {
        statusCode: 403,
        error: 'Forbidden',
        message: 'Insufficient scope, expected all of: read:users,read:roles',
        errorCode: 'insufficient_scope',
      },
    },
  })

  scenario('GET answers 404 for a role that is not there', {
    scopes: ['read:users', 'read:roles'],
    get: ['/api/v2/roles/rol_nobody/users'],
    expect: { status: 404, body: noRole },
  })

  for (const scope of ['update:roles', 'create:role_members']) {
    scenario(`POST gives users the role with ${scope}`, {
      scopes: [scope],
      given: async (server) => {
        const [role, one, two] = [
          await createRole(server),
          await createUser(server),
          await createUser(server),
        ]
        return { id: role.id, one: one.user_id, two: two.user_id }
      },
      post: (made) => [path(made), { users: [made.one, made.two, made.one] }],
      expect: { status: 200, body: {}, events: ['role.assigned', 'role.assigned'] },
    })
  }

  scenario('POST to whoever holds the role changes nothing', {
    scopes: ['update:roles'],
    given: withHolders(1),
    post: (made) => [path(made), { users: [made.user0] }],
    expect: { status: 200, body: {}, events: [] },
  })

  scenario('POST gives the role to all or to none', {
    scopes: ['update:roles'],
    given: withHolders(0),
    post: (made) => [path(made), { users: ['auth0|nobody'] }],
    expect: {
      status: 404,
      body: {
        statusCode: 404,
        error: 'Not Found',
        message: 'One or more of the users do not exist.',
        errorCode: 'inexistent_user',
      },
    },
  })

  scenario('POST answers 404 for a role that is not there', {
    scopes: ['update:roles'],
    post: ['/api/v2/roles/rol_nobody/users', { users: ['auth0|x'] }],
    expect: { status: 404, body: any },
  })

  for (const [title, body] of [
    ['nobody', { users: [] }],
    ['no list', {}],
    ['what is no user id', { users: ['nobody'] }],
    ['objects for ids', { users: [{ $ne: null }] }],
    ['more than a thousand', { users: Array(1001).fill('auth0|x') }],
  ] as const) {
    scenario(`POST refuses ${title}`, {
      scopes: ['update:roles'],
      given: withHolders(0),
      post: (made) => [path(made), body],
      expect: { status: 400, body: badRequest(/^Payload validation error/u) },
    })
  }

  scenario('POST refuses a token that only reads', {
    scopes: ['read:roles', 'read:users', 'update:users'],
    given: withHolders(0),
    post: (made) => [path(made), { users: ['auth0|x'] }],
    expect: { status: 403, body: insufficient('update:roles', 'create:role_members') },
  })

  scenario('POST refuses to make an administrator of anybody without the right to', {
    scopes: ['update:roles'],
    given: async (server) => ({ user: (await createUser(server)).user_id }),
    post: ({ user }) => ['/api/v2/roles/rol_admin/users', { users: [user] }],
    expect: { status: 403, body: any },
  })

  scenario('POST gives the role to a thousand users at once', {
    scopes: ['update:roles'],
    given: async (server) => {
      const { id } = await createRole(server)
      await server.server.workspace.store.write(async (tx) => {
        for (let at = 0; at < 1000; at++) {
          await tx.users.insert({
            id: `crowd-${at}`,
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
        }
      })
      return { id }
    },
    post: (made) => [path(made), { users: Array.from({ length: 1000 }, (_, at) => `auth0|crowd-${at}`) }],
    expect: { status: 200, body: {}, events: Array(1000).fill('role.assigned') },
  })
})
