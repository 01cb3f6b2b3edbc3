import { CompiledQuery, type Kysely } from 'kysely'
import type { Engine } from '../engines/engine.ts'
import { ddl } from './dialect.ts'

/** Scripts, what is deployed of them, where they run, and what they did. */
export const hooks = (engine: Engine['name']) => async (db: Kysely<unknown>) => {
  const { number, text, integer, end } = ddl(engine)
  const script = `code ${text} not null,
  dependencies ${text} not null,
  secrets ${text} not null,
  runtime ${text} not null,
  triggers ${text} not null,
  allowed_hosts ${text} not null,
  build_id ${text} not null,
  status ${text} not null,
  errors ${text} not null,
  resolved ${text} not null,
  lock ${text} not null,
  built_at ${integer},
  created_at ${integer} not null,
  updated_at ${integer} not null`
  const statements = [
    `create table hooks (
  number ${number},
  id ${text} not null unique,
  name ${text} not null,
  flavour ${text} not null,
  on_failure ${text} not null,
  runs_as ${text} not null,
  modifies_events ${integer} not null,
  timeout_ms ${integer} not null,
  is_enabled ${integer} not null,
  application_ids ${text} not null,
  has_changes ${integer} not null,
  deploys_when_built ${integer} not null,
  deployed_version_id ${text},
  versions_count ${integer} not null,
  extensions ${text} not null,
  ${script},
  unique (flavour, name)
) ${end}`,
    `create table hook_versions (
  number ${number},
  id ${text} not null unique,
  hook_id ${text} not null references hooks (id),
  version_number ${integer} not null,
  ${script},
  unique (hook_id, version_number)
) ${end}`,
    `create table hook_bindings (
  number ${number},
  id ${text} not null unique,
  "trigger" ${text} not null,
  hook_id ${text} not null references hooks (id),
  "position" ${integer} not null,
  display_name ${text} not null,
  created_at ${integer} not null,
  updated_at ${integer} not null
) ${end}`,
    'create index hook_bindings_trigger on hook_bindings ("trigger", "position", number)',
    'create index hook_bindings_hook on hook_bindings (hook_id)',
    `create table executions (
  number ${number},
  id ${text} not null unique,
  run_id ${text} not null,
  "trigger" ${text} not null,
  hook_id ${text} not null,
  hook_name ${text} not null,
  version_id ${text},
  status ${text} not null,
  input ${text} not null,
  output ${text},
  log ${text} not null,
  calls ${text} not null,
  failure ${text},
  user_id ${text},
  application_id ${text},
  claim ${text} unique,
  started_at ${integer} not null,
  ended_at ${integer},
  duration_ms ${integer}
) ${end}`,
    'create index executions_run on executions (run_id, number)',
    'create index executions_hook on executions (hook_id, number)',
    'create index executions_user on executions (user_id, number)',
    'create index executions_started on executions (started_at)',
  ]
  for (const statement of statements) await db.executeQuery(CompiledQuery.raw(statement))
}
