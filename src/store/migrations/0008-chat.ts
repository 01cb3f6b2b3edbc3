import { type Kysely, sql } from 'kysely'
import type { Engine } from '../engines/engine.ts'
import { ddl } from './dialect.ts'

/** When the roles that carry a permission changed, and rooms that new people join. */
export const chat = (engine: Engine['name']) => async (db: Kysely<unknown>) => {
  const { integer } = ddl(engine)
  await sql.raw(`alter table permissions add column roles_changed_at ${integer}`).execute(db)
  await sql.raw('create index rooms_default on rooms (is_default, number)').execute(db)
}
