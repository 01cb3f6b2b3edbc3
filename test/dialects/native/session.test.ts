import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { systemActor } from '#core/actor.ts'
import { updateUser } from '#core/users/update.ts'
import { any, engines, expectLike } from '#test/harness/scenario.ts'
import { type Answer, administrator, startServer, type TestServer } from '#test/harness/server.ts'
import { base, fresh, makeUser, problem } from './made.ts'

const credentials = { login: administrator.email, password: administrator.password }

for (const engine of engines) {
  describe(`the session of the dashboard (${engine})`, () => {
    let server: TestServer
    before(async () => {
      server = await startServer({ engine })
    })
    after(() => server?.close())

    const signIn = async (body: object = credentials, headers: Record<string, string> = {}) => {
      const answer = await server.call('POST', `${base}/session`, { body, headers })
      const [cookie = ''] = cookiesOf(answer)
      const { csrfToken = '' } = answer.body as { csrfToken?: string }
      return { answer, cookie: cookie.split(';')[0]!, csrfToken }
    }
    const rename = (headers: Record<string, string>) =>
      server.call('POST', `${base}/roles`, { body: { name: fresh('role') }, headers })

    test('signing in sets a cookie that no script reads and no other site sends, and tells who it is', async () => {
      await server.events()
      const { answer } = await signIn()
      assert.equal(answer.status, 201, answer.text)
      const [cookie = '', ...others] = cookiesOf(answer)
      assert.deepEqual(others, [])
      assert.match(
        cookie,
        /^__Host-rolecall=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/u,
      )
      const { user, permissions, csrfToken } = answer.body as {
        user: { email: string }
        permissions: string[]
        csrfToken: string
      }
      expectLike(user.email, administrator.email, 'email')
      assert.ok(permissions.includes('roles:assign-admin'))
      assert.match(csrfToken, /^[\w-]{43}$/u)
      assert.ok(!answer.text.includes(cookie.slice(16, 59)), 'the secret is in the cookie alone')
      const types = (await server.events()).map(({ type }) => type)
      assert.deepEqual(types, ['user.signed-in'])
    })

    test('a wrong password, a stranger and a person without one are refused alike', async () => {
      const withoutPassword = fresh('somebody')
      await makeUser(server, { username: withoutPassword })
      const bodies = await Promise.all(
        [administrator.username, 'nobody-at-all', withoutPassword].map(async (login) => {
          const { answer } = await signIn({ login, password: 'wrong' })
          assert.equal(answer.status, 401)
          assert.equal(cookiesOf(answer).length, 0)
          return answer.text
        }),
      )
      assert.equal(new Set(bodies).size, 1)
    })

    test('the cookie reads by itself, and writes only together with its token (row 30)', async () => {
      const { cookie, csrfToken } = await signIn()
      const other = await signIn()
      const read = await server.call('GET', `${base}/session`, { headers: { cookie } })
      assert.equal(read.status, 200)
      assert.equal((read.body as { csrfToken: string }).csrfToken, csrfToken)
      await server.events()
      for (const token of [
        undefined,
        '',
        csrfToken.slice(1),
        `${csrfToken}A`,
        other.csrfToken,
        'undefined',
      ]) {
        const answer = await rename({ cookie, ...(token !== undefined && { 'x-csrf-token': token }) })
        assert.equal(answer.status, 403)
        expectLike(answer.body, problem('csrf_token_required', 403), '$')
      }
      assert.deepEqual(await server.events(), [])
      assert.equal((await rename({ cookie, 'x-csrf-token': csrfToken })).status, 201)
      assert.deepEqual(
        (await server.events()).map(({ type, actor, door }) => [type, actor.kind, door]),
        [['role.created', 'user', 'native']],
      )
    })

    test('the token alone, a cookie of another name and a cut one are nobody', async () => {
      const { cookie, csrfToken } = await signIn()
      const secret = cookie.split('=')[1]
      const nobodies = [
        undefined,
        `rolecall=${secret}`,
        `__Secure-rolecall=${secret}`,
        cookie.slice(0, -1),
        `${cookie}A`,
      ]
      for (const wrong of nobodies) {
        const answer = await rename({ 'x-csrf-token': csrfToken, ...(wrong && { cookie: wrong }) })
        assert.equal(answer.status, 401)
      }
    })

    test('over plain HTTP the cookie can not be called secure', async () => {
      const address = server.server.app.fastify.server.address() as { port: number }
      const answer = await fetch(`http://localhost:${address.port}${base}/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(credentials),
      })
      assert.equal(answer.status, 201)
      assert.match(answer.headers.get('set-cookie')!, /^rolecall=[\w-]{43};.* HttpOnly; SameSite=Strict$/u)
    })

    test('another site’s page can sign nobody in (row 30)', async () => {
      for (const origin of ['https://evil.example', 'null', server.origin.replace(/\d+$/u, '1')]) {
        const { answer } = await signIn(credentials, { origin })
        expectLike(answer.body, problem('foreign_page', 403), '$')
        assert.equal(cookiesOf(answer).length, 0)
      }
      assert.equal((await signIn(credentials, { origin: server.origin })).answer.status, 201)
    })

    test('signing out ends the session for good; signing in again ends the one before', async () => {
      const first = await signIn()
      const second = await signIn(credentials, { cookie: first.cookie })
      const isOver = async (cookie: string) =>
        (await server.call('GET', `${base}/session`, { headers: { cookie } })).status === 401
      assert.ok(await isOver(first.cookie))
      const headers = { cookie: second.cookie, 'x-csrf-token': second.csrfToken }
      const answer = await server.call('DELETE', `${base}/session`, { headers })
      assert.equal(answer.status, 204)
      assert.match(cookiesOf(answer)[0]!, /^__Host-rolecall=; Max-Age=0;/u)
      assert.ok(await isOver(second.cookie))
    })

    test('it ends by itself, with a new password, and when its owner is blocked', async () => {
      const password = 'Correct horse 9'
      const username = fresh('worker')
      const userId = await makeUser(server, {
        username,
        password,
        connectionName: 'Username-Password-Authentication',
      })
      const read = async (cookie: string) =>
        (await server.call('GET', `${base}/session`, { headers: { cookie } })).status
      const run = server.server.workspace.run
      const expiring = await signIn({ login: username, password })
      assert.equal(await read(expiring.cookie), 200)
      server.clock.now += 43_200_000
      assert.equal(await read(expiring.cookie), 401)
      const replaced = await signIn({ login: username, password })
      await run(updateUser, { userId, changes: {}, password: 'Another horse 10' }, systemActor('system'))
      assert.equal(await read(replaced.cookie), 401)
      const blocked = await signIn({ login: username, password: 'Another horse 10' })
      await run(updateUser, { userId, changes: { isBlocked: true } }, systemActor('system'))
      assert.equal(await read(blocked.cookie), 401)
    })

    test('whoever has no permission sees himself, and nothing else', async () => {
      const username = fresh('weak')
      const password = 'Correct horse 9'
      await makeUser(server, { username, password, connectionName: 'Username-Password-Authentication' })
      const { answer, cookie, csrfToken } = await signIn({ login: username, password })
      assert.deepEqual((answer.body as { permissions: string[] }).permissions, [])
      assert.equal((await server.call('GET', `${base}/users`, { headers: { cookie } })).status, 403)
      assert.equal((await rename({ cookie, 'x-csrf-token': csrfToken })).status, 403)
    })

    test('a machine has no session', async () => {
      const token = await server.token('every')
      const answer = await server.call('GET', `${base}/session`, { token })
      expectLike(answer.body, { ...problem('not_found', 404), detail: any }, '$')
    })
  })
}

const cookiesOf = ({ headers }: Answer): string[] =>
  (headers['set-cookie'] as unknown as string[] | undefined) ?? []
