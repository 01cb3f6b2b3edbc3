import { type Kysely, sql } from 'kysely'
import type { ApiPermission, PermissionKey } from '#core/apis/api.ts'
import { workspace } from '#core/scope.ts'
import type { PermissionReads, PermissionWrites } from '#core/store.ts'
import { heldRoles, withinOf } from './assignments.ts'
import type { Engine, Sql } from './engines/engine.ts'
import { createLister } from './lister.ts'
import { createStatement } from './statement.ts'
import type { Row, Table } from './table.ts'
import type { Tables } from './tables.ts'

const permissionTable: Table<ApiPermission> = {
  name: 'permissions',
  columns: { number: 'integer', apiId: 'id', name: 'id', description: 'text' },
}

/** Rows come back from a deletion in no order of their own. */
const oldestFirst = (rows: readonly Row[]): Row[] =>
  rows.toSorted((one, other) => (one.number as number) - (other.number as number))

export const createPermissions = (engine: Engine, db: Kysely<Tables>): PermissionReads & PermissionWrites => {
  const { codec, list } = createLister(engine, db, permissionTable)
  const permissions = async (query: { execute(db: Kysely<Tables>): Promise<{ rows: Row[] }> }) =>
    (await query.execute(db)).rows.map(codec.decode)
  const keyed = ({ apiId, name }: PermissionKey): Sql => sql`api_id = ${apiId} and name = ${name}`
  const sameKey = (left: string): Sql =>
    sql`permissions.api_id = ${sql.ref(`${left}.api_id`)} and permissions.name = ${sql.ref(`${left}.name`)}`
  const ofThose = (roles: Sql) =>
    sql<Row>`select role_id, api_id, name from role_permissions where ${roles} order by number`
  const ofOneRole = createStatement(db, (slot) => ofThose(sql`role_id = ${slot('roleId')}`))

  return {
    find: async (key) => (await permissions(sql<Row>`select * from permissions where ${keyed(key)}`))[0],
    list,
    ofRole: (roleId, page) =>
      permissions(sql<Row>`select permissions.* from role_permissions join permissions on ${sameKey('role_permissions')}
        where role_permissions.role_id = ${roleId} order by role_permissions.number
        ${page ? sql`limit ${page.limit} offset ${page.offset}` : sql``}`),
    countOfRole: async (roleId) => {
      const query = sql<{
        total: number
      }>`select count(*) as total from role_permissions where role_id = ${roleId}`
      return (await query.execute(db)).rows[0]!.total
    },
    ofRoles: async (roleIds) => {
      if (roleIds.length === 0) return []
      const rows =
        roleIds.length === 1
          ? (await ofOneRole({ roleId: roleIds[0] })).rows
          : (await ofThose(engine.among(sql.ref('role_id'), 'text', roleIds)).execute(db)).rows
      return rows.map((row) => ({
        roleId: row.role_id as string,
        apiId: row.api_id as string,
        name: row.name as string,
      }))
    },
    ofUser: (userId) =>
      permissions(sql<Row>`select permissions.* from user_permissions join permissions on ${sameKey('user_permissions')}
        where user_permissions.user_id = ${userId} order by user_permissions.number`),
    effective: (userId, scopes, at, apiIds, within) => {
      const ofApis = apiIds ? sql`and ${engine.among(sql.ref('permissions.api_id'), 'text', apiIds)}` : sql``
      const direct = scopes.includes(workspace)
        ? sql`union select permissions.* from user_permissions join permissions on ${sameKey('user_permissions')}
            where user_permissions.user_id = ${userId} ${ofApis}`
        : sql``
      return permissions(sql<Row>`with recursive ${heldRoles(userId, scopes, at, within && withinOf(within))}
        select distinct permissions.* from held join role_permissions on role_permissions.role_id = held.role_id
          join permissions on ${sameKey('role_permissions')} where 1 = 1 ${ofApis}
        ${direct} order by number`)
    },
    rolesWith: async ({ apiId, name }) => {
      const rows = await db
        .selectFrom('role_permissions')
        .select('role_id')
        .where('api_id', '=', apiId)
        .where('name', '=', name)
        .orderBy('number')
        .execute()
      return rows.map((row) => row.role_id)
    },
    carriedOf: async (apiId) => {
      const names = await sql<Row>`select name, roles_changed_at from permissions
        where api_id = ${apiId} order by number`.execute(db)
      const given = await sql<Row>`select name, role_id from role_permissions
        where api_id = ${apiId} order by number`.execute(db)
      const roles = Map.groupBy(given.rows, (row) => row.name)
      return names.rows.map((row) => ({
        name: row.name as string,
        roleIds: (roles.get(row.name) ?? []).map((each) => each.role_id as string),
        changedAt: (row.roles_changed_at as number | null) ?? 0,
      }))
    },
    touch: async (key, at) => {
      await sql`update permissions set roles_changed_at = ${at} where ${keyed(key)}`.execute(db)
    },
    add: async (permission) => {
      const row = codec.encode(permission) as Omit<Tables['permissions'], 'number'>
      await db.insertInto('permissions').values(row).execute()
    },
    describe: async (key, description) => {
      await sql`update permissions set description = ${description} where ${keyed(key)}`.execute(db)
    },
    remove: async (key) => {
      const ofRoles = await sql<Row>`delete from role_permissions where ${keyed(key)} returning *`.execute(db)
      const ofUsers = await sql<Row>`delete from user_permissions where ${keyed(key)} returning *`.execute(db)
      await sql`delete from permissions where ${keyed(key)}`.execute(db)
      return {
        roleIds: oldestFirst(ofRoles.rows).map((row) => row.role_id as string),
        userIds: oldestFirst(ofUsers.rows).map((row) => row.user_id as string),
      }
    },
    addToRole: async (role_id, { apiId, name }) => {
      const added = await db
        .insertInto('role_permissions')
        .values({ role_id, api_id: apiId, name })
        .onConflict((conflict) => conflict.columns(['role_id', 'api_id', 'name']).doNothing())
        .executeTakeFirst()
      return added.numInsertedOrUpdatedRows === 1n
    },
    removeFromRole: async (roleId, key) => {
      const removed =
        await sql`delete from role_permissions where role_id = ${roleId} and ${keyed(key)}`.execute(db)
      return removed.numAffectedRows === 1n
    },
    addToUser: async (user_id, { apiId, name }) => {
      const added = await db
        .insertInto('user_permissions')
        .values({ user_id, api_id: apiId, name })
        .onConflict((conflict) => conflict.columns(['user_id', 'api_id', 'name']).doNothing())
        .executeTakeFirst()
      return added.numInsertedOrUpdatedRows === 1n
    },
    removeFromUser: async (userId, key) => {
      const removed =
        await sql`delete from user_permissions where user_id = ${userId} and ${keyed(key)}`.execute(db)
      return removed.numAffectedRows === 1n
    },
    removeAll: async (of) => {
      if ('roleId' in of) {
        const query = sql<Row>`delete from role_permissions where role_id = ${of.roleId} returning *`
        const { rows } = await query.execute(db)
        return oldestFirst(rows).map((row) => ({
          roleId: of.roleId,
          apiId: row.api_id as string,
          name: row.name as string,
        }))
      }
      const query = sql<Row>`delete from user_permissions where user_id = ${of.userId} returning *`
      const { rows } = await query.execute(db)
      return oldestFirst(rows).map((row) => ({
        userId: of.userId,
        apiId: row.api_id as string,
        name: row.name as string,
      }))
    },
  }
}
