import { CompiledQuery, type Kysely } from 'kysely'
import type { Engine } from '../engines/engine.ts'
import { ddl } from './dialect.ts'

/** What the DreamFactory dialect needs tables for: access rows of roles, and entries that no rule of ours reads. */
export const dreamfactory = (engine: Engine['name']) => async (db: Kysely<unknown>) => {
  const { number, text, integer, end } = ddl(engine)
  const statements = `
create table service_access (
  number ${number},
  id ${text} not null unique,
  role_id ${text} not null references roles (id),
  service_number ${integer},
  component ${text},
  verb_mask ${integer} not null,
  requestor_mask ${integer} not null,
  filters ${text} not null,
  filter_op ${text} not null,
  created_at ${integer} not null,
  updated_at ${integer} not null
) ${end};
create index service_access_role on service_access (role_id, number);

create table entries (
  number ${number},
  id ${text} not null unique,
  kind ${text} not null,
  owner ${text} not null,
  name ${text} not null,
  name_key ${text} not null,
  data ${text} not null,
  sealed_value ${text},
  created_by ${integer},
  updated_by ${integer},
  created_at ${integer} not null,
  updated_at ${integer} not null
) ${end};
create unique index entries_key on entries (kind, owner, name_key);
create index entries_owner on entries (owner);
`
  for (const statement of statements.split(/;\s*\n/u)) {
    if (statement.trim() !== '') await db.executeQuery(CompiledQuery.raw(statement))
  }
}
