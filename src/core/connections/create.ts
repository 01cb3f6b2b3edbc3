import { command } from '../operation.ts'
import { DomainError } from '../refusals.ts'
import type { Connection } from './connection.ts'
import { requireApplications, requireConnectionName, requireOptions } from './rules.ts'

export type CreateConnection = Pick<Connection, 'name' | 'strategy'> &
  Partial<Pick<Connection, 'displayName' | 'options' | 'applicationIds' | 'extensions'>>

/** Creates a way to sign in. @throws taken, invalid, not_found for an application */
export const createConnection = command<CreateConnection, Connection>({
  name: 'create connection',
  needs: 'connections:create',
  run: async (tx, input) => {
    const { name, strategy, displayName, options = {}, applicationIds = [], extensions = {} } = input
    await requireConnectionName(tx, name)
    if (!/^[a-z0-9][a-z0-9-]{0,63}$/u.test(strategy)) {
      const reason = 'A strategy has lower case letters, digits and hyphens.'
      throw new DomainError({ code: 'invalid', field: 'strategy', reason })
    }
    requireOptions(strategy, options)
    const connection = await tx.connections.insert({
      id: tx.newId(),
      name,
      ...(displayName !== undefined && { displayName }),
      strategy,
      options,
      ...(input.options && { policyChosenAt: tx.now() }),
      applicationIds: await requireApplications(tx, applicationIds),
      createdAt: tx.now(),
      updatedAt: tx.now(),
      extensions,
    })
    const target = { kind: 'connection', id: connection.id } as const
    await tx.emit({ type: 'connection.created', target, data: { name, strategy } })
    return connection
  },
})
