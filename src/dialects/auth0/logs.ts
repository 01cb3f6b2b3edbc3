import Type from 'typebox'
import { getEvent, listEvents } from '#core/events/read.ts'
import type { Listing } from '#core/listing.ts'
import { FieldsQuery, projection } from './fields.ts'
import { parseLogSearch } from './log-search.ts'
import { decodeLogCheckpoint, decodeLogSort, encodeLog, requireLogId, WireLog } from './logs.wire.ts'
import { CheckpointQuery, decodePaging, encodePage, type PageParameters, paged } from './paging.ts'
import type { Auth0Routes } from './parts.ts'

const tokenScopes = ['read:logs', 'read:logs_users']

const LogsQuery = Type.Object({
  ...CheckpointQuery,
  ...FieldsQuery,
  from: Type.Optional(Type.String({ description: 'Log event id from which to start selection.' })),
  sort: Type.Optional(Type.String({ description: 'date:1 or date:-1; newest first unless given.' })),
  q: Type.Optional(Type.String({ description: 'Query in Lucene query string syntax.' })),
  search: Type.Optional(Type.String({ description: 'The same as `q`, which wins.' })),
})

/** @see specs: §1.12 of the Auth0 dialect */
export const logRoutes: Auth0Routes = async (app, { run }) => {
  app.get(
    '/logs',
    {
      config: { access: { tokenScopes } },
      schema: {
        summary: 'Search log events',
        description:
          'With `from` or `take` always a bare array, newest last: what happened after the event `from`, or since the beginning.',
        querystring: LogsQuery,
        response: { 200: paged('logs', WireLog) },
      },
    },
    async ({ query, actor }) => {
      const { listing, encode } = decodeLogsQuery(query)
      const page = await run(listEvents, { listing }, actor)
      const project = projection(query)
      return encode({ ...page, items: page.items.map((event) => project(encodeLog(event))) })
    },
  )

  app.get(
    '/logs/:id',
    {
      config: { access: { tokenScopes } },
      schema: {
        summary: 'Get a log event by id',
        params: Type.Object({ id: Type.String({ description: 'log_id of the log to retrieve.' }) }),
        response: { 200: WireLog },
      },
    },
    async ({ params, actor }) =>
      encodeLog(await run(getEvent, { eventId: requireLogId(params.id).id }, actor)),
  )
}

type LogsParameters = PageParameters & { sort?: string; q?: string; search?: string }

/** How the log is read, and how the answer is wrapped: from a checkpoint it is bare and goes forward. */
const decodeLogsQuery = (query: LogsParameters) => {
  const { from, take, q = query.search } = query
  const filter = q === undefined ? {} : { filter: parseLogSearch(q) }
  if (from !== undefined || take !== undefined) {
    const after = from ? { after: decodeLogCheckpoint(from) } : {}
    const order = decodeLogSort('date:1')
    const listing: Listing = { ...filter, ...after, order, limit: take ?? 50 }
    return { listing, encode: <Item>({ items }: { items: Item[] }) => items }
  }
  const paging = decodePaging(query)
  const listing: Listing = { ...filter, ...paging.listing, order: decodeLogSort(query.sort) }
  return {
    listing,
    encode: <Item>(page: { items: Item[]; total?: number }) =>
      encodePage('logs', paging, page, { withLength: true }),
  }
}
