import { CompiledQuery, Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import type { Tables } from '../tables.ts'
import type { Engine, Sql } from './engine.ts'

/**
 * PostgreSQL, or an engine that speaks its protocol. One connection writes; a pool reads. A row lock lets one process
 * write at a time, so that events are numbered in the order they commit and rules see no half of another's change.
 */
export const openPostgres = async (url: string): Promise<Engine> => {
  const line = writerLine(url)
  await line.open()
  const pool = new pg.Pool({ connectionString: url, types, max: 10 })
  // A lost connection fails the query that needs it; without a listener it would end the process.
  pool.on('error', () => {})
  const writer = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: line }) })
  const readers = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  const begin = CompiledQuery.raw('begin')
  const lock = CompiledQuery.raw('select id from writer where id = 1 for update')
  return {
    name: 'postgres',
    writer,
    readers,
    begin: async () => {
      await line.open()
      await writer.executeQuery(begin)
      await writer.executeQuery(lock)
    },
    // A commit is on disk when it returns, unless the server was told otherwise.
    flush: async () => {},
    like: (text, parts) => sql`${text} like ${parts.map(escapeLike).join('%')} escape '!'`,
    jsonAny: (column, path, test) => {
      const value = sql`(${column}::jsonb #> ${textArray(path)})`
      const array = sql`case jsonb_typeof(${value}) when 'array' then ${value} else jsonb_build_array(${value}) end`
      return sql`exists (select 1 from jsonb_array_elements(${array}) as element(atom) where ${test(element)})`
    },
    close: async () => {
      await readers.destroy()
      await writer.destroy()
    },
  }
}

const element = {
  text: sql`(element.atom #>> '{}')`,
  number: sql`case when jsonb_typeof(element.atom) = 'number' then (element.atom #>> '{}')::double precision end`,
}

const bigint = 20

/** Our 64-bit numbers (row numbers, instants, counts) all fit a double. */
const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === bigint ? Number : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
}

/**
 * The writer's connection, as the pool Kysely wants. A lost one is replaced between transactions only: half of a
 * transaction on a new connection would commit by itself.
 */
const writerLine = (url: string) => {
  let client: pg.Client | undefined
  return {
    options: {},
    open: async () => {
      if (client) return
      const fresh = new pg.Client({ connectionString: url, types })
      fresh.on('error', () => {
        if (client === fresh) client = undefined
      })
      await fresh.connect()
      client = Object.assign(fresh, { release: () => {} })
    },
    connect: async () => {
      if (!client) throw new Error('The connection to the database was lost.')
      return client as pg.Client & { release(): void }
    },
    end: async () => client?.end(),
  }
}

const textArray = (path: readonly string[]): Sql => sql`array[${sql.join(path)}]::text[]`

const escapeLike = (text: string): string => text.replace(/[!%_]/g, '!$&')
