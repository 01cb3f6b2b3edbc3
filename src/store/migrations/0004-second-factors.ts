import { CompiledQuery, type Kysely } from 'kysely'
import type { Engine } from '../engines/engine.ts'
import { ddl } from './dialect.ts'

/** Apps, passkeys and recovery codes, and what browsers were asked to sign. */
export const secondFactors = (engine: Engine['name']) => async (db: Kysely<unknown>) => {
  const { number, text, integer, end } = ddl(engine)
  const statements = [
    `create table second_factors (
  number ${number},
  id ${text} not null unique,
  user_id ${text} not null references users (id),
  kind ${text} not null,
  name ${text} not null,
  sealed_secret ${text},
  digest ${text} unique,
  credential_id ${text} unique,
  public_key ${text},
  counter ${integer} not null,
  is_confirmed ${integer} not null,
  data ${text} not null,
  created_at ${integer} not null,
  used_at ${integer}
) ${end}`,
    'create index second_factors_user on second_factors (user_id, number)',
    `create table passkey_challenges (
  number ${number},
  id ${text} not null unique,
  user_id ${text},
  purpose ${text} not null,
  expires_at ${integer} not null
) ${end}`,
    'create index passkey_challenges_expiry on passkey_challenges (expires_at, number)',
  ]
  for (const statement of statements) await db.executeQuery(CompiledQuery.raw(statement))
}
