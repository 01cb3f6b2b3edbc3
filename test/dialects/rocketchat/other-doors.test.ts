import assert from 'node:assert/strict'
import { explain } from '#core/roles/explain.ts'
import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import { administrator, type TestServer } from '#test/harness/server.ts'
import { makeRole, makeUser, password, system } from './given.ts'

const add = '/api/v1/roles.addUserToRole'

const person = async (server: TestServer): Promise<Made> => {
  const [{ id, username }, role] = [await makeUser(server), await makeRole(server)]
  return { id, username, role: role.id }
}

/** Of an administrator in DreamFactory's door. */
const dreamfactoryHeaders = async (server: TestServer): Promise<Record<string, string>> => {
  const { email, password: secret } = administrator
  const body = { email, password: secret }
  const signedIn = await server.call('POST', '/api/v2/system/admin/session', { body })
  const { session_token: token } = signedIn.body as { session_token: string }
  return { 'x-dreamfactory-session-token': token }
}

/** Whom that door lists as administrators, by address. */
const dreamfactoryAdmins = async (server: TestServer): Promise<string[]> => {
  const headers = await dreamfactoryHeaders(server)
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

  scenario(
    'a role made here is one of DreamFactory’s door, and counts in a session there in the same instant',
    {
      chat: 'administrator',
      given: async (server) => {
        const { id, username } = await makeUser(server, { withPassword: true, roleIds: [] })
        const headers = await dreamfactoryHeaders(server)
        const app = { resource: [{ name: `app-${id}`, is_active: true }] }
        const path = '/api/v2/system/app?fields=api_key'
        const made = await server.call('POST', path, { headers, body: app })
        const [{ api_key: key }] = (made.body as { resource: [{ api_key: string }] }).resource
        const chat = await server.administratorHeaders()
        const create = { name: `scribe-${id}`, description: 'Writes' }
        const role = await server.call('POST', '/api/v1/roles.create', { headers: chat, body: create })
        const signedIn = await server.call('POST', '/api/v2/user/session', {
          headers: { 'x-dreamfactory-api-key': key },
          body: { email: `${username}@example.com`, password },
        })
        const { session_token: token, role: before } = signedIn.body as Record<string, string>
        assert.equal(before, undefined)
        return { username, key, token: token!, role: (role.body as { role: { _id: string } }).role._id }
      },
      post: ({ username, role }) => [add, { username, roleId: role }],
      expect: { status: 200, body: any, events: ['role.assigned'] },
      then: async (server, { key, token, username, role }, { body }) => {
        const { name } = (body as { role: { name: string } }).role
        const headers = await dreamfactoryHeaders(server)
        const path = `/api/v2/system/role?filter=name=${name}&fields=id,name,description`
        const { resource } = (await server.call('GET', path, { headers })).body as {
          resource: [{ id: number }]
        }
        assert.deepEqual(resource, [{ id: resource[0].id, name, description: 'Writes' }])
        const session = async () => {
          const own = { 'x-dreamfactory-api-key': key!, 'x-dreamfactory-session-token': token! }
          const answer = await server.call('GET', '/api/v2/user/session', { headers: own })
          return answer.body as { role?: string; role_id?: number }
        }
        const held = await session()
        assert.deepEqual([held.role, held.role_id], [name, resource[0].id])
        const chat = await server.administratorHeaders()
        const gone = { username, roleId: role }
        await server.call('POST', '/api/v1/roles.removeUserFromRole', { headers: chat, body: gone })
        assert.equal((await session()).role, undefined)
      },
    },
  )
})
