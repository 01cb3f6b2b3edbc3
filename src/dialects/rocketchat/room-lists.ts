import Type from 'typebox'
import { equal, every, unlimited } from '#core/listing.ts'
import { listRooms } from '#core/rooms/read.ts'
import { holds } from './authenticate.ts'
import { refuse, thrown, unauthorized } from './errors.ts'
import { decodePaging, decodeSort, SortQuery } from './paging.ts'
import { answer, given, ok, type RocketchatRoutes } from './parts.ts'
import { encodeRoom, WireRoom } from './rooms.wire.ts'

const listFields = { name: 'name', ts: 'createdAt', _updatedAt: 'updatedAt' }
const byName = [{ field: 'name', direction: 'ascending' }] as const

const notAuthorized = thrown('error-not-authorized', 'Not Authorized')

/** Kinds of rooms as clients name them. */
const kindOf: Readonly<Record<string, string>> = { c: 'channel', p: 'group', teams: 'team' }

/** @see specs: §6.3 of the Rocket.Chat dialect */
export const roomListRoutes: RocketchatRoutes = async (app, { run, settings }) => {
  const Rooms = (key: 'channels' | 'groups') =>
    answer({
      [key]: Type.Array(WireRoom),
      count: Type.Integer(),
      offset: Type.Integer(),
      total: Type.Integer(),
    } as {
      channels: Type.TArray<typeof WireRoom>
      count: Type.TInteger
      offset: Type.TInteger
      total: Type.TInteger
    })
  type Listed = {
    items: readonly (Parameters<typeof encodeRoom>[0] & { membersCount?: number })[]
    total?: number
  }
  const asList = (key: 'channels' | 'groups', { items, total = 0 }: Listed, offset: number) => {
    const rooms = items.map((room) => encodeRoom(room, room.membersCount ?? 0))
    return ok({ [key]: rooms, count: rooms.length, offset, total } as {
      channels: typeof rooms
      count: number
      offset: number
      total: number
    })
  }
  const Query = Type.Object(SortQuery)

  for (const [url, kind, key, mayAll] of [
    ['/channels.list', 'channel', 'channels', ['view-c-room']],
    ['/groups.listAll', 'group', 'groups', ['view-room-administration']],
  ] as const) {
    app.get(
      url,
      {
        config: {
          access: { authenticated: 'which rooms are shown depends on permissions' },
          letsStrangersRead: kind === 'channel',
        },
        schema: { summary: 'List rooms', querystring: Query, response: { 200: Rooms(key) } },
      },
      async ({ query, actor }) => {
        const page = decodePaging(query, await settings())
        const order = decodeSort(query.sort, listFields, byName)
        const maySeeAll = await holds(run, actor, mayAll)
        if (!maySeeAll && (kind === 'group' || !(await holds(run, actor, ['view-joined-room'])))) {
          return refuse(unauthorized)
        }
        const joined = maySeeAll ? [] : [equal('members.userId', actor.id)]
        const filter = { all: [equal('kind', kind), ...joined] }
        const listing = { ...page, order, filter, total: true }
        return asList(key, await run(listRooms, { listing, withMembersCount: true }, actor), page.offset)
      },
    )
  }

  for (const [url, kind, key] of [
    ['/channels.list.joined', 'channel', 'channels'],
    ['/groups.list', 'group', 'groups'],
  ] as const) {
    app.get(
      url,
      {
        config: { access: { authenticated: 'everybody sees the rooms he is in' } },
        schema: { summary: 'List rooms you are in', querystring: Query, response: { 200: Rooms(key) } },
      },
      async ({ query, actor }) => {
        const page = decodePaging(query, await settings())
        const order = decodeSort(query.sort, listFields, byName)
        const filter = { all: [equal('kind', kind), equal('members.userId', actor.id)] }
        const listing = { ...page, order, filter, total: true }
        return asList(key, await run(listRooms, { listing, withMembersCount: true }, actor), page.offset)
      },
    )
  }

  app.get(
    '/rooms.get',
    {
      config: { access: { authenticated: 'everybody sees the rooms he is in' } },
      schema: {
        summary: 'See all rooms you are in, or those that changed since an instant',
        querystring: Type.Object({ updatedSince: Type.Optional(Type.String()) }),
        response: { 200: answer({ update: Type.Array(WireRoom), remove: Type.Array(Type.Object({})) }) },
      },
    },
    async ({ query, actor }) => {
      const since = query.updatedSince === undefined ? -1 : Date.parse(query.updatedSince)
      if (Number.isNaN(since)) {
        const why = 'The "updatedSince" query parameter must be a valid date.'
        return refuse(thrown('error-updatedSince-param-invalid', why))
      }
      const filter = every(equal('members.userId', actor.id), {
        field: 'updatedAt',
        is: 'more',
        value: since,
      })
      const listing = { limit: unlimited, order: byName, filter: filter! }
      const { items } = await run(listRooms, { listing, withMembersCount: true }, actor)
      return ok({ update: items.map((room) => encodeRoom(room, room.membersCount ?? 0)), remove: [] })
    },
  )

  app.get(
    '/rooms.adminRooms',
    {
      config: {
        access: { authenticated: 'view-room-administration is asked for with 400, as the vendor does' },
        permission: { anyOf: ['view-room-administration'], refusal: notAuthorized },
      },
      schema: {
        summary: 'List all rooms, of any kind, by part of a name',
        querystring: Type.Object({
          ...SortQuery,
          filter: Type.Optional(Type.String({ maxLength: 200 })),
          types: Type.Optional(Type.Array(Type.String())),
        }),
        response: {
          200: answer({
            rooms: Type.Array(WireRoom),
            count: Type.Integer(),
            offset: Type.Integer(),
            total: Type.Integer(),
          }),
        },
      },
    },
    async ({ query, actor }) => {
      const page = decodePaging(query, await settings())
      const order = decodeSort(query.sort, listFields, byName)
      const kinds = (query.types ?? []).flatMap((type) => (Object.hasOwn(kindOf, type) ? kindOf[type]! : []))
      const term = given(query.filter)
      const filter = every(
        query.types && { field: 'kind', in: kinds },
        term === undefined ? undefined : { field: 'name', like: ['', term, ''], ignoreCase: true },
      )
      const listing = { ...page, order, ...(filter && { filter }), total: true }
      const { items, total = 0 } = await run(listRooms, { listing, withMembersCount: true }, actor)
      const rooms = items.map((room) => encodeRoom(room, room.membersCount ?? 0))
      return ok({ rooms, count: rooms.length, offset: page.offset, total })
    },
  )
}
