import assert from 'node:assert/strict'
import dns from 'node:dns/promises'
import { readdir } from 'node:fs/promises'
import { createServer } from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, afterEach, before, mock, test } from 'node:test'
import { systemActor } from '#core/actor.ts'
import { createApi } from '#core/apis/create.ts'
import { deployHook } from '#core/hooks/deploy.ts'
import { updateHook } from '#core/hooks/update.ts'
import { createUser } from '#core/users/create.ts'
import type { FailureKind } from '#hooks/sandbox/run-result.ts'
import { operator, startServer, type TestServer } from '#test/harness/server.ts'
import { addApplication, authorizePath } from '#test/oidc/visitor.ts'
import { bindAction, built, done, install, signInTo, unbindAll, until } from './given.ts'

// Each bad script of issue 4 against a running server, while others sign in, get their tokens and read as if nothing were.

const person = { email: 'somebody@example.com', password: 'Correct-horse-1' }
const audience = 'https://orders.example.com/'

let server: TestServer
let people = 0
/** Whatever listens beside the server, on the same machine: no script shall reach it. */
const neighbour = createServer((_request, response) => {
  reached++
  response.end('reached')
})
let reached = 0
/** What a script is told, so that it need not guess. */
let told: { name: string; value: string }[]
const stop = new AbortController()
let load: Promise<{ answered: number; failed: string[] }>

before(async () => {
  server = await startServer()
  const { run } = server.server.workspace
  await addApplication(server, { id: 'spa', kind: 'spa' })
  await run(createApi, { identifier: audience, name: 'Orders', permissions: [] }, systemActor('system'))
  const connectionName = 'Username-Password-Authentication'
  await run(createUser, { ...person, connectionName }, systemActor('system'))
  await new Promise((resolve) => neighbour.listen(0, '127.0.0.1', () => resolve(undefined)))
  const { port } = neighbour.address() as AddressInfo
  const callback = `http://127.0.0.1:${port}/`
  await addApplication(server, { id: 'away', callbacks: [callback] })
  const asked = { client_id: 'away', scope: 'openid', prompt: 'none', redirect_uri: callback }
  const other = await bindAction(server, 'pre-user-registration', 'exports.a = 1')
  await install(server, other.name, 'fastq', 'fastq')
  await unbindAll(server, 'pre-user-registration')
  const bundles = join(server.directory, 'hooks', 'packages', 'bundles')
  const given = {
    origin: server.origin,
    away: server.origin + authorizePath(asked),
    neighbour: String(port),
    bundle: join(bundles, (await readdir(bundles))[0]!),
    directory: server.directory,
  }
  told = Object.entries(given).map(([name, value]) => ({ name, value }))
  const { lookup } = dns
  const answer = async (host: string, options: object) =>
    host === 'inside.example.com' ? [{ address: '127.0.0.1', family: 4 }] : lookup(host, options)
  mock.method(dns, 'lookup', answer)
  syncBuiltinESMExports()
  load = others()
})
after(async () => {
  mock.restoreAll()
  syncBuiltinESMExports()
  neighbour.close()
  await server?.close()
})
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

type BadScript = {
  what: string
  body: string
  kind: FailureKind
  says?: RegExp
  /** `PORT` stands for the one that the neighbour listens on. */
  hosts?: readonly string[]
}

const notGranted = /Requires (?:net|read|run) access|NotCapable/u

/** Asks each of these hosts, and throws what came of it. */
const asks = (hosts: readonly string[]) => `const { neighbour } = event.secrets
  const hosts = ${JSON.stringify(hosts)}
  const answers = await Promise.allSettled(hosts.map((host) => fetch('http://' + host + ':' + neighbour)))
  const got = answers.flatMap(({ reason }, n) => /Requires net access/.test(reason) ? [] : [hosts[n] + ': ' + reason])
  throw new Error(got.join() || 'Requires net access to every one')`

const everyOne = /^Requires net access to every one$/u
const addresses = ['127.0.0.1', '127.1', '2130706433', '0.0.0.0', '[::1]', '[::ffff:127.0.0.1]']
const linkLocal = ['169.254.169.254', '[fe80::1]', '[::ffff:169.254.169.254]']

const scripts: readonly BadScript[] = [
  { what: 'an endless loop', body: 'for (;;);', kind: 'timeout' },
  { what: 'a promise that never settles', body: 'await new Promise(() => {})', kind: 'timeout' },
  {
    what: 'a memory bomb',
    body: 'const kept = []; for (;;) { kept.push(new Uint8Array(8_000_000).fill(1)); await null }',
    kind: 'memory',
  },
  { what: 'a flood of output', body: `for (;;) console.log('x'.repeat(10_000))`, kind: 'output' },
  { what: 'process.exit', body: 'process.exit(0)', kind: 'exit' },
  { what: 'a thrown text', body: `throw 'no'`, kind: 'throw' },
  {
    what: 'an answer that is none',
    body: `const a = {}; a.a = a; api.user.setAppMetadata('a', a)`,
    kind: 'invalid',
  },
  { what: 'a file', body: `require('fs').readFileSync('/etc/passwd')`, kind: 'throw' },
  { what: 'a process', body: `require('child_process').execFileSync('ls')`, kind: 'throw' },
  {
    what: 'a process by the runtime’s own means',
    body: `new Deno.Command('ls').outputSync()`,
    kind: 'throw',
    says: notGranted,
  },
  {
    what: 'an environment',
    // Reading it answers as if it were empty, which packages expect; and it is.
    body: `if (Object.keys(Deno.env.toObject()).length === 0) throw 'empty'`,
    kind: 'throw',
  },
  {
    what: 'the server’s packages',
    body: `require('fs').readdirSync(${JSON.stringify(process.cwd())})`,
    kind: 'throw',
  },
  {
    what: 'another script’s packages',
    body: `require('fs').readFileSync(event.secrets.bundle + '/package.json')`,
    kind: 'throw',
    says: notGranted,
  },
  {
    what: 'a module of another script',
    body: `require(event.secrets.bundle + '/node_modules/fastq')`,
    kind: 'throw',
    says: /Cannot find module/u,
  },
  {
    what: 'the folder in which the server keeps the secrets of scripts',
    body: `require('fs').readdirSync(event.secrets.directory)`,
    kind: 'throw',
    says: notGranted,
  },
  {
    what: 'thousands of calls back',
    body: `for (let n = 0; n < 5000; n++) await (await fetch(event.secrets.origin + '/api/v2/roles')).text()`,
    kind: 'calls',
  },
  { what: 'loopback by address', body: asks(addresses), kind: 'throw', says: everyOne },
  { what: 'link-local addresses', body: asks(linkLocal), kind: 'throw', says: everyOne },
  {
    what: 'loopback and link-local by name',
    body: asks(['localhost', 'a.localhost', 'metadata.google.internal']),
    kind: 'throw',
    says: everyOne,
  },
  {
    what: 'loopback and link-local that somebody listed',
    body: asks(['127.0.0.1', 'localhost', '169.254.169.254']),
    kind: 'throw',
    says: everyOne,
    hosts: ['127.0.0.1:PORT', 'localhost:PORT', '169.254.169.254:PORT'],
  },
  {
    what: 'a listed name that leads inside',
    body: asks(['inside.example.com']),
    kind: 'throw',
    says: everyOne,
    hosts: ['inside.example.com:PORT'],
  },
  {
    what: 'a host that a listed one redirects to',
    body: `await fetch(event.secrets.away)`,
    kind: 'throw',
    says: /Requires net access to "127\.0\.0\.1/u,
  },
]

/** Lists hosts, builds and deploys once more. */
const list = async (hookId: string, actionId: string, hosts: readonly string[]) => {
  const { run } = server.server.workspace
  const { port } = neighbour.address() as AddressInfo
  const allowedHosts = hosts.map((host) => host.replace('PORT', String(port)))
  await run(updateHook, { hookId, changes: { allowedHosts } }, systemActor('system'))
  await built(server, actionId)
  await run(deployHook, { hookId }, systemActor('system'))
}

for (const { what, body, kind, says = /./u, hosts } of scripts) {
  test(`${what}: the run ends by its name, and the binding says whether somebody gets in`, async () => {
    const { id, name } = await bindAction(
      server,
      'pre-user-registration',
      `exports.onExecutePreUserRegistration = async (event, api) => { ${body} }`,
      { secrets: told },
    )
    const { run, store } = server.server.workspace
    const hookId = (await store.reader.hooks.findBy({ name }))!.id
    if (hosts) await list(hookId, id, hosts)
    const timeoutMs = kind === 'timeout' ? 1500 : 20_000
    for (const [onFailure, status] of [
      ['deny', 400],
      ['allow', 201],
    ] as const) {
      await run(updateHook, { hookId, changes: { timeoutMs, onFailure } }, systemActor('system'))
      const answer = await register()
      assert.equal(answer.status, status, answer.text)
    }
    await until(async () => ((await failuresOf(name)).length === 2 ? true : undefined))
    for (const failure of await failuresOf(name)) {
      assert.equal(failure?.kind, kind, JSON.stringify(failure))
      assert.match(failure.message, says)
    }
    assert.equal(reached, 0)
  })
}

const failuresOf = async (hookName: string) => {
  const { executions } = server.server.workspace.store.reader
  const filter = { field: 'hookName', is: 'equal', value: hookName } as const
  return (await executions.list({ filter, limit: 10 })).items.map(({ failure }) => failure)
}

test('what a script leaves behind, its secrets too, is not there for the next one', async () => {
  const bind = (body: string, secrets: object[] = []) => {
    const code = `exports.onExecutePreUserRegistration = async ({ secrets }) => { ${body} }`
    return bindAction(server, 'pre-user-registration', code, { secrets })
  }
  await bind('globalThis.left = secrets.mine', [{ name: 'mine', value: 'of the first' }])
  const { name } = await bind(`throw new Error(globalThis.left ?? secrets.mine ?? 'nothing is left')`)
  const answer = await register()
  assert.equal(answer.status, 400, answer.text)
  assert.deepEqual(
    (await failuresOf(name)).map((failure) => failure?.message),
    ['nothing is left'],
  )
})

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
