import { attachApis, type PermissionKey, type PermissionOfApi, type PermissionRef } from '../apis/api.ts'
import { command, query } from '../operation.ts'
import { found } from '../refusals.ts'
import { powersOf, requireHeld } from '../rights.ts'
import { resolvePermissions } from '../roles/permissions.ts'
import type { Role } from '../roles/role.ts'
import { type Scope, scopesThatCountIn, workspace } from '../scope.ts'
import type { Reader } from '../store.ts'
import { bumpRolesVersion } from './rules.ts'

export type UserPermissions = { userId: string; permissions: readonly PermissionRef[] }

/**
 * Gives a user permissions directly, all or none; those he has are passed over.
 * @throws not_found, unknown_permission, cannot_grant
 */
export const assignPermissions = command<UserPermissions, void>({
  name: 'assign permissions to user',
  needs: 'roles:assign',
  run: async (tx, { userId, permissions }, actor) => {
    found(await tx.users.find(userId), 'user', userId)
    const keys = await resolvePermissions(tx, permissions)
    await requireHeld(tx, actor, powersOf(keys), workspace)
    let moved = false
    for (const key of keys) {
      if (!(await tx.permissions.addToUser(userId, key))) continue
      moved = true
      await tx.emit({ type: 'user.permission-assigned', userId, data: { ...key } })
    }
    if (moved) await bumpRolesVersion(tx, [userId])
  },
})

/**
 * Takes directly given permissions; those he does not have are passed over.
 * @throws not_found, unknown_permission, cannot_grant
 */
export const removePermissions = command<UserPermissions, void>({
  name: 'remove permissions from user',
  needs: 'roles:remove',
  run: async (tx, { userId, permissions }, actor) => {
    found(await tx.users.find(userId), 'user', userId)
    const keys = await resolvePermissions(tx, permissions)
    await requireHeld(tx, actor, powersOf(keys), workspace)
    let moved = false
    for (const key of keys) {
      if (!(await tx.permissions.removeFromUser(userId, key))) continue
      moved = true
      await tx.emit({ type: 'user.permission-removed', userId, data: { ...key } })
    }
    if (moved) await bumpRolesVersion(tx, [userId])
  },
})

/** A permission with everything that gives it. */
export type SourcedPermission = PermissionOfApi & { isDirect: boolean; roles: Role[] }

export type PermissionsOfUser = {
  userId: string
  scope?: Scope
  /** Only those of this API, by its id or by the identifier that tokens carry. */
  apiId?: string
  apiIdentifier?: string
}

/** Everything a user may do in a scope, each permission once, with what gives it; by number. @throws not_found */
export const listPermissionsOfUser = query<PermissionsOfUser, SourcedPermission[]>({
  name: 'list permissions of user',
  needs: ['users:read', 'roles:read', 'decisions:read'],
  scope: ({ scope }) => scope ?? workspace,
  self: ({ userId }) => userId,
  run: async (reader, { userId, scope = workspace, apiId, apiIdentifier: identifier }) => {
    found(await reader.users.find(userId), 'user', userId)
    if (identifier === undefined) return sourcedPermissions(reader, userId, scope, apiId)
    const api = found(await reader.apis.findBy({ identifier }), 'api', identifier)
    return sourcedPermissions(reader, userId, scope, api.id)
  },
})

const sourcedPermissions = async (
  reader: Reader,
  userId: string,
  scope: Scope,
  apiId: string | undefined,
): Promise<SourcedPermission[]> => {
  const scopes = scopesThatCountIn(scope)
  const apiIds = apiId === undefined ? undefined : [apiId]
  const all = await attachApis(
    reader,
    await reader.permissions.effective(userId, scopes, reader.now(), apiIds),
  )
  const direct = new Set((await reader.permissions.ofUser(userId)).map(keyOf))
  const roles = await reader.assignments.effectiveRoles(userId, scopes, reader.now())
  const carried = Map.groupBy(await reader.permissions.ofRoles(roles.map(({ id }) => id)), keyOf)
  return all.map((permission) => {
    const carriers = new Set((carried.get(keyOf(permission)) ?? []).map(({ roleId }) => roleId))
    return {
      ...permission,
      isDirect: direct.has(keyOf(permission)),
      roles: roles.filter((role) => carriers.has(role.id)),
    }
  })
}

const keyOf = ({ apiId, name }: PermissionKey): string => `${apiId} ${name}`
