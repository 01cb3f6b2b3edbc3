import Type from 'typebox'
import { createRoom } from '#core/rooms/create.ts'
import { deleteRoom } from '#core/rooms/delete.ts'
import { getRoom, listRooms, listRoomsOfUser } from '#core/rooms/read.ts'
import { archiveRoom, updateRoom } from '#core/rooms/update.ts'
import { decodePaging, encodePage, PageQuery, paged } from './paging.ts'
import type { NativeRoutes } from './parts.ts'
import {
  decodeNewRoom,
  decodeRoomChanges,
  decodeRoomQuery,
  encodeRoom,
  NewRoom,
  RoomChanges,
  RoomQuery,
  WireRoom,
} from './rooms.wire.ts'
import { UserParams } from './users.ts'

export const RoomParams = Type.Object({ id: Type.String({ description: 'The id of the room.' }) })

export const roomRoutes: NativeRoutes = async (app, { run }) => {
  app.get(
    '/rooms',
    {
      config: { access: { authenticated: 'people see channels and their rooms; others need rooms:read' } },
      schema: { summary: 'List rooms', querystring: RoomQuery, response: { 200: paged(WireRoom) } },
    },
    async ({ query, actor }) => encodePage(await run(listRooms, decodeRoomQuery(query), actor), encodeRoom),
  )

  app.get(
    '/users/:id/rooms',
    {
      config: { access: { authenticated: 'people see their own; others need rooms:read' } },
      schema: {
        summary: 'List the rooms a user is in',
        params: UserParams,
        querystring: Type.Object(PageQuery),
        response: { 200: paged(WireRoom) },
      },
    },
    async ({ params, query, actor }) => {
      const input = { userId: params.id, listing: decodePaging(query) }
      return encodePage(await run(listRoomsOfUser, input, actor), encodeRoom)
    },
  )

  app.post(
    '/rooms',
    {
      config: { access: { tokenScopes: ['rooms:create'] } },
      schema: {
        summary: 'Create a room with its owner and first members',
        body: NewRoom,
        response: { 201: WireRoom },
      },
    },
    async ({ body, actor }, reply) =>
      reply.code(201).send(encodeRoom(await run(createRoom, decodeNewRoom(body), actor))),
  )

  app.get(
    '/rooms/:id',
    {
      config: { access: { authenticated: 'people see channels and their rooms; others need rooms:read' } },
      schema: { summary: 'Read a room', params: RoomParams, response: { 200: WireRoom } },
    },
    async ({ params, actor }) => encodeRoom(await run(getRoom, { roomId: params.id }, actor)),
  )

  app.patch(
    '/rooms/:id',
    {
      config: { access: { tokenScopes: ['rooms:update'] } },
      schema: {
        summary: 'Change a room',
        params: RoomParams,
        body: RoomChanges,
        response: { 200: WireRoom },
      },
    },
    async ({ params, body, actor }) =>
      encodeRoom(await run(updateRoom, decodeRoomChanges(params.id, body), actor)),
  )

  app.delete(
    '/rooms/:id',
    {
      config: { access: { tokenScopes: ['rooms:delete'] } },
      schema: {
        summary: 'Delete a room with its members and the roles they hold in it',
        params: RoomParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, actor }, reply) => {
      await run(deleteRoom, { roomId: params.id }, actor)
      return reply.code(204).send(null)
    },
  )

  for (const [action, isArchived, summary] of [
    ['archive', true, 'Close a room for new members; those there stay'],
    ['unarchive', false, 'Open a room for new members again'],
  ] as const) {
    app.post(
      `/rooms/:id/${action}`,
      {
        config: { access: { tokenScopes: ['rooms:update'] } },
        schema: { summary, params: RoomParams, response: { 200: WireRoom } },
      },
      async ({ params, actor }) =>
        encodeRoom(await run(archiveRoom, { roomId: params.id, isArchived }, actor)),
    )
  }
}
