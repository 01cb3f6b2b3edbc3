import type { Actor } from '../actor.ts'
import { equal, unlimited } from '../listing.ts'
import { DomainError } from '../refusals.ts'
import { mayDo, powersOf, type RightsReader, requireHeld } from '../rights.ts'
import { type Scope, scopesThatCountIn, splitScope, workspace } from '../scope.ts'
import type { Reader, Tx } from '../store.ts'
import { countingAt, counts } from './assignment.ts'
import { administratorRoleId, ownerRoleId, type Role, type RoleInclusion } from './role.ts'

/** The roles and everything they include, transitively. */
export const closure = (roleIds: Iterable<string>, inclusions: readonly RoleInclusion[]): Set<string> => {
  const reached = new Set(roleIds)
  // A set's iteration visits what is added during it.
  for (const roleId of reached) {
    for (const inclusion of inclusions) if (inclusion.roleId === roleId) reached.add(inclusion.includedRoleId)
  }
  return reached
}

/**
 * Refuses unless the actor may give these roles out, or take them away, in the scope: whoever hands on a power must
 * hold it himself there, and the administrator's role needs a right of its own.
 * @throws cannot_grant
 */
export const requireMayGive = async (
  tx: RightsReader & Pick<Reader, 'roles'>,
  actor: Actor,
  roleIds: readonly string[],
  scope: Scope,
): Promise<void> => {
  if (actor.kind === 'system') return
  const reached = closure(roleIds, await tx.roles.inclusions())
  const makesAdministrators = reached.has(administratorRoleId)
  const powers = powersOf(await tx.permissions.ofRoles([...reached]))
  if (makesAdministrators) powers.add(ownRight)
  await requireHeld(tx, actor, powers, scope)
  // Asked for once more, as an operation would: an actor may hold it by an API that counts for nothing here.
  if (makesAdministrators && !(await mayDo(tx, actor, [ownRight], scope))) {
    throw new DomainError({ code: 'cannot_grant', permission: ownRight })
  }
}

/** What it takes to make an administrator or to unmake one. */
const ownRight = 'roles:assign-admin'

/** A role that lives in rooms needs a room, unless it is given for all of them at once. @throws wrong_scope */
export const requireFits = (role: Role, scope: Scope): void => {
  if (splitScope(scope).kind === 'room' && role.heldIn !== 'room') {
    throw new DomainError({ code: 'wrong_scope', roleId: role.id, scope })
  }
}

/** Whoever shall hold a role in an organization or a room must be a member of it. @throws not_a_member, not_found */
export const requirePlace = async (
  tx: Reader | Tx,
  userIds: readonly string[],
  scope: Scope,
): Promise<void> => {
  const { kind, id } = splitScope(scope)
  if (kind === 'workspace') return
  const place = { application: tx.applications, organization: tx.organizations, room: tx.rooms }[kind]
  if (!(await place.find(id))) throw new DomainError({ code: 'not_found', kind, id })
  if (kind === 'application') return
  for (const userId of userIds) {
    if (!(await tx.memberships.find(userId, scope)))
      throw new DomainError({ code: 'not_a_member', userId, scope })
  }
}

/**
 * Refuses when one user would hold two roles that exclude each other, counting what roles include and what holds in
 * the scope and around it. For the workspace every scope counts, since a workspace role holds in all of them.
 * @throws exclusive_roles
 */
export const requireCompatible = async (
  tx: Reader | Tx,
  userId: string,
  roleIds: readonly string[],
  scope: Scope,
) => {
  const exclusions = await tx.roles.exclusions()
  if (exclusions.length === 0) return
  const inclusions = await tx.roles.inclusions()
  const held = await tx.assignments.list({
    filter: {
      all: [
        equal('userId', userId),
        countingAt(tx.now()),
        ...(scope === workspace ? [] : [{ field: 'scope', in: scopesThatCountIn(scope) }]),
      ],
    },
    limit: unlimited,
  })
  const byScope = Map.groupBy(held.items, (assignment) => assignment.scope)
  const around = (byScope.get(workspace) ?? []).map(({ roleId }) => roleId)
  for (const place of new Set([scope, ...byScope.keys()])) {
    const here = place === workspace ? [] : (byScope.get(place) ?? []).map(({ roleId }) => roleId)
    const before = closure([...around, ...here], inclusions)
    const after = closure([...before, ...roleIds], inclusions)
    for (const [one, other] of exclusions) {
      if (after.has(one) && after.has(other)) {
        const [roleId, heldRoleId] = before.has(one) ? [other, one] : [one, other]
        throw new DomainError({ code: 'exclusive_roles', userId, roleId, heldRoleId })
      }
    }
  }
}

/**
 * Refuses to leave the workspace without somebody who can mend it: a person with the role `admin` everywhere, not
 * blocked, whose assignment does not expire. Call it before taking any of that from the user.
 * @throws last_administrator
 */
export const requireAnotherAdministrator = async (tx: Reader | Tx, userId: string): Promise<void> => {
  const own = await tx.assignments.find({ userId, roleId: administratorRoleId, scope: workspace })
  if (!own || !counts(own, tx.now())) return
  let after: string | undefined
  do {
    const page = await tx.assignments.holders(administratorRoleId, workspace, tx.now(), { limit: 100, after })
    const others = page.items.filter(
      (user) => user.id !== userId && user.kind === 'person' && user.isBlocked !== true,
    )
    for (const { id } of others) {
      const other = await tx.assignments.find({ userId: id, roleId: administratorRoleId, scope: workspace })
      if (other && other.expiresAt === undefined) return
    }
    after = page.next
  } while (after !== undefined)
  throw new DomainError({ code: 'last_administrator', userId })
}

/**
 * Refuses to leave a room without somebody who can mend it: an owner who is not blocked and whose assignment does not
 * expire. Call it before taking any of that from the user.
 * @throws last_owner
 */
export const requireAnotherOwner = async (tx: Reader | Tx, userId: string, roomId: string): Promise<void> => {
  const scope: Scope = `room:${roomId}`
  const own = await tx.assignments.find({ userId, roleId: ownerRoleId, scope })
  if (!own || !counts(own, tx.now())) return
  const owners = await tx.assignments.list({
    filter: { all: [equal('roleId', ownerRoleId), equal('scope', scope)] },
    limit: unlimited,
  })
  const lasting = owners.items.filter((owner) => owner.userId !== userId && owner.expiresAt === undefined)
  const others = await tx.users.findMany(lasting.map((owner) => owner.userId))
  if (!others.some((user) => user.isBlocked !== true)) {
    throw new DomainError({ code: 'last_owner', userId, roomId })
  }
}

/** Refuses to take the user from any room that would be left without an owner. @throws last_owner */
export const requireOtherOwners = async (tx: Reader | Tx, userId: string): Promise<void> => {
  const owned = await tx.assignments.list({
    filter: { all: [equal('userId', userId), equal('roleId', ownerRoleId)] },
    limit: unlimited,
  })
  for (const { scope } of owned.items) {
    const { kind, id } = splitScope(scope)
    if (kind === 'room') await requireAnotherOwner(tx, userId, id)
  }
}
