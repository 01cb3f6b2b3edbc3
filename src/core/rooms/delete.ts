import { generalRoomId } from '../chat/general.ts'
import { dropMembers } from '../members.ts'
import { command } from '../operation.ts'
import { DomainError } from '../refusals.ts'
import { requireRoom, roomScope } from './rules.ts'

/** Deletes a room with its members and the roles they hold in it. @throws not_found, built_in */
export const deleteRoom = command<{ roomId: string }, void>({
  name: 'delete room',
  needs: 'rooms:delete',
  scope: ({ roomId }) => roomScope(roomId),
  run: async (tx, { roomId: id }) => {
    const { name } = await requireRoom(tx, id)
    if (id === generalRoomId) throw new DomainError({ code: 'built_in', kind: 'room', id })
    await dropMembers(tx, roomScope(id))
    await tx.rooms.remove(id)
    await tx.emit({ type: 'room.deleted', target: { kind: 'room', id }, data: { name } })
  },
})
