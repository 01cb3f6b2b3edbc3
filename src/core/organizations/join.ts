import { addMembers } from '../members.ts'
import { command } from '../operation.ts'
import { organizationScope } from './rules.ts'

export type JoinOrganizationOnSignIn = { organizationId: string; userId: string; connectionName: string }

/**
 * Makes a user who signs in for an organization its member, where it says so of the connection that he came by.
 * @returns whether he is a member now
 */
export const joinOrganizationOnSignIn = command<JoinOrganizationOnSignIn, boolean>({
  name: 'join organization on sign-in',
  needs: 'organizations:add-members',
  scope: ({ organizationId }) => organizationScope(organizationId),
  run: async (tx, { organizationId, userId, connectionName }) => {
    const connection = await tx.connections.findBy({ name: connectionName })
    const enabled = connection && (await tx.organizationConnections.find(organizationId, connection.id))
    if (!enabled?.assignsMembershipOnLogin) return false
    await addMembers(tx, [userId], organizationScope(organizationId))
    return true
  },
})
