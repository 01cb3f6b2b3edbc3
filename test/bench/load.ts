/**
 * The load generator, in a process of its own so that it shares no event loop with what it measures. Takes its order as
 * JSON, prints how many requests a second were answered as expected.
 */
import autocannon from 'autocannon'
import { roleId, rolesPerUser, userId } from './seed.ts'

export type LoadOrder = {
  origin: string
  connections: number
  seconds: number
  method?: 'GET' | 'POST' | 'PATCH'
  headers?: Record<string, string>
  /**
   * In path and body, `[[user]]` and `[[role]]` stand for ids, `[[index]]` for the user's place among all, `[[number]]`
   * and `[[app]]` for numbers that count from `numbersFrom`.
   */
  path: string
  body?: string
  expectedStatus: number
  numbersFrom?: { users: number; apps: number }
  /** Which ids: always the same, one user after the other, or every user with every spare role, from `first` on. */
  walk?: { kind: 'users' | 'assignments'; users: number; first: number }
}

/** Neighbours in time are far apart in the tables. Prime, so that every user has his turn. */
const stride = 7919

const order = JSON.parse(process.argv[2]!) as LoadOrder
const { walk } = order
let number = walk?.first ?? 0

const named = (text: string): string => {
  const users = walk?.users ?? 1
  const index = walk?.kind === 'users' ? (number * stride) % users : number % users
  const turn = Math.floor(number / users)
  const { numbersFrom: from = { users: 0, apps: 0 } } = order
  return text
    .replace('[[user]]', userId(index))
    .replace('[[role]]', roleId(rolesPerUser + turn))
    .replace('[[index]]', String(index))
    .replace('[[number]]', String(from.users + index))
    .replace('[[app]]', String(from.apps + turn))
}
const request = () => ({ path: named(order.path), ...(order.body && { body: named(order.body) }) })

const result = await autocannon({
  url: order.origin,
  connections: order.connections,
  duration: order.seconds,
  requests: [
    {
      method: order.method ?? 'GET',
      ...(order.headers && { headers: order.headers }),
      ...request(),
      ...(walk && {
        setupRequest: (template: autocannon.Request) => {
          number += 1
          return { ...template, ...request() }
        },
      }),
    },
  ],
})
const statuses = Object.entries(result.statusCodeStats ?? {})
const wrong = statuses.filter(([status]) => Number(status) !== order.expectedStatus)
if (statuses.length === 0 || wrong.length > 0 || result.errors > 0) {
  console.error(`unexpected answers: ${JSON.stringify(result.statusCodeStats)}, ${result.errors} errors`)
  process.exit(1)
}
console.log(JSON.stringify({ perSecond: result['2xx'] / result.duration, next: number + 1 }))
