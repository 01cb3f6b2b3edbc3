import Type, { type Static } from 'typebox'
import type { Member } from '#core/members.ts'
import type { Room } from '#core/rooms/room.ts'
import { instant } from './parts.ts'
import { keptOf } from './users.wire.ts'

const Named = Type.Object({ _id: Type.String(), username: Type.Optional(Type.String()) })

/** A team and its main room are one thing here, under one id. */
export const WireTeam = Type.Object({
  _id: Type.String(),
  name: Type.String(),
  type: Type.Enum([0, 1], { description: '0: public, 1: private.' }),
  roomId: Type.String(),
  createdAt: Type.String(),
  createdBy: Type.Optional(Named),
  _updatedAt: Type.String(),
  rooms: Type.Optional(Type.Integer()),
  numberOfUsers: Type.Optional(Type.Integer()),
})

export const encodeTeam = (room: Room): Static<typeof WireTeam> => {
  const { u, teamType } = keptOf(room)
  return {
    _id: room.id,
    name: room.name,
    type: teamType === 0 ? 0 : 1,
    roomId: room.id,
    createdAt: instant(room.createdAt),
    ...(u !== undefined && { createdBy: u as Static<typeof Named> }),
    _updatedAt: instant(room.updatedAt),
  }
}

/** As lists show it: with how many rooms and people it has. Rooms of teams there are none. */
export const encodeListedTeam = (room: Room & { membersCount?: number }): Static<typeof WireTeam> => ({
  ...encodeTeam(room),
  rooms: 0,
  numberOfUsers: room.membersCount ?? 0,
})

export const WireTeamMember = Type.Object({
  user: Type.Object({
    _id: Type.String(),
    username: Type.Optional(Type.String()),
    name: Type.Optional(Type.String()),
    status: Type.String(),
  }),
  roles: Type.Array(Type.String()),
  createdAt: Type.String(),
})

export const encodeTeamMember = ({
  user,
  membership,
  roles = [],
}: Member): Static<typeof WireTeamMember> => ({
  user: {
    _id: user.id,
    ...(user.username !== undefined && { username: user.username }),
    ...(user.name !== undefined && { name: user.name }),
    status: 'offline',
  },
  roles: roles.map(({ id }) => id),
  createdAt: instant(membership.createdAt),
})
