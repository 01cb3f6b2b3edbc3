import assert from 'node:assert/strict'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { JsonObject } from '#core/json.ts'
import { startChild } from '#hooks/sandbox/child.ts'
import { findDeno, prepareDenoFolder, sandboxCommand } from '#hooks/sandbox/command.ts'
import { planEgress } from '#hooks/sandbox/egress.ts'
import type { FailureKind, Handle, RunResult, ScriptVersion } from '#hooks/sandbox/run-result.ts'
import { createRunner, type Runner } from '#hooks/sandbox/runner.ts'

// What scripts try that want out, or want to harm: rows 25 and 28 of docs/security-cases.md. The probes are run on
// every new release of the runtime.

let runner: Runner
let folder: string
let own: Server
let other: Server
let ownPort: number
let otherPort: number
let otherCalls = 0

const listening = async (server: Server): Promise<number> => {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  return (server.address() as AddressInfo).port
}

before(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'rolecall-escape-')))
  await writeFile(join(folder, 'secret.txt'), 'of the server')
  other = createServer((_request, response) => {
    otherCalls++
    response.end('reached')
  })
  otherPort = await listening(other)
  own = createServer((request, response) => {
    if (request.url === '/elsewhere')
      response.writeHead(302, { location: `http://127.0.0.1:${otherPort}/` }).end()
    else response.end('own')
  })
  ownPort = await listening(own)
  runner = createRunner({
    folder: join(folder, 'runner'),
    ownOrigins: () => [`http://localhost:${ownPort}`],
    limits: { outputBytes: 200_000, calls: 20, processes: 6, depth: 3 },
  })
})
after(async () => {
  await runner?.stop()
  own?.close()
  other?.close()
  await rm(folder, { recursive: true, force: true })
})

const action = (body: string, more: Partial<ScriptVersion> = {}): ScriptVersion => ({
  id: body,
  code: `const need = require\nexports.onExecutePostLogin = async (event, api) => {\n${body}\n}`,
  flavour: 'action',
  allowedHosts: [],
  timeoutMs: 20_000,
  memoryMb: 256,
  ...more,
})

const call = (version: ScriptVersion, event: JsonObject = {}, handle?: Handle): Promise<RunResult> =>
  runner.call(version, { handler: 'onExecutePostLogin', trigger: 'post-login', event }, handle)

const ends = async (kind: FailureKind, message: RegExp, version: ScriptVersion, handle?: Handle) => {
  const result = await call(version, {}, handle)
  assert.ok(!result.ok, JSON.stringify(result))
  assert.equal(result.failure.kind, kind, JSON.stringify(result.failure))
  assert.match(result.failure.message, message)
  // The cause is in the log, by its name.
  assert.match(result.log.at(-1)!.text, new RegExp(`^${kind}: `))
}

/** One process for all that is tried in it. */
const attempts = action(
  `const { body } = event
   let got
   try { got = 'got ' + String(await new (async () => {}).constructor('need', body)(need)) }
   catch (error) { got = error.name + ' ' + error.message + (error.cause ? ' ' + error.cause.message : '') }
   api.user.setAppMetadata('got', got)`,
)

/** What the script could not do: the name of the error, or what it got. */
const tries = async (body: string, more: Partial<ScriptVersion> = {}): Promise<string> => {
  const result = await call({ ...attempts, ...more }, { body })
  assert.ok(result.ok, JSON.stringify(result))
  return (result.output.intents as JsonObject[])[0]!.value as string
}

describe('a script that harms itself harms nobody else [row 28]', () => {
  test('an endless loop ends at its time', () =>
    ends('timeout', /within 1500 ms/, action('for (;;);', { timeoutMs: 1500 })))

  test('an endless loop in a regular expression ends too', () =>
    ends('timeout', /within 1500 ms/, action(`/^(a+)+$/.test('a'.repeat(40) + '!')`, { timeoutMs: 1500 })))

  test('an endless loop at load ends too', () =>
    ends('timeout', /within 1500 ms/, { ...action(''), id: 'loading', code: 'for (;;);', timeoutMs: 1500 }))

  test('a promise that never settles ends at its time', () =>
    ends('timeout', /within 1500 ms/, action('await new Promise(() => {})', { timeoutMs: 1500 })))

  test('a full heap ends it', () =>
    ends(
      'memory',
      /memory|MB/,
      action('const kept = []; for (;;) kept.push(new Array(10_000).fill(1.5))', { memoryMb: 160 }),
    ))

  test('buffers, which no heap limit counts, end it', () =>
    ends(
      'memory',
      /memory|MB|allocation/i,
      action(
        'const kept = []; for (;;) { kept.push(new Uint8Array(8_000_000).fill(1)); await new Promise((go) => setTimeout(go)) }',
        {
          memoryMb: 160,
        },
      ),
    ))

  test('a flood of lines ends it', () =>
    ends('output', /printed more/, action(`for (;;) console.log('x'.repeat(1000))`)))

  test('a flood past the console ends it', () =>
    ends(
      'output',
      /printed more/,
      action(`const bytes = new Uint8Array(100_000).fill(65); for (;;) Deno.stdout.writeSync(bytes)`),
    ))

  test('a flood of errors ends it', () =>
    ends(
      'output',
      /printed more/,
      action(`const bytes = new Uint8Array(10_000).fill(65); for (;;) Deno.stderr.writeSync(bytes)`),
    ))

  test('an answer without end is refused', () =>
    ends(
      'output',
      /longer than/,
      action(`for (let n = 0; n < 300; n++) api.user.setAppMetadata('k' + n, 'x'.repeat(10_000))`),
    ))

  for (const exit of [
    'process.exit(0)',
    'process.exit(3)',
    'process.reallyExit(1)',
    'process.abort()',
    'Deno.exit(0)',
  ])
    test(`${exit} ends its own run`, () => ends('exit', /The script called/, action(exit)))

  test('exit ends one run of several in its process', async () => {
    const version = action(
      `await new Promise((go) => setTimeout(go, 50)); if (event.exits) process.exit(1); api.user.setAppMetadata('a', 1)`,
    )
    const results = await Promise.all([false, true, false].map((exits) => call(version, { exits })))
    assert.deepEqual(
      results.map(({ ok }) => ok),
      [true, false, true],
    )
  })

  test('what keeps running after the answer is cut off from it', async () => {
    const result = await call(
      action(`setInterval(() => console.log('late'), 5); api.user.setAppMetadata('a', 1)`),
    )
    assert.ok(result.ok)
    assert.deepEqual(result.log, [])
  })

  test('a process that stays busy after its answers is ended', async () => {
    const version = action(
      `const burn = () => { const end = Date.now() + 200; while (Date.now() < end); setTimeout(burn) }; burn()`,
    )
    assert.ok((await call(version)).ok)
    const { processes } = runner.stats()
    while (runner.stats().processes === processes) await new Promise((go) => setTimeout(go, 50))
  })

  test('a rejection that nobody waits for is a line in the log', async () => {
    const result = await call(
      action(`Promise.reject(new Error('lost')); await new Promise((go) => setTimeout(go, 20))`),
    )
    assert.ok(result.ok, JSON.stringify(result))
    assert.match(result.log[0]!.text, /Unhandled rejection: lost/)
  })

  for (const [thrown, message] of [
    [`'a text'`, /^a text$/],
    ['undefined', /^undefined$/],
    ['null', /^null$/],
    ['42', /^42$/],
    ['{ a: 1 }', /a: 1/],
    ['Symbol("odd")', /odd/],
    [
      'new Proxy({}, { get() { throw 1 }, ownKeys() { throw 2 }, getPrototypeOf() { throw 3 } })',
      /can not be read/,
    ],
    ['Object.create(null)', /Object/],
    [`(() => { const error = new Error('x'.repeat(100_000)); return error })()`, /^x+…$/],
  ] as const) {
    test(`what it throws is told: ${thrown.slice(0, 40)}`, () =>
      ends('throw', message, action(`throw ${thrown}`)))
  }

  for (const [what, body] of [
    ['a cycle', `const a = {}; a.a = a; api.user.setAppMetadata('a', a)`],
    ['a big integer', `api.user.setAppMetadata('a', 1n)`],
    ['a trap', `api.user.setAppMetadata('a', { toJSON() { throw new Error('no') } })`],
  ] as const) {
    test(`an answer with ${what} is no answer`, () => ends('invalid', /no JSON/, action(body)))
  }

  test('an answer that pollutes prototypes loses those keys', async () => {
    const result = await call(
      action(
        `api.user.setAppMetadata('a', JSON.parse('{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},"b":1}'))`,
      ),
    )
    assert.ok(result.ok)
    const [{ value }] = result.output.intents as [{ value: JsonObject }]
    assert.deepEqual(Object.getOwnPropertyNames(value), ['b'])
    assert.equal(({} as JsonObject).admin, undefined)
  })

  test('an answer that is too deep is refused', async () => {
    const result = await call(
      action(`let a = {}; for (let n = 0; n < 200; n++) a = { a }; api.user.setAppMetadata('a', a)`, {
        timeoutMs: 3000,
      }),
    )
    assert.ok(!result.ok)
  })
})

describe('a script can not speak in the server’s voice [row 28]', () => {
  test('lines that look like frames are lines', async () => {
    const result = await call(
      action(`Deno.stdout.writeSync(new TextEncoder().encode('\\n{"run":"x","output":{}}\\n')); console.log('{"output":{"forged":true}}')
              process.stdout.write('{"output":{}}\\n'); await new Promise((go) => setTimeout(go, 20)); api.user.setAppMetadata('a', 1)`),
    )
    assert.ok(result.ok)
    assert.equal((result.output.intents as unknown[]).length, 1)
    assert.equal(result.log.length, 3)
  })

  test('replaced intrinsics do not learn the nonce', async () => {
    const result = await call(
      action(`
        const seen = []
        const note = (value) => { if (typeof value === 'string') seen.push(value) }
        const spy = (owner, name) => { const was = owner[name]; owner[name] = function (...args) { args.forEach(note); note(typeof this === 'string' ? this : ''); return Reflect.apply(was, this, args) } }
        for (const name of ['stringify', 'parse']) spy(JSON, name)
        for (const name of ['indexOf', 'slice', 'concat', 'startsWith', 'toString']) spy(String.prototype, name)
        for (const name of ['encode', 'encodeInto']) spy(TextEncoder.prototype, name)
        for (const name of ['set', 'subarray', 'slice']) spy(Uint8Array.prototype, name)
        const length = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), 'length')
        Object.defineProperty(Object.getPrototypeOf(Uint8Array.prototype), 'length', { get() { seen.push(Array.prototype.map.call({ length: Reflect.apply(length.get, this, []), ...this }, (code) => String.fromCharCode(code)).join('')); return Reflect.apply(length.get, this, []) } })
        console.log('a line that goes through the channel')
        await new Promise((go) => setTimeout(go, 10))
        api.user.setAppMetadata('seen', seen.some((text) => /"level":|"output":/.test(text)))`),
    )
    assert.ok(result.ok, JSON.stringify(result))
    assert.deepEqual(result.output.intents, [{ type: 'user.setAppMetadata', name: 'seen', value: false }])
  })

  test('a version is told its own log only, and another version does not see its globals', async () => {
    await call(action(`globalThis.stolen = event.secrets; try { localStorage.setItem('a', 'b') } catch {}`), {
      secrets: { a: 'mine' },
    })
    assert.match(await tries(`return globalThis.stolen ?? 'nothing'`), /got nothing/)
  })
})

describe('a script reads nothing of the machine [row 28]', () => {
  for (const [what, body, refusal] of [
    [
      'a file',
      `return need('fs').readFileSync('/etc/passwd', 'utf8')`,
      /NotCapable|EPERM|EACCES|requires read/i,
    ],
    ['a file of the server', `return need('fs').readFileSync('/proc/self/environ', 'utf8')`, /NotCapable/],
    ['a folder', `return need('fs').readdirSync('/')`, /NotCapable/],
    ['a module by its path', `return need('node:module').createRequire('/x.js')('/etc/hosts')`, /NotCapable/],
    [
      'a module through import',
      `return await import('file:///etc/passwd')`,
      /Cannot find module|read access/,
    ],
    ['a module of ours', `return await import('fastify')`, /not a dependency|Cannot|access|callback/],
    [
      'a module from the network',
      `return await import('https://esm.sh/lodash')`,
      /Cannot find module|import access/,
    ],
    [
      'another process',
      `return need('child_process').execFileSync('ls', ['/'])`,
      /failed|NotCapable|EPERM|EACCES/i,
    ],
    ['a signal', `process.kill(process.ppid, 0); return 'sent'`, /NotCapable/],
    ['native code', `return Deno.dlopen('/lib/x86_64-linux-gnu/libc.so.6', {})`, /NotCapable/],
    ['an addon', `return process.dlopen({ exports: {} }, '/x.node')`, /NotCapable/],
    ['the inspector', `need('inspector').open(0); return 'open'`, /NotCapable/],
    ['the machine’s name', `return Deno.hostname()`, /NotCapable/],
    ['the user', `return need('os').userInfo().username`, /NotCapable/],
    ['writing', `need('fs').writeFileSync('/tmp/rolecall-escape', 'x'); return 'written'`, /NotCapable/],
    [
      'a database file',
      `return new (need('node:sqlite').DatabaseSync)('/tmp/rolecall-escape.db')`,
      /NotCapable/,
    ],
    ['storage between runs', `localStorage.setItem('a', 'b'); return 'stored'`, /ReferenceError/],
    ['a cache between runs', `return await caches.open('x')`, /ReferenceError/],
    ['more permissions', `return (await Deno.permissions.request({ name: 'read' })).state`, /got denied/],
    [
      'a thread',
      `const { Worker } = need('worker_threads'); return await new Promise((resolve, reject) => { const worker = new Worker('require("fs").readFileSync("/etc/passwd")', { eval: true }); worker.on('error', reject); worker.on('exit', resolve) })`,
      /Cannot find module/,
    ],
  ] as const) {
    test(`${what} is refused`, async () => assert.match(await tries(body), refusal))
  }

  test('the environment is empty', async () => {
    process.env.ROLECALL_TEST_ESCAPE = 'of the server'
    assert.equal(
      await tries(`return JSON.stringify([process.env, Deno.env.toObject(), need('node:process').env])`),
      'got [{},{},{}]',
    )
    delete process.env.ROLECALL_TEST_ESCAPE
  })

  test('the server’s folder, and the packages of another script, are not read', async () => {
    const bundles = ['mine', 'yours'].map((name) => join(folder, 'bundles', name))
    for (const bundle of bundles) {
      await mkdir(join(bundle, 'node_modules', 'thing'), { recursive: true })
      await writeFile(join(bundle, 'package.json'), '{"dependencies":{"thing":"1"}}')
      await writeFile(join(bundle, 'node_modules', 'thing', 'index.js'), 'module.exports = "thing"')
    }
    const more = { bundle: bundles[0]! }
    assert.equal(await tries(`return need('thing')`, more), 'got thing')
    for (const path of [
      join(folder, 'secret.txt'),
      join(bundles[1]!, 'package.json'),
      join(bundles[0]!, '..', '..', 'secret.txt'),
    ])
      assert.match(
        await tries(`return need('fs').readFileSync(${JSON.stringify(path)}, 'utf8')`, more),
        /NotCapable/,
      )
    assert.match(
      await tries(
        `return need('node:module').createRequire('/')(${JSON.stringify(`${bundles[1]}/node_modules/thing`)})`,
        more,
      ),
      /NotCapable/,
    )
    assert.match(
      await tries(`need('fs').writeFileSync(${JSON.stringify(join(bundles[0]!, 'x'))}, 'x')`, more),
      /NotCapable/,
    )
  })
})

describe('a script reaches the hosts that it lists and our own origin, nothing else [rows 25 and 28]', () => {
  test('our own origin is reached', async () =>
    assert.equal(await tries(`return (await fetch('http://localhost:${ownPort}/')).status`), 'got 200'))

  const refused = /NotCapable|Requires net access|fetch failed|EPERM|NetworkError|Invalid URL|not allowed/

  for (const host of [
    '127.0.0.1',
    'localhost',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '127.1',
    '0.0.0.0',
    '[64:ff9b::7f00:1]',
    '169.254.169.254',
    '10.0.0.1',
    '192.168.0.1',
    '[fe80::1]',
    '[fd00:ec2::254]',
    'example.com',
  ]) {
    test(`${host} is not reached by fetch`, async () => {
      const before = otherCalls
      assert.match(await tries(`return (await fetch('http://${host}:${otherPort}/')).status`), refused)
      assert.equal(otherCalls, before)
    })
  }

  test('a redirect of our own origin leads nowhere else', async () => {
    const before = otherCalls
    assert.match(await tries(`return (await fetch('http://localhost:${ownPort}/elsewhere')).status`), refused)
    assert.equal(otherCalls, before)
  })

  for (const [what, body] of [
    [
      'a socket',
      `return await new Promise((resolve, reject) => need('net').connect(PORT, '127.0.0.1', () => resolve('connected')).on('error', reject))`,
    ],
    [
      'TLS',
      `return await new Promise((resolve, reject) => need('tls').connect(PORT, '127.0.0.1', () => resolve('connected')).on('error', reject))`,
    ],
    ['Deno.connect', `return await Deno.connect({ hostname: '127.0.0.1', port: PORT })`],
    [
      'http',
      `return await new Promise((resolve, reject) => need('http').get('http://127.0.0.1:PORT/', resolve).on('error', reject))`,
    ],
    [
      'HTTP/2',
      `return await new Promise((resolve, reject) => { const session = need('http2').connect('http://127.0.0.1:PORT'); session.on('connect', () => resolve('connected')); session.on('error', reject) })`,
    ],
    [
      'a web socket',
      `return await new Promise((resolve, reject) => { const socket = new WebSocket('ws://127.0.0.1:PORT/'); socket.onopen = () => resolve('open'); socket.onerror = (event) => reject(new Error(event.message)) })`,
    ],
    ['UDP', `return await Deno.listenDatagram({ port: 0, transport: 'udp' })`],
    ['listening', `return Deno.listen({ port: 0 }).addr.port`],
    ['a resolver', `return await Deno.resolveDns('example.com', 'A')`],
    ['a socket file', `return await Deno.connect({ transport: 'unix', path: '/var/run/docker.sock' })`],
  ] as const) {
    test(`${what} is refused`, async () => {
      const before = otherCalls
      assert.match(
        await tries(body.replace('PORT', String(otherPort))),
        /NotCapable|Requires|EPERM|not a function|EACCES/,
      )
      assert.equal(otherCalls, before)
    })
  }

  test('a name that is allowed and leads inside is refused by its address', async () => {
    // `localhost` stands for a name whose owner changed its address after it was allowed.
    const { denied } = await planEgress([], [`rolecall.invalid:${otherPort}`])
    const command = sandboxCommand({
      deno: findDeno(),
      denoFolder: await prepareDenoFolder(join(folder, 'rebound')),
      prlimit: false,
      trustFile: undefined,
      bundle: undefined,
      flavour: 'action',
      memoryMb: 256,
      egress: { allowed: [`localhost:${otherPort}`], denied },
    })
    const code = `exports.run = async (event, api) => {
      const told = []
      for (const attempt of [
        () => fetch('http://localhost:${otherPort}/'),
        () => Deno.connect({ hostname: 'localhost', port: ${otherPort} }),
        () => new Promise((resolve, reject) => require('net').connect(${otherPort}, 'localhost', resolve).on('error', reject)),
        () => new Promise((resolve, reject) => { const socket = new WebSocket('ws://localhost:${otherPort}/'); socket.onopen = resolve; socket.onerror = (event) => reject(new Error(event.message)) }),
      ]) told.push(await attempt().then(() => 'reached', (error) => error.message + String(error.cause ?? '')))
      api.user.setAppMetadata('told', told)
    }`
    const before = otherCalls
    const child = startChild({ command, cwd: folder, setup: { code, ownHosts: [] }, onExit: () => {} })
    const output = await new Promise<JsonObject>((resolve, reject) =>
      child.begin(
        'run',
        { handler: 'run', trigger: 'post-login', event: {} },
        {
          onLog: () => {},
          onCall: () => {},
          onNoted: () => {},
          onBytes: () => {},
          onEnd: (outcome) =>
            'output' in outcome ? resolve(outcome.output) : reject(new Error(outcome.failure.message)),
        },
      ),
    )
    child.kill({ kind: 'exit', message: '' })
    await child.gone
    const [{ value }] = output.intents as [{ value: string[] }]
    assert.equal(value.length, 4)
    for (const told of value) assert.match(told, /Requires net access to "127\.0\.0\.1|EACCES|ECONNREFUSED/)
    assert.equal(otherCalls, before)
  })
})

describe('a script calls back within limits [row 28]', () => {
  const many = action(`for (let n = 0; n < 5000; n++) await api.roles.getUserEffectiveRoles({}); `)

  test('thousands of calls end it', () =>
    ends('calls', /more than 20 times/, many, async () => ({ roles: [] })))

  test('a call that fails is the script’s to handle, and says why', async () => {
    const result = await call(
      action(
        `try { await api.roles.getUserEffectiveRoles({}) } catch (error) { console.log(error.message, error.status) }`,
      ),
      {},
      async () => {
        throw Object.assign(new Error('not yours'), { status: 403 })
      },
    )
    assert.equal(result.log[0]!.text, 'not yours 403')
  })

  test('scripts that set each other off end at their depth', async () => {
    const depths: string[] = []
    const version = action(`await api.roles.getUserEffectiveRoles({})`)
    const handle: Handle = async () => {
      const inner = await call(version, {}, handle)
      depths.push(inner.ok ? 'ok' : inner.failure.kind)
      return {}
    }
    const outer = await call(version, {}, handle)
    assert.ok(outer.ok)
    assert.deepEqual(depths, ['calls', 'ok', 'ok'])
  })

  test('requests with a run’s ticket count for it, and belong to it', async () => {
    let ticket = ''
    const answers: string[] = []
    const seen = createServer((request, response) => {
      ticket = String(request.headers['x-rolecall-run'])
      const followed = runner.follow(ticket, () => 'followed')
      response.end(followed)
    })
    const port = await listening(seen)
    const local = createRunner({
      folder: join(folder, 'counting'),
      ownOrigins: () => [`http://localhost:${port}`],
      limits: { calls: 3 },
    })
    seen.removeAllListeners('request')
    seen.on('request', (request, response) => {
      const answer = local.follow(String(request.headers['x-rolecall-run']), () => 'followed')
      answers.push(answer)
      response.end(answer)
    })
    const result = await local.call(
      action(
        `for (let n = 0; n < 10; n++) console.log(await (await fetch('http://localhost:${port}/')).text())`,
      ),
      { handler: 'onExecutePostLogin', trigger: 'post-login', event: {} },
    )
    await local.stop()
    seen.close()
    assert.ok(!result.ok)
    assert.equal(result.failure.kind, 'calls')
    // What it printed of the last may be read after the request that was one too many.
    assert.deepEqual(answers.slice(0, 4), ['followed', 'followed', 'followed', 'refused'])
  })
})
