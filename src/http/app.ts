import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyPluginAsync,
  type FastifyReply,
  LogController,
} from 'fastify'
import { type DeclaredRoute, guardRoutes } from './access.ts'
import { gatherRequests } from './gather.ts'
import type { Hosts } from './hosts.ts'
import { followScripts, type ScriptRequests } from './script-requests.ts'
import { serializerCompiler } from './serialize.ts'
import { findUnstorableText, UnstorableTextError } from './text.ts'
import { createValidatorCompiler } from './validate.ts'

/** One door: its routes, and how it words what fails before a route is reached. */
export type Door = {
  name: string
  plugin: FastifyPluginAsync
  /** Paths whose malformed requests this door answers. */
  owns(path: string): boolean
  /** Words a request that no route could be found for, or that could not be read. */
  encodeFault(fault: RequestFault): Fault
  /** Another address for a request, where the door's clients write one in several ways; undefined leaves it. */
  rewrite?(url: string): string | undefined
  /** Formats of text that its schemas name, beside the standard ones. */
  formats?: Readonly<Record<string, RegExp>>
}

/** `contentType` where it is not plain JSON. */
type Fault = { status: number; body: unknown; contentType?: string }

export type RequestFault = {
  kind: 'malformed_url' | 'misdirected' | 'not_found'
  /** As it was asked for, without the query. */
  path: string
}

export type AppParts = {
  hosts: Hosts
  doors: readonly Door[]
  /** Mounted beside the doors: health, metrics, documentation. */
  extras?: readonly FastifyPluginAsync[]
  logger: FastifyBaseLogger
  tls?: { cert: string; key: string } | undefined
  trustProxy: readonly string[]
  scripts?: ScriptRequests
  /** Called with every answered request, for metrics. */
  observeRequest?: (method: string, route: string, status: number, seconds: number) => void
}

export type App = {
  fastify: FastifyInstance
  routes: readonly DeclaredRoute[]
  listen(address: { host: string; port: number; httpsPort: number | 'off' }): Promise<ListeningPorts>
  /** Takes no new connections, lets requests in flight end, for eight seconds at most, then resolves. */
  close(): Promise<void>
}

export type ListeningPorts = { http: number; https?: number }

const bodyLimitBytes = 1_048_576

/** Longer than what stands before a server keeps its connections, so that none is ended while it sends a request. */
const keepAliveTimeout = 72_000

/** Leaves time for what comes after it: whoever ends a server allows it ten seconds. */
const drainMilliseconds = 8000

/** Wires the doors into one server on two ports: the same routes over HTTP and HTTPS. */
export const createApp = async (parts: AppParts): Promise<App> => {
  let secureServer: SecureServer | undefined
  let handle: RequestListener = () => {}
  const app = fastify({
    serverFactory: (handler) => {
      handle = handler as RequestListener
      return createServer({ keepAliveTimeout }, handle) as Server
    },
    loggerInstance: parts.logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyLimitBytes,
    trustProxy: parts.trustProxy.length > 0 ? [...parts.trustProxy] : false,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    frameworkErrors: (_error, request, reply) => {
      void answer(reply as FastifyReply, faultOf(parts.doors, request.url, { kind: 'malformed_url' }))
    },
    rewriteUrl: ({ url = '/' }) => rewritten(parts.doors, url),
    routerOptions: { ignoreDuplicateSlashes: true, maxParamLength: 2048 },
  })
  app.decorateRequest('actor')
  app.decorateRequest('issuer', '')
  const routes = guardRoutes(app)
  // Older clients name the type of a body that they do not send.
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) =>
    body === '' ? done(null, undefined) : parseJson(request, body as string, done),
  )
  const formats = Object.assign({}, ...parts.doors.map((door) => door.formats))
  app.setValidatorCompiler(createValidatorCompiler(formats))
  app.setSerializerCompiler(serializerCompiler)
  gatherRequests(app)
  if (parts.scripts) followScripts(app, parts.scripts)
  // Hooks of every request that wait for nothing call `done`: a promise costs more than what they do.
  app.addHook('onRequest', (request, reply, done) => {
    const origin = namesOneHost(request.raw) ? parts.hosts.originOf(request.host) : undefined
    if (origin === undefined) {
      answer(reply, faultOf(parts.doors, request.url, { kind: 'misdirected' }))
      return
    }
    request.issuer = `${origin}/`
    done()
  })
  app.addHook('preValidation', (request, _reply, done) => {
    if (request.is404) return done()
    for (const part of ['body', 'params', 'query'] as const) {
      const path = findUnstorableText(request[part])
      if (path !== undefined) {
        return done(new UnstorableTextError(part === 'query' ? 'querystring' : part, path))
      }
    }
    done()
  })
  const { observeRequest } = parts
  if (observeRequest) {
    app.addHook('onResponse', (request, reply, done) => {
      const route = request.routeOptions.url ?? 'none'
      observeRequest(request.method, route, reply.statusCode, reply.elapsedTime / 1000)
      done()
    })
  }
  app.setNotFoundHandler((request, reply) =>
    answer(reply, faultOf(parts.doors, request.url, { kind: 'not_found' })),
  )
  for (const plugin of parts.extras ?? []) await app.register(plugin)
  for (const door of parts.doors) await app.register(door.plugin)
  await app.ready()

  return {
    fastify: app,
    routes,
    listen: async ({ host, port, httpsPort }) => {
      await app.listen({ host, port })
      const ports: ListeningPorts = { http: (app.server.address() as AddressInfo).port }
      if (httpsPort !== 'off' && parts.tls) {
        const server = createSecureServer({ ...parts.tls, minVersion: 'TLSv1.2', keepAliveTimeout }, handle)
        secureServer = server
        await new Promise<void>((resolve, reject) =>
          server.once('error', reject).listen(httpsPort, host, resolve),
        )
        ports.https = (server.address() as AddressInfo).port
      }
      parts.hosts.listening(ports)
      return ports
    },
    close: async () => {
      const servers = secureServer ? [app.server as Server, secureServer] : [app.server as Server]
      // Clients keep connections between requests: each is ended as soon as it carries none.
      const sweep = setInterval(() => {
        for (const server of servers) server.closeIdleConnections()
      }, 100)
      const cut = setTimeout(() => {
        for (const server of servers) server.closeAllConnections()
      }, drainMilliseconds)
      const secureClosed = new Promise<void>((resolve) => {
        if (!secureServer) return resolve()
        secureServer.close(() => resolve())
      })
      try {
        await Promise.all([app.close(), secureClosed])
      } finally {
        clearInterval(sweep)
        clearTimeout(cut)
      }
    },
  }
}

const rewritten = (doors: readonly Door[], url: string): string => {
  for (const { rewrite } of doors) {
    const other = rewrite?.(url)
    if (other !== undefined) return other
  }
  return url
}

const answer = (
  reply: FastifyReply,
  { status, body, contentType = 'application/json; charset=utf-8' }: Fault,
) => reply.code(status).type(contentType).send(body)

/** Of two hosts, a proxy before us may have looked at the other one. @see RFC 9112 §3.2 */
const namesOneHost = ({ rawHeaders }: IncomingMessage): boolean => {
  let hosts = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1
  }
  return hosts === 1
}

const faultOf = (doors: readonly Door[], url: string, { kind }: Pick<RequestFault, 'kind'>): Fault => {
  const path = url.split('?', 1)[0]!.replaceAll(/\/{2,}/gu, '/')
  return doors.find((door) => door.owns(path))?.encodeFault({ kind, path }) ?? plainFault({ kind, path })
}

const plainFault = ({ kind }: RequestFault): Fault => {
  const [status, title] = {
    malformed_url: [400, 'The URL is malformed.'] as const,
    misdirected: [421, 'This server does not answer for that host.'] as const,
    not_found: [404, 'There is nothing at this address.'] as const,
  }[kind]
  return { status, body: { status, code: kind, title } }
}
