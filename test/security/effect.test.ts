import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { systemActor } from '#core/actor.ts'
import { deleteApplication } from '#core/applications/delete.ts'
import { updateApplication } from '#core/applications/update.ts'
import { defaultConnectionName } from '#core/connections/connection.ts'
import { updateRegistrationPolicy } from '#core/registration/policy.ts'
import { assignRoles } from '#core/roles/assign.ts'
import { removeRoles } from '#core/roles/remove.ts'
import { updateRole } from '#core/roles/update.ts'
import { deleteUser } from '#core/users/delete.ts'
import { updateUser } from '#core/users/update.ts'
import { base, give, makeRole, makeUser, tokenOf, tokenOfPerson } from '#test/dialects/native/made.ts'
import { engines } from '#test/harness/scenario.ts'
import { startServer, type TestServer } from '#test/harness/server.ts'
import { addApplication, authorizePath, pkce, visitor } from '#test/oidc/visitor.ts'
import { freshDatabase } from '#test/postgres.ts'

const password = 'A password of some length, 1'
const system = systemActor('system')

for (const engine of engines) {
  describe(`what is taken away is gone with the next request, on every node (${engine}) [row 24]`, () => {
    let server: TestServer
    let nodes: readonly string[]
    let close: () => Promise<void>
    before(async () => {
      const env: Record<string, string> =
        engine === 'postgres' ? { ROLECALL_DATABASE_URL: await freshDatabase() } : {}
      server = await startServer({ env })
      const shared = { ROLECALL_DATA_DIR: server.directory, ROLECALL_PUBLIC_URL: server.origin }
      const other = await startServer({ env: { ...env, ...shared } })
      nodes = [server, other].map((each) => httpOf(each))
      assert.notEqual(nodes[0], nodes[1])
      close = async () => {
        await other.close()
        await server.close()
      }
    })
    after(() => close?.())

    const statuses = (token: string, path = `${base}/users`) =>
      Promise.all(
        nodes.map(async (origin) => {
          const answer = await fetch(origin + path, { headers: { authorization: `Bearer ${token}` } })
          await answer.text()
          return answer.status
        }),
      )

    const reader = async () => {
      const userId = await makeUser(server)
      const roleId = await makeRole(server, { permissions: ['users:read'] })
      await give(server, userId, roleId)
      const token = await tokenOfPerson(server, userId, { scope: 'users:read' })
      assert.deepEqual(await statuses(token), [200, 200])
      return { userId, roleId, token }
    }

    test('a user who is blocked, and let in again', async () => {
      const { run } = server.server.workspace
      const { userId, token } = await reader()
      await run(updateUser, { userId, changes: { isBlocked: true } }, system)
      for (const status of await statuses(token)) assert.ok(status === 401 || status === 403, String(status))
      await run(updateUser, { userId, changes: { isBlocked: false } }, system)
      assert.deepEqual(await statuses(token), [200, 200])
    })

    test('a blocked user reads not even himself', async () => {
      const { userId, token } = await reader()
      await server.server.workspace.run(updateUser, { userId, changes: { isBlocked: true } }, system)
      for (const status of await statuses(token, `${base}/users/${userId}`)) {
        assert.ok(status === 401 || status === 403, String(status))
      }
    })

    test('a role that is taken, that has ended, or is switched off', async () => {
      const { run } = server.server.workspace
      const taken = await reader()
      await run(removeRoles, { userIds: [taken.userId], roleIds: [taken.roleId] }, system)
      assert.deepEqual(await statuses(taken.token), [403, 403])
      const off = await reader()
      await run(updateRole, { roleId: off.roleId, changes: { isActive: false } }, system)
      assert.deepEqual(await statuses(off.token), [403, 403])
      const userId = await makeUser(server)
      const expiresAt = Date.now() + 700
      await run(assignRoles, { userIds: [userId], roleIds: [taken.roleId], expiresAt }, system)
      const token = await tokenOfPerson(server, userId, { scope: 'users:read' })
      assert.deepEqual(await statuses(token), [200, 200])
      await new Promise((resolve) => setTimeout(resolve, expiresAt - Date.now() + 1))
      server.clock.now = Date.now()
      assert.equal((await statuses(token))[0], 403)
    })

    test('registration that is closed, at every door and on a page that was open before [row 11]', async () => {
      const { run } = server.server.workspace
      const [, node] = nodes
      await addApplication(server, { id: 'shop', kind: 'spa' })
      // Whoever is first at the chat brings its bot along.
      await server.administratorHeaders()
      const form = async () => {
        const browser = visitor(server)
        const asked = { client_id: 'shop', scope: 'openid', screen_hint: 'signup' }
        const { challenge } = pkce()
        const pkced = { ...asked, code_challenge: challenge, code_challenge_method: 'S256' }
        const { page } = await browser.go(authorizePath(pkced))
        return async (email: string) => {
          const stop = await browser.submit(page!, { email, name: 'New', password })
          return stop.page?.status ?? 200
        }
      }
      const opened = await form()
      const post = (path: string, body: (email: string) => object) => async (email: string) => {
        const headers = { 'content-type': 'application/json' }
        const answer = await fetch(node + path, {
          method: 'POST',
          headers,
          body: JSON.stringify(body(email)),
        })
        await answer.text()
        return answer.status
      }
      const signup = { client_id: 'shop', connection: defaultConnectionName, password }
      const doors: Record<string, (email: string) => Promise<number>> = {
        native: post(`${base}/registrations`, (email) => ({ email, password })),
        oidc: post('/dbconnections/signup', (email) => ({ ...signup, email })),
        rocketchat: post('/api/v1/users.register', (email) => ({
          email,
          username: email.split('@', 1)[0],
          pass: password,
          name: 'New',
        })),
        dreamfactory: post('/api/v2/user/register', (email) => ({ email, new_password: password })),
        pages: opened,
      }
      const allIn = async (mode: 'open' | 'closed') => {
        await run(updateRegistrationPolicy, { changes: { mode } }, system)
        await server.events()
        const taken: string[] = []
        for (const [name, register] of Object.entries(doors)) {
          if ((await register(`${mode}-${name}@example.com`)) < 300) taken.push(name)
        }
        const types = (await server.events()).map(({ type }) => type)
        const registered = types.filter((type) => type === 'user.registered').length
        return { taken, registered, created: types.filter((type) => type === 'user.created').length }
      }
      assert.deepEqual(await allIn('closed'), { taken: [], registered: 0, created: 0 })
      const all = Object.keys(doors)
      assert.deepEqual(await allIn('open'), { taken: all, registered: all.length, created: all.length })
    })

    test('a user who is deleted', async () => {
      const { userId, token } = await reader()
      await server.server.workspace.run(deleteUser, { userId }, system)
      for (const status of await statuses(token)) assert.ok(status === 401 || status === 403, String(status))
    })

    test('an application that is switched off, or deleted', async () => {
      const { run } = server.server.workspace
      for (const change of [
        (applicationId: string) =>
          run(updateApplication, { applicationId, changes: { isActive: false } }, system),
        (applicationId: string) => run(deleteApplication, { applicationId }, system),
      ]) {
        const client = await server.client('read:users')
        const token = await tokenOf(server, client)
        assert.deepEqual(await statuses(token), [200, 200])
        await change(client.id)
        for (const status of await statuses(token))
          assert.ok(status === 401 || status === 403, String(status))
      }
    })
  })
}

/** The plain HTTP address of this very node, whatever it is called in public. */
const httpOf = ({ server }: TestServer): string =>
  [...server.hosts.issuers()]
    .filter((issuer) => issuer.startsWith('http://127.0.0.1:'))
    .map((issuer) => issuer.slice(0, -1))[0]!
