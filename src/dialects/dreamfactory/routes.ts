import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Actor } from '#core/actor.ts'
import { type ServiceName, type ServiceVerb, serviceVerbs } from '#core/apis/services.ts'
import type { Access } from '#http/access.ts'
import { type Authentication, admit, authenticate, authorize } from './authenticate.ts'
import { type Fields, isFields, wrapper } from './envelope.ts'
import { WireError } from './errors.ts'
import { lookupsOf, runScripts, type ScriptNames } from './event-hooks.ts'
import { eventNames, variantsOf } from './event-names.ts'
import { formatOf, send } from './formats.ts'
import { decodeOptions, type Options } from './options.ts'
import type { Caller, DreamFactoryParts, DreamFactoryRoutes } from './parts.ts'

/** What a handler gets to answer one call. */
export type Call = {
  actor: Actor
  caller: Caller
  options: Options
  body: unknown
  /** The last part of the path, where it names one record. */
  id: string
  verb: ServiceVerb
  request: FastifyRequest
}

export type Answer = { status?: number; body: unknown }
export type Handler = (call: Call) => Promise<Answer>

export type Resource = {
  service: ServiceName
  /** Path within the service: `user`, `admin/session`, empty for its root. */
  path: string
  /** The calls address one record by the last part of the path. */
  hasId?: boolean
  /** What it is, for the documents. */
  summary: string
  verbs: Partial<Record<ServiceVerb, Handler>>
  /** Why no role is needed; otherwise the access rows of the caller's role decide. */
  isPublic?: string
  /** Only these verbs are public. */
  publicVerbs?: readonly ServiceVerb[]
  authentication?: Partial<Record<ServiceVerb, Authentication>>
}

const prefix = '/api/v2'

const accessOf = ({ isPublic, publicVerbs, service, path }: Resource, verb: ServiceVerb): Access =>
  isPublic !== undefined && (publicVerbs ?? serviceVerbs).includes(verb)
    ? { anonymous: isPublic }
    : { serviceAccess: path === '' ? service : `${service}/${path}` }

/** Every verb has a route, since who may not ask is told so before he is told that there is nothing to ask. */
export const defineResource = (
  app: Parameters<DreamFactoryRoutes>[0],
  parts: DreamFactoryParts,
  resource: Resource,
): void => {
  const { service, path, hasId = false, verbs, summary } = resource
  parts.resources.push(resource)
  const events = new Map(
    serviceVerbs.map((verb): [ServiceVerb, ScriptNames] => {
      const names = eventNames(resource, verb)
      return [verb, { names, variants: names.flatMap(variantsOf) }]
    }),
  )
  const url = `${prefix}/${service}${path === '' ? '' : `/${path}`}${hasId ? '/:id' : ''}`
  for (const method of serviceVerbs) {
    app.route({
      method,
      url,
      config: { access: accessOf(resource, method) },
      schema: { summary, tags: [service], hide: verbs[method] === undefined },
      handler: (request, reply) => answer(parts, { resource, events }, request, reply),
    })
  }
}

const answer = async (
  parts: DreamFactoryParts,
  { resource, events }: { resource: Resource; events: ReadonlyMap<ServiceVerb, ScriptNames> },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> => {
  const verb = effectiveVerb(request)
  const { id = '' } = request.params as { id?: string }
  const path = resource.hasId ? `${resource.path}/${id}` : resource.path
  const asked = { service: resource.service, path, verb }
  const caller = await authenticate(parts, request, asked, resource.authentication?.[verb])
  const isPublic = 'anonymous' in accessOf(resource, verb)
  const actor = isPublic ? await admit(parts.run, caller) : await authorize(parts.run, caller, asked)
  const options = await optionsOf(parts, caller, request, verb)
  const format = formatOf(request, options, resource.path.split('/').at(-1) || resource.service)
  const call: Call = {
    actor,
    caller,
    options,
    body: request.body,
    id,
    verb,
    request,
  }
  if ('relate' in call.options.raw) {
    parts.log.warn({ url: request.url }, 'the option `relate` means nothing; `related` does')
  }
  const handler = resource.verbs[verb]
  const handle: Handler = handler ?? (() => Promise.reject(unsupported(resource, verb)))
  const { status = 200, body, headers } = await runScripts(parts, resource, events.get(verb)!, call, handle)
  if (headers) reply.headers(headers)
  return send(reply.code(status), options.isWrapped ? body : unwrapped(body), format)
}

/** What the call asks for, with the lookups that its filter names. */
const optionsOf = async (
  { run }: DreamFactoryParts,
  caller: Caller,
  { query, body, headers }: FastifyRequest,
  verb: ServiceVerb,
): Promise<Options> => {
  const { wrap } = headers
  const given = { ...(wrap !== undefined && { wrap }), ...(query as Fields) }
  const options = decodeOptions(given, body, verb === 'GET')
  if (!options.filter?.includes('{lookup.')) return options
  return { ...options, lookups: await lookupsOf(run, caller) }
}

/** A list alone; what stands beside one, as a count, needs the wrapper. */
const unwrapped = (body: unknown): unknown =>
  isFields(body) && Array.isArray(body[wrapper]) && Object.keys(body).length === 1 ? body[wrapper] : body

const unsupported = ({ service, path }: Resource, verb: ServiceVerb): WireError => {
  const what = path.split('/').at(-1)!
  return /session$|password$|profile$|register$/u.test(path)
    ? new WireError(
        400,
        `${verb} requests without a resource are not currently supported by the '${what}' service.`,
      )
    : new WireError(
        400,
        `${verb} requests for resource '${what}' are not currently supported by the '${service}' service.`,
      )
}

const verbs: ReadonlySet<string> = new Set(serviceVerbs)

/** What a POST says it really is. @see specs: §1.2 of the DreamFactory dialect */
const effectiveVerb = (request: FastifyRequest): ServiceVerb => {
  const { method, headers } = request
  // An answer to HEAD is one to GET that is not sent along.
  if (method === 'HEAD') return 'GET'
  if (method !== 'POST') return method as ServiceVerb
  const query = request.query as Fields
  const said = [
    headers['x-http-method'],
    headers['x-method-override'],
    query.method,
    headers['x-http-method-override'],
    query._method,
  ].find((each): each is string => typeof each === 'string' && each.trim() !== '')
  if (said === undefined) return 'POST'
  const verb = said.trim().toUpperCase()
  if (verb === 'MERGE') return 'PATCH'
  if (verbs.has(verb)) return verb as ServiceVerb
  throw new WireError(405, `The method ${verb} is not allowed.`)
}
