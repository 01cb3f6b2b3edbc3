import { allPermissions, type Permission, permissions } from '../permissions.ts'
import { chatPermissions } from './chat.ts'
import { managementPermissions } from './management.ts'
import { servicePermissions } from './services.ts'

/**
 * The APIs Rolecall itself answers. Their permissions are given out like those of any API, and each stands for some
 * of Rolecall's own: a machine that may `update:users` through the Auth0 dialect holds `users:update` here.
 */
export type BuiltInApi = {
  id: string
  name: string
  permissions: readonly BuiltInPermission[]
}

export type BuiltInPermission = { name: string; description: string; stands: readonly Permission[] }

export const rolecallApiId = 'rolecall'
export const managementApiId = 'management'
export const chatApiId = 'chat'
export const servicesApiId = 'services'

export const builtInApis: readonly BuiltInApi[] = [
  {
    id: rolecallApiId,
    name: 'Rolecall',
    permissions: allPermissions.map((name) => ({ name, description: permissions[name], stands: [name] })),
  },
  { id: managementApiId, name: 'Auth0 Management API', permissions: managementPermissions },
  { id: chatApiId, name: 'Chat', permissions: chatPermissions },
  { id: servicesApiId, name: 'DreamFactory services', permissions: servicePermissions },
]

export const builtInApiIds = builtInApis.map((api) => api.id)

const stands = new Map(
  builtInApis.map((api) => [api.id, new Map(api.permissions.map((each) => [each.name, each.stands]))]),
)

const standsFor = new Map(
  builtInApis.map((api) => [
    api.id,
    new Map(
      allPermissions.map((permission) => [
        permission,
        api.permissions.filter((each) => each.stands.includes(permission)).map((each) => each.name),
      ]),
    ),
  ]),
)

/** Rolecall's own permissions that a permission of an API stands for; none for APIs of other programs. */
export const implied = (apiId: string, name: string): readonly Permission[] =>
  stands.get(apiId)?.get(name) ?? []

/** The permissions of an API that stand for one of Rolecall's own. */
export const impliedBy = (apiId: string, permission: Permission): readonly string[] =>
  standsFor.get(apiId)?.get(permission) ?? []
