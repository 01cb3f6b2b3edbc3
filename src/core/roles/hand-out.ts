import type { Actor } from '../actor.ts'
import { addMembers, type Place } from '../members.ts'
import type { Permission } from '../permissions.ts'
import { DomainError, foundAll } from '../refusals.ts'
import { mayDo, requireHeld } from '../rights.ts'
import { type Scope, splitScope, workspace } from '../scope.ts'
import type { Reader, Tx } from '../store.ts'
import { giveRoles } from './assign.ts'
import type { Source } from './assignment.ts'
import { closure, requireFits, requireMayGive, requirePlace } from './rules.ts'

/** A role and where it is held. */
export type PlacedRole = { roleId: string; scope: Scope }

/**
 * Refuses roles that the actor could not give by himself, each in its scope. For whatever gives roles out later and
 * by itself: an invitation, a registration policy, a rule. Roles in a room or an organization make whoever gets them a
 * member there, which takes the right to add members.
 * @param memberOf an organization whose membership is given anyway
 * @throws not_found, wrong_scope, cannot_grant
 */
export const requireMayHandOut = async (
  reader: Reader,
  actor: Actor,
  roles: readonly PlacedRole[],
  memberOf?: string,
): Promise<void> => {
  for (const [scope, given] of byScope(roles)) {
    for (const role of foundAll(await reader.roles.findMany(given), 'role', given)) requireFits(role, scope)
    await requirePlace(reader, [], scope)
    await requireAnyHeld(reader, actor, assigning(scope), scope)
    await requireHeld(reader, actor, entry(scope, memberOf), scope)
    await requireMayGive(reader, actor, given, scope)
  }
}

/**
 * Gives a user what somebody who was allowed to has decided on before: see `requireMayHandOut`. He becomes a member
 * where the roles are held. Roles and places that are gone since are left out.
 * @param actor who brought it about
 * @returns how many assignments are new
 * @throws exclusive_roles with what he holds already
 */
export const handOut = async (
  tx: Tx,
  userId: string,
  roles: readonly PlacedRole[],
  from: { source: Source; sourceId?: string; expiresAt?: number },
  actor: Actor,
): Promise<number> => {
  if (roles.length === 0) return 0
  const known = new Set(
    (await tx.roles.findMany([...new Set(roles.map(({ roleId }) => roleId))])).map(({ id }) => id),
  )
  const authority: Actor = { kind: 'system', id: 'system', door: actor.door }
  let given = 0
  for (const [scope, roleIds] of byScope(roles.filter(({ roleId }) => known.has(roleId)))) {
    if (!(await isThere(tx, scope))) continue
    if (isPlace(scope)) await addMembers(tx, [userId], scope)
    given += await giveRoles(tx, { userIds: [userId], roleIds, scope, ...from }, actor, authority)
  }
  return given
}

const isThere = async (reader: Reader | Tx, scope: Scope): Promise<boolean> => {
  const { kind, id } = splitScope(scope)
  if (kind === 'workspace') return true
  const places = { application: reader.applications, organization: reader.organizations, room: reader.rooms }
  return (await places[kind].find(id)) !== undefined
}

const isPlace = (scope: Scope): scope is Place => /^(organization|room):/u.test(scope)

/** What giving a role there takes, any of them. */
const assigning = (scope: Scope): readonly Permission[] =>
  splitScope(scope).kind === 'organization'
    ? ['roles:assign', 'organizations:assign-roles']
    : ['roles:assign']

const requireAnyHeld = async (
  reader: Reader,
  actor: Actor,
  anyOf: readonly Permission[],
  scope: Scope,
): Promise<void> => {
  if (await mayDo(reader, actor, anyOf, scope)) return
  throw new DomainError({ code: 'cannot_grant', permission: anyOf[0]! })
}

/** What making somebody a member there takes. */
const entry = (scope: Scope, memberOf: string | undefined): Permission[] => {
  const { kind, id } = splitScope(scope)
  if (kind === 'room') return ['rooms:update']
  return kind === 'organization' && id !== memberOf ? ['organizations:add-members'] : []
}

/** The first two of the roles that one person could not hold together, what they include counted in. */
export const firstExclusion = async (
  { roles }: Pick<Reader, 'roles'>,
  placed: readonly PlacedRole[],
): Promise<[string, string] | undefined> => {
  const exclusions = await roles.exclusions()
  if (exclusions.length === 0) return undefined
  const inclusions = await roles.inclusions()
  const scopes = byScope(placed)
  for (const scope of scopes.keys()) {
    const held = closure([...(scopes.get(workspace) ?? []), ...(scopes.get(scope) ?? [])], inclusions)
    const pair = exclusions.find(([one, other]) => held.has(one) && held.has(other))
    if (pair) return pair
  }
  return undefined
}

/** The ids of the roles by their scope, each once. */
export const byScope = (roles: readonly PlacedRole[]): Map<Scope, string[]> =>
  new Map(
    [...Map.groupBy(roles, ({ scope }) => scope)].map(([scope, each]) => [
      scope,
      [...new Set(each.map(({ roleId }) => roleId))],
    ]),
  )
