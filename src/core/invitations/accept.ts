import type { Actor } from '../actor.ts'
import { addMembers } from '../members.ts'
import { organizationScope } from '../organizations/rules.ts'
import { DomainError } from '../refusals.ts'
import { handOut } from '../roles/hand-out.ts'
import type { Reader, Tx } from '../store.ts'
import type { User } from '../users/user.ts'
import { scopeOfInvitation } from './create.ts'
import { type Invitation, isOpen } from './invitation.ts'

type InvitationReader = Pick<Reader, 'invitations' | 'organizations' | 'now'>

/** The invitation whose secret has this digest, as long as it can be accepted. @throws wrong_code */
export const openInvitation = async (reader: InvitationReader, digest: string): Promise<Invitation> => {
  const invitation = await reader.invitations.findBy({ ticketDigest: digest })
  const { organizationId } = invitation ?? {}
  const isThere = organizationId === undefined || (await reader.organizations.find(organizationId))
  if (!invitation || !isThere || !isOpen(invitation, reader.now()))
    throw new DomainError({ code: 'wrong_code' })
  return invitation
}

/**
 * Lets a user have what an open invitation carries, once: a place in its organization, and its roles. Whoever made it
 * was allowed to give them.
 * @throws exclusive_roles with what he holds already
 */
export const acceptFor = async (tx: Tx, invitation: Invitation, user: User, actor: Actor): Promise<void> => {
  const { id, organizationId, roles } = invitation
  await tx.invitations.update(id, { acceptedAt: tx.now(), acceptedBy: user.id })
  await tx.emit({
    type: 'invitation.accepted',
    userId: user.id,
    scope: scopeOfInvitation({ organizationId }),
    target: { kind: 'invitation', id },
  })
  if (organizationId !== undefined) await addMembers(tx, [user.id], organizationScope(organizationId))
  await handOut(tx, user.id, roles, { source: 'invitation', sourceId: id }, actor)
}
