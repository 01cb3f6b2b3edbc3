import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { type Actor, anonymous, type Credential } from '#core/actor.ts'
import { impliedBy, managementApiId, rolecallApiId } from '#core/apis/built-in.ts'
import { rolecallApiIdentifier } from '#core/bootstrap.ts'
import type { Run } from '#core/operation.ts'
import { type Permission, permissions } from '#core/permissions.ts'
import { DomainError } from '#core/refusals.ts'
import { workspace } from '#core/scope.ts'
import { type FoundSession, findSession } from '#core/sessions/read.ts'
import type { Access } from '#http/access.ts'
import { WireError } from './errors.ts'
import { decodeSubject } from './ids.ts'
import { isOwnRequest, readSessionCookie } from './session-cookie.ts'

/** What this dialect needs of token verification; `oidc/` provides it. */
export type VerifyToken = (token: string) => Promise<VerifiedToken>

export type VerifiedToken =
  | { ok: true; claims: TokenClaims }
  | { ok: false; reason: 'malformed' | 'invalid' | 'expired' }

export type TokenClaims = {
  sub?: string
  aud?: string | readonly string[]
  scope?: string
  /** When its user proved who he is, in seconds since 1970, where the token tells. */
  auth_time?: number
  /** The application that asked for the token. */
  azp?: string
  client_id?: string
  /** Seconds since 1970. */
  exp?: number
}

export type AuthenticateParts = { run: Run; verifyToken: VerifyToken; issuers: () => ReadonlySet<string> }

declare module 'fastify' {
  interface FastifyRequest {
    /** When the credential ends, in milliseconds since 1970: what answers for long must end with it. */
    credentialExpiresAt?: number
    /** The secret of the session in the cookie, where that is the credential. */
    sessionSecret?: string
  }
}

/**
 * Turns the credential into an actor: the dashboard's session cookie, or a token for the native API, whose scopes are our permissions, or one for the
 * Management API, whose scopes stand for some of them. Then refuses what the credential can't carry at all.
 */
export const createAuthenticate =
  ({ run, verifyToken, issuers }: AuthenticateParts) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { access } = request.routeOptions.config
    if (access && 'anonymous' in access) {
      request.actor = anonymous('native')
      return
    }
    const { authorization } = request.headers
    if (authorization === undefined || authorization === '') {
      const secret = readSessionCookie(request)
      const found = secret && (await run(findSession, { secret }, anonymous('native')))
      if (secret && found) return admit(request, secret, found)
      reply.header('www-authenticate', 'Bearer')
      const detail = secret === undefined ? 'This needs a bearer token.' : 'The session has ended.'
      throw new WireError('unauthorized', detail)
    }
    const claims = await readToken(authorization, verifyToken, reply)
    const apiId = apiOf(claims.aud, issuers())
    if (apiId === undefined) throw unauthorized(reply, 'The token was issued for another API.')
    const actor = actorOf(claims, apiId)
    requireScopes(access, actor.credential, reply)
    request.actor = actor
    if (claims.exp !== undefined) request.credentialExpiresAt = claims.exp * 1000
  }

/** An actor of a session has no `credential`: it narrows nothing. */
const admit = (request: FastifyRequest, secret: string, { session, user }: FoundSession): void => {
  if (!isOwnRequest(request, secret)) {
    throw new WireError('csrf_token_required', 'The header X-CSRF-Token must hold the token of the session.')
  }
  request.actor = { kind: 'user', id: user.id, door: 'native', provenAt: session.createdAt }
  request.sessionSecret = secret
  if (session.expiresAt !== undefined) request.credentialExpiresAt = session.expiresAt
}

const unauthorized = (reply: FastifyReply, detail: string): WireError => {
  reply.header('www-authenticate', `Bearer error="invalid_token", error_description="${detail}"`)
  return new WireError('unauthorized', detail)
}

const readToken = async (
  header: string,
  verifyToken: VerifyToken,
  reply: FastifyReply,
): Promise<TokenClaims> => {
  const [, token] = /^bearer +(\S+)$/iu.exec(header) ?? []
  if (token === undefined) throw unauthorized(reply, 'The Authorization header holds no bearer token.')
  const verified = await verifyToken(token)
  if (verified.ok) return verified.claims
  throw unauthorized(
    reply,
    verified.reason === 'expired' ? 'The token has expired.' : 'The token is not valid.',
  )
}

/** The built-in API a token is for. The Management API answers under any of our own names. */
const apiOf = (
  audience: string | readonly string[] = [],
  issuers: ReadonlySet<string>,
): string | undefined => {
  const audiences = typeof audience === 'string' ? [audience] : audience
  if (audiences.includes(rolecallApiIdentifier)) return rolecallApiId
  return audiences.some(
    (each) => each.endsWith(managementPath) && issuers.has(each.slice(0, -managementPath.length)),
  )
    ? managementApiId
    : undefined
}

const managementPath = 'api/v2/'

const actorOf = (claims: TokenClaims, apiId: string): Actor & { credential: Credential } => {
  const tokenScopes = claims.scope === undefined ? [] : claims.scope.split(' ')
  const credential = { apiId, tokenScopes }
  const subject = claims.sub ?? ''
  const applicationId = claims.azp ?? claims.client_id
  if (applicationId !== undefined && subject === `${applicationId}@clients`) {
    return { kind: 'application', id: applicationId, door: 'native', credential }
  }
  const { auth_time: seconds } = claims
  const proven = seconds === undefined ? {} : { provenAt: seconds * 1000 }
  return { kind: 'user', id: decodeSubject(subject), door: 'native', credential, ...proven }
}

/** The token scopes of this dialect's routes are permissions, so a token of either API can stand for them. */
const requireScopes = (access: Access | undefined, credential: Credential, reply: FastifyReply): void => {
  if (!access || !('tokenScopes' in access)) return
  const { tokenScopes, match = 'any' } = access
  const wanted = tokenScopes.filter(isPermission)
  const carries = (permission: Permission) =>
    impliedBy(credential.apiId, permission).some((name) => credential.tokenScopes.includes(name))
  if (match === 'any' ? wanted.some(carries) : wanted.every(carries)) return
  reply.header('www-authenticate', `Bearer error="insufficient_scope", scope="${wanted.join(' ')}"`)
  throw new DomainError({
    code: 'forbidden',
    permission: wanted.find((each) => !carries(each))!,
    scope: workspace,
  })
}

/** The token scopes of a route are ours to know; a mistyped one would let nobody in. */
export const requireKnownScopes = ({ url, config }: RouteOptions): void => {
  const access = config?.access
  if (!access || !('tokenScopes' in access)) return
  const unknown = access.tokenScopes.find((each) => !isPermission(each))
  if (unknown !== undefined) throw new Error(`${url} asks for ${unknown}, which is no permission`)
}

const isPermission = (text: string): text is Permission => Object.hasOwn(permissions, text)
