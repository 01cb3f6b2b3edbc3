import { type Made, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { badRequest, insufficient, noUser } from './answers.ts'
import { createUser, pathOf } from './given.ts'

scenarios('GET /users/{id}', (scenario) => {
  const withUser = {
    scopes: ['read:users'],
    given: async (server: TestServer) => ({
      id: (await createUser(server, { app_metadata: { plan: { name: 'gold', seats: 3 } } })).user_id,
    }),
  }

  scenario('picks fields, into metadata too', {
    ...withUser,
    get: ({ id }) => [`${pathOf(id!)}?fields=user_id,app_metadata.plan.name`],
    expect: {
      status: 200,
      body: ({ id }: Made) => ({ user_id: id, app_metadata: { plan: { name: 'gold' } } }),
    },
  })

  scenario('leaves fields out', {
    ...withUser,
    get: ({ id }) => [
      `${pathOf(id!)}?include_fields=false&fields=identities,created_at,updated_at,picture,name,nickname,email_verified,email`,
    ],
    expect: {
      status: 200,
      body: ({ id }: Made) => ({ user_id: id, app_metadata: { plan: { name: 'gold', seats: 3 } } }),
    },
  })

  scenario('refuses a value that is no flag', {
    ...withUser,
    get: ({ id }) => [`${pathOf(id!)}?include_fields=maybe`],
    expect: { status: 400, body: badRequest(/^Query validation error/u, 'invalid_query_string') },
  })

  scenario('answers 404 for nobody', {
    scopes: ['read:users'],
    get: [pathOf('auth0|nobody')],
    expect: { status: 404, body: noUser },
  })

  for (const id of ['nobody', 'auth0%7C', '%7Cx', 'rol_admin', '%20', '..%2F..']) {
    scenario(`refuses ${id}, which is no user id`, {
      scopes: ['read:users'],
      get: [`/api/v2/users/${id}`],
      expect: { status: 400, body: badRequest(/^Path validation error: .*format user-id/u, 'invalid_uri') },
    })
  }

  for (const [wire, subject] of [
    ['auth0%7C%257C', '%7C'],
    ['auth0%7Ca%2Fb', 'a/b'],
    ['auth0%7C%C3%A4%F0%9F%91%A9', 'ä👩'],
    ['auth0|raw', 'raw'],
    ['auth0%7C%2525', '%25'],
    ['auth0%7C%3Fq=1%23', '?q=1#'],
    ['auth0%7Ca%7Cb', 'a|b'],
  ] as const) {
    scenario(`decodes ${wire} once (security case 10)`, {
      scopes: ['read:users'],
      given: async (server) => {
        await createUser(server, { user_id: subject })
        return {}
      },
      get: [`/api/v2/users/${wire}?fields=user_id`],
      expect: { status: 200, body: { user_id: `auth0|${subject}` } },
    })
  }

  for (const path of ['/api/v2/nothing/%00', '/api/v2/users/auth0%7C%00/nothing']) {
    scenario(`answers 404 for ${path}, where there is no route to refuse it`, {
      scopes: ['read:users'],
      get: [path],
      expect: { status: 404, body: { statusCode: 404, error: 'Not Found', message: 'Not Found' } },
    })
  }

  scenario('refuses a path that is not well encoded', {
    scopes: ['read:users'],
    get: ['/api/v2/users/auth0%7C%FF'],
    expect: { status: 400, body: badRequest(/^Path validation error/u, 'invalid_uri') },
  })

  scenario('refuses a token that may read something else', {
    scopes: ['read:roles', 'update:users'],
    get: [pathOf('auth0|x')],
    expect: { status: 403, body: insufficient('read:users', 'read:user_idp_tokens', 'read:current_user') },
  })

  scenario('refuses a machine whose token reads only the current user', {
    ...withUser,
    scopes: ['read:current_user'],
    get: ({ id }) => [pathOf(id!)],
    expect: {
      status: 403,
      body: {
        statusCode: 403,
        error: 'Forbidden',
        message: 'User to be acted on does not match subject in bearer token.',
      },
    },
  })
})
