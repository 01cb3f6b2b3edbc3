import { command, query } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import { requireMayDo } from '../rights.ts'
import { roomScope } from '../rooms/rules.ts'
import { type Scope, workspace } from '../scope.ts'
import type { Holder, Reader, Tx } from '../store.ts'
import { assignedUntil, type User } from '../users/user.ts'
import { giveRoles, preAssignOf } from './assign.ts'
import { counts } from './assignment.ts'
import { takeRoles } from './remove.ts'
import type { Role } from './role.ts'

/**
 * Roles given and taken by the names that people know: a user name, a role's id or name, and a room that only counts
 * for roles that live in rooms.
 */

/** A role by its id, or by whichever of id and name `idOrName` is. Of two with one name, the older. */
export type RoleName = { id: string } | { idOrName: string }

/** @throws not_found */
export const findNamedRole = async ({ roles }: Pick<Reader, 'roles'>, name: RoleName): Promise<Role> => {
  const text = 'id' in name ? name.id : name.idOrName
  const byId = await roles.find(text)
  return found(byId ?? ('id' in name ? undefined : (await roles.findByName(text))[0]), 'role', text)
}

export type NamedAssignment = {
  username: string
  role: RoleName
  /** Passed over for a role that is not held in rooms. Without one, a role that is holds in every room. */
  roomId?: string
}

/**
 * Gives a user a role. One that holds in every room may be given again, which changes nothing; any other that he holds
 * already is refused.
 * @throws not_found for the user, the role or the room, taken, cannot_grant, not_a_member, exclusive_roles
 */
export const assignNamedRole = command<NamedAssignment, Role>({
  name: 'assign named role',
  needs: 'roles:assign',
  trigger: preAssignOf(async (input, reader) => {
    const { user, role, scope } = await resolve(reader, input)
    return { userIds: [user.id], roleIds: [role.id], scope }
  }),
  run: async (tx, input, actor) => {
    const { user, role, scope } = await resolve(tx, input)
    const isEverywhere = role.heldIn === 'room' && scope === workspace
    if (!isEverywhere && (await holds(tx, user, role, scope))) {
      throw new DomainError({ code: 'taken', kind: 'assignment', field: 'roleId', value: role.id })
    }
    await giveRoles(tx, { userIds: [user.id], roleIds: [role.id], scope, source: 'direct' }, actor)
    return role
  },
})

/**
 * Takes a role from a user.
 * @throws not_found for the user, the role or the assignment, cannot_grant, last_administrator, last_owner
 */
export const removeNamedRole = command<NamedAssignment, Role>({
  name: 'remove named role',
  needs: 'roles:remove',
  run: async (tx, input, actor) => {
    const { user, role, scope } = await resolve(tx, input)
    if (!(await holds(tx, user, role, scope))) {
      throw new DomainError({ code: 'not_found', kind: 'assignment', id: role.id })
    }
    await takeRoles(tx, { userId: user.id, roleIds: [role.id], scope }, actor)
    return role
  },
})

const resolve = async (
  tx: Pick<Reader, 'users' | 'roles'>,
  { username, role: name, roomId }: NamedAssignment,
): Promise<{ user: User; role: Role; scope: Scope }> => {
  const user = found(await tx.users.findByUsername(username), 'user', username)
  const role = await findNamedRole(tx, name)
  return { user, role, scope: scopeFor(role, roomId) }
}

const scopeFor = ({ heldIn }: Role, roomId: string | undefined): Scope =>
  heldIn === 'room' && roomId !== undefined ? roomScope(roomId) : workspace

const holds = async (tx: Tx, { id: userId }: User, { id: roleId }: Role, scope: Scope): Promise<boolean> => {
  const assignment = await tx.assignments.find({ userId, roleId, scope })
  return assignment !== undefined && counts(assignment, tx.now())
}

export type NamedHolders = { role: RoleName; roomId?: string; limit: number; offset: number }

/**
 * Who holds a role, by user name. Of a role that is held in rooms: in the room, or without one in any; who holds it in
 * all of them at once is not shown.
 * @throws not_found for the role, forbidden for who may not see rooms and asks about one
 */
export const listNamedHolders = query<NamedHolders, { users: Holder[]; total: number }>({
  name: 'list holders of named role',
  needs: 'roles:read',
  run: async (reader, { role: name, roomId, limit, offset }, actor) => {
    if (roomId !== undefined) await requireMayDo(reader, actor, ['rooms:read'], workspace)
    const role = await findNamedRole(reader, name)
    const scope = scopeFor(role, roomId)
    if (role.heldIn !== 'room' || scope !== workspace) {
      const [id, at] = [role.id, reader.now()]
      return {
        users: await reader.assignments.holdersByName(id, scope, at, { limit, offset }),
        total: await reader.assignments.countHolders(id, scope, at),
      }
    }
    const field = assignedUntil({ roleId: role.id, scopeKind: 'room' })
    const { items, total = 0 } = await reader.users.list({
      filter: { field, is: 'more', value: reader.now() },
      order: [{ field: 'username', direction: 'ascending' }],
      limit,
      offset,
      total: true,
    })
    return { users: items, total }
  },
})
