import Type from 'typebox'
import { getDailyStatistics } from '#core/events/statistics.ts'
import { decodeInstant, encodeInstant, Instant } from './instants.ts'
import { encodeWhole, paged } from './paging.ts'
import type { NativeRoutes } from './parts.ts'

const Count = Type.Integer({ minimum: 0 })

const WireDay = Type.Object({
  at: Type.String({ ...Instant, description: 'The first instant of the day, UTC.' }),
  signIns: Count,
  failedSignIns: Count,
  signUps: Count,
  rolesGiven: Count,
})

const DaysQuery = Type.Object({
  from: Type.Optional(Type.String({ format: 'date-time', description: 'An instant of the first day.' })),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'An instant of the last day.' })),
})

export const statisticsRoutes: NativeRoutes = async (app, { run }) => {
  app.get(
    '/statistics/daily',
    {
      config: { access: { tokenScopes: ['statistics:read', 'events:read'] } },
      schema: {
        summary: 'Count sign-ins, failed ones, new users and roles given, day by day',
        description:
          'The 30 days until today, unless asked otherwise. Days on which nothing happened are there too.',
        querystring: DaysQuery,
        response: { 200: paged(WireDay) },
      },
    },
    async ({ query: { from, to }, actor }) => {
      const input = {
        ...(from !== undefined && { from: decodeInstant(from) }),
        ...(to !== undefined && { to: decodeInstant(to) }),
      }
      const days = await run(getDailyStatistics, input, actor)
      return encodeWhole(days, ({ at, ...counts }) => ({ at: encodeInstant(at), ...counts }))
    },
  )
}
