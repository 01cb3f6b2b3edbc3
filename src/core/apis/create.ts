import { command } from '../operation.ts'
import type { Api, ApiWithPermissions } from './api.ts'
import {
  type NewPermission,
  permissionsOfApi,
  requireApiFields,
  requireIdentifier,
  requirePermissionNames,
} from './rules.ts'

type Settings = Pick<
  Api,
  | 'name'
  | 'signingAlgorithm'
  | 'tokenLifetimeSeconds'
  | 'webTokenLifetimeSeconds'
  | 'allowsOfflineAccess'
  | 'enforcesPermissions'
  | 'tokenDialect'
  | 'extensions'
>

export type CreateApi = Partial<Settings> & { identifier: string; permissions?: readonly NewPermission[] }

const dayInSeconds = 86_400
const webLifetimeSeconds = 7_200

/** Creates an API with its permissions. Its name is its identifier unless one is given. @throws taken, invalid */
export const createApi = command<CreateApi, ApiWithPermissions>({
  name: 'create API',
  needs: 'apis:create',
  run: async (tx, input) => {
    const { identifier, permissions = [], tokenLifetimeSeconds = dayInSeconds } = input
    await requireIdentifier(tx, identifier)
    requireApiFields(input)
    requirePermissionNames(permissions)
    const api = await tx.apis.insert({
      id: tx.newId(),
      identifier,
      name: input.name ?? identifier,
      isBuiltIn: false,
      signingAlgorithm: input.signingAlgorithm ?? 'RS256',
      tokenLifetimeSeconds,
      webTokenLifetimeSeconds:
        input.webTokenLifetimeSeconds ?? Math.min(webLifetimeSeconds, tokenLifetimeSeconds),
      allowsOfflineAccess: input.allowsOfflineAccess ?? false,
      ...(input.enforcesPermissions !== undefined && { enforcesPermissions: input.enforcesPermissions }),
      ...(input.tokenDialect !== undefined && { tokenDialect: input.tokenDialect }),
      createdAt: tx.now(),
      updatedAt: tx.now(),
      extensions: input.extensions ?? {},
    })
    for (const { name, description = '' } of permissions)
      await tx.permissions.add({ apiId: api.id, name, description })
    await tx.emit({ type: 'api.created', target: { kind: 'api', id: api.id }, data: { identifier } })
    return { ...api, permissions: await permissionsOfApi(tx, api.id) }
  },
})
