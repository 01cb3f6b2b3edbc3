import { CompiledQuery, type Kysely } from 'kysely'
import type { Listing } from '#core/listing.ts'
import type { Collection, Reader, Store, StoreTx } from '#core/store.ts'
import { createAssignments } from './assignments.ts'
import * as table from './collections.ts'
import { createDecisions } from './decisions.ts'
import type { Engine } from './engines/engine.ts'
import { openSqlite, type SqliteOptions } from './engines/sqlite.ts'
import { createEvents } from './events.ts'
import { attempt, createGroupCommit } from './group-commit.ts'
import { createExecutions, createHookBindings, hookTable, hookVersionTable } from './hooks.ts'
import { createJobs } from './jobs.ts'
import { createMemory, forgetful, type Memory } from './memory.ts'
import { migrate } from './migrations/index.ts'
import { createMemberships, createOrganizationConnections } from './organizations.ts'
import { createOutbox } from './outbox.ts'
import { createPermissions } from './permissions.ts'
import { createProtocolRecords } from './protocol-records.ts'
import { createRoles } from './roles.ts'
import { createSettings } from './settings.ts'
import { createCollection, type Table } from './table.ts'
import type { Tables } from './tables.ts'
import { createUsers } from './users.ts'

/** A file's path opens SQLite, a `postgres://` URL PostgreSQL, whose driver is loaded only then. */
export const openEngine = async (location: string, options?: SqliteOptions): Promise<Engine> => {
  if (!/^postgres(ql)?:\/\//u.test(location)) return openSqlite(location, options)
  const { openPostgres } = await import('./engines/postgres.ts')
  return openPostgres(location)
}

/** Everything of a database, over one engine. What is read is remembered where that is safe: outside transactions. */
const repositories = (engine: Engine, db: Kysely<Tables>, memory: Memory = forgetful) => {
  const roles = createRoles(engine, db)
  const remembered = <T extends { number: number; id: string }>(known: Table<T>): Collection<T> => {
    const { name } = known
    const collection = createCollection(engine, db, known)
    return {
      ...collection,
      find: (id) => memory.recall(`${name} ${id}`, () => collection.find(id)),
      findMany: (ids) => memory.recallMany(name, ids, collection.findMany),
      findBy: (fields) =>
        memory.recall(`${name} by ${JSON.stringify(fields)}`, () => collection.findBy(fields)),
    }
  }
  const findRoles = (ids: readonly string[]) => memory.recallMany('roles', ids, roles.findMany)
  const serviceAccess = createCollection(engine, db, table.serviceAccessTable)
  return {
    users: createUsers(engine, db, memory),
    roles: {
      ...roles,
      find: (id) => memory.recall(`roles ${id}`, () => roles.find(id)),
      findMany: findRoles,
      inclusions: () => memory.recall('roles inclusions', roles.inclusions),
      exclusions: () => memory.recall('roles exclusions', roles.exclusions),
    } satisfies typeof roles,
    assignments: createAssignments(engine, db, findRoles, memory),
    permissions: createPermissions(engine, db),
    decisions: createDecisions(db, { memory }),
    serviceAccess: {
      ...serviceAccess,
      list: (listing: Listing) =>
        memory.recall(`service_access of ${JSON.stringify(listing)}`, () => serviceAccess.list(listing)),
    },
    entries: createCollection(engine, db, table.entryTable),
    apis: remembered(table.apiTable),
    applications: remembered(table.applicationTable),
    clientGrants: remembered(table.clientGrantTable),
    connections: createCollection(engine, db, table.connectionTable),
    organizations: createCollection(engine, db, table.organizationTable),
    organizationConnections: createOrganizationConnections(engine, db),
    rooms: createCollection(engine, db, table.roomTable),
    memberships: createMemberships(engine, db),
    invitations: createCollection(engine, db, table.invitationTable),
    roleRequests: createCollection(engine, db, table.roleRequestTable),
    rules: createCollection(engine, db, table.ruleTable),
    tickets: createCollection(engine, db, table.ticketTable),
    sessions: remembered(table.sessionTable),
    failedAttempts: createCollection(engine, db, table.failedAttemptsTable),
    jobs: createJobs(engine, db),
    mails: createCollection(engine, db, table.mailTable),
    secondFactors: createCollection(engine, db, table.secondFactorTable),
    passkeyChallenges: createCollection(engine, db, table.passkeyChallengeTable),
    mailTemplates: createCollection(engine, db, table.mailTemplateTable),
    hooks: remembered(hookTable),
    hookVersions: remembered(hookVersionTable),
    hookBindings: createHookBindings(engine, db, memory),
    executions: createExecutions(engine, db),
    signingKeys: createCollection(engine, db, table.signingKeyTable),
    settings: createSettings(db, memory),
    events: createEvents(engine, db),
  }
}

/** Opens a database that `migrate` has brought up to date. `now` is the clock that readers go by. */
export const openStore = (engine: Engine, now: () => number) => {
  const memory = createMemory(engine)
  const commit = async () => {
    await engine.commit()
    memory.expire()
  }
  const groupCommit = createGroupCommit({ ...engine, commit })
  const recall: Reader['recall'] = async (parts, load) => {
    const at = now()
    const known = await memory.recall(JSON.stringify(parts), async () => ({ at, ...(await load()) }))
    const holds = known.at <= at && at < (known.until ?? Number.POSITIVE_INFINITY)
    return holds ? known.value : (await load()).value
  }
  const reader: Reader = { ...repositories(engine, engine.readers, memory), recall, now }
  const writing = repositories(engine, engine.writer)
  let closing: Promise<void> | undefined
  const tx: StoreTx = {
    ...writing,
    recall: async (_parts, load) => (await load()).value,
    appendEvent: writing.events.append,
    attempt: (work) => attempt(engine, work),
  }
  const store: Store = {
    reader,
    write: (work) => groupCommit.write(() => work(tx)),
    close: async () => {
      await groupCommit.close()
      closing ??= engine.close()
      await closing
    },
  }
  return {
    ...store,
    /** Rejects with the reason when the database can't be read, or nothing is written any more. */
    checkHealth: async (): Promise<void> => {
      const fault = groupCommit.fault()
      if (fault) throw fault
      await engine.readers.executeQuery(ping)
    },
    outbox: createOutbox(engine, groupCommit),
    protocolRecords: createProtocolRecords(engine, groupCommit, now),
  }
}

const ping = CompiledQuery.raw('select id from writer')

export { migrate }
