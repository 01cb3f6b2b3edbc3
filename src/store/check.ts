import { sql } from 'kysely'
import type { Engine } from './engines/engine.ts'

export type DatabaseCheck = {
  engine: string
  version: string
  faults: string[]
  clockSkewMilliseconds?: number
}

/** Looks whether the database is whole; for PostgreSQL also how far its clock is from ours. */
export const checkDatabase = async (engine: Engine, now: () => number): Promise<DatabaseCheck> => {
  if (engine.name === 'sqlite') {
    const { rows } = await sql<{ version: string }>`select sqlite_version() as version`.execute(
      engine.readers,
    )
    const check = await sql<{ quick_check: string }>`pragma quick_check`.execute(engine.readers)
    const faults = check.rows.map((row) => row.quick_check).filter((fault) => fault !== 'ok')
    return { engine: 'SQLite', version: rows[0]!.version, faults }
  }
  const query = sql<{ version: string; at: number }>`select current_setting('server_version') as version,
    (extract(epoch from clock_timestamp()) * 1000)::bigint as at`
  const { version, at } = (await query.execute(engine.readers)).rows[0]!
  return { engine: 'PostgreSQL', version, faults: [], clockSkewMilliseconds: at - now() }
}
