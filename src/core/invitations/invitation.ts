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
  email: string
  roles: readonly { roleId: string; scope: Scope }[]
  userMetadata: JsonObject
  appMetadata: JsonObject
  ticketDigest: string
  createdAt: number
  expiresAt: number
  acceptedAt?: number
}
