import assert from 'node:assert/strict'
import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { noUser } from './answers.ts'
import { assign, createRole, createUser, pathOf } from './given.ts'

const given = async (server: TestServer): Promise<Made> => ({ user: (await createUser(server)).user_id })

scenarios('what clients read of a user', (scenario) => {
  const lists: [path: string, scope: string, body: unknown][] = [
    ['sessions', 'read:sessions', { sessions: [] }],
    ['sessions?take=5', 'read:sessions', { sessions: [] }],
    ['refresh-tokens', 'read:refresh_tokens', { tokens: [] }],
    ['connected-accounts', 'read:users', { connected_accounts: [] }],
    ['groups', 'read:users', { groups: [] }],
    ['enrollments', 'read:users', []],
    ['authentication-methods', 'read:users', []],
    [
      'authentication-methods?include_totals=true&page=1&per_page=10',
      'read:users',
      { authenticators: [], start: 10, limit: 10, total: 0 },
    ],
    ['organizations', 'read:organizations', []],
    [
      'organizations?include_totals=true',
      'read:organizations',
      { organizations: [], start: 0, limit: 50, total: 0 },
    ],
  ]
  for (const [path, scope, body] of lists) {
    scenario(`GET ${path} is empty`, {
      scopes: [scope],
      given,
      get: ({ user }) => [`${pathOf(user!)}/${path}`],
      expect: { status: 200, body },
    })
    if (path.includes('?')) continue
    scenario(`GET ${path} answers 404 for a user who is not there`, {
      scopes: [scope],
      get: [`${pathOf('auth0|nobody')}/${path}`],
      expect: { status: 404, body: noUser },
    })
    scenario(`GET ${path} refuses a token without ${scope}`, {
      scopes: ['update:users'],
      get: [`${pathOf('auth0|nobody')}/${path}`],
      expect: { status: 403, body: any },
    })
    scenario(`GET ${path} refuses what is no user id`, {
      scopes: [scope],
      get: [`/api/v2/users/nobody/${path}`],
      expect: { status: 400, body: any },
    })
  }

  for (const [method, path, scope, status] of [
    ['delete', 'sessions', 'delete:sessions', 202],
    ['delete', 'refresh-tokens', 'delete:refresh_tokens', 202],
    ['delete', 'multifactor/duo', 'update:users', 204],
    ['delete', 'authenticators', 'update:users', 204],
    ['delete', 'authentication-methods', 'update:users', 204],
    ['post', 'multifactor/actions/invalidate-remember-browser', 'update:users', 204],
  ] as const) {
    const title = `${method.toUpperCase()} ${path}`
    scenario(`${title} answers ${status}`, {
      scopes: [scope],
      given,
      [method]: ({ user }: Made) => [`${pathOf(user!)}/${path}`],
      expect: { status, body: '' },
    })
    scenario(`${title} answers 404 for a user who is not there`, {
      scopes: [scope],
      [method]: [`${pathOf('auth0|nobody')}/${path}`],
      expect: { status: 404, body: noUser },
    })
    scenario(`${title} refuses a token without ${scope}`, {
      scopes: ['read:users'],
      [method]: [`${pathOf('auth0|nobody')}/${path}`],
      expect: { status: 403, body: any },
    })
  }

  scenario('GET organizations lists those the user is a member of', {
    scopes: ['read:organizations'],
    given: async (server) => {
      const made = await given(server)
      await server.server.workspace.store.write(async (tx) => {
        const id = `org${Math.random().toString(36).slice(2)}`
        await tx.organizations.insert({
          id,
          name: id,
          displayName: 'Shown',
          metadata: {},
          createdAt: 0,
          updatedAt: 0,
          extensions: {},
        })
        const userId = made.user!.slice('auth0|'.length)
        await tx.memberships.add({ userId, scope: `organization:${id}`, createdAt: 0 })
        made.organization = id
      })
      return made
    },
    get: ({ user }) => [`${pathOf(user!)}/organizations`],
    expect: { status: 200, body: any },
    then: async (_server, { organization }, { body }) => {
      const [shown] = body as [{ id: string; name: string; display_name: string }]
      assert.deepEqual(
        [shown.id, shown.name, shown.display_name],
        [`org_${organization}`, organization, 'Shown'],
      )
    },
  })
})

scenarios('/users/{id}/logs', (scenario) => {
  const withHistory = async (server: TestServer): Promise<Made> => {
    const made = await given(server)
    await assign(server, made.user!, (await createRole(server)).id)
    return made
  }
  const path = ({ user }: Made, more = '') => `${pathOf(user!)}/logs${more}`

  for (const scope of ['read:logs', 'read:logs_users']) {
    scenario(`GET with ${scope} tells what happened to the user, newest first`, {
      scopes: [scope],
      given: withHistory,
      get: (made) => [path(made)],
      expect: { status: 200, body: any },
      then: async (_server, { user }, { body }) => {
        const logs = body as { description: string; type: string; user_id: string; client_id: string }[]
        assert.deepEqual(
          logs.map(({ description, type, user_id, client_id }) => [description, type, user_id, client_id]),
          [
            ['Assign roles to a user', 'sapi', user, 'operator'],
            ['Create a User', 'sapi', user, 'operator'],
          ],
        )
      },
    })
  }

  scenario('GET pages, counts and sorts', {
    scopes: ['read:logs'],
    given: withHistory,
    get: (made) => [path(made, '?sort=date:1&per_page=1&page=1&include_totals=true')],
    expect: { status: 200, body: { logs: [any], start: 1, limit: 1, length: 1, total: 2 } },
    then: async (_server, _made, { body }) => {
      const [log] = (body as { logs: { details: { event: string } }[] }).logs
      assert.equal(log!.details.event, 'role.assigned')
    },
  })

  scenario('GET is empty for a user who never was', {
    scopes: ['read:logs'],
    get: [path({ user: 'auth0|nobody' })],
    expect: { status: 200, body: [] },
  })

  for (const take of ['x', '0', '-1', '1.5', '101']) {
    scenario(`GET refuses take=${take}`, {
      scopes: ['read:logs'],
      get: [path({ user: 'auth0|nobody' }, `?take=${take}`)],
      expect: { status: 400, body: any },
    })
  }

  scenario('GET refuses to sort by something else', {
    scopes: ['read:logs'],
    get: [path({ user: 'auth0|nobody' }, '?sort=data:1')],
    expect: { status: 400, body: any },
  })

  scenario('GET refuses a token without the scope', {
    scopes: ['read:users'],
    get: [path({ user: 'auth0|nobody' })],
    expect: { status: 403, body: any },
  })
})
