import type { JsonObject } from '../json.ts'

/** A link that lets one user do one thing once. Only a digest of the secret in it is kept. */
export type Ticket = {
  number: number
  id: string
  purpose: 'change-password' | 'verify-email'
  userId: string
  digest: string
  data: JsonObject
  createdAt: number
  expiresAt: number
  usedAt?: number
}
