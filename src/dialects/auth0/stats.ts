import Type, { type Static } from 'typebox'
import { countActiveUsers, type DayStatistics, getDailyStatistics } from '#core/events/statistics.ts'
import type { Refusal } from '#core/refusals.ts'
import { reworded, WireError } from './errors.ts'
import type { Auth0Routes } from './parts.ts'

const day = (description: string) => Type.Optional(Type.String({ pattern: '^[0-9]{8}$', description }))

const DaysQuery = Type.Object({
  from: day('The first day of the range, as YYYYMMDD.'),
  to: day('The last day of the range, as YYYYMMDD.'),
})

const WireDay = Type.Object({
  date: Type.String(),
  logins: Type.Integer(),
  signups: Type.Integer(),
  leaked_passwords: Type.Integer(),
  updated_at: Type.String(),
  created_at: Type.String(),
})

/** @see specs: §1.14 of the Auth0 dialect */
export const statsRoutes: Auth0Routes = async (app, { run }) => {
  app.get(
    '/stats/daily',
    {
      config: { access: { tokenScopes: ['read:stats'] } },
      schema: {
        summary: 'Get daily stats',
        description: 'UTC. The last 30 days unless others are asked for.',
        querystring: DaysQuery,
        response: { 200: Type.Array(WireDay) },
      },
    },
    async ({ query, actor }) =>
      (await reworded(run(getDailyStatistics, decodeDays(query), actor), wordRange)).map(encodeDay),
  )

  app.get(
    '/stats/active-users',
    {
      config: { access: { tokenScopes: ['read:stats'] } },
      schema: { summary: 'Get active users count', response: { 200: Type.Integer() } },
    },
    async ({ actor }) => run(countActiveUsers, {}, actor),
  )
}

const decodeDays = (query: Static<typeof DaysQuery>): { from?: number; to?: number } => ({
  ...(query.from !== undefined && { from: decodeDay('from', query.from) }),
  ...(query.to !== undefined && { to: decodeDay('to', query.to) }),
})

const decodeDay = (name: string, text: string): number => {
  const iso = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`
  const at = Date.parse(`${iso}T00:00:00.000Z`)
  // Date.parse takes the 30th of February for the 2nd of March.
  if (!Number.isNaN(at) && new Date(at).toISOString().startsWith(iso)) return at
  const message = `Query validation error: 'There is no such day: ${text}' on property ${name}.`
  throw new WireError(400, message, 'invalid_query_string')
}

/** Stolen passwords are not looked for here, so that none is ever found. */
const encodeDay = ({ at, signIns, signUps }: DayStatistics): Static<typeof WireDay> => {
  const date = new Date(at).toISOString()
  return {
    date,
    logins: signIns,
    signups: signUps,
    leaked_passwords: 0,
    updated_at: date,
    created_at: date,
  }
}

/** The days came in the query, not in a body. */
const wordRange = (refusal: Refusal): WireError | undefined =>
  refusal.code === 'invalid'
    ? new WireError(
        400,
        `Query validation error: '${refusal.reason}' on property ${refusal.field}.`,
        'invalid_query_string',
      )
    : undefined
