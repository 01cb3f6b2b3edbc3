import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '#core/json.ts'
import { findDeno } from '#hooks/sandbox/command.ts'
import type { ScriptVersion } from '#hooks/sandbox/run-result.ts'
import { createRunner, type Runner } from '#hooks/sandbox/runner.ts'
import { bundleOf } from '#test/harness/package-bundle.ts'
import { compare, inTurns, median } from './measure.ts'
import type { Result, Rows } from './row.ts'

/** An event of a login, some three kilobytes, as an Action gets it. */
const event: JsonObject = {
  client: { client_id: 'a'.repeat(24), name: 'Shop', metadata: {} },
  connection: { id: 'con_1', name: 'Username-Password-Authentication', strategy: 'auth0' },
  request: {
    ip: '127.0.0.1',
    method: 'GET',
    query: { scope: 'openid profile email', state: 'x'.repeat(200) },
    body: {},
    geoip: {},
  },
  secrets: { domain: 'localhost:3443', clientId: 'b'.repeat(24), clientSecret: 'c'.repeat(64) },
  stats: { logins_count: 2 },
  tenant: { id: 'rolecall' },
  user: {
    user_id: 'auth0|0123456789abcdef01234567',
    email: 'ada@example.com',
    email_verified: true,
    name: 'Ada Lovelace',
    app_metadata: { plan: 'pro', notes: 'n'.repeat(1000) },
    user_metadata: { languages: ['en', 'fr', 'de'], about: 'a'.repeat(800) },
    identities: [
      {
        connection: 'Username-Password-Authentication',
        provider: 'auth0',
        user_id: '0123456789abcdef01234567',
        isSocial: false,
      },
    ],
  },
  authorization: { roles: ['editor', 'author'] },
}

const script = `exports.onExecutePostLogin = async (event, api) => {
  if (event.stats.logins_count !== 1) return
  api.accessToken.setCustomClaim('first', true)
}`

const loading = `const { ManagementClient } = require('auth0')
exports.onExecutePostLogin = async (event, api) => {
  new ManagementClient({ domain: event.secrets.domain, clientId: event.secrets.clientId, clientSecret: event.secrets.clientSecret })
}`

const version = (code: string, more: Partial<ScriptVersion> = {}): ScriptVersion => ({
  id: code,
  code,
  flavour: 'action',
  allowedHosts: [],
  timeoutMs: 20_000,
  memoryMb: 512,
  ...more,
})

const payload = { handler: 'onExecutePostLogin', trigger: 'post-login', event }

const perform = async (runner: Runner, which: ScriptVersion): Promise<void> => {
  const result = await runner.call(which, payload)
  if (!result.ok) throw new Error(result.failure.message)
}

/** One after the other for some seconds: how many a second. */
const oneByOne = (work: () => Promise<unknown>) => async (seconds: number) => {
  const start = performance.now()
  let count = 0
  while (performance.now() - start < seconds * 1000) {
    await work()
    count += 1
  }
  return (count * 1000) / (performance.now() - start)
}

/** A deno process that sends back each line of JSON, as plainly as it can be done. */
const startEcho = async (folder: string) => {
  const file = join(folder, 'echo.ts')
  await writeFile(
    file,
    `const block = new Uint8Array(65536)
     const decoder = new TextDecoder()
     const encoder = new TextEncoder()
     let pending = ''
     for (let read; (read = await Deno.stdin.read(block)) !== null; ) {
       pending += decoder.decode(block.subarray(0, read), { stream: true })
       for (let end; (end = pending.indexOf('\\n')) >= 0; pending = pending.slice(end + 1))
         Deno.stdout.writeSync(encoder.encode(JSON.stringify(JSON.parse(pending.slice(0, end))) + '\\n'))
     }`,
  )
  const child = spawn(findDeno(), ['run', '--quiet', '--no-prompt', file], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { DENO_DIR: join(folder, 'deno'), DENO_NO_UPDATE_CHECK: '1' },
  })
  let pending = ''
  let answered: (line: string) => void = () => {}
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    pending += chunk
    if (!pending.endsWith('\n')) return
    answered(pending)
    pending = ''
  })
  return {
    echo: async () => {
      const line = new Promise<string>((resolve) => {
        answered = resolve
      })
      child.stdin.write(`${JSON.stringify(payload)}\n`)
      JSON.parse(await line)
    },
    stop: () => child.kill('SIGKILL'),
  }
}

const warmRow = async (
  folder: string,
  runner: Runner,
  rounds: Parameters<typeof inTurns>[0],
  tell: (round: number) => void,
): Promise<Result> => {
  const echo = await startEcho(folder)
  const which = version(script)
  try {
    const [ours, bare] = await inTurns(
      rounds,
      [oneByOne(() => perform(runner, which)), oneByOne(echo.echo)],
      tell,
    )
    const { ratio, spread, ...medians } = compare(ours!, bare!)
    const [added, base] = [1000 / medians.ours, 1000 / medians.baseline]
    return {
      measure: 'A warm post-login Action, against a warm deno process that echoes the same JSON',
      target: 'at most 2 × and 3 ms',
      reached: `${(1 / ratio).toFixed(2)} × and ${added.toFixed(2)} ms`,
      isReached: ratio >= 0.5 && added < 3,
      details: `${added.toFixed(3)} ms against ${base.toFixed(3)} ms; rounds ${(1 / spread[1]).toFixed(2)} × to ${(1 / spread[0]).toFixed(2)} ×`,
    }
  } finally {
    echo.stop()
  }
}

const coldRow = async (
  folder: string,
  runner: Runner,
  rounds: number,
  tell: (round: number) => void,
): Promise<Result> => {
  const bundle = await bundleOf('auth0-v7', 'auth0', join(folder, 'auth0'))
  const file = join(bundle, 'bare.cjs')
  await writeFile(
    file,
    `${loading}\nexports.onExecutePostLogin(${JSON.stringify(event)}).then(() => { console.log('done'); process.exit(0) })`,
  )
  const bare = async () => {
    const child = spawn(
      findDeno(),
      [
        'run',
        '--quiet',
        '--no-prompt',
        '--no-remote',
        '--cached-only',
        '--no-config',
        '--no-lock',
        '--node-modules-dir=manual',
        `--allow-read=${bundle}`,
        '--ignore-env',
        file,
      ],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { DENO_DIR: join(folder, 'deno'), DENO_NO_UPDATE_CHECK: '1' },
      },
    )
    await once(child.stdout, 'data')
    await once(child, 'close')
  }
  const timed = async (work: () => Promise<void>) => {
    const start = performance.now()
    await work()
    return performance.now() - start
  }
  let round = 0
  const cold = async () => {
    const which = version(loading, { id: `cold ${round++}`, bundle })
    await perform(runner, which)
    runner.retire(which.id)
  }
  // What deno compiled is kept; a server that runs for a while has it.
  for (const work of [cold, bare]) for (let times = 0; times < 3; times += 1) await work()
  const [ours, baseline]: [number[], number[]] = [[], []]
  for (let turn = 0; turn < rounds; turn += 1) {
    tell(turn)
    ours.push(await timed(cold))
    baseline.push(await timed(bare))
  }
  const ratio = median(ours.map((one, at) => one / baseline[at]!))
  return {
    measure: 'Cold start of an Action with the auth0 package (7.x), against a bare deno start with it',
    target: 'at most 1.3 ×',
    reached: `${ratio.toFixed(2)} ×`,
    isReached: ratio <= 1.3,
    details: `${median(ours).toFixed(0)} ms against ${median(baseline).toFixed(0)} ms`,
  }
}

export const hookRows: Rows = {
  name: 'hooks',
  run: async ({ effort, tell }) => {
    const folder = await mkdtemp(join(tmpdir(), 'rolecall-bench-hooks-'))
    await mkdir(join(folder, 'runner'))
    const runner = createRunner({ folder: join(folder, 'runner'), ownOrigins: () => [] })
    try {
      const warm = await warmRow(folder, runner, effort, (round) =>
        tell('A warm Action', round, effort.rounds),
      )
      const starts = effort.rounds * 3
      const cold = await coldRow(folder, runner, starts, (round) =>
        tell('Cold starts of an Action', round, starts),
      )
      return [warm, cold]
    } finally {
      await runner.stop()
      await rm(folder, { recursive: true, force: true })
    }
  },
}
