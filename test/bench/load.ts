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
  method?: 'GET' | 'POST'
  headers?: Record<string, string>
  /** In path and body, `[[user]]` and `[[role]]` stand for ids. */
  path: string
  body?: string
  expectedStatus: number
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
  const user = userId(walk?.kind === 'users' ? (number * stride) % users : number % users)
  const role = roleId(rolesPerUser + Math.floor(number / users))
  return text.replace('[[user]]', user).replace('[[role]]', role)
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
