import { command } from '../operation.ts'
import { DomainError } from '../refusals.ts'
import {
  type CreatedInvitation,
  type PreparedInvitation,
  prepareInvitation,
  scopeOfInvitation,
  withoutDigest,
} from './create.ts'
import { mailInvitation } from './mail.ts'
import { type InvitationKey, requireInvitation } from './read.ts'
import { requireMayInvite } from './rules.ts'

/**
 * Sends an invitation once more, with a new link: the old one is worth nothing from then on. It can be accepted for as
 * long again as at first, an expired one too. Whoever sends it must be allowed to give its roles himself.
 * @throws not_found, cannot_grant, unsupported for one that was accepted
 */
export const resendInvitation = command<InvitationKey, CreatedInvitation, PreparedInvitation>({
  name: 'resend invitation',
  needs: 'invitations:create',
  scope: scopeOfInvitation,
  prepare: async (_input, services) => prepareInvitation(services),
  run: async (tx, key, actor, { secret, ticketDigest, link }) => {
    const invitation = await requireInvitation(tx, key)
    if (invitation.acceptedAt !== undefined) {
      throw new DomainError({ code: 'unsupported', what: 'sending an invitation that was accepted' })
    }
    await requireMayInvite(tx, actor, invitation)
    const lifetime = invitation.expiresAt - (invitation.sentAt ?? invitation.createdAt)
    const sent = { ticketDigest, sentAt: tx.now(), expiresAt: tx.now() + lifetime }
    await tx.invitations.update(invitation.id, sent)
    const target = { kind: 'invitation', id: invitation.id } as const
    await tx.emit({ type: 'invitation.resent', scope: scopeOfInvitation(invitation), target })
    const resent = { ...invitation, ...sent }
    await mailInvitation(tx, resent, link)
    return { ...withoutDigest(resent), secret }
  },
})
