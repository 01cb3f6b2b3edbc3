import { type Kysely, sql } from 'kysely'

/** What finds tickets and requests whose time is over. */
export const expiry = () => async (db: Kysely<unknown>) => {
  await sql.raw('create index tickets_expiry on tickets (expires_at, number)').execute(db)
  await sql
    .raw("create index role_requests_expiry on role_requests (expires_at, number) where status = 'open'")
    .execute(db)
}
