import { type Api, apiIdOf } from '../apis/api.ts'
import { changesTo } from '../changes.ts'
import { equal, every, type Listing, type Page } from '../listing.ts'
import { command, query } from '../operation.ts'
import type { Permission } from '../permissions.ts'
import { found } from '../refusals.ts'
import { requireHeld } from '../rights.ts'
import { workspace } from '../scope.ts'
import type { ClientGrant } from './application.ts'
import { addGrant, dropGrant, type NewGrant, powersOfGrant, requireNames } from './grant-rules.ts'
import { findChangeableApplication } from './rules.ts'

/** A client grant with the API it is for. */
export type ClientGrantOfApi = ClientGrant & { api: Pick<Api, 'id' | 'identifier' | 'name'> }

export type CreateClientGrant = NewGrant & { applicationId: string }

/**
 * Allows an application to ask for tokens of an API.
 * @throws not_found, built_in, unknown_permission, taken, cannot_grant for what the actor does not hold himself
 */
export const createClientGrant = command<CreateClientGrant, ClientGrantOfApi>({
  name: 'create client grant',
  needs: 'client-grants:create',
  run: async (tx, { applicationId, ...grant }, actor) => {
    await findChangeableApplication(tx, applicationId)
    const added = await addGrant(tx, actor, applicationId, grant)
    return attach(added.grant, added.api)
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
    const apiId = api === undefined ? undefined : await apiIdOf({ apis }, { api })
    if (api !== undefined && apiId === undefined) return { items: [], ...(listing.total && { total: 0 }) }
    const filter = every(apiId === undefined ? undefined : equal('apiId', apiId), listing.filter)
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
