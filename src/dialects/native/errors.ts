import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Kind, Refusal, RefusalCode } from '#core/refusals.ts'
import { DomainError } from '#core/refusals.ts'
import { UnstorableTextError } from '#http/text.ts'

/** Codes of this dialect, beside those of `core/refusals.ts`. All of them are API and never change meaning. */
export type WireCode =
  | 'invalid_request'
  | 'unauthorized'
  | 'not_found'
  | 'precondition_required'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'misdirected'
  | 'csrf_token_required'
  | 'foreign_page'
  | 'internal'

/** What is wrong with one value of a request: `path` as `userIds[0]`, in the body, query, path or headers. */
export type FieldProblem = { in: 'body' | 'query' | 'path' | 'headers'; path: string; message: string }

/**
 * Problem details, with the members of the refusal beside the standard ones.
 * @see RFC 9457
 */
export type Problem = {
  type: string
  title: string
  status: number
  detail: string
  code: RefusalCode | WireCode
  errors?: readonly FieldProblem[]
  [member: string]: unknown
}

export const problemType = 'application/problem+json'

const wire: Readonly<Record<WireCode, [status: number, title: string]>> = {
  invalid_request: [400, 'The request is not valid'],
  unauthorized: [401, 'The request needs a valid credential'],
  not_found: [404, 'There is nothing here'],
  precondition_required: [428, 'The request must say what it was based on'],
  payload_too_large: [413, 'The request is too large'],
  unsupported_media_type: [415, 'The content type is not supported'],
  csrf_token_required: [403, 'The request must prove that our own page made it'],
  foreign_page: [403, 'The page is not one of this server'],
  misdirected: [421, 'This server does not answer for that host'],
  internal: [500, 'Something went wrong on the server'],
}

/** A refusal that only this dialect knows. */
export class WireError extends Error {
  override readonly name = 'WireError'
  readonly code: WireCode
  readonly errors: readonly FieldProblem[] | undefined

  constructor(code: WireCode, detail: string, errors?: readonly FieldProblem[]) {
    super(detail)
    this.code = code
    this.errors = errors
  }
}

const typeOf = (code: string): string => `urn:rolecall:problem:${code}`

export const wireProblem = (code: WireCode, detail: string, errors?: readonly FieldProblem[]): Problem => {
  const [status, title] = wire[code]
  return { type: typeOf(code), title, status, detail, code, ...(errors && { errors }) }
}

/** Words a refusal. Does not compile until every code of `core/refusals.ts` is mapped. */
export const encodeRefusal = (refusal: Refusal): Problem => {
  const { code, ...members } = refusal
  const [status, title, detail] = wording(refusal)
  return { ...members, type: typeOf(code), title, status, detail, code }
}

type Wording = [status: number, title: string, detail: string]

const wording = (refusal: Refusal): Wording => {
  switch (refusal.code) {
    case 'suspended':
      return [
        401,
        'The request needs a valid credential',
        `The ${refusal.kind} ${refusal.id} may do nothing any more.`,
      ]
    case 'forbidden':
      return [
        403,
        'This is not allowed',
        `It needs the permission ${refusal.permission} in ${refusal.scope}.`,
      ]
    case 'cannot_grant':
      return [
        403,
        'Nobody can give out what he does not hold',
        `It needs the permission ${refusal.permission}, which would be given out with it.`,
      ]
    case 'not_found':
      return [404, 'There is nothing here', `There is no ${noun(refusal.kind)} ${refusal.id}.`]
    case 'taken':
      return [
        409,
        'The value is in use',
        `Another ${noun(refusal.kind)} has the ${refusal.field} ${refusal.value}.`,
      ]
    case 'invalid':
      return [400, 'A value is not valid', refusal.reason]
    case 'last_administrator':
      return [409, 'This is the last administrator', 'Somebody must stay able to administer the workspace.']
    case 'wrong_group':
      return [
        403,
        'The user is of the other group',
        refusal.isAdministrator ? 'The user is an administrator.' : 'The user is no administrator.',
      ]
    case 'own_account':
      return [403, 'Not to oneself', 'Nobody can do this to himself.']
    case 'second_role':
      return [
        409,
        'The user has a role in the application already',
        `The assignment ${refusal.assignment} is in the way.`,
      ]
    case 'last_owner':
      return [409, 'This is the last owner of the room', 'Make somebody else an owner first.']
    case 'exclusive_roles':
      return [
        409,
        'The roles exclude each other',
        `The user ${refusal.userId} holds ${refusal.heldRoleId}, which excludes ${refusal.roleId}.`,
      ]
    case 'role_cycle':
      return [
        409,
        'A role can not include itself',
        `The role ${refusal.includedRoleId} already includes ${refusal.roleId}.`,
      ]
    case 'built_in':
      return [409, 'This is built in', `The ${noun(refusal.kind)} ${refusal.id} can not be changed this way.`]
    case 'unknown_permission':
      return [
        400,
        'There is no such permission',
        `The API ${refusal.apiId} has no permission ${refusal.name}.`,
      ]
    case 'wrong_scope':
      return [
        400,
        'The role can not be held there',
        `The role ${refusal.roleId} can not be held in ${refusal.scope}.`,
      ]
    case 'not_a_member':
      return [
        409,
        'The user is not a member',
        `The user ${refusal.userId} is not a member of ${refusal.scope}.`,
      ]
    case 'limit_exceeded':
      return [
        409,
        'There are too many already',
        `There can be no more than ${refusal.limit} of ${noun(refusal.kind)}.`,
      ]
    case 'in_use':
      return [409, 'It is in use', `The ${noun(refusal.kind)} ${refusal.id} is in use.`]
    case 'precondition_failed':
      return [412, 'It has changed meanwhile', 'Read it again and base the change on what it is now.']
    case 'invalid_cursor':
      return [400, 'The cursor is not valid', 'Pass the `next` of a page of the same list as `after`.']
    case 'unknown_field':
      return [400, 'There is no such field', `The list has no field ${refusal.field}.`]
    case 'unsupported':
      return [400, 'This is not supported', `Not supported: ${refusal.what}.`]
    case 'weak_password':
      return [400, 'The password is too weak', `It breaks the policy ${refusal.policy}.`]
    case 'wrong_credentials':
      return [401, 'The name or password is wrong', 'Check both and try again.']
    case 'too_many_attempts':
      return [429, 'Too many attempts failed', `Try again in ${refusal.retryAfterSeconds} seconds.`]
    case 'second_factor_required':
      return [401, 'A second factor is needed', `Show one of: ${refusal.kinds.join(', ')}.`]
    case 'second_factor_wrong':
      return [401, 'The second factor is wrong', 'Check the code and try again.']
    case 'email_not_confirmed':
      return [403, 'The e-mail address is not confirmed', 'Open the link in the mail first.']
    case 'awaiting_approval':
      return [403, 'The registration waits for approval', 'An administrator has to agree first.']
    case 'registration_closed':
      return [
        403,
        'Registration is not open',
        refusal.mode === 'invitation' ? 'It takes an invitation.' : 'Nobody can register here.',
      ]
    case 'email_domain_refused':
      return [403, 'The e-mail domain is not accepted', `Addresses at ${refusal.domain} can not register.`]
    case 'role_not_selectable':
      return [400, 'The role can not be chosen', `${refusal.role} is no role that can be chosen here.`]
    case 'denied_by_hook':
      return [refusal.status ?? 403, 'A hook refused it', refusal.userMessage ?? refusal.reason]
    case 'hook_failed':
      return [502, 'A hook could not be asked', `Its execution is ${refusal.executionId}.`]
    case 'wrong_code':
      return [400, 'The code is not valid', 'It is unknown, used already, or too old.']
    case 'proof_needed':
      return [
        401,
        'Prove anew who you are',
        `Sign in again: that must be no longer ago than ${refusal.withinSeconds / 60} minutes.`,
      ]
    case 'busy':
      return [503, 'The server is busy', 'Nothing was done; try again in a moment.']
    default:
      return refusal satisfies never
  }
}

const noun = (kind: Kind): string => kind.replaceAll('_', ' ')

/** The problem for whatever went wrong. What is our fault says no more than that; the log has the rest. */
export const encodeError = (error: FastifyError | Error): Problem => {
  if (error instanceof DomainError) return encodeRefusal(error.refusal)
  if (error instanceof WireError) return wireProblem(error.code, error.message, error.errors)
  if (error instanceof UnstorableTextError) {
    const field: FieldProblem = { in: parts[error.part], path: error.path, message: error.message }
    return wireProblem('invalid_request', error.message, [field])
  }
  if ('validation' in error && error.validation) {
    const problems = error.validation.map((each) => problemOf(each, error.validationContext ?? 'body'))
    const [first] = problems
    const detail = first
      ? `${first.path === '' ? `The ${first.in}` : first.path} ${first.message}.`
      : 'It is not valid.'
    return wireProblem('invalid_request', detail, problems)
  }
  const { statusCode = 500, code } = error as FastifyError
  if (statusCode === 413) return wireProblem('payload_too_large', 'A request has at most 1 MB.')
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return wireProblem('unsupported_media_type', 'The content type must be application/json.')
  }
  if (statusCode >= 400 && statusCode < 500) {
    return wireProblem('invalid_request', 'The body is not valid JSON.')
  }
  return wireProblem('internal', 'It was logged. Nothing of the request was done.')
}

const parts = { body: 'body', querystring: 'query', params: 'path', headers: 'headers' } as const

type ValidationResult = NonNullable<FastifyError['validation']>[number]

const problemOf = (result: ValidationResult, context: string): FieldProblem => {
  const missing = result.params.missingProperty ?? result.params.additionalProperty
  const steps = result.instancePath.split('/').slice(1).map(unescapeStep)
  if (typeof missing === 'string') steps.push(missing)
  const path = steps
    .map((step, at) => (/^\d+$/u.test(step) ? `[${step}]` : at === 0 ? step : `.${step}`))
    .join('')
  return {
    in: parts[context as keyof typeof parts] ?? 'body',
    path,
    message: messages[result.keyword]?.(result.params) ?? result.message ?? 'is not valid',
  }
}

const messages: Readonly<Record<string, (params: Record<string, unknown>) => string>> = {
  required: () => 'is missing',
  additionalProperties: () => 'is not known here',
  enum: ({ allowedValues }) => `must be one of ${(allowedValues as unknown[]).join(', ')}`,
}

/** @see RFC 6901 §4 */
const unescapeStep = (step: string): string => step.replaceAll('~1', '/').replaceAll('~0', '~')

export const handleError = (
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply => {
  const problem = encodeError(error)
  if (problem.status >= 500 && problem.code !== 'busy') request.log.error({ err: error }, 'a request failed')
  if (problem.code === 'busy') reply.header('retry-after', '1')
  if (problem.code === 'proof_needed') {
    // RFC 9470 §3
    const challenge = `Bearer error="insufficient_user_authentication", max_age="${problem.withinSeconds}"`
    reply.header('www-authenticate', challenge)
  }
  return reply.code(problem.status).type(problemType).serializer(JSON.stringify).send(problem)
}
