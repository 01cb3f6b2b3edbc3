import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { systemActor } from '#core/actor.ts'
import { createApi } from '#core/apis/create.ts'
import { createRole } from '#core/roles/create.ts'
import { addRolePermissions } from '#core/roles/permissions.ts'
import { createUser } from '#core/users/create.ts'
import { startServer, type TestServer } from '#test/harness/server.ts'
import { addApplication } from '#test/oidc/visitor.ts'
import { bindAction, install, signInTo, unbindAll } from './given.ts'

const system = systemActor('system')
const password = 'Correct-horse-1'
const audience = 'https://orders.example.com/'

/** The snippet that circulates, with the call of the versions that it was written for. */
const snippet = (assign: string) => `
const { ManagementClient } = require('auth0')
exports.onExecutePostLogin = async (event, api) => {
  if (event.stats.logins_count !== 1) return
  const management = new ManagementClient({
    domain: event.secrets.domain,
    clientId: event.secrets.clientId,
    clientSecret: event.secrets.clientSecret,
  })
  ${assign}
}`

const assignRoles = (roleId: string) =>
  `await management.users.assignRoles({ id: event.user.user_id }, { roles: ['rol_${roleId}'] })`
const assignRolestoUser = (roleId: string) =>
  `await management.assignRolestoUser({ id: event.user.user_id }, { roles: ['rol_${roleId}'] })`

/** One engine is enough: what differs is in the sandbox. */
describe('the published snippet, with the package itself', () => {
  let server: TestServer
  let roleId: string
  let secrets: { name: string; value: string }[]
  before(async () => {
    server = await startServer()
    const { run } = server.server.workspace
    await addApplication(server, { id: 'spa', kind: 'spa' })
    const api = await run(
      createApi,
      {
        identifier: audience,
        name: 'Orders',
        permissions: [{ name: 'read:orders' }],
        enforcesPermissions: true,
        tokenDialect: 'access_token_authz',
      },
      system,
    )
    const role = await run(createRole, { name: 'buyer' }, system)
    roleId = role.id
    await run(addRolePermissions, { roleId, permissions: [{ apiId: api.id, name: 'read:orders' }] }, system)
    const { id, secret } = await server.client('update:users', 'read:roles')
    secrets = Object.entries({ domain: server.domain, clientId: id, clientSecret: secret }).map(
      ([name, value]) => ({ name, value }),
    )
  })
  after(() => server?.close())

  for (const [major, assign] of [
    [2, assignRoles],
    [2, assignRolestoUser],
    [3, assignRoles],
    [3, assignRolestoUser],
    [4, assignRoles],
    [5, assignRoles],
    [6, assignRoles],
    [7, assignRoles],
  ] as const) {
    test(`version ${major}: ${assign('role').slice(6, 40)}… is in the token of that very login`, async () => {
      const { name } = await bindAction(server, 'post-login', snippet(assign(roleId)), { secrets })
      const { run } = server.server.workspace
      await install(server, name, 'auth0', `auth0-v${major}`)
      const email = `${name}@example.com`
      await run(createUser, { email, password, connectionName: 'Username-Password-Authentication' }, system)
      const { access, away } = await signInTo(server, { email, password, audience })
      assert.deepEqual(access?.permissions, ['read:orders'], String(away))
      await unbindAll(server, 'post-login')
    })
  }
})
