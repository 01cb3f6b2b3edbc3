import type { Actor } from '../actor.ts'
import { dropEntriesOf } from '../entries/rules.ts'
import { equal, unlimited } from '../listing.ts'
import { command } from '../operation.ts'
import { DomainError } from '../refusals.ts'
import { dropFromPolicies } from '../registration/policies.ts'
import { workspace } from '../scope.ts'
import { dropServiceAccess } from '../service-access/write.ts'
import type { Tx } from '../store.ts'
import { findNamedRole } from './named.ts'
import { dropRoles } from './remove.ts'
import { requireMayGive } from './rules.ts'

export type DeleteRole = {
  roleId: string
  /** `roleId` may be the role's name as well. */
  orByName?: boolean
  refuseInUse?: boolean
}

/** Deletes a role with its assignments and permissions. @throws not_found, built_in, in_use, cannot_grant */
export const deleteRole = command<DeleteRole, void>({
  name: 'delete role',
  needs: 'roles:delete',
  run: (tx, input, actor) => dropRole(tx, input, actor),
})

/** The one way a role goes. @throws as `deleteRole` */
export const dropRole = async (
  tx: Tx,
  { roleId: named, orByName, refuseInUse }: DeleteRole,
  actor: Actor,
): Promise<void> => {
  const role = await findNamedRole(tx, orByName ? { idOrName: named } : { id: named })
  const { id: roleId, name, description, heldIn, requiresSecondFactor } = role
  if (role.isBuiltIn) throw new DomainError({ code: 'built_in', kind: 'role', id: roleId })
  if (refuseInUse && (await tx.assignments.count(equal('roleId', roleId))) > 0) {
    throw new DomainError({ code: 'in_use', kind: 'role', id: roleId })
  }
  await requireMayGive(tx, actor, [roleId], workspace)
  await dropRoles(tx, { roleId })
  const applications = await tx.applications.list({
    filter: equal('defaultRoleId', roleId),
    limit: unlimited,
  })
  for (const { id } of applications.items) {
    await tx.applications.update(id, { defaultRoleId: undefined, updatedAt: tx.now() })
    const target = { kind: 'application', id } as const
    await tx.emit({ type: 'application.updated', target, data: { changed: ['defaultRoleId'] } })
  }
  const asked = await tx.roleRequests.list({ filter: equal('roleId', roleId), limit: unlimited })
  for (const { id } of asked.items) await tx.roleRequests.remove(id)
  await dropFromPolicies(tx, { roleId })
  for (const key of await tx.permissions.removeAll({ roleId })) await tx.permissions.touch(key, tx.now())
  for (const inclusion of await tx.roles.inclusions()) {
    if (inclusion.roleId === roleId || inclusion.includedRoleId === roleId)
      await tx.roles.removeInclusion(inclusion)
  }
  for (const pair of await tx.roles.exclusions())
    if (pair.includes(roleId)) await tx.roles.removeExclusion(...pair)
  await dropServiceAccess(tx, roleId)
  await dropEntriesOf(tx, `role:${roleId}`)
  await tx.roles.remove(roleId)
  await tx.emit({
    type: 'role.deleted',
    roleId,
    data: { name, description, heldIn, requiresSecondFactor },
  })
}
