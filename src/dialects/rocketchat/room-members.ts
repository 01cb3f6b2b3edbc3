import Type from 'typebox'
import { equal, every, type Filter } from '#core/listing.ts'
import { addRoomMembers, joinRoom, listRoomMembers, removeRoomMembers } from '#core/rooms/members.ts'
import { roomScope } from '#core/rooms/rules.ts'
import { findPeople } from '#core/users/names.ts'
import { holds } from './authenticate.ts'
import { plain, refuse, thrown, unauthorized } from './errors.ts'
import { NamedUser, userIdOf } from './named-user.ts'
import { decodePaging, decodeSort, SortQuery } from './paging.ts'
import { answer, given, ok, type RocketchatRoutes } from './parts.ts'
import { findRoom, NamedRoom, type RoomKind, roomKinds } from './room-kinds.ts'
import { encodeMember, encodeRoom, WireMember, WireRoom } from './rooms.wire.ts'

const names = Type.Optional(Type.Array(Type.String()))

const notAllowed = (method: string) => thrown('error-not-allowed', 'Not allowed', { method })
const lastOwner = thrown(
  'error-you-are-last-owner',
  'You are the last owner. Please set new owner before leaving the room.',
)
const notInRoom = (text: string) => thrown('error-user-not-in-room', text)

/** @see specs: §6.3 of the Rocket.Chat dialect */
export const roomMemberRoutes: RocketchatRoutes = async (app, parts) => {
  for (const kind of roomKinds) routesOf(app, parts, kind)
  joinRoute(app, parts)
}

type App = Parameters<RocketchatRoutes>[0]
type Parts = Parameters<RocketchatRoutes>[1]

const routesOf = (app: App, { run, settings }: Parts, kind: RoomKind) => {
  const { prefix, one } = kind
  const One = answer({ [one]: Type.Optional(WireRoom) } as { channel: Type.TOptional<typeof WireRoom> })
  const asOne = async (actor: Parameters<typeof findRoom>[1], roomId: string) => {
    const { room, membersCount } = await findRoom(run, actor, kind, { roomId })
    return ok({ [one]: encodeRoom(room, membersCount) } as { channel: ReturnType<typeof encodeRoom> })
  }

  app.get(
    `/${prefix}.members`,
    {
      config: {
        access: { authenticated: 'who sees a room sees who is in it' },
      },
      schema: {
        summary: 'List who is in a room',
        querystring: Type.Object({
          ...NamedRoom,
          ...SortQuery,
          status: names,
          filter: Type.Optional(Type.String({ maxLength: 200 })),
        }),
        response: {
          200: answer({
            members: Type.Array(WireMember),
            count: Type.Integer(),
            offset: Type.Integer(),
            total: Type.Integer(),
          }),
        },
      },
    },
    async ({ query, actor }) => {
      const { room } = await findRoom(run, actor, kind, query)
      if (room.extensions.rocketchat?.broadcast === true) {
        const may = await holds(run, actor, ['view-broadcast-member-list'], roomScope(room.id))
        if (!may) refuse(unauthorized)
      }
      const page = decodePaging(query, await settings())
      const term = given(query.filter)
      const filter = every({ not: equal('isBlocked', true) }, term === undefined ? undefined : like(term))
      const order = decodeSort(query.sort, { username: 'username', name: 'name' }, byUsername)
      // Nobody is shown as anything else.
      if (query.status && !query.status.includes('offline')) {
        return ok({ members: [], count: 0, offset: page.offset, total: 0 })
      }
      const listing = { ...page, order, filter: filter!, total: true }
      const { items, total = 0 } = await run(listRoomMembers, { roomId: room.id, listing }, actor)
      return ok({ members: items.map(encodeMember), count: items.length, offset: page.offset, total })
    },
  )

  app.post(
    `/${prefix}.invite`,
    {
      config: {
        access: { authenticated: 'add-user-to-joined-room or its like is asked for in the room' },
        words: {
          refusals: { forbidden: notAllowed('addUsersToRoom') },
        },
      },
      schema: {
        summary: 'Bring people into a room',
        body: Type.Object({ ...NamedRoom, ...NamedUser, userIds: names, usernames: names }),
        response: { 200: One },
      },
    },
    async ({ body, actor }) => {
      const { room, membership } = await findRoom(run, actor, kind, body, { writes: true })
      const scope = roomScope(room.id)
      const mayAsMember =
        membership !== undefined && (await holds(run, actor, ['add-user-to-joined-room'], scope))
      if (!mayAsMember && !(await holds(run, actor, [kind.addToAny]))) {
        return refuse(notAllowed('addUsersToRoom'))
      }
      const ids = [body.userIds ?? [], given(body.userId) ?? []].flat()
      const named = [body.usernames ?? [], given(body.username) ?? [], given(body.user) ?? []].flat()
      if (ids.length + named.length === 0) {
        return refuse(
          thrown(
            'error-users-params-not-provided',
            'Please provide "userId" or "username" or "userIds" or "usernames" as param',
          ),
        )
      }
      const users = await run(findPeople, { ids, usernames: named }, actor)
      if (users.length === 0) {
        return refuse(
          kind.kind === 'channel'
            ? plain('invalid-user-invite-list', 'Cannot invite if no users are provided')
            : thrown('error-empty-invite-list', 'Cannot invite if no valid users are provided'),
        )
      }
      await run(addRoomMembers, { roomId: room.id, userIds: users.map(({ id }) => id) }, actor)
      return asOne(actor, room.id)
    },
  )

  app.post(
    `/${prefix}.kick`,
    {
      config: {
        access: { authenticated: 'remove-user or its like is asked for in the room' },
        words: {
          refusals: {
            forbidden: notAllowed('removeUserFromRoom'),
            cannot_grant: notAllowed('removeUserFromRoom'),
            not_a_member: notInRoom('User is not in this room'),
            last_owner: lastOwner,
          },
        },
      },
      schema: {
        summary: 'Send somebody out of a room',
        body: Type.Object({ ...NamedRoom, ...NamedUser }),
        response: { 200: One },
      },
    },
    async ({ body, actor }) => {
      const { room, membership } = await findRoom(run, actor, kind, body)
      const userId = await userIdOf(run, actor, body)
      const mayAsMember =
        membership !== undefined && (await holds(run, actor, ['remove-user'], roomScope(room.id)))
      if (!mayAsMember && !(await holds(run, actor, [kind.kickFromAny]))) {
        return refuse(notAllowed('removeUserFromRoom'))
      }
      await run(removeRoomMembers, { roomId: room.id, userIds: [userId], refuseMissing: true }, actor)
      return kind.kind === 'channel' ? asOne(actor, room.id) : ok({})
    },
  )

  app.post(
    `/${prefix}.leave`,
    {
      config: {
        access: { authenticated: `${kind.leave} is asked for in words of the route` },
        permission: { anyOf: [kind.leave], refusal: notAllowed('leaveRoom') },
        words: {
          refusals: {
            not_a_member: notInRoom('You are not in this room'),
            last_owner: lastOwner,
          },
        },
      },
      schema: { summary: 'Leave a room', body: Type.Object(NamedRoom), response: { 200: One } },
    },
    async ({ body, actor }) => {
      const { room } = await findRoom(run, actor, kind, body)
      await run(removeRoomMembers, { roomId: room.id, userIds: [actor.id], refuseMissing: true }, actor)
      return kind.kind === 'channel' ? asOne(actor, room.id) : ok({})
    },
  )
}

const byUsername = [{ field: 'username', direction: 'ascending' }] as const

const like = (term: string): Filter => ({
  any: ['username', 'name'].map((field): Filter => ({ field, like: ['', term, ''], ignoreCase: true })),
})

const joinRoute = (app: App, { run }: Parts) => {
  const [channel] = roomKinds as [RoomKind]
  app.post(
    '/channels.join',
    {
      config: { access: { authenticated: 'everybody may enter a channel' } },
      schema: {
        summary: 'Enter a channel',
        body: Type.Object({ ...NamedRoom, joinCode: Type.Optional(Type.String()) }),
        response: { 200: answer({ channel: WireRoom }) },
      },
    },
    async ({ body, actor }) => {
      const { room } = await findRoom(run, actor, channel, body, { writes: true })
      await run(joinRoom, { roomId: room.id, userId: actor.id }, actor)
      const seen = await findRoom(run, actor, channel, { roomId: room.id })
      return ok({ channel: encodeRoom(seen.room, seen.membersCount) })
    },
  )
}
