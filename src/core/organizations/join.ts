import { addMembers } from '../members.ts'
import { command, query } from '../operation.ts'
import type { Reader } from '../store.ts'
import { organizationScope } from './rules.ts'

export type JoinOrganizationOnSignIn = {
  organizationId: string
  userId: string
  /** The way he came, where that is known; his own connection otherwise. */
  connectionName?: string | undefined
}

/** Whether signing in will make him a member; asked before it is settled that he is let in at all. */
export const mayJoinOrganizationOnSignIn = query<JoinOrganizationOnSignIn, boolean>({
  name: 'may join organization on sign-in',
  needs: 'organizations:read',
  scope: ({ organizationId }) => organizationScope(organizationId),
  run: (reader, input) => mayJoin(reader, input),
})

/**
 * Makes a user who signs in for an organization its member, where it says so of the connection that he came by.
 * @returns whether he is a member now
 */
export const joinOrganizationOnSignIn = command<JoinOrganizationOnSignIn, boolean>({
  name: 'join organization on sign-in',
  needs: 'organizations:add-members',
  scope: ({ organizationId }) => organizationScope(organizationId),
  run: async (tx, input) => {
    if (!(await mayJoin(tx, input))) return false
    await addMembers(tx, [input.userId], organizationScope(input.organizationId))
    return true
  },
})

const mayJoin = async (
  {
    users,
    connections,
    organizationConnections,
  }: Pick<Reader, 'users' | 'connections' | 'organizationConnections'>,
  { organizationId, userId, connectionName }: JoinOrganizationOnSignIn,
): Promise<boolean> => {
  const connectionId =
    connectionName === undefined
      ? (await users.find(userId))?.connectionId
      : (await connections.findBy({ name: connectionName }))?.id
  if (connectionId === undefined) return false
  const enabled = await organizationConnections.find(organizationId, connectionId)
  return enabled?.assignsMembershipOnLogin === true
}
