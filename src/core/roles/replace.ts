import { command } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import { requireHeld } from '../rights.ts'
import { type Scope, workspace } from '../scope.ts'
import { giveRoles, preAssignOf } from './assign.ts'
import { takeRoles } from './remove.ts'

export type ReplaceRoles = {
  userId: string
  roleIds: readonly string[]
  scope?: Scope
  /** The user's `rolesVersion` that the caller saw: somebody else's change in between must not be lost. */
  ifVersion: number
}

/**
 * Makes the given roles the only ones that a user holds in a scope.
 * @returns the new `rolesVersion`
 * @throws precondition_failed, and what giving and taking roles throws
 */
export const replaceRoles = command<ReplaceRoles, number>({
  name: 'replace roles',
  needs: 'roles:assign',
  scope: ({ scope }) => scope ?? workspace,
  trigger: preAssignOf(async ({ userId, roleIds, scope = workspace }, { assignments, now }) => {
    const held = (await assignments.rolesIn(userId, scope, now())).map(({ id }) => id)
    return { userIds: [userId], roleIds: roleIds.filter((roleId) => !held.includes(roleId)), scope }
  }),
  run: async (tx, { userId, roleIds, scope = workspace, ifVersion }, actor) => {
    const user = found(await tx.users.find(userId), 'user', userId)
    if (user.rolesVersion !== ifVersion) {
      throw new DomainError({ code: 'precondition_failed', current: String(user.rolesVersion) })
    }
    await requireHeld(tx, actor, ['roles:remove'], scope)
    const held = (await tx.assignments.rolesIn(userId, scope, tx.now())).map((role) => role.id)
    const gone = held.filter((roleId) => !roleIds.includes(roleId))
    const added = roleIds.filter((roleId) => !held.includes(roleId))
    // Taken first: the new set may exclude what the old one held.
    await takeRoles(tx, { userId, roleIds: gone, scope }, actor)
    await giveRoles(tx, { userIds: [userId], roleIds: added, scope, source: 'direct' }, actor)
    return found(await tx.users.find(userId), 'user', userId).rolesVersion
  },
})
