import { open as openFile } from 'node:fs/promises'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { CompiledQuery, Kysely, SqliteDialect, sql } from 'kysely'
import { LRUCache } from 'lru-cache'
import type { Tables } from '../tables.ts'
import type { Engine } from './engine.ts'

/**
 * SQLite in a file, in WAL mode: readers see the last commit and never wait.
 *
 * NOTE: `synchronous=NORMAL` plus our own fsync of the WAL before a commit is acknowledged is as durable as `FULL`,
 * and keeps the flush off the event loop, so that reads go on during it (docs/decisions/0002).
 */
export const openSqlite = async (path: string): Promise<Engine> => {
  const writerConnection = connect(path)
  const readerConnection = connect(path)
  const writer = kyselyOver(writerConnection)
  const readers = kyselyOver(readerConnection)
  const wal = await openWal(path, writerConnection)
  const begin = CompiledQuery.raw('begin immediate')
  return {
    name: 'sqlite',
    writer,
    readers,
    begin: async () => void (await writer.executeQuery(begin)),
    flush: () => wal.datasync(),
    like: (text, parts) => sql`${text} glob ${parts.map(escapeGlob).join('*')}`,
    jsonAny: (column, path, test) => {
      const from = sql`json_each(${column}, ${jsonPath(path)}) as element`
      return sql`exists (select 1 from ${from} where ${test(element)})`
    },
    close: async () => {
      await wal.close()
      await readers.destroy()
      await writer.destroy()
    },
  }
}

const element = {
  text: sql`case element.type when 'true' then 'true' when 'false' then 'false' else cast(element.atom as text) end`,
  number: sql`case when element.type in ('integer', 'real') then element.atom end`,
}

const connect = (path: string): DatabaseSync => {
  const connection = new DatabaseSync(path, { timeout: 10_000 })
  connection.exec(`
    pragma journal_mode = wal;
    pragma synchronous = normal;
    pragma foreign_keys = on;
    pragma temp_store = memory;
    pragma cache_size = -16000;
    pragma mmap_size = 268435456;
  `)
  return connection
}

/** The WAL file appears with the first write and keeps its name and identity while a connection is open. */
const openWal = async (path: string, connection: DatabaseSync) => {
  connection.exec('create table if not exists wal_opened (id integer) strict; drop table wal_opened')
  return openFile(`${path}-wal`, 'r+')
}

const kyselyOver = (connection: DatabaseSync): Kysely<Tables> =>
  new Kysely<Tables>({ dialect: new SqliteDialect({ database: asBetterSqlite(connection) }) })

/** Kysely speaks to SQLite in the manner of better-sqlite3; statements are prepared once and kept. */
const asBetterSqlite = (connection: DatabaseSync) => {
  const statements = new LRUCache<string, ReturnType<typeof wrap>>({ max: 1000 })
  return {
    prepare: (text: string) => {
      let statement = statements.get(text)
      if (!statement) {
        statement = wrap(connection.prepare(text))
        statements.set(text, statement)
      }
      return statement
    },
    close: () => connection.close(),
  }
}

type Parameter = null | number | bigint | string | Uint8Array

const wrap = (statement: StatementSync) => ({
  reader: statement.columns().length > 0,
  all: (parameters: readonly unknown[]) => statement.all(...(parameters as Parameter[])),
  iterate: (parameters: readonly unknown[]) =>
    statement.iterate(...(parameters as Parameter[])) as IterableIterator<unknown>,
  run: (parameters: readonly unknown[]) => statement.run(...(parameters as Parameter[])),
})

const jsonPath = (path: readonly string[]): string =>
  `$${path.map((key) => `.${JSON.stringify(key)}`).join('')}`

const escapeGlob = (text: string): string => text.replace(/[*?[]/g, '[$&]')
