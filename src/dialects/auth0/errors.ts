import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { scopesThatStandFor } from '#core/apis/management.ts'
import { DomainError, type Kind, type Refusal } from '#core/refusals.ts'
import { UnstorableTextError } from '#http/text.ts'
import { encodeRoleId, encodeUserId } from './ids.ts'
import { SearchSyntaxError } from './user-search.ts'
import { wordValidation } from './validation-wording.ts'

/** What the Management API answers when it refuses. @see specs: §1.2 of the Auth0 dialect */
export type ErrorBody = {
  statusCode: number
  error: string
  message: string
  errorCode?: string
  attributes?: { error: string }
}

const phrases: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Payload Too Large',
  415: 'Unsupported Media Type',
  421: 'Misdirected Request',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

export const errorBody = (statusCode: number, message: string, errorCode?: string): ErrorBody => ({
  statusCode,
  error: phrases[statusCode] ?? 'Error',
  message,
  ...(errorCode !== undefined && { errorCode }),
})

/** A refusal that only this dialect knows: its own paging styles, formats and credentials. */
export class WireError extends Error {
  override readonly name = 'WireError'
  readonly body: ErrorBody

  constructor(statusCode: number, message: string, errorCode?: string, attributes?: ErrorBody['attributes']) {
    super(message)
    this.body = { ...errorBody(statusCode, message, errorCode), ...(attributes && { attributes }) }
  }
}

const missing: Readonly<Record<Kind, [message: string, errorCode?: string]>> = {
  user: ['The user does not exist.', 'inexistent_user'],
  role: ['The role does not exist.', 'inexistent_role'],
  assignment: ['The role assignment does not exist.', 'inexistent_role_assignment'],
  permission: ['The permission does not exist.', 'inexistent_permission'],
  api: ['The resource server does not exist', 'inexistent_resource_server'],
  application: ['The client does not exist', 'inexistent_client'],
  client_grant: ['The client grant does not exist', 'inexistent_client_grant'],
  organization: ['No organization found by that id or name'],
  member: ['The user is not a member of this organization.'],
  room: ['The room does not exist.', 'inexistent_room'],
  connection: ['The connection does not exist', 'inexistent_connection'],
  organization_connection: ['No organization found by that id or name'],
  invitation: ['The invitation does not exist.'],
  identity: ['The identity does not exist.', 'inexistent_identity'],
  job: ['The job does not exist.', 'inexistent_job'],
  event: ['Log not found.', 'inexistent_log'],
  ticket: ['The ticket does not exist.', 'inexistent_ticket'],
  signing_key: ['The signing key does not exist.', 'inexistent_signing_key'],
  user_block: ['The user does not exist.', 'inexistent_user'],
  rule: ['The rule does not exist.'],
  role_request: ['The role request does not exist.'],
  session: ['The session does not exist.', 'inexistent_session'],
  mail: ['The mail does not exist.', 'inexistent_mail'],
  second_factor: ['The authentication method does not exist.', 'inexistent_authentication_method'],
  mail_template: ['The template does not exist.', 'inexistent_email_template'],
  hook: ['That action does not exist.'],
  hook_version: ['That action version does not exist.'],
  hook_binding: ['That binding does not exist.'],
  execution: ['That execution does not exist.'],
  entry: ['The entry does not exist.', 'inexistent_entry'],
}

const taken: Partial<Readonly<Record<Kind, [message: string, errorCode?: string]>>> = {
  user: ['The user already exists.', 'auth0_idp_error'],
  role: ['There is an existing role with this name', 'role_conflict'],
  api: ['A resource server with the same identifier already exists', 'conflict'],
  client_grant: ['A client grant for this client and resource server already exists', 'conflict'],
  connection: ['A connection with the same name already exists', 'conflict'],
  organization: ['An organization with this name already exists.', 'conflict'],
  identity: ['The specified identity is already linked.', 'identity_conflict'],
  hook: ['An action with the same name already exists.', 'conflict'],
}

/** Words a refusal the vendor's way. Does not compile until every code of `core/refusals.ts` is mapped. */
export const encodeRefusal = (refusal: Refusal): ErrorBody => {
  switch (refusal.code) {
    case 'suspended':
      return { ...errorBody(401, 'Invalid token'), attributes: { error: 'Invalid token' } }
    case 'forbidden': {
      const scopes = scopesThatStandFor(refusal.permission).join(',')
      const message = scopes ? `expected any of: ${scopes}` : `none stands for ${refusal.permission}`
      return errorBody(403, `Insufficient scope, ${message}`, 'insufficient_scope')
    }
    case 'cannot_grant':
      return errorBody(
        403,
        `Insufficient scope, nobody can give out what he does not hold: ${refusal.permission}`,
        'insufficient_scope',
      )
    case 'not_found':
      return errorBody(404, ...missing[refusal.kind])
    case 'taken':
      return errorBody(
        409,
        ...(taken[refusal.kind] ?? [`The ${refusal.field} is already in use.`, 'conflict']),
      )
    case 'invalid':
      return errorBody(
        400,
        `Payload validation error: '${refusal.reason}' on property ${snake(refusal.field)}.`,
        'invalid_body',
      )
    case 'last_administrator':
      return errorBody(403, 'The last administrator can not be removed.', 'last_administrator')
    case 'wrong_group':
      return errorBody(403, 'The user can not be changed this way.', 'operation_not_supported')
    case 'own_account':
      return errorBody(403, 'Nobody can do this to himself.', 'operation_not_supported')
    case 'second_role':
      return errorBody(409, 'The user has a role in the client already.', 'conflict')
    case 'last_owner':
      return errorBody(403, 'The last owner of a room can not be removed.', 'last_owner')
    case 'exclusive_roles':
      return errorBody(
        409,
        `The user ${encodeUserId(refusal.userId)} holds the role ${encodeRoleId(refusal.heldRoleId)}, which excludes ${encodeRoleId(refusal.roleId)}.`,
        'exclusive_roles',
      )
    case 'role_cycle':
      return errorBody(400, 'A role can not include itself.', 'role_cycle')
    case 'built_in':
      return refusal.kind === 'api'
        ? errorBody(400, 'System resource servers cannot be patched.', 'operation_not_supported')
        : errorBody(
            400,
            `This ${refusal.kind.replaceAll('_', ' ')} is built in and can not be changed.`,
            'operation_not_supported',
          )
    case 'unknown_permission':
      return errorBody(
        400,
        `The permission ${refusal.name} does not exist in the resource server.`,
        'invalid_body',
      )
    case 'wrong_scope':
      return errorBody(400, 'The role can not be assigned there.', 'operation_not_supported')
    case 'not_a_member':
      return errorBody(
        400,
        `The user ${encodeUserId(refusal.userId)} is not a member of this organization.`,
        'invalid_body',
      )
    case 'limit_exceeded':
      return errorBody(
        400,
        `No more ${refusal.kind}s can be assigned, the limit is ${refusal.limit}.`,
        'limit_exceeded',
      )
    case 'in_use':
      return errorBody(409, `The ${refusal.kind.replaceAll('_', ' ')} is in use.`, 'conflict')
    case 'precondition_failed':
      return errorBody(
        412,
        'The roles have changed since they were read; read them again.',
        'precondition_failed',
      )
    case 'invalid_cursor':
      return errorBody(
        400,
        "Query validation error: 'Invalid checkpoint' on property from.",
        'invalid_paging',
      )
    case 'unknown_field':
      return errorBody(
        400,
        `Query validation error: 'Unknown field: ${refusal.field}'.`,
        'invalid_query_string',
      )
    case 'unsupported':
      return errorBody(400, `Not supported: ${refusal.what}.`, 'operation_not_supported')
    case 'weak_password':
      if (refusal.faults.every((fault) => fault === 'used_before')) {
        return errorBody(400, 'PasswordHistoryError: Password has previously been used')
      }
      return errorBody(400, 'PasswordStrengthError: Password is too weak')
    case 'wrong_credentials':
      return errorBody(401, 'Wrong email or password.', 'invalid_user_password')
    case 'too_many_attempts':
      return errorBody(
        429,
        `Too many failed attempts. Try again in ${refusal.retryAfterSeconds} seconds.`,
        'too_many_attempts',
      )
    case 'second_factor_required':
      return errorBody(403, 'Multifactor authentication required', 'mfa_required')
    case 'second_factor_wrong':
      return errorBody(403, 'Invalid second factor.', 'invalid_grant')
    case 'email_not_confirmed':
      return errorBody(403, 'Please verify your email before logging in.', 'unauthorized')
    case 'awaiting_approval':
      return errorBody(403, 'The registration has to be approved first.', 'unauthorized')
    case 'registration_closed':
      return errorBody(403, 'Public signup is disabled', 'public_signup_disabled')
    case 'email_domain_refused':
      return errorBody(400, `Addresses at ${refusal.domain} are not accepted.`, 'invalid_signup')
    case 'role_not_selectable':
      return errorBody(400, `The role ${refusal.role} can not be chosen.`, 'invalid_signup')
    case 'denied_by_hook':
      return errorBody(400, refusal.userMessage ?? refusal.reason, 'extensibility_error')
    case 'hook_failed':
      return errorBody(400, `An Action failed: ${refusal.executionId}.`, 'extensibility_error')
    case 'wrong_code':
      return errorBody(400, 'The code is invalid or has expired.', 'invalid_code')
    case 'proof_needed':
      return errorBody(401, 'Sign in again first.', 'insufficient_user_authentication')
    case 'busy':
      return errorBody(503, 'The server is busy, try again.', 'service_unavailable')
    default:
      return refusal satisfies never
  }
}

/** Words some refusals of an operation as just this route of the vendor's does; undefined words it as everywhere. */
export const reworded = async <T>(
  work: Promise<T>,
  word: (refusal: Refusal) => WireError | undefined,
): Promise<T> => {
  try {
    return await work
  } catch (error) {
    throw (error instanceof DomainError && word(error.refusal)) || error
  }
}

const snake = (field: string): string => field.replace(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`)

/** The body for whatever went wrong. What is our fault says no more than that; the log has the rest. */
export const encodeError = (error: FastifyError | Error): ErrorBody => {
  if (error instanceof DomainError) return encodeRefusal(error.refusal)
  if (error instanceof WireError) return error.body
  if (error instanceof SearchSyntaxError) {
    const message = `Query validation error: '${error.message}' on property ${error.parameter}.`
    return errorBody(400, message, 'invalid_query_string')
  }
  if (error instanceof UnstorableTextError) {
    const [prefix, errorCode] = faultyParts[error.part]
    return errorBody(400, `${prefix} validation error: '${error.message}'.`, errorCode)
  }
  if ('validation' in error && error.validation) {
    const { message, errorCode } = wordValidation(error)
    return errorBody(400, message, errorCode)
  }
  const { statusCode = 500, code } = error as FastifyError
  if (statusCode === 413) return errorBody(413, 'Payload Too Large', 'payload_too_large')
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return errorBody(415, 'The content type must be application/json.', 'invalid_content_type')
  }
  if (statusCode >= 400 && statusCode < 500) {
    return errorBody(400, 'Payload validation error: the body is not valid JSON.', 'invalid_body')
  }
  return errorBody(500, 'Internal Server Error')
}

const faultyParts = {
  body: ['Payload', 'invalid_body'],
  params: ['Path', 'invalid_uri'],
  querystring: ['Query', 'invalid_query_string'],
} as const

export const handleError = (
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply => {
  const body = encodeError(error)
  if (body.statusCode >= 500) request.log.error({ err: error }, 'a request failed')
  return reply.code(body.statusCode).send(body)
}
