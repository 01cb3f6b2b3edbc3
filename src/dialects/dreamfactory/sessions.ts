import { anonymous, systemActor } from '#core/actor.ts'
import { DomainError } from '#core/refusals.ts'
import { readStanding } from '#core/service-access/decide.ts'
import { readDreamFactoryServices } from '#core/service-access/services.ts'
import { renewSession, signOut } from '#core/sessions/end.ts'
import type { OpenedSession } from '#core/sessions/session.ts'
import { signedIn, signIn } from '#core/sign-in/sign-in.ts'
import type { User } from '#core/users/user.ts'
import { refreshRefused } from './authenticate.ts'
import { encodeInstant, encodeMaybe, type Fields, isFields, recordOf } from './envelope.ts'
import { WireError } from './errors.ts'
import { isTrue } from './options.ts'
import type { Caller, DreamFactoryParts, DreamFactoryRoutes } from './parts.ts'
import { type Call, defineResource, type Handler } from './routes.ts'
import { subjectOf } from './session-token.ts'
import { displayName } from './users.wire.ts'

/** How long a token is good for, and how long after signing in it may be exchanged for a new one. */
export const tokenSeconds = 1440 * 60
export const refreshSeconds = 20_160 * 60

/** What a session that this door opens lasts and remembers. */
export const openSessionFor = (now: number, isForever: boolean) => ({
  kind: 'api' as const,
  lifetimeSeconds: refreshSeconds,
  data: { isForever, startedAt: now },
})

/** The token that stands for a session which was just opened. */
export const tokenFor = (
  { tokens, now }: DreamFactoryParts,
  {
    user,
    session,
    issuer,
    isForever,
  }: { user: User; session: OpenedSession; issuer: string; isForever: boolean },
): { token: string; expiresAt: number } => {
  const at = Math.floor(now() / 1000)
  const token = tokens.sign({
    sub: subjectOf(user.email ?? ''),
    user_id: user.number,
    forever: isForever,
    iat: at,
    exp: at + tokenSeconds,
    nbf: at,
    jti: session.secret,
    iss: issuer,
  })
  return { token, expiresAt: (at + tokenSeconds) * 1000 }
}

type Shown = {
  user: User
  caller: Pick<Caller, 'isAdministrator' | 'role'>
  token?: string
  expiresAt?: number
}

/** @see specs: §2.3 of the DreamFactory dialect */
export const encodeSession = ({ user, caller, token, expiresAt }: Shown, host: string): Fields => ({
  ...(token !== undefined && { session_token: token, session_id: token }),
  id: user.number,
  name: displayName(user),
  first_name: user.givenName ?? null,
  last_name: user.familyName ?? null,
  email: user.email ?? null,
  is_sys_admin: caller.isAdministrator,
  last_login_date: encodeMaybe(user.lastLoginAt),
  host,
  ...(expiresAt !== undefined && { token_expiry_date: encodeInstant(expiresAt) }),
  ...(caller.role && !caller.isAdministrator && { role: caller.role.name, role_id: caller.role.number }),
})

export const sessionRoutes: DreamFactoryRoutes = async (app, parts) => {
  for (const [service, path, only] of [
    ['user', 'session', 'others'],
    ['system', 'admin/session', 'administrators'],
  ] as const) {
    defineResource(app, parts, {
      service,
      path,
      summary: only === 'others' ? 'Sessions of users' : 'Sessions of administrators',
      isPublic: 'the password or the session decides',
      authentication: { POST: { ignoresToken: true }, PUT: { allowsExpired: true } },
      verbs: {
        POST: login(parts, only),
        GET: current(only),
        PUT: refresh(parts, only),
        DELETE: logout(parts),
      },
    })
  }
}

type Only = 'administrators' | 'others'

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

const login =
  (parts: DreamFactoryParts, only: Only): Handler =>
  async ({ body, caller, request, options }) => {
    const { run, now } = parts
    const given = isFields(body) ? recordOf(body) : {}
    const read = (name: string) => text(given[name]) || text(options.raw[name])
    const [email, username, password] = [read('email'), read('username'), read('password')]
    if (email === '' && username === '') throw new WireError(400, 'Login request is missing required email.')
    if (password === '') throw new WireError(400, 'Login request is missing required password.')
    const isForever = isTrue(given.remember_me) && (await allowsForever(parts))
    const result = signedIn(
      await run(
        signIn,
        {
          login: email === '' ? { username } : { email },
          password,
          only,
          ...(caller.application && { applicationId: caller.application.id }),
          ip: request.ip,
          session: openSessionFor(now(), isForever),
        },
        anonymous('dreamfactory'),
      ).then(hideStanding),
    )
    const { user, session } = result
    const standing = await run(
      readStanding,
      { userId: user.id, applicationId: caller.application?.id },
      anonymous('dreamfactory'),
    )
    if (!standing.isAdministrator && standing.role && !standing.role.isActive) {
      await run(signOut, { secret: session!.secret }, anonymous('dreamfactory'))
      throw new WireError(403, 'Role is not active.')
    }
    const opened = tokenFor(parts, { user, session: session!, issuer: request.issuer, isForever })
    return { body: encodeSession({ user, caller: standing, ...opened }, request.hostname) }
  }

/** Off unless the configuration of service 1 says otherwise, as in the original. */
const allowsForever = async ({ run }: DreamFactoryParts): Promise<boolean> => {
  const { system } = await run(readDreamFactoryServices, {}, systemActor('dreamfactory'))
  return system.allow_forever_sessions === true
}

/** Whoever is switched off hears what strangers hear. */
const hideStanding = <R extends { ok: boolean; refusal?: { code: string } }>(result: R): R => {
  if (!result.ok && result.refusal?.code === 'suspended') {
    throw new DomainError({ code: 'wrong_credentials' })
  }
  return result
}

/** Administrators may look at both; others only at theirs. @throws WireError */
const requireSession = ({ caller }: Call, only: Only): User => {
  const { user, isAdministrator } = caller
  if (user && (only === 'others' || isAdministrator)) return user
  if (user) throw new WireError(401, 'You are not authorized to perform this action.')
  if (only === 'administrators') throw new WireError(404, 'No user session found.')
  throw new WireError(401, 'There is no valid session for the current request.')
}

const current =
  (only: Only): Handler =>
  async (call) => {
    const user = requireSession(call, only)
    const { session } = call.caller
    const shown = {
      user,
      caller: call.caller,
      ...(session && { token: session.token, expiresAt: session.expiresAt }),
    }
    return { body: encodeSession(shown, call.request.hostname) }
  }

const refresh =
  (parts: DreamFactoryParts, only: Only): Handler =>
  async (call) => {
    const user = requireSession(call, only)
    const { session } = call.caller
    if (!session) throw refreshRefused()
    const renewed = await parts
      .run(renewSession, { secret: session.secret }, anonymous('dreamfactory'))
      .catch((error: unknown) => {
        throw error instanceof DomainError && error.refusal.code === 'wrong_credentials'
          ? refreshRefused()
          : error
      })
    const { isForever } = session
    const opened = tokenFor(parts, { user, session: renewed, issuer: call.request.issuer, isForever })
    return { body: encodeSession({ user, caller: call.caller, ...opened }, call.request.hostname) }
  }

const logout =
  ({ run }: DreamFactoryParts): Handler =>
  async ({ caller }) => {
    if (caller.session) {
      await run(signOut, { secret: caller.session.secret }, anonymous('dreamfactory'))
    }
    return { body: { success: true } }
  }
