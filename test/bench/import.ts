import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { compare } from './measure.ts'
import { atLeast } from './report.ts'
import type { Result, Rows } from './row.ts'

const program = join(import.meta.dirname, '../../src/cli/rolecall.ts')
const tables = ['users', 'assignments', 'events'] as const
const rowsPerTransaction = 1000
const limitMegabytes = 300

/** People with one role each, and hashes that are ready. */
const writeFile = (file: string, users: number) =>
  pipeline(function* () {
    const salt = '$2b$10$'
    for (let at = 0; at < users; at += 1) {
      const password_hash = salt + at.toString(36).padStart(53, 'A')
      const email = `u${at}@example.com`
      yield `${JSON.stringify({ user_id: `auth0|u${at}`, email, name: `Person ${at}`, password_hash, roles: ['user'] })}\n`
    }
  }, createWriteStream(file))

/** Runs a command of ours; its largest resident set is what Linux counts itself. */
const command = async (directory: string, args: readonly string[]) => {
  const start = performance.now()
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      ROLECALL_DATA_DIR: directory,
      ROLECALL_LOG_LEVEL: 'error',
      ROLECALL_ADMIN_EMAIL: 'admin@example.com',
      ROLECALL_ADMIN_PASSWORD: 'bench-Password-0123',
    },
  })
  const ended = once(child, 'exit')
  let peakMegabytes = 0
  while (child.exitCode === null) {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
    const [, kilobytes] = /VmHWM:\s+(\d+)/u.exec(status) ?? []
    if (kilobytes !== undefined) peakMegabytes = Math.max(peakMegabytes, (Number(kilobytes) * 1024) / 1e6)
    await Promise.race([ended, wait(50)])
  }
  if (child.exitCode !== 0) throw new Error(`rolecall ${args.join(' ')} ended with ${child.exitCode}`)
  return { seconds: (performance.now() - start) / 1000, peakMegabytes }
}

/** The very rows that an import has left, put into another database by prepared statements and nothing else. */
const insertRaw = (from: string, to: string): { users: number; seconds: number } => {
  const source = new DatabaseSync(join(from, 'rolecall.db'), { readOnly: true })
  const target = new DatabaseSync(join(to, 'rolecall.db'))
  target.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on')
  let [users, seconds] = [0, 0]
  const insertions = tables.map((table) => {
    const behind = Number(target.prepare(`select coalesce(max(number), 0) as last from ${table}`).get()!.last)
    const rows = source.prepare(`select * from ${table} where number > ? order by number`).iterate(behind)
    let insertion: ReturnType<DatabaseSync['prepare']> | undefined
    return {
      // Not `take`, which closes what it took from.
      next: (count: number) => {
        const taken: Record<string, SQLInputValue>[] = []
        while (taken.length < count) {
          const { value, done } = rows.next()
          if (done) break
          taken.push(value as Record<string, SQLInputValue>)
        }
        return taken
      },
      insert: (row: Record<string, SQLInputValue>) => {
        const columns = Object.keys(row)
        insertion ??= target.prepare(
          `insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
        )
        insertion.run(...Object.values(row))
      },
    }
  })
  try {
    while (true) {
      // Two events for each user; reading is no part of the measure.
      const parts = insertions.map(({ next, insert }, at) => ({
        rows: next(at === 2 ? 2 * rowsPerTransaction : rowsPerTransaction),
        insert,
      }))
      if (parts[0]!.rows.length === 0) break
      const start = performance.now()
      target.exec('begin immediate')
      for (const { rows, insert } of parts) for (const row of rows) insert(row)
      target.exec('commit')
      seconds += (performance.now() - start) / 1000
      users += parts[0]!.rows.length
    }
  } finally {
    source.close()
    target.close()
  }
  return { users, seconds }
}

export const importRows: Rows = {
  name: 'import',
  run: async ({ effort, tell }) => {
    const isQuick = effort.rounds < 5
    const users = isQuick ? 20_000 : 100_000
    const rounds = isQuick ? 2 : 3
    const measure = `Import of ${users.toLocaleString('en')} users with one role each and ready-made hashes (\`rolecall user import\`), against raw prepared inserts of the same rows, one transaction per ${rowsPerTransaction.toLocaleString('en')} users`
    const folder = await mkdtemp(join(tmpdir(), 'rolecall-bench-import-'))
    const [ours, raw]: [number[], number[]] = [[], []]
    let peak = 0
    try {
      const [file, none] = [join(folder, 'people.jsonl'), join(folder, 'nobody.jsonl')]
      await writeFile(file, users)
      await writeFile(none, 0)
      for (let round = 0; round < rounds; round += 1) {
        tell(measure, round, rounds)
        const [filled, bare] = [join(folder, `ours-${round}`), join(folder, `raw-${round}`)]
        for (const directory of [filled, bare]) await command(directory, ['migrate'])
        // How long it takes until there is something to do is no part of the measure.
        const idle = await command(filled, ['user', 'import', none])
        await command(bare, ['user', 'import', none])
        const { seconds, peakMegabytes } = await command(filled, ['user', 'import', file])
        peak = Math.max(peak, peakMegabytes)
        ours.push(users / (seconds - idle.seconds))
        const inserted = insertRaw(filled, bare)
        if (inserted.users < users) throw new Error(`only ${inserted.users} users were imported`)
        raw.push(inserted.users / inserted.seconds)
        for (const directory of [filled, bare]) await rm(directory, { recursive: true })
      }
      const { size } = await stat(file)
      return [atLeast(measure, 0.3, compare(ours, raw)), memoryResult(users, size / 1e6, peak)]
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}

const memoryResult = (users: number, fileMegabytes: number, peak: number): Result => {
  const measure = `Memory of an import of ${users.toLocaleString('en')} users (largest resident set)`
  const target = `at most ${limitMegabytes} MB`
  if (peak === 0) return { measure, target, missing: 'only Linux tells the largest resident set' }
  return {
    measure,
    target,
    reached: `${peak.toFixed(0)} MB`,
    isReached: peak <= limitMegabytes,
    details: `a file of ${fileMegabytes.toFixed(0)} MB`,
  }
}
