import { type Kysely, sql } from 'kysely'
import type { Engine } from '../engines/engine.ts'

/**
 * What SQLite's planner is told of a large workspace: for each index how many entries it has, and how many of them are
 * alike in its first column, in its first two, and so on. Without it the planner takes every first column for rare, and
 * walks all assignments of a scope to find those of one user. PostgreSQL keeps its own account.
 * @see https://sqlite.org/fileformat2.html#stat1tab, and docs/decisions/0021
 */
const statistics: Readonly<Record<string, string>> = {
  'users.sqlite_autoindex_users_1': '1000000 1',
  'users.sqlite_autoindex_users_2': '1000000 1',
  'users.sqlite_autoindex_users_3': '1000000 1',
  'users.users_approval': '1000 1',
  'users.users_connection': '1000000 500000 1',
  'users.users_created': '1000000 1 1',
  'users.users_email': '1000000 1 1',
  'users.users_last_login': '1000000 50 1',
  'users.users_name': '1000000 2 1',
  'users.users_username': '1000000 1 1',
  'assignments.assignments_key': '10000000 10 9 1',
  'assignments.assignments_role': '10000000 100000 50000 1',
  'assignments.assignments_scope': '10000000 1000000 1',
  'memberships.memberships_key': '1000000 2 1',
  'memberships.memberships_scope': '1000000 1000 1',
  'user_permissions.user_permissions_key': '100000 5 3 1',
  'user_permissions.user_permissions_permission': '100000 10000 1000',
  'events.sqlite_autoindex_events_1': '10000000 1',
  'events.events_at': '10000000 2',
  'events.events_type': '10000000 300000 1',
  'events.events_user': '10000000 10 1',
  'sessions.sqlite_autoindex_sessions_1': '1000000 1',
  'sessions.sessions_user': '1000000 2 1',
  'sessions.sessions_expiry': '1000000 2',
  'mails.mails_created': '1000000 2 1',
  'mails.mails_due': '1000000 300000 1000 1',
  'mails.mails_to': '1000000 5 1',
  'mails.mails_user': '1000000 5 1',
  'executions.executions_hook': '1000000 100000 1',
  'executions.executions_run': '1000000 3 1',
  'executions.executions_started': '1000000 2',
  'executions.executions_user': '1000000 5 1',
  'role_requests.role_requests_expiry': '1000 2 1',
  'role_requests.role_requests_role': '100000 5000 1',
  'role_requests.role_requests_status': '100000 30000 1',
  'role_requests.role_requests_user': '100000 2 1',
  'invitations.invitations_organization': '100000 5000 1',
  'protocol_records.protocol_records_expiry': '1000000 2',
  'protocol_records.protocol_records_grant': '1000000 3',
  'protocol_records.protocol_records_uid': '1000000 200000 1',
  'protocol_records.protocol_records_user_code': '1000000 200000 1',
  'rooms.rooms_default': '100000 50000 1',
}

export const planning = (engine: Engine['name']) => async (db: Kysely<unknown>) => {
  if (engine !== 'sqlite') return
  // Makes the table, which nobody else may; of the smallest of all, because a large one takes its time.
  await sql`analyze writer`.execute(db)
  await sql`delete from sqlite_stat1`.execute(db)
  for (const [key, stat] of Object.entries(statistics)) {
    const [table, index] = key.split('.')
    await sql`insert into sqlite_stat1 (tbl, idx, stat) values (${table}, ${index}, ${stat})`.execute(db)
  }
  await sql`analyze sqlite_schema`.execute(db)
}
