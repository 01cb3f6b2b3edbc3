import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { JsonObject } from '#core/json.ts'
import type { Handle, RunResult, ScriptVersion } from './run-result.ts'
import { createRunner, type Runner } from './runner.ts'

let runner: Runner
let folder: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolecall-runner-'))
  runner = createRunner({
    folder,
    ownOrigins: () => ['https://localhost:3443'],
    limits: { outputBytes: 100_000, logLines: 5, calls: 10, processes: 4 },
  })
})
after(async () => {
  await runner?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** An Action whose handler has this body, with `event` and `api` at hand. */
const action = (body: string, more: Partial<ScriptVersion> = {}): ScriptVersion => ({
  id: body,
  code: `exports.onExecutePostLogin = async (event, api) => {\n${body}\n}`,
  flavour: 'action',
  allowedHosts: [],
  timeoutMs: 20_000,
  memoryMb: 256,
  ...more,
})

const call = (version: ScriptVersion, event: JsonObject = {}, handle?: Handle): Promise<RunResult> =>
  runner.call(version, { handler: 'onExecutePostLogin', trigger: 'post-login', event }, handle)

const intents = (result: RunResult) => {
  assert.ok(result.ok, JSON.stringify(result))
  return result.output.intents
}

const failure = (result: RunResult) => {
  assert.ok(!result.ok, JSON.stringify(result))
  return result.failure
}

test('an action is given its event and answers what it asked for', async () => {
  const version = action(`console.log('for', event.user.email); api.idToken.setCustomClaim('a', { b: 1 })`)
  const result = await call(version, { user: { email: 'ada@example.com' } })
  assert.deepEqual(intents(result), [{ type: 'idToken.setCustomClaim', name: 'a', value: { b: 1 } }])
  assert.deepEqual(
    result.log.map(({ level, text }) => [level, text]),
    [['log', 'for ada@example.com']],
  )
})

test('many runs share a process and their lines are not mixed', async () => {
  const version = action(
    `await new Promise((resolve) => setTimeout(resolve, event.n % 3)); console.log(event.n); api.user.setAppMetadata('n', event.n)`,
  )
  const results = await Promise.all(Array.from({ length: 40 }, (_, n) => call(version, { n })))
  for (const [n, result] of results.entries()) {
    assert.deepEqual(intents(result), [{ type: 'user.setAppMetadata', name: 'n', value: n }])
    assert.deepEqual(
      result.log.map(({ text }) => text),
      [String(n)],
    )
  }
})

test('code that can not be compiled names the line and starts no process', async () => {
  const processes = runner.stats().processes
  const { kind, message } = failure(await call({ ...action(''), id: 'broken', code: '\n\nfoo bar' }))
  assert.equal(kind, 'build')
  assert.match(message, /line 3/)
  assert.equal(runner.stats().processes, processes)
})

test('a script that fails while it is loaded fails each run with what it threw', async () => {
  const version = { ...action(''), id: 'unloadable', code: `throw new Error('not today')` }
  for (const _ of [1, 2]) assert.equal(failure(await call(version)).message, 'not today')
})

test('only so many lines are kept of a run, and it goes on', async () => {
  const result = await call(action('for (let n = 0; n < 9; n++) console.log(n)'))
  assert.ok(result.ok)
  assert.deepEqual(
    result.log.map(({ text }) => text),
    ['0', '1', '2', '3', '4', '… more lines are not kept'],
  )
})

test('secrets are kept out of the log and of what was thrown', async () => {
  const result = await runner.call(
    action(`console.log(event.secrets); throw new Error('with ' + event.secrets.KEY)`),
    { handler: 'onExecutePostLogin', trigger: 'post-login', event: { secrets: { KEY: 'open sesame' } } },
    undefined,
    { secrets: ['open sesame'] },
  )
  assert.doesNotMatch(JSON.stringify(result), /open sesame/)
  assert.match(result.log[0]!.text, /KEY: '\*\*\*'/)
})
