import type { Api } from '../apis/api.ts'
import { findApi } from '../apis/rules.ts'
import { changesTo } from '../changes.ts'
import { equal, every, type Listing, type Page } from '../listing.ts'
import { command, query } from '../operation.ts'
import type { Permission } from '../permissions.ts'
import { DomainError, found } from '../refusals.ts'
import { requireHeld } from '../rights.ts'
import { workspace } from '../scope.ts'
import type { Reader } from '../store.ts'
import type { ClientGrant } from './application.ts'
import { dropGrant, powersOfGrant } from './grant-rules.ts'
import { findChangeableApplication } from './rules.ts'

/** A client grant with the API it is for. */
export type ClientGrantOfApi = ClientGrant & { api: Pick<Api, 'id' | 'identifier' | 'name'> }

export type CreateClientGrant = {
  applicationId: string
  /** Id or identifier. */
  api: string
  permissions?: readonly string[]
  allowsAll?: boolean
  subjectType?: ClientGrant['subjectType']
  extensions?: ClientGrant['extensions']
}

/**
 * Allows an application to ask for tokens of an API.
 * @throws not_found, built_in, unknown_permission, taken, cannot_grant for what the actor does not hold himself
 */
export const createClientGrant = command<CreateClientGrant, ClientGrantOfApi>({
  name: 'create client grant',
  needs: 'client-grants:create',
  run: async (tx, input, actor) => {
    const { applicationId, allowsAll = false, subjectType = 'client' } = input
    await findChangeableApplication(tx, applicationId)
    const api = await findApi(tx, input.api)
    const permissions = await requireNames(tx, api.id, input.permissions ?? [])
    await requireHeld(tx, actor, powersOfGrant({ apiId: api.id, permissions, allowsAll }), workspace)
    if (await tx.clientGrants.findBy({ applicationId, apiId: api.id, subjectType })) {
      throw new DomainError({ code: 'taken', kind: 'client_grant', field: 'apiId', value: api.id })
    }
    const grant = await tx.clientGrants.insert({
      id: tx.newId(),
      applicationId,
      apiId: api.id,
      permissions,
      allowsAll,
      subjectType,
      createdAt: tx.now(),
      updatedAt: tx.now(),
      extensions: input.extensions ?? {},
    })
    await tx.emit({
      type: 'client-grant.created',
      target: { kind: 'client_grant', id: grant.id },
      data: { applicationId, apiId: api.id, permissions, allowsAll, subjectType },
    })
    return attach(grant, api)
  },
})

const changeable = ['permissions', 'allowsAll', 'extensions'] as const

export type UpdateClientGrant = {
  grantId: string
  changes: Partial<Pick<ClientGrant, (typeof changeable)[number]>>
}

/**
 * Changes what an application may ask for; `permissions` is the complete list.
 * @throws not_found, unknown_permission, cannot_grant for what is added or taken and the actor does not hold himself
 */
export const updateClientGrant = command<UpdateClientGrant, ClientGrantOfApi>({
  name: 'update client grant',
  needs: 'client-grants:update',
  run: async (tx, { grantId, changes: wanted }, actor) => {
    const grant = found(await tx.clientGrants.find(grantId), 'client_grant', grantId)
    const api = found(await tx.apis.find(grant.apiId), 'api', grant.apiId)
    const permissions = wanted.permissions && (await requireNames(tx, api.id, wanted.permissions))
    const changes = changesTo(grant, { ...wanted, permissions }, changeable)
    const changed = Object.keys(changes)
    if (changed.length === 0) return attach(grant, api)
    const updated = { ...grant, ...changes, updatedAt: tx.now() }
    await requireHeld(tx, actor, powersMoved(grant, updated), workspace)
    await tx.clientGrants.update(grantId, { ...changes, updatedAt: tx.now() })
    await tx.emit({
      type: 'client-grant.updated',
      target: { kind: 'client_grant', id: grantId },
      data: { applicationId: grant.applicationId, apiId: api.id, changed },
    })
    return attach(updated, api)
  },
})

/** What the change adds or takes. Name by name, because several permissions stand for the same power. */
const powersMoved = (before: ClientGrant, after: ClientGrant): Set<Permission> => {
  const moved = new Set(before.permissions).symmetricDifference(new Set(after.permissions))
  const powers = powersOfGrant({ ...after, allowsAll: false, permissions: [...moved] })
  return before.allowsAll === after.allowsAll
    ? powers
    : powers.union(powersOfGrant({ ...after, allowsAll: true }))
}

/** @throws not_found, cannot_grant */
export const deleteClientGrant = command<{ grantId: string }, void>({
  name: 'delete client grant',
  needs: 'client-grants:delete',
  run: async (tx, { grantId }, actor) => {
    const grant = found(await tx.clientGrants.find(grantId), 'client_grant', grantId)
    await requireHeld(tx, actor, powersOfGrant(grant), workspace)
    await dropGrant(tx, grant)
  },
})

/** @throws not_found */
export const getClientGrant = query<{ grantId: string }, ClientGrantOfApi>({
  name: 'get client grant',
  needs: 'client-grants:read',
  run: async (reader, { grantId }) => {
    const grant = found(await reader.clientGrants.find(grantId), 'client_grant', grantId)
    return attach(grant, found(await reader.apis.find(grant.apiId), 'api', grant.apiId))
  },
})

export type ListClientGrants = {
  listing: Listing
  /** Only those for this API, named by id or identifier; none when there is no such API. */
  api?: string
}

/** Fields: those of `ClientGrant`. @throws invalid_cursor, unknown_field */
export const listClientGrants = query<ListClientGrants, Page<ClientGrantOfApi>>({
  name: 'list client grants',
  needs: 'client-grants:read',
  run: async ({ apis, clientGrants }, { listing, api }) => {
    const only =
      api === undefined ? undefined : ((await apis.find(api)) ?? (await apis.findBy({ identifier: api })))
    if (api !== undefined && !only) return { items: [], ...(listing.total && { total: 0 }) }
    const filter = every(only && equal('apiId', only.id), listing.filter)
    const page = await clientGrants.list({ ...listing, filter })
    const known = await apis.findMany([...new Set(page.items.map(({ apiId }) => apiId))])
    const byId = new Map(known.map((each) => [each.id, each]))
    return {
      ...page,
      items: page.items.flatMap((grant) => {
        const its = byId.get(grant.apiId)
        return its ? [attach(grant, its)] : []
      }),
    }
  },
})

const attach = (grant: ClientGrant, { id, identifier, name }: Api): ClientGrantOfApi => ({
  ...grant,
  api: { id, identifier, name },
})

/** Each name once. @throws unknown_permission */
const requireNames = async (
  { permissions }: Pick<Reader, 'permissions'>,
  apiId: string,
  names: readonly string[],
): Promise<string[]> => {
  const unique = [...new Set(names)]
  for (const name of unique) {
    if (!(await permissions.find({ apiId, name }))) {
      throw new DomainError({ code: 'unknown_permission', apiId, name })
    }
  }
  return unique
}
