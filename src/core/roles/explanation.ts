import type { Actor, Door } from '../actor.ts'
import type { Scope } from '../scope.ts'
import type { Assignment, Source } from './assignment.ts'

/**
 * Why a user holds a role, or may do something, in a scope; or what is missing. Plain data in a fixed order: each path
 * can be drawn as it stands, from the user over its grant and its roles to what was asked for.
 */
export type Explanation = {
  user: { id: string; name?: string; isBlocked: boolean }
  scope: Scope
  /** The instant it holds for, milliseconds since 1970. */
  at: number
  asked: AskedRole | AskedPermission
  /** What a decision, a token and a list would say: that the role counts, that the user may. */
  answer: boolean
  /**
   * Every way that leads there: the shortest first, then the oldest grant. A blocked user's are listed, though they
   * lead nowhere as long as he is blocked.
   */
  paths: Path[]
  /** Whether there are more paths than the 100 that are listed. */
  isCut: boolean
  /** Only when the answer is no. */
  missing?: Missing
}

export type AskedRole = { kind: 'role'; role: RoleRef }
export type AskedPermission = {
  kind: 'permission'
  permission: { apiId: string; apiIdentifier: string; apiName: string; name: string; description: string }
}

export type RoleRef = { id: string; name: string; isActive: boolean }

export type Path = {
  grant: AssignmentGrant | DirectGrant
  /**
   * The assigned role, then each role that the one before includes, up to the role that was asked for or that carries
   * the permission. Empty when the permission was given to the user himself.
   */
  roles: RoleRef[]
}

/** Somebody, or something, gave the user a role. */
export type AssignmentGrant = {
  kind: 'assignment'
  scope: Scope
  source: Source
  sourceId?: string
  /** What stands behind the source: the rule, the application whose policy it was, the invitation. */
  sourceName?: string
  by: Who
  door: Door
  reason?: string
  since: number
  /** Counts until just before this instant; for good when absent. */
  until?: number
}

/** Somebody gave the user the permission itself, which holds in the whole workspace. */
export type DirectGrant = {
  kind: 'permission'
  scope: 'workspace'
  /** From the events, as long as they are kept. */
  by?: Who
  door?: Door
  since?: number
}

/** `name` while there is somebody of that id who has one. */
export type Who = { kind: Actor['kind']; id: string; name?: string }

export type Missing = {
  /** Nothing counts before the user is unblocked. Only for permissions: a blocked user keeps his roles. */
  isBlocked: boolean
  /** Whether the user is a member of the organization or room, as he must be to hold roles there. */
  isMember?: boolean
  /** What the user was given that would lead there, and why it does not. */
  nearly: NearMiss[]
  /** Roles that would lead there, nearest first; for those only who may see roles. */
  roles?: Carrier[]
}

export type NearMiss = Path & { because: Obstacle[] }

export type Obstacle =
  | { kind: 'expired'; at: number }
  | { kind: 'other-scope'; scope: Scope }
  | { kind: 'inactive-role'; role: RoleRef }

/** A role that would lead there, if the user held it. */
export type Carrier = {
  /** From the role to be given to the one that was asked for or that carries the permission. */
  roles: RoleRef[]
  /** Where it can be given, to count in the scope. */
  assignIn: Scope
  /** Those of the roles that must be switched on first. */
  inactive: RoleRef[]
}

export const grantOf = (assignment: Assignment, by: Who, sourceName?: string): AssignmentGrant => ({
  kind: 'assignment',
  scope: assignment.scope,
  source: assignment.source,
  ...(assignment.sourceId !== undefined && { sourceId: assignment.sourceId }),
  ...(sourceName !== undefined && { sourceName }),
  by,
  door: assignment.door,
  ...(assignment.reason !== undefined && { reason: assignment.reason }),
  since: assignment.createdAt,
  ...(assignment.expiresAt !== undefined && { until: assignment.expiresAt }),
})
