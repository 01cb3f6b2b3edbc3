import type { Actor } from '../actor.ts'
import type { JsonObject } from '../json.ts'
import { equal, unlimited } from '../listing.ts'
import { command, query } from '../operation.ts'
import { findRef } from '../ref.ts'
import { DomainError } from '../refusals.ts'
import { policyOf, readPolicies } from '../registration/policies.ts'
import { changePolicy } from '../registration/policy.ts'
import { scopeOf, splitScope } from '../scope.ts'
import { changeSettings } from '../settings/settings.ts'
import type { Reader, Tx } from '../store.ts'

/**
 * How services of the DreamFactory dialect are configured. What says who may register, and with which roles, is not
 * kept here: it is read from the registration policy of the workspace, and written to it.
 */
export type ServiceConfigs = {
  user: JsonObject
  system: JsonObject
  email: JsonObject
  registration: RegistrationConfig
}

export type RegistrationConfig = {
  allow_open_registration: boolean
  open_reg_role_id: number | null
  open_reg_email_service_id: number | null
  app_role_map: { id: number; service_id: number; app_id: number; role_id: number }[]
}

const settingOf = (service: string): string => `dreamfactory-service-${service.replaceAll('_', '-')}`
const userServiceNumber = 7
const emailServiceNumber = 6

export const readDreamFactoryServices = query<Record<never, never>, ServiceConfigs>({
  name: 'read service configurations',
  needs: 'settings:read',
  run: async (reader) => ({
    user: (await reader.settings.get(settingOf('user'))) ?? {},
    system: (await reader.settings.get(settingOf('system'))) ?? {},
    email: (await reader.settings.get(settingOf('email'))) ?? {},
    registration: await readRegistration(reader),
  }),
})

const readRegistration = async (reader: Pick<Reader, 'settings' | 'roles' | 'applications'>) => {
  const { mode, emailConfirmation, defaultRoles } = policyOf(await readPolicies(reader))
  const kept = (await reader.settings.get(settingOf('user'))) ?? {}
  const placed = defaultRoles.filter(({ scope }) => splitScope(scope).kind === 'application')
  const roles = new Map(
    (await reader.roles.findMany([...new Set(placed.map(({ roleId }) => roleId))])).map((role) => [
      role.id,
      role,
    ]),
  )
  const applications = new Map(
    (await reader.applications.findMany(placed.map(({ scope }) => splitScope(scope).id))).map((each) => [
      each.id,
      each,
    ]),
  )
  const open = typeof kept.open_reg_role_id === 'number' ? kept.open_reg_role_id : null
  const map = placed.flatMap(({ roleId, scope }, at) => {
    const [role, application] = [roles.get(roleId), applications.get(splitScope(scope).id)]
    if (!role || !application || role.number === open) return []
    return [{ id: at + 1, service_id: userServiceNumber, app_id: application.number, role_id: role.number }]
  })
  return {
    allow_open_registration: mode === 'open' || mode === 'approval',
    open_reg_role_id: open,
    open_reg_email_service_id: emailConfirmation === 'first' ? emailServiceNumber : null,
    app_role_map: map,
  }
}

/**
 * Merges the given keys. Roles for who registers become default roles of the registration policy, so that whoever
 * names them must be allowed to give them: one for every application there is now, and those of the map instead.
 * @throws invalid, and what changing the registration policy throws
 */
export const updateDreamFactoryService = command<{ service: string; config: JsonObject }, void>({
  name: 'update service configuration',
  needs: 'settings:update',
  run: async (tx, { service, config }, actor) => {
    if (service === 'user') await changeRegistration(tx, config, actor)
    const kept = Object.entries(config).filter(([key]) => !ofThePolicy.includes(key))
    await changeSettings(tx, settingOf(service), Object.fromEntries(kept))
  },
})

const ofThePolicy = ['allow_open_registration', 'app_role_map', 'open_reg_email_service_id', 'service_id']

const changeRegistration = async (tx: Tx, config: JsonObject, actor: Actor): Promise<void> => {
  const before = await readRegistration(tx)
  const changes: Parameters<typeof changePolicy>[1]['changes'] = {}
  if (config.allow_open_registration !== undefined) {
    const isOpen = config.allow_open_registration === true || config.allow_open_registration === 1
    if (isOpen !== before.allow_open_registration) changes.mode = isOpen ? 'open' : 'invitation'
  }
  if (config.open_reg_email_service_id !== undefined) {
    changes.emailConfirmation = config.open_reg_email_service_id === null ? 'later' : 'first'
  }
  if (config.open_reg_role_id !== undefined || config.app_role_map !== undefined) {
    const open = config.open_reg_role_id === undefined ? before.open_reg_role_id : config.open_reg_role_id
    const map = config.app_role_map === undefined ? before.app_role_map : config.app_role_map
    const { defaultRoles } = policyOf(await readPolicies(tx))
    const elsewhere = defaultRoles.filter(({ scope }) => splitScope(scope).kind !== 'application')
    changes.defaultRoles = [...elsewhere, ...(await placedRoles(tx, open, map))]
  }
  if (Object.keys(changes).length > 0) await changePolicy(tx, { changes }, actor)
}

const placedRoles = async (tx: Tx, open: unknown, map: unknown) => {
  const roles = new Map<string, string>()
  const openRole = await roleIdOf(tx, open, 'open_reg_role_id')
  if (openRole !== undefined) {
    const filter = equal('isGlobal', false)
    for (const { id } of (await tx.applications.list({ filter, limit: unlimited })).items)
      roles.set(id, openRole)
  }
  for (const row of Array.isArray(map) ? map : []) {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw new DomainError({ code: 'invalid', field: 'app_role_map', reason: 'An entry is no record.' })
    }
    const application = await findRef(tx.applications, { number: Number(row.app_id) })
    const roleId = await roleIdOf(tx, row.role_id, 'app_role_map')
    if (!application || roleId === undefined) {
      throw new DomainError({
        code: 'invalid',
        field: 'app_role_map',
        reason: 'An app or role does not exist.',
      })
    }
    roles.set(application.id, roleId)
  }
  return [...roles].map(([applicationId, roleId]) => ({
    roleId,
    scope: scopeOf('application', applicationId),
  }))
}

const roleIdOf = async (tx: Tx, number: unknown, field: string): Promise<string | undefined> => {
  if (number === null || number === undefined || number === '') return undefined
  const role = await findRef(tx.roles, { number: Number(number) })
  if (role) return role.id
  throw new DomainError({ code: 'invalid', field, reason: 'There is no such role.' })
}
