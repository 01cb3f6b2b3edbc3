import type { FastifyPluginAsync } from 'fastify'
import { Counter, collectDefaultMetrics, Registry } from 'prom-client'

export type Health = {
  /** Whether requests can be served right now: the database answers and the server is not ending. */
  isReady(): Promise<boolean>
}

export type Metrics = ReturnType<typeof createMetrics>

/** What `/metrics` shows, beside what the runtime tells of itself. */
export const createMetrics = () => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = tally(
    registry,
    ['method', 'status', 'route'],
    { name: 'rolecall_http_requests_total', help: 'Requests that were answered.' },
    { name: 'rolecall_http_request_seconds_total', help: 'Time it took to answer them.' },
  )
  const operations = tally(
    registry,
    ['operation', 'outcome'],
    { name: 'rolecall_operations_total', help: 'Operations that were run, by how they ended.' },
    { name: 'rolecall_operation_seconds_total', help: 'Time they took.' },
  )
  const tokens = tally(registry, ['grant', 'outcome'], {
    name: 'rolecall_tokens_total',
    help: 'Tokens that were asked for, by grant and outcome.',
  })
  return {
    registry,
    observeRequest: (method: string, route: string, status: number, seconds: number) =>
      requests(seconds, method, String(status), route),
    observeOperation: (operation: string, outcome: string, milliseconds: number) =>
      operations(milliseconds / 1000, operation, outcome),
    observeToken: (grant: string, outcome: string) => tokens(0, grant, outcome),
  }
}

type Metric = { name: string; help: string }

/** Counts in plain numbers and makes metrics of them only when somebody looks: every request passes here. */
const tally = (registry: Registry, labelNames: readonly string[], counts: Metric, seconds?: Metric) => {
  const cells = new Map<string, { labels: Record<string, string>; count: number; seconds: number }>()
  const show = (metric: Metric, of: 'count' | 'seconds') =>
    new Counter({
      ...metric,
      labelNames: [...labelNames],
      registers: [registry],
      collect() {
        this.reset()
        for (const cell of cells.values()) this.inc(cell.labels, cell[of])
      },
    })
  show(counts, 'count')
  if (seconds) show(seconds, 'seconds')
  return (took: number, ...values: string[]): void => {
    const key = values.join(' ')
    let cell = cells.get(key)
    if (!cell) {
      const labels = Object.fromEntries(labelNames.map((name, at) => [name, values[at]!]))
      cell = { labels, count: 0, seconds: 0 }
      cells.set(key, cell)
    }
    cell.count += 1
    cell.seconds += took
  }
}

/** Liveness, readiness and metrics, for whatever keeps the server running. */
export const operationsRoutes =
  ({ isReady }: Health, { registry }: Metrics): FastifyPluginAsync =>
  async (app) => {
    const access = { anonymous: 'asked by orchestrators and monitors, tells nothing about users' }
    app.get('/healthz', { config: { access } }, async () => ({ status: 'ok' }))
    app.get('/readyz', { config: { access } }, async (_request, reply) =>
      (await isReady()) ? { status: 'ready' } : reply.code(503).send({ status: 'not ready' }),
    )
    app.get('/metrics', { config: { access } }, async (_request, reply) =>
      reply.type(registry.contentType).send(await registry.metrics()),
    )
  }
