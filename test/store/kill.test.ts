import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { openAt, postgres, sqlite, type TestDatabase } from './database.ts'
import { insertRoles, insertUsers } from './things.ts'

const script = fileURLToPath(new URL('kill-child.ts', import.meta.url))
const everything = Number.MAX_SAFE_INTEGER

/** How many must be stored before a writer is killed. */
const leastWrites = 10

/** Runs the writer and kills it some time after that. @returns what it had been told is stored */
const writeUntilKilled = async (location: string, round: number): Promise<string[]> => {
  const child = spawn(process.execPath, [script, location, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  const { promise: isUnderLoad, resolve: underLoad } = Promise.withResolvers<void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    // Whenever that is, on a machine that does other things, too.
    if (output.split('\n').length > leastWrites + 2) underLoad()
  })
  const ended = new Promise<NodeJS.Signals | null>((settle) =>
    child.once('close', (_, signal) => settle(signal)),
  )
  await Promise.race([isUnderLoad, ended])
  await wait(Math.random() * 200)
  child.kill('SIGKILL')
  assert.equal(await ended, 'SIGKILL', 'it was still writing')
  // The line it was at when it ended may be half of one.
  return output.split('\n').slice(1, -1)
}

const survives = (database: TestDatabase, rounds: number) =>
  test(`${database.name}: what was acknowledged survives ${rounds} times kill -9, and nothing is half written`, async (t) => {
    const { location, remove } = await database.create()
    t.after(remove)
    const first = await openAt(location)
    await first.write(async (tx) => {
      await insertUsers(
        tx,
        Array.from({ length: 400 }, () => ({})),
      )
      for (let round = 0; round < rounds; round += 1) {
        await insertRoles(
          tx,
          Array.from({ length: 40 }, () => ({ description: String(round) })),
        )
      }
    })
    await first.close()
    const acknowledged: string[] = []
    for (let round = 0; round < rounds; round += 1) {
      acknowledged.push(...(await writeUntilKilled(location, round)))
      const store = await openAt(location)
      const assignments = await store.reader.assignments.list({ limit: everything })
      const events = await store.reader.events.list({ limit: everything })
      const stored = assignments.items.map(({ roleId, userId }) => `${roleId} ${userId}`)
      assert.deepEqual(
        stored,
        events.items.map(({ id }) => id),
        'each assignment has its event, and the reverse',
      )
      const missing = new Set(acknowledged).difference(new Set(stored))
      assert.equal(missing.size, 0, `lost in round ${round}: ${[...missing].slice(0, 3).join(', ')}`)
      if (database.engine === 'sqlite') {
        const { rows } = await sql`pragma integrity_check`.execute(store.engine.readers)
        assert.deepEqual(
          rows.map((row) => ({ ...(row as object) })),
          [{ integrity_check: 'ok' }],
        )
      }
      await store.close()
    }
    assert.ok(
      acknowledged.length >= rounds * leastWrites,
      `only ${acknowledged.length} writes: not under load`,
    )
    t.diagnostic(`${acknowledged.length} writes were acknowledged`)
  })

describe('kill -9', { concurrency: 1 }, () => {
  survives(sqlite, 20)
  survives(postgres('bytes'), 4)
})
