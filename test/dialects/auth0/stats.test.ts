import assert from 'node:assert/strict'
import { any, scenarios } from '#test/harness/scenario.ts'
import { badQuery, insufficient } from './answers.ts'
import { createUser } from './given.ts'

const day = (at: number) => new Date(at).toISOString().slice(0, 10)
const compact = (at: number) => day(at).replaceAll('-', '')

type Day = { date: string; signups: number; logins: number }

scenarios('/stats', (scenario, server) => {
  scenario('daily counts the last 30 days unless others are asked for', {
    scopes: ['read:stats'],
    given: async (of) => ({ user: (await createUser(of)).user_id }),
    get: ['/api/v2/stats/daily'],
    expect: { status: 200 },
    then: async (of, _made, { body }) => {
      const days = body as Day[]
      assert.equal(days.length, 30)
      assert.equal(days.at(-1)!.date, `${day(of.clock.now)}T00:00:00.000Z`)
      assert.ok(days.at(-1)!.signups >= 1)
      assert.equal(days[0]!.signups, 0)
    },
  })

  scenario('daily answers a range of days, empty ones included', {
    scopes: ['read:stats'],
    get: ['/api/v2/stats/daily?from=20240228&to=20240301'],
    expect: {
      status: 200,
      body: ['2024-02-28', '2024-02-29', '2024-03-01'].map((date) => ({
        date: `${date}T00:00:00.000Z`,
        logins: 0,
        signups: 0,
        leaked_passwords: 0,
        created_at: any,
        updated_at: any,
      })),
    },
  })

  scenario('daily from a day on counts until today', {
    scopes: ['read:stats'],
    get: () => [`/api/v2/stats/daily?from=${compact(server().clock.now)}`],
    expect: { status: 200, body: [any] },
  })

  for (const [query, message] of [
    ['from=20230229', /no such day: 20230229/u],
    ['to=20231301', /no such day/u],
    ['from=2023', /does not match pattern/u],
    ['from=2023-1-1', /does not match pattern/u],
    ['from=', /does not match pattern/u],
  ] as const) {
    scenario(`daily refuses ${query}`, {
      scopes: ['read:stats'],
      get: [`/api/v2/stats/daily?${query}`],
      expect: { status: 400, body: badQuery(message) },
    })
  }

  for (const query of ['from=20240102&to=20240101', 'from=00010101&to=20240101']) {
    scenario(`daily refuses the range ${query}`, {
      scopes: ['read:stats'],
      get: [`/api/v2/stats/daily?${query}`],
      expect: { status: 400, body: badQuery(/on property to\.$/u) },
    })
  }

  scenario('active-users is a bare number', {
    scopes: ['read:stats'],
    get: ['/api/v2/stats/active-users'],
    expect: { status: 200, body: 0, headers: { 'content-type': /^application\/json/u } },
  })

  for (const path of ['daily', 'active-users']) {
    scenario(`${path} refuses a token without the scope`, {
      scopes: ['read:logs', 'read:users'],
      get: [`/api/v2/stats/${path}`],
      expect: { status: 403, body: insufficient('read:stats') },
    })
  }
})
