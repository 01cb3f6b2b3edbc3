import { type Actor, isSelf } from '../actor.ts'
import { hidden } from '../members.ts'
import { query } from '../operation.ts'
import type { Membership } from '../organizations/organization.ts'
import type { Reader } from '../store.ts'
import { people } from './read.ts'
import type { Room } from './room.ts'
import { requireVisible, roomScope } from './rules.ts'

/** A room with how many are in it and, if the actor is one of them, since when. */
export type RoomSeen = { room: Room; membersCount: number; membership?: Membership }

export type LookUpRoom = ({ id: string } | { name: string }) & {
  /** Of another kind is not there. */
  kind?: Room['kind']
  /** Only who is in it hears of it, whatever else he may. */
  membersOnly?: boolean
}

/** @throws not_found, also for those who may not know of it */
export const lookUpRoom = query<LookUpRoom, RoomSeen>({
  name: 'look up room',
  needs: people,
  run: async (reader, { kind, membersOnly, ...named }, actor) => {
    const text = 'id' in named ? named.id : named.name
    const found = 'id' in named ? await reader.rooms.find(text) : await reader.rooms.findBy({ name: text })
    const ofKind = kind === undefined || found?.kind === kind ? found : undefined
    const membership = ofKind && (await membershipOf(reader, actor, ofKind.id))
    if (membersOnly && !membership) throw hidden('room', text)
    const room = await requireVisible(reader, actor, ofKind, text)
    const scope = roomScope(room.id)
    const membersCount = (await reader.memberships.counts([scope])).get(scope) ?? 0
    return { room, membersCount, ...(membership && { membership }) }
  },
})

const membershipOf = async (reader: Reader, actor: Actor, roomId: string): Promise<Membership | undefined> =>
  isSelf(actor, actor.id) ? reader.memberships.find(actor.id, roomScope(roomId)) : undefined
