import {
  apiIdOf,
  attachApis,
  type PermissionKey,
  type PermissionOfApi,
  type PermissionRef,
} from '../apis/api.ts'
import { rolecallApiId } from '../apis/built-in.ts'
import { command, query } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import { powersOf, requireHeld } from '../rights.ts'
import { workspace } from '../scope.ts'
import type { Reader } from '../store.ts'
import { administratorRoleId } from './role.ts'

export type RolePermissions = { roleId: string; permissions: readonly PermissionRef[] }

/**
 * Adds permissions to a role, all or none; those it has are passed over.
 * @throws not_found, unknown_permission, cannot_grant
 */
export const addRolePermissions = command<RolePermissions, void>({
  name: 'add role permissions',
  needs: 'roles:update',
  run: async (tx, { roleId, permissions }, actor) => {
    found(await tx.roles.find(roleId), 'role', roleId)
    const keys = await resolvePermissions(tx, permissions)
    await requireHeld(tx, actor, powersOf(keys), workspace)
    for (const key of keys) {
      if (await tx.permissions.addToRole(roleId, key)) {
        await tx.permissions.touch(key, tx.now())
        await tx.emit({ type: 'role.permission-added', roleId, data: { ...key } })
      }
    }
  },
})

/**
 * Takes permissions from a role; those it does not have are passed over.
 * @throws not_found, unknown_permission, cannot_grant, built_in
 */
export const removeRolePermissions = command<RolePermissions, void>({
  name: 'remove role permissions',
  needs: 'roles:update',
  run: async (tx, { roleId, permissions }, actor) => {
    found(await tx.roles.find(roleId), 'role', roleId)
    const keys = await resolvePermissions(tx, permissions)
    // The administrator must stay able to mend everything.
    if (roleId === administratorRoleId && keys.some(({ apiId }) => apiId === rolecallApiId)) {
      throw new DomainError({ code: 'built_in', kind: 'role', id: roleId })
    }
    await requireHeld(tx, actor, powersOf(keys), workspace)
    for (const key of keys) {
      if (await tx.permissions.removeFromRole(roleId, key)) {
        await tx.permissions.touch(key, tx.now())
        await tx.emit({ type: 'role.permission-removed', roleId, data: { ...key } })
      }
    }
  },
})

export type PermissionsOfRole = { roleId: string; limit: number; offset: number; total?: boolean }

/** What a role carries itself, without what it includes. @throws not_found */
export const listRolePermissions = query<
  PermissionsOfRole,
  { permissions: PermissionOfApi[]; total?: number }
>({
  name: 'list role permissions',
  needs: 'roles:read',
  run: async (reader, { roleId, limit, offset, total }) => {
    found(await reader.roles.find(roleId), 'role', roleId)
    const permissions = await attachApis(reader, await reader.permissions.ofRole(roleId, { limit, offset }))
    return total ? { permissions, total: await reader.permissions.countOfRole(roleId) } : { permissions }
  },
})

/** The permissions that the references name, each once. @throws not_found for an API, unknown_permission */
export const resolvePermissions = async (
  reader: Pick<Reader, 'apis' | 'permissions'>,
  refs: readonly PermissionRef[],
): Promise<PermissionKey[]> => {
  const keys = new Map<string, PermissionKey>()
  for (const ref of refs) {
    const apiId = found(await apiIdOf(reader, ref), 'api', nameOf(ref))
    const key = { apiId, name: ref.name }
    if (!(await reader.permissions.find(key))) {
      found(await reader.apis.find(apiId), 'api', apiId)
      throw new DomainError({ code: 'unknown_permission', ...key })
    }
    keys.set(`${apiId} ${ref.name}`, key)
  }
  return [...keys.values()]
}

const nameOf = (ref: PermissionRef): string =>
  'apiId' in ref ? ref.apiId : 'apiIdentifier' in ref ? ref.apiIdentifier : ref.api
