import { unlimited } from '../listing.ts'
import { query } from '../operation.ts'
import type { Role } from '../roles/role.ts'
import type { ServiceAccess } from './service-access.ts'

export type RoleAccess = { row: ServiceAccess; role: Role }

/** The rows that name a service, oldest first, with the roles that have them. */
export const listServiceAccess = query<Record<never, never>, RoleAccess[]>({
  name: 'list service access',
  needs: 'roles:read',
  run: async ({ serviceAccess, roles }) => {
    const filter = { field: 'serviceNumber', exists: true }
    const { items } = await serviceAccess.list({ filter, limit: unlimited })
    const owners = await roles.findMany([...new Set(items.map(({ roleId }) => roleId))])
    const byId = new Map(owners.map((role) => [role.id, role]))
    return items.flatMap((row) => {
      const role = byId.get(row.roleId)
      return role ? [{ row, role }] : []
    })
  },
})
