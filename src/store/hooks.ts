import { type Kysely, sql } from 'kysely'
import type { Binding, Execution, Hook, HookVersion } from '#core/hooks/hook.ts'
import type { Collection, ExecutionWrites, HookBindingReads } from '#core/store.ts'
import type { Engine } from './engines/engine.ts'
import type { Memory } from './memory.ts'
import { createStatement } from './statement.ts'
import { createCodec, createCollection, type Row, type Table } from './table.ts'
import type { Tables } from './tables.ts'

const script = {
  code: 'text',
  dependencies: 'json',
  secrets: 'json',
  runtime: 'text',
  triggers: 'json',
  allowedHosts: 'json',
  buildId: 'id',
  status: 'text',
  errors: 'json',
  resolved: 'json',
  lock: 'json',
  builtAt: 'integer?',
  createdAt: 'integer',
  updatedAt: 'integer',
} as const

export const hookTable: Table<Hook> = {
  name: 'hooks',
  secrets: ['secrets'],
  columns: {
    number: 'integer',
    id: 'id',
    name: 'key',
    flavour: 'text',
    onFailure: 'text',
    runsAs: 'text',
    modifiesEvents: 'flag',
    timeoutMs: 'integer',
    isEnabled: 'flag',
    applicationIds: 'json',
    hasChanges: 'flag',
    deploysWhenBuilt: 'flag',
    deployedVersionId: 'text?',
    versionsCount: 'integer',
    extensions: 'json',
    ...script,
  },
}

export const hookVersionTable: Table<HookVersion> = {
  name: 'hook_versions',
  secrets: ['secrets'],
  columns: { number: 'integer', id: 'id', hookId: 'id', versionNumber: 'integer', ...script },
}

const bindingTable: Table<Binding> = {
  name: 'hook_bindings',
  columns: {
    number: 'integer',
    id: 'id',
    trigger: 'id',
    hookId: 'id',
    position: 'integer',
    displayName: 'text',
    createdAt: 'integer',
    updatedAt: 'integer',
  },
}

const executionTable: Table<Execution> = {
  name: 'executions',
  columns: {
    number: 'integer',
    id: 'id',
    runId: 'id',
    trigger: 'text',
    hookId: 'id',
    hookName: 'text',
    versionId: 'text?',
    status: 'text',
    input: 'json',
    output: 'json?',
    log: 'json',
    calls: 'json',
    failure: 'json?',
    userId: 'id?',
    applicationId: 'text?',
    claim: 'key?',
    startedAt: 'integer',
    endedAt: 'integer?',
    durationMs: 'integer?',
  },
}

export const createHookBindings = (
  engine: Engine,
  db: Kysely<Tables>,
  memory: Memory,
): Collection<Binding> & HookBindingReads => {
  const { decode, selection } = createCodec(bindingTable)
  const ofTrigger = createStatement(
    db,
    (slot) => sql`select ${selection} from hook_bindings
      where ${sql.ref('trigger')} = ${slot('trigger')} order by ${sql.ref('position')}, number`,
  )
  const bound = createStatement(
    db,
    () => sql`select distinct ${sql.ref('trigger')} as name from hook_bindings`,
  )
  return {
    ...createCollection(engine, db, bindingTable),
    triggers: () =>
      memory.recall('hook_bindings triggers', async () =>
        (await bound({})).rows.map(({ name }) => name as string),
      ),
    of: (trigger) =>
      memory.recall(`hook_bindings of ${trigger}`, async () =>
        (await ofTrigger({ trigger })).rows.map((row: Row) => decode(row)),
      ),
  }
}

export const createExecutions = (
  engine: Engine,
  db: Kysely<Tables>,
): Collection<Execution> & ExecutionWrites => ({
  ...createCollection(engine, db, executionTable),
  removeBefore: async (at) => {
    const removed = await db.deleteFrom('executions').where('started_at', '<', at).executeTakeFirst()
    return Number(removed.numDeletedRows)
  },
})
