import Type from 'typebox'
import {
  listRoomRoles,
  makeRoomLeader,
  makeRoomModerator,
  makeRoomOwner,
  unmakeRoomLeader,
  unmakeRoomModerator,
  unmakeRoomOwner,
} from '#core/rooms/room-roles.ts'
import { type Failure, thrown, type Words } from './errors.ts'
import { NamedUser, userIdOf } from './named-user.ts'
import { answer, ok, type RocketchatRoutes } from './parts.ts'
import { findRoom, NamedRoom, roomKinds } from './room-kinds.ts'
import { encodeNamed, encodeRoomRole, Moderator, WireRoomRole } from './rooms.wire.ts'

type Verb = 'Owner' | 'Moderator' | 'Leader'

const articles = { Owner: 'an owner', Moderator: 'a moderator', Leader: 'a leader' } as const

const wordsOf = (verb: Verb, isAdding: boolean): Words => {
  const details = { method: `${isAdding ? 'add' : 'remove'}Room${verb}` }
  const notAllowed = thrown('error-not-allowed', 'Not allowed', details)
  const name = verb.toLowerCase()
  const notInRoom: Failure =
    isAdding || verb === 'Leader'
      ? thrown('error-user-not-in-room', 'User is not in this room', details)
      : thrown('error-invalid-room', 'Invalid room', details)
  return {
    missing: {
      assignment: thrown(`error-user-not-${name}`, `User is not ${articles[verb]}`, details),
    },
    refusals: {
      forbidden: notAllowed,
      cannot_grant: notAllowed,
      not_a_member: notInRoom,
      taken: thrown(`error-user-already-${name}`, `User is already ${articles[verb]}`, details),
      last_owner: thrown(
        'error-remove-last-owner',
        'This is the last owner. Please set a new owner before removing this one.',
        details,
      ),
    },
  }
}

const operations = [
  ['Owner', true, makeRoomOwner],
  ['Owner', false, unmakeRoomOwner],
  ['Moderator', true, makeRoomModerator],
  ['Moderator', false, unmakeRoomModerator],
  ['Leader', true, makeRoomLeader],
  ['Leader', false, unmakeRoomLeader],
] as const

/** @see specs: §6.3 of the Rocket.Chat dialect */
export const roomRoleRoutes: RocketchatRoutes = async (app, { run }) => {
  for (const kind of roomKinds) {
    for (const [verb, isAdding, operation] of operations) {
      app.post(
        `/${kind.prefix}.${isAdding ? 'add' : 'remove'}${verb}`,
        {
          config: {
            access: { authenticated: `set-${verb.toLowerCase()} is asked for in the room` },
            words: wordsOf(verb, isAdding),
          },
          schema: {
            summary: `${isAdding ? 'Make' : 'Unmake'} ${articles[verb]} of a room`,
            body: Type.Object({ ...NamedRoom, ...NamedUser }),
            response: { 200: answer({}) },
          },
        },
        async ({ body, actor }) => {
          const { room } = await findRoom(run, actor, kind, body, { writes: true })
          const userId = await userIdOf(run, actor, body)
          await run(operation, { roomId: room.id, userId }, actor)
          return ok({})
        },
      )
    }

    app.get(
      `/${kind.prefix}.roles`,
      {
        config: { access: { authenticated: 'who sees a room sees who is what there' } },
        schema: {
          summary: 'List who holds roles in a room',
          querystring: Type.Object(NamedRoom),
          response: { 200: answer({ roles: Type.Array(WireRoomRole) }) },
        },
      },
      async ({ query, actor }) => {
        const { room } = await findRoom(run, actor, kind, query)
        const holders = await run(listRoomRoles, { roomId: room.id }, actor)
        return ok({ roles: holders.map((holder) => encodeRoomRole(holder, room.id)) })
      },
    )

    app.get(
      `/${kind.prefix}.moderators`,
      {
        config: { access: { authenticated: 'who sees a room sees who is what there' } },
        schema: {
          summary: 'List the moderators of a room',
          querystring: Type.Object(NamedRoom),
          response: { 200: answer({ moderators: Type.Array(Moderator) }) },
        },
      },
      async ({ query, actor }) => {
        const { room } = await findRoom(run, actor, kind, query)
        const holders = await run(listRoomRoles, { roomId: room.id }, actor)
        const moderators = holders.filter(({ roleIds }) => roleIds.includes('moderator'))
        return ok({ moderators: moderators.map(({ user }) => encodeNamed(user)) })
      },
    )
  }
}
