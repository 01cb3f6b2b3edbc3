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
  ['service_access', 'number'],
  ['entries', 'number'],
  ['applications', 'number'],
  ['client_grants', 'number'],
  ['connections', 'number'],
  ['organizations', 'number'],
  ['organization_connections', 'number'],
  ['rooms', 'number'],
  ['memberships', 'number'],
  ['assignments', 'number'],
  ['invitations', 'number'],
  ['role_requests', 'number'],
  ['rules', 'number'],
  ['tickets', 'number'],
  ['sessions', 'number'],
  ['sign_in_attempts', 'number'],
  ['jobs', 'number'],
  ['job_errors', 'number'],
  ['mails', 'number'],
  ['mail_templates', 'number'],
  ['second_factors', 'number'],
  ['passkey_challenges', 'number'],
  ['hooks', 'number'],
  ['hook_versions', 'number'],
  ['hook_bindings', 'number'],
  ['executions', 'number'],
  ['signing_keys', 'number'],
  ['events', 'number'],
  ['deliveries', 'consumer'],
  ['protocol_records', 'model', 'id'],
]

const numbered = tables.filter(([, key]) => key === 'number').map(([name]) => name)

export const backedUpTables: readonly string[] = tables.map(([name]) => name)

/** Not a table: where each table's numbers go on, because those of rows that are gone are never used again. */
const sequences = 'sequences'

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

/** Hands out every row as it was at one instant, in batches. Writers go on meanwhile. @returns how many */
export const readRows = async (
  engine: Engine,
  take: (rows: BackupRow[]) => Promise<void>,
): Promise<number> => {
  let count = 0
  const counted = async (rows: BackupRow[]) => {
    await take(rows)
    count += rows.length
  }
  const begin = engine.name === 'sqlite' ? 'begin' : 'begin isolation level repeatable read read only'
  await engine.readers.connection().execute(async (db) => {
    await db.executeQuery(CompiledQuery.raw(begin))
    try {
      for (const [table, ...key] of tables) await readTable(db, table, key, counted)
      await take(await readSequences(engine, db))
    } finally {
      await db.executeQuery(CompiledQuery.raw('rollback'))
    }
  })
  return count
}

const readSequences = async (engine: Engine, db: Kysely<Tables>): Promise<BackupRow[]> => {
  const rows: BackupRow[] = []
  for (const name of numbered) {
    rows.push({ table: sequences, row: { name, number: await engine.lastNumber(db, name) } })
  }
  return rows
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
      for (const { table, row } of batch) {
        await writeRow(engine, table, row)
        if (table !== sequences) count += 1
      }
    }
    await engine.commit()
  } catch (error) {
    await engine.abandon()
    throw error
  }
  await engine.flush()
  return count
}

const writeRow = async (engine: Engine, table: string, row: Row): Promise<void> => {
  const { writer, skipNumber } = engine
  if (table === sequences) return skipNumber(String(row.name), Number(row.number))
  if (!backedUpTables.includes(table)) throw new Error(`The backup names an unknown table: ${table}`)
  const names = Object.keys(row)
  await sql`insert into ${sql.table(table)} (${sql.join(names.map((name) => sql.ref(name)))})
    values (${sql.join(names.map((name) => row[name]))})`.execute(writer)
}
