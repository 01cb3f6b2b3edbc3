import assert from 'node:assert/strict'
import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { assign, createApi, createRole, createUser, pathOf, rootId } from './given.ts'

const insufficient = (...scopes: string[]) => ({
  statusCode: 403,
  error: 'Forbidden',
  message: `Insufficient scope, expected any of: ${scopes.join(',')}`,
  errorCode: 'insufficient_scope',
})
const notFound = (message: string, errorCode: string) => ({
  statusCode: 404,
  error: 'Not Found',
  message,
  errorCode,
})
const noUser = notFound('The user does not exist.', 'inexistent_user')
const noApi = notFound('The resource server does not exist', 'inexistent_resource_server')

const pairs = (api: string, ...names: string[]) =>
  names.map((name) => ({ resource_server_identifier: api, permission_name: name }))
const path = ({ user }: Made, more = '') => `${pathOf(user!)}/permissions${more}`
const post = async (server: TestServer, to: string, body: object) => {
  const { status, text } = await server.call('POST', to, { body, token: await server.token('every') })
  assert.ok(status < 300, text)
}

/** A user, and an API with three permissions. */
const given = async (server: TestServer): Promise<Made> => ({
  user: (await createUser(server)).user_id,
  api: await createApi(server, 'a:x', 'b:x', 'c:x'),
})
/** `a:x` directly, `b:x` both ways, `c:x` through a role. */
const givenAll = async (server: TestServer): Promise<Made> => {
  const made = await given(server)
  await post(server, path(made), { permissions: pairs(made.api!, 'a:x', 'b:x') })
  const role = await createRole(server)
  await post(server, `/api/v2/roles/${role.id}/permissions`, { permissions: pairs(made.api!, 'b:x', 'c:x') })
  await assign(server, made.user!, role.id)
  return { ...made, role: role.id, roleName: role.name }
}
const permission = (api: string, name: string, sources: unknown) => ({
  permission_name: name,
  description: `may ${name}`,
  resource_server_name: /^api-\d+$/u,
  resource_server_identifier: api,
  sources,
})
const direct = { source_id: '', source_name: '', source_type: 'DIRECT' }

scenarios('/users/{id}/permissions', (scenario, server) => {
  scenario('GET lists each permission once, with everything that gives it', {
    scopes: ['read:users'],
    given: givenAll,
    get: (made) => [path(made)],
    expect: {
      status: 200,
      body: ({ api, role, roleName }: Made) => {
        const byRole = { source_id: role, source_name: roleName, source_type: 'ROLE' }
        return [
          permission(api!, 'a:x', [direct]),
          permission(api!, 'b:x', [direct, byRole]),
          permission(api!, 'c:x', [byRole]),
        ]
      },
    },
  })

  scenario('GET pages and counts', {
    scopes: ['read:users'],
    given: givenAll,
    get: (made) => [path(made, '?page=1&per_page=2&include_totals=true')],
    expect: { status: 200, body: { permissions: [any], start: 2, limit: 2, total: 3 } },
  })

  scenario('GET answers an empty page past the end', {
    scopes: ['read:users'],
    given: givenAll,
    get: (made) => [path(made, '?page=7')],
    expect: { status: 200, body: [] },
  })

  scenario('GET answers 404 for a user who is not there', {
    scopes: ['read:users'],
    get: [path({ user: 'auth0|nobody' })],
    expect: { status: 404, body: noUser },
  })

  scenario('POST gives permissions, and answers 201 with {}', {
    scopes: ['update:users'],
    given,
    post: (made) => [path(made), { permissions: pairs(made.api!, 'a:x', 'b:x', 'a:x') }],
    expect: { status: 201, body: {}, events: ['user.permission-assigned', 'user.permission-assigned'] },
  })

  scenario('POST of what the user was given changes nothing', {
    scopes: ['update:users'],
    given: givenAll,
    post: (made) => [path(made), { permissions: pairs(made.api!, 'a:x', 'b:x') }],
    expect: { status: 201, body: {}, events: [] },
  })

  scenario('POST gives directly what the user has through a role already', {
    scopes: ['update:users'],
    given: givenAll,
    post: (made) => [path(made), { permissions: pairs(made.api!, 'c:x') }],
    expect: { status: 201, body: {}, events: ['user.permission-assigned'] },
  })

  scenario('POST gives all or none', {
    scopes: ['update:users'],
    given,
    post: (made) => [path(made), { permissions: pairs(made.api!, 'a:x', 'nothing:x') }],
    expect: { status: 400, body: any },
    then: async (_server, made) => {
      const token = await server().token('every')
      assert.deepEqual((await server().call('GET', path(made), { token })).body, [])
    },
  })

  scenario('POST answers 404 for an API that is not there', {
    scopes: ['update:users'],
    given,
    post: (made) => [path(made), { permissions: pairs('https://nobody/', 'a:x') }],
    expect: { status: 404, body: noApi },
  })

  scenario('POST answers 404 for a user who is not there', {
    scopes: ['update:users'],
    given,
    post: ({ api }) => [path({ user: 'auth0|nobody' }), { permissions: pairs(api!, 'a:x') }],
    expect: { status: 404, body: noUser },
  })

  scenario('POST refuses to give what the caller does not hold (security case 15)', {
    scopes: ['update:users'],
    given,
    post: (made) => [path(made), { permissions: pairs(`${server().origin}/api/v2/`, 'create:users') }],
    expect: { status: 403, body: any },
  })

  for (const [title, body] of [
    ['an empty list', { permissions: [] }],
    ['no list', {}],
    ['a pair without a name', { permissions: [{ resource_server_identifier: 'x' }] }],
    ['texts', { permissions: ['a:x'] }],
    ['more than pairs', { permissions: pairs('a', 'b'), user_id: 'auth0|x' }],
  ] as const) {
    scenario(`POST refuses ${title}`, {
      scopes: ['update:users'],
      given,
      post: (made) => [path(made), body],
      expect: { status: 400, body: any },
    })
  }

  scenario('DELETE takes what was given directly; what a role gives stays', {
    scopes: ['update:users'],
    given: givenAll,
    delete: (made) => [path(made), { permissions: pairs(made.api!, 'a:x', 'b:x', 'c:x') }],
    expect: { status: 204, body: '', events: ['user.permission-removed', 'user.permission-removed'] },
    then: async (_server, made) => {
      const token = await server().token('every')
      const { body } = await server().call('GET', path(made), { token })
      assert.deepEqual(
        (body as { permission_name: string }[]).map((each) => each.permission_name),
        ['b:x', 'c:x'],
      )
    },
  })

  scenario('DELETE of what the user does not have changes nothing', {
    scopes: ['update:users'],
    given,
    delete: (made) => [path(made), { permissions: pairs(made.api!, 'a:x') }],
    expect: { status: 204, body: '', events: [] },
  })

  for (const [method, scope] of [
    ['get', 'read:users'],
    ['post', 'update:users'],
    ['delete', 'update:users'],
  ] as const) {
    scenario(`${method.toUpperCase()} refuses a token without ${scope}`, {
      scopes: ['read:roles', 'update:roles'],
      [method]: [path({ user: 'auth0|x' }), method === 'get' ? undefined : { permissions: pairs('a', 'b') }],
      expect: { status: 403, body: insufficient(scope) },
    })
  }
})

scenarios('/users/{id}/effective-*', (scenario, server) => {
  const effective = ({ user }: Made, api: string, more = '') =>
    `${pathOf(user!)}/effective-permissions?resource_server_identifier=${encodeURIComponent(api)}${more}`
  const found = (api: string, name: string, ...sources: string[]) => permission(api, name, sources)

  scenario('permissions of one API say whether they came directly or through roles', {
    scopes: ['read:user_effective_permissions'],
    given: async (server) => {
      const made = await givenAll(server)
      const other = await createApi(server, 'd:x')
      await post(server, path(made), { permissions: pairs(other, 'd:x') })
      return made
    },
    get: (made) => [effective(made, made.api!)],
    expect: {
      status: 200,
      body: ({ api }: Made) => ({
        permissions: [
          found(api!, 'a:x', 'direct'),
          found(api!, 'b:x', 'direct', 'roles'),
          found(api!, 'c:x', 'roles'),
        ],
      }),
    },
  })

  scenario('permissions go on from a checkpoint', {
    scopes: ['read:user_effective_permissions'],
    given: givenAll,
    get: (made) => [effective(made, made.api!, '&take=2')],
    expect: { status: 200, body: { permissions: [any, any], next: any } },
    then: async (_server, made, { body }) => {
      const { next } = body as { next: string }
      const token = await server().token('read:user_effective_permissions')
      const rest = await server().call('GET', effective(made, made.api!, `&take=2&from=${next}`), { token })
      assert.equal((rest.body as { permissions: unknown[] }).permissions.length, 1)
      assert.ok(!('next' in (rest.body as object)))
    },
  })

  scenario('permissions of the Management API are asked for by the host’s own name', {
    scopes: ['read:user_effective_permissions'],
    given: async (server) => ({ user: await rootId(server) }),
    get: (made) => [effective(made, `${server().origin}/api/v2/`)],
    expect: { status: 200, body: { permissions: [] } },
  })

  scenario('permissions need an API', {
    scopes: ['read:user_effective_permissions'],
    given,
    get: ({ user }) => [`${pathOf(user!)}/effective-permissions`],
    expect: { status: 400, body: any },
  })

  scenario('permissions of an API that is not there are 404', {
    scopes: ['read:user_effective_permissions'],
    given,
    get: (made) => [effective(made, 'https://nobody/')],
    expect: { status: 404, body: noApi },
  })

  scenario('permissions of a user who is not there are 404', {
    scopes: ['read:user_effective_permissions'],
    get: [effective({ user: 'auth0|nobody' }, 'x')],
    expect: { status: 404, body: noUser },
  })

  scenario('permissions refuse a foreign cursor', {
    scopes: ['read:user_effective_permissions'],
    given,
    get: (made) => [effective(made, made.api!, '&from=x')],
    expect: { status: 400, body: any },
  })

  scenario('roles say whether they were given or come with another', {
    scopes: ['read:user_effective_roles'],
    given: async (server) => {
      const [user, outer, inner] = [
        await createUser(server),
        await createRole(server),
        await createRole(server),
      ]
      await assign(server, user.user_id, outer.id)
      await server.server.workspace.store.write(async (tx) => {
        const [roleId, includedRoleId] = [outer.id.slice(4), inner.id.slice(4)]
        await tx.roles.addInclusion({ roleId, includedRoleId })
      })
      return { user: user.user_id, outer: outer.id, inner: inner.id }
    },
    get: ({ user }) => [`${pathOf(user!)}/effective-roles`],
    expect: {
      status: 200,
      body: ({ outer, inner }: Made) => ({
        roles: [
          { id: outer, name: any, description: '', sources: ['direct'] },
          { id: inner, name: any, description: '', sources: ['roles'] },
        ],
      }),
    },
  })

  scenario('roles of a user who is not there are 404', {
    scopes: ['read:user_effective_roles'],
    get: [`${pathOf('auth0|nobody')}/effective-roles?take=1`],
    expect: { status: 404, body: noUser },
  })

  for (const [what, scope] of [
    ['permissions?resource_server_identifier=x', 'read:user_effective_permissions'],
    ['roles', 'read:user_effective_roles'],
  ] as const) {
    scenario(`effective-${what} refuses a token without ${scope}`, {
      scopes: ['read:roles', 'update:users'],
      get: [`${pathOf('auth0|x')}/effective-${what}`],
      expect: { status: 403, body: insufficient(scope) },
    })
  }
})
