import { chatBotId } from '../chat/general.ts'
import { dropEntriesOf } from '../entries/rules.ts'
import { equal, unlimited } from '../listing.ts'
import { dropMails } from '../mail/queue.ts'
import { command } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import { dropRoles } from '../roles/remove.ts'
import { requireAnotherAdministrator, requireOtherOwners } from '../roles/rules.ts'
import { handOverRooms } from '../rooms/hand-over.ts'
import { dropSecondFactors } from '../second-factors/manage.ts'
import { dropSessions } from '../sessions/end.ts'
import type { Tx } from '../store.ts'

export type DeleteUser = {
  userId: string
  /** Take a user who is not there for deleted, where a dialect's callers expect that. */
  allowMissing?: boolean
  /** Rooms that only he keeps going find another owner, or end. Without it that is refused. */
  handsOverRooms?: boolean
}

/** Deletes a user with everything that is his. @throws not_found, built_in, last_administrator, last_owner */
export const deleteUser = command<DeleteUser, void>({
  name: 'delete user',
  needs: 'users:delete',
  self: ({ userId }) => userId,
  run: async (tx, { userId, allowMissing, handsOverRooms }, actor) => {
    if (allowMissing && !(await tx.users.find(userId))) return
    if (handsOverRooms) await handOverRooms(tx, userId, actor)
    await dropUser(tx, userId)
  },
})

/** The chat's own bot stays. @throws built_in */
export const requireUnprotected = (userId: string): void => {
  if (userId === chatBotId) throw new DomainError({ code: 'built_in', kind: 'user', id: userId })
}

/** The one way a user goes. @throws not_found, built_in, last_administrator, last_owner */
export const dropUser = async (tx: Tx, userId: string): Promise<void> => {
  const user = found(await tx.users.find(userId), 'user', userId)
  requireUnprotected(userId)
  await requireAnotherAdministrator(tx, userId)
  await requireOtherOwners(tx, userId)
  await dropRoles(tx, { userId })
  await tx.permissions.removeAll({ userId })
  await tx.memberships.removeAll({ userId })
  for (const { provider, subject } of await tx.users.identities([userId])) {
    await tx.users.removeIdentity(provider, subject)
  }
  const asked = await tx.roleRequests.list({ filter: equal('userId', userId), limit: unlimited })
  for (const { id } of asked.items) await tx.roleRequests.remove(id)
  const tickets = await tx.tickets.list({
    filter: equal('userId', userId),
    limit: unlimited,
  })
  for (const { id } of tickets.items) await tx.tickets.remove(id)
  await dropSessions(tx, { userId })
  await dropMails(tx, userId)
  await dropEntriesOf(tx, `user:${userId}`)
  await dropSecondFactors(tx, userId)
  await tx.users.remove(userId)
  // The name is the only thing that is left to recognise the entry by.
  const name = user.email ?? user.username ?? user.name
  await tx.emit({ type: 'user.deleted', userId, data: name === undefined ? {} : { name } })
}
