import { dropEntriesOf } from '../entries/rules.ts'
import { equal, unlimited } from '../listing.ts'
import { command } from '../operation.ts'
import { dropFromPolicies } from '../registration/policies.ts'
import { dropRoles } from '../roles/remove.ts'
import { scopeOf } from '../scope.ts'
import type { Tx } from '../store.ts'
import { dropGrant } from './grant-rules.ts'
import { findChangeableApplication } from './rules.ts'

/**
 * Deletes an application with its client grants, the roles held in it, and its place at connections.
 * @throws not_found, built_in
 */
export const deleteApplication = command<{ applicationId: string }, void>({
  name: 'delete application',
  needs: 'applications:delete',
  run: (tx, { applicationId }) => dropApplication(tx, applicationId),
})

/** The one way an application goes. @throws not_found, built_in */
export const dropApplication = async (tx: Tx, applicationId: string): Promise<void> => {
  const application = await findChangeableApplication(tx, applicationId)
  const grants = await tx.clientGrants.list({
    filter: equal('applicationId', applicationId),
    limit: unlimited,
  })
  for (const grant of grants.items) await dropGrant(tx, grant)
  await dropRoles(tx, { scope: scopeOf('application', applicationId) })
  await dropFromPolicies(tx, { applicationId, scope: scopeOf('application', applicationId) })
  await leaveConnections(tx, applicationId)
  await dropEntriesOf(tx, `application:${applicationId}`)
  await tx.applications.remove(applicationId)
  const target = { kind: 'application', id: applicationId } as const
  await tx.emit({ type: 'application.deleted', target, data: { name: application.name } })
}

const leaveConnections = async (tx: Tx, applicationId: string): Promise<void> => {
  const filter = equal('applicationIds', applicationId)
  for (const connection of (await tx.connections.list({ filter, limit: unlimited })).items) {
    const applicationIds = connection.applicationIds.filter((id) => id !== applicationId)
    await tx.connections.update(connection.id, { applicationIds, updatedAt: tx.now() })
    const target = { kind: 'connection', id: connection.id } as const
    await tx.emit({ type: 'connection.updated', target, data: { changed: ['applicationIds'] } })
  }
}
