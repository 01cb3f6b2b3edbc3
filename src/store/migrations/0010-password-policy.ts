import { type Kysely, sql } from 'kysely'
import type { Engine } from '../engines/engine.ts'
import { ddl } from './dialect.ts'

/** Since when somebody has decided how strong passwords must be, and which passwords a person has had. */
export const passwordPolicy = (engine: Engine['name']) => async (db: Kysely<unknown>) => {
  const { integer, text } = ddl(engine)
  await sql.raw(`alter table connections add column policy_chosen_at ${integer}`).execute(db)
  await sql.raw(`alter table users add column former_password_hashes ${text}`).execute(db)
  // What told it before; only the first connection was made by nobody.
  await sql
    .raw(`update connections set policy_chosen_at = updated_at
where updated_at <> created_at or name <> 'Username-Password-Authentication'`)
    .execute(db)
}
