import { command } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import { dropUser } from '../users/delete.ts'
import { isDatabase } from './rules.ts'

export type DeleteUserOfConnection = { connectionId: string; email: string }

/**
 * Deletes the user whom a database of passwords knows by this address, if there is one.
 * @throws not_found for the connection, unsupported for one that is no database, last_administrator, last_owner
 */
export const deleteUserOfConnection = command<DeleteUserOfConnection, void>({
  name: 'delete user of connection',
  needs: 'users:delete',
  run: async (tx, { connectionId, email }) => {
    const connection = found(await tx.connections.find(connectionId), 'connection', connectionId)
    if (!isDatabase(connection)) {
      throw new DomainError({ code: 'unsupported', what: 'users of a connection that is no database' })
    }
    const user = await tx.users.findByEmail(email)
    if (user?.connectionId === connectionId) await dropUser(tx, user.id)
  },
})
