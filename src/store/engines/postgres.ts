import { CompiledQuery, Kysely, PostgresDialect, type PostgresPoolClient, sql } from 'kysely'
import pg from 'pg'
import { nameOfStatement } from '../statement.ts'
import { requireStorableParameters } from '../storable.ts'
import type { Tables } from '../tables.ts'
import type { Engine, FieldValue } from './engine.ts'

const connecting = { keepAlive: true, connectionTimeoutMillis: 10_000 }

/**
 * PostgreSQL, or an engine that speaks its protocol. One connection writes; a pool reads. A row lock lets one process
 * write at a time, so that events are numbered in the order they commit and rules see no half of another's change.
 */
export const openPostgres = async (url: string): Promise<Engine> => {
  const line = writerLine(url)
  await line.open()
  const pool = readerPool(url)
  const readers = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  const writer = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: line }) })
  return {
    name: 'postgres',
    writer,
    readers,
    begin: async (change = 'rows') => {
      await line.open()
      await writer.executeQuery(begin)
      await writer.executeQuery(change === 'rows' ? lockRows : lockSchema)
    },
    commit: async () => {
      const { rows } = await writer.executeQuery(commit)
      // The answer to committing a transaction in which something failed.
      if ((rows[0] as { command?: string } | undefined)?.command === 'ROLLBACK') {
        throw new Error('The database undid the transaction instead of committing it.')
      }
    },
    // A connection that can't even undo is given up, and the server undoes what was open on it.
    abandon: async () => void (await writer.executeQuery(rollback).catch(line.drop)),
    // A commit is on disk when it returns, unless the server was told otherwise.
    flush: async () => {},
    like: (text, parts) => sql`${text} like ${parts.map(escapeLike).join('%')} escape '!'`,
    digits: (integer) => sql`${integer}::text`,
    among: (value, type, others) => sql`${value} = any(${[...others]}::${sql.raw(arrayTypes[type])})`,
    jsonAny: (column, path, test) => {
      const found = sql`jsonb_path_query(${column}::jsonb, ${jsonPath(path)}::jsonpath) as element(atom)`
      return sql`exists (select 1 from ${found} where ${test(element)})`
    },
    skipNumber: async (table, number) => {
      const sequence = `${table}_number_seq`
      await sql`select setval(${sequence}::regclass, ${number}) from ${sql.table(sequence)}
        where last_value <= ${number}`.execute(writer)
    },
    lastNumber: async (db, table) => {
      const sequence = sql.table(`${table}_number_seq`)
      const query = sql<{ last: number }>`select last_value as last from ${sequence} where is_called`
      return (await query.execute(db)).rows[0]?.last ?? 0
    },
    // Kysely ends only what it has used.
    close: async () => {
      await pool.end()
      await line.end()
    },
  }
}

// Whatever the server's default is: the lock must be waited for before the transaction's first look at the data.
const begin = CompiledQuery.raw('begin isolation level read committed read write')
const commit = CompiledQuery.raw('commit')
const rollback = CompiledQuery.raw('rollback')
const lockRows = CompiledQuery.raw('select id from writer where id = 1 for update')
/** Any number, as long as every release takes the same. */
const lockSchema = CompiledQuery.raw('select pg_advisory_xact_lock(7205759403792793)')

const arrayTypes = { text: 'text[]', integer: 'bigint[]', number: 'double precision[]' }

const element: FieldValue = {
  text: sql`(case jsonb_typeof(element.atom) when 'string' then element.atom #>> '{}'
    when 'boolean' then element.atom #>> '{}'
    when 'number' then case when element.atom #>> '{}' ~ '^-?[0-9]{1,15}$' then element.atom #>> '{}' end
    end collate "C")`,
  number: sql`case jsonb_typeof(element.atom) when 'number' then (element.atom #>> '{}')::double precision end`,
  present: sql`(element.atom not in ('null'::jsonb, '{}'::jsonb, '[]'::jsonb))`,
}

/** In its lax mode, the default, a path goes through arrays by itself. */
const jsonPath = (path: readonly string[]): string =>
  `$${path.map((key) => `.${JSON.stringify(key)}`).join('')}[*]`

const bigint = 20

/** Our 64-bit numbers (row numbers, instants, counts) all fit a double. */
const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === bigint ? Number : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
}

/** The readers' connections, as the pool Kysely wants. */
const readerPool = (url: string) => {
  const pool = new pg.Pool({
    ...connecting,
    connectionString: url,
    types,
    max: 10,
    onConnect: async (client) => void (await client.query('set default_transaction_read_only = on')),
  })
  // A lost connection fails the query that needs it; without a listener it would end the process.
  pool.on('error', () => {})
  return {
    options: {},
    connect: async () => {
      const client = await pool.connect()
      return guarded(client, () => client.release())
    },
    end: () => pool.end(),
  }
}

/**
 * The writer's connection, as the pool Kysely wants. A lost one is replaced between transactions only: half of a
 * transaction on a new connection would commit by itself.
 */
const writerLine = (url: string) => {
  let line: { client: pg.Client; guarded: PostgresPoolClient } | undefined
  return {
    options: {},
    open: async () => {
      if (line) return
      const client = new pg.Client({ ...connecting, connectionString: url, types })
      const lose = () => {
        if (line?.client === client) line = undefined
      }
      client.on('error', lose)
      client.on('end', lose)
      await client.connect()
      line = { client, guarded: guarded(client, () => {}) }
    },
    connect: async () => {
      if (!line) throw new Error('The connection to the database was lost.')
      return line.guarded
    },
    drop: () => {
      const lost = line
      line = undefined
      lost?.client.end().catch(() => {})
    },
    end: async () => line?.client.end(),
  }
}

const guarded = (client: pg.ClientBase, release: () => void): PostgresPoolClient => ({
  query: ((text: string, parameters: readonly unknown[]) => {
    requireStorableParameters(parameters)
    return client.query({ name: nameOfStatement(text), text, values: [...parameters] })
  }) as unknown as PostgresPoolClient['query'],
  release,
})

const escapeLike = (text: string): string => text.replace(/[!%_]/g, '!$&')
