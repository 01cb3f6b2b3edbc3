import type { Actor } from '../actor.ts'
import { seesChannels } from '../chat/strangers.ts'
import { hidden, maySee } from '../members.ts'
import { DomainError, found } from '../refusals.ts'
import { scopeOf } from '../scope.ts'
import type { Reader } from '../store.ts'
import type { Room } from './room.ts'

export const roomScope = (roomId: string) => scopeOf('room', roomId) as `room:${string}`

/** As it is stored. Dialects whose clients spell names in addresses ask for more. @throws invalid, taken */
export const requireRoomName = async (
  { rooms }: Pick<Reader, 'rooms'>,
  name: string,
  except?: string,
): Promise<string> => {
  const trimmed = name.trim()
  if (trimmed === '' || trimmed.length > 255 || /[\p{Cc}\p{Cs}]/u.test(trimmed)) {
    const reason = 'The name of a room has 1 to 255 characters, none of them a control character.'
    throw new DomainError({ code: 'invalid', field: 'name', reason })
  }
  const other = await rooms.findBy({ name: trimmed })
  if (other && other.id !== except) {
    throw new DomainError({ code: 'taken', kind: 'room', field: 'name', value: trimmed })
  }
  return trimmed
}

export const requireRoom = async ({ rooms }: Pick<Reader, 'rooms'>, roomId: string): Promise<Room> =>
  found(await rooms.find(roomId), 'room', roomId)

/** Nobody enters an archived room. @throws not_found, invalid */
export const requireOpenRoom = async (reader: Pick<Reader, 'rooms'>, roomId: string): Promise<Room> => {
  const room = await requireRoom(reader, roomId)
  if (room.isArchived) {
    throw new DomainError({ code: 'invalid', field: 'isArchived', reason: 'The room is archived.' })
  }
  return room
}

/** A channel is public: every user may see it and join it, and strangers see it where they are let in. */
export const isPublic = ({ kind }: Room): boolean => kind === 'channel'

/** The room, if the actor may know of it. `id` is what he asked by. @throws not_found */
export const requireVisible = async (
  reader: Reader,
  actor: Actor,
  room: Room | undefined,
  id: string,
): Promise<Room> => {
  const visible =
    room &&
    ((isPublic(room) && (await seesChannels(reader, actor))) ||
      (await maySee(reader, actor, 'rooms:read', roomScope(room.id))))
  if (!visible) throw hidden('room', id)
  return room
}
