import { sendMail } from '../mail/send.ts'
import type { Tx } from '../store.ts'
import type { Invitation } from './invitation.ts'

/** Mails the link, which stands nowhere else from then on. */
export const mailInvitation = async (tx: Tx, invitation: Invitation, link: string): Promise<void> => {
  const { email, inviterName, message, organizationId, expiresAt } = invitation
  const organization = organizationId === undefined ? undefined : await tx.organizations.find(organizationId)
  await sendMail(tx, {
    to: email,
    template: 'invitation',
    data: {
      inviterName,
      days: Math.max(1, Math.floor((expiresAt - tx.now()) / 86_400_000)),
      ...(message !== undefined && { message }),
      ...(organization && { organizationName: organization.displayName || organization.name }),
    },
    secrets: { link },
  })
}
