import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'

const root = join(import.meta.dirname, '..', '..')

test('what `npm start` started ends, drained, with npm', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'rolecall-npm-'))
  t.after(() => rm(directory, { recursive: true, force: true }))
  const npm = spawn('npm', ['start'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ROLECALL_DATA_DIR: directory, ROLECALL_PORT: '0', ROLECALL_HTTPS_PORT: 'off' },
  })
  t.after(() => npm.kill('SIGKILL'))
  let url: string | undefined
  for await (const line of createInterface({ input: npm.stdout })) {
    if (!line.includes('"msg":"ready"')) continue
    url = JSON.parse(line).urls[0]
    break
  }
  assert.equal((await fetch(`${url}/readyz`)).status, 200)
  npm.stdout.resume()
  npm.kill('SIGTERM')
  const [code] = await once(npm, 'exit')
  assert.equal(code, 0)
  // Without `exec` in the script the shell between npm and the server would take the signal and leave it running.
  await assert.rejects(fetch(`${url}/readyz`))
})
