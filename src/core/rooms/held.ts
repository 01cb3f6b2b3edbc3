import { equal, every, startsWith, unlimited } from '../listing.ts'
import { query } from '../operation.ts'
import type { Membership } from '../organizations/organization.ts'
import { found } from '../refusals.ts'
import { countingAt } from '../roles/assignment.ts'
import { splitScope } from '../scope.ts'
import type { Room } from './room.ts'

/** A room that a user is in, with the roles he holds in just this one. */
export type RoomHeld = { room: Room; membership: Membership; roleIds: string[] }

/** Every room a user is in, by kind and name. @throws not_found */
export const listRoomsHeld = query<{ userId: string }, RoomHeld[]>({
  name: 'list rooms held',
  needs: 'rooms:read',
  self: ({ userId }) => userId,
  run: async (reader, { userId }) => {
    found(await reader.users.find(userId), 'user', userId)
    const inRooms = every(equal('userId', userId), startsWith('scope', 'room:'))!
    const { items: memberships } = await reader.memberships.list({ filter: inRooms, limit: unlimited })
    const ids = memberships.map(({ scope }) => splitScope(scope).id)
    const rooms = new Map((await reader.rooms.findMany(ids)).map((room) => [room.id, room]))
    const held = await reader.assignments.list({
      filter: every(inRooms, countingAt(reader.now()))!,
      limit: unlimited,
    })
    const roles = Map.groupBy(held.items, ({ scope }) => scope)
    return memberships
      .flatMap((membership): RoomHeld[] => {
        const room = rooms.get(splitScope(membership.scope).id)
        const roleIds = (roles.get(membership.scope) ?? []).map(({ roleId }) => roleId)
        return room ? [{ room, membership, roleIds }] : []
      })
      .sort((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1))
  },
})

const sortKey = ({ room }: RoomHeld): string => `${room.kind} ${room.name}`
