import type { Page } from '../listing.ts'
import { addMembers, hidden, type ListMembers, type Member, membersOf, removeMembers } from '../members.ts'
import { command, query } from '../operation.ts'
import { DomainError } from '../refusals.ts'
import { mayDo } from '../rights.ts'
import { workspace } from '../scope.ts'
import { people } from './read.ts'
import { isPublic, requireOpenRoom, requireVisible, roomScope } from './rules.ts'

/** Enters a channel. Who may change a room's members enters, or brings in, whom he likes. @throws not_found, invalid */
export const joinRoom = command<{ roomId: string; userId: string }, boolean>({
  name: 'join room',
  needs: 'rooms:update',
  scope: ({ roomId }) => roomScope(roomId),
  self: ({ userId }) => userId,
  run: async (tx, { roomId, userId }, actor) => {
    const scope = roomScope(roomId)
    const room = await tx.rooms.find(roomId)
    if (!(room && isPublic(room)) && !(await mayDo(tx, actor, ['rooms:update'], scope))) {
      // A member knows the room, and changes nothing by entering it.
      if (await tx.memberships.find(userId, scope)) return false
      throw hidden('room', roomId)
    }
    if (await tx.memberships.find(userId, scope)) return false
    await requireOpenRoom(tx, roomId)
    return (await addMembers(tx, [userId], scope)) > 0
  },
})

export type RoomMembers = { roomId: string; userIds: readonly string[] }

export type RemoveRoomMembers = RoomMembers & {
  /** Refuse for who is not in it, where a dialect's callers expect to be told. */
  refuseMissing?: boolean
}

/** Makes users members, all or none; members are passed over. @returns how many are new @throws not_found, invalid */
export const addRoomMembers = command<RoomMembers, number>({
  name: 'add room members',
  needs: ['rooms:update', 'rooms:add-members'],
  scope: ({ roomId }) => roomScope(roomId),
  run: async (tx, { roomId, userIds }) => {
    await requireOpenRoom(tx, roomId)
    return addMembers(tx, userIds, roomScope(roomId))
  },
})

/**
 * Ends memberships with every role held in the room, all or none; users who are not in it are passed over. Everybody
 * may leave, but for the last owner.
 * @returns how many are gone
 * @throws not_found, cannot_grant, last_owner, not_a_member where that is asked for
 */
export const removeRoomMembers = command<RemoveRoomMembers, number>({
  name: 'remove room members',
  needs: ['rooms:update', 'rooms:remove-members'],
  scope: ({ roomId }) => roomScope(roomId),
  self: ({ userIds }) => (userIds.length === 1 ? userIds[0] : undefined),
  run: async (tx, { roomId, userIds, refuseMissing }, actor) => {
    // Leaving what one does not know of tells nothing of it.
    await requireVisible(tx, actor, await tx.rooms.find(roomId), roomId)
    const scope = roomScope(roomId)
    for (const userId of refuseMissing ? userIds : []) {
      if (!(await tx.memberships.find(userId, scope)))
        throw new DomainError({ code: 'not_a_member', userId, scope })
    }
    return removeMembers(tx, userIds, scope, actor)
  },
})

/**
 * Those who see a room see who is in it, and who is what there; addresses only who may read users.
 * @throws not_found, unknown_field, invalid_cursor
 */
export const listRoomMembers = query<{ roomId: string } & ListMembers, Page<Member>>({
  name: 'list room members',
  needs: people,
  run: async (reader, { roomId, ...input }, actor) => {
    await requireVisible(reader, actor, await reader.rooms.find(roomId), roomId)
    const showsAddresses = await mayDo(reader, actor, ['users:read'], workspace)
    return membersOf(reader, roomScope(roomId), input, { showsAddresses })
  },
})
