import { equal, every, type Listing, type Page } from '../listing.ts'
import { query } from '../operation.ts'
import { found } from '../refusals.ts'
import { type Scope, scopesThatCountIn, workspace } from '../scope.ts'
import type { HolderPage } from '../store.ts'
import type { User } from '../users/user.ts'
import { type Assignment, countingAt } from './assignment.ts'
import type { Role } from './role.ts'

/** @throws not_found */
export const getRole = query<{ roleId: string }, Role>({
  name: 'get role',
  needs: 'roles:read',
  run: async ({ roles }, { roleId }) => found(await roles.find(roleId), 'role', roleId),
})

export type ListRoles = { listing: Listing; withBuiltIns: boolean }

/** Fields: those of `Role`. @throws invalid_cursor, unknown_field */
export const listRoles = query<ListRoles, Page<Role>>({
  name: 'list roles',
  needs: 'roles:read',
  run: ({ roles }, { listing, withBuiltIns }) =>
    roles.list(
      withBuiltIns ? listing : { ...listing, filter: every(equal('isBuiltIn', false), listing.filter) },
    ),
})

export type RolesOfUser = { userId: string; scope?: Scope; limit: number; offset: number; total?: boolean }
export type UserRoles = { roles: Role[]; total?: number; version: number }

/** The roles assigned to a user in just this scope, without those they include. @throws not_found */
export const listRolesOfUser = query<RolesOfUser, UserRoles>({
  name: 'list roles of user',
  needs: 'roles:read',
  scope: ({ scope }) => scope ?? workspace,
  self: ({ userId }) => userId,
  run: async ({ users, assignments, now }, { userId, scope = workspace, limit, offset, total }) => {
    const at = now()
    const version = found(await users.rolesVersion(userId), 'user', userId)
    const roles = await assignments.rolesIn(userId, scope, at, { limit, offset })
    return total
      ? { roles, version, total: await assignments.countRolesIn(userId, scope, at) }
      : { roles, version }
  },
})

/** A role that counts for a user; one that is not direct comes with another that he holds. */
export type EffectiveRole = Role & { isDirect: boolean }

/**
 * Roles that count for a user in a scope: assigned there or in the workspace, with those they include; by number.
 * @throws not_found
 */
export const listEffectiveRoles = query<{ userId: string; scope?: Scope }, EffectiveRole[]>({
  name: 'list effective roles',
  needs: ['roles:read', 'decisions:read'],
  scope: ({ scope }) => scope ?? workspace,
  self: ({ userId }) => userId,
  run: async ({ users, assignments, now }, { userId, scope = workspace }) => {
    found(await users.find(userId), 'user', userId)
    const direct = new Set<string>()
    for (const each of scopesThatCountIn(scope)) {
      for (const { id } of await assignments.rolesIn(userId, each, now())) direct.add(id)
    }
    const roles = await assignments.effectiveRoles(userId, scopesThatCountIn(scope), now())
    return roles.map((role) => ({ ...role, isDirect: direct.has(role.id) }))
  },
})

export type Holders = { roleId: string; scope?: Scope; page: HolderPage }

/** Users who hold a role in just this scope, oldest assignment first. @throws not_found, invalid_cursor */
export const listHolders = query<Holders, Page<User>>({
  name: 'list holders of role',
  needs: 'roles:read',
  scope: ({ scope }) => scope ?? workspace,
  run: async ({ roles, assignments, now }, { roleId, scope = workspace, page }) => {
    found(await roles.find(roleId), 'role', roleId)
    return assignments.holders(roleId, scope, now(), page)
  },
})

/**
 * Assignments, expired ones left out unless `withExpired`. Fields: those of `Assignment`.
 * @throws invalid_cursor, unknown_field
 */
export const listAssignments = query<{ listing: Listing; withExpired?: boolean }, Page<Assignment>>({
  name: 'list assignments',
  needs: 'roles:read',
  run: ({ assignments, now }, { listing, withExpired }) => {
    if (withExpired) return assignments.list(listing)
    return assignments.list({ ...listing, filter: every(countingAt(now()), listing.filter) })
  },
})
