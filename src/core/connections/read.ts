import type { Listing, Page } from '../listing.ts'
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
