import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { DomainError, type Kind, type Refusal } from '#core/refusals.ts'
import { UnstorableTextError } from '#http/text.ts'

/** Field to messages, or what a batch did. */
export type ErrorContext = Readonly<Record<string, unknown>> | null

/** @see specs: §1.10 of the DreamFactory dialect */
export type ErrorItem = { code: number; context: ErrorContext; message: string; status_code: number }

/** A refusal that only this dialect knows. `code` is the status unless it is given. */
export class WireError extends Error {
  override readonly name = 'WireError'
  readonly item: ErrorItem

  constructor(status: number, message: string, context: ErrorContext = null, code = status) {
    super(message)
    this.item = { code, context, message: escapeHtml(message), status_code: status }
  }
}

/** Single quotes stay as they are. */
const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const item = (status: number, message: string, context: ErrorContext = null): ErrorItem => ({
  code: status,
  context,
  message: escapeHtml(message),
  status_code: status,
})

export type FieldMessages = Readonly<Record<string, readonly string[]>>

const invalidText = (context: FieldMessages): string =>
  `Invalid data supplied. ${Object.values(context).flat().join(' ')}`

/** Fields of a record that break a rule. */
export const invalidData = (context: FieldMessages): WireError =>
  new WireError(400, invalidText(context), context)

const wireFields: Readonly<Record<string, string>> = {
  userId: 'user_id',
  roleId: 'role_id',
  applicationId: 'app_id',
  defaultRoleId: 'role_id',
  apiKey: 'api_key',
  givenName: 'first_name',
  familyName: 'last_name',
  verbMask: 'verb_mask',
  requestorMask: 'requestor_mask',
}

const snake = (field: string): string =>
  wireFields[field] ?? field.replace(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`)

const tables: Partial<Readonly<Record<Kind, string>>> = {
  user: 'user',
  role: 'role',
  application: 'app',
  entry: 'entry',
}

/** What was to be done with the record that is refused. */
export type Change = 'created' | 'updated' | 'deleted'

/** The sentence that older clients look for, and one that people understand. */
const duplicate = (kind: Kind, field: string, value: string, change: Change): ErrorItem => {
  const what = { created: 'create', updated: 'update', deleted: 'delete' }[change]
  const column = snake(field)
  const sentence = `The ${column.replaceAll('_', ' ')} has already been taken.`
  const key = `${tables[kind] ?? kind}_${column}_unique`
  return item(400, `Failed to ${what} resource: Duplicate entry '${value}' for key '${key}'. ${sentence}`, {
    [column]: [sentence],
  })
}

/** Words a refusal the vendor's way. Does not compile until every code of `core/refusals.ts` is mapped. */
export const encodeRefusal = (refusal: Refusal, change: Change = 'created'): ErrorItem => {
  switch (refusal.code) {
    case 'suspended':
      return item(403, refusal.kind === 'user' ? 'User is not active.' : 'App is not active.')
    case 'forbidden':
    case 'cannot_grant':
      return item(
        403,
        `Access Forbidden. It needs the permission ${refusal.permission}, which is not allowed by this user's role.`,
      )
    case 'not_found':
      return item(404, `Record with identifier '${refusal.id}' not found.`)
    case 'taken':
      return duplicate(refusal.kind, refusal.field, refusal.value, change)
    case 'invalid': {
      const context = { [snake(refusal.field)]: [refusal.reason] }
      return item(400, invalidText(context), context)
    }
    case 'last_administrator':
      return item(403, 'Not allowed: this is the last active administrator.')
    case 'last_owner':
      return item(403, 'Not allowed: this is the last owner of a room.')
    case 'wrong_group':
      return refusal.isAdministrator
        ? item(403, 'Not allowed to change an admin user.')
        : item(400, 'Cannot update a non-admin user.')
    case 'own_account':
      return item(403, 'Cannot delete your account.')
    case 'second_role':
      return item(
        400,
        'Multiple user-to-app-to-role assignment. You can only have a single user-to-app-to-role assignment.' +
          ` User ${refusal.user} has the role ${refusal.role} in app ${refusal.application} already: row ${refusal.assignment}.`,
        { id: [String(refusal.assignment)] },
      )
    case 'exclusive_roles':
      return item(409, 'The user holds a role that excludes this one.')
    case 'role_cycle':
      return item(400, 'A role can not include itself.')
    case 'built_in':
      return item(403, `This ${refusal.kind.replaceAll('_', ' ')} is built in and can not be changed.`)
    case 'unknown_permission':
      return item(400, `There is no permission ${refusal.name}.`)
    case 'wrong_scope':
      return item(400, 'Invalid data supplied. The role can not be assigned there.', {
        role_id: ['The role can not be assigned there.'],
      })
    case 'not_a_member':
      return item(400, 'The user is not a member there.')
    case 'limit_exceeded':
      return item(400, `There can be no more than ${refusal.limit}.`)
    case 'in_use':
      return item(409, `The ${refusal.kind.replaceAll('_', ' ')} is in use.`)
    case 'precondition_failed':
      return item(409, 'The record has changed meanwhile; read it again.')
    case 'invalid_cursor':
      return item(400, 'Invalid paging.')
    case 'unknown_field':
      return item(400, `Invalid or unparsable field in filter request: '${refusal.field}'`)
    case 'unsupported':
      return item(501, `Not supported: ${refusal.what}.`)
    case 'weak_password':
      return item(400, 'Invalid data supplied. The password is too weak.', {
        password: ['The password is too weak.'],
      })
    case 'wrong_credentials':
    case 'second_factor_required':
    case 'second_factor_wrong':
    case 'email_not_confirmed':
    case 'awaiting_approval':
      // One and the same, whatever was wrong.
      return item(401, 'Invalid credentials supplied.')
    case 'too_many_attempts':
      return item(429, `Too many failed attempts. Try again in ${refusal.retryAfterSeconds} seconds.`)
    case 'registration_closed':
      return item(403, 'Open Registration is not enabled.')
    case 'email_domain_refused':
      return item(400, 'Validation failed', {
        email: [`Addresses of ${refusal.domain} can not be registered here.`],
      })
    case 'role_not_selectable': {
      const sentence = `The role '${refusal.role}' can not be chosen at registration.`
      return item(400, `Validation failed. ${sentence}`, { role: [sentence] })
    }
    case 'wrong_code':
      if (refusal.isExpired) return item(400, 'Confirmation code expired.')
      return item(404, 'The supplied email and/or confirmation code were not found in the system.')
    case 'denied_by_hook':
      return item(statusOf(refusal.status), refusal.userMessage ?? refusal.reason)
    case 'hook_failed':
      return item(500, refusal.reason)
    case 'proof_needed':
      return item(401, 'Sign in again first.')
    case 'busy':
      return item(503, 'The server is busy, try again.')
    default:
      return refusal satisfies never
  }
}

const statusOf = (status = 500): number => (status >= 400 && status <= 599 ? status : 500)

export const encodeError = (error: FastifyError | Error): ErrorItem => {
  if (error instanceof WireError) return error.item
  if (error instanceof DomainError) return encodeRefusal(error.refusal)
  if (error instanceof UnstorableTextError) return item(400, `Invalid data supplied. ${error.message}`)
  const { statusCode = 500 } = error as FastifyError
  if (statusCode === 413) return item(413, 'The request is too large.')
  if (statusCode === 429) return item(429, 'Too many requests, try again later.')
  if (statusCode >= 400 && statusCode < 500) return item(400, 'Invalid or malformed JSON.')
  return item(500, 'Internal Server Error')
}

export const errorBody = (error: ErrorItem) => ({ error })

export const handleError = (
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply => {
  const body = encodeError(error)
  if (body.status_code >= 500) request.log.error({ err: error }, 'a request failed')
  return reply.code(body.status_code).send(errorBody(body))
}
