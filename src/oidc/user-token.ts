import { rolecallApiId } from '#core/apis/built-in.ts'
import type { TokenRights } from '#core/apis/token-rights.ts'
import type { JsonObject } from '#core/json.ts'
import { allowedClaims } from './claims.ts'
import { identityScopes } from './grants.ts'
import type { SignInRecord } from './sign-in-record.ts'

/** What an access token of a person says besides who issued it, for whom and until when. */
export type UserTokenParts = {
  issuer: string
  audience: string
  clientId: string
  subject: string
  /** Everything that was asked for, in the client's words. */
  requested: readonly string[]
  /** Absent when the token is for `/userinfo` alone. */
  rights?: TokenRights | undefined
  /** Only these of the API's scopes may be given with this application. */
  only?: readonly string[] | undefined
  record: Pick<SignInRecord, 'organization' | 'changes' | 'authenticatedAt'>
  gty: readonly string[]
  jti: string
  /** Seconds since 1970. */
  iat: number
  exp: number
}

export type ShapedToken = { header: JsonObject; payload: JsonObject; scope: string }

const identity: ReadonlySet<string> = new Set([...identityScopes, 'offline_access'])

/**
 * The access token of a person. Whatever may give roles in this sign-in has run before.
 * @see specs: §3 of the Auth0 dialect; RFC 9068 §2
 */
export const shapeUserToken = (parts: UserTokenParts): ShapedToken => {
  const { issuer, audience, clientId, subject, rights, record, gty, jti, iat, exp } = parts
  const api = rights?.api
  const dialect = api?.tokenDialect ?? 'access_token'
  const isRfc9068 = dialect.startsWith('rfc9068')
  const scope = scopeOf(parts)
  const userinfo = `${issuer}userinfo`
  // A resource server that signs otherwise than we do for `/userinfo` would not understand what else it is for.
  const isForUserinfo = scope.includes('openid') && (api === undefined || api.signingAlgorithm === 'RS256')
  const organization = record.organization
  return {
    header: { typ: isRfc9068 ? 'at+jwt' : 'JWT' },
    payload: {
      ...allowedClaims(record.changes.accessTokenClaims, { isManagement: api?.id === 'management' }),
      ...rolesClaim(rights),
      iss: issuer,
      sub: subject,
      aud: isForUserinfo && audience !== userinfo ? [audience, userinfo] : audience,
      iat,
      exp,
      // What changes how somebody signs in asks for it, as RFC 9470 has it.
      ...(api?.id === rolecallApiId && { auth_time: record.authenticatedAt }),
      ...(isRfc9068
        ? { jti, client_id: clientId }
        : { azp: clientId, ...(gty.length > 0 && { gty: one(gty) }) }),
      ...(scope.length > 0 && { scope: scope.join(' ') }),
      ...(organization && { org_id: organization.id, org_name: organization.name }),
      ...(api?.enforcesPermissions && dialect.endsWith('_authz') && { permissions: rights?.held ?? [] }),
    },
    scope: scope.join(' '),
  }
}

const one = (gty: readonly string[]): string | string[] => (gty.length === 1 ? gty[0]! : [...gty])

/** In the order in which it was asked for; what scripts add comes last. */
const scopeOf = ({ requested, rights, only, record: { changes } }: UserTokenParts): string[] => {
  const allowed = new Set(rights ? grantedOf(rights) : [])
  const isAllowed = (name: string) => allowed.has(name) && (only === undefined || only.includes(name))
  const scope = requested.filter((name) => identity.has(name) || isAllowed(name))
  const removed = new Set(changes.removedScopes)
  return [...new Set([...scope, ...changes.addedScopes])].filter((name) => !removed.has(name))
}

/** Our own APIs go by what people hold, whatever their settings say: a scope there is a right here. */
const grantedOf = ({ api, defined, granted }: TokenRights): readonly string[] =>
  api.enforcesPermissions || api.isBuiltIn ? granted : defined

/** The names of the user's roles, under a name that the API chooses; it must be one that tokens may carry. */
const rolesClaim = (rights: TokenRights | undefined): JsonObject => {
  const name = rights?.api.extensions.auth0?.rolecall_roles_claim
  if (typeof name !== 'string' || !rights) return {}
  return allowedClaims({ [name]: rights.roles.map((role) => role.name) }, { isManagement: false })
}
