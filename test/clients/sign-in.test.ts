import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { systemActor } from '#core/actor.ts'
import { createApi } from '#core/apis/create.ts'
import { assignRoles } from '#core/roles/assign.ts'
import { createRole } from '#core/roles/create.ts'
import { addRolePermissions } from '#core/roles/permissions.ts'
import { createUser } from '#core/users/create.ts'
import { startServer, type TestServer } from '#test/harness/server.ts'
import { addApplication } from '#test/oidc/visitor.ts'
import { runTrusting } from './child.ts'

const audience = 'https://calendar.example.com/'
const password = 'A password of some length, 1'
const system = systemActor('system')

/** A port that nobody listens on a moment later. */
const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, 'localhost', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })

describe('libraries that applications sign people in with', () => {
  let server: TestServer
  const results = new Map<string, unknown>()
  before(async () => {
    server = await startServer()
    const { run } = server.server.workspace
    const port = await freePort()
    await addApplication(server, { id: 'native', kind: 'native', callbacks: ['http://localhost/callback'] })
    await addApplication(server, {
      id: 'web',
      secret: 'a secret of the web application',
      callbacks: [`http://localhost:${port}/callback`],
      allowedLogoutUrls: [`http://localhost:${port}`],
    })
    const permissions = ['read:events', 'write:events'].map((name) => ({ name, description: '' }))
    const settings = {
      enforcesPermissions: true,
      tokenDialect: 'access_token_authz',
      allowsOfflineAccess: true,
    } as const
    await run(createApi, { identifier: audience, permissions, ...settings }, system)
    const { id: roleId } = await run(createRole, { name: 'reader' }, system)
    await run(
      addRolePermissions,
      { roleId, permissions: [{ apiIdentifier: audience, name: 'read:events' }] },
      system,
    )
    const email = 'anna@example.com'
    const { id } = await run(createUser, { email, password, isEmailVerified: true }, system)
    await run(assignRoles, { userIds: [id], roleIds: [roleId] }, system)
    const script = join(import.meta.dirname, 'sign-in.child.ts')
    const output = await runTrusting(server, script, [
      `${server.origin}/`,
      email,
      password,
      audience,
      String(port),
    ])
    for (const line of output.trim().split('\n')) {
      const { step, result } = JSON.parse(line) as { step: string; result: unknown }
      results.set(step, result)
    }
    results.set('origin', `http://localhost:${port}`)
  })
  after(() => server?.close())

  test('openid-client: code with PKCE, ID token, /userinfo, refresh, revocation', () => {
    assert.deepEqual(results.get('openid-client'), {
      email: 'anna@example.com',
      same: true,
      scope: 'openid profile email offline_access read:events',
      afterRevocation: 'invalid_grant',
    })
  })

  test('express-oauth2-jwt-bearer: scopes and the permissions of roles', () => {
    assert.deepEqual(results.get('express-oauth2-jwt-bearer'), {
      any: 200,
      read: 200,
      write: 403,
      mayRead: 200,
      mayWrite: 401,
      forged: 401,
    })
  })

  test('express-openid-connect: signs in, and out again here too', () => {
    assert.deepEqual(results.get('express-openid-connect'), {
      email: 'anna@example.com',
      out: true,
      back: `${results.get('origin')}/`,
    })
  })
})
