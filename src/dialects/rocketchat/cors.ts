import type { FastifyReply, FastifyRequest } from 'fastify'
import { WireError } from './errors.ts'
import type { RocketchatRoutes } from './parts.ts'
import type { ReadSettings, Settings } from './settings.table.ts'

const methods = 'GET, POST, PUT, DELETE, HEAD, PATCH'
const requestHeaders =
  'Origin, X-Requested-With, Content-Type, Accept, X-User-Id, X-Auth-Token, x-visitor-token, Authorization'
const isOff = 'CORS not enabled. Go to "Admin > General > REST Api" to enable it.'

/** Who may read answers, for an origin that asks; undefined for nobody. The setting lists several with commas. */
const allowedOrigin = (origin: string | undefined, settings: Settings): string | undefined => {
  const origins = settings.API_CORS_Origin.split(',').map((each) => each.trim())
  if (origins.includes('*')) return '*'
  return origin !== undefined && origins.includes(origin) ? origin : undefined
}

const tell = (request: FastifyRequest, reply: FastifyReply, settings: Settings): void => {
  const origin = allowedOrigin(request.headers.origin, settings)
  if (origin === undefined) return
  reply.header('access-control-allow-origin', origin)
  if (origin !== '*') reply.header('vary', 'Origin')
}

/**
 * Lets pages of other origins read answers, refusals among them, once the settings say so. No credential of this door
 * is sent by a browser on its own, so that `*` gives away nothing that the page did not have.
 * @see specs: §1.1 of the Rocket.Chat dialect
 */
export const shareAnswers =
  (readSettings: ReadSettings) =>
  (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
    if (request.headers.origin === undefined) done()
    else {
      readSettings().then((settings) => {
        if (settings.API_Enable_CORS) tell(request, reply, settings)
        done()
      }, done)
    }
  }

/** What browsers ask before a page of another origin may send its request. */
export const preflightRoutes: RocketchatRoutes = async (app, { settings }) => {
  app.options(
    '/*',
    {
      config: { access: { anonymous: 'a browser asks without a credential' }, isUncounted: true },
      schema: { hide: true },
    },
    async (_request, reply) => {
      if (!(await settings()).API_Enable_CORS) throw new WireError({ status: 405, body: isOff })
      reply.headers({
        'access-control-allow-methods': methods,
        'access-control-allow-headers': requestHeaders,
      })
      return reply.code(200).send('')
    },
  )
}
