import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { systemActor } from '#core/actor.ts'
import { type UpdateHook, updateHook } from '#core/hooks/update.ts'
import { encodeUuid } from '#dialects/auth0/ids.ts'
import { engines } from '#test/harness/scenario.ts'
import { administrator, startServer, type TestServer } from '#test/harness/server.ts'
import { bindAction, done, unbindAll, until } from './given.ts'

type User = { user_id: string; app_metadata?: object; user_metadata?: object }

let made = 0
const newUser = (more: object = {}) => ({
  connection: 'Username-Password-Authentication',
  email: `person-${++made}@example.com`,
  password: 'Correct-horse-1',
  ...more,
})

for (const engine of engines) {
  describe(`hooks around commands (${engine})`, () => {
    let server: TestServer
    before(async () => {
      server = await startServer({ engine })
    })
    after(() => server?.close())
    afterEach(async () => {
      for (const trigger of ['pre-user-registration', 'post-user-registration', 'role.pre-assign'])
        await unbindAll(server, trigger)
    })

    const create = async (body: object, scopes = ['create:users']) => {
      const token = await server.token(...scopes)
      await server.events()
      return server.call('POST', '/api/v2/users', { body, token })
    }
    const change = async (name: string, changes: UpdateHook['changes'] & object) => {
      const { run, store } = server.server.workspace
      const hook = await store.reader.hooks.findBy({ name })
      await run(updateHook, { hookId: hook!.id, changes }, systemActor('system'))
      await server.events()
    }
    const executionsOf = async (name: string) => {
      const { items } = await server.server.workspace.store.reader.executions.list({
        filter: { field: 'hookName', is: 'equal', value: name },
        limit: 100,
      })
      return items
    }

    test('an Action denies a registration: nothing is stored, and people read what it says', async () => {
      await bindAction(
        server,
        'pre-user-registration',
        `exports.onExecutePreUserRegistration = async (event, api) => {
          if (event.user.email.startsWith('bad')) api.access.deny('on the list', 'You can not register.')
        }`,
      )
      const denied = await create(newUser({ email: 'bad@example.com' }))
      assert.equal(denied.status, 400)
      assert.equal((denied.body as { message: string }).message, 'You can not register.')
      assert.deepEqual(await server.events(), [])
      assert.equal((await create(newUser())).status, 201)
    })

    test('an Action sets metadata, is told no password, and sees what was given', async () => {
      const { name } = await bindAction(
        server,
        'pre-user-registration',
        `exports.onExecutePreUserRegistration = async (event, api) => {
          console.log(Object.keys(event.user).sort().join())
          api.user.setAppMetadata('plan', event.user.user_metadata.wanted)
          api.user.setUserMetadata('seen', true)
        }`,
      )
      const { body } = await create(newUser({ user_metadata: { wanted: 'gold' }, app_metadata: { a: 1 } }))
      const user = body as User
      assert.deepEqual(user.app_metadata, { a: 1, plan: 'gold' })
      assert.deepEqual(user.user_metadata, { wanted: 'gold', seen: true })
      const [execution] = await until(async () => {
        const found = await executionsOf(name)
        return found.length > 0 ? found : undefined
      })
      assert.equal(execution!.status, 'done')
      assert.match(execution!.log[0]!.text, /^app_metadata,email,/u)
      assert.doesNotMatch(JSON.stringify(execution), /Correct-horse/u)
    })

    test('what an Action returns goes through the rules of a request', async () => {
      await bindAction(
        server,
        'pre-user-registration',
        `exports.onExecutePreUserRegistration = async (event, api) => { api.user.setAppMetadata('a.b', 1) }`,
      )
      const refused = await create(newUser())
      assert.equal(refused.status, 400)
      assert.match((refused.body as { message: string }).message, /contains a dot/u)
      assert.deepEqual(await server.events(), [])
    })

    for (const [kind, code] of [
      ['throw', 'throw new Error("broken")'],
      ['timeout', 'await new Promise(() => {})'],
    ] as const) {
      test(`an Action that fails (${kind}) denies or lets through, as its hook says`, async () => {
        const { name } = await bindAction(
          server,
          'pre-user-registration',
          `exports.onExecutePreUserRegistration = async () => { ${code} }`,
        )
        if (kind === 'timeout') await change(name, { timeoutMs: 400 })
        const denied = await create(newUser())
        assert.equal(denied.status, 400, denied.text)
        assert.deepEqual(
          (await server.events()).map(({ type }) => type),
          ['hook.failed'],
        )
        const [execution] = await executionsOf(name)
        assert.equal(execution!.failure?.kind, kind)
        assert.match((denied.body as { message: string }).message, new RegExp(execution!.id, 'u'))
        await change(name, { onFailure: 'allow' })
        assert.equal((await create(newUser())).status, 201)
      })
    }

    test('no Action runs for a caller without permission, nor for one that is not valid', async () => {
      const { name } = await bindAction(
        server,
        'pre-user-registration',
        `exports.onExecutePreUserRegistration = async () => { console.log('ran') }`,
      )
      assert.equal((await create(newUser(), ['read:users'])).status, 403)
      assert.equal((await create({ connection: 7 })).status, 400)
      await new Promise((resolve) => setTimeout(resolve, 50))
      assert.deepEqual(await executionsOf(name), [])
    })

    test('Actions run in their order until one denies', async () => {
      const [first, second, third] = [
        await bindAction(
          server,
          'pre-user-registration',
          `exports.onExecutePreUserRegistration = async (event, api) => { api.user.setAppMetadata('by', 'first') }`,
        ),
        await bindAction(
          server,
          'pre-user-registration',
          `exports.onExecutePreUserRegistration = async (event, api) => { api.access.deny('no', 'No.') ; console.log('went on') }`,
        ),
        await bindAction(
          server,
          'pre-user-registration',
          `exports.onExecutePreUserRegistration = async () => {}`,
        ),
      ]
      assert.equal((await create(newUser())).status, 400)
      const runs = [
        await executionsOf(first.name),
        await executionsOf(second.name),
        await executionsOf(third.name),
      ]
      assert.deepEqual(
        runs.map((each) => each.length),
        [1, 1, 0],
      )
      const [{ runId }, { runId: same }] = [runs[0]![0]!, runs[1]![0]!]
      assert.equal(runId, same)
      const run = await done<{ results: object[]; trigger_id: string }>(
        server,
        'GET',
        `/api/v2/actions/executions/${encodeUuid(runId)}`,
      )
      assert.equal(run.trigger_id, 'pre-user-registration')
      assert.equal(run.results.length, 2)
    })

    test('an Action after a registration runs in the background, with the whole user', async () => {
      const { name } = await bindAction(
        server,
        'post-user-registration',
        `exports.onExecutePostUserRegistration = async (event) => { console.log(event.user.user_id, event.secrets.KEY) }`,
        { secrets: [{ name: 'KEY', value: 'hidden-value' }] },
      )
      const { body } = await create(newUser())
      const execution = await until(async () =>
        (await executionsOf(name)).find(({ status }) => status === 'done'),
      )
      assert.equal(execution.log[0]!.text.split(' ')[0], (body as User).user_id)
      // Secrets are kept out of what is written down, also where the script prints them.
      assert.doesNotMatch(JSON.stringify(execution), /hidden-value/u)
    })

    test('an Action refuses that a role is given', async () => {
      await bindAction(
        server,
        'role.pre-assign',
        `exports.onExecutePreRoleAssignment = async (event, api) => { api.access.deny('not today') }`,
      )
      const { user_id: userId } = (await create(newUser())).body as User
      const role = await done<{ id: string }>(server, 'POST', '/api/v2/roles', { name: `role-${++made}` })
      const path = `/api/v2/users/${encodeURIComponent(userId)}/roles`
      const token = await server.token('update:users')
      const refused = await server.call('POST', path, { token, body: { roles: [role.id] } })
      assert.equal(refused.status, 400)
      assert.deepEqual(await done(server, 'GET', path), [])
      // Whichever way the role is given.
      const organization = await done<{ id: string }>(server, 'POST', '/api/v2/organizations', {
        name: `org-${++made}`,
      })
      await done(server, 'POST', `/api/v2/organizations/${organization.id}/members`, { members: [userId] })
      const [id, roleId] = [userId.replace('auth0|', ''), role.id.replace('rol_', '')]
      const native = '/api/rolecall/v1'
      const every = await server.token('every')
      const ways: [string, string, object, Record<string, string>?][] = [
        ['POST', `/api/v2/roles/${role.id}/users`, { users: [userId] }],
        ['POST', `/api/v2/organizations/${organization.id}/members/${userId}/roles`, { roles: [role.id] }],
        ['POST', `${native}/assignments`, { userIds: [id], roleIds: [roleId] }],
        ['PUT', `${native}/users/${id}/roles`, { roleIds: [roleId] }, { 'if-match': '"0"' }],
      ]
      for (const [method, url, body, headers = {}] of ways) {
        const answer = await server.call(method, url, { token: every, body, headers })
        assert.match(answer.text, /not today/u, `${method} ${url}: ${answer.status} ${answer.text}`)
      }
      assert.deepEqual(await done(server, 'GET', path), [])
    })

    test('an Action refuses that a role is given by a record that is saved, and by one of many', async () => {
      const session = await server.call('POST', '/api/v2/system/admin/session', {
        body: { email: administrator.email, password: administrator.password },
      })
      const { session_token } = session.body as { session_token: string }
      const call = (method: string, resource: string, body: unknown) =>
        server.call(method, `/api/v2/system/${resource}`, {
          body,
          headers: { 'x-dreamfactory-session-token': session_token },
        })
      const make = async (resource: string, fields: object = {}): Promise<number> => {
        const answer = await call('POST', resource, { resource: [{ name: `saved-${++made}`, ...fields }] })
        assert.equal(answer.status, 201, answer.text)
        return (answer.body as { resource: [{ id: number }] }).resource[0].id
      }
      const person = () => ({ email: `saved-${++made}@example.com`, password: 'Correct-horse-1' })
      const [one, other] = [await make('user', person()), await make('user', person())]
      const [app, free, kept] = [
        await make('app', { is_active: true }),
        await make('role'),
        await make('role'),
      ]
      const { store } = server.server.workspace
      const role = await store.reader.roles.findBy({ number: kept })
      const refusing = (condition: string) =>
        bindAction(
          server,
          'role.pre-assign',
          `exports.onExecutePreRoleAssignment = async (event, api) => {
            if (${condition}) api.access.deny('not today')
          }`,
        )
      const { name } = await refusing(
        `event.roleIds.includes('${role!.id}') || event.roleIds.includes('admin')`,
      )
      const rows = (role_id: number, user_id?: number) => [{ app_id: app, role_id, user_id }]
      const byUser = 'user_to_app_to_role_by_user_id'
      const byRole = 'user_to_app_to_role_by_role_id'
      const byApp = 'user_to_app_to_role_by_app_id'
      const ways: [string, string, object][] = [
        ['PATCH', `user/${one}`, { [byUser]: rows(kept) }],
        ['PATCH', `role/${kept}`, { [byRole]: [{ app_id: app, user_id: one }] }],
        ['PATCH', `app/${app}`, { [byApp]: [{ role_id: kept, user_id: one }] }],
        ['POST', 'user', { resource: [{ ...person(), name: 'new', [byUser]: rows(kept) }] }],
        ['POST', 'app', { resource: [{ name: 'new', [byApp]: [{ role_id: kept, user_id: one }] }] }],
        ['POST', 'admin', { resource: [{ ...person(), name: 'new' }] }],
      ]
      await server.events()
      for (const [method, resource, body] of ways) {
        const answer = await call(method, resource, body)
        assert.match(answer.text, /not today/u, `${method} ${resource}: ${answer.status} ${answer.text}`)
      }
      assert.deepEqual(await server.events(), [])
      // Of many, those that it does not refuse are done where the call says so.
      const many = [
        { id: one, [byUser]: rows(kept) },
        { id: other, [byUser]: rows(free) },
      ]
      const answer = await call('PATCH', 'user?continue=true', { resource: many })
      assert.match(answer.text, /not today/u)
      assert.deepEqual(
        (await server.events()).map(({ type }) => type),
        ['role.assigned'],
      )
      // What changes nothing asks nobody.
      const asked = (await executionsOf(name)).length
      assert.equal((await call('PATCH', `user/${other}`, { [byUser]: [] })).status, 200)
      assert.equal((await executionsOf(name)).length, asked)
    })

    test('an Action refuses people whom an administrator creates by a record', async () => {
      await bindAction(
        server,
        'pre-user-registration',
        `exports.onExecutePreUserRegistration = async (event, api) => {
          if (event.user.email.startsWith('refused')) api.access.deny('spam', 'Not you.')
          api.user.setAppMetadata('seen', true)
        }`,
      )
      const session = await server.call('POST', '/api/v2/system/admin/session', {
        body: { email: administrator.email, password: administrator.password },
      })
      const { session_token } = session.body as { session_token: string }
      const post = (email: string) =>
        server.call('POST', '/api/v2/system/user', {
          body: { resource: [{ name: 'Somebody', email }] },
          headers: { 'x-dreamfactory-session-token': session_token },
        })
      await server.events()
      const refused = await post('refused@example.com')
      assert.match(refused.text, /Not you|spam/u)
      assert.deepEqual(await server.events(), [])
      const email = `welcome-${++made}@example.com`
      assert.equal((await post(email)).status, 201)
      const user = await server.server.workspace.store.reader.users.findByEmail(email)
      assert.deepEqual(user?.appMetadata, { seen: true })
    })
  })
}
