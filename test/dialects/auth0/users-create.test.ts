import assert from 'node:assert/strict'
import { any, scenarios } from '#test/harness/scenario.ts'
import { badRequest, insufficient } from './answers.ts'
import { connection, createUser, pathOf, strongPassword } from './given.ts'

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u
const userId = /^auth0\|[0-9a-f]{24}$/u

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
    ['no e-mail address', { email: undefined }, /'Missing required property: email'\.$/u, 'invalid_body'],
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
