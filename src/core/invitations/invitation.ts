import type { JsonObject } from '../json.ts'
import type { Scope } from '../scope.ts'

/** Asks somebody in, with the roles he will hold. Only a digest of its ticket is kept. */
export type Invitation = {
  number: number
  id: string
  organizationId?: string
  applicationId?: string
  connectionId?: string
  inviterName: string
  /** A few words from who invites, for the mail. */
  message?: string
  email: string
  roles: readonly { roleId: string; scope: Scope }[]
  userMetadata: JsonObject
  appMetadata: JsonObject
  ticketDigest: string
  createdAt: number
  /** When its present link was sent; absent when that was with the making of it. */
  sentAt?: number
  expiresAt: number
  acceptedAt?: number
  /** The user who did. */
  acceptedBy?: string
}

/** An invitation as those see it who manage it. */
export type SentInvitation = Omit<Invitation, 'ticketDigest'>

/** Whether it can be accepted at an instant. Nothing needs to be swept for it to end. */
export const isOpen = ({ acceptedAt, expiresAt }: Invitation, at: number): boolean =>
  acceptedAt === undefined && expiresAt > at
