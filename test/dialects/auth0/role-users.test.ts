import assert from 'node:assert/strict'
import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { badRequest, insufficient, insufficientOfAll, noRole } from './answers.ts'
import { assign, createRole, createUser } from './given.ts'

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
      body: insufficientOfAll('read:users', 'read:roles'),
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
      expect: { status: 400, body: badRequest(/^Payload validation error/u, 'invalid_body') },
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
