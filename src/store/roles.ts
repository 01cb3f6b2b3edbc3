import { type Kysely, sql } from 'kysely'
import type { Role } from '#core/roles/role.ts'
import type { Collection, RoleReads, RoleWrites } from '#core/store.ts'
import { caseKey } from '#core/users/user.ts'
import type { Engine } from './engines/engine.ts'
import { createStatement } from './statement.ts'
import { createCodec, createCollection, type Row, type Table } from './table.ts'
import type { Tables } from './tables.ts'

export const roleTable: Table<Role> = {
  name: 'roles',
  columns: {
    number: 'integer',
    id: 'id',
    name: 'key',
    description: 'text',
    isBuiltIn: 'flag',
    heldIn: 'text',
    isActive: 'flag',
    requiresSecondFactor: 'flag',
    createdAt: 'integer',
    updatedAt: 'integer',
    extensions: 'json',
  },
  keys: { name: { column: 'name_key', of: caseKey } },
}

export const createRoles = (
  engine: Engine,
  db: Kysely<Tables>,
): Collection<Role> & RoleReads & RoleWrites => {
  const { decode } = createCodec(roleTable)
  const inclusions = createStatement(
    db,
    () => sql`select role_id, included_role_id from role_inclusions order by role_id, included_role_id`,
  )
  const exclusions = createStatement(
    db,
    () => sql`select role_id, other_role_id from role_exclusions order by role_id, other_role_id`,
  )
  return {
    ...createCollection(engine, db, roleTable),
    findByName: async (name) => {
      const query = sql<Row>`select * from roles where name_key = ${caseKey(name)} order by number`
      return (await query.execute(db)).rows.map(decode)
    },
    inclusions: async () =>
      (await inclusions({})).rows.map((row) => ({
        roleId: row.role_id as string,
        includedRoleId: row.included_role_id as string,
      })),
    exclusions: async () =>
      (await exclusions({})).rows.map((row) => [row.role_id as string, row.other_role_id as string]),
    addInclusion: async ({ roleId, includedRoleId }) => {
      const added = await db
        .insertInto('role_inclusions')
        .values({ role_id: roleId, included_role_id: includedRoleId })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      return added.numInsertedOrUpdatedRows === 1n
    },
    removeInclusion: async ({ roleId, includedRoleId }) => {
      const removed = await db
        .deleteFrom('role_inclusions')
        .where('role_id', '=', roleId)
        .where('included_role_id', '=', includedRoleId)
        .executeTakeFirst()
      return removed.numDeletedRows === 1n
    },
    addExclusion: async (...pair) => {
      const [role_id, other_role_id] = pair.sort() as [string, string]
      const added = await db
        .insertInto('role_exclusions')
        .values({ role_id, other_role_id })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      return added.numInsertedOrUpdatedRows === 1n
    },
    removeExclusion: async (...pair) => {
      const [role_id, other_role_id] = pair.sort() as [string, string]
      const removed = await db
        .deleteFrom('role_exclusions')
        .where('role_id', '=', role_id)
        .where('other_role_id', '=', other_role_id)
        .executeTakeFirst()
      return removed.numDeletedRows === 1n
    },
  }
}
