import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { engines } from '#test/harness/scenario.ts'
import { type Answer, startServer, type TestServer } from '#test/harness/server.ts'
import { until } from '#test/hooks/given.ts'

type Hook = {
  id: string
  name: string
  status: string
  hasChanges: boolean
  deployedVersion?: { id: string }
}

const code = 'exports.onExecutePostLogin = async (event, api) => {}'
let made = 0

for (const engine of engines) {
  describe(`hooks of the native API (${engine})`, () => {
    let server: TestServer
    before(async () => {
      server = await startServer({ engine })
    })
    after(() => server?.close())

    const call = async (
      method: string,
      path: string,
      body?: unknown,
      { scopes = ['every'], headers = {} }: { scopes?: string[]; headers?: Record<string, string> } = {},
    ): Promise<Answer> =>
      server.call(method, `/api/rolecall/v1${path}`, {
        body,
        headers,
        token: await server.token(...scopes),
      })
    const done = async <T = Hook>(method: string, path: string, body?: unknown): Promise<T> => {
      const answer = await call(method, path, body)
      assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`)
      return answer.body as T
    }
    const built = async (more: object = {}): Promise<Hook> => {
      const body = {
        name: `hook-${++made}`,
        flavour: 'action',
        code,
        triggers: [{ name: 'user.post-login' }],
      }
      const { id } = await done('POST', '/hooks', { ...body, ...more })
      return until(async () => {
        const hook = await done('GET', `/hooks/${id}`)
        return hook.status === 'built' ? hook : undefined
      })
    }

    test('a hook is created, changed, deployed, bound, compared, gone back to and deleted', async () => {
      const hook = await built({
        secrets: [{ name: 'KEY', value: 'hidden' }],
        allowedHosts: ['api.example.com'],
      })
      assert.equal(hook.hasChanges, true)
      const first = await done<{ id: string; versionNumber: number }>('POST', `/hooks/${hook.id}/deploy`)
      assert.equal(first.versionNumber, 1)
      const changed = `${code}\n// more`
      await done('PATCH', `/hooks/${hook.id}`, { code: changed, onFailure: 'allow', allowedHosts: [] })
      const diff = await done<{ changes: unknown[]; lines: unknown[] }>(
        'GET',
        `/hooks/${hook.id}/versions/${first.id}/diff`,
      )
      assert.deepEqual(diff, {
        changes: [{ field: 'allowedHosts', before: ['api.example.com'], after: [] }],
        lines: [
          { kind: 'same', text: code },
          { kind: 'added', text: '// more' },
        ],
      })
      const list = await call('GET', '/triggers/user.post-login/bindings')
      const bindings = { bindings: [{ hookId: hook.id, displayName: 'Shown' }] }
      const unmatched = await call('PUT', '/triggers/user.post-login/bindings', bindings)
      assert.equal(unmatched.status, 428)
      const stale = await call('PUT', '/triggers/user.post-login/bindings', bindings, {
        headers: { 'if-match': '"other"' },
      })
      assert.equal(stale.status, 412)
      const bound = await call('PUT', '/triggers/user.post-login/bindings', bindings, {
        headers: { 'if-match': list.headers.etag! },
      })
      assert.equal(bound.status, 200, bound.text)
      const { items } = await done<{ items: { trigger: string }[] }>('GET', `/hooks/${hook.id}/bindings`)
      assert.deepEqual(
        items.map(({ trigger }) => trigger),
        ['user.post-login'],
      )
      const back = await done<{ versionNumber: number }>(
        'POST',
        `/hooks/${hook.id}/versions/${first.id}/deploy?updateDraft=true`,
      )
      assert.equal(back.versionNumber, 2)
      assert.equal((await done<{ code: string }>('GET', `/hooks/${hook.id}`)).code, code)
      assert.equal((await call('DELETE', `/hooks/${hook.id}`)).status, 409)
      assert.equal((await call('DELETE', `/hooks/${hook.id}?unbind=true`)).status, 204)
      assert.equal((await call('GET', `/hooks/${hook.id}`)).status, 404)
    })

    test('secrets never come back', async () => {
      const hook = await built({ secrets: [{ name: 'KEY', value: 'hidden-value' }] })
      const { text } = await call('GET', `/hooks/${hook.id}`)
      assert.match(text, /"KEY"/u)
      assert.doesNotMatch(text, /hidden-value|sealed/u)
    })

    test('who may not make administrators writes no script that could (security case 3)', async () => {
      const scopes = ['create:actions', 'update:actions', 'read:actions']
      const body = { name: `hook-${++made}`, flavour: 'event-script', code: '' }
      const refused = await call('POST', '/hooks', body, { scopes })
      assert.equal(refused.status, 403)
      assert.equal((refused.body as { code: string }).code, 'cannot_grant')
      const runsAs = await call(
        'POST',
        '/hooks',
        { name: `hook-${++made}`, flavour: 'action', code, runsAs: 'system' },
        { scopes },
      )
      assert.equal(runsAs.status, 403)
      const harmless = await built()
      const raised = await call('PATCH', `/hooks/${harmless.id}`, { runsAs: 'system' }, { scopes })
      assert.equal(raised.status, 403)
      const script = await built({
        flavour: 'event-script',
        code: '',
        triggers: [{ name: 'user.register.post' }],
      })
      const changed = await call('PATCH', `/hooks/${script.id}`, { code: 'throw 1' }, { scopes })
      assert.equal(changed.status, 403)
    })

    test('who may only see hooks tries none (security case 16)', async () => {
      const hook = await built()
      const refused = await call(
        'POST',
        `/hooks/${hook.id}/dry-run`,
        { last: 1 },
        { scopes: ['read:actions'] },
      )
      assert.equal(refused.status, 403)
      const path = `/api/v2/actions/actions/${hook.id}/test`
      const token = await server.token('read:actions', 'update:actions')
      const tested = await server.call('POST', path, { token, body: { payload: { event: {} } } })
      assert.equal(tested.status, 403)
    })

    test('a test through the other door runs the draft once and shows what it asks for', async () => {
      const hook = await built({
        code: `exports.onExecutePostLogin = async (event, api) => {
          console.log(event.user.name)
          api.idToken.setCustomClaim('a', 1)
        }`,
      })
      const body = { payload: { event: { user: { name: 'Ada' } } } }
      const token = await server.token('create:actions')
      const answer = await server.call('POST', `/api/v2/actions/actions/${hook.id}/test`, { token, body })
      assert.equal(answer.status, 200, answer.text)
      const { payload } = answer.body as { payload: Record<string, unknown> }
      assert.equal(payload.logs, 'Ada')
      assert.equal(payload.error, null)
      assert.deepEqual(payload.mutations, [{ type: 'idToken.setCustomClaim', name: 'a', value: 1 }])
    })

    test('declarations for authors are served, and are TypeScript', async () => {
      const types = await done<Record<string, string>>('GET', '/hooks/types')
      assert.match(types.action!, /export type PostLoginEvent = \{\n {2}readonly client: \{/u)
      assert.match(types['event-script']!, /declare const platform/u)
      for (const text of Object.values(types)) stripTypeScriptTypes(text)
    })

    // What is served does not depend on the database.
    if (engine === 'sqlite')
      test('a script is held to the declarations: what is there is accepted, what is not is an error', async () => {
        const types = await done<Record<string, string>>('GET', '/hooks/types')
        const folder = await mkdtemp(join(tmpdir(), 'rolecall-types-'))
        const files = {
          'action.d.ts': types.action!,
          'platform.d.ts': types['event-script']!,
          'login.cjs': `
          /** @type {import('./action').OnExecutePostLogin} */
          exports.onExecutePostLogin = async (event, api) => {
            if (event.stats.logins_count !== 1 || !event.user.email?.endsWith('@example.com')) return
            const roles = (await api.roles.getUserEffectiveRoles({ take: 10 })).roles.map(({ name }) => name)
            api.idToken.setCustomClaim('roles', [...roles, ...event.authorization.roles])
            api.user.setAppMetadata('from', event.organization?.name ?? event.client.name).access.deny('No.')
            event.user.mail
            event.stats.logins_count.toUpperCase()
            api.user.makeAdministrator(event.user.user_id)
            event.user.email = 'else@example.com'
          }
          /** @type {import('./action').OnExecuteCredentialsExchange} */
          exports.onExecuteCredentialsExchange = async (event, api) => {
            if (event.transaction.target_scopes.length === 0) api.access.deny('invalid_scope', 'None is left.')
            event.user
          }`,
          'script.js': `
          var_dump(event)
          if (event.response && event.response.status_code === 201) {
            var found = platform.api.get('system/user?filter=' + encodeURIComponent(event.request.payload.email))
            platform.api.patch('system/user/' + found.content.resource[0].id, { name: 'x' })
            print(platform.session.user.email, found.status_code)
            event.request.payload.name = 'x'
          }
          event.answer
          platform.api.fetch('system/user')`,
        }
        for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
        const tsc = fileURLToPath(import.meta.resolve('typescript/package.json')).replace(
          'package.json',
          'bin/tsc',
        )
        const options = [
          '--ignoreConfig',
          '--noEmit',
          '--strict',
          '--allowJs',
          '--checkJs',
          '--noImplicitAny',
          'false',
        ]
        const { stdout } = await promisify(execFile)(
          process.execPath,
          [tsc, ...options, '--lib', 'es2024', '--module', 'node20', '--types', '', ...Object.keys(files)],
          { cwd: folder },
        ).catch((error: { stdout: string }) => error)
        await rm(folder, { recursive: true })
        const complaints = stdout.split('\n').flatMap((line) => /error TS\d+: .*/u.exec(line)?.[0] ?? [])
        const wrong = ['mail', 'toUpperCase', 'makeAdministrator', 'email', 'user', 'answer', 'fetch']
        assert.deepEqual(
          complaints.map((complaint) => /'(\w+)'/u.exec(complaint)?.[1]).sort(),
          wrong.sort(),
          stdout,
        )
      })

    test('triggers and executions are listed, and an execution that is not there is not found', async () => {
      const triggers = await done<{ items: { name: string }[] }>('GET', '/triggers')
      assert.ok(triggers.items.some(({ name }) => name === 'role.pre-assign'))
      const executions = await done<{ items: unknown[]; next: null }>('GET', '/executions?status=done')
      assert.ok(Array.isArray(executions.items))
      assert.equal((await call('GET', '/executions/nothing')).status, 404)
      assert.equal((await call('GET', '/executions', undefined, { scopes: ['read:users'] })).status, 403)
    })
  })
}
