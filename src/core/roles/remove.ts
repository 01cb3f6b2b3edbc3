import type { Actor } from '../actor.ts'
import { command } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import { type Scope, splitScope, workspace } from '../scope.ts'
import type { Tx } from '../store.ts'
import { bumpRolesVersion } from '../users/rules.ts'
import { counts } from './assignment.ts'
import { administratorRoleId, ownerRoleId } from './role.ts'
import { requireAnotherAdministrator, requireAnotherOwner, requireMayGive } from './rules.ts'

export type RemoveRoles = {
  userIds: readonly string[]
  roleIds: readonly string[]
  scope?: Scope
  /** Refuse when a user does not hold a role there, where a dialect's callers expect to be told. */
  refuseMissing?: boolean
}

/**
 * Takes roles from users within a scope, all or none. Roles that a user does not hold are passed over.
 * @returns how many assignments are gone
 * @throws not_found, cannot_grant, last_administrator, last_owner
 */
export const removeRoles = command<RemoveRoles, number>({
  name: 'remove roles',
  needs: 'roles:remove',
  scope: ({ scope }) => scope ?? workspace,
  run: async (tx, { userIds, roleIds, scope = workspace, refuseMissing }, actor) => {
    let removed = 0
    for (const userId of new Set(userIds)) {
      found(await tx.users.find(userId), 'user', userId)
      removed += await takeRoles(tx, { userId, roleIds, scope, refuseMissing }, actor)
    }
    return removed
  },
})

type TakeRoles = { userId: string; roleIds: readonly string[]; scope: Scope; refuseMissing?: boolean }

/**
 * The way back of `giveRoles`, with the same rules on who may.
 * @returns how many assignments are gone
 * @throws cannot_grant, not_found where that is asked for, last_administrator, last_owner
 */
export const takeRoles = async (
  tx: Tx,
  { userId, roleIds, scope, refuseMissing }: TakeRoles,
  actor: Actor,
): Promise<number> => {
  await requireMayGive(tx, actor, roleIds, scope)
  let removed = 0
  for (const roleId of new Set(roleIds)) {
    const key = { userId, roleId, scope }
    const assignment = await tx.assignments.find(key)
    if (!assignment || !counts(assignment, tx.now())) {
      if (refuseMissing) throw new DomainError({ code: 'not_found', kind: 'assignment', id: roleId })
      continue
    }
    if (roleId === administratorRoleId && scope === workspace) await requireAnotherAdministrator(tx, userId)
    if (roleId === ownerRoleId && splitScope(scope).kind === 'room') {
      await requireAnotherOwner(tx, userId, splitScope(scope).id)
    }
    await tx.assignments.remove(key)
    await tx.emit({ type: 'role.removed', userId, roleId, scope })
    removed += 1
  }
  if (removed > 0) await bumpRolesVersion(tx, [userId])
  return removed
}

/**
 * Ends every assignment of what goes away: a user, a role, a scope, or a user's place in one. Those that had expired
 * end without an event, as they counted for nothing. Its callers look after owners and who may.
 */
export const dropRoles = async (
  tx: Tx,
  of: { userId?: string; roleId?: string; scope?: Scope },
): Promise<void> => {
  const gone = (await tx.assignments.removeAll(of)).filter((assignment) => counts(assignment, tx.now()))
  for (const { userId, roleId, scope } of gone) {
    await tx.emit({ type: 'role.removed', userId, roleId, scope })
  }
  await bumpRolesVersion(
    tx,
    gone.map(({ userId }) => userId),
  )
}
