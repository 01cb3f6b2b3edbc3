import type { FastifyPluginAsyncTypebox, TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { Run } from '#core/operation.ts'
import type { Door } from '#http/app.ts'
import { documentRoutes } from '#http/openapi.ts'
import { accountRoutes } from './account.ts'
import { appRoutes } from './apps.ts'
import { readBodies } from './content.ts'
import { entryRoutes } from './entries.ts'
import { errorBody, handleError, WireError } from './errors.ts'
import type { DreamFactoryParts, DreamFactoryRoutes, Log, Scripts } from './parts.ts'
import { roleRoutes } from './roles.ts'
import { serviceRoutes } from './services.ts'
import { createSessionTokens } from './session-token.ts'
import { sessionRoutes } from './sessions.ts'
import { userRoutes } from './users.ts'

export type DreamFactoryDialectParts = {
  run: Run
  /** What session tokens are signed with. */
  tokenSecret: string
  scripts?: Scripts
  /** Milliseconds since 1970. */
  now: () => number
  log: Log
}

/** One entry per family, in the order of the documentation. */
const families: readonly DreamFactoryRoutes[] = [
  sessionRoutes,
  accountRoutes,
  userRoutes,
  roleRoutes,
  appRoutes,
  entryRoutes,
  serviceRoutes,
]

const prefix = '/api/v2'

/** Services whose names may be written in any letter case, and with or without a version before them. */
const ownPath = /^\/api\/(?:v(?!1(?:[/.?]|$))[\d.]+\/)?(system|user)(?=[/?]|$)([^?]*)(.*)$/iu

/** One way to write an address out of several. @see specs: §1.1 of the DreamFactory dialect */
const rewrite = (url: string): string | undefined => {
  if (!url.startsWith('/api')) return undefined
  if (/^\/api(?:\/v2)?\/?(?:\?|$)/u.test(url)) return url.replace(/^\/api(?:\/v2)?\/?/u, prefix)
  const [, service, rest, query] = ownPath.exec(url) ?? []
  if (service === undefined) return undefined
  const path = rest!
    .replaceAll('..', '')
    .replaceAll(/\/{2,}/gu, '/')
    .replace(/\/$/u, '')
  return `${prefix}/${service.toLowerCase()}${path}${query}`
}

const preflight = {
  'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE, OPTIONS',
  'access-control-allow-headers':
    'Authorization, Content-Type, Cache-Control, X-DreamFactory-API-Key, X-DreamFactory-Session-Token, X-HTTP-Method, X-HTTP-Method-Override, X-Method-Override, X-Requested-With',
  'access-control-max-age': '600',
}

/** What there is no service, or no resource of a service, for. */
const missing = (path: string): WireError => {
  const [service = '', ...rest] = path.replace(/^\/api(?:\/v[\d.]+)?\/?/u, '').split('/')
  const [resource] = rest
  const [, own, under] = /^(?:admin\/)?(session|password|profile|register)\/(.+)$/u.exec(rest.join('/')) ?? []
  if (own !== undefined) {
    return new WireError(
      400,
      `Requests for resource '${under}' are not currently supported by the '${own}' service.`,
    )
  }
  return service === 'system' || service === 'user'
    ? new WireError(404, `Resource '${resource ?? ''}' not found for service '${service}'.`)
    : new WireError(404, `Could not find a service for ${service}`)
}

/** DreamFactory's System and User APIs. What differs on purpose stands in this folder's README. */
export const createDreamFactoryDialect = ({ tokenSecret, ...given }: DreamFactoryDialectParts): Door => {
  const parts: DreamFactoryParts = {
    ...given,
    tokens: createSessionTokens(tokenSecret),
    resources: [],
  }
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.setErrorHandler(handleError)
    readBodies(app)
    // Credentials stand in headers that a page must set itself, never in cookies: any origin may ask.
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('access-control-allow-origin', '*')
    })
    for (const url of [
      prefix,
      `${prefix}/system`,
      `${prefix}/system/*`,
      `${prefix}/user`,
      `${prefix}/user/*`,
    ]) {
      app.options(
        url,
        { config: { access: { anonymous: 'browsers ask before they ask' } }, schema: { hide: true } },
        (_request, reply) => reply.headers(preflight).code(204).send(),
      )
    }
    for (const family of families) await family(app.withTypeProvider<TypeBoxTypeProvider>(), parts)
  }
  return {
    name: 'dreamfactory',
    plugin: async (app) => {
      await documentRoutes(app, {
        title: "Rolecall: DreamFactory's System and User APIs",
        description: 'Users, roles, apps and what joins them, as clients of DreamFactory expect them.',
        path: `${prefix}/system/openapi.json`,
      })
      await app.register(routes)
    },
    rewrite,
    owns: (path) =>
      /^\/api\/v2\/(?:system|user)(?:\/|$)/u.test(path) ||
      /^\/api\/(?!v\d|rolecall(?:\/|$)|info$)/u.test(path),
    encodeFault: ({ kind, path }) => {
      const { item } = {
        not_found: missing(path),
        misdirected: new WireError(421, 'This server does not answer for that host.'),
        malformed_url: new WireError(400, 'The URL is malformed.'),
      }[kind]
      return { status: item.status_code, body: errorBody(item) }
    },
  }
}
