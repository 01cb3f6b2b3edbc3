import Type, { type Static } from 'typebox'
import type { JsonObject } from '#core/json.ts'
import type { Member } from '#core/members.ts'
import type { RoomHeld } from '#core/rooms/held.ts'
import type { Room } from '#core/rooms/room.ts'
import type { RoomRoleHolder } from '#core/rooms/room-roles.ts'
import { refuse, thrown, type Words } from './errors.ts'
import { instant } from './parts.ts'
import { keptOf, subscriptionId } from './users.wire.ts'

const text = Type.Optional(Type.String())
const flag = Type.Optional(Type.Boolean())
const Json = Type.Unsafe<JsonObject>({ type: 'object', additionalProperties: true })

const WireNamed = Type.Object({ _id: Type.String(), username: text, name: text })

/** @see specs: §6.1 of the Rocket.Chat dialect */
export const WireRoom = Type.Object({
  _id: Type.String(),
  t: Type.Enum(['c', 'p']),
  name: Type.String(),
  fname: Type.String(),
  msgs: Type.Integer(),
  usersCount: Type.Integer(),
  u: Type.Optional(WireNamed),
  ts: Type.String(),
  ro: Type.Boolean(),
  default: Type.Boolean(),
  sysMes: Type.Boolean(),
  topic: text,
  description: text,
  announcement: text,
  broadcast: flag,
  encrypted: flag,
  archived: flag,
  teamMain: flag,
  customFields: Type.Optional(Json),
  _updatedAt: Type.String(),
})

/** What clients can spell in an address. */
export const isRoomName = (name: string): boolean => /^[0-9a-zA-Z\-_.]+$/u.test(name)

export const refuseRoomName = (name: string): never =>
  refuse(thrown('error-invalid-room-name', `${name} is not a valid room name.`, { channel_name: name }))

/** How routes that name a room word what is wrong with the name. */
export const roomNameWords = {
  taken: ({ value }) =>
    thrown('error-duplicate-channel-name', `A channel with name '${value}' exists`, { channel_name: value }),
  invalid: ({ field }) =>
    field === 'name' ? thrown('error-invalid-room-name', 'Invalid room name') : undefined,
} as const satisfies Words['refusals']

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const typeOf = ({ kind }: Room): 'c' | 'p' => (kind === 'channel' ? 'c' : 'p')

export const encodeRoom = (room: Room, membersCount: number): Static<typeof WireRoom> => {
  const kept = keptOf(room)
  return {
    _id: room.id,
    t: typeOf(room),
    name: room.name,
    fname: room.name,
    msgs: 0,
    usersCount: membersCount,
    ...(isObject(kept.u) && { u: kept.u as Static<typeof WireNamed> }),
    ts: instant(room.createdAt),
    ro: kept.ro === true,
    default: room.isDefault,
    sysMes: true,
    ...(room.topic !== '' && { topic: room.topic }),
    ...(room.description !== '' && { description: room.description }),
    ...(typeof kept.announcement === 'string' &&
      kept.announcement !== '' && { announcement: kept.announcement }),
    ...(kept.broadcast === true && { broadcast: true }),
    ...(kept.encrypted === true && { encrypted: true }),
    ...(room.isArchived && { archived: true }),
    ...(room.kind === 'team' && { teamMain: true }),
    customFields: isObject(kept.customFields) ? kept.customFields : {},
    _updatedAt: instant(room.updatedAt),
  }
}

export const WireMember = Type.Object({
  _id: Type.String(),
  name: text,
  username: text,
  nickname: text,
  status: Type.String(),
  _updatedAt: Type.String(),
})

export const encodeMember = ({ user }: Member): Static<typeof WireMember> => ({
  _id: user.id,
  ...(user.name !== undefined && { name: user.name }),
  ...(user.username !== undefined && { username: user.username }),
  ...(user.nickname !== undefined && { nickname: user.nickname }),
  status: 'offline',
  _updatedAt: instant(user.updatedAt),
})

export const WireRoomRole = Type.Object({
  _id: Type.String(),
  rid: Type.String(),
  u: WireNamed,
  roles: Type.Array(Type.String()),
})

export const encodeRoomRole = (
  { user, membership, roleIds }: RoomRoleHolder,
  roomId: string,
): Static<typeof WireRoomRole> => ({
  _id: subscriptionId(membership),
  rid: roomId,
  u: encodeNamed(user),
  roles: roleIds,
})

export const encodeNamed = ({ id, username, name }: RoomRoleHolder['user']): Static<typeof WireNamed> => ({
  _id: id,
  ...(username !== undefined && { username }),
  ...(name !== undefined && { name }),
})

export const Moderator = WireNamed

/** What somebody is in a room. @see specs: §6.1 of the Rocket.Chat dialect */
export const WireSubscription = Type.Object({
  _id: Type.String(),
  rid: Type.String(),
  u: WireNamed,
  t: Type.Enum(['c', 'p']),
  name: Type.String(),
  fname: Type.String(),
  open: Type.Boolean(),
  ts: Type.String(),
  alert: Type.Boolean(),
  unread: Type.Integer(),
  userMentions: Type.Integer(),
  groupMentions: Type.Integer(),
  roles: Type.Optional(Type.Array(Type.String())),
  archived: flag,
  _updatedAt: Type.String(),
})

export const encodeSubscription = (
  { room, membership, roleIds }: RoomHeld,
  user: RoomRoleHolder['user'],
): Static<typeof WireSubscription> => ({
  _id: subscriptionId(membership),
  rid: room.id,
  u: encodeNamed(user),
  t: typeOf(room),
  name: room.name,
  fname: room.name,
  open: true,
  ts: instant(membership.createdAt),
  alert: false,
  unread: 0,
  userMentions: 0,
  groupMentions: 0,
  ...(roleIds.length > 0 && { roles: roleIds }),
  ...(room.isArchived && { archived: true }),
  _updatedAt: instant(room.updatedAt),
})
