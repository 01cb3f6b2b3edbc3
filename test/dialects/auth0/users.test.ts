import assert from 'node:assert/strict'
import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { assign, connection, createRole, createUser, pathOf, rootId, strongPassword } from './given.ts'

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u
const userId = /^auth0\|[0-9a-f]{24}$/u

const insufficient = (...scopes: string[]) => ({
  statusCode: 403,
  error: 'Forbidden',
  message: `Insufficient scope, expected any of: ${scopes.join(',')}`,
  errorCode: 'insufficient_scope',
})
const badRequest = (message: string | RegExp, errorCode?: string) => ({
  statusCode: 400,
  error: 'Bad Request',
  message,
  ...(errorCode !== undefined && { errorCode }),
})
const noUser = {
  statusCode: 404,
  error: 'Not Found',
  message: 'The user does not exist.',
  errorCode: 'inexistent_user',
}

scenarios('POST /users', (scenario) => {
  const asCreator = { scopes: ['create:users'] }
  const bob = { connection, email: 'Bob@Example.com', password: strongPassword }

  scenario('creates a user with the names clients expect, and an address in lower case', {
    ...asCreator,
    post: ['/api/v2/users', bob],
    expect: {
      status: 201,
      body: {
        user_id: userId,
        email: 'bob@example.com',
        email_verified: false,
        name: 'bob@example.com',
        nickname: 'bob',
        picture: /^https:\/\/localhost:\d+\/avatars\/b\.svg$/u,
        created_at: instant,
        updated_at: instant,
        identities: [{ connection, user_id: /^[0-9a-f]{24}$/u, provider: 'auth0', isSocial: false }],
      },
      events: ['user.created'],
    },
    then: async (server, _made, { body }) => {
      const { picture } = body as { picture: string }
      const drawn = await server.call('GET', new URL(picture).pathname)
      assert.equal(drawn.status, 200)
      assert.match(drawn.headers['content-type']!, /^image\/svg\+xml/u)
      assert.match(drawn.text, />B</u)
    },
  })

  scenario('refuses an e-mail address that is taken, in any letter case', {
    ...asCreator,
    given: async (server) => ({ email: (await createUser(server)).email }),
    post: ({ email }) => ['/api/v2/users', { ...bob, email: email!.toUpperCase() }],
    expect: {
      status: 409,
      body: {
        statusCode: 409,
        error: 'Conflict',
        message: 'The user already exists.',
        errorCode: 'auth0_idp_error',
      },
    },
  })

  scenario('keeps everything it is given', {
    ...asCreator,
    post: [
      '/api/v2/users',
      {
        ...bob,
        email: 'all@example.com',
        user_id: 'kept-Ä/1%2F',
        phone_number: '+4912345',
        phone_verified: true,
        email_verified: true,
        verify_email: false,
        blocked: false,
        name: 'Bob All',
        nickname: 'bobby',
        given_name: 'Bob',
        family_name: 'All',
        picture: 'https://example.com/bob.png',
        user_metadata: { colour: 'red', nested: { a: [1, null] } },
        app_metadata: { plan: 'gold' },
      },
    ],
    expect: {
      status: 201,
      body: {
        user_id: 'auth0|kept-Ä/1%2F',
        email: 'all@example.com',
        email_verified: true,
        phone_number: '+4912345',
        phone_verified: true,
        blocked: false,
        name: 'Bob All',
        nickname: 'bobby',
        given_name: 'Bob',
        family_name: 'All',
        picture: 'https://example.com/bob.png',
        user_metadata: { colour: 'red', nested: { a: [1, null] } },
        app_metadata: { plan: 'gold' },
        created_at: any,
        updated_at: any,
        identities: [{ connection, user_id: 'kept-Ä/1%2F', provider: 'auth0', isSocial: false }],
      },
      events: ['user.created'],
    },
    then: async (server) => {
      const token = await server.token('every')
      const { body } = await server.call('GET', pathOf('auth0|kept-Ä/1%2F'), { token })
      assert.equal((body as { name: string }).name, 'Bob All')
    },
  })

  scenario('refuses an id that is taken', {
    ...asCreator,
    given: async (server) => ({ id: (await createUser(server)).user_id.slice('auth0|'.length) }),
    post: ({ id }) => ['/api/v2/users', { ...bob, email: 'second@example.com', user_id: id }],
    expect: { status: 409, body: any },
  })

  scenario('does not read an id with a provider as another user’s', {
    ...asCreator,
    post: ['/api/v2/users', { ...bob, email: 'third@example.com', user_id: 'google-oauth2|1' }],
    expect: { status: 201, body: any, events: ['user.created'] },
    then: async (_server, _made, { body }) => {
      assert.equal((body as { user_id: string }).user_id, 'auth0|google-oauth2|1')
    },
  })

  const eve = { connection, email: 'eve@example.com', password: strongPassword }
  const malformed: [title: string, body: object, message: string | RegExp, errorCode?: string][] = [
    [
      'no connection',
      { email: 'x@example.com', connection: undefined },
      "Payload validation error: 'Missing required property: connection'.",
      'invalid_body',
    ],
    ['an unknown connection', { connection: 'nobody' }, 'Connection does not exist.', 'invalid_body'],
    [
      'an unknown property',
      { roles: ['rol_admin'] },
      "Payload validation error: 'Additional properties not allowed: roles'.",
      'invalid_body',
    ],
    ['no e-mail address', { email: undefined }, /Missing required property: email/u, 'invalid_body'],
    ['a bad e-mail address', { email: 'x' }, /format email: x' on property email/u, 'invalid_body'],
    ['no password', { password: undefined }, /Missing required property: password/u, 'invalid_body'],
    [
      'a password of the wrong type',
      { password: 1 },
      /Expected type string but found type integer/u,
      'invalid_body',
    ],
    ['a weak password', { password: 'letmein' }, 'PasswordStrengthError: Password is too weak'],
    [
      'a user name the connection does not ask for',
      { username: 'bob' },
      'Cannot set username for connection without requires_username.',
      'invalid_body',
    ],
    ['a phone number without country', { phone_number: '12345' }, /does not match pattern/u, 'invalid_body'],
    ['an id with blanks', { user_id: 'a b' }, /does not match pattern/u, 'invalid_body'],
    ['an id that is too long', { user_id: 'a'.repeat(256) }, /String is too long/u, 'invalid_body'],
    [
      'metadata that is no object',
      { app_metadata: [] },
      /Expected type object but found type array/u,
      'invalid_body',
    ],
    ['metadata with a dot in a key', { user_metadata: { 'a.b': 1 } }, /user_metadata/u, 'invalid_body'],
    [
      'metadata with a dollar sign before a key',
      { app_metadata: { $set: 1 } },
      /app_metadata/u,
      'invalid_body',
    ],
    ['null for the name', { name: null }, /Expected type string but found type null/u, 'invalid_body'],
  ]
  for (const [title, body, message, errorCode] of malformed) {
    scenario(`refuses ${title}`, {
      ...asCreator,
      post: ['/api/v2/users', { ...eve, ...body }],
      expect: { status: 400, body: badRequest(message, errorCode) },
    })
  }

  scenario('refuses a token without create:users', {
    scopes: ['read:users', 'update:users'],
    post: ['/api/v2/users', bob],
    expect: { status: 403, body: insufficient('create:users') },
  })

  scenario('refuses whoever is nobody, whatever ids the body has (security case 19)', {
    post: ['/api/v2/users', { ...bob, user_id: 'root', userId: 'root', sub: 'root' }],
    expect: {
      status: 401,
      body: { statusCode: 401, error: 'Unauthorized', message: 'Missing authentication' },
    },
  })

  scenario('tells only metadata that was emptied on purpose', {
    ...asCreator,
    post: ['/api/v2/users', { ...bob, email: 'empty@example.com', user_metadata: {}, app_metadata: {} }],
    expect: { status: 201, body: any, events: ['user.created'] },
    then: async (_server, _made, { body }) => {
      assert.deepEqual((body as { user_metadata: unknown }).user_metadata, {})
      assert.ok(!('app_metadata' in (body as object)))
    },
  })
})

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

scenarios('PATCH /users/{id}', (scenario) => {
  const withUser = (user: object = {}) => ({
    scopes: ['update:users'],
    given: async (server: TestServer) => {
      const { user_id: id, email } = await createUser(server, user)
      return { id, email }
    },
  })

  scenario('merges metadata one level deep: given keys replace, null removes', {
    ...withUser({ user_metadata: { a: 1, b: { c: 1, d: 2 }, e: 'x' } }),
    patch: ({ id }) => [pathOf(id!), { user_metadata: { a: 2, b: { c: 3 }, e: null, f: [1] } }],
    expect: { status: 200, body: any, events: ['user.updated'] },
    then: async (_server, _made, { body }) => {
      assert.deepEqual((body as { user_metadata: unknown }).user_metadata, { a: 2, b: { c: 3 }, f: [1] })
    },
  })

  scenario('empties metadata with {}: one stays empty in the answer, the other goes', {
    ...withUser({ user_metadata: { a: 1 }, app_metadata: { b: 1 } }),
    patch: ({ id }) => [pathOf(id!), { user_metadata: {}, app_metadata: {} }],
    expect: { status: 200, body: any, events: ['user.updated'] },
    then: async (_server, _made, { body }) => {
      assert.deepEqual((body as { user_metadata: unknown }).user_metadata, {})
      assert.ok(!('app_metadata' in (body as object)))
    },
  })

  scenario('changes nothing, and says nothing, when the values are the same', {
    ...withUser({ name: 'Same', user_metadata: { a: 1 } }),
    patch: ({ id, email }) => [pathOf(id!), { name: 'Same', email, user_metadata: { a: 1 } }],
    expect: { status: 200, body: any, events: [] },
  })

  scenario('answers the full user, with what null cleared made up again', {
    ...withUser({ name: 'Named', given_name: 'Given', picture: 'https://example.com/x.png' }),
    patch: ({ id }) => [pathOf(id!), { name: null, given_name: null, picture: null, blocked: false }],
    expect: {
      status: 200,
      body: ({ id, email }: Made) => ({
        user_id: id,
        email,
        email_verified: false,
        name: email,
        nickname: any,
        picture: /\/avatars\/u[0-9]?\.svg$/u,
        blocked: false,
        created_at: instant,
        updated_at: instant,
        identities: any,
      }),
      events: ['user.updated'],
    },
  })

  scenario('blocks a user', {
    ...withUser(),
    patch: ({ id }) => [pathOf(id!), { blocked: true }],
    expect: { status: 200, body: any, events: ['user.blocked'] },
    then: async (_server, _made, { body }) => assert.equal((body as { blocked: boolean }).blocked, true),
  })

  scenario('changes a password, and never shows one', {
    ...withUser(),
    patch: ({ id }) => [pathOf(id!), { password: 'Another-horse-2', connection }],
    expect: { status: 200, body: any, events: ['user.password-changed'] },
    then: async (_server, _made, { text }) => assert.doesNotMatch(text, /password_?hash|argon|Another/iu),
  })

  scenario('takes the proof of an address away with the address', {
    ...withUser({ email_verified: true }),
    patch: ({ id }) => [pathOf(id!), { email: `NEW-${Math.random()}@example.com`, verify_email: false }],
    expect: { status: 200, body: any, events: ['user.updated'] },
    then: async (_server, _made, { body }) => {
      const { email, email_verified } = body as { email: string; email_verified: boolean }
      assert.equal(email_verified, false)
      assert.match(email, /^new-/u)
    },
  })

  const apart: [string, object][] = [
    ['password and email', { password: strongPassword, email: 'a@example.com' }],
    ['password and email_verified', { password: strongPassword, email_verified: true }],
    ['username and email', { username: 'a', email: 'a@example.com' }],
    ['username and email_verified', { username: 'a', email_verified: true }],
    ['username and password', { username: 'a', password: strongPassword }],
  ]
  for (const [both, body] of apart) {
    scenario(`refuses ${both} in one call`, {
      ...withUser(),
      patch: ({ id }) => [pathOf(id!), body],
      expect: { status: 400, body: badRequest(`Cannot update ${both} simultaneously.`, 'invalid_body') },
    })
  }

  scenario('refuses an address that is somebody else’s', {
    ...withUser(),
    patch: ({ id }) => [pathOf(id!), { email: 'root@example.com' }],
    expect: {
      status: 400,
      body: badRequest('The specified new email already exists', 'auth0_idp_error'),
    },
  })

  const malformed: [title: string, body: unknown, message: string | RegExp, errorCode?: string][] = [
    [
      'an unknown property',
      { user_id: 'auth0|other' },
      /Additional properties not allowed: user_id/u,
      'invalid_body',
    ],
    [
      'another’s id in the body (security case 10)',
      { id: 'auth0|other' },
      /Additional properties not allowed: id/u,
      'invalid_body',
    ],
    [
      'roles in the body (security case 15)',
      { roles: ['rol_admin'] },
      /Additional properties not allowed: roles/u,
      'invalid_body',
    ],
    ['a weak password', { password: 'weak' }, 'PasswordStrengthError: Password is too weak'],
    [
      'an unknown connection',
      { connection: 'nobody', password: strongPassword },
      'Connection does not exist.',
      'invalid_body',
    ],
    [
      'a flag of the wrong type',
      { blocked: 'yes' },
      /Expected type boolean but found type string/u,
      'invalid_body',
    ],
    ['null for a flag', { blocked: null }, /Expected type boolean but found type null/u, 'invalid_body'],
    ['an array', [], /Expected type object but found type array/u, 'invalid_body'],
    ['text that is no JSON', '{', /not valid JSON/u, 'invalid_body'],
    ['half a surrogate pair', '{"name":"\\ud800"}', /surrogate/u, 'invalid_body'],
    ['a NUL character', '{"app_metadata":{"a":["\\u0000"]}}', /NUL/u, 'invalid_body'],
  ]
  for (const [title, body, message, errorCode] of malformed) {
    scenario(`refuses ${title}`, {
      ...withUser(),
      patch: ({ id }) => [pathOf(id!), body],
      expect: { status: 400, body: badRequest(message, errorCode) },
    })
  }

  scenario('answers 404 for nobody', {
    scopes: ['update:users'],
    patch: [pathOf('auth0|nobody'), { name: 'x' }],
    expect: { status: 404, body: noUser },
  })

  scenario('lets a token with update:users_app_metadata change just that', {
    ...withUser(),
    scopes: ['update:users_app_metadata'],
    patch: ({ id }) => [pathOf(id!), { app_metadata: { plan: 'gold' } }],
    expect: { status: 200, body: any, events: ['user.updated'] },
  })

  for (const more of [{ user_metadata: { a: 1 } }, { blocked: true }, { email_verified: true }, {}]) {
    scenario(`refuses a token with update:users_app_metadata that also sends ${JSON.stringify(more)}`, {
      ...withUser(),
      scopes: ['update:users_app_metadata'],
      patch: ({ id }) => [
        pathOf(id!),
        { ...(more.blocked !== undefined && { app_metadata: { a: 1 } }), ...more },
      ],
      expect: { status: 403, body: any },
    })
  }

  scenario('refuses to block the last administrator', {
    scopes: ['every'],
    given: async (server) => ({ id: await rootId(server) }),
    patch: ({ id }) => [pathOf(id!), { blocked: true }],
    expect: { status: 403, body: any },
    then: async (_server, _made, { body }) => {
      assert.equal((body as { errorCode: string }).errorCode, 'last_administrator')
    },
  })

  scenario('refuses to let who only changes users take over an administrator', {
    scopes: ['update:users'],
    given: async (server) => ({ id: await rootId(server) }),
    patch: ({ id }) => [pathOf(id!), { password: strongPassword }],
    expect: { status: 403, body: any },
  })
})

scenarios('DELETE /users/{id}', (scenario) => {
  scenario('deletes a user with his roles', {
    scopes: ['delete:users'],
    given: async (server) => {
      const [{ user_id: id }, role] = [await createUser(server), await createRole(server)]
      await assign(server, id, role.id)
      return { id }
    },
    delete: ({ id }) => [pathOf(id!)],
    expect: { status: 204, body: '', events: ['role.removed', 'user.deleted'] },
    then: async (server, { id }) => {
      const answer = await server.call('GET', pathOf(id!), { token: await server.token('every') })
      assert.equal(answer.status, 404)
    },
  })

  scenario('takes a user who is not there for deleted', {
    scopes: ['delete:users'],
    delete: [pathOf('auth0|nobody')],
    expect: { status: 204, body: '' },
  })

  scenario('accepts the content type that older clients send without a body', {
    scopes: ['delete:users'],
    headers: { 'content-type': 'application/json' },
    delete: [pathOf('auth0|nobody')],
    expect: { status: 204, body: '' },
  })

  scenario('refuses what is no user id', {
    scopes: ['delete:users'],
    delete: ['/api/v2/users/nobody'],
    expect: { status: 400, body: badRequest(/format user-id: nobody/u, 'invalid_uri') },
  })

  scenario('refuses to delete the last administrator', {
    scopes: ['every'],
    given: async (server) => ({ id: await rootId(server) }),
    delete: ({ id }) => [pathOf(id!)],
    expect: { status: 403, body: any },
  })

  scenario('refuses a token without delete:users', {
    scopes: ['update:users'],
    delete: [pathOf('auth0|nobody')],
    expect: { status: 403, body: insufficient('delete:users', 'delete:current_user') },
  })
})
