import assert from 'node:assert/strict'
import { generateSync } from 'otplib'
import { systemActor } from '#core/actor.ts'
import { confirmTotp, enrolTotp } from '#core/second-factors/totp.ts'
import { createUser } from '#core/users/create.ts'
import { createAuthenticator } from '#test/authenticator.ts'
import { any, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { base, makeUser, problem, tokenOfPerson } from './made.ts'

const system = systemActor('system')
const coded = { login: 'coded', password: 'Correct horse 9 battery' }

const makeApp = async (test: TestServer, userId: string): Promise<string> => (await addApp(test, userId)).id

const addApp = async ({ server, clock }: TestServer, userId: string) => {
  const { run } = server.workspace
  const { id, secret } = await run(enrolTotp, { userId, name: 'phone' }, system)
  const code = generateSync({ strategy: 'totp', secret, epoch: Math.floor(clock.now / 1000) })
  const { recoveryCodes = [] } = await run(confirmTotp, { userId, factorId: id, code }, system)
  return { id, recoveryCodes }
}

scenarios('second factors', (scenario, server) => {
  const given = async (test: TestServer) => {
    const user = await makeUser(test)
    return { user, token: await tokenOfPerson(test, user) }
  }
  const as = (token: string | undefined) => ({ authorization: `Bearer ${token}` })

  scenario('a person sets up an app, confirms it, gets recovery codes, and takes it off again', {
    given,
    get: ({ user }) => [`${base}/users/${user}/second-factors`],
    scopes: ['read:users'],
    expect: { status: 200, body: { items: [], recoveryCodesLeft: 0, isRequired: false }, events: [] },
    then: async (test, { user, token }) => {
      const path = `${base}/users/${user}/second-factors`
      const call = (method: string, below: string, body?: unknown) =>
        test.call(method, `${path}${below}`, { headers: as(token), ...(body !== undefined && { body }) })
      const begun = (await call('POST', '/totp', { name: 'phone' })).body as { id: string; secret: string }
      const code = generateSync({
        strategy: 'totp',
        secret: begun.secret,
        epoch: Math.floor(test.clock.now / 1000),
      })
      const wrong = await call('POST', `/totp/${begun.id}/confirm`, { code: '12' })
      assert.equal(wrong.status >= 400, true)
      const { recoveryCodes } = (await call('POST', `/totp/${begun.id}/confirm`, { code })).body as {
        recoveryCodes: string[]
      }
      assert.equal(recoveryCodes.length, 10)
      const listed = (await call('GET', '')).body as { items: object[]; recoveryCodesLeft: number }
      assert.deepEqual([listed.items.length, listed.recoveryCodesLeft], [1, 10])
      const renewed = (await call('POST', '/recovery-codes')).body as { recoveryCodes: string[] }
      assert.equal(renewed.recoveryCodes.includes(recoveryCodes[0]!), false)
      assert.equal((await call('DELETE', `/${begun.id}`)).status, 204)
      assert.deepEqual((await call('GET', '')).body, { items: [], recoveryCodesLeft: 0, isRequired: false })
      assert.deepEqual(
        (await test.events()).map(({ type }) => type),
        ['user.second-factor-added', 'user.second-factor-added', 'user.second-factor-removed'],
      )
    },
  })

  scenario('who signed in long ago proves anew who he is, before he changes how he does', {
    given: async (test) => {
      const user = await makeUser(test)
      const token = await tokenOfPerson(test, user, { signedInSecondsAgo: 1000 })
      return { user, token }
    },
    scopes: ['read:users'],
    get: ({ user }) => [`${base}/users/${user}/second-factors`],
    expect: { status: 200, body: any, events: [] },
    then: async (test, { user, token }) => {
      const path = `${base}/users/${user}/second-factors`
      for (const [method, below] of [
        ['POST', '/recovery-codes'],
        ['POST', '/passkeys/options'],
        ['DELETE', ''],
      ] as const) {
        const answer = await test.call(method, `${path}${below}`, { headers: as(token) })
        assert.deepEqual([answer.status, (answer.body as { code: string }).code], [401, 'proof_needed'])
        assert.match(String(answer.headers['www-authenticate']), /insufficient_user_authentication.*900/u)
      }
    },
  })

  scenario(
    'whoever has a second factor signs in to the dashboard with a code, and changes his factors then',
    {
      given: async (test) => {
        const { id } = await test.server.workspace.run(
          createUser,
          { username: coded.login, password: coded.password },
          system,
        )
        const { recoveryCodes } = await addApp(test, id)
        return { user: id, recovery: recoveryCodes[0]! }
      },
      post: [`${base}/session`, coded],
      expect: { status: 401, body: any, events: [] },
      then: async (test, { user, recovery }, answer) => {
        assert.equal((answer.body as { code: string }).code, 'second_factor_required')
        const signIn = (code: string) => test.call('POST', `${base}/session`, { body: { ...coded, code } })
        assert.equal(((await signIn('000000')).body as { code: string }).code, 'second_factor_wrong')
        const signedIn = await signIn(recovery!)
        assert.equal(signedIn.status, 201, signedIn.text)
        const headers = {
          cookie: String(signedIn.headers['set-cookie']).split(';')[0]!,
          'x-csrf-token': (signedIn.body as { csrfToken: string }).csrfToken,
        }
        const renew = () =>
          test.call('POST', `${base}/users/${user}/second-factors/recovery-codes`, { headers })
        assert.equal((await renew()).status, 200)
        test.clock.now += 900_001
        assert.equal((await renew()).status, 401)
      },
    },
  )

  scenario('a person adds a passkey that this origin asked for', {
    given,
    scopes: ['read:users'],
    get: ({ user }) => [`${base}/users/${user}/second-factors`],
    expect: { status: 200, body: any },
    then: async (test, { user, token }) => {
      const path = `${base}/users/${user}/second-factors/passkeys`
      const options = (await test.call('POST', `${path}/options`, { headers: as(token) })).body as {
        challenge: string
        rp: { id: string }
      }
      assert.equal(options.rp.id, 'localhost')
      const asked = { challenge: options.challenge, origin: test.origin }
      const body = { name: 'laptop', response: createAuthenticator().create(asked) }
      const added = await test.call('POST', path, { headers: as(token), body })
      assert.equal(added.status, 201, added.text)
      const { factor } = added.body as { factor: { kind: string; name: string } }
      assert.deepEqual([factor.kind, factor.name], ['passkey', 'laptop'])
      assert.doesNotMatch(added.text, /publicKey|credentialId/u)
    },
  })

  scenario('an administrator sees them and takes them from a user', {
    given: async (test) => {
      const user = await makeUser(test)
      await makeApp(test, user)
      return { user }
    },
    scopes: ['update:users'],
    delete: ({ user }) => [`${base}/users/${user}/second-factors`],
    expect: { status: 204, events: ['user.second-factor-removed'] },
  })

  scenario('nobody sees or takes another’s', {
    given: async (test) => ({ ...(await given(test)), other: await makeUser(test) }),
    scopes: ['read:roles'],
    get: ({ other }) => [`${base}/users/${other}/second-factors`],
    expect: { status: 403, body: any, events: [] },
    then: async (test, { other, token }) => {
      for (const method of ['GET', 'DELETE']) {
        const answer = await test.call(method, `${base}/users/${other}/second-factors`, {
          headers: as(token),
        })
        assert.equal(answer.status, 403)
      }
    },
  })

  scenario('there is none of nobody', {
    scopes: ['read:users'],
    get: [`${base}/users/none/second-factors`],
    expect: { status: 404, body: problem('not_found', 404, { kind: 'user', id: 'none' }) },
  })

  scenario('the Auth0 dialect lists them and deletes one', {
    given: async (test) => {
      const user = await makeUser(test)
      return { user, factor: await makeApp(test, user) }
    },
    scopes: ['read:users'],
    get: ({ user }) => [`/api/v2/users/auth0|${user}/authentication-methods`],
    expect: {
      status: 200,
      body: any,
    },
    then: async (test, { user, factor }, answer) => {
      const [method, ...more] = answer.body as { id: string; type: string; confirmed: boolean }[]
      assert.deepEqual(more, [])
      assert.deepEqual([method?.id, method?.type, method?.confirmed], [`totp|dev_${factor}`, 'totp', true])
      const token = await server().token('update:users', 'read:users')
      const path = `/api/v2/users/auth0|${user}/authentication-methods/${method?.id}`
      assert.equal((await test.call('DELETE', path, { token })).status, 204)
      assert.equal((await test.call('DELETE', path, { token })).status, 404)
      const enrollments = await test.call('GET', `/api/v2/users/auth0|${user}/enrollments`, { token })
      assert.deepEqual(enrollments.body, [])
    },
  })
})
