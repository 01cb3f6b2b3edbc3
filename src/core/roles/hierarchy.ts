import { equal, every, unlimited } from '../listing.ts'
import { command, query } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import { workspace } from '../scope.ts'
import type { Tx } from '../store.ts'
import { countingAt } from './assignment.ts'
import type { RoleInclusion } from './role.ts'
import { closure, requireCompatible, requireMayGive } from './rules.ts'

/** Makes a role include another. @throws not_found, role_cycle, cannot_grant, exclusive_roles */
export const addInclusion = command<RoleInclusion, void>({
  name: 'add role inclusion',
  needs: 'roles:update',
  run: async (tx, inclusion, actor) => {
    await requireRoles(tx, inclusion)
    if (closure([inclusion.includedRoleId], await tx.roles.inclusions()).has(inclusion.roleId)) {
      throw new DomainError({ code: 'role_cycle', ...inclusion })
    }
    // Whoever holds the one is given the other.
    await requireMayGive(tx, actor, [inclusion.includedRoleId], workspace)
    if (!(await tx.roles.addInclusion(inclusion))) return
    await requireHoldersCompatible(tx, inclusion.roleId, [])
    await tx.emit({ type: 'role.inclusion-added', roleId: inclusion.roleId, data: { ...inclusion } })
  },
})

/** @throws not_found, cannot_grant */
export const removeInclusion = command<RoleInclusion, void>({
  name: 'remove role inclusion',
  needs: 'roles:update',
  run: async (tx, inclusion, actor) => {
    await requireRoles(tx, inclusion)
    await requireMayGive(tx, actor, [inclusion.includedRoleId], workspace)
    if (await tx.roles.removeInclusion(inclusion)) {
      await tx.emit({ type: 'role.inclusion-removed', roleId: inclusion.roleId, data: { ...inclusion } })
    }
  },
})

export type RolePair = { roleId: string; otherRoleId: string }

/**
 * Declares two roles that nobody may hold together (static separation of duty).
 * @see INCITS 359-2012 §5.3
 * @throws not_found, invalid, exclusive_roles when somebody holds both already
 */
export const addExclusion = command<RolePair, void>({
  name: 'add role exclusion',
  needs: 'roles:update',
  run: async (tx, { roleId, otherRoleId }) => {
    await requireRoles(tx, { roleId, includedRoleId: otherRoleId })
    if (roleId === otherRoleId) {
      throw new DomainError({
        code: 'invalid',
        field: 'otherRoleId',
        reason: 'A role can not exclude itself.',
      })
    }
    if (!(await tx.roles.addExclusion(roleId, otherRoleId))) return
    await requireHoldersCompatible(tx, roleId, [otherRoleId])
    await tx.emit({ type: 'role.exclusion-added', roleId, data: { otherRoleId } })
  },
})

/** @throws not_found */
export const removeExclusion = command<RolePair, void>({
  name: 'remove role exclusion',
  needs: 'roles:update',
  run: async (tx, { roleId, otherRoleId }) => {
    await requireRoles(tx, { roleId, includedRoleId: otherRoleId })
    if (await tx.roles.removeExclusion(roleId, otherRoleId)) {
      await tx.emit({ type: 'role.exclusion-removed', roleId, data: { otherRoleId } })
    }
  },
})

export type Hierarchy = { inclusions: RoleInclusion[]; exclusions: [string, string][] }

/** Which role includes which, and which exclude each other. */
export const getHierarchy = query<Record<never, never>, Hierarchy>({
  name: 'get role hierarchy',
  needs: 'roles:read',
  run: async ({ roles }) => ({ inclusions: await roles.inclusions(), exclusions: await roles.exclusions() }),
})

const requireRoles = async (tx: Tx, { roleId, includedRoleId }: RoleInclusion): Promise<void> => {
  for (const id of [roleId, includedRoleId]) found(await tx.roles.find(id), 'role', id)
}

/** Looks at everybody whom a new inclusion or exclusion touches; the transaction is undone when one is in conflict. */
const requireHoldersCompatible = async (
  tx: Tx,
  roleId: string,
  alsoHeld: readonly string[],
): Promise<void> => {
  const inclusions = await tx.roles.inclusions()
  const { items: roles } = await tx.roles.list({ limit: unlimited })
  const carriers = roles
    .map(({ id }) => id)
    .filter((id) => {
      const reached = closure([id], inclusions)
      return reached.has(roleId) || alsoHeld.some((other) => reached.has(other))
    })
  for (const id of carriers) {
    let after: string | undefined
    do {
      const page = await tx.assignments.list({
        filter: every(equal('roleId', id), countingAt(tx.now())),
        limit: 500,
        ...(after && { after }),
      })
      for (const { userId, scope } of page.items) await requireCompatible(tx, userId, [id], scope)
      after = page.next
    } while (after !== undefined)
  }
}
