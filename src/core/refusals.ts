import type { Permission } from './permissions.ts'
import type { Scope } from './scope.ts'
import type { PasswordFault, PasswordPolicy } from './users/password-policy.ts'

/** What a refusal can be about. One word per table of the model. */
export type Kind =
  | 'user'
  | 'role'
  | 'assignment'
  | 'permission'
  | 'api'
  | 'application'
  | 'client_grant'
  | 'organization'
  | 'member'
  | 'room'
  | 'connection'
  | 'organization_connection'
  | 'invitation'
  | 'identity'
  | 'job'
  | 'event'
  | 'ticket'
  | 'signing_key'
  | 'user_block'
  | 'hook'
  | 'hook_version'
  | 'hook_binding'
  | 'execution'
  | 'session'
  | 'rule'
  | 'role_request'
  | 'mail'
  | 'mail_template'
  | 'entry'
  | 'second_factor'

/**
 * Every expected no, as plain data. Codes are API and never change meaning; the wording is each dialect's own
 * (`encodeRefusal` in its `errors.ts`, which does not compile until a new code is mapped).
 */
export type Refusal =
  /** The actor may not do this here. */
  | { code: 'forbidden'; permission: Permission; scope: Scope }
  /** The actor may do nothing any more: blocked, switched off or gone. */
  | { code: 'suspended'; kind: 'user' | 'application'; id: string }
  /** Giving this out would raise somebody beyond what the actor holds himself. */
  | { code: 'cannot_grant'; permission: Permission }
  | { code: 'not_found'; kind: Kind; id: string }
  /** A value that must be unique is in use. */
  | { code: 'taken'; kind: Kind; field: string; value: string }
  /** A value breaks a rule that its type alone can't express; `reason` is a sentence for people. */
  | { code: 'invalid'; field: string; reason: string }
  | { code: 'last_administrator'; userId: string }
  /** A way in for administrators named somebody else, or one for everybody else an administrator. */
  | { code: 'wrong_group'; userId: string; isAdministrator: boolean }
  /** Nobody can do this to himself this way. */
  | { code: 'own_account'; userId: string }
  /** Where the caller's dialect knows one role for each user and application: he has one there already. */
  | { code: 'second_role'; assignment: number; user: number; application: number; role: number }
  | { code: 'last_owner'; userId: string; roomId: string }
  /** Both roles may not be held together (separation of duty). */
  | { code: 'exclusive_roles'; userId: string; roleId: string; heldRoleId: string }
  | { code: 'role_cycle'; roleId: string; includedRoleId: string }
  /** Built-in things can be used but not changed or deleted. */
  | { code: 'built_in'; kind: Kind; id: string }
  | { code: 'unknown_permission'; apiId: string; name: string }
  /** A role that lives in rooms was named for another scope, or the other way round. */
  | { code: 'wrong_scope'; roleId: string; scope: Scope }
  | { code: 'not_a_member'; userId: string; scope: Scope }
  | { code: 'limit_exceeded'; kind: Kind; limit: number }
  | { code: 'in_use'; kind: Kind; id: string }
  /** `If-Match` named a state that is no longer the current one. */
  | { code: 'precondition_failed'; current: string }
  | { code: 'invalid_cursor' }
  /** A field that this list can't be filtered or ordered by. */
  | { code: 'unknown_field'; field: string }
  | { code: 'unsupported'; what: string }
  /** The connection asks for a stronger password. */
  | { code: 'weak_password'; policy: PasswordPolicy; faults: readonly PasswordFault[] }
  /** Who signs in is unknown, has no password, or gave another: never told apart. */
  | { code: 'wrong_credentials' }
  /** Too many attempts failed, for what somebody signs in as or from where. */
  | { code: 'too_many_attempts'; by: 'user' | 'address'; retryAfterSeconds: number }
  /** The password was right; one of these kinds of second factor must be shown too. */
  | { code: 'second_factor_required'; userId: string; kinds: readonly string[] }
  | { code: 'second_factor_wrong'; userId: string; kinds: readonly string[] }
  | { code: 'email_not_confirmed'; userId: string }
  /** Registered, but somebody has yet to let the person in. */
  | { code: 'awaiting_approval'; userId: string }
  | { code: 'registration_closed'; mode: 'invitation' | 'closed' }
  | { code: 'email_domain_refused'; domain: string }
  /** Nobody may choose this role when registering; one that does not exist reads alike. */
  | { code: 'role_not_selectable'; role: string }
  /** A hook refused it; `userMessage` is for whoever is at the keyboard. */
  | { code: 'denied_by_hook'; reason: string; userMessage?: string; status?: number }
  /** A hook that must agree could not be asked. */
  | { code: 'hook_failed'; executionId: string; reason: string }
  /** A mailed code or link is unknown, used up or too old. */
  | { code: 'wrong_code' /** It was right, and is too old. */; isExpired?: true }
  /** Whoever changes how he signs in must have proven more lately who he is. */
  | { code: 'proof_needed'; withinSeconds: number }
  /** Too much is waiting already; nothing was done, the caller may try again. */
  | { code: 'busy' }

export type RefusalCode = Refusal['code']

/** Abandons an operation, and with it its transaction. The only error class of the domain. */
export class DomainError extends Error {
  override name = 'DomainError'
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(refusal.code)
    this.refusal = refusal
  }
}

/** Throws `not_found` unless the thing is there, and returns it. */
export const found = <T>(thing: T | undefined, kind: Kind, id: string): T => {
  if (thing === undefined) throw new DomainError({ code: 'not_found', kind, id })
  return thing
}

/** Throws `not_found` for the first of the ids that is not among the things, and returns them in the ids' order. */
export const foundAll = <T extends { id: string }>(
  things: readonly T[],
  kind: Kind,
  ids: readonly string[],
): T[] => {
  const byId = new Map(things.map((thing) => [thing.id, thing]))
  return ids.map((id) => found(byId.get(id), kind, id))
}
