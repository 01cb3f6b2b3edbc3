import { command } from '../operation.ts'
import type { ApiPermission } from './api.ts'
import { dropPermission, findChangeableApi, requirePermissionNames } from './rules.ts'

export type AddApiPermission = { api: string; name: string; description?: string }

/**
 * Adds a permission to an API, or describes it anew. Repeating it changes nothing and emits nothing.
 * @throws not_found, built_in, invalid
 */
export const addApiPermission = command<AddApiPermission, ApiPermission>({
  name: 'add API permission',
  needs: 'apis:update',
  run: async (tx, { api: idOrIdentifier, name, description }) => {
    const { id: apiId } = await findChangeableApi(tx, idOrIdentifier)
    requirePermissionNames([{ name }])
    const key = { apiId, name }
    const there = await tx.permissions.find(key)
    if (there && (description === undefined || description === there.description)) return there
    if (there) await tx.permissions.describe(key, description!)
    else await tx.permissions.add({ ...key, description: description ?? '' })
    await tx.apis.update(apiId, { updatedAt: tx.now() })
    await tx.emit({
      type: 'api.updated',
      target: { kind: 'api', id: apiId },
      data: { changed: ['permissions'], added: there ? [] : [name], removed: [] },
    })
    return (await tx.permissions.find(key))!
  },
})

/**
 * Takes a permission from an API, and so from every role, user and client grant. One that is not there is passed
 * over.
 * @throws not_found for the API, built_in
 */
export const removeApiPermission = command<{ api: string; name: string }, void>({
  name: 'remove API permission',
  needs: 'apis:update',
  run: async (tx, { api: idOrIdentifier, name }) => {
    const { id: apiId } = await findChangeableApi(tx, idOrIdentifier)
    if (!(await tx.permissions.find({ apiId, name }))) return
    await dropPermission(tx, apiId, name)
    await tx.apis.update(apiId, { updatedAt: tx.now() })
    await tx.emit({
      type: 'api.updated',
      target: { kind: 'api', id: apiId },
      data: { changed: ['permissions'], added: [], removed: [name] },
    })
  },
})
