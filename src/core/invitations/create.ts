import type { Actor } from '../actor.ts'
import type { JsonObject } from '../json.ts'
import { command, type Services } from '../operation.ts'
import { organizationScope, requireOrganization } from '../organizations/rules.ts'
import { DomainError, found } from '../refusals.ts'
import { type Scope, workspace } from '../scope.ts'
import type { Tx } from '../store.ts'
import { requireEmail, requireMetadata } from '../users/rules.ts'
import type { Invitation, SentInvitation } from './invitation.ts'
import { mailInvitation } from './mail.ts'
import { requireMayInvite } from './rules.ts'

export type CreateInvitation = {
  /** The organization that the person will be a member of; without one he is invited to the workspace. */
  organizationId?: string
  /** Where he signs in for it, and how. */
  applicationId?: string
  connectionId?: string
  /** As the mail names him. */
  inviterName: string
  /** A few words of his, for the mail. */
  message?: string
  /** Mail it to him; otherwise whoever makes it passes the link on. */
  sendsMail?: boolean
  email: string
  /** Default scope: the organization, or the workspace. */
  roles?: readonly { roleId: string; scope?: Scope }[]
  userMetadata?: JsonObject
  appMetadata?: JsonObject
  /** How long it can be accepted: 1 to 2592000; seven days unless given. */
  lifetimeSeconds?: number
}

/** The secret that its link carries is told here and never again. */
export type CreatedInvitation = SentInvitation & { secret: string }

const sevenDaysInSeconds = 604_800
const longestLifetimeSeconds = 2_592_000

/**
 * Invites somebody. Whoever invites must be allowed to give each of the roles himself, in its scope.
 * @throws not_found, invalid, wrong_scope, cannot_grant
 */
export const createInvitation = command<CreateInvitation, CreatedInvitation, PreparedInvitation>({
  name: 'create invitation',
  needs: 'invitations:create',
  scope: (input) => scopeOfInvitation(input),
  prepare: async (_input, services) => prepareInvitation(services),
  run: (tx, input, actor, prepared) => addInvitation(tx, input, actor, prepared),
})

export type PreparedInvitation = { secret: string; ticketDigest: string; link: string }

export const prepareInvitation = ({
  newSecret,
  digest,
  links,
}: Pick<Services, 'newSecret' | 'digest' | 'links'>): PreparedInvitation => {
  const secret = newSecret()
  const link = `${links.base()}lo/invitation?ticket=${encodeURIComponent(secret)}`
  return { secret, ticketDigest: digest(secret), link }
}

/** NOTE: every refusal comes before the first write, because a batch keeps its other invitations. */
export const addInvitation = async (
  tx: Tx,
  input: CreateInvitation,
  actor: Actor,
  { secret, ticketDigest, link }: PreparedInvitation,
): Promise<CreatedInvitation> => {
  const { organizationId, applicationId, connectionId, email } = input
  const { userMetadata = {}, appMetadata = {} } = input
  if (organizationId !== undefined) await requireOrganization(tx, organizationId)
  if (applicationId !== undefined) {
    found(await tx.applications.find(applicationId), 'application', applicationId)
  }
  if (connectionId !== undefined) {
    found(await tx.connections.find(connectionId), 'connection', connectionId)
  }
  requireMetadata('userMetadata', userMetadata)
  requireMetadata('appMetadata', appMetadata)
  const scope = scopeOfInvitation(input)
  const roles = (input.roles ?? []).map((role) => ({ roleId: role.roleId, scope: role.scope ?? scope }))
  await requireMayInvite(tx, actor, { ...(organizationId !== undefined && { organizationId }), roles })
  requireEmail(email)
  const id = tx.newId()
  const invitation = await tx.invitations.insert({
    id,
    ...(organizationId !== undefined && { organizationId }),
    ...(applicationId !== undefined && { applicationId }),
    ...(connectionId !== undefined && { connectionId }),
    inviterName: input.inviterName,
    ...(input.message !== undefined && { message: input.message }),
    email,
    roles,
    userMetadata,
    appMetadata,
    ticketDigest,
    createdAt: tx.now(),
    expiresAt: tx.now() + requireLifetime(input.lifetimeSeconds) * 1000,
  })
  await tx.emit({
    type: 'invitation.created',
    scope,
    target: { kind: 'invitation', id },
    data: { email, roles },
  })
  if (input.sendsMail ?? true) await mailInvitation(tx, invitation, link)
  return { ...withoutDigest(invitation), secret }
}

/** The digest is of no use to anybody who asks for an invitation. */
export const withoutDigest = ({ ticketDigest: _ticketDigest, ...sent }: Invitation): SentInvitation => sent

export const scopeOfInvitation = ({ organizationId }: { organizationId?: string | undefined }): Scope =>
  organizationId === undefined ? workspace : organizationScope(organizationId)

const requireLifetime = (seconds: number = sevenDaysInSeconds): number => {
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= longestLifetimeSeconds) return seconds
  const reason = `An invitation lives for a whole number of seconds, 1 to ${longestLifetimeSeconds}.`
  throw new DomainError({ code: 'invalid', field: 'lifetimeSeconds', reason })
}
