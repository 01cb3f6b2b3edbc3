import type { Listing, Page } from '../listing.ts'
import { query } from '../operation.ts'
import { found } from '../refusals.ts'
import type { Role } from '../roles/role.ts'
import { workspace } from '../scope.ts'
import type { Reader } from '../store.ts'
import type { Identity, User } from './user.ts'

/** A user with how providers know him. */
export type UserWithIdentities = User & { identities: Identity[] }

/** @throws not_found */
export const getUser = query<{ userId: string }, UserWithIdentities>({
  name: 'get user',
  needs: 'users:read',
  self: ({ userId }) => userId,
  run: async (reader, { userId }) => {
    const user = found(await reader.users.find(userId), 'user', userId)
    return { ...user, identities: await reader.users.identities([userId]) }
  },
})

/** By e-mail address, whatever its letter case. Undefined when nobody has it. */
export const findUserByEmail = query<{ email: string }, UserWithIdentities | undefined>({
  name: 'find user by e-mail',
  needs: 'users:read',
  run: async ({ users }, { email }) => {
    const user = await users.findByEmail(email)
    return user && { ...user, identities: await users.identities([user.id]) }
  },
})

/** By user name, whatever its letter case. Undefined when nobody has it. */
export const findUserByUsername = query<{ username: string }, UserWithIdentities | undefined>({
  name: 'find user by user name',
  needs: 'users:read',
  run: async ({ users }, { username }) => {
    const user = await users.findByUsername(username)
    return user && { ...user, identities: await users.identities([user.id]) }
  },
})

export type ListUsers = { listing: Listing; withRoles?: boolean }
export type ListedUser = UserWithIdentities & { roles?: Role[] }

/**
 * Fields: those of `User`, paths into its metadata, `identities.provider|subject|connectionName|profile.…`,
 * `assignedRoles.id|name`, `memberships.scope`, `emailDomain`. With roles: those of the workspace.
 * @throws invalid_cursor, unknown_field
 */
export const listUsers = query<ListUsers, Page<ListedUser>>({
  name: 'list users',
  needs: 'users:read',
  run: async (reader, { listing, withRoles }) => {
    const page = await reader.users.list(listing)
    return { ...page, items: await complete(reader, page.items, withRoles) }
  },
})

const complete = async (reader: Reader, users: User[], withRoles = false): Promise<ListedUser[]> => {
  const ids = users.map((user) => user.id)
  const identities = Map.groupBy(await reader.users.identities(ids), (identity) => identity.userId)
  const held = withRoles ? await reader.assignments.rolesOfUsers(ids, workspace, reader.now()) : []
  const roles = Map.groupBy(held, ({ userId }) => userId)
  return users.map((user) => ({
    ...user,
    identities: identities.get(user.id) ?? [],
    ...(withRoles && { roles: (roles.get(user.id) ?? []).map(({ role }) => role) }),
  }))
}
