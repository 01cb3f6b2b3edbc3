import { CompiledQuery, type Kysely } from 'kysely'
import type { Engine } from '../engines/engine.ts'
import { ddl } from './dialect.ts'

/** Mails on their way and sent, and the workspace's own templates. */
export const mail = (engine: Engine['name']) => async (db: Kysely<unknown>) => {
  const { number, text, integer, end } = ddl(engine)
  const statements = [
    `create table mails (
  number ${number},
  id ${text} not null unique,
  "to" ${text} not null,
  to_key ${text} not null,
  user_id ${text},
  template ${text} not null,
  locale ${text} not null,
  data ${text} not null,
  sealed_secrets ${text},
  status ${text} not null,
  attempts ${integer} not null,
  next_try_at ${integer},
  fault ${text},
  created_at ${integer} not null,
  sent_at ${integer}
) ${end}`,
    'create index mails_due on mails (status, coalesce(next_try_at, -1), number)',
    'create index mails_to on mails (to_key, number)',
    'create index mails_user on mails (user_id, number)',
    'create index mails_created on mails (created_at, number)',
    `create table mail_templates (
  number ${number},
  id ${text} not null unique,
  name ${text} not null,
  locale ${text} not null,
  subject ${text} not null,
  html ${text} not null,
  text ${text},
  from_name ${text},
  from_email ${text},
  reply_to ${text},
  is_active ${integer} not null,
  created_at ${integer} not null,
  updated_at ${integer} not null,
  extensions ${text} not null
) ${end}`,
    'create unique index mail_templates_name on mail_templates (name, locale)',
  ]
  for (const statement of statements) await db.executeQuery(CompiledQuery.raw(statement))
}
