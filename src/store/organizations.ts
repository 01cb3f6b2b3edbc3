import { type Kysely, sql } from 'kysely'
import type { Membership, OrganizationConnection } from '#core/organizations/organization.ts'
import type { Scope } from '#core/scope.ts'
import type {
  MembershipReads,
  MembershipWrites,
  OrganizationConnectionReads,
  OrganizationConnectionWrites,
} from '#core/store.ts'
import type { Engine } from './engines/engine.ts'
import { createLister } from './lister.ts'
import type { Table } from './table.ts'
import type { Tables } from './tables.ts'

const membershipTable: Table<Membership> = {
  name: 'memberships',
  columns: { number: 'integer', userId: 'id', scope: 'id', createdAt: 'integer' },
}

/** Who belongs to which organization and room. */
export const createMemberships = (engine: Engine, db: Kysely<Tables>): MembershipReads & MembershipWrites => {
  const { codec, list } = createLister(engine, db, membershipTable)
  return {
    list,
    find: async (userId, scope) => {
      const row = await db
        .selectFrom('memberships')
        .selectAll()
        .where('user_id', '=', userId)
        .where('scope', '=', scope)
        .executeTakeFirst()
      return row && codec.decode(row)
    },
    counts: async (scopes) => {
      if (scopes.length === 0) return new Map()
      const query = sql<{ scope: Scope; total: number }>`select scope, count(*) as total from memberships
        where ${engine.among(sql.ref('scope'), 'text', scopes)} group by scope`
      return new Map((await query.execute(db)).rows.map(({ scope, total }) => [scope, total]))
    },
    add: async (membership) => {
      const added = await db
        .insertInto('memberships')
        .values(codec.encode(membership) as Omit<Tables['memberships'], 'number'>)
        .onConflict((conflict) => conflict.columns(['user_id', 'scope']).doNothing())
        .executeTakeFirst()
      return added.numInsertedOrUpdatedRows === 1n
    },
    remove: async (userId, scope) => {
      const removed = await db
        .deleteFrom('memberships')
        .where('user_id', '=', userId)
        .where('scope', '=', scope)
        .executeTakeFirst()
      return removed.numDeletedRows === 1n
    },
    removeAll: async ({ userId, scope }) => {
      if (userId !== undefined) await sql`delete from memberships where user_id = ${userId}`.execute(db)
      if (scope !== undefined) await sql`delete from memberships where scope = ${scope}`.execute(db)
    },
  }
}

const organizationConnectionTable: Table<OrganizationConnection> = {
  name: 'organization_connections',
  columns: {
    number: 'integer',
    organizationId: 'id',
    connectionId: 'id',
    assignsMembershipOnLogin: 'flag',
    isSignupEnabled: 'flag',
    showsAsButton: 'flag',
  },
}

export const createOrganizationConnections = (
  engine: Engine,
  db: Kysely<Tables>,
): OrganizationConnectionReads & OrganizationConnectionWrites => {
  const { codec, list } = createLister(engine, db, organizationConnectionTable)
  return {
    list,
    find: async (organizationId, connectionId) => {
      const row = await db
        .selectFrom('organization_connections')
        .selectAll()
        .where('organization_id', '=', organizationId)
        .where('connection_id', '=', connectionId)
        .executeTakeFirst()
      return row && codec.decode(row)
    },
    put: async (connection) => {
      const { organization_id, connection_id, ...settings } = codec.encode(connection) as Omit<
        Tables['organization_connections'],
        'number'
      >
      await db
        .insertInto('organization_connections')
        .values({ organization_id, connection_id, ...settings })
        .onConflict((conflict) =>
          conflict.columns(['organization_id', 'connection_id']).doUpdateSet(settings),
        )
        .execute()
    },
    remove: async (organizationId, connectionId) => {
      const removed = await db
        .deleteFrom('organization_connections')
        .where('organization_id', '=', organizationId)
        .where('connection_id', '=', connectionId)
        .executeTakeFirst()
      return removed.numDeletedRows === 1n
    },
  }
}
