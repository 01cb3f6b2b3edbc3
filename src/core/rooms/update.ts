import { changesTo } from '../changes.ts'
import { command } from '../operation.ts'
import type { Tx } from '../store.ts'
import type { Room } from './room.ts'
import { requireRoom, requireRoomName, roomScope } from './rules.ts'

const changeable = ['name', 'kind', 'topic', 'description', 'isDefault', 'extensions'] as const

export type UpdateRoom = { roomId: string; changes: Partial<Pick<Room, (typeof changeable)[number]>> }

/** @throws not_found, taken, invalid */
export const updateRoom = command<UpdateRoom, Room>({
  name: 'update room',
  needs: 'rooms:update',
  scope: ({ roomId }) => roomScope(roomId),
  run: async (tx, { roomId, changes: given }) => {
    const room = await requireRoom(tx, roomId)
    const name = given.name === undefined ? room.name : await requireRoomName(tx, given.name, roomId)
    return change(tx, room, changesTo(room, { ...given, name }, changeable))
  },
})

/** Closes a room for new members, or opens it again. Members and their roles stay. @throws not_found */
export const archiveRoom = command<{ roomId: string; isArchived: boolean }, Room>({
  name: 'archive room',
  needs: 'rooms:update',
  scope: ({ roomId }) => roomScope(roomId),
  run: async (tx, { roomId, isArchived }) => {
    const room = await requireRoom(tx, roomId)
    return change(tx, room, changesTo(room, { isArchived }, ['isArchived']))
  },
})

const change = async (tx: Tx, room: Room, changes: Partial<Room>): Promise<Room> => {
  if (Object.keys(changes).length === 0) return room
  const written = { ...changes, updatedAt: tx.now() }
  await tx.rooms.update(room.id, written)
  const target = { kind: 'room', id: room.id } as const
  await tx.emit({ type: 'room.updated', target, data: { changed: Object.keys(changes) } })
  return { ...room, ...written }
}
