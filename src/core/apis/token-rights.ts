import { equal, every, unlimited } from '../listing.ts'
import { query } from '../operation.ts'
import { powersOf } from '../rights.ts'
import type { Role } from '../roles/role.ts'
import { type Scope, scopeOf, scopesThatCountIn } from '../scope.ts'
import type { Reader } from '../store.ts'
import type { Api } from './api.ts'
import { builtInApiIds, implied } from './built-in.ts'

export type ReadTokenRights = {
  userId: string
  apiId: string
  /** The application that the token is for: roles held in it count, too. */
  applicationId: string
  /** For an organization only what the user holds in it counts, neither his other roles nor what he was given. */
  organizationId?: string | undefined
  /** Names that were asked for; the rest is dropped silently. */
  requested: readonly string[]
}

export type TokenRights = {
  api: Api
  /** Those of the requested names that the API defines. */
  defined: string[]
  /** Everything the user may do with the API, by number. */
  held: string[]
  /** Those of the requested names that the user holds. */
  granted: string[]
  roles: Pick<Role, 'id' | 'name'>[]
}

/** What a token of a person may carry for an API, at this instant; undefined when there is no such API. */
export const readTokenRights = query<ReadTokenRights, TokenRights | undefined>({
  name: 'read token rights',
  needs: 'decisions:read',
  run: async (reader, { userId, apiId, applicationId, organizationId, requested }) => {
    const api = await reader.apis.find(apiId)
    if (!api) return undefined
    const scopes: Scope[] =
      organizationId === undefined
        ? scopesThatCountIn(scopeOf('application', applicationId))
        : [scopeOf('organization', organizationId)]
    const at = reader.now()
    const held = (await reader.permissions.effective(userId, scopes, at, [apiId])).map(({ name }) => name)
    const defined = await definedOf(reader, apiId, requested)
    const roles = await reader.assignments.effectiveRoles(userId, scopes, at)
    const holds = await holder(reader, { userId, apiId, scopes, at }, held)
    return { api, defined, held, granted: defined.filter(holds), roles }
  },
})

const definedOf = async (reader: Reader, apiId: string, requested: readonly string[]): Promise<string[]> => {
  if (requested.length === 0) return []
  const filter = every(equal('apiId', apiId), { field: 'name', in: [...requested] })
  const { items } = await reader.permissions.list({ ...(filter && { filter }), limit: unlimited })
  const names = new Set(items.map(({ name }) => name))
  return requested.filter((name) => names.has(name))
}

/** What anybody may do with his own account through the Management API. */
const isOwn = (name: string): boolean => /:current_user(?:_|$)/u.test(name)

/**
 * The APIs that Rolecall itself answers go by what a permission means: who may change users may have the scope that
 * says so, whichever API his role has it from.
 */
const holder = async (
  { permissions }: Pick<Reader, 'permissions'>,
  { userId, apiId, scopes, at }: { userId: string; apiId: string; scopes: readonly Scope[]; at: number },
  held: readonly string[],
): Promise<(name: string) => boolean> => {
  const names = new Set(held)
  if (!builtInApiIds.includes(apiId)) return (name) => names.has(name)
  const powers = powersOf(await permissions.effective(userId, scopes, at, builtInApiIds))
  return (name) => {
    if (names.has(name) || isOwn(name)) return true
    const meaning = implied(apiId, name)
    return meaning.length > 0 && meaning.every((permission) => powers.has(permission))
  }
}

export type ReadUserAudience = { applicationId: string; api: { id: string } | { identifier: string } }

export type UserAudience = {
  api: Api
  /** Whether people may get tokens for it with this application, and with which scopes at most. */
  access: 'open' | 'refused' | { only: readonly string[] }
}

/** An API that people may be given tokens for; undefined when there is none. */
export const readUserAudience = query<ReadUserAudience, UserAudience | undefined>({
  name: 'read user audience',
  needs: 'client-grants:read',
  run: async (reader, { applicationId, api: wanted }) => {
    const api = await reader.apis.findBy(wanted)
    if (!api) return undefined
    const policy = userPolicyOf(api)
    if (policy === 'deny_all') return { api, access: 'refused' }
    if (policy !== 'require_client_grant') return { api, access: 'open' }
    const grant = await reader.clientGrants.findBy({ applicationId, apiId: api.id, subjectType: 'user' })
    if (!grant) return { api, access: 'refused' }
    return { api, access: grant.allowsAll ? 'open' : { only: grant.permissions } }
  },
})

/** @see specs: §3.2 of the Auth0 dialect, `subject_type_authorization` */
const userPolicyOf = ({ extensions }: Api): unknown => {
  const settings = extensions.auth0?.subject_type_authorization as
    | { user?: { policy?: unknown } | null }
    | null
    | undefined
  return settings?.user?.policy
}
