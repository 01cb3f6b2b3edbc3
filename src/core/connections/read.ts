import { equal, every, type Listing, type Page } from '../listing.ts'
import { query } from '../operation.ts'
import { found } from '../refusals.ts'
import type { Connection } from './connection.ts'

/** @throws not_found */
export const getConnection = query<{ connectionId: string }, Connection>({
  name: 'get connection',
  needs: 'connections:read',
  run: async ({ connections }, { connectionId }) =>
    found(await connections.find(connectionId), 'connection', connectionId),
})

/**
 * Fields: those of `Connection`; `applicationIds` compares with each of them.
 * @throws invalid_cursor, unknown_field
 */
export const listConnections = query<{ listing: Listing }, Page<Connection>>({
  name: 'list connections',
  needs: 'connections:read',
  run: ({ connections }, { listing }) => connections.list(listing),
})

export type ListConnectionsOfApplication = { applicationId: string; listing: Listing }

/** Those that the application's users may sign in by. Fields: those of `Connection`. @throws not_found */
export const listConnectionsOfApplication = query<ListConnectionsOfApplication, Page<Connection>>({
  name: 'list connections of application',
  needs: 'connections:read',
  run: async ({ applications, connections }, { applicationId, listing }) => {
    found(await applications.find(applicationId), 'application', applicationId)
    const filter = every(equal('applicationIds', applicationId), listing.filter)
    return connections.list({ ...listing, ...(filter && { filter }) })
  },
})
