import { query } from '../operation.ts'
import { found } from '../refusals.ts'
import type { Role } from './role.ts'

export type RoleRelations = { includes: Role[]; excludes: Role[] }

/** The roles that a role includes itself, and those it may not be held together with; by number. @throws not_found */
export const getRelations = query<{ roleId: string }, RoleRelations>({
  name: 'get role relations',
  needs: 'roles:read',
  run: async ({ roles }, { roleId }) => {
    found(await roles.find(roleId), 'role', roleId)
    const included = (await roles.inclusions())
      .filter((inclusion) => inclusion.roleId === roleId)
      .map(({ includedRoleId }) => includedRoleId)
    const excluded = (await roles.exclusions())
      .filter((pair) => pair.includes(roleId))
      .map(([one, other]) => (one === roleId ? other : one))
    const inOrder = async (ids: readonly string[]) =>
      (await roles.findMany(ids)).sort((left, right) => left.number - right.number)
    return { includes: await inOrder(included), excludes: await inOrder(excluded) }
  },
})
