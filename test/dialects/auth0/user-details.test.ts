import assert from 'node:assert/strict'
import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { assign, connection, createRole, createUser, pathOf, rootId } from './given.ts'

const noUser = {
  statusCode: 404,
  error: 'Not Found',
  message: 'The user does not exist.',
  errorCode: 'inexistent_user',
}
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

scenarios('/user-blocks', (scenario) => {
  scenario('GET by id is empty', {
    scopes: ['read:users'],
    given,
    get: ({ user }) => [`/api/v2/user-blocks/${encodeURIComponent(user!)}`],
    expect: { status: 200, body: { blocked_for: [] } },
  })
  scenario('GET by id answers 404 for a user who is not there', {
    scopes: ['read:users'],
    get: ['/api/v2/user-blocks/auth0%7Cnobody'],
    expect: { status: 404, body: noUser },
  })
  scenario('GET by identifier tells nothing of whether somebody has it', {
    scopes: ['read:users'],
    get: ['/api/v2/user-blocks?identifier=nobody%40example.com'],
    expect: { status: 200, body: { blocked_for: [] } },
  })
  scenario('GET needs an identifier', {
    scopes: ['read:users'],
    get: ['/api/v2/user-blocks'],
    expect: { status: 400, body: any },
  })
  scenario('DELETE by id answers 204', {
    scopes: ['update:users'],
    given,
    delete: ({ user }) => [`/api/v2/user-blocks/${encodeURIComponent(user!)}`],
    expect: { status: 204, body: '' },
  })
  scenario('DELETE by identifier answers 204', {
    scopes: ['update:users'],
    delete: ['/api/v2/user-blocks?identifier=x'],
    expect: { status: 204, body: '' },
  })
  scenario('GET refuses a token without read:users', {
    scopes: ['update:users'],
    get: ['/api/v2/user-blocks?identifier=x'],
    expect: { status: 403, body: any },
  })
  scenario('DELETE refuses a token that only reads', {
    scopes: ['read:users'],
    delete: ['/api/v2/user-blocks?identifier=x'],
    expect: { status: 403, body: any },
  })
})

scenarios('/users/{id}/identities', (scenario, server) => {
  const two = async (server: TestServer): Promise<Made> => {
    const [one, other] = [await createUser(server), await createUser(server)]
    return { user: one.user_id, other: other.user_id, subject: other.user_id.slice('auth0|'.length) }
  }
  const path = ({ user }: Made, more = '') => `${pathOf(user!)}/identities${more}`
  const linked = async (server: TestServer): Promise<Made> => {
    const made = await two(server)
    const token = await server.token('every')
    const body = { provider: 'auth0', user_id: made.subject }
    const { status, text } = await server.call('POST', path(made), { token, body })
    assert.equal(status, 201, text)
    return made
  }

  for (const form of ['subject', 'other'] as const) {
    scenario(`POST links a user by his ${form === 'subject' ? 'bare' : 'whole'} id, who is gone then`, {
      scopes: ['update:users'],
      given: two,
      post: (made) => [path(made), { provider: 'auth0', user_id: made[form] }],
      expect: {
        status: 201,
        body: ({ user, subject }: Made) => [
          { provider: 'auth0', user_id: user!.slice('auth0|'.length), connection, isSocial: false },
          { provider: 'auth0', user_id: subject, connection, isSocial: false, profileData: any },
        ],
        events: ['user.deleted', 'user.identity-linked'],
      },
      then: async (_server, { other }) => {
        const token = await server().token('every')
        assert.equal((await server().call('GET', pathOf(other!), { token })).status, 404)
      },
    })
  }

  const wrong: [title: string, body: (made: Made) => object, status: number][] = [
    ['nobody', () => ({ provider: 'auth0', user_id: 'nobody' }), 404],
    ['nobody of another provider', () => ({ provider: 'google-oauth2', user_id: 123 }), 404],
    ['himself', ({ user }) => ({ provider: 'auth0', user_id: user }), 400],
    ['no provider', ({ subject }) => ({ user_id: subject }), 400],
    ['no id', () => ({ provider: 'auth0' }), 400],
    ['an unknown property', ({ subject }) => ({ provider: 'auth0', user_id: subject, primary: 'x' }), 400],
    ['an object for an id', () => ({ provider: 'auth0', user_id: { $ne: null } }), 400],
    ['a token, before there is a sign-in', () => ({ link_with: 'a.b.c' }), 400],
  ]
  for (const [title, body, status] of wrong) {
    scenario(`POST refuses ${title}`, {
      scopes: ['update:users'],
      given: two,
      post: (made) => [path(made), body(made)],
      expect: { status, body: any },
    })
  }

  scenario('POST refuses to swallow an administrator for who may less', {
    scopes: ['update:users'],
    given: async (server) => ({ ...(await two(server)), root: await rootId(server) }),
    post: (made) => [path(made), { provider: 'auth0', user_id: made.root }],
    expect: { status: 403, body: any },
    then: async (_server, _made, { body }) => {
      assert.equal((body as { errorCode: string }).errorCode, 'insufficient_scope')
    },
  })

  scenario('POST refuses a token without update:users', {
    scopes: ['read:users', 'create:users'],
    given: two,
    post: (made) => [path(made), { provider: 'auth0', user_id: made.subject }],
    expect: { status: 403, body: any },
  })

  scenario('DELETE unlinks an identity, and answers what is left', {
    scopes: ['update:users'],
    given: linked,
    delete: (made) => [path(made, `/auth0/${made.subject}`)],
    expect: { status: 200, body: [any], events: ['user.identity-unlinked'] },
  })

  scenario('DELETE refuses the main identity', {
    scopes: ['update:users'],
    given: linked,
    delete: (made) => [path(made, `/auth0/${made.user!.slice('auth0|'.length)}`)],
    expect: { status: 400, body: any },
  })

  scenario('DELETE answers 404 for an identity that is not there', {
    scopes: ['update:users'],
    given: linked,
    delete: (made) => [path(made, '/google-oauth2/a%2Fb')],
    expect: { status: 404, body: any },
  })

  scenario('DELETE refuses a token without update:users', {
    scopes: ['read:users', 'delete:users'],
    given: linked,
    delete: (made) => [path(made, `/auth0/${made.subject}`)],
    expect: { status: 403, body: any },
  })
})
