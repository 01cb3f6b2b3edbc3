import { query } from '../operation.ts'
import type { Scope } from '../scope.ts'
import { openInvitation } from './accept.ts'
import type { Invitation } from './invitation.ts'

/** What whoever opens the link of an invitation sees of it. */
export type InvitationPreview = Pick<
  Invitation,
  'email' | 'inviterName' | 'message' | 'expiresAt' | 'applicationId' | 'connectionId'
> & {
  organization?: { id: string; name: string; displayName: string }
  roles: readonly { name: string; scope: Scope }[]
  /** Whether somebody has an account with its address: he signs in to accept it, others register. */
  hasAccount: boolean
}

/** @throws wrong_code */
export const previewInvitation = query<{ secret: string }, InvitationPreview>({
  name: 'preview invitation',
  needs: { anyone: 'holds the secret of the invitation' },
  run: async (reader, { secret }, _actor, { digest }) => {
    const invitation = await openInvitation(reader, digest(secret))
    const { organizationId } = invitation
    const organization =
      organizationId === undefined ? undefined : await reader.organizations.find(organizationId)
    const roles = await reader.roles.findMany([...new Set(invitation.roles.map(({ roleId }) => roleId))])
    const names = new Map(roles.map(({ id, name }) => [id, name]))
    const { email, inviterName, message, expiresAt, applicationId, connectionId } = invitation
    return {
      email,
      inviterName,
      expiresAt,
      ...(message !== undefined && { message }),
      ...(applicationId !== undefined && { applicationId }),
      ...(connectionId !== undefined && { connectionId }),
      ...(organization && {
        organization: { id: organization.id, name: organization.name, displayName: organization.displayName },
      }),
      roles: invitation.roles.flatMap(({ roleId, scope }) => {
        const name = names.get(roleId)
        return name === undefined ? [] : [{ name, scope }]
      }),
      hasAccount: (await reader.users.findByEmail(email)) !== undefined,
    }
  },
})
