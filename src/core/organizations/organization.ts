import type { Extensions, JsonObject } from '../json.ts'

/** A customer, partner or department: people are members of it and hold roles in it. */
export type Organization = {
  number: number
  id: string
  /** Lower case letters, digits, `_` and `-`; unique. */
  name: string
  displayName: string
  metadata: JsonObject
  createdAt: number
  updatedAt: number
  extensions: Extensions
}

/** A user belongs to an organization or a room. */
export type Membership = {
  number: number
  userId: string
  scope: `organization:${string}` | `room:${string}`
  createdAt: number
}

/** A way to sign in that an organization's members may use. */
export type OrganizationConnection = {
  number: number
  organizationId: string
  connectionId: string
  assignsMembershipOnLogin: boolean
  isSignupEnabled: boolean
  showsAsButton: boolean
}
