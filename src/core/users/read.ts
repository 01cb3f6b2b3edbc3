import { every, type Listing, mentions, type Page } from '../listing.ts'
import { query } from '../operation.ts'
import { found } from '../refusals.ts'
import { requireMayDo } from '../rights.ts'
import type { Role } from '../roles/role.ts'
import { type Scope, workspace } from '../scope.ts'
import type { Reader } from '../store.ts'
import { assignedUntil, type Identity, type User } from './user.ts'

/** A user with how providers know him, and the name of the connection whose password he has. */
export type UserWithIdentities = User & { connectionName?: string; identities: Identity[] }

/** @throws not_found */
export const getUser = query<{ userId: string }, UserWithIdentities>({
  name: 'get user',
  needs: 'users:read',
  self: ({ userId }) => userId,
  run: async (reader, { userId }) => {
    const [user] = await attachIdentities(reader, [found(await reader.users.find(userId), 'user', userId)])
    return user!
  },
})

/** By e-mail address, whatever its letter case. Undefined when nobody has it. */
export const findUserByEmail = query<{ email: string }, UserWithIdentities | undefined>({
  name: 'find user by e-mail',
  needs: 'users:read',
  run: async (reader, { email }) => {
    const user = await reader.users.findByEmail(email)
    return user && (await attachIdentities(reader, [user]))[0]
  },
})

/** By user name, whatever its letter case. Undefined when nobody has it. */
export const findUserByUsername = query<{ username: string }, UserWithIdentities | undefined>({
  name: 'find user by user name',
  needs: 'users:read',
  run: async (reader, { username }) => {
    const user = await reader.users.findByUsername(username)
    return user && (await attachIdentities(reader, [user]))[0]
  },
})

export type ListUsers = {
  listing: Listing
  withRoles?: boolean
  /** Only those whom this role counts for: in just this scope, or anywhere; without a role, any role in the scope. */
  holding?: { roleId?: string; scope?: Scope }
}
export type ListedUser = UserWithIdentities & { roles?: Role[] }

/**
 * Fields: those of `User`, paths into its metadata, `identities.provider|subject|connectionName|profile.…`,
 * `assignedRoles.id|name`, `memberships.scope`, `emailDomain`. With roles: those of the workspace. Who holds which
 * role is shown, and can be asked for, only with the permission to see roles.
 * @throws invalid_cursor, unknown_field, forbidden
 */
export const listUsers = query<ListUsers, Page<ListedUser>>({
  name: 'list users',
  needs: 'users:read',
  run: async (reader, { listing, withRoles, holding }, actor) => {
    const asksForRoles =
      withRoles || holding || (listing.filter && mentions(listing.filter, 'assignedRoles.'))
    if (asksForRoles) await requireMayDo(reader, actor, ['roles:read'], workspace)
    const held = holding && { field: assignedUntil(holding), is: 'more' as const, value: reader.now() }
    const page = await reader.users.list({ ...listing, filter: every(held, listing.filter) })
    return { ...page, items: await complete(reader, page.items, withRoles) }
  },
})

const complete = async (reader: Reader, users: User[], withRoles = false): Promise<ListedUser[]> => {
  const listed = await attachIdentities(reader, users)
  if (!withRoles) return listed
  const ids = users.map((user) => user.id)
  const held = await reader.assignments.rolesOfUsers(ids, workspace, reader.now())
  const roles = Map.groupBy(held, ({ userId }) => userId)
  return listed.map((user) => ({ ...user, roles: (roles.get(user.id) ?? []).map(({ role }) => role) }))
}

/** Completes users for whoever shows them, in the order given. */
export const attachIdentities = async (
  {
    users: { identities },
    connections,
  }: { users: Pick<Reader['users'], 'identities'>; connections: Pick<Reader['connections'], 'findMany'> },
  users: readonly User[],
): Promise<UserWithIdentities[]> => {
  const byUser = Map.groupBy(await identities(users.map((user) => user.id)), (identity) => identity.userId)
  const connectionIds = new Set(users.flatMap(({ connectionId }) => connectionId ?? []))
  const names = new Map((await connections.findMany([...connectionIds])).map(({ id, name }) => [id, name]))
  return users.map((user) => {
    const connectionName = user.connectionId === undefined ? undefined : names.get(user.connectionId)
    return {
      ...user,
      ...(connectionName !== undefined && { connectionName }),
      identities: byUser.get(user.id) ?? [],
    }
  })
}
