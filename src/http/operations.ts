import type { FastifyPluginAsync } from 'fastify'
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'

export type Health = {
  /** Whether requests can be served right now: the database answers and the server is not ending. */
  isReady(): Promise<boolean>
}

export type Metrics = ReturnType<typeof createMetrics>

/** What `/metrics` shows, beside what the runtime tells of itself. */
export const createMetrics = () => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'rolecall_http_request_seconds',
    help: 'Time to answer a request.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  })
  const operations = new Counter({
    name: 'rolecall_operations_total',
    help: 'Operations that were run, by how they ended.',
    labelNames: ['operation', 'outcome'],
    registers: [registry],
  })
  const tokens = new Counter({
    name: 'rolecall_tokens_total',
    help: 'Tokens that were asked for, by grant and outcome.',
    labelNames: ['grant', 'outcome'],
    registers: [registry],
  })
  return {
    registry,
    observeRequest: (method: string, route: string, status: number, seconds: number) =>
      requests.observe({ method, route, status: String(status) }, seconds),
    observeOperation: (operation: string, outcome: string) => operations.inc({ operation, outcome }),
    observeToken: (grant: string, outcome: string) => tokens.inc({ grant, outcome }),
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
