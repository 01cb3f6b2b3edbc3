import { type Kysely, sql } from 'kysely'
import type { PermissionKey } from '#core/apis/api.ts'
import { decodeCursor, encodeCursor } from '#core/listing.ts'
import { type Scope, workspace } from '#core/scope.ts'
import type { DecisionReads } from '#core/store.ts'
import { counting, heldRoles, withinOf } from './assignments.ts'
import type { Sql } from './engines/engine.ts'
import { forgetful, type Memory } from './memory.ts'
import { createStatements } from './statement.ts'
import { createCodec, type Row } from './table.ts'
import type { Tables } from './tables.ts'
import { userTable } from './users.ts'

/**
 * The ids of the roles that carry a permission, themselves or through what they include, as the table `carriers`:
 * the way of `heldRoles` walked backwards. An inactive role carries nothing.
 */
const carriers = (key: PermissionKey): Sql => sql`carriers(role_id) as (
    select role_permissions.role_id from role_permissions
      join roles on roles.id = role_permissions.role_id and roles.is_active = 1
      where role_permissions.api_id = ${key.apiId} and role_permissions.name = ${key.name}
    union
    select roles.id from carriers
      join role_inclusions on role_inclusions.included_role_id = carriers.role_id
      join roles on roles.id = role_inclusions.role_id and roles.is_active = 1
  )`

/** The users whom something leading to the permission was given, or that one of them, some more than once. */
const grantees = (key: PermissionKey, scopes: readonly Scope[], at: number, userId?: Sql): Sql => {
  const roles = sql`select assignments.user_id from carriers
    cross join assignments where assignments.role_id = carriers.role_id
      and assignments.scope in (${sql.join(scopes)}) and ${counting(at)}
      ${userId ? sql`and assignments.user_id = ${userId}` : sql``}`
  if (!scopes.includes(workspace)) return roles
  return sql`select user_id from user_permissions
      where user_permissions.api_id = ${key.apiId} and user_permissions.name = ${key.name}
      ${userId ? sql`and user_permissions.user_id = ${userId}` : sql``}
    union all ${roles}`
}

/** The scopes under names that tell the workspace from others: statements are kept by the names. */
const named = (scopes: readonly Scope[]): Row =>
  Object.fromEntries(scopes.map((scope, at) => [scope === workspace ? workspace : `scope${at}`, scope]))

const [withinScope, withinId] = ['within', 'withinId']

const namedWithin = (within: Scope): Row => {
  const { scope, applicationId } = withinOf(within)
  return { [withinScope]: scope, [withinId]: applicationId }
}

const mayAct = sql`coalesce(users.is_blocked, 0) = 0`

/**
 * Answers whether somebody may do something without reading what leads there.
 * From `manyGrants` on it is cheaper to walk the users in their order and look at each, up to a page, than to gather who
 * was given something; below, it is the other way round.
 */
export const createDecisions = (
  db: Kysely<Tables>,
  { memory = forgetful, manyGrants = 20_000 }: { memory?: Memory; manyGrants?: number } = {},
): DecisionReads => {
  const { decode } = createCodec(userTable)
  const given = (
    userId: Sql,
    { apiId, name }: Record<keyof PermissionKey, unknown>,
  ): Sql => sql`select user_id from user_permissions
    where user_permissions.user_id = ${userId} and user_permissions.api_id = ${apiId} and user_permissions.name = ${name}`
  const allowed = createStatements(db, (scopes, slot) => {
    const key = { apiId: slot('apiId'), name: slot('name') }
    const direct = scopes.includes(workspace) ? sql`exists (${given(sql`users.id`, key)}) or` : sql``
    const counts = scopes.filter((name) => name !== withinScope && name !== withinId)
    const within = scopes.includes(withinScope)
      ? { scope: slot(withinScope), applicationId: slot(withinId) }
      : undefined
    return sql`with recursive ${heldRoles(slot('userId'), counts.map(slot), slot('at'), within)}
      select (select min(assignments.expires_at) from assignments
          where assignments.user_id = users.id and assignments.expires_at > ${slot('at')}) as until
        from users where users.id = ${slot('userId')} and ${mayAct} and (${direct} exists (
        select 1 from held join role_permissions on role_permissions.role_id = held.role_id
          where role_permissions.api_id = ${key.apiId} and role_permissions.name = ${key.name}))`
  })

  /** `until`: when the next of his assignments expires; before that nothing but a commit changes the answer. */
  type Answer = { isAllowed: boolean; at: number; until: number }
  const answerAt = async (
    userId: string,
    key: PermissionKey,
    scopes: readonly Scope[],
    at: number,
    within: Scope | undefined,
  ): Promise<Answer> => {
    const places = { ...named(scopes), ...(within && namedWithin(within)) }
    const [row] = (await allowed(places, { userId, ...key, at })).rows
    const until = (row?.until as number | null | undefined) ?? Number.POSITIVE_INFINITY
    return { isAllowed: row !== undefined, at, until }
  }

  return {
    allows: async (userId, key, scopes, at, within) => {
      const name = `allowed ${JSON.stringify([userId, key.apiId, key.name, scopes, within])}`
      const known = await memory.recall(name, () => answerAt(userId, key, scopes, at, within))
      const holds = known.at <= at && at < known.until
      return (holds ? known : await answerAt(userId, key, scopes, at, within)).isAllowed
    },
    subjects: async (key, scopes, at, { limit, offset, after, total }) => {
      const one = async (query: Sql) =>
        (await sql<{ total: number }>`with recursive ${carriers(key)} ${query}`.execute(db)).rows[0]!.total
      const grants = await one(sql`select count(*) as total from
        (select 1 from (${grantees(key, scopes, at)}) as grants limit ${manyGrants}) as counted`)
      const allowed = sql`users where ${mayAct} and ${
        grants < manyGrants
          ? sql`users.id in (${grantees(key, scopes, at)})`
          : sql`exists (${grantees(key, scopes, at, sql`users.id`)})`
      }`
      const behind =
        after === undefined ? sql`` : sql`and users.number > ${decodeCursor(after, ['number'])[0]}`
      const query = sql<Row>`with recursive ${carriers(key)} select users.* from ${allowed} ${behind}
        order by users.number limit ${limit + 1} ${offset ? sql`offset ${offset}` : sql``}`
      const { rows } = await query.execute(db)
      const more = rows.length > limit
      if (more) rows.pop()
      return {
        items: rows.map(decode),
        ...(more && { next: encodeCursor([rows.at(-1)!.number as number]) }),
        ...(total && { total: await one(sql`select count(*) as total from ${allowed}`) }),
      }
    },
    scopes: async (userId, key, at) => {
      const query = sql<{ scope: Scope }>`with recursive ${carriers(key)}, allowed(scope) as (
          select ${workspace} from (${given(sql`${userId}`, key)}) as direct
          union
          select assignments.scope from assignments
            where assignments.user_id = ${userId} and ${counting(at)}
              and assignments.role_id in (select role_id from carriers)
        )
        select allowed.scope from allowed where exists (select 1 from users where users.id = ${userId} and ${mayAct})
          order by allowed.scope`
      return (await query.execute(db)).rows.map(({ scope }) => scope)
    },
  }
}
