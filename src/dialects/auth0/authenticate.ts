import type { FastifyRequest } from 'fastify'
import { type Actor, anonymous } from '#core/actor.ts'
import { managementApiId } from '#core/apis/built-in.ts'
import type { Access } from '#http/access.ts'
import { isManagementIdentifier } from './api-identifiers.ts'
import { WireError } from './errors.ts'
import { decodeUserId } from './ids.ts'

/** What this dialect needs of token verification; `oidc/` provides it. */
export type VerifyToken = (token: string) => Promise<VerifiedToken>

export type VerifiedToken =
  | { ok: true; claims: TokenClaims }
  | { ok: false; reason: 'malformed' | 'invalid' | 'expired' }

export type TokenClaims = {
  sub?: string
  aud?: string | readonly string[]
  scope?: string
  /** The application that asked for the token. */
  azp?: string
  client_id?: string
  gty?: string | readonly string[]
}

export type AuthenticateParts = { verifyToken: VerifyToken; issuers: () => ReadonlySet<string> }

const invalidToken = () => new WireError(401, 'Invalid token', undefined, { error: 'Invalid token' })
const expiredMessage = 'Expired token received for JSON Web Token validation'

/**
 * Turns a Management API token into an actor, and refuses what §1.1 refuses, in its order: no credential, no bearer
 * token, a bad or expired one, one for another audience, missing scopes, scopes for another user only.
 */
export const createAuthenticate =
  ({ verifyToken, issuers }: AuthenticateParts) =>
  async (request: FastifyRequest): Promise<void> => {
    const { access } = request.routeOptions.config
    if (access && 'anonymous' in access) {
      request.actor = anonymous('auth0')
      return
    }
    const claims = await readToken(request.headers.authorization, verifyToken)
    if (!isForManagement(claims.aud, issuers())) throw invalidToken()
    const tokenScopes = claims.scope === undefined ? [] : claims.scope.split(' ')
    requireScopes(access, tokenScopes)
    requireSubject(access, tokenScopes, claims.sub, request.params)
    request.actor = actorOf(claims, tokenScopes)
  }

const readToken = async (header: string | undefined, verifyToken: VerifyToken): Promise<TokenClaims> => {
  if (header === undefined || header === '') throw new WireError(401, 'Missing authentication')
  const [, token] = /^bearer +(\S+)$/iu.exec(header) ?? []
  const verified = token === undefined ? undefined : await verifyToken(token)
  if (!verified || (!verified.ok && verified.reason === 'malformed')) {
    throw new WireError(400, 'Bad HTTP authentication header format', 'Bearer')
  }
  if (verified.ok) return verified.claims
  if (verified.reason === 'invalid') throw invalidToken()
  throw new WireError(401, expiredMessage, undefined, { error: expiredMessage })
}

/** Any of our own names will do: a token got from one works at the others. */
const isForManagement = (
  audience: string | readonly string[] = [],
  issuers: ReadonlySet<string>,
): boolean => {
  const audiences = typeof audience === 'string' ? [audience] : audience
  return audiences.some((each) => isManagementIdentifier(each, issuers))
}

const requireScopes = (access: Access | undefined, held: readonly string[]): void => {
  if (!access || !('tokenScopes' in access)) return
  const { tokenScopes, match = 'any' } = access
  const suffices =
    match === 'any'
      ? tokenScopes.some((each) => held.includes(each))
      : tokenScopes.every((each) => held.includes(each))
  if (suffices) return
  throw new WireError(
    403,
    `Insufficient scope, expected ${match} of: ${tokenScopes.join(',')}`,
    'insufficient_scope',
  )
}

const isOwn = (tokenScope: string): boolean => /:current_user(?:_|$)/u.test(tokenScope)

/** A token that reaches the route only by scopes on its own subject acts on nobody else. */
const requireSubject = (
  access: Access | undefined,
  held: readonly string[],
  subject: string | undefined,
  params: unknown,
): void => {
  if (!access || !('tokenScopes' in access)) return
  const used = access.tokenScopes.filter((each) => held.includes(each))
  if (used.some((each) => !isOwn(each))) return
  const { id } = params as { id?: string }
  if (used.length === 0 || (subject !== undefined && id === subject)) return
  throw new WireError(403, 'User to be acted on does not match subject in bearer token.')
}

const actorOf = (claims: TokenClaims, tokenScopes: readonly string[]): Actor => {
  const credential = { apiId: managementApiId, tokenScopes }
  const subject = claims.sub ?? ''
  const applicationId = claims.azp ?? claims.client_id
  if (applicationId !== undefined && subject === `${applicationId}@clients`) {
    return { kind: 'application', id: applicationId, door: 'auth0', credential }
  }
  return { kind: 'user', id: decodeUserId(subject), door: 'auth0', credential }
}
