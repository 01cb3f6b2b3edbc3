import { type FileHandle, open as openFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import { type Compilable, CompiledQuery, Kysely, type QueryResult, SqliteDialect, sql } from 'kysely'
import { LRUCache } from 'lru-cache'
import { requireStorableParameters } from '../storable.ts'
import type { Tables } from '../tables.ts'
import type { Engine, FieldValue, Sql } from './engine.ts'

/** How long somebody else's transaction is waited for. */
const patienceMilliseconds = 10_000

export type SqliteOptions = {
  /**
   * Read the file through a mapping of its first 256 MB for each connection. Faster, and the system takes it back when
   * it needs the memory; but it counts as memory of the process, which is to stay small where others do the serving.
   */
  mapsFile?: boolean
}

/**
 * SQLite in a file, in WAL mode: readers see the last commit and never wait.
 *
 * NOTE: `synchronous=NORMAL` plus our own fsync of the WAL before a commit is acknowledged is as durable as `FULL`,
 * and keeps the flush off the event loop, so that reads go on during it (docs/decisions/0002).
 */
export const openSqlite = async (path: string, { mapsFile = true }: SqliteOptions = {}): Promise<Engine> => {
  const mappedBytes = mapsFile ? 268_435_456 : 0
  const writerConnection = connect(path, mappedBytes)
  const readerConnection = connect(path, mappedBytes)
  const wal = await openWal(path, writerConnection)
  // Waiting inside SQLite would stop the event loop: `begin` tries again instead.
  writerConnection.exec('pragma busy_timeout = 0')
  readerConnection.exec('pragma query_only = on')
  const writer = new DirectKysely(writerConnection)
  const burst = createBurst(readerConnection)
  const readers = new DirectKysely(readerConnection, burst.enter)
  return {
    name: 'sqlite',
    writer,
    readers,
    begin: () => beginPatiently(writer),
    commit: async () => {
      await writer.executeQuery(commit)
      // Whatever is read from now on sees it, in this very turn, too.
      burst.leave()
    },
    abandon: async () => {
      // Some failures, such as a full disk, have undone the transaction already.
      if (writerConnection.isTransaction) await writer.executeQuery(rollback)
    },
    flush: () => wal.datasync(),
    like: (text, parts) => sql`${text} glob ${parts.map(escapeGlob).join('*')}`,
    digits: (integer) => sql`cast(${integer} as text)`,
    among: (value, _type, others) => {
      requireStorableParameters(others)
      // A list in the text is searched sooner; a long one would exceed the number of parameters.
      if (others.length <= 20) return sql`${value} in (${sql.join(others)})`
      return sql`${value} in (select value from json_each(${JSON.stringify(others)}))`
    },
    jsonAny: (column, path, test) => {
      const steps = [sql`${elements(column)} as step0`]
      for (const [index, key] of path.entries()) {
        const before = sql.raw(`step${index}`)
        const inside = sql`case ${before}.type when 'object' then ${before}.value -> ${jsonPath(key)} end`
        steps.push(sql`${elements(inside)} as ${sql.raw(`step${index + 1}`)}`)
      }
      return sql`exists (select 1 from ${sql.join(steps)} where ${test(fieldValue(sql.raw(`step${path.length}`)))})`
    },
    // The sequence goes on behind the greatest number by itself, unless that row is gone.
    skipNumber: async (table, number) => {
      if ((await lastNumber(writer, table)) >= number) return
      await sql`delete from sqlite_sequence where name = ${table}`.execute(writer)
      await sql`insert into sqlite_sequence (name, seq) values (${table}, ${number})`.execute(writer)
    },
    lastNumber,
    close: async () => {
      await wal.close()
      burst.leave()
      // Kysely would close only what it has used.
      readerConnection.close()
      writerConnection.close()
    },
  }
}

const lastNumber = async (db: Kysely<Tables>, table: string): Promise<number> => {
  const query = sql<{ seq: number }>`select seq from sqlite_sequence where name = ${table}`
  return (await query.execute(db)).rows[0]?.seq ?? 0
}

const begin = CompiledQuery.raw('begin immediate')
const commit = CompiledQuery.raw('commit')
const rollback = CompiledQuery.raw('rollback')

const beginPatiently = async (writer: Kysely<Tables>): Promise<void> => {
  const start = performance.now()
  for (let pauseMilliseconds = 1; ; pauseMilliseconds = Math.min(pauseMilliseconds * 2, 20)) {
    try {
      await writer.executeQuery(begin)
      return
    } catch (error) {
      if (!isBusy(error) || performance.now() - start > patienceMilliseconds) throw error
    }
    await wait(pauseMilliseconds)
  }
}

/** @see https://sqlite.org/rescode.html: the low byte is the primary code, 5 SQLITE_BUSY */
const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 5

/** What an array holds, or the value itself when it is none. */
const elements = (json: Sql): Sql =>
  sql`json_each(case json_type(${json}) when 'array' then ${json} else json_array(json(${json})) end)`

const fieldValue = (element: Sql): FieldValue => ({
  text: sql`case ${element}.type when 'text' then ${element}.atom when 'true' then 'true' when 'false' then 'false'
    when 'integer' then case when abs(${element}.atom) < 1e15 then cast(${element}.atom as text) end end`,
  number: sql`case when ${element}.type in ('integer', 'real') then ${element}.atom end`,
  present: sql`(${element}.atom is not null or
    (${element}.type in ('object', 'array') and ${element}.value not in ('{}', '[]')))`,
})

const connect = (path: string, mappedBytes: number): DatabaseSync => {
  const connection = new DatabaseSync(path, { timeout: patienceMilliseconds })
  connection.exec(`
    pragma journal_mode = wal;
    pragma synchronous = normal;
    pragma foreign_keys = on;
    pragma temp_store = memory;
    pragma cache_size = -16000;
    pragma mmap_size = ${mappedBytes};
  `)
  return connection
}

/**
 * Reads of one turn of the event loop share a transaction: taking a snapshot and giving it back costs SQLite more than
 * finding a row (docs/decisions/0016). It ends with the turn, and with each commit of our own, so that nobody misses
 * what he can know of. Whoever begins a transaction himself has it to himself.
 */
const createBurst = (connection: DatabaseSync) => {
  const [begin, end] = [connection.prepare('begin'), connection.prepare('commit')]
  let isOpen = false
  const leave = (): void => {
    if (!isOpen) return
    isOpen = false
    // A failed read may have ended it already.
    if (connection.isTransaction) end.run()
  }
  return {
    leave,
    enter: (text: string): void => {
      if (/^(?:begin|commit|rollback)\b/u.test(text)) leave()
      else if (!isOpen && !connection.isTransaction) {
        begin.run()
        isOpen = true
        process.nextTick(leave)
      }
    },
  }
}

/** The WAL file appears with the first use and keeps its name and identity while a connection is open. */
const openWal = async (path: string, connection: DatabaseSync): Promise<FileHandle> => {
  connection.exec('select count(*) from sqlite_schema')
  const wal = await openFile(`${path}-wal`, 'r+')
  // A file that was just made survives power loss only once its directory is on disk, too.
  const directory = await openFile(dirname(path), 'r')
  await directory.sync().finally(() => directory.close())
  return wal
}

/**
 * Kysely locks its connection for each query and waits for it, over a dozen turns of the microtask queue. SQLite answers
 * at once, so what is compiled already is put to it directly.
 */
class DirectKysely extends Kysely<Tables> {
  readonly #database: ReturnType<typeof asBetterSqlite>

  constructor(connection: DatabaseSync, beforeUse?: (text: string) => void) {
    const database = asBetterSqlite(connection, beforeUse)
    super({ dialect: new SqliteDialect({ database }) })
    this.#database = database
  }

  override async executeQuery<R>(query: CompiledQuery<R> | Compilable<R>): Promise<QueryResult<R>> {
    const { sql: text, parameters } = 'compile' in query ? query.compile() : query
    const statement = this.#database.prepare(text)
    if (statement.reader) return { rows: statement.all(parameters) as R[] }
    const { changes } = statement.run(parameters)
    return { rows: [], numAffectedRows: BigInt(changes) }
  }
}

/** Kysely speaks to SQLite in the manner of better-sqlite3; statements are prepared once and kept. */
const asBetterSqlite = (connection: DatabaseSync, beforeUse?: (text: string) => void) => {
  const statements = new LRUCache<string, ReturnType<typeof wrap>>({ max: 1000 })
  return {
    prepare: (text: string) => {
      beforeUse?.(text)
      let statement = statements.get(text)
      if (!statement) {
        statement = wrap(connection.prepare(text))
        statements.set(text, statement)
      }
      return statement
    },
    close: () => {},
  }
}

type Parameter = null | number | bigint | string | Uint8Array

const wrap = (statement: StatementSync) => ({
  reader: statement.columns().length > 0,
  all: (parameters: readonly unknown[]) => statement.all(...bound(parameters)),
  iterate: (parameters: readonly unknown[]) =>
    statement.iterate(...bound(parameters)) as IterableIterator<unknown>,
  run: (parameters: readonly unknown[]) => statement.run(...bound(parameters)),
})

const bound = (parameters: readonly unknown[]): Parameter[] => {
  requireStorableParameters(parameters)
  return parameters as Parameter[]
}

const jsonPath = (key: string): string => `$.${JSON.stringify(key)}`

const escapeGlob = (text: string): string => text.replace(/[*?[]/g, '[$&]')
