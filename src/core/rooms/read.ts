import { seesChannels } from '../chat/strangers.ts'
import { equal, every, type Listing, type Page } from '../listing.ts'
import { placesOf } from '../members.ts'
import { query } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import { mayDo } from '../rights.ts'
import { workspace } from '../scope.ts'
import type { Reader } from '../store.ts'
import type { Room } from './room.ts'
import { requireVisible, roomScope } from './rules.ts'

/** The reason why the operations on what people see of rooms need no permission. */
export const people = {
  anyone: 'Users see channels and the rooms they are in; others need rooms:read, or hear of none',
}

/** @throws not_found, also for those who may not know of it */
export const getRoom = query<{ roomId: string }, Room>({
  name: 'get room',
  needs: people,
  run: async (reader, { roomId }, actor) =>
    requireVisible(reader, actor, await reader.rooms.find(roomId), roomId),
})

/** @throws not_found, also for those who may not know of it */
export const getRoomByName = query<{ name: string }, Room>({
  name: 'get room by name',
  needs: people,
  run: async (reader, { name }, actor) =>
    requireVisible(reader, actor, await reader.rooms.findBy({ name }), name),
})

export type ListRooms = { listing: Listing; withMembersCount?: boolean }
export type ListedRoom = Room & { membersCount?: number }

/**
 * All of them, or those that the actor may see. Fields: those of `Room`, `members.userId`.
 * @throws forbidden for applications without the permission
 */
export const listRooms = query<ListRooms, Page<ListedRoom>>({
  name: 'list rooms',
  needs: people,
  run: async (reader, { listing, withMembersCount }, actor) => {
    let filter = listing.filter
    if (!(await mayDo(reader, actor, ['rooms:read'], workspace))) {
      if (!(await seesChannels(reader, actor))) {
        throw new DomainError({ code: 'forbidden', permission: 'rooms:read', scope: workspace })
      }
      const own = actor.kind === 'user' ? [equal('members.userId', actor.id)] : []
      filter = every({ any: [equal('kind', 'channel'), ...own] }, filter)
    }
    const page = await reader.rooms.list({ ...listing, ...(filter && { filter }) })
    return { ...page, items: await complete(reader, page.items, withMembersCount) }
  },
})

/** The rooms a user is in, by how long he is. The listing's filter and order do not count. @throws not_found */
export const listRoomsOfUser = query<{ userId: string } & ListRooms, Page<ListedRoom>>({
  name: 'list rooms of user',
  needs: 'rooms:read',
  self: ({ userId }) => userId,
  run: async (reader, { userId, listing, withMembersCount }) => {
    found(await reader.users.find(userId), 'user', userId)
    const { items, ...page } = await placesOf(reader, userId, 'room', listing)
    const byId = new Map((await reader.rooms.findMany(items)).map((room) => [room.id, room]))
    const rooms = items.flatMap((id) => byId.get(id) ?? [])
    return { ...page, items: await complete(reader, rooms, withMembersCount) }
  },
})

const complete = async (reader: Reader, rooms: Room[], withMembersCount = false): Promise<ListedRoom[]> => {
  if (!withMembersCount) return rooms
  const counts = await reader.memberships.counts(rooms.map(({ id }) => roomScope(id)))
  return rooms.map((room) => ({ ...room, membersCount: counts.get(roomScope(room.id)) ?? 0 }))
}
