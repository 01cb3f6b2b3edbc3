import { command, query } from '../operation.ts'
import { found } from '../refusals.ts'
import { giveRoles, preAssignOf } from '../roles/assign.ts'
import { takeRoles } from '../roles/remove.ts'
import type { Role } from '../roles/role.ts'
import { organizationScope, requireOrganization } from './rules.ts'

export type MemberRoles = { organizationId: string; userId: string; roleIds: readonly string[] }

/**
 * Gives a member roles within his organization, for callers who may do so nowhere else.
 * @throws not_found, wrong_scope, not_a_member, cannot_grant, exclusive_roles
 */
export const assignMemberRoles = command<MemberRoles, number>({
  name: 'assign roles to organization member',
  needs: ['organizations:assign-roles', 'roles:assign'],
  scope: ({ organizationId }) => organizationScope(organizationId),
  trigger: preAssignOf(async ({ organizationId, userId, roleIds }) => ({
    userIds: [userId],
    roleIds,
    scope: organizationScope(organizationId),
  })),
  run: (tx, { organizationId, userId, roleIds }, actor) => {
    const scope = organizationScope(organizationId)
    return giveRoles(tx, { userIds: [userId], roleIds, scope, source: 'direct' }, actor)
  },
})

/**
 * Takes roles from a member within his organization; those he does not hold are passed over.
 * @throws not_found, cannot_grant
 */
export const removeMemberRoles = command<MemberRoles, number>({
  name: 'remove roles from organization member',
  needs: ['organizations:remove-roles', 'roles:remove'],
  scope: ({ organizationId }) => organizationScope(organizationId),
  run: async (tx, { organizationId, userId, roleIds }, actor) => {
    await requireOrganization(tx, organizationId)
    found(await tx.users.find(userId), 'user', userId)
    return takeRoles(tx, { userId, roleIds, scope: organizationScope(organizationId) }, actor)
  },
})

export type RolesOfMember = Pick<MemberRoles, 'organizationId' | 'userId'> & {
  limit: number
  offset: number
  total?: boolean
}

/** The roles a member holds in his organization, without those of the workspace. @throws not_found */
export const listMemberRoles = query<RolesOfMember, { roles: Role[]; total?: number }>({
  name: 'list roles of organization member',
  needs: ['organizations:read-roles', 'roles:read'],
  scope: ({ organizationId }) => organizationScope(organizationId),
  self: ({ userId }) => userId,
  run: async (
    { organizations, users, assignments, now },
    { organizationId, userId, limit, offset, total },
  ) => {
    await requireOrganization({ organizations }, organizationId)
    found(await users.find(userId), 'user', userId)
    const scope = organizationScope(organizationId)
    const at = now()
    const roles = await assignments.rolesIn(userId, scope, at, { limit, offset })
    return total ? { roles, total: await assignments.countRolesIn(userId, scope, at) } : { roles }
  },
})
