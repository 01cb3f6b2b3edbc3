import { CompiledQuery, type Kysely, sql } from 'kysely'
import type { Engine, Sql } from './engines/engine.ts'
import type { Row } from './table.ts'
import type { Tables } from './tables.ts'

/**
 * Every table, parents before children, with the columns that order it. A backup made on one engine is restored on
 * any other: rows are the same on all of them.
 */
const tables: readonly (readonly [name: keyof Tables & string, ...key: string[]])[] = [
  ['settings', 'name'],
  ['users', 'number'],
  ['identities', 'provider', 'subject'],
  ['roles', 'number'],
  ['role_inclusions', 'role_id', 'included_role_id'],
  ['role_exclusions', 'role_id', 'other_role_id'],
  ['apis', 'number'],
  ['permissions', 'number'],
  ['role_permissions', 'number'],
  ['user_permissions', 'number'],
  ['applications', 'number'],
  ['client_grants', 'number'],
  ['connections', 'number'],
  ['organizations', 'number'],
  ['organization_connections', 'number'],
  ['rooms', 'number'],
  ['memberships', 'number'],
  ['assignments', 'number'],
  ['invitations', 'number'],
  ['tickets', 'number'],
  ['jobs', 'number'],
  ['job_errors', 'number'],
  ['signing_keys', 'number'],
  ['events', 'number'],
  ['deliveries', 'consumer'],
  ['protocol_records', 'model', 'id'],
]

export const backedUpTables: readonly string[] = tables.map(([name]) => name)

export type BackupRow = { table: string; row: Row }

const batchSize = 1000

/** How many rows a backup will have, give or take what is written meanwhile. */
export const countRows = async ({ readers }: Engine): Promise<number> => {
  let total = 0
  for (const [name] of tables) {
    const query = sql<{ rows: number }>`select count(*) as rows from ${sql.table(name)}`
    total += (await query.execute(readers)).rows[0]!.rows
  }
  return total
}

/** Hands out every row as it was at one instant, in batches. Writers go on meanwhile. */
export const readRows = async (engine: Engine, take: (rows: BackupRow[]) => Promise<void>): Promise<void> => {
  const begin = engine.name === 'sqlite' ? 'begin' : 'begin isolation level repeatable read read only'
  await engine.readers.connection().execute(async (db) => {
    await db.executeQuery(CompiledQuery.raw(begin))
    try {
      for (const [table, ...key] of tables) await readTable(db, table, key, take)
    } finally {
      await db.executeQuery(CompiledQuery.raw('rollback'))
    }
  })
}

const readTable = async (
  db: Kysely<Tables>,
  table: string,
  key: readonly string[],
  take: (rows: BackupRow[]) => Promise<void>,
): Promise<void> => {
  const columns = sql.join(key.map((column) => sql.ref(column)))
  let after: Sql = sql``
  for (;;) {
    const query = sql<Row>`select * from ${sql.table(table)} ${after} order by ${columns} limit ${batchSize}`
    const { rows } = await query.execute(db)
    if (rows.length > 0) await take(rows.map((row) => ({ table, row })))
    if (rows.length < batchSize) return
    const last = rows.at(-1)!
    after = sql`where (${columns}) > (${sql.join(key.map((column) => last[column]))})`
  }
}

/** The database holds a workspace already. */
export class NotEmptyError extends Error {
  override readonly name = 'NotEmptyError'
}

/**
 * Stores the rows of a backup in an empty database, all or none.
 * @returns how many
 * @throws NotEmptyError
 */
export const writeRows = async (
  engine: Engine,
  batches: AsyncIterable<readonly BackupRow[]>,
): Promise<number> => {
  const { rows: settings } = await sql`select name from settings limit 1`.execute(engine.writer)
  if (settings.length > 0) throw new NotEmptyError('The database holds a workspace already.')
  let count = 0
  await engine.begin()
  try {
    for await (const batch of batches) {
      for (const { table, row } of batch) await writeRow(engine, table, row)
      count += batch.length
    }
    if (engine.name === 'postgres') await continueSequences(engine)
    await engine.commit()
  } catch (error) {
    await engine.abandon()
    throw error
  }
  await engine.flush()
  return count
}

const writeRow = async ({ writer }: Engine, table: string, row: Row): Promise<void> => {
  if (!backedUpTables.includes(table)) throw new Error(`The backup names an unknown table: ${table}`)
  const names = Object.keys(row)
  await sql`insert into ${sql.table(table)} (${sql.join(names.map((name) => sql.ref(name)))})
    values (${sql.join(names.map((name) => row[name]))})`.execute(writer)
}

/** SQLite follows the numbers it is given by itself. */
const continueSequences = async ({ writer }: Engine): Promise<void> => {
  for (const [table, key] of tables) {
    if (key !== 'number') continue
    await sql`select setval(${`${table}_number_seq`}::regclass, greatest(1, (select coalesce(max(number), 1) from ${sql.table(table)})))`.execute(
      writer,
    )
  }
}
