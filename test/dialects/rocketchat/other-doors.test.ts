import assert from 'node:assert/strict'
import { explain } from '#core/roles/explain.ts'
import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import { administrator, type TestServer } from '#test/harness/server.ts'
import { makeRole, makeUser, system } from './given.ts'

const add = '/api/v1/roles.addUserToRole'

const person = async (server: TestServer): Promise<Made> => {
  const [{ id, username }, role] = [await makeUser(server), await makeRole(server)]
  return { id, username, role: role.id }
}

/** Whom DreamFactory's door lists as administrators, by address. */
const dreamfactoryAdmins = async (server: TestServer): Promise<string[]> => {
  const { email, password } = administrator
  const signedIn = await server.call('POST', '/api/v2/system/admin/session', { body: { email, password } })
  const { session_token: token } = signedIn.body as { session_token: string }
  const headers = { 'x-dreamfactory-session-token': token }
  const { body } = await server.call('GET', '/api/v2/system/admin?fields=email', { headers })
  return (body as { resource: { email: string }[] }).resource.map((each) => each.email)
}

scenarios('Rocket.Chat: what is given here and seen elsewhere', (scenario) => {
  scenario('a role shows through Auth0’s door in the same instant, and explain names this one', {
    chat: 'administrator',
    given: person,
    post: ({ username, role }) => [add, { username, roleId: role }],
    expect: { status: 200, body: any, events: ['role.assigned'] },
    then: async (server, { id, role }) => {
      const token = await server.token('read:users', 'read:roles')
      const { body } = await server.call('GET', `/api/v2/users/auth0%7C${id}/roles`, { token })
      assert.ok((body as { id: string }[]).some((each) => each.id === `rol_${role}`))
      const why = await server.server.workspace.run(explain, { userId: id!, roleId: role! }, system)
      assert.match(JSON.stringify(why), /"door":"rocketchat"/u)
    },
  })

  scenario('an administrator who is made here is one through DreamFactory’s door, too', {
    chat: 'administrator',
    given: person,
    post: ({ username }) => [add, { username, roleId: 'admin' }],
    expect: { status: 200, body: any, events: ['role.assigned'] },
    then: async (server, { username }) => {
      const email = `${username}@example.com`
      assert.ok((await dreamfactoryAdmins(server)).includes(email))
      const headers = await server.administratorHeaders()
      const body = { username, roleId: 'admin' }
      await server.call('POST', '/api/v1/roles.removeUserFromRole', { headers, body })
      assert.equal((await dreamfactoryAdmins(server)).includes(email), false)
    },
  })
})
