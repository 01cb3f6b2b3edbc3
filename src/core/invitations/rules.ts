import type { Actor } from '../actor.ts'
import type { Permission } from '../permissions.ts'
import { DomainError, foundAll } from '../refusals.ts'
import { mayDo, requireHeld } from '../rights.ts'
import { closure, requireFits, requireMayGive, requirePlace } from '../roles/rules.ts'
import { type Scope, splitScope, workspace } from '../scope.ts'
import type { Reader } from '../store.ts'
import type { Invitation } from './invitation.ts'

type InvitedRoles = Invitation['roles']

/**
 * Refuses roles that the actor could not give by himself, each in its scope: an invitation is a grant that somebody
 * else finishes. Roles in a room or in another organization make the invited person a member there, which takes the
 * right to add members.
 * @throws not_found, wrong_scope, cannot_grant, invalid
 */
export const requireMayInvite = async (
  tx: Reader,
  actor: Actor,
  { organizationId, roles }: Pick<Invitation, 'organizationId' | 'roles'>,
): Promise<void> => {
  for (const [scope, given] of byScope(roles)) {
    for (const role of foundAll(await tx.roles.findMany(given), 'role', given)) requireFits(role, scope)
    await requirePlace(tx, [], scope)
    await requireAnyHeld(tx, actor, assigning(scope), scope)
    await requireHeld(tx, actor, entry(scope, organizationId), scope)
    await requireMayGive(tx, actor, given, scope)
  }
  await requireJointly(tx, roles)
}

/** What giving a role there takes, any of them. */
const assigning = (scope: Scope): readonly Permission[] =>
  splitScope(scope).kind === 'organization'
    ? ['roles:assign', 'organizations:assign-roles']
    : ['roles:assign']

const requireAnyHeld = async (
  tx: Reader,
  actor: Actor,
  anyOf: readonly Permission[],
  scope: Scope,
): Promise<void> => {
  if (await mayDo(tx, actor, anyOf, scope)) return
  throw new DomainError({ code: 'cannot_grant', permission: anyOf[0]! })
}

/** What making somebody a member there takes. */
const entry = (scope: Scope, organizationId: string | undefined): Permission[] => {
  const { kind, id } = splitScope(scope)
  if (kind === 'room') return ['rooms:update']
  return kind === 'organization' && id !== organizationId ? ['organizations:add-members'] : []
}

/** Nobody could ever accept an invitation to roles that exclude each other. @throws invalid */
const requireJointly = async ({ roles }: Pick<Reader, 'roles'>, invited: InvitedRoles): Promise<void> => {
  const exclusions = await roles.exclusions()
  if (exclusions.length === 0) return
  const inclusions = await roles.inclusions()
  const scopes = byScope(invited)
  for (const scope of scopes.keys()) {
    const held = closure([...(scopes.get(workspace) ?? []), ...(scopes.get(scope) ?? [])], inclusions)
    if (exclusions.some(([one, other]) => held.has(one) && held.has(other))) {
      const reason = 'An invitation can not carry roles that exclude each other.'
      throw new DomainError({ code: 'invalid', field: 'roles', reason })
    }
  }
}

const byScope = (roles: InvitedRoles): Map<Scope, string[]> =>
  new Map(
    [...Map.groupBy(roles, ({ scope }) => scope)].map(([scope, each]) => [
      scope,
      [...new Set(each.map(({ roleId }) => roleId))],
    ]),
  )
