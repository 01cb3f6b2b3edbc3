import { anonymous, systemActor } from '#core/actor.ts'
import { listApplicationsWithParts } from '#core/applications/parts.ts'
import type { JsonObject } from '#core/json.ts'
import { decideServiceAccess } from '#core/service-access/decide.ts'
import { listServiceAccess, type RoleAccess } from '#core/service-access/read.ts'
import {
  readDreamFactoryServices,
  type ServiceConfigs,
  updateDreamFactoryService,
} from '#core/service-access/services.ts'
import { encodeApp } from './apps.wire.ts'
import { admit, authenticate } from './authenticate.ts'
import { decodeId, type Fields, isFields, recordOf, recordsOf, wrapper } from './envelope.ts'
import { WireError } from './errors.ts'
import { listEvents } from './event-names.ts'
import { isTrue, type Options } from './options.ts'
import type { Caller, DreamFactoryParts, DreamFactoryRoutes } from './parts.ts'
import { answerList, notFound, requireRelations, type Shape, showRead, showWritten } from './results.ts'
import { encodeAccess, encodeRole } from './roles.wire.ts'
import { type Call, defineResource, type Handler } from './routes.ts'
import { roots, type Service, scriptTypeRecords, services, serviceTypes } from './services.wire.ts'

const door = 'dreamfactory'

/** What clients look at to find their way. @see specs: §2.10, §3.12, §3.15 and §3.16 of the DreamFactory dialect */
export const serviceRoutes: DreamFactoryRoutes = async (app, parts) => {
  for (const service of ['system', 'user'] as const) {
    const read: Handler = async ({ options }) => {
      const names: readonly string[] = roots[service]
      return { body: { [wrapper]: options.isAsList ? names : names.map((name) => ({ name })) } }
    }
    defineResource(app, parts, { service, path: '', summary: 'What there is', verbs: { GET: read } })
  }
  defineResource(app, parts, {
    service: 'system',
    path: 'environment',
    summary: 'What clients know before they sign in',
    isPublic: 'clients look how to sign in',
    publicVerbs: ['GET'],
    verbs: { GET: environment(parts) },
  })
  app.get(
    '/api/v2',
    {
      config: { access: { anonymous: 'lists only what the caller may ask' } },
      schema: { summary: 'Services that the caller may ask', tags: ['system'] },
    },
    async (request, reply) => {
      const asked = { service: 'system', path: '', verb: 'GET' } as const
      const caller = await authenticate(parts, request, asked)
      await admit(parts.run, caller)
      const visible: Service[] = []
      for (const service of services) {
        if (caller.isAdministrator || (await maySee(parts, caller, service))) visible.push(service)
      }
      const shown = visible.map(({ id, name, label, description, type }) => ({
        id,
        name,
        label,
        description,
        type,
      }))
      return reply
        .type('application/json')
        .send(JSON.stringify({ services: shown, service_types: serviceTypes, resource: shown }))
    },
  )
  const config = serviceHandlers(parts)
  const summary = 'Services and their configuration'
  defineResource(app, parts, { service: 'system', path: 'service', summary, verbs: config.collection })
  defineResource(app, parts, {
    service: 'system',
    path: 'service',
    hasId: true,
    summary,
    verbs: config.single,
  })
  const fixed =
    (records: readonly Fields[]): Handler =>
    async ({ options }) =>
      answerList(records, options, nameShape)
  defineResource(app, parts, {
    service: 'system',
    path: 'service_type',
    summary: 'Kinds of services',
    verbs: { GET: fixed(serviceTypes) },
  })
  defineResource(app, parts, {
    service: 'system',
    path: 'script_type',
    summary: 'Languages of scripts',
    verbs: { GET: fixed(scriptTypeRecords) },
  })
  for (const path of ['constant', 'cors', 'limit', 'package']) {
    defineResource(app, parts, { service: 'system', path, summary: 'Empty here', verbs: { GET: fixed([]) } })
  }
  const clear: Handler = async () => ({ body: { success: true } })
  defineResource(app, parts, {
    service: 'system',
    path: 'cache',
    summary: 'Nothing is cached',
    verbs: { GET: fixed([]), DELETE: clear },
  })
  defineResource(app, parts, {
    service: 'system',
    path: 'cache',
    hasId: true,
    summary: 'Nothing is cached',
    verbs: { DELETE: clear },
  })
  defineResource(app, parts, {
    service: 'system',
    path: 'event',
    summary: 'Events that scripts can be bound to',
    verbs: { GET: events(parts) },
  })
}

/** Whether a role of the caller lets him look at the service's root. */
const maySee = async ({ run }: DreamFactoryParts, caller: Caller, { name }: Service): Promise<boolean> => {
  if (name !== 'system' && name !== 'user') return false
  const request = { service: name, path: '', verb: 'GET', requestor: 'api' } as const
  const input = { userId: caller.user?.id, applicationId: caller.application?.id, request }
  return (await run(decideServiceAccess, input, anonymous(door))).permission !== undefined
}

const nameShape: Shape<Fields> = { primaryKey: 'name', encode: (record) => record, relation: () => undefined }

const events =
  ({ resources }: DreamFactoryParts): Handler =>
  async ({ options }) => {
    const { raw } = options
    const wanted = typeof raw.service === 'string' ? raw.service.toLowerCase() : undefined
    const names = (['system', 'user'] as const).filter((name) => wanted === undefined || name === wanted)
    if (isTrue(raw.services_only)) return { body: { [wrapper]: names } }
    const listed = (name: (typeof names)[number]) => listEvents(resources, name, isTrue(raw.scriptable))
    if (options.isAsList) {
      return { body: { [wrapper]: names.flatMap((name) => listed(name).flatMap((each) => each.endpoints)) } }
    }
    const paths = (name: (typeof names)[number]) =>
      Object.fromEntries(
        listed(name).map(({ path, endpoints, parameter }) => [path, { type: 'api', endpoints, parameter }]),
      )
    return { body: Object.fromEntries(names.map((name) => [name, paths(name)])) }
  }

const userDefaults: Fields = {
  service_id: 7,
  allow_open_registration: false,
  open_reg_role_id: null,
  open_reg_email_service_id: null,
  open_reg_email_template_id: null,
  invite_email_service_id: 6,
  invite_email_template_id: null,
  password_email_service_id: 6,
  password_email_template_id: null,
  app_role_map: [],
}

const systemDefaults: Fields = {
  service_id: 1,
  default_app_id: null,
  invite_email_service_id: 6,
  invite_email_template_id: null,
  password_email_service_id: 6,
  password_email_template_id: null,
}

const configOf = ({ name }: Service, { user, system, email, registration }: ServiceConfigs): Fields => {
  if (name === 'user') return { ...userDefaults, ...user, ...registration }
  if (name === 'system') return { ...systemDefaults, ...system }
  return name === 'email' ? { ...email } : {}
}

const accessRelation = 'role_service_access_by_service_id'
const rolesRelation = 'role_by_role_service_access'

const shapeWith = (configs: ServiceConfigs, access: readonly RoleAccess[]): Shape<Service> => ({
  primaryKey: 'id',
  encode: (service) => ({
    ...service,
    is_active: true,
    mutable: true,
    created_date: null,
    last_modified_date: null,
    created_by_id: null,
    last_modified_by_id: null,
    config: configOf(service, configs),
  }),
  relation: (name) => {
    const rowsOf = ({ id }: Service) => access.filter(({ row }) => row.serviceNumber === id)
    if (name === accessRelation) {
      return (service) => rowsOf(service).map(({ row, role }) => encodeAccess(row, role.number))
    }
    if (name === rolesRelation) {
      return (service) => [...new Set(rowsOf(service).map(({ role }) => role))].map(encodeRole)
    }
    if (name === 'app_by_storage_service_id') return () => []
    return name === 'service_doc_by_service_id' ? () => null : undefined
  },
})

const serviceHandlers = ({ run }: DreamFactoryParts) => {
  const shapeFor = async ({ options, actor }: Call, reader = actor): Promise<Shape<Service>> => {
    const isAsked = options.related.some((name) => name === accessRelation || name === rolesRelation)
    const access = isAsked ? await run(listServiceAccess, {}, actor) : []
    const shape = shapeWith(await run(readDreamFactoryServices, {}, reader), access)
    requireRelations(options, shape)
    return shape
  }
  const read: Handler = async (call) => {
    const shape = await shapeFor(call)
    return answerList(filtered(call.options), call.options, shape)
  }
  const readOne: Handler = async (call) => {
    const shape = await shapeFor(call)
    return { body: showRead(requireService(call.id), call.options, shape) }
  }
  const write = async (service: Service, record: Fields, call: Call) => {
    const { config } = record
    await shapeFor(call, systemActor(door))
    if (isFields(config)) {
      if (
        config.app_role_map !== undefined &&
        config.app_role_map !== null &&
        !Array.isArray(config.app_role_map)
      ) {
        throw new WireError(400, 'App to Role map must be an array.')
      }
      await run(
        updateDreamFactoryService,
        { service: service.name, config: config as JsonObject },
        call.actor,
      )
    }
    return showWritten(service, call.options, await shapeFor(call, systemActor(door)))
  }
  const updateOne: Handler = async (call) => ({
    body: await write(requireService(call.id), recordOf(call.body), call),
  })
  const update: Handler = async (call) => {
    const records = recordsOf(call.body) ?? []
    const targets = call.options.ids
      ? call.options.ids.map((id) => [id, records[0] ?? {}] as const)
      : records.map((record) => [isFields(record) ? String(record.id) : '', record] as const)
    const results: unknown[] = []
    for (const [id, record] of targets) {
      results.push(await write(requireService(id), isFields(record) ? record : {}, call))
    }
    return { body: { [wrapper]: results } }
  }
  const removeOne: Handler = async ({ id }) => {
    const { name } = requireService(id)
    throw new WireError(403, `The service '${name}' can not be deleted.`)
  }
  return {
    collection: { GET: read, PUT: update, PATCH: update },
    single: { GET: readOne, PUT: updateOne, PATCH: updateOne, DELETE: removeOne },
  }
}

const requireService = (id: string): Service => {
  const service = services.find((each) => each.id === decodeId(id))
  if (service) return service
  throw notFound(id)
}

/** A short list that never changes: the comparisons clients make on it. */
const filtered = ({ filter, ids, limit, offset }: Options): Service[] => {
  if (ids) return ids.map(requireService)
  const [, field, value] = /^\(?\s*(\w+)\s*=\s*["']?([\w-]*)["']?\s*\)?$/u.exec(filter ?? '') ?? []
  if (filter !== undefined && (field === undefined || !['id', 'name', 'label', 'type'].includes(field))) {
    throw new WireError(400, 'Invalid or unparsable filter request.')
  }
  const matching = services.filter(
    (service) =>
      field === undefined || String(service[field as 'name']).toLowerCase() === value!.toLowerCase(),
  )
  return matching.slice(offset, limit === undefined || limit < 1 ? undefined : offset + limit)
}

const environment =
  ({ run }: DreamFactoryParts): Handler =>
  async ({ caller, request }) => {
    const system = systemActor(door)
    const { registration, system: own } = await run(readDreamFactoryServices, {}, system)
    // Only somebody who is known holds a role in an app.
    const parts = caller.user && !caller.isAdministrator ? (['assignments'] as const) : []
    const { items } = await run(listApplicationsWithParts, { listing: { limit: 1000 }, parts }, system)
    const apps = items
      .filter(({ application, parts }) => {
        const own = application.extensions.dreamfactory ?? {}
        const isShown = application.isActive && typeof own.type === 'number' && own.type !== 0
        const isHeld = parts.assignments?.some(({ userId }) => userId === caller.user?.id) === true
        return isShown && (caller.isAdministrator || parts.defaultRole !== undefined || isHeld)
      })
      .map(({ application, parts }) => {
        const shown = encodeApp({ application, parts })
        return {
          id: shown.id,
          name: shown.name,
          description: shown.description,
          url: shown.url ?? '',
          is_default: shown.id === caller.user?.extensions.dreamfactory?.defaultAppId,
          allow_fullscreen_toggle: shown.allow_fullscreen_toggle,
          requires_fullscreen: shown.requires_fullscreen,
          toggle_location: shown.toggle_location,
        }
      })
    const payload = { email: 'string', password: 'string', remember_me: 'bool' }
    const isKnown = caller.user !== undefined || caller.role !== undefined
    return {
      body: {
        authentication: {
          admin: { path: 'system/admin/session', verb: 'POST', payload },
          user: { path: 'user/session', verb: 'POST', payload },
          oauth: [],
          adldap: [],
          saml: [],
          allow_open_registration: registration.allow_open_registration,
          open_reg_email_service_id: registration.open_reg_email_service_id,
          allow_forever_sessions: own.allow_forever_sessions === true,
          login_attribute: 'email',
        },
        apps,
        ...(isKnown && {
          platform: {
            version: '7.0.0',
            license: 'Apache-2.0',
            is_hosted: false,
            is_trial: false,
            bitnami_demo: false,
          },
          server: { host: request.hostname },
          client: {
            user_agent: request.headers['user-agent'] ?? '',
            ip_address: request.ip,
            locale: request.headers['accept-language'] ?? '',
          },
          config: {
            always_wrap_resources: true,
            resources_wrapper: wrapper,
            db: { max_records_returned: 1000 },
          },
        }),
      },
    }
  }
