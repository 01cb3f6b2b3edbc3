import type { Actor } from '../actor.ts'
import { equal, unlimited } from '../listing.ts'
import { command } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import { requireMayDo } from '../rights.ts'
import { workspace } from '../scope.ts'
import type { Tx } from '../store.ts'
import { dropUser } from '../users/delete.ts'
import type { User } from '../users/user.ts'
import { type Connection, databaseStrategy } from './connection.ts'
import { isDatabase } from './rules.ts'

/** More users than this are not deleted at one go, while every other write waits. */
const userLimit = 5000

/**
 * Deletes a way to sign in, and those who have no other with it, by the rules for deleting users; that needs
 * `users:delete` too. The last database of passwords stays.
 * @throws not_found, in_use, limit_exceeded, forbidden, last_administrator, last_owner
 */
export const deleteConnection = command<{ connectionId: string }, { deletedAt: number }>({
  name: 'delete connection',
  needs: 'connections:delete',
  run: async (tx, { connectionId }, actor) => {
    const connection = found(await tx.connections.find(connectionId), 'connection', connectionId)
    if (isDatabase(connection) && (await tx.connections.count(equal('strategy', databaseStrategy))) === 1) {
      throw new DomainError({ code: 'in_use', kind: 'connection', id: connectionId })
    }
    await dropUsers(tx, connection, actor)
    await leaveOrganizations(tx, connectionId)
    await tx.connections.remove(connectionId)
    const target = { kind: 'connection', id: connectionId } as const
    await tx.emit({ type: 'connection.deleted', target, data: { name: connection.name } })
    return { deletedAt: tx.now() }
  },
})

const dropUsers = async (tx: Tx, connection: Connection, actor: Actor): Promise<void> => {
  const filter = {
    any: [equal('connectionId', connection.id), equal('identities.connectionName', connection.name)],
  }
  const { items: users } = await tx.users.list({ filter, limit: userLimit + 1 })
  if (users.length > userLimit) {
    throw new DomainError({ code: 'limit_exceeded', kind: 'user', limit: userLimit })
  }
  if (users.length > 0) await requireMayDo(tx, actor, ['users:delete'], workspace)
  for (const user of users) await dropOrUnlink(tx, user, connection)
}

/** Who was linked to the connection beside his own way in keeps that one. */
const dropOrUnlink = async (tx: Tx, user: User, connection: Connection): Promise<void> => {
  const identities = await tx.users.identities([user.id])
  const gone = identities.filter(({ connectionName }) => connectionName === connection.name)
  const isOwn = user.connectionId === connection.id
  const hasAnother = user.connectionId !== undefined || gone.length < identities.length
  if (isOwn || !hasAnother) return dropUser(tx, user.id)
  for (const { provider, subject } of gone) {
    await tx.users.removeIdentity(provider, subject)
    await tx.emit({ type: 'user.identity-unlinked', userId: user.id, data: { provider } })
  }
}

const leaveOrganizations = async (tx: Tx, connectionId: string): Promise<void> => {
  const filter = equal('connectionId', connectionId)
  const { items } = await tx.organizationConnections.list({ filter, limit: unlimited })
  for (const { organizationId } of items) {
    await tx.organizationConnections.remove(organizationId, connectionId)
    await tx.emit({
      type: 'organization.connection-removed',
      target: { kind: 'organization', id: organizationId },
      data: { connectionId },
    })
  }
}
