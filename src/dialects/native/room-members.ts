import Type from 'typebox'
import { addRoomMembers, joinRoom, listRoomMembers, removeRoomMembers } from '#core/rooms/members.ts'
import {
  Added,
  decodeMemberQuery,
  encodeMember,
  MemberQuery,
  NewMembers,
  WireMember,
} from './members.wire.ts'
import { encodePage, paged } from './paging.ts'
import type { NativeRoutes } from './parts.ts'
import { RoomParams } from './rooms.ts'

const MemberParams = Type.Object({
  ...RoomParams.properties,
  userId: Type.String({ description: 'The id of the user.' }),
})

export const roomMemberRoutes: NativeRoutes = async (app, { run }) => {
  app.get(
    '/rooms/:id/members',
    {
      config: { access: { authenticated: 'who sees a room sees who is in it' } },
      schema: {
        summary: 'List who is in a room',
        params: RoomParams,
        querystring: MemberQuery,
        response: { 200: paged(WireMember) },
      },
    },
    async ({ params, query, actor }) => {
      const input = { roomId: params.id, ...decodeMemberQuery(query) }
      return encodePage(await run(listRoomMembers, input, actor), encodeMember)
    },
  )

  app.post(
    '/rooms/:id/members',
    {
      config: { access: { tokenScopes: ['rooms:update'] } },
      schema: {
        summary: 'Bring users in, all or none',
        params: RoomParams,
        body: NewMembers,
        response: { 200: Added },
      },
    },
    async ({ params, body, actor }) => ({
      added: await run(addRoomMembers, { roomId: params.id, ...body }, actor),
    }),
  )

  app.put(
    '/rooms/:id/members/:userId',
    {
      config: { access: { authenticated: 'people may enter channels; others need rooms:update' } },
      schema: { summary: 'Enter a room', params: MemberParams, response: { 204: Type.Null() } },
    },
    async ({ params: { id, userId }, actor }, reply) => {
      await run(joinRoom, { roomId: id, userId }, actor)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/rooms/:id/members/:userId',
    {
      config: { access: { authenticated: 'members may leave; others need rooms:update' } },
      schema: {
        summary: 'Leave a room, with every role held in it',
        params: MemberParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ params: { id, userId }, actor }, reply) => {
      await run(removeRoomMembers, { roomId: id, userIds: [userId] }, actor)
      return reply.code(204).send(null)
    },
  )
}
