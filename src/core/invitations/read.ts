import { equal, every, type Listing, type Page } from '../listing.ts'
import { query } from '../operation.ts'
import { requireOrganization } from '../organizations/rules.ts'
import { DomainError } from '../refusals.ts'
import type { Reader } from '../store.ts'
import { scopeOfInvitation, withoutDigest } from './create.ts'
import type { Invitation, SentInvitation } from './invitation.ts'

/**
 * Names an invitation, and the organization whose it must be. Without one it may be anybody's, which only those may
 * ask who hold the permission in the workspace.
 */
export type InvitationKey = { invitationId: string; organizationId?: string }

/** @throws not_found */
export const getInvitation = query<InvitationKey, SentInvitation>({
  name: 'get invitation',
  needs: 'invitations:read',
  scope: scopeOfInvitation,
  run: async (reader, key) => withoutDigest(await requireInvitation(reader, key)),
})

/**
 * Those of an organization, or all of them, accepted and expired ones included. Fields: those of `Invitation` but the
 * digest.
 * @throws not_found, unknown_field, invalid_cursor
 */
export const listInvitations = query<{ organizationId?: string; listing: Listing }, Page<SentInvitation>>({
  name: 'list invitations',
  needs: 'invitations:read',
  scope: scopeOfInvitation,
  run: async (reader, { organizationId, listing }) => {
    if (organizationId !== undefined) await requireOrganization(reader, organizationId)
    const its = organizationId === undefined ? undefined : equal('organizationId', organizationId)
    const filter = every(its, listing.filter)
    const page = await reader.invitations.list({ ...listing, ...(filter && { filter }) })
    return { ...page, items: page.items.map(withoutDigest) }
  },
})

/** @throws not_found */
export const requireInvitation = async (
  { invitations }: Pick<Reader, 'invitations'>,
  { invitationId, organizationId }: InvitationKey,
): Promise<Invitation> => {
  const invitation = await invitations.find(invitationId)
  if (!invitation || (organizationId !== undefined && invitation.organizationId !== organizationId)) {
    throw new DomainError({ code: 'not_found', kind: 'invitation', id: invitationId })
  }
  return invitation
}
