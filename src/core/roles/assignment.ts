import type { Actor, Door } from '../actor.ts'
import type { Filter } from '../listing.ts'
import type { Scope } from '../scope.ts'

/** How a role came to a user. `direct`: somebody gave it; everything else says what gave it. */
export type Source =
  | 'direct'
  | 'default'
  | 'selection'
  | 'request'
  | 'invitation'
  | 'rule'
  | 'hook'
  | 'import'

/** A user holds a role in a scope. Counts from its instant until just before `expiresAt`. */
export type Assignment = {
  number: number
  userId: string
  roleId: string
  scope: Scope
  source: Source
  /** What gave it, where the source is a thing with an id: the rule's, hook's or invitation's. */
  sourceId?: string
  actor: { kind: Actor['kind']; id: string }
  door: Door
  reason?: string
  createdAt: number
  expiresAt?: number
}

export type AssignmentKey = Pick<Assignment, 'userId' | 'roleId' | 'scope'>

/** Whether it counts at an instant. Nothing needs to be swept for an expired assignment to stop counting. */
export const counts = (assignment: Assignment, at: number): boolean =>
  assignment.expiresAt === undefined || assignment.expiresAt > at

/** The same for lists. */
export const countingAt = (at: number): Filter => ({
  any: [
    { field: 'expiresAt', exists: false },
    { field: 'expiresAt', is: 'more', value: at },
  ],
})
