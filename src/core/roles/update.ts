import type { Extensions } from '../json.ts'
import { equal } from '../listing.ts'
import { command } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import { workspace } from '../scope.ts'
import { requireNameFree, requireRoleName } from './create.ts'
import type { Role } from './role.ts'
import { requireMayGive } from './rules.ts'

export type UpdateRole = {
  roleId: string
  changes: Partial<Pick<Role, 'name' | 'description' | 'heldIn' | 'isActive' | 'requiresSecondFactor'>> & {
    extensions?: Extensions
  }
  seesBuiltIns?: boolean
}

/** Changes the given fields. A built-in role keeps its name and where it is held. @throws taken, built_in, in_use */
export const updateRole = command<UpdateRole, Role>({
  name: 'update role',
  needs: 'roles:update',
  run: async (tx, { roleId, changes, seesBuiltIns }, actor) => {
    const role = found(await tx.roles.find(roleId), 'role', roleId)
    const renamed = changes.name !== undefined && changes.name !== role.name
    const moved = changes.heldIn !== undefined && changes.heldIn !== role.heldIn
    const switched = changes.isActive !== undefined && changes.isActive !== role.isActive
    if (role.isBuiltIn && (renamed || moved || switched)) {
      throw new DomainError({ code: 'built_in', kind: 'role', id: roleId })
    }
    const name = changes.name === undefined ? role.name : requireRoleName(changes.name)
    if (renamed) await requireNameFree(tx, name, { seesBuiltIns, except: roleId })
    // Assignments would be stranded in scopes that the role no longer fits.
    if (moved && (await tx.assignments.count(equal('roleId', roleId))) > 0) {
      throw new DomainError({ code: 'in_use', kind: 'role', id: roleId })
    }
    // Switching a role on gives what it carries to everybody who holds it.
    if (switched) await requireMayGive(tx, actor, [roleId], workspace)
    const updated = { ...role, ...changes, name, updatedAt: tx.now() }
    const changed = Object.keys(changes).filter((field) => !sameValue(updated, role, field as keyof Role))
    if (changed.length === 0) return role
    await tx.roles.update(roleId, { ...changes, name, updatedAt: tx.now() })
    await tx.emit({ type: 'role.updated', roleId, data: { changed } })
    return updated
  },
})

const sameValue = (left: Role, right: Role, field: keyof Role): boolean =>
  JSON.stringify(left[field]) === JSON.stringify(right[field])
