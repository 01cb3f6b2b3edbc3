import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import pino from 'pino'
import { systemActor } from '#core/actor.ts'
import { defaultConnectionName } from '#core/connections/connection.ts'
import { progressJob } from '#core/jobs/finish.ts'
import { startUsersImport } from '#core/jobs/start.ts'
import { composeServer } from '#src/compose.ts'
import { readConfig } from '#src/config.ts'
import { engines } from '#test/harness/scenario.ts'
import { freshDatabase } from '#test/postgres.ts'

for (const engine of engines) {
  test(`an import that a crash left behind has failed when the server is back (${engine})`, async (t) => {
    const directory = await mkdtemp(join(tmpdir(), 'rolecall-restart-'))
    t.after(() => rm(directory, { recursive: true, force: true }))
    const clock = { now: Date.now() }
    const config = readConfig({
      ROLECALL_HTTPS_PORT: 'off',
      ROLECALL_DATA_DIR: directory,
      ...(engine === 'postgres' && { ROLECALL_DATABASE_URL: await freshDatabase() }),
    })
    const compose = () =>
      composeServer(config, {
        now: () => clock.now,
        newId: () => randomBytes(12).toString('hex'),
        logger: pino({ level: 'silent' }),
      })
    const system = systemActor('system')

    const before = await compose()
    const { run, store } = before.workspace
    const connection = await store.reader.connections.findBy({ name: defaultConnectionName })
    const { id } = await run(startUsersImport, { connectionId: connection!.id }, system)
    await run(progressJob, { jobId: id, percentage: 40 }, system)
    await before.close()

    // Another process may still be at it where several share a database.
    clock.now += 60_000
    const after = await compose()
    t.after(() => after.close())
    assert.equal((await after.workspace.store.reader.jobs.find(id))!.status, 'failed')
  })
}
