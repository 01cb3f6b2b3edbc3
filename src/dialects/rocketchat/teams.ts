import Type, { type Static } from 'typebox'
import type { Actor } from '#core/actor.ts'
import { equal, every, type Filter } from '#core/listing.ts'
import type { Run } from '#core/operation.ts'
import { DomainError } from '#core/refusals.ts'
import { createRoom } from '#core/rooms/create.ts'
import { deleteRoom } from '#core/rooms/delete.ts'
import { listRoomsHeld } from '#core/rooms/held.ts'
import { lookUpRoom, type RoomSeen } from '#core/rooms/lookup.ts'
import { addRoomMembers, listRoomMembers, removeRoomMembers } from '#core/rooms/members.ts'
import { listRooms } from '#core/rooms/read.ts'
import { roomScope } from '#core/rooms/rules.ts'
import { getPerson } from '#core/users/people.ts'
import { holds } from './authenticate.ts'
import { plain, refuse, thrown, unauthorized } from './errors.ts'
import { decodePaging, decodeSort, SortQuery } from './paging.ts'
import { answer, given, ok, type RocketchatParts, type RocketchatRoutes } from './parts.ts'
import { encodeNamed, isRoomName, refuseRoomName, roomNameWords } from './rooms.wire.ts'
import { encodeListedTeam, encodeTeam, encodeTeamMember, WireTeam, WireTeamMember } from './teams.wire.ts'

const text = Type.Optional(Type.String())
const NamedTeam = { teamId: text, teamName: text }
const NamedTeamFields = Type.Object(NamedTeam)
const names = Type.Optional(Type.Array(Type.String()))

const noTeam = plain('team-does-not-exist')
const lastOwner = thrown(
  'error-you-are-last-owner',
  'You are the last owner. Please set new owner before leaving the team.',
)

/** The team that a request names; the id wins. @throws WireError */
const findTeam = async (
  run: Run,
  actor: Actor,
  params: Static<typeof NamedTeamFields>,
): Promise<RoomSeen> => {
  const [id, name] = [given(params.teamId), given(params.teamName)]
  if (id === undefined && name === undefined) {
    refuse(thrown('invalid-params', 'must match exactly one schema in oneOf'))
  }
  const input = { ...(id === undefined ? { name: name! } : { id }), kind: 'team' } as const
  return run(lookUpRoom, input, actor).catch((error: unknown) => {
    if (error instanceof DomainError && error.refusal.code === 'not_found') return refuse(noTeam)
    throw error
  })
}

/** The same for who holds a permission there. */
const findOwnTeam = async (
  run: Run,
  actor: Actor,
  params: Static<typeof NamedTeamFields>,
  permission: string,
): Promise<RoomSeen> => {
  const seen = await findTeam(run, actor, params)
  if (!(await holds(run, actor, [permission], roomScope(seen.room.id)))) refuse(unauthorized)
  return seen
}

/** Teams: rooms of a kind of their own, with members and roles, but without rooms of theirs. */
export const teamRoutes: RocketchatRoutes = async (app, parts) => {
  readRoutes(app, parts)
  createRoute(app, parts)
  memberRoutes(app, parts)
}

type App = Parameters<RocketchatRoutes>[0]

const readRoutes = (app: App, { run, settings }: RocketchatParts) => {
  for (const [url, access, onlyOwn] of [
    ['/teams.list', { authenticated: 'everybody sees the teams he is in' }, true],
    ['/teams.listAll', { tokenScopes: ['view-all-teams'] }, false],
  ] as const) {
    app.get(
      url,
      {
        config: { access },
        schema: {
          summary: onlyOwn ? 'List teams you are in' : 'List teams',
          querystring: Type.Object(SortQuery),
          response: {
            200: answer({
              teams: Type.Array(WireTeam),
              count: Type.Integer(),
              offset: Type.Integer(),
              total: Type.Integer(),
            }),
          },
        },
      },
      async ({ query, actor }) => {
        const page = decodePaging(query, await settings())
        const order = decodeSort(query.sort, { name: 'name', createdAt: 'createdAt' }, [
          { field: 'name', direction: 'ascending' },
        ])
        const own = onlyOwn ? [equal('members.userId', actor.id)] : []
        const listing = { ...page, order, filter: { all: [equal('kind', 'team'), ...own] }, total: true }
        const { items, total = 0 } = await run(listRooms, { listing, withMembersCount: true }, actor)
        return ok({ teams: items.map(encodeListedTeam), count: items.length, offset: page.offset, total })
      },
    )
  }

  app.get(
    '/teams.info',
    {
      config: { access: { authenticated: 'who may know of a team sees it' } },
      schema: {
        summary: 'See a team',
        querystring: NamedTeamFields,
        response: { 200: answer({ teamInfo: WireTeam }) },
      },
    },
    async ({ query, actor }) => ok({ teamInfo: encodeTeam((await findTeam(run, actor, query)).room) }),
  )

  app.get(
    '/users.listTeams',
    {
      config: { access: { authenticated: 'tells only whom the caller may see' } },
      schema: {
        summary: 'List the teams of a user',
        querystring: Type.Object({ userId: Type.String({ minLength: 1 }) }),
        response: { 200: answer({ teams: Type.Array(WireTeam) }) },
      },
    },
    async ({ query, actor }) => {
      const { id } = await run(getPerson, { id: query.userId }, actor)
      // Of others nothing is told to who may not see their rooms, as on a server without teams.
      const maySee = id === actor.id || (await holds(run, actor, ['view-other-user-channels']))
      const held = maySee ? await run(listRoomsHeld, { userId: id }, actor) : []
      const teams = held.filter(({ room }) => room.kind === 'team').map(({ room }) => encodeTeam(room))
      return ok({ teams })
    },
  )
}

const createRoute = (app: App, { run }: RocketchatParts) => {
  app.post(
    '/teams.create',
    {
      config: { access: { tokenScopes: ['create-team'] }, words: { refusals: roomNameWords } },
      schema: {
        summary: 'Open a team',
        body: Type.Object({
          name: Type.String({ minLength: 1 }),
          type: Type.Enum([0, 1]),
          members: names,
        }),
        response: { 200: answer({ team: WireTeam }) },
      },
    },
    async ({ body, actor }) => {
      const name = body.name.trim()
      if (!isRoomName(name)) return refuseRoomName(name)
      const creator = encodeNamed(await run(getPerson, { id: actor.id }, actor))
      const room = await run(
        createRoom,
        {
          name,
          kind: 'team',
          memberUsernames: body.members ?? [],
          extensions: { rocketchat: { u: creator, teamType: body.type } },
        },
        actor,
      )
      return ok({ team: encodeTeam(room) })
    },
  )

  app.post(
    '/teams.delete',
    {
      config: { access: { authenticated: 'delete-team is asked for in the team' } },
      schema: {
        summary: 'Delete a team',
        body: Type.Object({ ...NamedTeam, roomsToRemove: names }),
        response: { 200: answer({}) },
      },
    },
    async ({ body, actor }) => {
      const { room } = await findOwnTeam(run, actor, body, 'delete-team')
      await run(deleteRoom, { roomId: room.id }, actor)
      return ok({})
    },
  )
}

const like = (field: string, term: string | undefined): Filter | undefined =>
  given(term) === undefined ? undefined : { field, like: ['', term!, ''], ignoreCase: true }

const memberRoutes = (app: App, { run, settings }: RocketchatParts) => {
  app.get(
    '/teams.members',
    {
      config: { access: { authenticated: 'who sees a team sees who is in it' } },
      schema: {
        summary: 'List who is in a team',
        querystring: Type.Object({
          ...NamedTeam,
          ...SortQuery,
          name: Type.Optional(Type.String({ maxLength: 200 })),
          username: Type.Optional(Type.String({ maxLength: 200 })),
        }),
        response: {
          200: answer({
            members: Type.Array(WireTeamMember),
            count: Type.Integer(),
            offset: Type.Integer(),
            total: Type.Integer(),
          }),
        },
      },
    },
    async ({ query, actor }) => {
      const { room } = await findTeam(run, actor, query)
      const page = decodePaging(query, await settings())
      const filter = every(like('name', query.name), like('username', query.username))
      const order = [{ field: 'username', direction: 'ascending' }] as const
      const listing = { ...page, order, ...(filter && { filter }), total: true }
      const input = { roomId: room.id, listing, withRoles: true }
      const { items, total = 0 } = await run(listRoomMembers, input, actor)
      return ok({ members: items.map(encodeTeamMember), count: items.length, offset: page.offset, total })
    },
  )

  app.post(
    '/teams.addMembers',
    {
      config: {
        access: { authenticated: 'add-team-member is asked for in the team' },
        words: { missing: { user: plain('invalid-user') } },
      },
      schema: {
        summary: 'Bring people into a team',
        body: Type.Object({
          ...NamedTeam,
          members: Type.Array(Type.Object({ userId: Type.String(), roles: names }), { minItems: 1 }),
        }),
        response: { 200: answer({}) },
      },
    },
    async ({ body, actor }) => {
      const { room } = await findOwnTeam(run, actor, body, 'add-team-member')
      const isSpecial = body.members.some(({ roles = [] }) => roles.some((role) => role !== 'member'))
      // All or nothing: bringing in and giving a role are two operations.
      if (isSpecial) refuse(thrown('error-not-allowed', 'Give roles by roles.addUserToRole, in its room'))
      await run(addRoomMembers, { roomId: room.id, userIds: body.members.map(({ userId }) => userId) }, actor)
      return ok({})
    },
  )

  const leaving = {
    words: {
      missing: { user: plain('invalid-user') },
      refusals: { not_a_member: plain('invalid-user'), last_owner: lastOwner, cannot_grant: unauthorized },
    },
  } as const

  app.post(
    '/teams.removeMember',
    {
      config: { access: { authenticated: 'edit-team-member is asked for in the team' }, ...leaving },
      schema: {
        summary: 'Send somebody out of a team',
        body: Type.Object({ ...NamedTeam, userId: Type.String({ minLength: 1 }), rooms: names }),
        response: { 200: answer({}) },
      },
    },
    async ({ body, actor }) => {
      const { room } = await findOwnTeam(run, actor, body, 'edit-team-member')
      const input = { roomId: room.id, userIds: [body.userId], refuseMissing: true }
      await run(removeRoomMembers, input, actor)
      return ok({})
    },
  )

  app.post(
    '/teams.leave',
    {
      config: { access: { authenticated: 'everybody may leave' }, ...leaving },
      schema: {
        summary: 'Leave a team',
        body: Type.Object({ ...NamedTeam, rooms: names }),
        response: { 200: answer({}) },
      },
    },
    async ({ body, actor }) => {
      const { room } = await findTeam(run, actor, body)
      const input = { roomId: room.id, userIds: [actor.id], refuseMissing: true }
      await run(removeRoomMembers, input, actor)
      return ok({})
    },
  )
}
