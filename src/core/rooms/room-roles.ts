import { equal, every, unlimited } from '../listing.ts'
import { type Command, command, query } from '../operation.ts'
import type { Membership } from '../organizations/organization.ts'
import type { Permission } from '../permissions.ts'
import { DomainError } from '../refusals.ts'
import { giveRoles, preAssignOf } from '../roles/assign.ts'
import { countingAt, counts } from '../roles/assignment.ts'
import { takeRoles } from '../roles/remove.ts'
import { ownerRoleId } from '../roles/role.ts'
import type { Tx } from '../store.ts'
import type { User } from '../users/user.ts'
import { people } from './read.ts'
import { requireVisible, roomScope } from './rules.ts'

/**
 * The roles that every room knows, each with a right of its own to give and take it: an owner names moderators without
 * being allowed to give roles in general.
 */

export type RoomRole = { roomId: string; userId: string }

type RoomRoleOperation = Command<RoomRole, void>

/** @throws not_a_member, taken for who holds it already, cannot_grant, exclusive_roles */
const giving = (roleId: string, needs: Permission): RoomRoleOperation =>
  command<RoomRole, void>({
    name: `make room ${roleId}`,
    needs,
    scope: ({ roomId }) => roomScope(roomId),
    trigger: preAssignOf(async ({ roomId, userId }) => ({
      userIds: [userId],
      roleIds: [roleId],
      scope: roomScope(roomId),
    })),
    run: async (tx, { roomId, userId }, actor) => {
      const scope = roomScope(roomId)
      if (await requireMember(tx, roomId, userId, roleId)) {
        throw new DomainError({ code: 'taken', kind: 'assignment', field: 'roleId', value: roleId })
      }
      await giveRoles(tx, { userIds: [userId], roleIds: [roleId], scope, source: 'direct' }, actor)
    },
  })

/** @throws not_a_member, not_found for who does not hold it, cannot_grant, last_owner */
const taking = (roleId: string, needs: Permission): RoomRoleOperation =>
  command<RoomRole, void>({
    name: `unmake room ${roleId}`,
    needs,
    scope: ({ roomId }) => roomScope(roomId),
    run: async (tx, { roomId, userId }, actor) => {
      if (!(await requireMember(tx, roomId, userId, roleId))) {
        throw new DomainError({ code: 'not_found', kind: 'assignment', id: roleId })
      }
      await takeRoles(tx, { userId, roleIds: [roleId], scope: roomScope(roomId) }, actor)
    },
  })

/** Whether a member holds the role there. @throws not_a_member */
const requireMember = async (tx: Tx, roomId: string, userId: string, roleId: string): Promise<boolean> => {
  const scope = roomScope(roomId)
  if (!(await tx.memberships.find(userId, scope)))
    throw new DomainError({ code: 'not_a_member', userId, scope })
  const held = await tx.assignments.find({ userId, roleId, scope })
  return held !== undefined && counts(held, tx.now())
}

export const makeRoomOwner = giving(ownerRoleId, 'rooms:set-owners')
export const unmakeRoomOwner = taking(ownerRoleId, 'rooms:set-owners')
export const makeRoomModerator = giving('moderator', 'rooms:set-moderators')
export const unmakeRoomModerator = taking('moderator', 'rooms:set-moderators')
export const makeRoomLeader = giving('leader', 'rooms:set-leaders')
export const unmakeRoomLeader = taking('leader', 'rooms:set-leaders')

export type RoomRoleHolder = {
  user: Pick<User, 'id' | 'username' | 'name'>
  membership: Membership
  roleIds: string[]
}

/** Members who hold roles in just this room, by user name. @throws not_found */
export const listRoomRoles = query<{ roomId: string }, RoomRoleHolder[]>({
  name: 'list room roles',
  needs: people,
  run: async (reader, { roomId }, actor) => {
    await requireVisible(reader, actor, await reader.rooms.find(roomId), roomId)
    const scope = roomScope(roomId)
    const filter = every(equal('scope', scope), countingAt(reader.now()))!
    const { items: held } = await reader.assignments.list({ filter, limit: unlimited })
    const byUser = Map.groupBy(held, ({ userId }) => userId)
    const userIds = [...byUser.keys()]
    const memberships = await reader.memberships.list({
      filter: every(equal('scope', scope), { field: 'userId', in: userIds })!,
      limit: unlimited,
    })
    const users = new Map((await reader.users.findMany(userIds)).map((user) => [user.id, user]))
    return memberships.items
      .flatMap((membership): RoomRoleHolder[] => {
        const user = users.get(membership.userId)
        const roleIds = (byUser.get(membership.userId) ?? []).map(({ roleId }) => roleId)
        return user ? [{ user, membership, roleIds }] : []
      })
      .sort((one, other) => ((one.user.username ?? '') < (other.user.username ?? '') ? -1 : 1))
  },
})
