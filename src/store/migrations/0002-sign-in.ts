import { CompiledQuery, type Kysely } from 'kysely'
import type { Engine } from '../engines/engine.ts'
import { ddl } from './dialect.ts'

/** Where people are signed in, and how often somebody failed to. */
export const signIn = (engine: Engine['name']) => async (db: Kysely<unknown>) => {
  const { number, text, integer, end } = ddl(engine)
  const statements = [
    `create table sessions (
  number ${number},
  id ${text} not null unique,
  user_id ${text} not null references users (id),
  kind ${text} not null,
  door ${text} not null,
  digest ${text} not null unique,
  application_id ${text},
  name ${text},
  ip ${text},
  user_agent ${text},
  data ${text} not null,
  created_at ${integer} not null,
  expires_at ${integer}
) ${end}`,
    'create index sessions_user on sessions (user_id, number)',
    'create index sessions_expiry on sessions (expires_at)',
    `create table sign_in_attempts (
  number ${number},
  id ${text} not null unique,
  identifier ${text},
  ip ${text},
  failures ${integer} not null,
  since ${integer} not null,
  blocked_until ${integer}
) ${end}`,
    'create index sign_in_attempts_identifier on sign_in_attempts (identifier)',
    'create index sign_in_attempts_since on sign_in_attempts (since)',
  ]
  for (const statement of statements) await db.executeQuery(CompiledQuery.raw(statement))
}
