import { command } from '../operation.ts'
import { found } from '../refusals.ts'
import { giveRoles } from '../roles/assign.ts'
import { takeRoles } from '../roles/remove.ts'
import { workspace } from '../scope.ts'
import type { Reader } from '../store.ts'

export type RolesByHook = {
  userId: string
  hookId: string
  /** Ids, or names where no role has such an id. */
  given: readonly string[]
  taken: readonly string[]
}

/**
 * Gives and takes roles that a script asked for. Its author could have done so himself; the assignment says that the
 * hook did.
 * @throws not_found, exclusive_roles, last_administrator
 */
export const changeRolesByHook = command<RolesByHook, void>({
  name: 'change roles by hook',
  needs: 'roles:assign-admin',
  run: async (tx, { userId, hookId, given, taken }, actor) => {
    const removed: string[] = []
    for (const role of taken) removed.push(await roleIdOf(tx, role))
    if (removed.length > 0) await takeRoles(tx, { userId, roleIds: removed, scope: workspace }, actor)
    const added: string[] = []
    for (const role of given) added.push(await roleIdOf(tx, role))
    if (added.length === 0) return
    await giveRoles(tx, { userIds: [userId], roleIds: added, source: 'hook', sourceId: hookId }, actor)
  },
})

const roleIdOf = async ({ roles }: Pick<Reader, 'roles'>, asked: string): Promise<string> => {
  const id = asked.replace(/^rol_/u, '')
  const role = (await roles.find(id)) ?? (await roles.findByName(asked))[0]
  return found(role, 'role', asked).id
}
