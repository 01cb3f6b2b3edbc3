/**
 * The load generator, in a process of its own so that it shares no event loop with what it measures. Takes its order as
 * JSON, prints how many requests a second were answered as expected.
 */
import autocannon from 'autocannon'

export type LoadOrder = {
  url: string
  connections: number
  seconds: number
  method?: 'GET' | 'POST'
  headers?: Record<string, string>
  /** `[[n]]` in path and body is replaced by a running number. */
  path?: string
  body?: string
  expectedStatus: number
  /** Where running numbers start, so that rounds do not repeat each other. */
  firstNumber?: number
}

const order = JSON.parse(process.argv[2]!) as LoadOrder
let number = order.firstNumber ?? 0
const numbered = (text: string) => text.replaceAll('[[n]]', String(number))
const isNumbered = order.path?.includes('[[n]]') || order.body?.includes('[[n]]')

const result = await autocannon({
  url: order.url,
  connections: order.connections,
  duration: order.seconds,
  requests: [
    {
      method: order.method ?? 'GET',
      ...(order.headers && { headers: order.headers }),
      ...(order.path && { path: order.path }),
      ...(order.body && { body: order.body }),
      ...(isNumbered && {
        setupRequest: (request: autocannon.Request) => {
          number += 1
          const path = order.path === undefined ? {} : { path: numbered(order.path) }
          const body = order.body === undefined ? {} : { body: numbered(order.body) }
          return { ...request, ...path, ...body }
        },
      }),
    },
  ],
})
const statuses = Object.entries(result.statusCodeStats ?? {})
const wrong = statuses.filter(([status]) => Number(status) !== order.expectedStatus)
if (wrong.length > 0 || result.errors > 0) {
  console.error(`unexpected answers: ${JSON.stringify(result.statusCodeStats)}, ${result.errors} errors`)
  process.exit(1)
}
console.log(JSON.stringify({ perSecond: result['2xx'] / result.duration, total: result['2xx'] }))
