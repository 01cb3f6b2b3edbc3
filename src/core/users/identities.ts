import type { Actor } from '../actor.ts'
import { databaseStrategy } from '../connections/connection.ts'
import type { JsonObject } from '../json.ts'
import { command } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import type { Tx } from '../store.ts'
import { dropUser } from './delete.ts'
import { attachIdentities, type UserWithIdentities } from './read.ts'
import { requireMayActAs } from './rules.ts'
import type { Identity, User } from './user.ts'

/**
 * Who is whose is only ever said by an administrator, or by somebody who signed in to both: an e-mail address, proven
 * or not, links nothing.
 */

export type LinkIdentity = Pick<Identity, 'userId' | 'provider' | 'subject' | 'connectionName'> &
  Partial<Pick<Identity, 'isSocial' | 'profile'>>

/**
 * Lets somebody sign in as the user in one more way. An identity that he has already changes nothing.
 * @throws not_found, taken when it is another user's, invalid, cannot_grant
 */
export const linkIdentity = command<LinkIdentity, UserWithIdentities>({
  name: 'link identity',
  needs: 'users:update',
  run: async (tx, { userId, provider, subject, connectionName, isSocial = false, profile = {} }, actor) => {
    const user = found(await tx.users.find(userId), 'user', userId)
    if (provider === databaseStrategy) {
      // Its subjects are our own users: those are linked as users.
      const reason = 'The identities of this provider are users; link the user.'
      throw new DomainError({ code: 'invalid', field: 'provider', reason })
    }
    await requireMayActAs(tx, actor, userId)
    const holder = await tx.users.findByIdentity(provider, subject)
    if (holder && holder.id !== userId) {
      throw new DomainError({ code: 'taken', kind: 'identity', field: 'subject', value: subject })
    }
    if (!holder) {
      const createdAt = tx.now()
      await addTo(tx, userId, { provider, subject, connectionName, isSocial, profile, createdAt })
    }
    return show(tx, user)
  },
})

export type LinkUsers = { userId: string } & (
  | { secondaryUserId: string }
  /** Whoever a provider knows so; for want of one, whoever has the id that other products make of it. */
  | { secondaryIdentity: Pick<Identity, 'provider' | 'subject'> }
)

/**
 * Makes one person of two users: every way in of the secondary one becomes one of the primary, and the secondary is
 * deleted, with his roles and metadata, by the rules for deleting users. His password ends with him.
 * @throws not_found, invalid, cannot_grant, last_administrator, last_owner
 */
export const linkUsers = command<LinkUsers, UserWithIdentities>({
  name: 'link users',
  needs: 'users:update',
  run: async (tx, { userId, ...secondary }, actor) => {
    const secondaryUserId =
      'secondaryUserId' in secondary
        ? secondary.secondaryUserId
        : await userIdOf(tx, secondary.secondaryIdentity)
    await requireMayActAs(tx, actor, userId)
    await requireMayActAs(tx, actor, secondaryUserId)
    return merge(tx, userId, secondaryUserId)
  },
})

/**
 * The same for somebody who proved that he is both: the door has verified that the secondary actor signed in too.
 * @throws forbidden for who is no person, not_found, invalid, last_administrator, last_owner
 */
export const linkOwnUsers = command<{ secondary: Actor }, UserWithIdentities>({
  name: 'link own users',
  needs: { anyone: 'People who signed in as both users' },
  run: async (tx, { secondary }, actor) => {
    if (actor.kind !== 'user' || secondary.kind !== 'user') {
      throw new DomainError({ code: 'forbidden', permission: 'users:update', scope: 'workspace' })
    }
    return merge(tx, actor.id, secondary.id)
  },
})

const userIdOf = async (tx: Tx, { provider, subject }: Pick<Identity, 'provider' | 'subject'>) =>
  (await tx.users.findByIdentity(provider, subject))?.id ?? `${provider}|${subject}`

export type UnlinkIdentity = Pick<Identity, 'userId' | 'provider' | 'subject'>

/**
 * Takes a way to sign in from a user. Whoever comes that way later is new: no user is made of what is taken.
 * @throws not_found, in_use when he could not sign in any more
 */
export const unlinkIdentity = command<UnlinkIdentity, UserWithIdentities>({
  name: 'unlink identity',
  needs: 'users:update',
  self: ({ userId }) => userId,
  run: async (tx, { userId, provider, subject }) => {
    const user = found(await tx.users.find(userId), 'user', userId)
    const identities = await tx.users.identities([userId])
    if (!identities.some((each) => each.provider === provider && each.subject === subject)) {
      throw new DomainError({ code: 'not_found', kind: 'identity', id: `${provider}|${subject}` })
    }
    if (identities.length === 1 && user.connectionId === undefined && user.passwordHash === undefined) {
      throw new DomainError({ code: 'in_use', kind: 'identity', id: `${provider}|${subject}` })
    }
    await tx.users.removeIdentity(provider, subject)
    await tx.emit({ type: 'user.identity-unlinked', userId, data: { provider, subject } })
    return show(tx, user)
  },
})

const merge = async (tx: Tx, userId: string, secondaryUserId: string): Promise<UserWithIdentities> => {
  const user = found(await tx.users.find(userId), 'user', userId)
  const secondary = found(await tx.users.find(secondaryUserId), 'user', secondaryUserId)
  if (userId === secondaryUserId) {
    const reason = 'A user can not be linked with himself.'
    throw new DomainError({ code: 'invalid', field: 'secondaryUserId', reason })
  }
  // Else a blocked person would be in again by his other self.
  if (secondary.isBlocked) {
    const reason = 'A blocked user can not be linked.'
    throw new DomainError({ code: 'invalid', field: 'secondaryUserId', reason })
  }
  const moved = await waysIn(tx, secondary)
  await dropUser(tx, secondaryUserId)
  for (const identity of moved) await addTo(tx, userId, identity)
  return show(tx, user)
}

type WayIn = Omit<Identity, 'userId'>

/** A user's identities, and his password as one. */
const waysIn = async (tx: Tx, user: User): Promise<WayIn[]> => {
  const identities = await tx.users.identities([user.id])
  const connection =
    user.connectionId === undefined ? undefined : await tx.connections.find(user.connectionId)
  if (connection?.strategy !== databaseStrategy) return identities
  const own: WayIn = {
    provider: databaseStrategy,
    subject: user.id,
    connectionName: connection.name,
    isSocial: false,
    profile: profileOf(user),
    createdAt: user.createdAt,
  }
  return [own, ...identities]
}

/** Named as the claims of OpenID Connect Core §5.1, like what other providers tell. */
const profileOf = (user: User): JsonObject => ({
  ...(user.email !== undefined && { email: user.email, email_verified: user.isEmailVerified }),
  ...(user.username !== undefined && { username: user.username }),
  ...(user.name !== undefined && { name: user.name }),
  ...(user.givenName !== undefined && { given_name: user.givenName }),
  ...(user.familyName !== undefined && { family_name: user.familyName }),
  ...(user.nickname !== undefined && { nickname: user.nickname }),
  ...(user.picture !== undefined && { picture: user.picture }),
})

const addTo = async (tx: Tx, userId: string, { provider, subject, ...rest }: WayIn): Promise<void> => {
  await tx.users.addIdentity({ ...rest, provider, subject, userId })
  await tx.emit({ type: 'user.identity-linked', userId, data: { provider, subject } })
}

const show = async (tx: Tx, user: User): Promise<UserWithIdentities> =>
  (await attachIdentities(tx, [user]))[0]!
