import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { any, scenarios } from '#test/harness/scenario.ts'
import { administrator } from '#test/harness/server.ts'
import { missingPermission, notSignedIn, plain, thrown } from './answers.ts'
import { makeUser, password, signIn } from './given.ts'

const login = '/api/v1/login'
const digestOf = (text: string) => createHash('sha256').update(text).digest('hex')
const wrong = { status: 'error', error: 'Unauthorized', message: 'Unauthorized', success: false }
const token = /^[A-Za-z0-9_-]{43}$/u
const signedIn = {
  status: 'success',
  data: { userId: any, authToken: token, me: any },
  success: true,
}

scenarios('Rocket.Chat: sessions', (scenario) => {
  const person = async (server: Parameters<typeof makeUser>[0]) => makeUser(server, { withPassword: true })

  for (const [how, bodyOf] of [
    ['a user name', (name: string) => ({ user: name, password })],
    ['a user name in another letter case', (name: string) => ({ user: name.toUpperCase(), password })],
    ['an address', (name: string) => ({ user: `${name}@example.com`, password })],
    ['an explicit user name', (name: string) => ({ username: name, password })],
    ['an explicit address', (name: string) => ({ email: `${name}@example.com`, password })],
    ['an object with a user name', (name: string) => ({ user: { username: name }, password })],
    ['an object with an address', (name: string) => ({ user: { email: `${name}@example.com` }, password })],
    [
      'a digest of the password',
      (name: string) => ({ user: name, password: { digest: digestOf(password), algorithm: 'sha-256' } }),
    ],
    [
      'the older form of the digest',
      (name: string) => ({ user: name, password: { hashed: digestOf(password) } }),
    ],
  ] as const) {
    scenario(`signs in by ${how}`, {
      given: person,
      post: ({ username }) => [login, bodyOf(username!)],
      expect: {
        status: 200,
        body: signedIn,
        events: ['user.signed-in'],
        headers: { 'content-type': /^application\/json$/u },
      },
    })
  }

  scenario('tells who one is, and neither hash nor anything else that is secret', {
    given: person,
    post: ({ username }) => [login, { user: username, password }],
    expect: { status: 200, body: any, events: ['user.signed-in'] },
    then: async (server, { id, username }, { body, text }) => {
      const { data } = body as { data: { userId: string; authToken: string; me: Record<string, unknown> } }
      assert.equal(data.userId, id)
      assert.equal(data.me.username, username)
      assert.deepEqual(data.me.roles, ['user'])
      assert.deepEqual(data.me.services, { password: { exists: true } })
      assert.equal('email' in data.me, false, 'the address is not verified')
      assert.equal(/argon2|sha256|passwordHash/u.test(text), false)
      const headers = { 'x-user-id': data.userId, 'x-auth-token': data.authToken }
      const me = await server.call('GET', '/api/v1/me', { headers })
      assert.deepEqual((me.body as { username: string }).username, username)
      assert.equal(me.text.endsWith('"success":true}'), true)
    },
  })

  scenario('a verified address is shown', {
    post: [login, { user: administrator.username, password: administrator.password }],
    expect: { status: 200, body: signedIn, events: ['user.signed-in'] },
    then: async (_server, _made, { body }) =>
      assert.equal((body as { data: { me: { email: string } } }).data.me.email, administrator.email),
  })

  scenario('resuming answers with the same token', {
    given: async (server) => {
      const { username } = await person(server)
      return { token: (await signIn(server, username))['x-auth-token']! }
    },
    post: ({ token: resume }) => [login, { resume }],
    expect: { status: 200, body: signedIn },
    then: async (_server, made, { body }) =>
      assert.equal((body as { data: { authToken: string } }).data.authToken, made.token),
  })

  for (const [what, body, events] of [
    ['a wrong password', { user: administrator.username, password: 'no' }, ['user.sign-in-failed']],
    ['nobody', { user: 'nobody', password: 'no' }, ['user.sign-in-failed']],
    ['another key', { user: administrator.username, password: administrator.password, admin: true }, []],
    ['an operator for a password', { user: administrator.username, password: { $ne: '' } }, []],
    ['an operator for a user', { user: { $gt: '' }, password: 'x' }, []],
    ['an operator for a user name', { username: { $regex: '^r' }, password: 'x' }, []],
    ['an operator for a token', { resume: { $ne: '' } }, []],
    ['a token that is none', { resume: 'x'.repeat(43) }, []],
    [
      'an algorithm that is not known',
      { user: 'root', password: { digest: digestOf('x'), algorithm: 'md5' } },
      [],
    ],
    ['nothing', {}, []],
  ] as const) {
    scenario(`refuses ${what} in the same words`, {
      post: [login, body],
      expect: { status: 401, body: wrong, events: [...events] },
    })
  }

  scenario('who is switched off is told so once he gave the right password', {
    given: async (server) => {
      const { id, username } = await person(server)
      const headers = await server.administratorHeaders()
      const body = { userId: id, activeStatus: false }
      await server.call('POST', '/api/v1/users.setActiveStatus', { headers, body })
      return { username }
    },
    post: ({ username }) => [login, { user: username, password }],
    expect: {
      status: 401,
      body: {
        status: 'error',
        error: 'error-user-is-not-activated',
        message: 'User is not activated',
        details: any,
        success: false,
      },
      events: ['user.sign-in-failed'],
    },
  })

  for (const method of ['get', 'post'] as const) {
    scenario(`logout by ${method} ends the token at hand and no other`, {
      given: async (server) => {
        const { username } = await person(server)
        const [one, other] = [await signIn(server, username), await signIn(server, username)]
        return { id: one['x-user-id']!, one: one['x-auth-token']!, other: other['x-auth-token']! }
      },
      headers: ({ id, one }) => ({ 'x-user-id': id!, 'x-auth-token': one! }),
      [method]: ['/api/v1/logout'],
      expect: {
        status: 200,
        body: { status: 'success', data: { message: "You've been logged out!" } },
        events: ['session.ended'],
      },
      then: async (server, { id, one, other }) => {
        const status = async (secret: string) =>
          (
            await server.call('GET', '/api/v1/me', {
              headers: { 'x-user-id': id!, 'x-auth-token': secret },
            })
          ).status
        assert.deepEqual([await status(one!), await status(other!)], [401, 200])
      },
    })
  }

  scenario('a session ends after the days that the setting says', {
    given: async (server) => {
      const { username } = await person(server)
      const headers = await signIn(server, username)
      server.clock.now += 90 * 86_400_000
      return { id: headers['x-user-id']!, secret: headers['x-auth-token']! }
    },
    headers: ({ id, secret }) => ({ 'x-user-id': id!, 'x-auth-token': secret! }),
    get: ['/api/v1/me'],
    expect: { status: 401, body: notSignedIn },
  })

  scenario('a personal token is told once, used like a session, listed without it, and ends', {
    chat: ['create-personal-access-tokens'],
    post: ['/api/v1/users.generatePersonalAccessToken', { tokenName: 'script', bypassTwoFactor: true }],
    expect: { status: 200, body: { token, success: true }, events: ['session.created'] },
    then: async (server, _made, answer) => {
      const secret = (answer.body as { token: string }).token
      const order = [{ field: 'number', direction: 'descending' } as const]
      const { items } = await server.server.workspace.store.reader.sessions.list({ order, limit: 1 })
      const headers = { 'x-user-id': items[0]!.userId, 'x-auth-token': secret }
      const call = (method: string, route: string, body?: unknown) =>
        server.call(method, `/api/v1/users.${route}`, { headers, ...(body !== undefined && { body }) })
      const listed = await call('GET', 'getPersonalAccessTokens')
      assert.deepEqual(listed.body, {
        tokens: [
          {
            name: 'script',
            createdAt: (listed.body as { tokens: { createdAt: string }[] }).tokens[0]!.createdAt,
            lastTokenPart: secret.slice(-6),
            bypassTwoFactor: true,
          },
        ],
        success: true,
      })
      const again = await call('POST', 'generatePersonalAccessToken', { tokenName: 'script' })
      assert.deepEqual(
        again.body,
        thrown('error-token-already-exists', 'A token with this name already exists'),
      )
      const renewed = await call('POST', 'regeneratePersonalAccessToken', { tokenName: 'script' })
      assert.equal(renewed.status, 200)
      assert.equal((await call('GET', 'getPersonalAccessTokens')).status, 401)
      headers['x-auth-token'] = (renewed.body as { token: string }).token
      assert.deepEqual((await call('POST', 'removePersonalAccessToken', { tokenName: 'none' })).body, {
        ...thrown('error-token-does-not-exists', 'Token does not exist'),
      })
      assert.equal((await call('POST', 'removePersonalAccessToken', { tokenName: 'script' })).status, 200)
      assert.equal((await call('GET', 'getPersonalAccessTokens')).status, 401)
    },
  })

  scenario('a personal token needs a name', {
    chat: ['create-personal-access-tokens'],
    post: ['/api/v1/users.generatePersonalAccessToken', {}],
    expect: { status: 400, body: plain("The 'tokenName' param is required") },
  })

  scenario('a personal token needs the permission', {
    chat: [],
    post: ['/api/v1/users.generatePersonalAccessToken', { tokenName: 'x' }],
    expect: {
      status: 400,
      body: thrown('not-authorized', 'Not Authorized', { method: 'personalAccessTokens:generateToken' }),
    },
  })

  scenario('listing personal tokens needs it too', {
    chat: [],
    get: ['/api/v1/users.getPersonalAccessTokens'],
    expect: { status: 403, body: missingPermission },
  })

  scenario('nobody makes a token for another', {
    chat: 'administrator',
    post: ['/api/v1/users.createToken', { userId: 'rocket.cat', secret: 'x' }],
    expect: {
      status: 400,
      body: thrown('error-not-authorized', 'Not authorized', { method: 'createToken' }),
    },
  })

  scenario('clients learn which release the answers follow', {
    get: ['/api/info'],
    expect: {
      status: 200,
      body: { version: '7.2.0', success: true },
      headers: { 'content-type': /^application\/json$/u },
    },
  })

  scenario('clients that ask for a licence go on', {
    chat: [],
    get: ['/api/v1/licenses.info'],
    expect: { status: 200, body: { license: any, success: true } },
    then: async (_server, _made, { body }) => {
      const { license } = body as { license: { activeModules: string[]; license: object } }
      assert.deepEqual(license.activeModules, ['custom-roles'])
      assert.notDeepEqual(license.license, {})
    },
  })
})

scenarios('Rocket.Chat: the password as second factor', (scenario) => {
  const asked = {
    method: 'password',
    codeGenerated: false,
    availableMethods: [],
  }
  const route = ['/api/v1/users.generatePersonalAccessToken', { tokenName: 'again' }] as const
  const enable = async (server: Parameters<typeof makeUser>[0]) => {
    const { username } = await makeUser(server, { withPassword: true })
    const administratorHeaders = await server.administratorHeaders()
    const setting = 'Accounts_TwoFactorAuthentication_Enforce_Password_Fallback'
    await server.call('POST', `/api/v1/settings/${setting}`, {
      headers: administratorHeaders,
      body: { value: true },
    })
    server.clock.now += 3_600_000
    const headers = await signIn(server, username)
    return { id: headers['x-user-id']!, secret: headers['x-auth-token']! }
  }
  const credential = ({ id, secret }: Record<string, string>) => ({
    'x-user-id': id!,
    'x-auth-token': secret!,
  })

  scenario('is asked for once the setting says so', {
    given: enable,
    headers: credential,
    post: route,
    expect: { status: 400, body: thrown('totp-required', 'TOTP Required', asked) },
  })

  scenario('is refused when it is wrong', {
    given: enable,
    headers: (made) => ({
      ...credential(made),
      'x-2fa-method': 'password',
      'x-2fa-code': digestOf('no'),
    }),
    post: route,
    expect: { status: 400, body: thrown('totp-invalid', 'TOTP Invalid', asked) },
  })

  scenario('lets through when it is right', {
    given: enable,
    headers: (made) => ({
      ...credential(made),
      'x-2fa-method': 'password',
      'x-2fa-code': digestOf(password),
    }),
    post: route,
    expect: { status: 200, body: { token, success: true }, events: ['session.created'] },
  })
})
