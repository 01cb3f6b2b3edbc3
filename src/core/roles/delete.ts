import { equal } from '../listing.ts'
import { command } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import { workspace } from '../scope.ts'
import { requireMayGive } from './rules.ts'

export type DeleteRole = { roleId: string; refuseInUse?: boolean }

/** Deletes a role with its assignments and permissions. @throws not_found, built_in, in_use */
export const deleteRole = command<DeleteRole, void>({
  name: 'delete role',
  needs: 'roles:delete',
  run: async (tx, { roleId, refuseInUse }, actor) => {
    const role = found(await tx.roles.find(roleId), 'role', roleId)
    if (role.isBuiltIn) throw new DomainError({ code: 'built_in', kind: 'role', id: roleId })
    if (refuseInUse && (await tx.assignments.count(equal('roleId', roleId))) > 0) {
      throw new DomainError({ code: 'in_use', kind: 'role', id: roleId })
    }
    await requireMayGive(tx, actor, [roleId], workspace)
    for (const { userId, scope } of await tx.assignments.removeAll({ roleId })) {
      await tx.emit({ type: 'role.removed', userId, roleId, scope })
    }
    await tx.permissions.removeAll({ roleId })
    for (const inclusion of await tx.roles.inclusions()) {
      if (inclusion.roleId === roleId || inclusion.includedRoleId === roleId)
        await tx.roles.removeInclusion(inclusion)
    }
    for (const pair of await tx.roles.exclusions())
      if (pair.includes(roleId)) await tx.roles.removeExclusion(...pair)
    await tx.roles.remove(roleId)
    await tx.emit({ type: 'role.deleted', roleId, data: { name: role.name } })
  },
})
