import { changesTo } from '../changes.ts'
import { command } from '../operation.ts'
import type { Tx } from '../store.ts'
import type { Api, ApiWithPermissions } from './api.ts'
import {
  dropPermission,
  findChangeableApi,
  type NewPermission,
  permissionsOfApi,
  requireApiFields,
  requirePermissionNames,
} from './rules.ts'

const clearable = ['enforcesPermissions', 'tokenDialect'] as const
const changeable = [
  'name',
  'signingAlgorithm',
  'tokenLifetimeSeconds',
  'webTokenLifetimeSeconds',
  'allowsOfflineAccess',
  ...clearable,
  'extensions',
] as const

export type UpdateApi = {
  /** Its id or its identifier. */
  api: string
  /** An undefined `enforcesPermissions` or `tokenDialect` goes back to undecided. */
  changes?: { [Field in (typeof changeable)[number]]?: Api[Field] | undefined }
  /** All the permissions it shall have: those left out vanish from every role, user and client grant. */
  permissions?: readonly NewPermission[]
}

/** Changes an API; its identifier stays. @throws not_found, built_in, invalid */
export const updateApi = command<UpdateApi, ApiWithPermissions>({
  name: 'update API',
  needs: 'apis:update',
  run: async (tx, { api: idOrIdentifier, changes: given = {}, permissions }) => {
    const api = await findChangeableApi(tx, idOrIdentifier)
    const changes = changesTo(api, given, changeable, clearable)
    requireApiFields(changes)
    const turnover = permissions && (await replacePermissions(tx, api.id, permissions))
    const changed = [...Object.keys(changes), ...(turnover ? ['permissions'] : [])]
    const written = { ...changes, updatedAt: tx.now() }
    if (changed.length > 0) {
      await tx.apis.update(api.id, written)
      await tx.emit({
        type: 'api.updated',
        target: { kind: 'api', id: api.id },
        data: { changed, ...turnover },
      })
    }
    const updated = changed.length > 0 ? { ...api, ...written } : api
    return { ...updated, permissions: await permissionsOfApi(tx, api.id) }
  },
})

type Turnover = { added: string[]; removed: string[] }

/** Undefined when the list says what is there already. @throws invalid */
const replacePermissions = async (
  tx: Tx,
  apiId: string,
  wanted: readonly NewPermission[],
): Promise<Turnover | undefined> => {
  requirePermissionNames(wanted)
  const before = new Map((await permissionsOfApi(tx, apiId)).map((each) => [each.name, each.description]))
  const names = new Set(wanted.map(({ name }) => name))
  const removed = [...before.keys()].filter((name) => !names.has(name))
  for (const name of removed) await dropPermission(tx, apiId, name)
  const added: string[] = []
  let described = 0
  for (const { name, description = '' } of wanted) {
    if (!before.has(name)) {
      await tx.permissions.add({ apiId, name, description })
      added.push(name)
    } else if (before.get(name) !== description) {
      await tx.permissions.describe({ apiId, name }, description)
      described += 1
    }
  }
  return added.length + removed.length + described > 0 ? { added, removed } : undefined
}
