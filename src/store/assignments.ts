import { type Kysely, type Selectable, sql } from 'kysely'
import { decodeCursor, encodeCursor } from '#core/listing.ts'
import type { Assignment, AssignmentKey } from '#core/roles/assignment.ts'
import type { Role } from '#core/roles/role.ts'
import type { Scope } from '#core/scope.ts'
import type { AssignmentReads, AssignmentWrites } from '#core/store.ts'
import type { Engine, Sql } from './engines/engine.ts'
import { roleTable } from './roles.ts'
import { createCodec, createLister, type Row, type Table } from './table.ts'
import type { AssignmentRow, Tables } from './tables.ts'
import { userTable } from './users.ts'

/** An assignment as lists see it: its actor in two flat fields. */
type FlatAssignment = Omit<Assignment, 'actor'> & { actorKind: string; actorId: string }

const assignmentTable: Table<FlatAssignment> = {
  name: 'assignments',
  columns: {
    number: 'integer',
    userId: 'text',
    roleId: 'text',
    scope: 'text',
    source: 'text',
    sourceId: 'text',
    actorKind: 'text',
    actorId: 'text',
    door: 'text',
    reason: 'text',
    createdAt: 'integer',
    expiresAt: 'integer',
  },
}

const raise = ({ actorKind, actorId, ...rest }: FlatAssignment): Assignment => ({
  ...rest,
  actor: { kind: actorKind as Assignment['actor']['kind'], id: actorId },
})

/** What an assignment may lack; spelt out, so that replacing an expired one clears it. */
const absent = { source_id: null, reason: null, expires_at: null }

/** The rows that count at an instant. */
export const counting = (at: number): Sql =>
  sql`(assignments.expires_at is null or assignments.expires_at > ${at})`

/**
 * The ids of the roles a user holds in the scopes at an instant, with those they include, as the table `held`.
 * An inactive role counts for nothing, and so leads to nothing either.
 */
export const heldRoles = (userId: string, scopes: readonly Scope[], at: number): Sql => sql`held(role_id) as (
    select assignments.role_id from assignments join roles on roles.id = assignments.role_id and roles.is_active = 1
      where assignments.user_id = ${userId} and assignments.scope in (${sql.join(scopes)}) and ${counting(at)}
    union
    select roles.id from held
      join role_inclusions on role_inclusions.role_id = held.role_id
      join roles on roles.id = role_inclusions.included_role_id and roles.is_active = 1
  )`

export const createAssignments = (engine: Engine, db: Kysely<Tables>): AssignmentReads & AssignmentWrites => {
  const lister = createLister(engine, db, assignmentTable)
  const { decode: decodeRole } = createCodec(roleTable)
  const { decode: decodeUser } = createCodec(userTable)
  const decode = (row: Row | Selectable<AssignmentRow>): Assignment => raise(lister.codec.decode(row as Row))
  const roles = async (query: { execute(db: Kysely<Tables>): Promise<{ rows: Row[] }> }): Promise<Role[]> =>
    (await query.execute(db)).rows.map(decodeRole)
  const keyed = ({ userId, roleId, scope }: AssignmentKey): Sql =>
    sql`user_id = ${userId} and scope = ${scope} and role_id = ${roleId}`

  return {
    find: async (key) => {
      const [row] = (await sql<Row>`select * from assignments where ${keyed(key)}`.execute(db)).rows
      return row && decode(row)
    },
    list: async (listing) => {
      const page = await lister.list(listing)
      return { ...page, items: page.items.map(raise) }
    },
    count: lister.count,
    effectiveRoles: (userId, scopes, at) =>
      roles(sql<Row>`with recursive ${heldRoles(userId, scopes, at)}
        select roles.* from held join roles on roles.id = held.role_id order by roles.number`),
    rolesIn: (userId, scope, at, page) =>
      roles(sql<Row>`select roles.* from assignments join roles on roles.id = assignments.role_id
        where assignments.user_id = ${userId} and assignments.scope = ${scope} and ${counting(at)}
        order by roles.number ${page ? sql`limit ${page.limit} offset ${page.offset}` : sql``}`),
    countRolesIn: async (userId, scope, at) => {
      const query = sql<{ total: number }>`select count(*) as total from assignments
        where user_id = ${userId} and scope = ${scope} and ${counting(at)}`
      return (await query.execute(db)).rows[0]!.total
    },
    rolesOfUsers: async (userIds, scope, at) => {
      if (userIds.length === 0) return []
      const query = sql<Row>`select roles.*, assignments.user_id from assignments
        join roles on roles.id = assignments.role_id
        where assignments.user_id in (${sql.join(userIds)}) and assignments.scope = ${scope} and ${counting(at)}
        order by roles.number`
      const { rows } = await query.execute(db)
      return rows.map((row) => ({ userId: row.user_id as string, role: decodeRole(row) }))
    },
    holders: async (roleId, scope, at, { limit, offset, after, total }) => {
      const held = sql`assignments.role_id = ${roleId} and assignments.scope = ${scope} and ${counting(at)}`
      const behind =
        after === undefined ? sql`` : sql`and assignments.number > ${decodeCursor(after, ['number'])[0]}`
      const query = sql<Row>`select users.*, assignments.number as position from assignments
        join users on users.id = assignments.user_id where ${held} ${behind}
        order by assignments.number limit ${limit + 1} ${offset ? sql`offset ${offset}` : sql``}`
      const { rows } = await query.execute(db)
      const more = rows.length > limit
      if (more) rows.pop()
      const counted =
        total &&
        (await sql<{ total: number }>`select count(*) as total from assignments where ${held}`.execute(db))
      return {
        items: rows.map(decodeUser),
        ...(more && { next: encodeCursor([rows.at(-1)!.position as number]) }),
        ...(counted && { total: counted.rows[0]!.total }),
      }
    },
    add: async ({ actor, ...assignment }) => {
      const row = lister.codec.encode({ ...assignment, actorKind: actor.kind, actorId: actor.id })
      const { user_id, role_id, scope, ...rest } = { ...absent, ...row } as Omit<AssignmentRow, 'number'>
      const added = await db
        .insertInto('assignments')
        .values({ user_id, role_id, scope, ...rest })
        .onConflict((conflict) =>
          conflict
            .columns(['user_id', 'scope', 'role_id'])
            .doUpdateSet(rest)
            // An expired assignment counts as absent: the new one takes its place.
            .where('assignments.expires_at', '<=', assignment.createdAt),
        )
        .executeTakeFirst()
      return added.numInsertedOrUpdatedRows === 1n
    },
    update: async (key, changes) => {
      const row = lister.codec.encode(changes)
      const parts = Object.keys(row).map((name) => sql`${sql.ref(name)} = ${row[name]}`)
      if (parts.length > 0)
        await sql`update assignments set ${sql.join(parts)} where ${keyed(key)}`.execute(db)
    },
    remove: async (key) => {
      const removed = await sql`delete from assignments where ${keyed(key)}`.execute(db)
      return removed.numAffectedRows === 1n
    },
    removeAll: async ({ userId, roleId, scope }) => {
      const conditions = [
        ...(userId === undefined ? [] : [sql`user_id = ${userId}`]),
        ...(roleId === undefined ? [] : [sql`role_id = ${roleId}`]),
        ...(scope === undefined ? [] : [sql`scope = ${scope}`]),
      ]
      if (conditions.length === 0) throw new Error('removeAll needs a user, a role or a scope')
      const query = sql<Row>`delete from assignments where ${sql.join(conditions, sql` and `)} returning *`
      return (await query.execute(db)).rows.map(decode)
    },
  }
}
