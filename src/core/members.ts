import { type Actor, isSelf } from './actor.ts'
import {
  equal,
  every,
  type Listing,
  mentions,
  type Page,
  searchIn,
  startsWith,
  unlimited,
} from './listing.ts'
import type { Membership } from './organizations/organization.ts'
import type { Permission } from './permissions.ts'
import { DomainError, foundAll, type Kind } from './refusals.ts'
import { dropFromPolicies } from './registration/policies.ts'
import { mayDo } from './rights.ts'
import { countingAt } from './roles/assignment.ts'
import { dropRoles } from './roles/remove.ts'
import type { Role } from './roles/role.ts'
import { requireAnotherOwner, requireMayGive } from './roles/rules.ts'
import { splitScope } from './scope.ts'
import type { Reader, Tx } from './store.ts'
import type { User } from './users/user.ts'

/** What people are members of: an organization or a room. Only members hold roles there. */
export type Place = Membership['scope']
type PlaceKind = 'organization' | 'room'

const targetOf = (place: Place): { kind: PlaceKind; id: string } =>
  splitScope(place) as { kind: PlaceKind; id: string }

/**
 * Makes users members; those who are members already are passed over.
 * @returns how many are new
 * @throws not_found
 */
export const addMembers = async (tx: Tx, userIds: readonly string[], place: Place): Promise<number> => {
  const target = targetOf(place)
  let added = 0
  for (const userId of await requireUsers(tx, userIds)) {
    if (!(await tx.memberships.add({ userId, scope: place, createdAt: tx.now() }))) continue
    await tx.emit({ type: `${target.kind}.member-added`, userId, scope: place, target })
    added += 1
  }
  return added
}

/**
 * Ends memberships, and with them every role held there; users who are no members are passed over. Who sends somebody
 * else away must be allowed to take his roles.
 * @returns how many are gone
 * @throws not_found, cannot_grant, last_owner
 */
export const removeMembers = async (
  tx: Tx,
  userIds: readonly string[],
  place: Place,
  actor: Actor,
): Promise<number> => {
  const target = targetOf(place)
  let removed = 0
  for (const userId of await requireUsers(tx, userIds)) {
    if (!(await tx.memberships.find(userId, place))) continue
    if (!isSelf(actor, userId)) await requireMayTakeAll(tx, actor, userId, place)
    if (target.kind === 'room') await requireAnotherOwner(tx, userId, target.id)
    await dropRoles(tx, { userId, scope: place })
    await tx.memberships.remove(userId, place)
    await tx.emit({ type: `${target.kind}.member-removed`, userId, scope: place, target })
    removed += 1
  }
  return removed
}

const requireMayTakeAll = async (tx: Tx, actor: Actor, userId: string, scope: Place): Promise<void> => {
  const filter = every(equal('userId', userId), equal('scope', scope), countingAt(tx.now()))
  const { items: held } = await tx.assignments.list({ filter, limit: unlimited })
  if (held.length === 0) return
  await requireMayGive(
    tx,
    actor,
    held.map(({ roleId }) => roleId),
    scope,
  )
}

/** Each id once. @throws not_found */
const requireUsers = async ({ users }: Pick<Reader, 'users'>, ids: readonly string[]): Promise<string[]> => {
  const unique = [...new Set(ids)]
  foundAll(await users.findMany(unique), 'user', unique)
  return unique
}

/** Ends every membership in a place that goes away, with every role held there. */
export const dropMembers = async (tx: Tx, place: Place): Promise<void> => {
  await dropRoles(tx, { scope: place })
  await dropFromPolicies(tx, { scope: place })
  await tx.memberships.removeAll({ scope: place })
}

export type Member = {
  user: User
  membership: Membership
  /** Those assigned in just this place that count now; only when they were asked for. */
  roles?: Role[]
}

export type ListMembers = {
  /** By how long they are members; with a filter or an order, those of users: see `listUsers`. */
  listing: Listing
  /** Part of a name or an address, whatever the letter case. */
  search?: string
  withRoles?: boolean
}

/** Where somebody is searched by what he is called. */
const named = ['name', 'username', 'nickname']

export const membersOf = async (
  reader: Reader,
  place: Place,
  { listing: given, search, withRoles }: ListMembers,
  { showsAddresses = true }: { showsAddresses?: boolean } = {},
): Promise<Page<Member>> => {
  const fields = showsAddresses ? [...named, 'email'] : named
  const filter = every(given.filter, searchIn(fields, search))
  const listing: Listing = { ...given, ...(filter && { filter }) }
  if (!showsAddresses) requireNoAddress(listing)
  const { users, memberships, ...page } =
    listing.filter || listing.order?.length
      ? await searchMembers(reader, place, listing)
      : await eldestMembers(reader, place, listing)
  const ids = memberships.map(({ userId }) => userId)
  const held = withRoles ? await reader.assignments.rolesOfUsers(ids, place, reader.now()) : []
  const roles = Map.groupBy(held, ({ userId }) => userId)
  const byUser = new Map(memberships.map((membership) => [membership.userId, membership]))
  const items = users.flatMap((user) => {
    const membership = byUser.get(user.id)
    const own = (roles.get(user.id) ?? []).map(({ role }) => role)
    const { email: _email, ...shown } = user
    const seen = showsAddresses ? user : shown
    return membership ? [{ user: seen, membership, ...(withRoles && { roles: own }) }] : []
  })
  return { ...page, items }
}

/** Who is not shown addresses can't find them out by order or search either. @throws unknown_field */
const requireNoAddress = ({ filter, order = [] }: Listing): void => {
  const isAsked = order.some(({ field }) => field === 'email') || (filter && mentions(filter, 'email'))
  if (isAsked) throw new DomainError({ code: 'unknown_field', field: 'email' })
}

type Found = Omit<Page<User>, 'items'> & { users: User[]; memberships: Membership[] }

const eldestMembers = async (reader: Reader, place: Place, listing: Listing): Promise<Found> => {
  const { items, ...page } = await reader.memberships.list({ ...listing, filter: equal('scope', place) })
  const byId = new Map(
    (await reader.users.findMany(items.map(({ userId }) => userId))).map((user) => [user.id, user]),
  )
  return { ...page, users: items.flatMap(({ userId }) => byId.get(userId) ?? []), memberships: items }
}

const searchMembers = async (reader: Reader, place: Place, listing: Listing): Promise<Found> => {
  const filter = every(equal('memberships.scope', place), listing.filter)
  const { items: users, ...page } = await reader.users.list({ ...listing, filter })
  const memberships = await reader.memberships.list({
    filter: every(equal('scope', place), { field: 'userId', in: users.map(({ id }) => id) }),
    limit: users.length,
  })
  return { ...page, users, memberships: memberships.items }
}

/** Ids of the organizations or rooms that a user is a member of, by how long he is. */
export const placesOf = async (
  reader: Reader,
  userId: string,
  kind: PlaceKind,
  listing: Listing,
): Promise<Page<string>> => {
  const filter = every(equal('userId', userId), startsWith('scope', `${kind}:`))
  const { limit, offset, after, total } = listing
  const page = await reader.memberships.list({ filter, limit, offset, after, total })
  return { ...page, items: page.items.map(({ scope }) => splitScope(scope).id) }
}

/** Whether the actor may know of a place: he may see all of its kind, or is a member. */
export const maySee = async (
  reader: Reader,
  actor: Actor,
  permission: Permission,
  place: Place,
): Promise<boolean> =>
  (await mayDo(reader, actor, [permission], place)) ||
  (actor.kind === 'user' && (await reader.memberships.find(actor.id, place)) !== undefined)

/** What who may not know of a thing hears, whether or not it is there. */
export const hidden = (kind: Kind, id: string): DomainError =>
  new DomainError({ code: 'not_found', kind, id })
