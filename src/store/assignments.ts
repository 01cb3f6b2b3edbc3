import { type Kysely, type Selectable, sql } from 'kysely'
import { decodeCursor, encodeCursor } from '#core/listing.ts'
import type { Assignment, AssignmentKey } from '#core/roles/assignment.ts'
import type { Role } from '#core/roles/role.ts'
import { type Scope, splitScope } from '#core/scope.ts'
import type { AssignmentReads, AssignmentWrites, Holder } from '#core/store.ts'
import type { Engine, Sql } from './engines/engine.ts'
import { createLister } from './lister.ts'
import { forgetful, type Memory } from './memory.ts'
import { roleTable } from './roles.ts'
import { createStatement, createStatements } from './statement.ts'
import { createCodec, type Row, type Table } from './table.ts'
import type { AssignmentRow, Tables } from './tables.ts'
import { userTable } from './users.ts'

/** An assignment as lists see it: its actor in two flat fields. */
type FlatAssignment = Omit<Assignment, 'actor'> & { actorKind: string; actorId: string }

const assignmentTable: Table<FlatAssignment> = {
  name: 'assignments',
  columns: {
    number: 'integer',
    userId: 'id',
    roleId: 'id',
    scope: 'id',
    source: 'text',
    sourceId: 'text?',
    actorKind: 'text',
    actorId: 'text',
    door: 'text',
    reason: 'text?',
    createdAt: 'integer',
    expiresAt: 'integer?',
  },
}

const raise = ({ actorKind, actorId, ...rest }: FlatAssignment): Assignment => ({
  ...rest,
  actor: { kind: actorKind as Assignment['actor']['kind'], id: actorId },
})

/** What an assignment may lack; spelt out, so that every insertion has the same columns. */
const absent = { source_id: null, reason: null, expires_at: null }

/** The rows that count at an instant. */
export const counting = (at: unknown): Sql =>
  sql`(assignments.expires_at is null or assignments.expires_at > ${at})`

/**
 * The ids of the roles a user holds in the scopes at an instant, with those they include, as the table `held`.
 * An inactive role counts for nothing, and so leads to nothing either.
 */
export const heldRoles = (
  userId: unknown,
  scopes: readonly unknown[],
  at: unknown,
  within?: Within,
): Sql => sql`held(role_id) as (
    select assignments.role_id from assignments join roles on roles.id = assignments.role_id and roles.is_active = 1
      where assignments.user_id = ${userId} and assignments.scope in (${sql.join(scopes)}) and ${counting(at)}
    ${within === undefined ? sql`` : defaultRole(userId, within, at)}
    union
    select roles.id from held
      join role_inclusions on role_inclusions.role_id = held.role_id
      join roles on roles.id = role_inclusions.included_role_id and roles.is_active = 1
  )`

/** The application that somebody acts in, by its scope and its id. */
export type Within = { scope: unknown; applicationId: unknown }

export const withinOf = (scope: Scope): Within => ({ scope, applicationId: splitScope(scope).id })

/** The role of everybody in an application who holds no other there. */
const defaultRole = (userId: unknown, { scope, applicationId }: Within, at: unknown): Sql => sql`union
    select roles.id from applications join roles on roles.id = applications.default_role_id and roles.is_active = 1
      where applications.id = ${applicationId} and not exists (select 1 from assignments
        where assignments.user_id = ${userId} and assignments.scope = ${scope} and ${counting(at)})`

/** Pages of holders are long, so that they read no more than is shown. */
const holderTable: Table<Holder> = {
  name: 'users',
  columns: {
    id: 'id',
    username: 'key?',
    name: 'key?',
    email: 'key?',
    isEmailVerified: 'flag',
    createdAt: 'integer',
    updatedAt: 'integer',
  },
}

/** From so many on, whoever wants a page of the holders of a role wants few of many. */
const manyHold = 5_000

export const createAssignments = (
  engine: Engine,
  db: Kysely<Tables>,
  findRoles: (ids: readonly string[]) => Promise<Role[]>,
  memory: Memory = forgetful,
): AssignmentReads & AssignmentWrites => {
  const lister = createLister(engine, db, assignmentTable)
  const { decode: decodeRole } = createCodec(roleTable)
  const { decode: decodeUser } = createCodec(userTable)
  const { decode: decodeHolder, selection: holderColumns } = createCodec(holderTable)
  const decode = (row: Row | Selectable<AssignmentRow>): Assignment => raise(lister.codec.decode(row as Row))
  const roles = async (query: { execute(db: Kysely<Tables>): Promise<{ rows: Row[] }> }): Promise<Role[]> =>
    (await query.execute(db)).rows.map(decodeRole)
  const keyed = ({ userId, scope, roleId }: Record<keyof AssignmentKey, unknown>): Sql =>
    sql`user_id = ${userId} and scope = ${scope} and role_id = ${roleId}`

  type Slot = (name: string) => unknown
  const key = (slot: Slot) => keyed({ userId: slot('userId'), scope: slot('scope'), roleId: slot('roleId') })
  const roleIds = createStatement(
    db,
    (slot) => sql`select role_id from assignments
      where user_id = ${slot('userId')} and scope = ${slot('scope')} and ${counting(slot('at'))}`,
  )
  const byKey = createStatement(
    db,
    (slot) => sql`select ${lister.codec.selection} from assignments where ${key(slot)}`,
  )
  const withinApplications = createStatement(
    db,
    (slot) => sql`select ${lister.codec.selection} from assignments
      where user_id = ${slot('userId')} and scope like 'application:%' and ${counting(slot('at'))} order by number`,
  )
  const inScope = createStatement(
    db,
    (slot) => sql`select ${lister.codec.selection} from assignments
      where user_id = ${slot('userId')} and scope = ${slot('scope')} and ${counting(slot('at'))} order by number`,
  )
  const nextExpiry = createStatement(
    db,
    (slot) => sql`select min(expires_at) as until from assignments
      where user_id = ${slot('userId')} and expires_at > ${slot('at')}`,
  )
  const removal = createStatement(db, (slot) => sql`delete from assignments where ${key(slot)}`)
  const expiry = createStatement(
    db,
    (slot) => sql`delete from assignments where ${key(slot)} and expires_at <= ${slot('at')}`,
  )
  const insertion = createStatements(
    db,
    (columns, slot) => sql`insert into assignments (${sql.join(columns.map((column) => sql.ref(column)))})
      values (${sql.join(columns.map(slot))}) on conflict (user_id, scope, role_id) do nothing`,
  )

  const heldIn = (slot: Slot) =>
    sql`assignments.role_id = ${slot('roleId')} and assignments.scope = ${slot('scope')}`
  const holderCount = createStatement(
    db,
    (slot) => sql`select count(*) as total, min(expires_at) as until from assignments
      where ${heldIn(slot)} and ${counting(slot('at'))}`,
  )
  const byName = (slot: Slot) =>
    sql`order by coalesce(users.username, ''), users.number limit ${slot('limit')} offset ${slot('offset')}`
  const fewHolders = createStatement(
    db,
    (slot) => sql`select ${holderColumns} from assignments join users on users.id = assignments.user_id
      where ${heldIn(slot)} and ${counting(slot('at'))} ${byName(slot)}`,
  )
  const manyHolders = createStatement(
    db,
    (slot) => sql`select ${holderColumns} from users where exists (
        select 1 from assignments where assignments.user_id = users.id and ${heldIn(slot)} and ${counting(slot('at'))})
      ${byName(slot)}`,
  )
  type HolderCount = { total: number; at: number; until: number }
  const countAt = async (roleId: string, scope: string, at: number): Promise<HolderCount> => {
    const [row] = (await holderCount({ roleId, scope, at })).rows
    const until = (row!.until as number | null) ?? Number.POSITIVE_INFINITY
    return { total: row!.total as number, at, until }
  }

  const counted = async (roleId: string, scope: Scope, at: number): Promise<HolderCount> => {
    const known = await memory.recall(`holders ${scope} ${roleId}`, () => countAt(roleId, scope, at))
    // What was counted holds until the next assignment expires, if nothing is committed.
    const holds = known.at <= at && at < known.until
    return holds ? known : countAt(roleId, scope, at)
  }

  return {
    holdersByName: async (roleId, scope, at, page) => {
      const { total, at: since, until } = await counted(roleId, scope, at)
      // Few are gathered and sorted; of many a page is found sooner by walking the users in their order.
      const statement = total < manyHold ? fewHolders : manyHolders
      const find = async () => (await statement({ roleId, scope, at, ...page })).rows.map(decodeHolder)
      // Whoever counted as a holder then is one as long as the count holds.
      const key = `holders ${scope} ${roleId} ${page.limit} ${page.offset} since ${since} until ${until}`
      return memory.recall(key, find)
    },
    countHolders: async (roleId, scope, at) => (await counted(roleId, scope, at)).total,
    find: async (key) => {
      const [row] = (await byKey({ ...key })).rows
      return row && decode(row)
    },
    list: async (listing) => {
      const page = await lister.list(listing)
      return { ...page, items: page.items.map(raise) }
    },
    count: lister.count,
    nextExpiry: async (userId, at) =>
      ((await nextExpiry({ userId, at })).rows[0]?.until as number | null) ?? undefined,
    withinApplications: async (userId, at) => (await withinApplications({ userId, at })).rows.map(decode),
    inScope: async (userId, scope, at) => (await inScope({ userId, scope, at })).rows.map(decode),
    effectiveRoles: (userId, scopes, at) =>
      roles(sql<Row>`with recursive ${heldRoles(userId, scopes, at)}
        select roles.* from held join roles on roles.id = held.role_id order by roles.number`),
    rolesIn: async (userId, scope, at, page = { limit: Number.POSITIVE_INFINITY, offset: 0 }) => {
      const { rows } = await roleIds({ userId, scope, at })
      const held = await findRoles(rows.map((row) => row.role_id as string))
      return held.sort((one, other) => one.number - other.number).slice(page.offset, page.offset + page.limit)
    },
    countRolesIn: async (userId, scope, at) => {
      const query = sql<{ total: number }>`select count(*) as total from assignments
        where user_id = ${userId} and scope = ${scope} and ${counting(at)}`
      return (await query.execute(db)).rows[0]!.total
    },
    rolesOfUsers: async (userIds, scope, at) => {
      if (userIds.length === 0) return []
      const query = sql<Row>`select roles.*, assignments.user_id from assignments
        join roles on roles.id = assignments.role_id
        where ${engine.among(sql.ref('assignments.user_id'), 'text', userIds)} and assignments.scope = ${scope} and ${counting(at)}
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
      const last = rows.at(-1)
      const counted =
        total &&
        (await sql<{ total: number }>`select count(*) as total from assignments where ${held}`.execute(db))
      return {
        items: rows.map(decodeUser),
        // A page of nothing ends nowhere.
        ...(more && last && { next: encodeCursor([last.position as number]) }),
        ...(counted && { total: counted.rows[0]!.total }),
      }
    },
    add: async ({ actor, ...assignment }) => {
      const row = lister.codec.encode({ ...assignment, actorKind: actor.kind, actorId: actor.id })
      const insert = async () => (await insertion({ ...absent, ...row })).changed === 1
      if (await insert()) return true
      // An expired assignment counts as absent: the new one takes its place, with a number of its own.
      const { changed } = await expiry({ ...assignment, at: assignment.createdAt })
      return changed === 1 && insert()
    },
    update: async (key, changes) => {
      const row = lister.codec.encode(changes)
      const parts = Object.keys(row).map((name) => sql`${sql.ref(name)} = ${row[name]}`)
      if (parts.length > 0)
        await sql`update assignments set ${sql.join(parts)} where ${keyed(key)}`.execute(db)
    },
    remove: async (key) => (await removal({ ...key })).changed === 1,
    removeAll: async ({ userId, roleId, scope }) => {
      const conditions = [
        ...(userId === undefined ? [] : [sql`user_id = ${userId}`]),
        ...(roleId === undefined ? [] : [sql`role_id = ${roleId}`]),
        ...(scope === undefined ? [] : [sql`scope = ${scope}`]),
      ]
      if (conditions.length === 0) throw new Error('removeAll needs a user, a role or a scope')
      const query = sql<Row>`delete from assignments where ${sql.join(conditions, sql` and `)} returning *`
      const { rows } = await query.execute(db)
      return rows.map(decode).sort((one, other) => one.number - other.number)
    },
  }
}
