import { equal, unlimited } from '../listing.ts'
import { DomainError, found } from '../refusals.ts'
import type { Reader, Tx } from '../store.ts'
import { bumpRolesVersion } from '../users/rules.ts'
import type { Api, ApiPermission } from './api.ts'

export const longestLifetimeSeconds = 2_592_000

export type NewPermission = { name: string; description?: string }

/** By its id, or by the identifier that tokens carry. @throws not_found */
export const findApi = async ({ apis }: Pick<Reader, 'apis'>, idOrIdentifier: string): Promise<Api> =>
  found(
    (await apis.find(idOrIdentifier)) ?? (await apis.findBy({ identifier: idOrIdentifier })),
    'api',
    idOrIdentifier,
  )

/** @throws not_found, built_in */
export const findChangeableApi = async (tx: Pick<Reader, 'apis'>, idOrIdentifier: string): Promise<Api> => {
  const api = await findApi(tx, idOrIdentifier)
  if (api.isBuiltIn) throw new DomainError({ code: 'built_in', kind: 'api', id: api.id })
  return api
}

/** @throws invalid, taken */
export const requireIdentifier = async (
  { apis }: Pick<Reader, 'apis'>,
  identifier: string,
): Promise<void> => {
  if (identifier.trim() === '' || identifier.length > 600) {
    const reason = 'An identifier has 1 to 600 characters, not only blanks.'
    throw new DomainError({ code: 'invalid', field: 'identifier', reason })
  }
  // Also in another letter case, because some clients compare identifiers like URLs.
  if (/^\s*urn:rolecall:/iu.test(identifier)) {
    const reason = 'The selected identifier is reserved.'
    throw new DomainError({ code: 'invalid', field: 'identifier', reason })
  }
  // An API is found by its id too, so that one API's identifier can't be another's id.
  if ((await apis.findBy({ identifier })) ?? (await apis.find(identifier))) {
    throw new DomainError({ code: 'taken', kind: 'api', field: 'identifier', value: identifier })
  }
}

type Rules = Partial<Pick<Api, 'name' | 'tokenLifetimeSeconds' | 'webTokenLifetimeSeconds'>>

/** What holds for the fields of an API whenever they are written. @throws invalid */
export const requireApiFields = (given: Rules): void => {
  if (given.name !== undefined && (given.name.trim() === '' || given.name.length > 600)) {
    const reason = 'An API name has 1 to 600 characters, not only blanks.'
    throw new DomainError({ code: 'invalid', field: 'name', reason })
  }
  for (const field of ['tokenLifetimeSeconds', 'webTokenLifetimeSeconds'] as const) {
    const seconds = given[field]
    if (seconds === undefined) continue
    if (!Number.isInteger(seconds) || seconds < 0 || seconds > longestLifetimeSeconds) {
      const reason = `A token lives for a whole number of seconds, 0 to ${longestLifetimeSeconds}.`
      throw new DomainError({ code: 'invalid', field, reason })
    }
  }
}

/** Names travel in a token's `scope`, blank between blank. @see RFC 6749 §3.3 @throws invalid */
export const requirePermissionNames = (permissions: readonly NewPermission[]): void => {
  const names = new Set<string>()
  for (const { name } of permissions) {
    const reason =
      name === '' || name.length > 280
        ? 'A permission name has 1 to 280 characters.'
        : /[\s\p{Cc}"\\]/u.test(name)
          ? `The permission name ${JSON.stringify(name)} has a blank, a quote or a backslash.`
          : names.has(name)
            ? `The permission ${name} is listed twice.`
            : undefined
    if (reason !== undefined) throw new DomainError({ code: 'invalid', field: 'permissions', reason })
    names.add(name)
  }
}

export const permissionsOfApi = async (
  { permissions }: Pick<Reader, 'permissions'>,
  apiId: string,
): Promise<ApiPermission[]> =>
  (await permissions.list({ filter: equal('apiId', apiId), limit: unlimited })).items

/** Takes a permission from its API, and so from every role, user and client grant that had it. */
export const dropPermission = async (tx: Tx, apiId: string, name: string): Promise<void> => {
  const key = { apiId, name }
  const { roleIds, userIds } = await tx.permissions.remove(key)
  for (const roleId of roleIds) await tx.emit({ type: 'role.permission-removed', roleId, data: key })
  for (const userId of userIds) await tx.emit({ type: 'user.permission-removed', userId, data: key })
  await bumpRolesVersion(tx, userIds)
  const { items: grants } = await tx.clientGrants.list({ filter: equal('apiId', apiId), limit: unlimited })
  for (const grant of grants) {
    if (!grant.permissions.includes(name)) continue
    const permissions = grant.permissions.filter((each) => each !== name)
    await tx.clientGrants.update(grant.id, { permissions, updatedAt: tx.now() })
    const target = { kind: 'client_grant', id: grant.id } as const
    await tx.emit({ type: 'client-grant.updated', target, data: { changed: ['permissions'] } })
  }
}
