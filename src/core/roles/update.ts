import type { Actor } from '../actor.ts'
import { changesTo } from '../changes.ts'
import { equal } from '../listing.ts'
import { command } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import { workspace } from '../scope.ts'
import type { Tx } from '../store.ts'
import { requireNameFree, requireRoleName } from './create.ts'
import type { Role } from './role.ts'
import { requireMayGive } from './rules.ts'

const changeable = [
  'name',
  'description',
  'heldIn',
  'isActive',
  'requiresSecondFactor',
  'extensions',
] as const

export type UpdateRole = {
  roleId: string
  changes: Partial<Pick<Role, (typeof changeable)[number]>>
  /** Where a role is held that is not built in, if `changes` does not say. */
  heldInIfCustom?: Role['heldIn']
  seesBuiltIns?: boolean
}

/**
 * Changes the given fields. A built-in role keeps its name and where it is held.
 * @throws not_found, taken, invalid, built_in, in_use, cannot_grant for who switches on or off what he does not hold
 */
export const updateRole = command<UpdateRole, Role>({
  name: 'update role',
  needs: 'roles:update',
  run: (tx, input, actor) => changeRole(tx, input, actor),
})

/** The one way a role's fields change. @throws as `updateRole` */
export const changeRole = async (
  tx: Tx,
  { roleId, changes: given, heldInIfCustom, seesBuiltIns }: UpdateRole,
  actor: Actor,
): Promise<Role> => {
  const role = found(await tx.roles.find(roleId), 'role', roleId)
  const name = given.name === undefined ? role.name : requireRoleName(given.name)
  const heldIn = given.heldIn ?? (role.isBuiltIn ? undefined : heldInIfCustom)
  const changes = changesTo(role, { ...given, name, ...(heldIn && { heldIn }) }, changeable)
  if (Object.keys(changes).length === 0) return role
  const [renamed, moved, switched] = ['name' in changes, 'heldIn' in changes, 'isActive' in changes]
  if (role.isBuiltIn && (renamed || moved || switched)) {
    throw new DomainError({ code: 'built_in', kind: 'role', id: roleId })
  }
  if (renamed) await requireNameFree(tx, name, { seesBuiltIns, except: roleId })
  // Assignments would be stranded in scopes that the role no longer fits.
  if (moved && (await tx.assignments.count(equal('roleId', roleId))) > 0) {
    throw new DomainError({ code: 'in_use', kind: 'role', id: roleId })
  }
  // Switching a role on gives what it carries to everybody who holds it.
  if (switched) await requireMayGive(tx, actor, [roleId], workspace)
  const written = { ...changes, updatedAt: tx.now() }
  await tx.roles.update(roleId, written)
  await tx.emit({ type: 'role.updated', roleId, data: { changed: Object.keys(changes) } })
  return { ...role, ...written }
}
