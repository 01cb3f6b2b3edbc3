import { command } from '../operation.ts'
import { scopeOfInvitation } from './create.ts'
import { type InvitationKey, requireInvitation } from './read.ts'

/** Takes an invitation back: its link is worth nothing from now on. @throws not_found */
export const revokeInvitation = command<InvitationKey, void>({
  name: 'revoke invitation',
  needs: 'invitations:delete',
  scope: scopeOfInvitation,
  run: async (tx, key) => {
    const invitation = await requireInvitation(tx, key)
    await tx.invitations.remove(invitation.id)
    const target = { kind: 'invitation', id: invitation.id } as const
    await tx.emit({ type: 'invitation.revoked', scope: scopeOfInvitation(invitation), target })
  },
})
