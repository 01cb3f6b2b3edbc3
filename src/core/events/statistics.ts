import type { EventType } from '../events.ts'
import { query } from '../operation.ts'
import { DomainError } from '../refusals.ts'

const dayInMilliseconds = 86_400_000

/** Longer than anybody draws; it bounds what one call makes the database count. */
const longestDays = 3660
const usualDays = 30

/** An active user signed in within these days. @see specs: Auth0 dialect §1.14, `/stats/active-users` */
const activeDays = 30

export type DayStatistics = {
  /** The first instant of the day, UTC. */
  at: number
  signIns: number
  signUps: number
  failedSignIns: number
  rolesGiven: number
}

/**
 * Sign-ins, failed ones, new users and roles given of each day, UTC, between the days that two instants lie in, both included. Days on which
 * nothing happened are there too. Unless they are given: the 30 days until the last, the last being today.
 * @throws invalid
 */
export const getDailyStatistics = query<{ from?: number; to?: number }, DayStatistics[]>({
  name: 'get daily statistics',
  needs: ['statistics:read', 'events:read'],
  run: async ({ events, now }, { from, to }) => {
    const last = dayOf(to ?? now())
    const first = from === undefined ? last - usualDays + 1 : dayOf(from)
    if (!(last >= first && last - first < longestDays)) {
      const reason = `The days are in order, and at most ${longestDays}.`
      throw new DomainError({ code: 'invalid', field: 'to', reason })
    }
    const until = (last + 1) * dayInMilliseconds
    const counts = await events.countPerDay(
      ['user.signed-in', 'user.created', 'user.sign-in-failed', 'role.assigned'],
      first * dayInMilliseconds,
      until,
    )
    const totals = new Map(counts.map(({ day, type, total }) => [`${type} ${day}`, total]))
    const of = (day: number, type: EventType) => totals.get(`${type} ${day}`) ?? 0
    return Array.from({ length: last - first + 1 }, (_, index) => ({
      at: (first + index) * dayInMilliseconds,
      signIns: of(first + index, 'user.signed-in'),
      signUps: of(first + index, 'user.created'),
      failedSignIns: of(first + index, 'user.sign-in-failed'),
      rolesGiven: of(first + index, 'role.assigned'),
    }))
  },
})

const dayOf = (at: number): number => Math.floor(at / dayInMilliseconds)

/** How many users signed in within the last 30 days. */
export const countActiveUsers = query<Record<never, never>, number>({
  name: 'count active users',
  needs: ['statistics:read', 'events:read'],
  run: ({ users, now }) =>
    users.count({
      field: 'lastLoginAt',
      is: 'atLeast',
      value: now() - activeDays * dayInMilliseconds,
    }),
})
