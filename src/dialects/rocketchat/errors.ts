import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { DomainError, type Kind, type Refusal, type RefusalCode } from '#core/refusals.ts'
import { UnstorableTextError } from '#http/text.ts'

/**
 * What this dialect's clients are told when something fails: a status and a body of one of few shapes.
 * @see specs: §1.6 of the Rocket.Chat dialect
 */
export type Failure = { status: number; body: Record<string, unknown> | string }

/** A thrown error: its code stands behind the text, in brackets, and once more by itself. */
export const thrown = (code: string, text?: string, details?: unknown): Failure => ({
  status: 400,
  body: {
    success: false,
    error: text === undefined ? `[${code}]` : `${text} [${code}]`,
    errorType: code,
    ...(details !== undefined && { details }),
  },
})

/** A text, and perhaps a type, without brackets. */
export const plain = (error: string, errorType?: string, status = 400): Failure => ({
  status,
  body: { success: false, error, ...(errorType !== undefined && { errorType }) },
})

/** Who may not call the route at all. It has no `errorType`. */
export const missingPermission = plain(
  'User does not have the permissions required for this action [error-unauthorized]',
  undefined,
  403,
)

/** Routes that look for themselves say it this way. */
export const unauthorized = plain('unauthorized', undefined, 403)

/** The body of the published page; what holds for every route stands in no other envelope. */
export const notSignedIn: Failure = {
  status: 401,
  body: { status: 'error', message: 'You must be logged in to do this.' },
}

/** A failure that only this dialect knows. */
export class WireError extends Error {
  override readonly name = 'WireError'
  readonly failure: Failure

  constructor(failure: Failure) {
    const { body } = failure
    super(typeof body === 'string' ? body : String(body.error ?? body.message))
    this.failure = failure
  }
}

export const refuse = (failure: Failure): never => {
  throw new WireError(failure)
}

type RefusalOf<Code extends RefusalCode> = Extract<Refusal, { code: Code }>
type Worded<Code extends RefusalCode> =
  | Failure
  | ((refusal: RefusalOf<Code>, request: Asked) => Failure | undefined)

/** What a wording may look at: some failures read differently for some requests. */
type Asked = Pick<FastifyRequest, 'body' | 'query' | 'actor'>

/** What a route says in words of its own; everything else is worded as for all. */
export type Words = {
  /** How it words what its schema refuses. */
  invalid?: (message: string) => Failure
  refusals?: { [Code in RefusalCode]?: Worded<Code> }
  /** A thing that is not there, by what it is. */
  missing?: { [K in Kind]?: Failure | ((id: string) => Failure) }
}

declare module 'fastify' {
  interface FastifyContextConfig {
    words?: Words
  }
}

/** Schema faults of 6 and 7: the text of Ajv with the code behind it. */
export const invalidParams = (message: string): Failure => thrown('invalid-params', message)

const missing: Readonly<Partial<Record<Kind, Failure>>> = {
  user: thrown(
    'error-invalid-user',
    'The required "userId" or "username" param provided does not match any users',
  ),
  role: thrown('error-invalid-roleId', 'This role does not exist'),
  assignment: thrown('error-user-not-in-role', 'User is not in this role'),
  room: thrown('error-room-not-found', 'No channel found by the id of: undefined'),
}

const lastAdministrator = thrown(
  'error-action-not-allowed',
  'Leaving the app without admins is not allowed',
  { action: 'Remove_last_admin' },
)

/** Words a refusal for every route. Does not compile until every code of `core/refusals.ts` is mapped. */
export const encodeRefusal = (refusal: Refusal): Failure => {
  switch (refusal.code) {
    case 'suspended':
      return notSignedIn
    case 'forbidden':
      return missingPermission
    case 'cannot_grant':
      return thrown(
        'error-action-not-allowed',
        `Nobody can give out what he does not hold: ${refusal.permission}`,
      )
    case 'not_found':
      return missing[refusal.kind] ?? plain('Resource not found', undefined, 404)
    case 'taken':
      return thrown('error-field-unavailable', `${refusal.value} is already in use :(`, {
        field: refusal.field,
      })
    case 'invalid':
      return thrown('invalid-params', refusal.reason)
    case 'last_administrator':
      return lastAdministrator
    case 'wrong_group':
    case 'own_account':
    case 'second_role':
      return thrown('error-action-not-allowed', 'This is not allowed here')
    case 'last_owner':
      return thrown(
        'error-remove-last-owner',
        'This is the last owner. Please set a new owner before removing this one.',
      )
    case 'exclusive_roles':
      return thrown('error-action-not-allowed', `The role ${refusal.heldRoleId} excludes ${refusal.roleId}`)
    case 'role_cycle':
      return thrown('error-action-not-allowed', 'A role can not include itself')
    case 'built_in':
      return refusal.kind === 'role'
        ? thrown('error-role-protected', 'Role is protected')
        : thrown('error-action-not-allowed', `The ${refusal.kind} is protected`)
    case 'unknown_permission':
      return thrown('error-invalid-permission', 'Permission does not exist')
    case 'wrong_scope':
      return thrown('error-invalid-scope', 'Invalid scope')
    case 'not_a_member':
      return thrown('error-user-not-in-room', 'User is not in this room')
    case 'limit_exceeded':
      return thrown('error-action-not-allowed', `There can be no more than ${refusal.limit}`)
    case 'in_use':
      return thrown('error-role-in-use', "Cannot delete role because it's in use")
    case 'precondition_failed':
      return thrown('error-action-not-allowed', 'Somebody else has changed it meanwhile')
    case 'invalid_cursor':
    case 'unknown_field':
      return thrown('error-invalid-sort', 'Invalid sort parameter provided')
    case 'unsupported':
      return thrown('error-action-not-allowed', `Not supported: ${refusal.what}`)
    case 'weak_password':
      return thrown('error-password-policy-not-met', 'The password does not meet the policy', {
        faults: refusal.faults,
      })
    case 'wrong_credentials':
      return signInFailure('Unauthorized', 'Unauthorized')
    case 'too_many_attempts':
      return refusal.by === 'user'
        ? signInFailure('error-login-blocked-for-user', 'Login has been temporarily blocked For User')
        : signInFailure('error-login-blocked-for-ip', 'Login has been temporarily blocked For IP')
    case 'second_factor_required':
      return signInFailure('totp-required', 'TOTP Required', secondFactorDetails(refusal.kinds))
    case 'second_factor_wrong':
      return signInFailure('totp-invalid', 'TOTP Invalid', secondFactorDetails(refusal.kinds))
    case 'email_not_confirmed':
      return signInFailure('error-invalid-email', 'Invalid email')
    case 'awaiting_approval':
      return signInFailure('error-user-is-not-activated', 'User is not activated', { method: 'login' })
    case 'registration_closed':
      return thrown('error-user-registration-disabled', 'User registration is disabled', {
        method: 'registerUser',
      })
    case 'email_domain_refused':
      return thrown('error-invalid-domain', 'The email domain is not allowed')
    case 'role_not_selectable':
      return thrown('error-action-not-allowed', `The role ${refusal.role} can not be chosen`)
    case 'denied_by_hook':
      return thrown('error-action-not-allowed', refusal.userMessage ?? refusal.reason)
    case 'hook_failed':
      return plain('Internal server error', undefined, 500)
    case 'wrong_code':
      return thrown('error-invalid-token', 'Invalid token')
    case 'proof_needed':
      return thrown('error-not-allowed', 'Sign in again first')
    case 'busy':
      return plain('Error, too many requests. Please slow down. [error-too-many-requests]', undefined, 429)
  }
}

/** What a failed sign-in answers. @see specs: §1.3 of the Rocket.Chat dialect */
export const signInFailure = (error: string, message: string, details?: unknown): Failure => ({
  status: 401,
  body: { status: 'error', error, message, ...(details !== undefined && { details }), success: false },
})

/** Clients ask for a code only when they know the method by its name. */
export const secondFactorDetails = (kinds: readonly string[]) => {
  const known = kinds.map((kind) => (kind === 'email-code' ? 'email' : kind))
  const method = known.find((kind) => kind === 'totp' || kind === 'email') ?? known[0] ?? 'totp'
  return { method, codeGenerated: false, availableMethods: known }
}

const worded = (words: Words, refusal: Refusal, request: Asked): Failure | undefined => {
  if (refusal.code === 'not_found') {
    const own = words.missing?.[refusal.kind]
    if (own) return typeof own === 'function' ? own(refusal.id) : own
  }
  const own = words.refusals?.[refusal.code] as Worded<typeof refusal.code> | undefined
  return typeof own === 'function' ? own(refusal as never, request) : own
}

/** The answer for whatever went wrong. What is our fault says no more than that; the log has the rest. */
const encodeError = (error: FastifyError | Error, request: FastifyRequest): Failure => {
  const { words = {} } = request.routeOptions.config
  if (error instanceof WireError) return error.failure
  if (error instanceof DomainError) {
    return worded(words, error.refusal, request) ?? encodeRefusal(error.refusal)
  }
  const { invalid = invalidParams } = words
  if (error instanceof UnstorableTextError) return invalid('must be valid text')
  if ('validation' in error && error.validation) {
    // Only where a schema has alternatives there are several.
    return invalid(error.validation.map(({ message }) => message).join('\n '))
  }
  const { statusCode = 500 } = error as FastifyError
  if (statusCode === 413) return plain('The request is too large', undefined, 413)
  if (statusCode >= 400 && statusCode < 500) return plain('The body of the request is not valid')
  return plain('Internal server error', undefined, 500)
}

export const handleError = (
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply => {
  const { status, body } = encodeError(error, request)
  if (status >= 500) request.log.error({ err: error }, 'a request failed')
  return reply.code(status).send(body)
}
