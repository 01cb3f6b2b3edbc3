import type { Application } from '../applications/application.ts'
import type { Connection } from '../connections/connection.ts'
import { query } from '../operation.ts'
import type { Role } from '../roles/role.ts'
import { type Scope, scopesThatCountIn, workspace } from '../scope.ts'
import { attachIdentities, type UserWithIdentities } from '../users/read.ts'

export type AskFacts = {
  userId?: string | undefined
  applicationId?: string | undefined
  connectionName?: string | undefined
  /** Where the roles are asked for; those of the workspace count too. */
  scope?: Scope | undefined
}

export type Facts = {
  user?: UserWithIdentities
  roles: Role[]
  application?: Application
  connection?: Connection
}

/** What scripts are told of whom and what they run for, as it is at this instant. No door offers it. */
export const readFacts = query<AskFacts, Facts>({
  name: 'read facts for hooks',
  needs: 'hooks:update',
  run: async (reader, { userId, applicationId, connectionName, scope = workspace }) => {
    const user = userId === undefined ? undefined : await reader.users.find(userId)
    const [complete] = user ? await attachIdentities(reader, [user]) : []
    const roles = user
      ? await reader.assignments.effectiveRoles(user.id, scopesThatCountIn(scope), reader.now())
      : []
    const application =
      applicationId === undefined ? undefined : await reader.applications.find(applicationId)
    const name = connectionName ?? complete?.connectionName
    const connection = name === undefined ? undefined : await reader.connections.findBy({ name })
    return {
      roles,
      ...(complete && { user: complete }),
      ...(application && { application }),
      ...(connection && { connection }),
    }
  },
})
