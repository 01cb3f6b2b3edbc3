import type { Actor } from '../actor.ts'
import type { Filter } from '../listing.ts'
import type { Scope } from '../scope.ts'

/** Somebody asks for a role that the registration policy lets him choose once somebody else has approved of it. */
export type RoleRequest = {
  number: number
  id: string
  userId: string
  roleId: string
  scope: Scope
  /** `expired` once that was told; one that is open and too old reads as expired until then. */
  status: 'open' | 'approved' | 'rejected' | 'withdrawn' | 'expired'
  /** Why he asks, in his words. */
  reason?: string
  /** What he was told with the decision. */
  answer?: string
  decidedBy?: { kind: Actor['kind']; id: string }
  createdAt: number
  /** Nobody can decide on it from this instant on, in milliseconds since 1970. */
  expiresAt: number
  decidedAt?: number
}

/** Whether it can be decided on at an instant. Nothing needs to be swept for it to end. */
export const isOpenRequest = ({ status, expiresAt }: RoleRequest, at: number): boolean =>
  status === 'open' && expiresAt > at

/** The same for lists. */
export const openRequestsAt = (at: number): Filter => ({
  all: [
    { field: 'status', is: 'equal', value: 'open' },
    { field: 'expiresAt', is: 'more', value: at },
  ],
})
