import { changesTo } from '../changes.ts'
import type { Connection } from '../connections/connection.ts'
import { equal, type Listing, type Page } from '../listing.ts'
import { command, query } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import type { Reader, Tx } from '../store.ts'
import type { OrganizationConnection } from './organization.ts'
import { organizationScope, requireOrganization } from './rules.ts'

const settings = ['assignsMembershipOnLogin', 'isSignupEnabled', 'showsAsButton'] as const

export type ConnectionSettings = Partial<Pick<OrganizationConnection, (typeof settings)[number]>>

/** A way to sign in with what an organization says about it. */
export type EnabledConnection = OrganizationConnection & { connection: Connection }

type Key = { organizationId: string; connectionId: string }
const scope = ({ organizationId }: Pick<Key, 'organizationId'>) => organizationScope(organizationId)

export type PutOrganizationConnection = Key &
  ConnectionSettings & {
    /** Refuse when the organization has it, where a dialect's callers expect to be told. */
    refuseExisting?: boolean
  }

/**
 * Lets an organization's members use a way to sign in. One that they may use takes the given settings; what is not
 * given is as for a new one: no membership by signing in, no registration, shown as a button.
 * @throws not_found, taken
 */
export const putOrganizationConnection = command<PutOrganizationConnection, EnabledConnection>({
  name: 'put organization connection',
  needs: 'organizations:update-connections',
  scope,
  run: async (tx, { organizationId, connectionId, refuseExisting, ...given }) => {
    await requireOrganization(tx, organizationId)
    const there = await tx.organizationConnections.find(organizationId, connectionId)
    if (there && refuseExisting) {
      const field = 'connectionId'
      throw new DomainError({ code: 'taken', kind: 'organization_connection', field, value: connectionId })
    }
    if (there) await changeConnection(tx, there, { ...defaults, ...given })
    else await addConnection(tx, organizationId, connectionId, given)
    return requireConnection(tx, { organizationId, connectionId })
  },
})

/** Changes the given settings. @throws not_found */
export const updateOrganizationConnection = command<Key & ConnectionSettings, EnabledConnection>({
  name: 'update organization connection',
  needs: 'organizations:update-connections',
  scope,
  run: async (tx, { organizationId, connectionId, ...given }) => {
    const key = { organizationId, connectionId }
    await changeConnection(tx, await requireConnection(tx, key), given)
    return requireConnection(tx, key)
  },
})

/** Members who signed in that way stay members. @returns whether it was there @throws not_found for the organization */
export const removeOrganizationConnection = command<Key, boolean>({
  name: 'remove organization connection',
  needs: 'organizations:update-connections',
  scope,
  run: async (tx, { organizationId, connectionId }) => {
    await requireOrganization(tx, organizationId)
    const removed = await tx.organizationConnections.remove(organizationId, connectionId)
    if (removed) await tell(tx, 'organization.connection-removed', { organizationId, connectionId })
    return removed
  },
})

/** @throws not_found */
export const getOrganizationConnection = query<Key, EnabledConnection>({
  name: 'get organization connection',
  needs: 'organizations:read',
  scope,
  run: (reader, { organizationId, connectionId }) =>
    requireConnection(reader, { organizationId, connectionId }),
})

/** The listing's filter does not count. @throws not_found */
export const listOrganizationConnections = query<
  { organizationId: string; listing: Listing },
  Page<EnabledConnection>
>({
  name: 'list organization connections',
  needs: 'organizations:read',
  scope,
  run: async (reader, { organizationId, listing }) => {
    await requireOrganization(reader, organizationId)
    const filter = equal('organizationId', organizationId)
    const { items, ...page } = await reader.organizationConnections.list({ ...listing, filter })
    const connections = await reader.connections.findMany(items.map(({ connectionId }) => connectionId))
    const byId = new Map(connections.map((connection) => [connection.id, connection]))
    return {
      ...page,
      items: items.flatMap((each) => {
        const connection = byId.get(each.connectionId)
        return connection ? [{ ...each, connection }] : []
      }),
    }
  },
})

const defaults = { assignsMembershipOnLogin: false, isSignupEnabled: false, showsAsButton: true }

/** Adds a way to sign in that the organization does not have yet. @throws not_found */
export const addConnection = async (
  tx: Tx,
  organizationId: string,
  connectionId: string,
  given: ConnectionSettings,
): Promise<void> => {
  found(await tx.connections.find(connectionId), 'connection', connectionId)
  const connection = { organizationId, connectionId, ...defaults }
  await tx.organizationConnections.put({ ...connection, ...changesTo(connection, given, settings) })
  await tell(tx, 'organization.connection-added', connection)
}

const changeConnection = async (
  tx: Tx,
  connection: OrganizationConnection,
  given: ConnectionSettings,
): Promise<void> => {
  const changes = changesTo(connection, given, settings)
  if (Object.keys(changes).length === 0) return
  const { organizationId, connectionId, assignsMembershipOnLogin, isSignupEnabled, showsAsButton } =
    connection
  const before = { organizationId, connectionId, assignsMembershipOnLogin, isSignupEnabled, showsAsButton }
  await tx.organizationConnections.put({ ...before, ...changes })
  await tell(tx, 'organization.connection-updated', connection)
}

const requireConnection = async (reader: Reader | Tx, { organizationId, connectionId }: Key) => {
  await requireOrganization(reader, organizationId)
  const there = await reader.organizationConnections.find(organizationId, connectionId)
  const connection = there && (await reader.connections.find(connectionId))
  if (!connection)
    throw new DomainError({ code: 'not_found', kind: 'organization_connection', id: connectionId })
  return { ...there, connection }
}

const tell = (
  tx: Tx,
  type: `organization.connection-${'added' | 'updated' | 'removed'}`,
  { organizationId, connectionId }: Key,
) =>
  tx.emit({
    type,
    scope: organizationScope(organizationId),
    target: { kind: 'organization', id: organizationId },
    data: { connectionId },
  })
