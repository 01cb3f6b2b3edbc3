import { defaultConnectionName } from '../connections/connection.ts'
import { command } from '../operation.ts'
import { found } from '../refusals.ts'
import { giveRoles } from '../roles/assign.ts'
import { administratorRoleId } from '../roles/role.ts'
import { addUser } from './create.ts'
import type { User } from './user.ts'

export type CreateAdministrator = { email: string; username: string; password: string }

/** Creates a user who may do everything. @throws taken, cannot_grant */
export const createAdministrator = command<CreateAdministrator, User, string>({
  name: 'create administrator',
  needs: 'roles:assign-admin',
  prepare: ({ password }, { passwords }) => passwords.hash(password),
  run: async (tx, { email, username }, actor, passwordHash) => {
    const connection = await tx.connections.findBy({ name: defaultConnectionName })
    const connectionId = found(connection, 'connection', defaultConnectionName).id
    const profile = { email, username, name: username, isEmailVerified: true, connectionId }
    const user = await addUser(tx, profile, passwordHash)
    await giveRoles(tx, { userIds: [user.id], roleIds: [administratorRoleId], source: 'direct' }, actor)
    return user
  },
})
