import assert from 'node:assert/strict'
import { generateSync } from 'otplib'
import { confirmTotp, enrolTotp } from '#core/second-factors/totp.ts'
import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { plain, thrown } from './answers.ts'
import { makeUser, password, system } from './given.ts'

const login = '/api/v1/login'
const details = { method: 'totp', codeGenerated: false, availableMethods: any }

const codeAt = (secret: string, at: number): string =>
  generateSync({ strategy: 'totp', secret, epoch: Math.floor(at / 1000) })

/** Somebody with an app for codes, the clock past the step that confirmed it and past the first half hour. */
const withApp = async (server: TestServer): Promise<Made> => {
  const { run } = server.server.workspace
  const { id, username } = await makeUser(server, { withPassword: true })
  const app = await run(enrolTotp, { userId: id }, system)
  const code = codeAt(app.secret, server.clock.now)
  await run(confirmTotp, { userId: id, factorId: app.id, code }, system)
  server.clock.now += 3_600_000
  return { id, username, secret: app.secret, code: codeAt(app.secret, server.clock.now) }
}

const signedIn = async (server: TestServer): Promise<Made> => {
  const made = await withApp(server)
  const body = { user: made.username, password, code: made.code }
  const answer = await server.call('POST', login, { body })
  server.clock.now += 60_000
  const { data } = answer.body as { data: { authToken: string } }
  return { ...made, token: data.authToken, code: codeAt(made.secret!, server.clock.now) }
}

const asOneself = ({ id, token }: Made) => ({ 'x-user-id': id!, 'x-auth-token': token! })

scenarios('Rocket.Chat: second factors', (scenario) => {
  scenario('whoever has an app for codes is asked for one at login', {
    given: withApp,
    post: ({ username }) => [login, { user: username, password }],
    expect: {
      status: 401,
      body: { status: 'error', error: 'totp-required', message: 'TOTP Required', details, success: false },
      events: [],
    },
  })

  scenario('people see that they have one, and not its secret', {
    given: signedIn,
    headers: asOneself,
    get: ['/api/v1/me'],
    expect: { status: 200 },
    then: async (_server, { secret }, { body, text }) => {
      const { services } = body as { services: unknown }
      assert.deepEqual(services, { password: { exists: true }, totp: { enabled: true } })
      assert.equal(text.includes(secret!), false)
    },
  })

  scenario('a wrong code is told from none', {
    given: withApp,
    post: ({ username }) => [login, { user: username, password, code: '000000' }],
    expect: {
      status: 401,
      body: { status: 'error', error: 'totp-invalid', message: 'TOTP Invalid', details, success: false },
      events: ['user.sign-in-failed'],
    },
  })

  scenario('a wrong password says nothing of codes', {
    given: withApp,
    post: ({ username, code }) => [login, { user: username, password: 'no', code }],
    expect: {
      status: 401,
      body: { status: 'error', error: 'Unauthorized', message: 'Unauthorized', success: false },
      events: ['user.sign-in-failed'],
    },
  })

  for (const where of ['body', 'header'] as const) {
    scenario(`a code in the ${where} lets in`, {
      given: withApp,
      headers: ({ code }): Record<string, string> => (where === 'header' ? { 'x-2fa-code': code! } : {}),
      post: ({ username, code }) => [login, { user: username, password, ...(where === 'body' && { code }) }],
      expect: { status: 200, body: any, events: ['user.signed-in'] },
    })
  }

  const generate = ['/api/v1/users.generatePersonalAccessToken', { tokenName: 'script' }] as const

  scenario('some routes ask for a code once more', {
    given: signedIn,
    headers: asOneself,
    post: generate,
    expect: {
      status: 400,
      body: thrown('totp-required', 'TOTP Required', {
        method: 'totp',
        codeGenerated: false,
        availableMethods: ['totp'],
      }),
    },
  })

  scenario('and are content for a while with one', {
    given: signedIn,
    headers: (made) => ({ ...asOneself(made), 'x-2fa-code': made.code!, 'x-2fa-method': 'totp' }),
    post: generate,
    expect: { status: 200, body: any, events: ['session.created'] },
    then: async (server, made) => {
      const call = async (tokenName: string, headers = asOneself(made)) =>
        (await server.call('POST', generate[0], { headers, body: { tokenName } })).status
      assert.equal(await call('second'), 200)
      server.clock.now += 1_900_000
      assert.equal(await call('third'), 400)
    },
  })

  scenario('the password is no way round a code', {
    given: signedIn,
    headers: (made) => ({
      ...asOneself(made),
      'x-2fa-code': 'a'.repeat(64),
      'x-2fa-method': 'password',
    }),
    post: generate,
    expect: { status: 400, body: any },
  })

  scenario('asking for a new password is answered alike, whoever asks for whom', {
    given: async (server) => ({
      email: `${(await makeUser(server, { withPassword: true })).username}@example.com`,
    }),
    post: ({ email }) => ['/api/v1/users.forgotPassword', { email }],
    expect: { status: 200, body: { success: true } },
    then: async (server, { email }) => {
      const body = { email: 'nobody@example.com' }
      const unknown = await server.call('POST', '/api/v1/users.forgotPassword', { body })
      assert.deepEqual([unknown.status, unknown.body], [200, { success: true }])
      const { items } = await server.server.workspace.store.reader.mails.list({ limit: 100 })
      assert.deepEqual(
        items.map(({ to, template }) => [to, template]),
        [[email, 'reset-password']],
      )
    },
  })

  scenario('it needs an address', {
    post: ['/api/v1/users.forgotPassword', {}],
    expect: { status: 400, body: plain("The 'email' param is required") },
  })

  scenario('an operator is no address', {
    post: ['/api/v1/users.forgotPassword', { email: { $ne: '' } }],
    expect: { status: 400, body: thrown('invalid-params', 'must be string') },
  })
})
