import type { Actor } from '../actor.ts'
import { addMembers } from '../members.ts'
import { command } from '../operation.ts'
import { organizationScope } from '../organizations/rules.ts'
import { DomainError, found } from '../refusals.ts'
import { handOut } from '../roles/hand-out.ts'
import type { Reader, Tx } from '../store.ts'
import { caseKey, type User } from '../users/user.ts'
import { scopeOfInvitation, withoutDigest } from './create.ts'
import { type Invitation, isOpen, type SentInvitation } from './invitation.ts'

type InvitationReader = Pick<Reader, 'invitations' | 'organizations' | 'now'>

/** The invitation whose secret has this digest, as long as it can be accepted. @throws wrong_code */
export const openInvitation = async (reader: InvitationReader, digest: string): Promise<Invitation> => {
  const invitation = await findOpenInvitation(reader, digest)
  if (!invitation) throw new DomainError({ code: 'wrong_code' })
  return invitation
}

/** Undefined when there is none that can be accepted. */
export const findOpenInvitation = async (
  reader: InvitationReader,
  digest: string,
): Promise<Invitation | undefined> => {
  const invitation = await reader.invitations.findBy({ ticketDigest: digest })
  const { organizationId } = invitation ?? {}
  const isThere = organizationId === undefined || (await reader.organizations.find(organizationId))
  return invitation && isThere && isOpen(invitation, reader.now()) ? invitation : undefined
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

/**
 * Somebody who has an account already accepts an invitation to his address; others register with it. Of several at the
 * same time one wins.
 * @throws wrong_code, invalid for an invitation to somebody else, exclusive_roles with what he holds already
 */
export const acceptInvitation = command<{ secret: string }, AcceptedInvitation, { digest: string }>({
  name: 'accept invitation',
  needs: { anyone: 'holds the secret of the invitation' },
  prepare: async ({ secret }, { digest }) => ({ digest: digest(secret) }),
  run: async (tx, _input, actor, { digest }) => {
    if (actor.kind !== 'user')
      throw new DomainError({ code: 'unsupported', what: 'accepting without an account' })
    const invitation = await openInvitation(tx, digest)
    const user = found(await tx.users.find(actor.id), 'user', actor.id)
    requireInvited(invitation, user.email)
    await acceptFor(tx, invitation, user, actor)
    const accepted = found(await tx.invitations.find(invitation.id), 'invitation', invitation.id)
    return { invitation: withoutDigest(accepted) }
  },
})

export type AcceptedInvitation = { invitation: SentInvitation }

/** @throws invalid */
export const requireInvited = (invitation: Invitation, email: string | undefined): void => {
  if (email !== undefined && caseKey(email) === caseKey(invitation.email)) return
  const reason = 'The invitation is for another e-mail address.'
  throw new DomainError({ code: 'invalid', field: 'email', reason })
}
