import assert from 'node:assert/strict'
import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { insufficient, noApi, noUser } from './answers.ts'
import { assign, createApi, createRole, createUser, pathOf } from './given.ts'

const pairs = (api: string, ...names: string[]) =>
  names.map((name) => ({ resource_server_identifier: api, permission_name: name }))
const path = ({ user }: Made, more = '') => `${pathOf(user!)}/permissions${more}`
const post = async (server: TestServer, to: string, body: object) => {
  const { status, text } = await server.call('POST', to, { body, token: await server.token('every') })
  assert.ok(status < 300, text)
}
const given = async (server: TestServer): Promise<Made> => ({
  user: (await createUser(server)).user_id,
  api: await createApi(server, 'a:x', 'b:x', 'c:x'),
})
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
