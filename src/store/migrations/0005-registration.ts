import { CompiledQuery, type Kysely } from 'kysely'
import type { Engine } from '../engines/engine.ts'
import { ddl } from './dialect.ts'

/** What people who registered wait for, who accepted an invitation, what they ask for, and rules that give roles. */
export const registration = (engine: Engine['name']) => async (db: Kysely<unknown>) => {
  const { number, text, integer, end } = ddl(engine)
  const statements = [
    `alter table users add column approval_asked_at ${integer}`,
    `alter table users add column needs_confirmed_email ${integer}`,
    'create index users_approval on users (approval_asked_at) where approval_asked_at is not null',
    `alter table invitations add column accepted_by ${text}`,
    `alter table invitations add column message ${text}`,
    `alter table invitations add column sent_at ${integer}`,
    `create table role_requests (
  number ${number},
  id ${text} not null unique,
  user_id ${text} not null references users (id),
  role_id ${text} not null references roles (id),
  scope ${text} not null,
  status ${text} not null,
  reason ${text},
  answer ${text},
  decided_by ${text},
  created_at ${integer} not null,
  expires_at ${integer} not null,
  decided_at ${integer}
) ${end}`,
    'create index role_requests_user on role_requests (user_id, number)',
    'create index role_requests_role on role_requests (role_id, number)',
    'create index role_requests_status on role_requests (status, number)',
    `create table rules (
  number ${number},
  id ${text} not null unique,
  name ${text} not null unique,
  description ${text} not null,
  is_active ${integer} not null,
  position ${integer} not null,
  occasions ${text} not null,
  condition ${text} not null,
  mode ${text} not null,
  roles ${text} not null,
  created_at ${integer} not null,
  updated_at ${integer} not null
) ${end}`,
  ]
  for (const statement of statements) await db.executeQuery(CompiledQuery.raw(statement))
}
