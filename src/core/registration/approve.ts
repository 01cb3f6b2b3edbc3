import { every, type Listing, type Page } from '../listing.ts'
import { command, query } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import type { Tx } from '../store.ts'
import { dropUser } from '../users/delete.ts'
import type { User } from '../users/user.ts'
import { mailWelcome } from './mails.ts'

/** Who has registered and waits to be let in. Fields: see `listUsers`. @throws unknown_field, invalid_cursor */
export const listRegistrations = query<{ listing: Listing }, Page<User>>({
  name: 'list registrations that wait',
  needs: 'users:read',
  run: async ({ users }, { listing }) =>
    users.list({ ...listing, filter: every({ field: 'approvalAskedAt', exists: true }, listing.filter)! }),
})

/** Lets somebody in who has registered. Whoever was let in already stays so. @throws not_found */
export const approveRegistration = command<{ userId: string }, User>({
  name: 'approve registration',
  needs: 'users:update',
  run: async (tx, { userId }) => approve(tx, found(await tx.users.find(userId), 'user', userId)),
})

/** The one way in for who waits; nothing for everybody else. */
export const approve = async (tx: Tx, user: User): Promise<User> => {
  if (user.approvalAskedAt === undefined) return user
  await tx.users.update(user.id, { approvalAskedAt: undefined, updatedAt: tx.now() })
  await tx.emit({ type: 'user.approved', userId: user.id })
  await mailWelcome(tx, user)
  const { approvalAskedAt: _asked, ...approved } = user
  return { ...approved, updatedAt: tx.now() }
}

/** Turns somebody away who has registered: he is gone with everything that is his. @throws not_found, unsupported */
export const rejectRegistration = command<{ userId: string }, void>({
  name: 'reject registration',
  needs: 'users:delete',
  run: async (tx, { userId }) => {
    await requireWaiting(tx, userId)
    await tx.emit({ type: 'user.rejected', userId })
    await dropUser(tx, userId)
  },
})

const requireWaiting = async ({ users }: Pick<Tx, 'users'>, userId: string): Promise<void> => {
  const user = found(await users.find(userId), 'user', userId)
  if (user.approvalAskedAt !== undefined) return
  throw new DomainError({ code: 'unsupported', what: 'rejecting somebody who was let in' })
}
