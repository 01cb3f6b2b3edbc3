import type { Permission } from '../permissions.ts'
import type { BuiltInPermission } from './built-in.ts'

/**
 * What the services of the DreamFactory dialect can be asked for: one permission for each verb on each resource, as
 * `PATCH:system/user`. Roles get them from their service access rows, which say more than this can: paths, wildcards
 * and who asks. A permission here is what such a row can let through at most.
 */
export const serviceVerbs = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
export type ServiceVerb = (typeof serviceVerbs)[number]

export type ServiceName = 'system' | 'user'

type Stands = Partial<Record<ServiceVerb, readonly Permission[]>>

const writes = (
  post: readonly Permission[],
  patch: readonly Permission[],
  remove: readonly Permission[],
): Stands => ({
  POST: post,
  PUT: patch,
  PATCH: patch,
  DELETE: remove,
})

const settings: Stands = {
  GET: ['settings:read'],
  ...writes(['settings:update'], ['settings:update'], ['settings:update']),
}

/** Bodies of users, roles and apps carry assignments, so that who may write them gives and takes roles too. */
const resources: Readonly<Record<ServiceName, Readonly<Record<string, Stands>>>> = {
  system: {
    '': {},
    admin: {
      GET: ['users:read', 'roles:read'],
      ...writes(
        ['users:create', 'roles:assign', 'roles:assign-admin'],
        ['users:update', 'roles:assign', 'roles:remove', 'roles:assign-admin'],
        ['users:delete', 'roles:assign-admin'],
      ),
    },
    user: {
      GET: ['users:read', 'roles:read'],
      ...writes(
        ['users:create', 'roles:assign'],
        ['users:update', 'roles:assign', 'roles:remove'],
        ['users:delete'],
      ),
    },
    role: {
      GET: ['roles:read'],
      ...writes(
        ['roles:create', 'roles:update', 'roles:assign'],
        ['roles:update', 'roles:assign', 'roles:remove'],
        ['roles:delete'],
      ),
    },
    app: {
      GET: ['applications:read', 'applications:read-secrets', 'roles:read'],
      ...writes(
        ['applications:create', 'applications:update-secrets', 'roles:assign'],
        ['applications:update', 'applications:update-secrets', 'roles:assign', 'roles:remove'],
        ['applications:delete'],
      ),
    },
    service: settings,
    service_type: settings,
    email_template: settings,
    lookup: settings,
    custom: settings,
    event: settings,
    event_script: settings,
    script_type: settings,
    environment: {},
    cache: {},
    constant: {},
    cors: settings,
    limit: settings,
    package: settings,
  },
  user: { '': {}, session: {}, register: {}, password: {}, profile: {}, custom: {} },
}

export const serviceResources = (service: ServiceName): readonly string[] => Object.keys(resources[service])

/** The name of the permission; undefined for a resource that no service of ours has. */
export const servicePermission = (
  service: ServiceName,
  resource: string,
  verb: ServiceVerb,
): string | undefined =>
  Object.hasOwn(resources[service], resource)
    ? `${verb}:${resource === '' ? service : `${service}/${resource}`}`
    : undefined

export const servicePermissions: readonly BuiltInPermission[] = (['system', 'user'] as const).flatMap(
  (service) =>
    Object.entries(resources[service]).flatMap(([resource, stands]) =>
      serviceVerbs.map((verb) => ({
        name: servicePermission(service, resource, verb)!,
        description: `${verb} ${resource === '' ? service : `${service}/${resource}`}`,
        stands: stands[verb] ?? [],
      })),
    ),
)
