import type { Page } from '../listing.ts'
import { addMembers, type ListMembers, type Member, membersOf, removeMembers } from '../members.ts'
import { command, query } from '../operation.ts'
import { found } from '../refusals.ts'
import { mayDo, requireMayDo } from '../rights.ts'
import { organizationScope, requireOrganization, requireVisible } from './rules.ts'

export type OrganizationMembers = { organizationId: string; userIds: readonly string[] }

/** Makes users members, all or none; members are passed over. @returns how many are new @throws not_found */
export const addOrganizationMembers = command<OrganizationMembers, number>({
  name: 'add organization members',
  needs: 'organizations:add-members',
  scope: ({ organizationId }) => organizationScope(organizationId),
  run: async (tx, { organizationId, userIds }) => {
    await requireOrganization(tx, organizationId)
    return addMembers(tx, userIds, organizationScope(organizationId))
  },
})

/**
 * Ends memberships with every role held in the organization, all or none; users who are no members are passed over.
 * Everybody may leave.
 * @returns how many are gone
 * @throws not_found, cannot_grant
 */
export const removeOrganizationMembers = command<OrganizationMembers, number>({
  name: 'remove organization members',
  needs: 'organizations:remove-members',
  scope: ({ organizationId }) => organizationScope(organizationId),
  self: ({ userIds }) => (userIds.length === 1 ? userIds[0] : undefined),
  run: async (tx, { organizationId, userIds }, actor) => {
    const scope = organizationScope(organizationId)
    const organization = await tx.organizations.find(organizationId)
    // Leaving what one does not know of tells nothing of it.
    if (await mayDo(tx, actor, ['organizations:remove-members'], scope)) {
      found(organization, 'organization', organizationId)
    } else {
      await requireVisible(tx, actor, organization, organizationId)
    }
    return removeMembers(tx, userIds, scope, actor)
  },
})

/** @throws not_found, forbidden without `roles:read` when roles are asked for, unknown_field, invalid_cursor */
export const listOrganizationMembers = query<{ organizationId: string } & ListMembers, Page<Member>>({
  name: 'list organization members',
  needs: 'organizations:read',
  scope: ({ organizationId }) => organizationScope(organizationId),
  run: async (reader, { organizationId, ...input }, actor) => {
    const scope = organizationScope(organizationId)
    if (input.withRoles) {
      await requireMayDo(reader, actor, ['roles:read', 'organizations:read-roles'], scope)
    }
    await requireOrganization(reader, organizationId)
    return membersOf(reader, scope, input)
  },
})
