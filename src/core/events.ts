import type { Actor, Door } from './actor.ts'
import type { JsonObject } from './json.ts'
import type { Kind } from './refusals.ts'
import type { Scope } from './scope.ts'

/** Everything that can have happened, as past-tense facts. Names are public: hooks and webhooks bind to them. */
export const eventTypes = [
  'user.created',
  'user.updated',
  'user.registered',
  'user.registration-repeated',
  'user.approved',
  'user.rejected',
  'user.blocked',
  'user.unblocked',
  'user.deleted',
  'user.signed-in',
  'user.sign-in-failed',
  'session.created',
  'session.ended',
  'user.password-changed',
  'user.second-factor-added',
  'user.second-factor-removed',
  'user.identity-linked',
  'user.identity-unlinked',
  'user.permission-assigned',
  'user.permission-removed',
  'role.created',
  'role.updated',
  'role.deleted',
  'role.assigned',
  'role.removed',
  'role.permission-added',
  'role.permission-removed',
  'role.inclusion-added',
  'role.inclusion-removed',
  'role.exclusion-added',
  'role.exclusion-removed',
  'api.created',
  'api.updated',
  'api.deleted',
  'application.created',
  'application.updated',
  'application.deleted',
  'application.secret-rotated',
  'client-grant.created',
  'client-grant.updated',
  'client-grant.deleted',
  'connection.created',
  'connection.updated',
  'connection.deleted',
  'organization.created',
  'organization.updated',
  'organization.deleted',
  'organization.member-added',
  'organization.member-removed',
  'organization.connection-added',
  'organization.connection-updated',
  'organization.connection-removed',
  'invitation.created',
  'invitation.accepted',
  'invitation.resent',
  'invitation.revoked',
  'registration-policy.updated',
  'role-request.created',
  'role-request.approved',
  'role-request.rejected',
  'role-request.withdrawn',
  'role-request.expired',
  'rule.created',
  'rule.updated',
  'rule.deleted',
  'rule.failed',
  'room.created',
  'room.updated',
  'room.deleted',
  'room.member-added',
  'room.member-removed',
  'mail.failed',
  'mail-template.updated',
  'mail-template.removed',
  'settings.updated',
  'entry.created',
  'entry.updated',
  'entry.deleted',
  'signing-key.rotated',
  'signing-key.revoked',
  'ticket.created',
  'hook.created',
  'hook.updated',
  'hook.build-failed',
  'hook.deployed',
  'hook.deleted',
  'hook.failed',
  'trigger.bound',
  'job.created',
  'job.finished',
  'token.issued',
  'token.refused',
] as const

export type EventType = (typeof eventTypes)[number]

/** A fact as an operation states it. Never holds a secret: events are shown, exported and handed to hooks. */
export type Fact = {
  type: EventType
  /** The user it happened to, if it happened to one. */
  userId?: string
  roleId?: string
  scope?: Scope
  /** The thing that changed, where that is neither the user nor the role. */
  target?: { kind: Kind; id: string }
  data?: JsonObject
}

/** A fact as it was stored: numbered in commit order, with when, by whom and through which door. */
export type Event = Fact & {
  number: number
  id: string
  /** Milliseconds since 1970. */
  at: number
  door: Door
  actor: { kind: Actor['kind']; id: string }
}
