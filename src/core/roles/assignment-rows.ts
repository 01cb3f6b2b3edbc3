import type { Actor } from '../actor.ts'
import { type ShownApplication, show } from '../applications/show.ts'
import { equal, every, unlimited } from '../listing.ts'
import { findRef, type Ref } from '../ref.ts'
import { DomainError } from '../refusals.ts'
import { mayDo, requireMayDo } from '../rights.ts'
import { type Scope, scopeOf, splitScope } from '../scope.ts'
import type { Reader, Tx } from '../store.ts'
import type { User } from '../users/user.ts'
import { type AssignRoles, giveRoles } from './assign.ts'
import { type Assignment, countingAt, counts } from './assignment.ts'
import { takeRoles } from './remove.ts'
import type { Role } from './role.ts'

/**
 * An assignment within an application, as it is written with one of the three things that it joins. Null for that
 * thing takes it away; what is absent stays as it is.
 */
export type AssignmentRow = {
  /** Of the assignment to change; a new one otherwise. */
  number?: number
  user?: Ref | null
  role?: Ref | null
  application?: Ref | null
}

export type AssignmentSide = 'user' | 'role' | 'application'

export type WriteAssignments = {
  side: AssignmentSide
  /** The id of the user, role or application that the rows are written with. */
  id: string
  rows: readonly AssignmentRow[]
  /**
   * A new row for a user who has a role in the application already changes that one, and is not refused. Default: as
   * `upsert_assignments` of the dialect's service `system` says.
   */
  replacesHeld?: boolean
}

/**
 * Writes assignments within applications: those that go, then those that change or are new, whatever their order.
 * A user has one role in each application here. Rows that are not named stay.
 * @throws invalid, second_role, forbidden, and what giving and taking roles throws
 */
export const writeAssignments = async (
  tx: Tx,
  { side, id, rows, replacesHeld }: WriteAssignments,
  actor: Actor,
): Promise<void> => {
  const kept: [AssignmentRow, Assignment | undefined][] = []
  for (const row of rows) {
    const there = row.number === undefined ? undefined : await findByNumber(tx, row.number)
    if (there && sideOf(there, side) !== id) throw invalid('id', `The assignment belongs to another ${side}.`)
    // A marker for what is gone already says nothing new.
    if (row[side] !== null || row.number === undefined) kept.push([row, there])
    else if (there) await take(tx, there, actor)
  }
  const gifts: Gift[] = []
  for (const [row, there] of kept) {
    const wanted = await resolve(tx, row, there, { side, id })
    if (there && sameKey(wanted, there)) continue
    if (there) await take(tx, there, actor)
    gifts.push({ ...wanted, ...(there && { number: there.number }) })
  }
  for (const gift of gifts) await give(tx, gift, replacesHeld, actor)
}

/** The rows of a command, and what they are written with; no id when that is only being created. */
export type PlannedRows = Pick<WriteAssignments, 'side'> & {
  id?: string | undefined
  rows: readonly AssignmentRow[] | undefined
}

/** Which roles the rows would give to whom, for hooks that are asked ahead; not what the rules will refuse anyway. */
export const givenByRows = async (
  reader: Reader,
  { side, id = '', rows = [] }: PlannedRows,
  actor: Actor,
): Promise<AssignRoles[]> => {
  const given = new Map<string, { userIds: string[]; roleIds: string[]; scope: Scope }>()
  for (const row of rows) {
    if (row[side] === null) continue
    const there = row.number === undefined ? undefined : await findByNumber(reader, row.number)
    const gift = await foreseen(reader, row, there, { side, id })
    if (!gift || (there && sameKey(gift, there))) continue
    const { userId, roleId, scope } = gift
    if (!(await mayDo(reader, actor, ['roles:assign'], scope))) continue
    if (userId !== '') {
      const held = await reader.assignments.inScope(userId, scope, reader.now())
      if (held.some((assignment) => assignment.roleId === roleId)) continue
    }
    const one = given.get(`${roleId} ${scope}`) ?? { userIds: [], roleIds: [roleId], scope }
    if (userId !== '') one.userIds.push(userId)
    given.set(`${roleId} ${scope}`, one)
  }
  return [...given.values()]
}

/** Undefined for a row that will be refused. */
const foreseen = async (
  reader: Reader,
  row: AssignmentRow,
  there: Assignment | undefined,
  from: { side: AssignmentSide; id: string },
): Promise<Gift | undefined> => {
  try {
    return await resolve(reader, row, there, from)
  } catch (error) {
    if (error instanceof DomainError) return undefined
    throw error
  }
}

const settingName = 'dreamfactory-service-system'

type Gift = Pick<Assignment, 'userId' | 'roleId' | 'scope'> & { number?: number }

const invalid = (field: string, reason: string) => new DomainError({ code: 'invalid', field, reason })

/** Within an application, and not expired. */
const findByNumber = async ({ assignments, now }: Pick<Reader, 'assignments' | 'now'>, number: number) => {
  const { items } = await assignments.list({ filter: equal('number', number), limit: 1 })
  const [found] = items
  return found && splitScope(found.scope).kind === 'application' && counts(found, now()) ? found : undefined
}

const sideOf = ({ userId, roleId, scope }: Assignment, side: AssignmentSide): string =>
  ({ user: userId, role: roleId, application: splitScope(scope).id })[side]

const sameKey = (one: Gift, other: Gift): boolean =>
  one.userId === other.userId && one.roleId === other.roleId && one.scope === other.scope

/** @param from what the row is written with, which its door has found already */
const resolve = async (
  { users, roles, applications }: Pick<Reader, 'users' | 'roles' | 'applications'>,
  row: AssignmentRow,
  there: Assignment | undefined,
  from: { side: AssignmentSide; id: string },
): Promise<Gift> => {
  const collections = { user: users, role: roles, application: applications }
  const idOf = async (side: AssignmentSide): Promise<string> => {
    const ref = row[side]
    if (!ref && side === from.side) return from.id
    if (ref === undefined && there) return sideOf(there, side)
    if (!ref) throw invalid(`${side}Id`, `An assignment needs the ${side}.`)
    const thing = await findRef<{ number: number; id: string }>(collections[side], ref)
    if (!thing) throw invalid(`${side}Id`, `There is no such ${side}.`)
    return thing.id
  }
  return {
    userId: await idOf('user'),
    scope: scopeOf('application', await idOf('application')),
    roleId: await idOf('role'),
  }
}

const take = async (tx: Tx, { userId, roleId, scope }: Assignment, actor: Actor): Promise<void> => {
  await requireMayDo(tx, actor, ['roles:remove'], scope)
  await takeRoles(tx, { userId, roleIds: [roleId], scope }, actor)
}

const give = async (tx: Tx, gift: Gift, replacesHeld: boolean | undefined, actor: Actor): Promise<void> => {
  const { userId, roleId, scope } = gift
  let { number } = gift
  await requireMayDo(tx, actor, ['roles:assign'], scope)
  const [held] = await tx.assignments.inScope(userId, scope, tx.now())
  if (held) {
    const replaces = replacesHeld ?? (await tx.settings.get(settingName))?.upsert_assignments === true
    if (!replaces) throw await second(tx, held)
    if (held.roleId === roleId) return
    await take(tx, held, actor)
    number ??= held.number
  }
  await giveRoles(
    tx,
    {
      userIds: [userId],
      roleIds: [roleId],
      scope,
      source: 'direct',
      ...(number !== undefined && { number }),
    },
    actor,
  )
}

const second = async (tx: Tx, { number, userId, roleId, scope }: Assignment): Promise<DomainError> => {
  const [user, role, application] = [
    await tx.users.find(userId),
    await tx.roles.find(roleId),
    await tx.applications.find(splitScope(scope).id),
  ]
  return new DomainError({
    code: 'second_role',
    assignment: number,
    user: user?.number ?? 0,
    role: role?.number ?? 0,
    application: application?.number ?? 0,
  })
}

/** The assignments within applications that count now of several users, roles or applications, by number. */
export const applicationAssignments = async (
  { assignments, now }: Pick<Reader, 'assignments' | 'now'>,
  side: AssignmentSide,
  ids: readonly string[],
): Promise<Assignment[]> => {
  if (ids.length === 0) return []
  if (side === 'user' && ids.length === 1) return assignments.withinApplications(ids[0]!, now())
  const values = side === 'application' ? ids.map((id) => scopeOf('application', id)) : ids
  const field = { user: 'userId', role: 'roleId', application: 'scope' }[side]
  const among = values.length === 1 ? equal(field, values[0]!) : { field, in: values }
  const filter = every(among, countingAt(now()), { field: 'scope', like: ['application:', ''] })
  return (await assignments.list({ filter, limit: unlimited })).items
}

/** An assignment within an application with the three things that it joins. */
export type JoinedAssignment = Assignment & { user: User; role: Role; application: ShownApplication }

/** By the id of the side they were asked from. `known` are users that need not be read again. */
export const joinedAssignments = async (
  reader: Pick<Reader, 'assignments' | 'now' | 'users' | 'roles' | 'applications'>,
  side: AssignmentSide,
  ids: readonly string[],
  known: readonly User[] = [],
): Promise<Map<string, JoinedAssignment[]>> => {
  const rows = await applicationAssignments(reader, side, ids)
  const byId = <T extends { id: string }>(things: readonly T[]) =>
    new Map(things.map((each) => [each.id, each]))
  const idsOf = (each: AssignmentSide) => [...new Set(rows.map((row) => sideOf(row, each)))]
  const users = byId(known)
  const unknown = idsOf('user').filter((id) => !users.has(id))
  for (const user of await reader.users.findMany(unknown)) users.set(user.id, user)
  const roles = byId(await reader.roles.findMany(idsOf('role')))
  const applications = byId(await reader.applications.findMany(idsOf('application')))
  const joined = rows.flatMap((row) => {
    const [user, role] = [users.get(row.userId), roles.get(row.roleId)]
    const application = applications.get(splitScope(row.scope).id)
    return user && role && application ? [{ ...row, user, role, application: show(application) }] : []
  })
  return Map.groupBy(joined, (row) => sideOf(row, side))
}
