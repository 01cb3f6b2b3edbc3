import { addMembers } from '../members.ts'
import { command } from '../operation.ts'
import { organizationScope } from './rules.ts'

export type JoinOrganizationOnSignIn = {
  organizationId: string
  userId: string
  /** The way he came, where that is known; his own connection otherwise. */
  connectionName?: string | undefined
}

/**
 * Makes a user who signs in for an organization its member, where it says so of the connection that he came by.
 * @returns whether he is a member now
 */
export const joinOrganizationOnSignIn = command<JoinOrganizationOnSignIn, boolean>({
  name: 'join organization on sign-in',
  needs: 'organizations:add-members',
  scope: ({ organizationId }) => organizationScope(organizationId),
  run: async (tx, { organizationId, userId, connectionName }) => {
    const connectionId =
      connectionName === undefined
        ? (await tx.users.find(userId))?.connectionId
        : (await tx.connections.findBy({ name: connectionName }))?.id
    if (connectionId === undefined) return false
    const enabled = await tx.organizationConnections.find(organizationId, connectionId)
    if (!enabled?.assignsMembershipOnLogin) return false
    await addMembers(tx, [userId], organizationScope(organizationId))
    return true
  },
})
