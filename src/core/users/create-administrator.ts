import type { Actor } from '../actor.ts'
import { defaultConnectionName } from '../connections/connection.ts'
import { command, type Services } from '../operation.ts'
import { found } from '../refusals.ts'
import { giveRoles } from '../roles/assign.ts'
import { administratorRoleId } from '../roles/role.ts'
import type { Tx } from '../store.ts'
import { addUser } from './create.ts'
import type { User } from './user.ts'

export type CreateAdministrator = { email: string; username: string; password: string }

/** Creates a user who may do everything. @throws taken, invalid, weak_password, cannot_grant */
export const createAdministrator = command<CreateAdministrator, User, string>({
  name: 'create administrator',
  needs: 'roles:assign-admin',
  prepare: (input, services) => prepareAdministrator(input, services),
  run: (tx, input, actor, passwordHash) => addAdministrator(tx, input, actor, passwordHash),
})

export const prepareAdministrator = (
  { password }: CreateAdministrator,
  { passwords }: Services,
): Promise<string> => passwords.hash(password)

/** @param actor who must hold the right to make administrators */
export const addAdministrator = async (
  tx: Tx,
  { password, email, username }: CreateAdministrator,
  actor: Actor,
  passwordHash: string,
): Promise<User> => {
  const connection = await tx.connections.findBy({ name: defaultConnectionName })
  const connectionId = found(connection, 'connection', defaultConnectionName).id
  const profile = { email, username, name: username, isEmailVerified: true, connectionId, password }
  const user = await addUser(tx, profile, passwordHash)
  await giveRoles(tx, { userIds: [user.id], roleIds: [administratorRoleId], source: 'direct' }, actor)
  return user
}
