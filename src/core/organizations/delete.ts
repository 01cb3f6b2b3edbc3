import { equal, unlimited } from '../listing.ts'
import { dropMembers } from '../members.ts'
import { command } from '../operation.ts'
import { organizationScope, requireOrganization } from './rules.ts'

/** Deletes an organization with its members, the roles they hold in it, its connections and invitations. @throws not_found */
export const deleteOrganization = command<{ organizationId: string }, void>({
  name: 'delete organization',
  needs: 'organizations:delete',
  scope: ({ organizationId }) => organizationScope(organizationId),
  run: async (tx, { organizationId: id }) => {
    const { name } = await requireOrganization(tx, id)
    await dropMembers(tx, organizationScope(id))
    const its = { filter: equal('organizationId', id), limit: unlimited }
    for (const { connectionId } of (await tx.organizationConnections.list(its)).items) {
      await tx.organizationConnections.remove(id, connectionId)
    }
    for (const invitation of (await tx.invitations.list(its)).items) {
      await tx.invitations.remove(invitation.id)
      await tx.emit({ type: 'invitation.revoked', target: { kind: 'invitation', id: invitation.id } })
    }
    await tx.organizations.remove(id)
    await tx.emit({ type: 'organization.deleted', target: { kind: 'organization', id }, data: { name } })
  },
})
