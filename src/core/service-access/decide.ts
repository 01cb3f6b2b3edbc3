import { implied, servicesApiId } from '../apis/built-in.ts'
import { servicePermission } from '../apis/services.ts'
import type { Application } from '../applications/application.ts'
import { unlimited } from '../listing.ts'
import { query } from '../operation.ts'
import { powersOf } from '../rights.ts'
import { administratorRoleId, type Role } from '../roles/role.ts'
import { closure } from '../roles/rules.ts'
import { type Scope, scopeOf, workspace } from '../scope.ts'
import type { Reader } from '../store.ts'
import { allows, type ServiceRequest } from './service-access.ts'

export type Caller = { userId?: string | undefined; applicationId?: string | undefined }

export type Standing = {
  /** Holds `admin` in the workspace: may do everything, whatever other roles he has. */
  isAdministrator: boolean
  /** The role in force in the application: his own there, its default role, or one he holds everywhere. */
  role?: Role
}

export type ServiceDecision = Standing & {
  /** The permission of the API of services that the request may use; undefined when it may not. */
  permission?: string
}

type AccessReader = Pick<
  Reader,
  'now' | 'recall' | 'assignments' | 'applications' | 'roles' | 'permissions' | 'serviceAccess'
>

/** Who somebody is in an application, for sessions. */
export const readStanding = query<Caller, Standing>({
  name: 'read standing in application',
  needs: { anyone: 'The door has made sure who asks, and tells him about himself.' },
  run: async (reader, caller) => {
    const { isAdministrator, role } = await resolveRoles(reader, caller)
    return { isAdministrator, ...(role && { role }) }
  },
})

/** Whether a caller's roles let a request through. */
export const decideServiceAccess = query<Caller & { request: ServiceRequest }, ServiceDecision>({
  name: 'decide service access',
  needs: { anyone: 'The door has made sure who asks, and refuses or goes on.' },
  run: async (reader, { request, ...caller }) => {
    const { isAdministrator, role, counting } = await resolveRoles(reader, caller)
    const standing = { isAdministrator, ...(role && { role }) }
    const name = servicePermission(
      request.service,
      request.path.split('/', 1)[0]!.toLowerCase(),
      request.verb,
    )
    if (name === undefined || isAdministrator) return standing
    const permission = { ...standing, permission: name }
    if (await rowsAllow(reader, counting, request)) return permission
    return (await othersAllow(reader, caller, name)) ? permission : standing
  },
})

type Resolved = Standing & {
  /** Ids of the active roles that count, without those they include. */
  counting: readonly string[]
}

const resolveRoles = (reader: AccessReader, { userId, applicationId }: Caller): Promise<Resolved> =>
  reader.recall(['standing', userId, applicationId], async () => ({
    value: await rolesThatCount(reader, { userId, applicationId }),
    until: userId === undefined ? undefined : await reader.assignments.nextExpiry(userId, reader.now()),
  }))

const rolesThatCount = async (
  { assignments, applications, roles, now }: AccessReader,
  { userId, applicationId }: Caller,
): Promise<Resolved> => {
  const at = now()
  const everywhere = userId === undefined ? [] : await assignments.rolesIn(userId, workspace, at)
  const isAdministrator = await reachesAdministrator(roles, everywhere)
  if (applicationId === undefined) return { isAdministrator, counting: [] }
  const here =
    userId === undefined ? [] : await assignments.rolesIn(userId, scopeOf('application', applicationId), at)
  const application = here.length > 0 ? undefined : await applications.find(applicationId)
  const fallback = await defaultRole(roles, application)
  const own = [...here, ...(fallback ? [fallback] : [])]
  const role = own[0] ?? everywhere.find(({ isBuiltIn }) => !isBuiltIn)
  const counting = [...own, ...everywhere].filter(({ isActive }) => isActive).map(({ id }) => id)
  return { isAdministrator, ...(role && { role }), counting }
}

const defaultRole = async (
  roles: Reader['roles'],
  application: Application | undefined,
): Promise<Role | undefined> =>
  application?.defaultRoleId === undefined ? undefined : roles.find(application.defaultRoleId)

const reachesAdministrator = async (roles: Reader['roles'], held: readonly Role[]): Promise<boolean> => {
  const active = held.filter(({ isActive }) => isActive).map(({ id }) => id)
  if (active.length === 0 || active.includes(administratorRoleId)) return active.length > 0
  const inclusions = await roles.inclusions()
  return inclusions.length > 0 && closure(active, inclusions).has(administratorRoleId)
}

/** Each role by its own rows, so that what narrows one role takes nothing from another. */
const rowsAllow = async (
  { roles, serviceAccess }: AccessReader,
  counting: readonly string[],
  request: ServiceRequest,
): Promise<boolean> => {
  if (counting.length === 0) return false
  const reached = [...closure(counting, await roles.inclusions())]
  const active = (await roles.findMany(reached)).filter(({ isActive }) => isActive).map(({ id }) => id)
  const { items } = await serviceAccess.list({ filter: { field: 'roleId', in: active }, limit: unlimited })
  return [...Map.groupBy(items, ({ roleId }) => roleId).values()].some((rows) => allows(rows, request))
}

/** Whether what he holds of other APIs, as of the Management API, covers what the request would do. */
const othersAllow = async (
  { permissions, now }: AccessReader,
  { userId, applicationId }: Caller,
  name: string,
): Promise<boolean> => {
  const needed = implied(servicesApiId, name)
  if (userId === undefined || applicationId === undefined || needed.length === 0) return false
  const scopes: Scope[] = [workspace, scopeOf('application', applicationId)]
  const held = await permissions.effective(userId, scopes, now())
  const powers = powersOf(held.filter(({ apiId }) => apiId !== servicesApiId))
  return needed.every((permission) => powers.has(permission))
}
