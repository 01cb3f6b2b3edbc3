import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { findConnectionForSignIn } from '#core/connections/for-sign-in.ts'
import type { JsonObject } from '#core/json.ts'
import { DomainError, type Refusal } from '#core/refusals.ts'
import { register } from '#core/registration/register.ts'
import { requestPasswordReset } from '#core/users/reset-password.ts'
import type { User } from '#core/users/user.ts'
import { me, somebody } from './actor.ts'
import { allowOrigin, preflightRoute } from './cors.ts'
import type { InnerParts } from './parts.ts'
import { paths } from './paths.ts'
import { factsOf } from './request-facts.ts'
import { localeOf } from './sign-up-pages.ts'

/** A no of these addresses, which have a form of their own. @see specs: §2 of the Auth0 dialect */
class SignupError extends Error {
  override readonly name = 'SignupError'
  readonly status: number
  readonly body: JsonObject

  constructor(status: number, body: JsonObject) {
    super(String(body.code ?? body.error))
    this.status = status
    this.body = { ...body, statusCode: status }
  }
}

const malformed = (error: string) => new SignupError(400, { error })

/** Words that the vendor's clients may look for. @see specs: §2.4 of the Auth0 dialect */
const mailed = "We've just sent you an email to reset your password."

/** Auth0's older way to sign up, which clients without pages of their own still use. @see specs: §2.4 of the Auth0 dialect */
export const signupRoutes = (app: FastifyInstance, inner: InnerParts): void => {
  preflightRoute(app, paths.signup, 'POST')
  app.post(
    paths.signup,
    {
      config: { access: { anonymous: 'people make themselves accounts; the registration policy decides' } },
      schema: { tags: ['Authentication'], summary: 'Sign up' },
    },
    async (request, reply) => {
      try {
        return await signUp(inner, request, reply)
      } catch (error) {
        const refused = error instanceof DomainError ? encodeRefusal(error.refusal) : error
        if (!(refused instanceof SignupError)) throw error
        return reply.code(refused.status).send(refused.body)
      }
    },
  )
}

/** The same answer whether or not there is such a user. */
export const changePasswordRoutes = (app: FastifyInstance, inner: InnerParts): void => {
  preflightRoute(app, paths.changePassword, 'POST')
  app.post(
    paths.changePassword,
    {
      config: { access: { anonymous: 'the mail goes to the user himself' } },
      schema: {
        tags: ['Authentication'],
        summary: 'Have a link mailed with which a new password can be set',
      },
    },
    async (request, reply) => {
      const fields = (request.body ?? {}) as Record<string, unknown>
      try {
        const email = required(fields, 'email')
        const connectionName = required(fields, 'connection')
        const applicationId = fields.client_id === undefined ? undefined : required(fields, 'client_id')
        const client = applicationId === undefined ? undefined : await inner.findClient(applicationId)
        allowOrigin(request, reply, client?.rolecall)
        const { ip } = factsOf(request)
        await inner.run(
          requestPasswordReset,
          {
            user: { email },
            connectionName,
            locale: localeOf(request, undefined),
            ...(client && { applicationId: client.client_id }),
            ...(ip !== undefined && { ip }),
          },
          somebody,
        )
        return reply.type('text/html; charset=utf-8').send(mailed)
      } catch (error) {
        if (!(error instanceof SignupError)) throw error
        return reply.code(error.status).send(error.body)
      }
    },
  )
}

const signUp = async (
  inner: InnerParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> => {
  const fields = decodeSignup(request.body)
  const client = await inner.findClient(fields.clientId)
  if (!client) throw malformed('invalid_client')
  allowOrigin(request, reply, client.rolecall)
  const { run } = inner
  const connection = await run(
    findConnectionForSignIn,
    { name: fields.connection, applicationId: fields.clientId },
    me,
  )
  if (!connection) throw malformed('unknown or disabled connection')
  if (connection.options.disable_signup === true) throw new SignupError(400, invalidSignup)
  const { ip, userAgent } = factsOf(request)
  const { user } = await run(
    register,
    {
      ...fields.account,
      connectionName: connection.name,
      applicationId: fields.clientId,
      ...(ip !== undefined && { ip }),
      ...(userAgent !== undefined && { userAgent }),
      locale: localeOf(request, undefined),
    },
    somebody,
  )
  return reply.header('cache-control', 'no-store').send(encodeUser(user))
}

const invalidSignup = { name: 'BadRequestError', code: 'invalid_signup', description: 'Invalid sign up' }

/** Deliberately vague where an account is there already. */
const encodeRefusal = (refusal: Refusal): SignupError | undefined => {
  const bad = (code: string, description: string) =>
    new SignupError(400, { name: 'BadRequestError', code, description })
  switch (refusal.code) {
    case 'taken':
    case 'wrong_code':
      return new SignupError(400, invalidSignup)
    case 'weak_password':
      return new SignupError(400, {
        name: 'PasswordStrengthError',
        code: 'invalid_password',
        message: 'Password is too weak',
        description: {
          rules: refusal.faults.map((fault) => ({ code: fault, verified: false })),
          verified: false,
        },
        policy: refusal.policy,
      })
    case 'registration_closed':
      return bad('invalid_signup', 'Public signup is disabled')
    case 'email_domain_refused':
      return bad('invalid_signup', `E-mail addresses of ${refusal.domain} are not accepted.`)
    case 'role_not_selectable':
      return bad('invalid_role', `The role ${JSON.stringify(refusal.role)} can not be chosen.`)
    case 'exclusive_roles':
      return bad('invalid_role', 'These roles exclude each other.')
    case 'denied_by_hook':
      return bad('extensibility_error', refusal.userMessage ?? refusal.reason)
    case 'invalid':
      return malformed(refusal.reason)
    default:
      return undefined
  }
}

const encodeUser = (user: User): JsonObject => ({
  _id: user.id,
  email_verified: user.isEmailVerified,
  ...(user.email !== undefined && { email: user.email }),
  ...(user.username !== undefined && { username: user.username }),
  ...(user.phone !== undefined && {
    phone_number: user.phone,
    phone_verified: user.isPhoneVerified ?? false,
  }),
  ...(user.givenName !== undefined && { given_name: user.givenName }),
  ...(user.familyName !== undefined && { family_name: user.familyName }),
  ...(user.name !== undefined && { name: user.name }),
  ...(user.nickname !== undefined && { nickname: user.nickname }),
  ...(user.picture !== undefined && { picture: user.picture }),
  ...(Object.keys(user.userMetadata).length > 0 && { user_metadata: user.userMetadata }),
})

const profile = {
  username: 'username',
  given_name: 'givenName',
  family_name: 'familyName',
  name: 'name',
  nickname: 'nickname',
  picture: 'picture',
  phone_number: 'phone',
} as const

type Account = { email: string; password: string; userMetadata?: JsonObject; roles?: string[] } & {
  [Field in (typeof profile)[keyof typeof profile]]?: string
}

/** `roles` is our own: names or ids that the registration policy lets people choose. */
const decodeSignup = (body: unknown): { clientId: string; connection: string; account: Account } => {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw malformed('The body must be an object.')
  const fields = body as Record<string, unknown>
  // Kept in lower case, as the Management API does.
  const email = required(fields, 'email').toLowerCase()
  const account: Account = { email, password: required(fields, 'password') }
  for (const [name, ours] of Object.entries(profile) as [
    keyof typeof profile,
    (typeof profile)[keyof typeof profile],
  ][]) {
    const value = fields[name]
    if (value === undefined || value === null) continue
    account[ours] = requireText(name, value)
  }
  const { user_metadata: metadata, roles } = fields
  if (metadata !== undefined && metadata !== null) account.userMetadata = requireMetadata(metadata)
  if (roles !== undefined) account.roles = requireRoles(roles)
  return { clientId: required(fields, 'client_id'), connection: required(fields, 'connection'), account }
}

const required = (fields: Record<string, unknown>, name: string): string => {
  const value = fields[name]
  if (value === undefined || value === null || value === '') throw malformed(`${name} is required`)
  return requireText(name, value)
}

const requireText = (name: string, value: unknown): string => {
  if (typeof value !== 'string' || value.length > 2048 || !value.isWellFormed() || value.includes('\0')) {
    throw malformed(`${name} must be a text`)
  }
  return value
}

/** @see specs: §2.4 of the Auth0 dialect: at most ten texts of at most 500 characters */
const requireMetadata = (value: unknown): JsonObject => {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  const entries = isObject ? Object.entries(value) : []
  const fits =
    isObject &&
    entries.length <= 10 &&
    entries.every(([name, text]) => name.length <= 100 && typeof text === 'string' && text.length <= 500)
  if (!fits) throw malformed('user_metadata has at most 10 properties, texts of at most 500 characters')
  return Object.fromEntries(
    entries.map(([name, text]) => [requireText('user_metadata', name), requireText(name, text)]),
  )
}

const requireRoles = (value: unknown): string[] => {
  const roles = typeof value === 'string' ? [value] : value
  if (!Array.isArray(roles) || roles.length > 20) throw malformed('roles must be a list of names or ids')
  return roles.map((role) => requireText('roles', role))
}
