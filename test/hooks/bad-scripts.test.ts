import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { systemActor } from '#core/actor.ts'
import { createApi } from '#core/apis/create.ts'
import { updateHook } from '#core/hooks/update.ts'
import { createUser } from '#core/users/create.ts'
import type { FailureKind } from '#hooks/sandbox/run-result.ts'
import { operator, startServer, type TestServer } from '#test/harness/server.ts'
import { addApplication } from '#test/oidc/visitor.ts'
import { bindAction, done, signInTo, unbindAll, until } from './given.ts'

// Each bad script of issue 4 against a running server, while others sign in, get their tokens and read as if nothing were.

const person = { email: 'somebody@example.com', password: 'Correct-horse-1' }
const audience = 'https://orders.example.com/'

let server: TestServer
let people = 0
const stop = new AbortController()
let load: Promise<{ answered: number; failed: string[] }>

before(async () => {
  server = await startServer()
  const { run } = server.server.workspace
  await addApplication(server, { id: 'spa', kind: 'spa' })
  await run(createApi, { identifier: audience, name: 'Orders', permissions: [] }, systemActor('system'))
  const connectionName = 'Username-Password-Authentication'
  await run(createUser, { ...person, connectionName }, systemActor('system'))
  load = others()
})
after(() => server?.close())
afterEach(() => unbindAll(server, 'pre-user-registration'))

/** Signs in and reads, over and over. */
const others = async () => {
  const failed: string[] = []
  let answered = 0
  while (!stop.signal.aborted) {
    const issued = await server.call('POST', '/oauth/token', {
      body: {
        grant_type: 'client_credentials',
        client_id: operator.id,
        client_secret: operator.secret,
        audience: `${server.origin}/api/v2/`,
      },
    })
    const { access_token: token } = issued.body as { access_token: string }
    const read = await server.call('GET', '/api/v2/roles', { token })
    for (const { status, text } of [issued, read]) if (status !== 200) failed.push(`${status} ${text}`)
    const { access, away } = await signInTo(server, { ...person, audience })
    if (!access) failed.push(`no sign-in: ${away}`)
    answered += 3
  }
  return { answered, failed }
}

const register = async () =>
  server.call('POST', '/api/v2/users', {
    token: await server.token('create:users'),
    body: {
      connection: 'Username-Password-Authentication',
      email: `someone-${++people}@example.com`,
      password: 'Correct-horse-1',
    },
  })

const scripts: readonly [what: string, body: string, kind: FailureKind][] = [
  ['an endless loop', 'for (;;);', 'timeout'],
  ['a promise that never settles', 'await new Promise(() => {})', 'timeout'],
  [
    'a memory bomb',
    'const kept = []; for (;;) { kept.push(new Uint8Array(8_000_000).fill(1)); await null }',
    'memory',
  ],
  ['a flood of output', `for (;;) console.log('x'.repeat(10_000))`, 'output'],
  ['process.exit', 'process.exit(0)', 'exit'],
  ['a thrown text', `throw 'no'`, 'throw'],
  ['an answer that is none', `const a = {}; a.a = a; api.user.setAppMetadata('a', a)`, 'invalid'],
  ['a file', `require('fs').readFileSync('/etc/passwd')`, 'throw'],
  ['a process', `require('child_process').execFileSync('ls')`, 'throw'],
  // Reading it answers as if it were empty, which packages expect; and it is.
  ['an environment', `if (Object.keys(Deno.env.toObject()).length === 0) throw 'empty'`, 'throw'],
  ['another script’s packages', `require('fs').readdirSync(${JSON.stringify(process.cwd())})`, 'throw'],
  [
    'thousands of calls back',
    `for (let n = 0; n < 5000; n++) await (await fetch(event.secrets.origin + '/api/v2/roles')).text()`,
    'calls',
  ],
  ['a host that is not listed', `await fetch('http://169.254.169.254/')`, 'throw'],
]

for (const [what, body, kind] of scripts) {
  test(`${what} denies the registration that it was asked for, by its name`, async () => {
    const { name } = await bindAction(
      server,
      'pre-user-registration',
      `exports.onExecutePreUserRegistration = async (event, api) => { ${body} }`,
      { secrets: [{ name: 'origin', value: server.origin }] },
    )
    const { run, store } = server.server.workspace
    const hook = await store.reader.hooks.findBy({ name })
    const timeoutMs = kind === 'timeout' ? 1500 : 20_000
    await run(updateHook, { hookId: hook!.id, changes: { timeoutMs } }, systemActor('system'))
    const denied = await register()
    assert.equal(denied.status, 400, denied.text)
    const { items } = await store.reader.executions.list({
      filter: { field: 'hookName', is: 'equal', value: name },
      limit: 1,
    })
    assert.equal(items[0]?.failure?.kind, kind, JSON.stringify(items[0]?.failure))
    await unbindAll(server, 'pre-user-registration')
    assert.equal((await register()).status, 201)
  })
}

test('keys that reach prototypes are no metadata', async () => {
  await bindAction(
    server,
    'pre-user-registration',
    `exports.onExecutePreUserRegistration = async (event, api) => {
      api.user.setAppMetadata('a', JSON.parse('{"__proto__":{"admin":true},"b":1}'))
      api.user.setAppMetadata('__proto__', { admin: true })
    }`,
  )
  const { body } = await register()
  assert.deepEqual((body as { app_metadata?: object }).app_metadata?.['a' as never], { b: 1 })
  assert.equal(({} as { admin?: boolean }).admin, undefined)
  await unbindAll(server, 'pre-user-registration')
})

test('recursion through the exchange of credentials ends, for the one application that it is switched on for', async () => {
  const { id, secret } = await server.client('read:users')
  const asked = {
    grant_type: 'client_credentials',
    client_id: id,
    client_secret: secret,
    audience: `${server.origin}/api/v2/`,
  }
  const native = '/api/rolecall/v1'
  const hook = await done<{ id: string }>(server, 'POST', `${native}/hooks`, {
    name: 'recursion',
    flavour: 'action',
    triggers: [{ name: 'token.pre-issue' }],
    applicationIds: [id],
    deploy: true,
    secrets: [
      { name: 'url', value: `${server.origin}/oauth/token` },
      { name: 'body', value: JSON.stringify(asked) },
    ],
    code: `exports.onExecuteCredentialsExchange = async ({ secrets }) => {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(secrets.url, { method: 'POST', headers, body: secrets.body })
      if (answer.status !== 200) throw new Error('refused within')
    }`,
  })
  await until(async () => {
    const { deployedVersion } = await done<{ deployedVersion?: object }>(
      server,
      'GET',
      `${native}/hooks/${hook.id}`,
    )
    return deployedVersion
  })
  const bound = await server.call('PUT', `${native}/triggers/token.pre-issue/bindings`, {
    token: await server.token('every'),
    headers: { 'if-match': '""' },
    body: { bindings: [{ hookId: hook.id }] },
  })
  assert.equal(bound.status, 200, bound.text)
  const refused = await server.call('POST', '/oauth/token', { body: asked })
  assert.ok(refused.status >= 400, refused.text)
  const { items } = await server.server.workspace.store.reader.executions.list({
    filter: { field: 'hookName', is: 'equal', value: 'recursion' },
    limit: 10,
  })
  assert.ok(
    items.some(({ failure }) => failure?.kind === 'calls'),
    JSON.stringify(items.map(({ failure }) => failure)),
  )
  assert.ok(items.length <= 5)
  await unbindAll(server, 'credentials-exchange')
})

test('the others noticed nothing', async () => {
  stop.abort()
  const { answered, failed } = await load
  assert.deepEqual(failed, [])
  assert.ok(answered > 0)
})
