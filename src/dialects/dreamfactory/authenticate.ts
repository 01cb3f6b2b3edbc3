import type { FastifyRequest } from 'fastify'
import { type Actor, anonymous, systemActor } from '#core/actor.ts'
import { servicesApiId } from '#core/apis/built-in.ts'
import type { ServiceName, ServiceVerb } from '#core/apis/services.ts'
import { findApplicationByApiKey } from '#core/applications/secrets.ts'
import type { Run } from '#core/operation.ts'
import type { Role } from '#core/roles/role.ts'
import { decideServiceAccess, readStanding } from '#core/service-access/decide.ts'
import { findSession } from '#core/sessions/read.ts'
import { signIn } from '#core/sign-in/sign-in.ts'
import type { User } from '#core/users/user.ts'
import { type Fields, isFields } from './envelope.ts'
import { WireError } from './errors.ts'
import type { Caller, DreamFactoryParts } from './parts.ts'
import { scriptRightsOf } from './script-calls.ts'
import { type SessionClaims, subjectOf } from './session-token.ts'

const door = 'dreamfactory'

/**
 * The key of the app `admin` of every installation of the original. Automation sends it; it names no app of ours and
 * opens nothing.
 */
const publishedKey = '6498a8ad1beb9d84d63035c5d1120c007fad6de706734db9689f8996707e0f7d'

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined

/** The credentials of a call, from wherever they may stand. @see specs: §2.1 of the DreamFactory dialect */
const credentialsOf = (request: FastifyRequest, path: string) => {
  const query = request.query as Fields
  const body = isFields(request.body) ? request.body : {}
  const { authorization, ...headers } = request.headers
  const [, scheme, credential] = /^(bearer|basic) +(\S+)$/iu.exec(authorization ?? '') ?? []
  const isBearer = scheme?.toLowerCase() === 'bearer'
  return {
    apiKey:
      text(query.api_key) ??
      text(headers['x-dreamfactory-api-key']) ??
      (path.startsWith('app') ? undefined : text(body.api_key)),
    token:
      (isBearer ? credential : undefined) ??
      text(headers['x-dreamfactory-session-token']) ??
      text(query.session_token) ??
      text(body.session_token),
    basic: scheme?.toLowerCase() === 'basic' ? credential : undefined,
  }
}

export type Asked = {
  service: ServiceName
  /** The path within the service, without slashes around it. */
  path: string
  verb: ServiceVerb
}

export type Authentication = {
  /** Signing in looks at no token that is sent along. */
  ignoresToken?: boolean
  /** A refresh takes a token that has expired. */
  allowsExpired?: boolean
}

/** Who asks: a token decides before Basic, and a bad one is never rescued by another credential. */
export const authenticate = async (
  parts: DreamFactoryParts,
  request: FastifyRequest,
  { service, path }: Asked,
  { ignoresToken, allowsExpired }: Authentication = {},
): Promise<Caller> => {
  const { run } = parts
  const given = credentialsOf(request, service === 'system' ? path : '')
  const token = ignoresToken ? undefined : given.token
  const basic = ignoresToken || token !== undefined ? undefined : given.basic
  const application = given.apiKey === undefined ? undefined : await findApplication(run, given.apiKey)
  const rights = scriptRightsOf(request)
  const caller: Caller = {
    hasApiKey: given.apiKey !== undefined,
    hasToken: token !== undefined || basic !== undefined,
    isAdministrator: false,
    isScript: rights !== undefined,
    ...(rights === 'system' && { isSystem: true }),
    ...(given.apiKey !== undefined && { apiKey: given.apiKey }),
    ...(application && { application }),
  }
  if (token !== undefined) Object.assign(caller, await openSession(parts, token, allowsExpired))
  else if (basic !== undefined) caller.user = await checkBasic(run, basic, request)
  if (application && !application.isActive) throw new WireError(403, 'App is not active.')
  return caller
}

const findApplication = async (run: Run, apiKey: string): Promise<Caller['application'] | undefined> => {
  if (apiKey === publishedKey) return undefined
  const application = await run(findApplicationByApiKey, { apiKey }, anonymous(door))
  return application && !application.isGlobal
    ? {
        id: application.id,
        number: application.number,
        name: application.name,
        isActive: application.isActive,
      }
    : undefined
}

const revoked = () => new WireError(403, 'Token has been revoked. Session terminated. Please re-login.')

/** Looked up anew on each request: the session, and whether its user may still be anybody. */
const openSession = async (
  { run, tokens, now }: DreamFactoryParts,
  token: string,
  allowsExpired = false,
): Promise<Pick<Caller, 'user' | 'session'>> => {
  const claims = tokens.open(token)
  if (!allowsExpired && claims.exp * 1000 <= now()) {
    throw new WireError(401, 'Token has expired. Please refresh your token or re-login.')
  }
  const found = await run(findSession, { secret: claims.jti }, anonymous(door))
  if (!found) throw allowsExpired ? refreshRefused() : revoked()
  const { user, session } = found
  if (claims.sub !== subjectOf(user.email ?? '')) {
    throw new WireError(401, 'Invalid token: User verification failed.')
  }
  return { user, session: sessionOf(token, claims, session.id) }
}

export const refreshRefused = () =>
  new WireError(401, 'Token refresh failed. The token has expired or was revoked. Please re-login.')

const sessionOf = (token: string, claims: SessionClaims, id: string) => ({
  id,
  secret: claims.jti,
  token,
  expiresAt: claims.exp * 1000,
  isForever: claims.forever,
})

/** For this request only; no session is opened. */
const checkBasic = async (run: Run, credential: string, request: FastifyRequest): Promise<User> => {
  const decoded = Buffer.from(credential, 'base64').toString()
  const colon = decoded.indexOf(':')
  const input = {
    login: { emailOrUsername: colon < 0 ? decoded : decoded.slice(0, colon) },
    password: colon < 0 ? '' : decoded.slice(colon + 1),
    ip: request.ip,
  }
  const result = await run(signIn, input, anonymous(door))
  if (result.ok) return result.user
  if (result.refusal.code === 'too_many_attempts') throw new WireError(429, 'Too many failed attempts.')
  if (result.refusal.code === 'suspended') throw new WireError(403, 'User is not active.')
  throw new WireError(401, 'Unauthorized. User credentials did not match.')
}

/** Whom an operation is done for. Through roles, it carries the one permission that they let through. */
const actorOf = (caller: Caller, permission: string | undefined): Actor => {
  const within = caller.application && (`application:${caller.application.id}` as const)
  const base = { door, ...(within && { within }) } as const
  const narrowed = caller.isAdministrator
    ? {}
    : { credential: { apiId: servicesApiId, tokenScopes: permission === undefined ? [] : [permission] } }
  if (!caller.user) return { ...anonymous(door), ...base, ...narrowed }
  return { kind: 'user', id: caller.user.id, ...base, ...narrowed }
}

/** Knows who he is, for calls that need no role. */
export const admit = async (run: Run, caller: Caller): Promise<Actor> => {
  if (caller.isSystem) return asSystem(caller)
  const { isAdministrator, role } = await run(readStanding, whoOf(caller), anonymous(door))
  Object.assign(caller, { isAdministrator }, role && { role })
  return actorOf(caller, undefined)
}

const asSystem = (caller: Caller): Actor => {
  caller.isAdministrator = true
  return systemActor(door)
}

const whoOf = ({ user, application }: Caller) => ({ userId: user?.id, applicationId: application?.id })

/** Refuses what no role lets through, in the original's order and words. @see specs: §2.5 to §2.7 */
export const authorize = async (run: Run, caller: Caller, asked: Asked): Promise<Actor> => {
  const { service, path, verb } = asked
  if (caller.isSystem) return asSystem(caller)
  const requestor = caller.isScript ? ('script' as const) : ('api' as const)
  const decision = await run(
    decideServiceAccess,
    { ...whoOf(caller), request: { service, path, verb, requestor } },
    anonymous(door),
  )
  const { isAdministrator, role, permission } = decision
  Object.assign(caller, { isAdministrator }, role && { role })
  if (isAdministrator) return actorOf(caller, undefined)
  if (permission === undefined) throw denial(caller, role, asked)
  if (!caller.user && !caller.application) throw denial(caller, role, asked)
  return actorOf(caller, permission)
}

const denial = (caller: Caller, role: Role | undefined, { service, path, verb }: Asked): WireError => {
  if (!caller.hasApiKey && !caller.hasToken && !caller.isScript) {
    return new WireError(
      400,
      'No session token (JWT) or API Key detected in request. Please send in X-DreamFactory-Session-Token and/or X-DreamFactory-API-Key request header.',
    )
  }
  if (!role && !caller.application) {
    return new WireError(
      400,
      'No API Key provided. Please provide a valid API Key using X-DreamFactory-API-Key request header or api_key url query parameter.',
    )
  }
  if (!role && !caller.hasToken) {
    return new WireError(
      400,
      'No session token (JWT) provided. Please provide a valid session token using X-DreamFactory-Session-Token request header or session_token url query parameter.',
    )
  }
  if (!role) {
    return new WireError(403, 'Role not found. A role may not be assigned to you or your application.')
  }
  if (!role.isActive) {
    return new WireError(403, 'Access Forbidden. The role assigned to you or your application is not active.')
  }
  if (!caller.user) return new WireError(401, 'Unauthorized. User is not authenticated.')
  const component = path === '' ? '' : `component '${path}' of `
  return new WireError(
    403,
    `Access Forbidden. ${verb} access to ${component}service '${service}' is not allowed by this user's role.`,
  )
}
