import { type Actor, anonymous, systemActor } from '#core/actor.ts'
import { DomainError } from '#core/refusals.ts'
import { getRegistrationPolicy } from '#core/registration/policy.ts'
import { register } from '#core/registration/register.ts'
import { addOpenedSession } from '#core/sessions/open-own.ts'
import { checkPassword } from '#core/sign-in/sign-in.ts'
import { updatePerson } from '#core/users/administer.ts'
import type { UserGroup } from '#core/users/group.ts'
import { requestPasswordReset, resetPassword } from '#core/users/reset-password.ts'
import type { User } from '#core/users/user.ts'
import { codeMail, isCode, leastPassword } from './codes.ts'
import { decodeId, type Fields, isFields } from './envelope.ts'
import { type FieldMessages, WireError } from './errors.ts'
import { isTrue } from './options.ts'
import type { DreamFactoryParts, DreamFactoryRoutes } from './parts.ts'
import { type Answer, type Call, defineResource, type Handler } from './routes.ts'
import { openSessionFor, tokenFor } from './sessions.ts'
import { displayName, userMessages } from './users.wire.ts'

const door = 'dreamfactory'

/** What people do with their own accounts. @see specs: §3.5 to §3.7 of the DreamFactory dialect */
export const accountRoutes: DreamFactoryRoutes = async (app, parts) => {
  const registers = registration(parts)
  defineResource(app, parts, {
    service: 'user',
    path: 'register',
    summary: 'Registration',
    isPublic: 'the registration policy decides',
    publicVerbs: ['POST', 'PUT', 'PATCH'],
    verbs: { POST: registers, PUT: registers, PATCH: registers },
  })
  for (const [service, path, group] of [
    ['user', '', 'others'],
    ['system', 'admin/', 'administrators'],
  ] as const) {
    const changes = password(parts, group)
    defineResource(app, parts, {
      service,
      path: `${path}password`,
      summary: 'Passwords',
      isPublic: 'the old password, or a code that was mailed, decides',
      verbs: { POST: changes, PUT: changes, PATCH: changes },
    })
    const update = updateProfile(parts, group)
    defineResource(app, parts, {
      service,
      path: `${path}profile`,
      summary: 'Profiles',
      isPublic: 'the session decides: everybody sees and changes his own',
      verbs: { GET: readProfile(group), POST: update, PUT: update, PATCH: update },
    })
  }
}

const text = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''

/** Who acts for himself, having shown more than a token. */
const self = ({ id }: User): Actor => ({ kind: 'user', id, door })

const registration =
  (parts: DreamFactoryParts): Handler =>
  async (call) => {
    const { run, now } = parts
    const { body, options, caller, request } = call
    const given = isFields(body) ? body : {}
    if (text(given.code) !== '' && (await confirms(call))) return redeem(parts, call, given, 'others')
    const applicationId = caller.application?.id
    const policy = await run(
      getRegistrationPolicy,
      { ...(applicationId !== undefined && { applicationId }) },
      systemActor(door),
    )
    // Said first, so that a closed door tells nothing of e-mail addresses. The policy decides again in `register`.
    if (policy.mode === 'closed' || policy.mode === 'invitation') {
      throw new DomainError({ code: 'registration_closed', mode: policy.mode })
    }
    const confirmsFirst = policy.emailConfirmation === 'first'
    const record = derive(
      confirmsFirst ? { ...given, new_password: '', password: '' } : given,
      !confirmsFirst,
    )
    if (Object.keys(record.messages).length > 0) {
      throw new WireError(400, 'Validation failed', record.messages)
    }
    const wantsLogin = isTrue(options.raw.login)
    const registered = await run(
      register,
      {
        ...record.account,
        leastPasswordLength: leastPassword,
        ...(applicationId !== undefined && { applicationId }),
        roles: namedRoles(given, options.raw),
        ip: request.ip,
        confirmation: codeMail(request.issuer, 'register-confirm'),
        ...(wantsLogin && { session: openSessionFor(now(), false) }),
      },
      anonymous(door),
    ).catch((error: unknown) => {
      throw worded(error, record.messages)
    })
    const { user, session, status } = registered
    if (status !== 'active') return { body: { success: true, confirmation_required: true } }
    if (!session) return { body: { success: true } }
    const { token } = tokenFor(parts, { user, session, issuer: request.issuer, isForever: false })
    return { body: { success: true, session_token: token } }
  }

/** A code without an e-mail address, or in another form, is none of ours: older clients send all sorts of fields. */
const confirms = async ({ body }: Call): Promise<boolean> =>
  isFields(body) && text(body.email) !== '' && isCode(text(body.code))

/** The roles that somebody names for himself, by name or id, wherever clients put them. */
const namedRoles = (given: Fields, query: Fields): string[] => {
  const values = [given.role, given.role_id, given.roles, query.role, query.role_id, query.roles]
  const names = values.flatMap((value) =>
    Array.isArray(value)
      ? value
      : typeof value === 'string'
        ? value.split(',')
        : value === undefined || value === null
          ? []
          : [value],
  )
  return [...new Set(names.map((name) => text(name).trim()).filter((name) => name !== ''))]
}

/** @throws WireError for fields that break a rule */
const derive = (given: Fields, needsPassword: boolean) => {
  const email = text(given.email).trim()
  const local = email.split('@', 1)[0]!
  const password = text(given.new_password) || text(given.password)
  let [givenName, familyName] = [text(given.first_name).trim(), text(given.last_name).trim()]
  if (givenName === '') givenName = local
  if (familyName === '') {
    const dot = givenName.indexOf('.')
    if (dot > 0) [givenName, familyName] = [givenName.slice(0, dot), givenName.slice(dot + 1)]
    else familyName = givenName
  }
  const name = text(given.name) || text(given.display_name) || `${givenName} ${familyName}`.trim()
  const confirmed = given.password_confirmation === undefined ? password : text(given.password_confirmation)
  const messages: Record<string, readonly string[]> = {
    ...userMessages({ ...given, email, name, password: password || undefined }, leastPassword, true),
  }
  if (needsPassword && password === '') messages.password = ['The password field is required.']
  if (password !== '' && confirmed !== password) {
    messages.password = [...(messages.password ?? []), 'The password confirmation does not match.']
  }
  const username = text(given.username)
  return {
    account: {
      email,
      name,
      givenName,
      familyName,
      ...(username !== '' && username !== email && { username }),
      ...(text(given.phone) !== '' && { phone: text(given.phone) }),
      ...(password !== '' && { password }),
      ...(text(given.security_question) !== '' && {
        extensions: { dreamfactory: { securityQuestion: text(given.security_question) } },
      }),
    },
    messages: messages as FieldMessages,
  }
}

/** Failed validation reads alike, whichever rule it was. */
const worded = (error: unknown, messages: FieldMessages): unknown => {
  if (!(error instanceof DomainError)) return error
  const { refusal } = error
  const failed = (context: FieldMessages) => new WireError(400, 'Validation failed', context)
  if (refusal.code === 'taken') {
    return failed({ ...messages, [refusal.field]: [`The ${refusal.field} has already been taken.`] })
  }
  if (refusal.code === 'weak_password') {
    return failed({
      ...messages,
      password: messages.password ?? [`The password must be at least ${leastPassword} characters.`],
    })
  }
  if (refusal.code === 'invalid') {
    return failed(Object.keys(messages).length > 0 ? messages : { [refusal.field]: [refusal.reason] })
  }
  return error
}

const password =
  (parts: DreamFactoryParts, group: UserGroup): Handler =>
  async (call) => {
    const { run } = parts
    const { body, options, caller, request } = call
    const given = isFields(body) ? body : {}
    const [old, fresh] = [text(given.old_password), text(given.new_password)]
    const { user } = caller
    if (user && (old !== '' || given.old_password !== undefined)) {
      requireKind(call, group)
      if (old === '' || fresh === '') {
        throw new WireError(400, 'Both old and new password are required to change the password.')
      }
      if (!(await run(checkPassword, { userId: user.id, password: old, ip: request.ip }, self(user)))) {
        throw new WireError(400, 'The password supplied does not match.')
      }
      await run(
        updatePerson,
        { userId: user.id, password: fresh, leastPasswordLength: leastPassword },
        self(user),
      ).catch(tooShort)
      return loggedIn(parts, call, user)
    }
    if (isTrue(options.raw.reset)) {
      const [email, username] = [text(given.email), text(given.username)]
      if (email === '' && username === '') {
        throw new WireError(400, 'Missing required email for password reset confirmation.')
      }
      await run(
        requestPasswordReset,
        {
          user: email === '' ? { username } : { email },
          ip: request.ip,
          ...codeMail(request.issuer, 'reset-password', group),
        },
        anonymous(door),
      )
      return { body: { success: true } }
    }
    if (given.code !== undefined) return redeem(parts, call, given, group)
    if (given.security_answer !== undefined) {
      throw new WireError(400, 'The answer supplied does not match.')
    }
    throw new WireError(400, 'Not enough information provided to change password.')
  }

const tooShort = (error: unknown): never => {
  if (error instanceof DomainError && error.refusal.code === 'weak_password') {
    throw new WireError(
      400,
      `Invalid data supplied. The password must be at least ${leastPassword} characters.`,
      {
        password: [`The password must be at least ${leastPassword} characters.`],
      },
    )
  }
  throw error
}

/** Sets a password with a code that was mailed, and so confirms the address. */
const redeem = async (
  parts: DreamFactoryParts,
  call: Call,
  given: Fields,
  group: UserGroup,
): Promise<Answer> => {
  const [email, username, code] = [text(given.email), text(given.username), text(given.code)]
  const fresh = text(given.new_password) || text(given.password)
  if (email === '' && username === '') {
    throw new WireError(400, 'Missing required email for password reset confirmation.')
  }
  if (fresh === '') throw new WireError(400, 'Missing new password for reset.')
  if (code === '' || code === 'y') throw new WireError(400, 'Invalid confirmation code.')
  if (!isCode(code)) throw new WireError(400, 'Invalid confirmation code format.')
  const input = {
    secret: code,
    password: fresh,
    ...(email !== '' && { email }),
    only: group,
    takesConfirmation: true,
    leastPasswordLength: leastPassword,
  }
  const { user } = await parts.run(resetPassword, input, anonymous(door)).catch((error: unknown) => {
    if (error instanceof DomainError && error.refusal.code === 'wrong_group') {
      throw new WireError(
        401,
        `You are not authorized to reset/change password for the account ${email || username}`,
      )
    }
    return tooShort(error)
  })
  return loggedIn(parts, call, user)
}

/** With a new session where the call asks for one; the old ones are gone. */
const loggedIn = async (parts: DreamFactoryParts, call: Call, user: User): Promise<Answer> => {
  if (!isTrue(call.options.raw.login)) return { body: { success: true } }
  return { body: { success: true, session_token: await newToken(parts, call, user) } }
}

const newToken = async (parts: DreamFactoryParts, { request }: Call, user: User): Promise<string> => {
  const session = await parts.run(
    addOpenedSession,
    { userId: user.id, open: openSessionFor(parts.now(), false) },
    self(user),
  )
  return tokenFor(parts, { user, session, issuer: request.issuer, isForever: false }).token
}

const requireKind = ({ caller }: Call, group: UserGroup): void => {
  const { user, isAdministrator } = caller
  if (group === 'administrators' && !isAdministrator) {
    throw new WireError(401, 'You are not authorized to perform this action.')
  }
  if (group === 'others' && isAdministrator) {
    throw new WireError(
      401,
      `You are not authorized to reset/change password for the account ${user?.email ?? ''}`,
    )
  }
}

const requireOwner = ({ caller }: Call, group: UserGroup, status: 401 | 404): User => {
  const { user, isAdministrator } = caller
  if (!user) {
    throw new WireError(
      status,
      status === 404 ? 'No user session found.' : 'There is no valid session for the current request.',
    )
  }
  if (group === 'administrators' && !isAdministrator) {
    throw new WireError(401, 'You are not authorized to perform this action.')
  }
  return user
}

const readProfile =
  (group: UserGroup): Handler =>
  async (call) => {
    const user = requireOwner(call, group, 401)
    const own = user.extensions.dreamfactory ?? {}
    return {
      body: {
        username: user.username ?? user.email ?? null,
        first_name: user.givenName ?? null,
        last_name: user.familyName ?? null,
        name: displayName(user),
        email: user.email ?? null,
        phone: user.phone ?? null,
        security_question: own.securityQuestion ?? null,
        default_app_id: own.defaultAppId ?? null,
        oauth_provider: own.oauthProvider ?? '',
        adldap: own.adldap ?? '',
      },
    }
  }

const updateProfile =
  (parts: DreamFactoryParts, group: UserGroup): Handler =>
  async (call) => {
    const { run } = parts
    const user = requireOwner(call, group, 404)
    const given = isFields(call.body) ? call.body : {}
    const messages = userMessages({ ...given, password: undefined }, leastPassword, false)
    const relevant = Object.entries(messages).filter(([field]) => given[field] !== null)
    if (relevant.length > 0) throw new WireError(400, 'Validation failed', Object.fromEntries(relevant))
    const email = text(given.email)
    const isMoved = email !== '' && email !== user.email
    if (isMoved) {
      const current = text(given.current_password)
      if (current === '') throw new WireError(400, 'Current Password required to change email')
      if (
        !(await run(checkPassword, { userId: user.id, password: current, ip: call.request.ip }, self(user)))
      ) {
        throw new WireError(400, 'The password supplied does not match.')
      }
    }
    const own: Fields = {}
    if (text(given.security_question) !== '') own.securityQuestion = text(given.security_question)
    const app = decodeId(given.default_app_id)
    if (app !== undefined) own.defaultAppId = app
    const username = text(given.username)
    const changes = {
      ...(text(given.name) !== '' && { name: text(given.name) }),
      ...(text(given.first_name) !== '' && { givenName: text(given.first_name) }),
      ...(text(given.last_name) !== '' && { familyName: text(given.last_name) }),
      ...(text(given.phone) !== '' && { phone: text(given.phone) }),
      ...(username !== '' && username !== (user.username ?? user.email) && { username }),
      ...(isMoved && { email }),
      ...(Object.keys(own).length > 0 && { extensions: { dreamfactory: own as never } }),
    }
    const changed = await run(updatePerson, { userId: user.id, changes }, self(user))
    if (!isMoved) return { body: { success: true } }
    return {
      body: { success: true, session_token: await newToken(parts, call, { ...user, ...changed, email }) },
    }
  }
