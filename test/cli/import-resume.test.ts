import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { administrator, rolecall, rolecallJson, scratch } from './command.ts'

const { directory, env } = await scratch({ after })
const script = join(import.meta.dirname, '..', '..', 'src', 'cli', 'rolecall.ts')
const place = { ...env, ...administrator, ROLECALL_LOG_LEVEL: 'silent' }

/** Every hundredth line is refused. */
const count = 3000
const lines = Array.from({ length: count }, (_, at) =>
  at % 100 === 99
    ? '{"email": 7}'
    : JSON.stringify({ user_id: `auth0|u${at}`, email: `u${at}@example.com`, roles: ['user'] }),
)

test('an import that is killed again and again goes on where it stood, and ends exact', async () => {
  const file = join(directory, 'people.jsonl')
  await writeFile(file, lines.join('\n'))
  assert.equal((await rolecall(['migrate'], { env: place })).code, 0)
  const database = new DatabaseSync(join(directory, 'data', 'rolecall.db'), { readOnly: true })
  const stored = () => Number(database.prepare('select count(*) as n from users').get()!.n)
  let before = stored()
  for (let kills = 0; kills < 2; kills += 1) {
    const child = spawn(process.execPath, [script, 'user', 'import', file, '--json'], {
      env: { PATH: process.env.PATH, ...place },
      stdio: 'ignore',
    })
    const ended = once(child, 'exit')
    while (child.exitCode === null && stored() < before + 200)
      await new Promise((resolve) => setTimeout(resolve, 5))
    child.kill('SIGKILL')
    await ended
    before = stored()
  }
  assert.ok(before > 200 && before < count, `${before} are stored when it was killed`)
  const report = join(directory, 'refused.jsonl')
  const { code, answer } = await rolecallJson<{
    inserted: number
    failed: number
    resumedAt: number
    refused: object[]
  }>(['user', 'import', file, '--report', report], place)
  assert.equal(code, 1)
  assert.deepEqual([answer.inserted, answer.failed, answer.refused.length], [2970, 30, 30])
  assert.ok(answer.resumedAt > 200 && answer.resumedAt < count)
  const users = database.prepare("select count(*) as n from users where email like 'u%@example.com'").get()
  assert.equal(users!.n, 2970)
  const roles = database.prepare("select count(*) as n from assignments where source = 'import'").get()
  assert.equal(roles!.n, 2970)
  const told = (await readFile(report, 'utf8')).trim().split('\n')
  assert.deepEqual(
    told.map((line) => (JSON.parse(line) as { line: number }).line),
    Array.from({ length: 30 }, (_, at) => (at + 1) * 100),
  )
  database.close()
  const again = await rolecallJson<{ inserted: number; failed: number }>(['user', 'import', file], place)
  assert.deepEqual([again.answer.inserted, again.answer.failed], [0, count], 'a new import of the same file')
})
