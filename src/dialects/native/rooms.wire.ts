import Type, { type Static } from 'typebox'
import { equal, every, searchIn } from '#core/listing.ts'
import type { CreateRoom } from '#core/rooms/create.ts'
import type { ListedRoom, ListRooms } from '#core/rooms/read.ts'
import type { UpdateRoom } from '#core/rooms/update.ts'
import { encodeInstant, Instant } from './instants.ts'
import { decodeOrder, decodePaging, orderBy, PageQuery } from './paging.ts'

const Kind = Type.Enum(['channel', 'group', 'team'], {
  description: 'A channel is public; a group is for its members.',
})

const fields = {
  name: Type.String({ minLength: 1, maxLength: 255 }),
  kind: Kind,
  topic: Type.String({ maxLength: 1000 }),
  description: Type.String({ maxLength: 1000 }),
  isDefault: Type.Boolean({ description: 'New people join it by themselves.' }),
}

const Id = Type.String({ minLength: 1, maxLength: 300 })

export const NewRoom = Type.Object(
  {
    ...Type.Partial(Type.Object(fields)).properties,
    name: fields.name,
    kind: Kind,
    ownerId: Type.Optional(
      Type.Union([Id, Type.Null()], {
        description: 'Default: the person who creates it; `null` for nobody.',
      }),
    ),
    memberIds: Type.Optional(Type.Array(Id, { maxItems: 1000 })),
  },
  { additionalProperties: false },
)

export const RoomChanges = Type.Partial(Type.Object(fields), {
  additionalProperties: false,
  minProperties: 1,
})

export const WireRoom = Type.Object({
  id: Type.String(),
  number: Type.Integer(),
  ...fields,
  isArchived: Type.Boolean(),
  membersCount: Type.Optional(Type.Integer({ minimum: 0 })),
  createdAt: Instant,
  updatedAt: Instant,
})

export const RoomQuery = Type.Object({
  ...PageQuery,
  search: Type.Optional(Type.String({ maxLength: 200, description: 'Part of the name or topic.' })),
  kind: Type.Optional(Kind),
  archived: Type.Optional(Type.Boolean()),
  withMembersCount: Type.Optional(Type.Boolean()),
  ...orderBy('createdAt', 'name', 'updatedAt'),
})

export const decodeRoomQuery = (query: Static<typeof RoomQuery>): ListRooms => {
  const { search, kind, archived, withMembersCount = false } = query
  const filter = every(
    searchIn(['name', 'topic'], search),
    kind === undefined ? undefined : equal('kind', kind),
    archived === undefined ? undefined : equal('isArchived', archived),
  )
  const listing = { ...decodePaging(query), ...decodeOrder(query.order), ...(filter && { filter }) }
  return { listing, withMembersCount }
}

export const decodeNewRoom = (body: Static<typeof NewRoom>): CreateRoom => body

export const decodeRoomChanges = (roomId: string, changes: Static<typeof RoomChanges>): UpdateRoom => ({
  roomId,
  changes,
})

export const encodeRoom = (room: ListedRoom): Static<typeof WireRoom> => ({
  ...room,
  createdAt: encodeInstant(room.createdAt),
  updatedAt: encodeInstant(room.updatedAt),
})
