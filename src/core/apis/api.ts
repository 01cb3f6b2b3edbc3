import type { Extensions } from '../json.ts'
import type { CollectionReader } from '../store.ts'

/** What permissions belong to: a program that others call with tokens. */
export type Api = {
  number: number
  id: string
  /** The `aud` of its tokens; any text, usually a URL. Never changes. */
  identifier: string
  name: string
  /** Built-in APIs can't be changed or deleted, and their permissions mean something to Rolecall itself. */
  isBuiltIn: boolean
  signingAlgorithm: 'RS256' | 'RS512' | 'PS256' | 'ES256' | 'HS256'
  tokenLifetimeSeconds: number
  webTokenLifetimeSeconds: number
  allowsOfflineAccess: boolean
  /** Whether tokens carry only the scopes that the user's permissions cover; undefined until somebody decides. */
  enforcesPermissions?: boolean
  /** The form of its access tokens; undefined until somebody chooses, then as `access_token`. */
  tokenDialect?: TokenDialect
  createdAt: number
  updatedAt: number
  extensions: Extensions
}

export type TokenDialect = 'access_token' | 'access_token_authz' | 'rfc9068_profile' | 'rfc9068_profile_authz'

/** A permission within an API. */
export type ApiPermission = { number: number; apiId: string; name: string; description: string }

/** Which roles carry a permission themselves, in the order in which they got it, and since when it is these. */
export type Carried = { name: string; roleIds: string[]; changedAt: number }

export type ApiWithPermissions = Api & { permissions: ApiPermission[] }

/** Names a permission; the pair is unique. */
export type PermissionKey = { apiId: string; name: string }

/** Names a permission by its API's id, by the identifier that tokens carry, or by whichever of them `api` is. */
export type PermissionRef =
  | PermissionKey
  | { apiIdentifier: string; name: string }
  | { api: string; name: string }

/** The id of the API that a reference names; undefined when there is none. An id is believed as it stands. */
export const apiIdOf = async (
  { apis }: { apis: Pick<CollectionReader<Api>, 'find' | 'findBy'> },
  ref: { apiId: string } | { apiIdentifier: string } | { api: string },
): Promise<string | undefined> => {
  if ('apiId' in ref) return ref.apiId
  if ('apiIdentifier' in ref) return (await apis.findBy({ identifier: ref.apiIdentifier }))?.id
  return ((await apis.find(ref.api)) ?? (await apis.findBy({ identifier: ref.api })))?.id
}

/** A permission with the API it belongs to. */
export type PermissionOfApi = ApiPermission & { api: Pick<Api, 'id' | 'identifier' | 'name'> }

export const attachApis = async (
  { apis }: { apis: Pick<CollectionReader<Api>, 'findMany'> },
  permissions: readonly ApiPermission[],
): Promise<PermissionOfApi[]> => {
  const byId = new Map(
    (await apis.findMany([...new Set(permissions.map(({ apiId }) => apiId))])).map((api) => [api.id, api]),
  )
  return permissions.flatMap((permission) => {
    const api = byId.get(permission.apiId)
    return api ? [{ ...permission, api }] : []
  })
}

/** A permission given to one user, beside his roles. Holds in the whole workspace. */
export type UserPermission = PermissionKey & { userId: string }
export type RolePermission = PermissionKey & { roleId: string }
