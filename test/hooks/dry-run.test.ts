import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { systemActor } from '#core/actor.ts'
import { createRole } from '#core/roles/create.ts'
import { createUser } from '#core/users/create.ts'
import { engines } from '#test/harness/scenario.ts'
import { startServer, type TestServer } from '#test/harness/server.ts'
import { done, until } from './given.ts'

const system = systemActor('system')
const native = '/api/rolecall/v1'

type Tried = {
  userId: string
  log: { text: string }[]
  failure?: { kind: string; message: string }
  calls: { method: string; target: string; status?: number; error?: string }[]
  changes: {
    rolesAdded: object[]
    rolesRemoved: object[]
    events: { type: string; data?: object }[]
    userMetadata: object
    denied?: object
  }
  happened: object[]
}

let made = 0

for (const engine of engines) {
  describe(`dry runs (${engine})`, () => {
    let server: TestServer
    let secrets: { name: string; value: string }[]
    before(async () => {
      server = await startServer({ engine })
      const { id, secret } = await server.client(
        ...['read:users', 'update:users', 'create:roles', 'read:roles', 'create:role_members'],
        ...['create:users', 'delete:users'],
      )
      secrets = Object.entries({
        origin: `https://${server.domain}`,
        clientId: id,
        clientSecret: secret,
      }).map(([name, value]) => ({ name, value }))
    })
    after(() => server?.close())

    const newUser = () => server.server.workspace.run(createUser, { username: `tried-${++made}` }, system)
    const newRole = () => server.server.workspace.run(createRole, { name: `role-${++made}` }, system)
    const draft = async (body: string, more: object = {}): Promise<string> => {
      const { id } = await done<{ id: string }>(server, 'POST', `${native}/hooks`, {
        name: `draft-${++made}`,
        flavour: 'action',
        triggers: [{ name: 'user.post-register' }],
        secrets,
        code: `
          exports.onExecutePostUserRegistration = async (event, api) => {
            const { origin, clientId, clientSecret } = event.secrets
            const send = async (method, path, body, headers = {}) => {
              const answer = await fetch(origin + path, {
                method,
                headers: { ...headers, 'content-type': 'application/json' },
                ...(body && { body: JSON.stringify(body) }),
              })
              const text = await answer.text()
              return { status: answer.status, body: text && JSON.parse(text) }
            }
            const asked = await send('POST', '/oauth/token', {
              grant_type: 'client_credentials',
              client_id: clientId,
              client_secret: clientSecret,
              audience: origin + '/api/v2/',
            })
            const headers = { authorization: 'Bearer ' + asked.body.access_token }
            const user = '/api/v2/users/' + encodeURIComponent(event.user.user_id)
            ${body}
          }`,
        ...more,
      })
      await until(async () => {
        const hook = await done<{ status: string }>(server, 'GET', `${native}/hooks/${id}`)
        return hook.status === 'built' ? hook : undefined
      })
      return id
    }
    const tryIt = async (hookId: string, body: object = { last: 1 }): Promise<Tried[]> => {
      await server.events()
      const path = `${native}/hooks/${hookId}/dry-run`
      const { results } = await done<{ results: Tried[] }>(server, 'POST', path, body)
      assert.deepEqual(await server.events(), [])
      return results
    }

    test('what it writes it reads again, and nothing of it stays', async () => {
      const user = await newUser()
      const role = await newRole()
      const id = await draft(`
        const before = await send('GET', user + '/roles', undefined, headers)
        const created = await send('POST', '/api/v2/roles', { name: 'made-on-the-way' }, headers)
        const roles = ['rol_${role.id}', created.body.id]
        const given = await send('POST', user + '/roles', { roles }, headers)
        const after = await send('GET', user + '/roles', undefined, headers)
        const again = await send('POST', '/api/v2/roles', { name: 'made-on-the-way' }, headers)
        console.log(before.body.length, created.status, given.status, after.body.length, again.status)
        console.log(after.body.some(({ id }) => id === created.body.id))
      `)
      const [tried] = await tryIt(id)
      assert.equal(tried!.failure, undefined, JSON.stringify(tried))
      assert.equal(tried!.userId, user.id)
      assert.deepEqual(
        tried!.log.map(({ text }) => text),
        ['0 200 204 2 409', 'true'],
      )
      const [change] = tried!.changes.rolesAdded as { userId: string; roles: string[]; scope: string }[]
      assert.equal(change!.userId, user.id)
      assert.equal(change!.scope, 'workspace')
      assert.equal(change!.roles[0], role.id)
      assert.equal(change!.roles.length, 2)
      assert.deepEqual(
        tried!.changes.events.map(({ type }) => type),
        ['role.created', 'role.assigned', 'role.assigned'],
      )
      assert.deepEqual(
        tried!.calls.map(({ method, status }) => [method, status]),
        [
          ['POST', 200],
          ['GET', 200],
          ['POST', 200],
          ['POST', 204],
          ['GET', 200],
          ['POST', 409],
        ],
      )
      const { reader } = server.server.workspace.store
      assert.deepEqual(await reader.roles.findByName('made-on-the-way'), [])
      assert.equal(await reader.assignments.count({ field: 'userId', is: 'equal', value: user.id }), 0)
    })

    test('a call that the rules refuse is refused as it would be', async () => {
      await newUser()
      const id = await draft(`
        const missing = await send('POST', user + '/roles', { roles: ['rol_nowhere'] }, headers)
        const gone = await send('DELETE', user, undefined, headers)
        const after = await send('GET', user, undefined, headers)
        console.log(missing.status, gone.status, after.status)
      `)
      const [tried] = await tryIt(id)
      assert.equal(tried!.log[0]?.text, '404 204 404', JSON.stringify(tried))
      assert.deepEqual(tried!.changes.rolesAdded, [])
    })

    test('nothing leaves: hosts that the hook lists are not reached, jobs are not begun', async () => {
      await newUser()
      const id = await draft(
        `
        const error = await fetch('https://api.example.com/path?secret=1').catch(({ message }) => message)
        const job = await send('POST', '/api/v2/jobs/users-exports', {}, headers)
        const login = await send('POST', '/oauth/token', { grant_type: 'password', username: 'a', password: 'b' })
        console.log(typeof error, job.status, login.status)
      `,
        { allowedHosts: ['api.example.com'] },
      )
      const [tried] = await tryIt(id)
      assert.equal(tried!.log[0]?.text, 'string 403 403', JSON.stringify(tried))
      const outside = tried!.calls.find(({ target }) => target === 'https://api.example.com/path')
      assert.match(outside?.error ?? '', /net access|NotCapable|api\.example\.com/u)
    })

    test('roles that a script asks its api for go by the rules, too', async () => {
      const user = await newUser()
      const role = await newRole()
      const given = await draft(`api.user.assignRole('${role.name}')`, { runsAs: 'system' })
      const [tried] = await tryIt(given)
      assert.deepEqual(
        tried!.changes.rolesAdded,
        [{ userId: user.id, roles: [role.id], scope: 'workspace' }],
        JSON.stringify(tried),
      )
      const unknown = await draft(`api.user.assignRole('no such role')`, { runsAs: 'system' })
      const [refused] = await tryIt(unknown)
      assert.match(refused!.failure?.message ?? '', /not_found/u)
    })

    test('several events are tried one by one, each from the same beginning', async () => {
      const role = await newRole()
      const users = [await newUser(), await newUser(), await newUser()]
      const id = await draft(`
        const { body } = await send('GET', '/api/v2/roles/rol_${role.id}/users', undefined, headers)
        await send('POST', '/api/v2/roles/rol_${role.id}/users', { users: [event.user.user_id] }, headers)
        console.log(body.length)
      `)
      const tried = await tryIt(id, { last: 3 })
      assert.deepEqual(
        tried.map(({ userId, log, changes }) => [userId, log[0]?.text, changes.rolesAdded.length]),
        users.toReversed().map(({ id: userId }) => [userId, '0', 1]),
      )
    })
  })
}
