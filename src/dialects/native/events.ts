import Type from 'typebox'
import { getEvent, listEvents, listEventsOfUser } from '#core/events/read.ts'
import { decodeEventQuery, EventQuery, encodeEvent, WireEvent } from './events.wire.ts'
import { encodePage, paged } from './paging.ts'
import type { NativeRoutes } from './parts.ts'
import { UserParams } from './users.ts'

export const eventRoutes: NativeRoutes = async (app, { run }) => {
  app.get(
    '/events',
    {
      config: { access: { tokenScopes: ['events:read'] } },
      schema: {
        summary: 'List what happened, the newest first',
        querystring: EventQuery,
        response: { 200: paged(WireEvent) },
      },
    },
    async ({ query, actor }) =>
      encodePage(await run(listEvents, { listing: decodeEventQuery(query) }, actor), encodeEvent),
  )

  app.get(
    '/events/:id',
    {
      config: { access: { tokenScopes: ['events:read'] } },
      schema: {
        summary: 'Read an event',
        params: Type.Object({ id: Type.String({ description: 'The id of the event.' }) }),
        response: { 200: WireEvent },
      },
    },
    async ({ params, actor }) => encodeEvent(await run(getEvent, { eventId: params.id }, actor)),
  )

  app.get(
    '/users/:id/events',
    {
      config: { access: { authenticated: 'people may read their own; others need events:read' } },
      schema: {
        summary: 'List what happened to a user, the newest first',
        params: UserParams,
        querystring: EventQuery,
        response: { 200: paged(WireEvent) },
      },
    },
    async ({ params, query, actor }) => {
      const input = { userId: params.id, listing: decodeEventQuery(query) }
      return encodePage(await run(listEventsOfUser, input, actor), encodeEvent)
    },
  )
}
