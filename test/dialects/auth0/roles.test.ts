import assert from 'node:assert/strict'
import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { badRequest, insufficient, noRole } from './answers.ts'
import { assign, createRole, createUser } from './given.ts'

const roleId = /^rol_[0-9a-f]{24}$/u
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
      expect: { status: 400, body: badRequest(message, 'invalid_body') },
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
    expect: { status: 400, body: badRequest(/Additional properties not allowed: id/u, 'invalid_body') },
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
