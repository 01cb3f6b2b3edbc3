import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { engines } from '#test/harness/scenario.ts'
import { startServer } from '#test/harness/server.ts'
import { connection, createUser, pathOf, rootId, strongPassword, userToken } from './given.ts'

const every = [
  'read:current_user',
  'update:current_user_metadata',
  'delete:current_user',
  'update:current_user_identities',
]
const mismatch = 'User to be acted on does not match subject in bearer token.'

for (const engine of engines) {
  describe(`a person's own token (${engine})`, () => {
    const withServer = (
      title: string,
      work: (server: Awaited<ReturnType<typeof startServer>>) => Promise<void>,
    ) =>
      test(title, async (t) => {
        const server = await startServer({ engine })
        t.after(() => server.close())
        await work(server)
      })

    withServer('acts on its own subject, and on nobody else', async (server) => {
      const [ana, bob] = [await createUser(server), await createUser(server)]
      const token = await userToken(server, ana.user_id, ...every)
      await server.events()
      const call = (method: string, id: string, body?: unknown) =>
        server.call(method, pathOf(id), { token, body })

      assert.equal(((await call('GET', ana.user_id)).body as { email: string }).email, ana.email)
      const patched = await call('PATCH', ana.user_id, { user_metadata: { colour: 'red' } })
      assert.equal(patched.status, 200)
      assert.deepEqual(
        (await server.events()).map(({ type, actor }) => [type, actor]),
        [['user.updated', { kind: 'user', id: ana.user_id.slice('auth0|'.length) }]],
      )

      for (const method of ['GET', 'PATCH', 'DELETE']) {
        const body = method === 'PATCH' ? { user_metadata: { a: 1 } } : undefined
        for (const id of [bob.user_id, await rootId(server), 'auth0|nobody']) {
          const { status, body: answer } = await call(method, id, body)
          assert.deepEqual(
            answer,
            { statusCode: 403, error: 'Forbidden', message: mismatch },
            `${method} ${id}`,
          )
          assert.equal(status, 403)
        }
      }
      assert.deepEqual(await server.events(), [])
      assert.equal((await call('DELETE', ana.user_id)).status, 204)
    })

    withServer('changes nothing but metadata of one’s own (security case 13)', async (server) => {
      const ana = await createUser(server)
      const token = await userToken(server, ana.user_id, ...every)
      const before = await server.server.workspace.store.reader.users.findByEmail(ana.email)
      const columns = Object.keys(before!)
      const wire = {
        email_verified: true,
        blocked: false,
        phone_verified: true,
        email: 'other@example.com',
        username: 'other',
        password: strongPassword,
        app_metadata: { plan: 'gold' },
        name: 'Other',
        connection,
        user_id: 'auth0|other',
        roles: ['rol_admin'],
      }
      const attempts = [
        ...Object.entries(wire).map(([key, value]) => ({ [key]: value })),
        ...columns.map((column) => ({ [column]: 1 })),
      ]
      for (const attempt of attempts) {
        for (const body of [attempt, { user_metadata: { a: 1 }, ...attempt }]) {
          const { status } = await server.call('PATCH', pathOf(ana.user_id), { token, body })
          assert.ok(status === 403 || status === 400, `${JSON.stringify(body)}: ${status}`)
        }
      }
      const after = await server.server.workspace.store.reader.users.findByEmail(ana.email)
      assert.deepEqual(after, before)
    })

    withServer('does not widen what an administrator’s token was issued for', async (server) => {
      const id = await rootId(server)
      const token = await userToken(server, id, 'update:current_user_metadata')
      const { status } = await server.call('PATCH', pathOf(id), { token, body: { name: 'x' } })
      assert.equal(status, 403)
      assert.equal((await server.call('DELETE', pathOf(id), { token })).status, 403)
    })

    withServer('acts for an administrator on others with the scopes of one', async (server) => {
      const ana = await createUser(server)
      const token = await userToken(server, await rootId(server), 'update:users', 'read:current_user')
      const { status } = await server.call('PATCH', pathOf(ana.user_id), { token, body: { name: 'x' } })
      assert.equal(status, 200)
    })

    withServer('is worth nothing in the hands of who may nothing, whatever its scopes', async (server) => {
      const [ana, bob] = [await createUser(server), await createUser(server)]
      const token = await userToken(server, ana.user_id, 'read:users', 'update:users', 'delete:users')
      for (const method of ['GET', 'PATCH', 'DELETE']) {
        const body = method === 'PATCH' ? { name: 'x' } : undefined
        const answer = await server.call(method, pathOf(bob.user_id), { token, body })
        assert.equal(answer.status, 403, `${method}: ${answer.text}`)
      }
    })
  })
}
