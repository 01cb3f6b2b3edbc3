import assert from 'node:assert/strict'
import { mailed } from '#test/harness/mailed.ts'
import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { badRequest, insufficient, noUser } from './answers.ts'
import { connection, createUser, pathOf, rootId, strongPassword } from './given.ts'

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u

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

  scenario('asks for confirmation of a new address with verify_email', {
    ...withUser({ email_verified: true }),
    patch: ({ id, email }) => [pathOf(id!), { email: `new-${email}`, verify_email: true }],
    expect: { status: 200, body: any, events: ['user.updated'] },
    then: async (server, { email }, { body }) => {
      assert.equal((body as { email_verified: boolean }).email_verified, false)
      assert.ok((await mailed(server, `new-${email}`, 'verify-email')).link)
    },
  })

  scenario('asks nobody to confirm the address that he has', {
    ...withUser(),
    patch: ({ id, email }) => [pathOf(id!), { email, verify_email: true, name: 'Other' }],
    expect: { status: 200, body: any, events: ['user.updated'] },
    then: (server, { email }) =>
      assert.rejects(mailed(server, email!, 'verify-email'), /no mail verify-email/u),
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
      expect: { status: 403, body: insufficient('update:users') },
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
