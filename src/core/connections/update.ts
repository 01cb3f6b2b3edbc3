import { changesTo } from '../changes.ts'
import { command } from '../operation.ts'
import { found } from '../refusals.ts'
import type { Tx } from '../store.ts'
import type { Connection } from './connection.ts'
import { requireApplications, requireOptions } from './rules.ts'

const clearable = ['displayName'] as const
const changeable = [...clearable, 'options', 'applicationIds', 'extensions'] as const

type Changes = { [Field in (typeof changeable)[number]]?: Connection[Field] | undefined }

export type UpdateConnection = {
  connectionId: string
  /** `options` and `applicationIds` replace what is there; an undefined display name clears it. */
  changes: Changes
}

/**
 * Changes a way to sign in. Its name and strategy stay: passwords and identities were made for them.
 * @throws not_found, invalid
 */
export const updateConnection = command<UpdateConnection, Connection>({
  name: 'update connection',
  needs: 'connections:update',
  run: async (tx, { connectionId, changes }) => {
    const connection = found(await tx.connections.find(connectionId), 'connection', connectionId)
    return changeConnection(tx, connection, changes)
  },
})

export type EnableConnection = {
  connectionId: string
  applications: readonly { applicationId: string; isEnabled: boolean }[]
}

/** Lets applications use a way to sign in, or no longer; others keep what they have. @throws not_found */
export const enableConnection = command<EnableConnection, Connection>({
  name: 'enable connection for applications',
  needs: 'connections:update',
  run: async (tx, { connectionId, applications }) => {
    const connection = found(await tx.connections.find(connectionId), 'connection', connectionId)
    const enabled = new Set(connection.applicationIds)
    for (const { applicationId, isEnabled } of applications) {
      if (isEnabled) enabled.add(applicationId)
      else enabled.delete(applicationId)
    }
    return changeConnection(tx, connection, { applicationIds: [...enabled] })
  },
})

const changeConnection = async (tx: Tx, connection: Connection, wanted: Changes): Promise<Connection> => {
  const applicationIds = wanted.applicationIds && (await requireApplications(tx, wanted.applicationIds))
  const changes: Partial<Connection> = changesTo(
    connection,
    { ...wanted, applicationIds },
    changeable,
    clearable,
  )
  // Whoever writes what was there already has decided on it, too.
  if (wanted.options && connection.policyChosenAt === undefined) changes.policyChosenAt = tx.now()
  const changed = Object.keys(changes)
  if (changed.length === 0) return connection
  if (changes.options) requireOptions(connection.strategy, changes.options)
  const written = { ...changes, updatedAt: tx.now() }
  await tx.connections.update(connection.id, written)
  const target = { kind: 'connection', id: connection.id } as const
  await tx.emit({ type: 'connection.updated', target, data: { changed } })
  return { ...connection, ...written }
}
