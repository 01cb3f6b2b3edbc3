import type { JsonObject } from '../json.ts'

/** A link or code that lets one user do one thing once. Only a digest of the secret in it is kept. */
export type Ticket = {
  number: number
  id: string
  purpose: 'change-password' | 'verify-email' | 'sign-in'
  userId: string
  digest: string
  /** `email`: the address it was made for; it is good for nothing once the user has another. */
  data: JsonObject
  createdAt: number
  expiresAt: number
  usedAt?: number
}
