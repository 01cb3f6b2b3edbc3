import Type from 'typebox'
import { createRoom } from '#core/rooms/create.ts'
import { deleteRoom } from '#core/rooms/delete.ts'
import { listRoomsHeld } from '#core/rooms/held.ts'
import { lookUpRoom } from '#core/rooms/lookup.ts'
import { getPerson } from '#core/users/people.ts'
import { requireCustomFields } from './custom-fields.ts'
import { plain, refuse, thrown, unauthorized } from './errors.ts'
import { answer, given, ok, type RocketchatRoutes } from './parts.ts'
import { findRoom, NamedRoom, type RoomKind, roomKinds } from './room-kinds.ts'
import {
  encodeNamed,
  encodeRoom,
  encodeSubscription,
  isRoomName,
  refuseRoomName,
  roomNameWords,
  WireRoom,
  WireSubscription,
} from './rooms.wire.ts'

const flag = Type.Optional(Type.Boolean())
const text = Type.Optional(Type.String())
const Json = Type.Unsafe<Parameters<typeof requireCustomFields>[0]>({
  type: 'object',
  additionalProperties: true,
})

/** What is missing is told in the route's own words, so that the schema asks for nothing. */
const NewRoom = Type.Object({
  name: text,
  members: Type.Optional(Type.Unsafe<unknown>({})),
  teams: Type.Optional(Type.Array(Type.String())),
  readOnly: flag,
  excludeSelf: flag,
  customFields: Type.Optional(Json),
  extraData: Type.Optional(
    Type.Object(
      { description: text, topic: text, broadcast: flag, encrypted: flag, federated: flag, teamId: text },
      { additionalProperties: true },
    ),
  ),
})

const isNames = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')

/** @see specs: §6.3 of the Rocket.Chat dialect */
export const roomRoutes: RocketchatRoutes = async (app, parts) => {
  for (const kind of roomKinds) kindRoutes(app, parts, kind)
  singleRoutes(app, parts)
}

type Register = (app: Parameters<RocketchatRoutes>[0], parts: Parameters<RocketchatRoutes>[1]) => void

const oneOf = ({ one }: RoomKind) => answer({ [one]: WireRoom } as { channel: typeof WireRoom })
const asOne = ({ one }: RoomKind, room: ReturnType<typeof encodeRoom>) =>
  ok({ [one]: room } as { channel: typeof room })

const kindRoutes = (
  app: Parameters<Register>[0],
  { run, settings }: Parameters<Register>[1],
  kind: RoomKind,
) => {
  const { prefix } = kind
  const param = prefix === 'channels' ? 'Param' : 'Body param'

  app.post(
    `/${prefix}.create`,
    {
      config: {
        access: { authenticated: `${kind.create} is asked for in words of the route` },
        permission: { anyOf: [kind.create], refusal: unauthorized },
        words: { refusals: roomNameWords },
      },
      schema: { summary: 'Open a room', body: NewRoom, response: { 200: oneOf(kind) } },
    },
    async ({ body, actor }) => {
      const name = given(body.name)?.trim()
      if (name === undefined) return refuse(plain(`${param} "name" is required`))
      if (body.members !== undefined && !isNames(body.members)) {
        return refuse(plain(`${param} "members" must be an array if provided`))
      }
      if (!isRoomName(name)) return refuseRoomName(name)
      const { extraData: extra = {} } = body
      const customFields = body.customFields && requireCustomFields(body.customFields, await settings())
      const creator = await run(getPerson, { id: actor.id }, actor)
      const room = await run(
        createRoom,
        {
          name,
          kind: kind.kind,
          ...(extra.topic !== undefined && { topic: extra.topic }),
          ...(extra.description !== undefined && { description: extra.description }),
          ...(body.excludeSelf && { ownerId: null }),
          memberUsernames: body.members ?? [],
          ...(body.teams && { memberTeams: body.teams }),
          extensions: {
            rocketchat: {
              u: encodeNamed(creator),
              ...(body.readOnly && { ro: true }),
              ...(extra.broadcast && { broadcast: true }),
              ...(extra.encrypted && { encrypted: true }),
              ...(customFields && { customFields }),
            },
          },
        },
        actor,
      )
      const seen = await run(lookUpRoom, { id: room.id }, actor).catch(() => ({ membersCount: 0 }))
      return asOne(kind, encodeRoom(room, seen.membersCount))
    },
  )

  app.get(
    `/${prefix}.info`,
    {
      config: {
        access: { authenticated: 'who may know of a room sees it' },
        letsStrangersRead: kind.kind === 'channel',
      },
      schema: { summary: 'See a room', querystring: Type.Object(NamedRoom), response: { 200: oneOf(kind) } },
    },
    async ({ query, actor }) => {
      const { room, membersCount } = await findRoom(run, actor, kind, query)
      return asOne(kind, encodeRoom(room, membersCount))
    },
  )

  app.post(
    `/${prefix}.delete`,
    {
      config: {
        access: { authenticated: `${kind.delete} is asked for in the room` },
        words: {
          refusals: {
            forbidden: thrown('error-not-allowed', 'Not allowed', { method: 'eraseRoom' }),
            built_in: thrown('error-not-allowed', 'Not allowed', { method: 'eraseRoom' }),
          },
        },
      },
      schema: { summary: 'Delete a room', body: Type.Object(NamedRoom), response: { 200: answer({}) } },
    },
    async ({ body, actor }) => {
      const { room } = await findRoom(run, actor, kind, body)
      await run(deleteRoom, { roomId: room.id }, actor)
      return ok({})
    },
  )
}

const noAccess = plain('not-allowed', 'Not Allowed')

const singleRoutes: Register = (app, { run }) => {
  app.get(
    '/rooms.info',
    {
      config: {
        access: { authenticated: 'who may know of a room sees it' },
        letsStrangersRead: true,
        words: { missing: { room: noAccess } },
      },
      schema: {
        summary: 'See a room of any kind',
        querystring: Type.Object({ ...NamedRoom, fields: text }),
        response: { 200: answer({ room: WireRoom }) },
      },
    },
    async ({ query, actor }) => {
      const [id, name] = [given(query.roomId), given(query.roomName)]
      if (id === undefined && name === undefined) {
        return refuse(
          thrown('error-roomid-param-not-provided', 'The parameter "roomId" or "roomName" is required'),
        )
      }
      const input = id === undefined ? { name: name! } : { id }
      const { room, membersCount } = await run(lookUpRoom, input, actor)
      return ok({ room: encodeRoom(room, membersCount) })
    },
  )

  app.get(
    '/subscriptions.getOne',
    {
      config: { access: { authenticated: 'everybody sees what he is in a room' } },
      schema: {
        summary: 'See what you are in a room',
        querystring: Type.Object({ roomId: Type.String({ minLength: 1 }) }),
        response: {
          200: answer({
            subscription: Type.Unsafe<unknown>({ anyOf: [WireSubscription, { type: 'null' }] }),
          }),
        },
      },
    },
    async ({ query, actor }) => {
      const held = await run(listRoomsHeld, { userId: actor.id }, actor)
      const own = held.find(({ room }) => room.id === query.roomId)
      const user = await run(getPerson, { id: actor.id }, actor)
      return ok({ subscription: own ? encodeSubscription(own, user) : null })
    },
  )

  app.get(
    '/subscriptions.get',
    {
      config: { access: { authenticated: 'everybody sees what he is in his rooms' } },
      schema: {
        summary: 'See what you are in your rooms',
        querystring: Type.Object({ updatedSince: text }),
        response: {
          200: answer({ update: Type.Array(WireSubscription), remove: Type.Array(Type.Object({})) }),
        },
      },
    },
    async ({ query, actor }) => {
      const since = query.updatedSince === undefined ? -1 : Date.parse(query.updatedSince)
      if (Number.isNaN(since)) {
        const why = 'The "lastUpdate" query parameter must be a valid date.'
        return refuse(thrown('error-roomId-param-invalid', why))
      }
      const user = await run(getPerson, { id: actor.id }, actor)
      const held = await run(listRoomsHeld, { userId: actor.id }, actor)
      const update = held
        .filter(({ room, membership }) => Math.max(room.updatedAt, membership.createdAt) > since)
        .map((each) => encodeSubscription(each, user))
      return ok({ update, remove: [] })
    },
  )
}
