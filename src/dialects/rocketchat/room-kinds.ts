import Type, { type Static } from 'typebox'
import type { Actor } from '#core/actor.ts'
import type { Run } from '#core/operation.ts'
import { DomainError } from '#core/refusals.ts'
import { lookUpRoom, type RoomSeen } from '#core/rooms/lookup.ts'
import { refuse, thrown } from './errors.ts'
import { given } from './parts.ts'

/** The two kinds of rooms that this dialect has the same routes for, and how each of them speaks. */
export type RoomKind = {
  /** In front of the routes. */
  prefix: 'channels' | 'groups'
  kind: 'channel' | 'group'
  /** The key of one room in answers, and of several. */
  one: 'channel' | 'group'
  several: 'channels' | 'groups'
  create: string
  leave: string
  delete: string
  addToAny: string
  kickFromAny: string
  /** Who is not in a group does not hear of it, whatever he may. */
  membersOnly: boolean
}

export const roomKinds: readonly RoomKind[] = [
  {
    prefix: 'channels',
    kind: 'channel',
    one: 'channel',
    several: 'channels',
    create: 'create-c',
    leave: 'leave-c',
    delete: 'delete-c',
    addToAny: 'add-user-to-any-c-room',
    kickFromAny: 'kick-user-from-any-c-room',
    membersOnly: false,
  },
  {
    prefix: 'groups',
    kind: 'group',
    one: 'group',
    several: 'groups',
    create: 'create-p',
    leave: 'leave-p',
    delete: 'delete-p',
    addToAny: 'add-user-to-any-p-room',
    kickFromAny: 'kick-user-from-any-p-room',
    membersOnly: true,
  },
]

const text = Type.Optional(Type.String())

/** @see specs: §6.2 of the Rocket.Chat dialect */
export const NamedRoom = { roomId: text, roomName: text }

const NamedRoomFields = Type.Object(NamedRoom)

const notFound = ({ one }: RoomKind) =>
  thrown(
    'error-room-not-found',
    `The required "roomId" or "roomName" param provided does not match any ${one}`,
  )

/** The room that a request names; the id wins. @throws WireError */
export const findRoom = async (
  run: Run,
  actor: Actor,
  kind: RoomKind,
  params: Static<typeof NamedRoomFields>,
  { writes = false } = {},
): Promise<RoomSeen> => {
  const [id, name] = [given(params.roomId), given(params.roomName)]
  if (id === undefined && name === undefined) {
    refuse(thrown('error-room-param-not-provided', 'The parameter "roomId" or "roomName" is required'))
  }
  const named = id === undefined ? { name: name! } : { id }
  const input = { ...named, kind: kind.kind, membersOnly: kind.membersOnly }
  const seen = await run(lookUpRoom, input, actor).catch((error: unknown) => {
    const isMissing = error instanceof DomainError && error.refusal.code === 'not_found'
    if (isMissing) return refuse(notFound(kind))
    throw error
  })
  if (writes && seen.room.isArchived) {
    refuse(thrown('error-room-archived', `The channel, ${seen.room.name}, is archived`))
  }
  return seen
}
