import { dropGrant } from '../applications/grant-rules.ts'
import { equal, unlimited } from '../listing.ts'
import { command } from '../operation.ts'
import { dropPermission, findChangeableApi, permissionsOfApi } from './rules.ts'

/**
 * Deletes an API, by its id or identifier, with its permissions wherever they were given and its client grants.
 * @throws not_found, built_in
 */
export const deleteApi = command<{ api: string }, void>({
  name: 'delete API',
  needs: 'apis:delete',
  run: async (tx, { api: idOrIdentifier }) => {
    const { id, identifier } = await findChangeableApi(tx, idOrIdentifier)
    const grants = await tx.clientGrants.list({
      filter: equal('apiId', id),
      limit: unlimited,
    })
    for (const grant of grants.items) await dropGrant(tx, grant)
    for (const { name } of await permissionsOfApi(tx, id)) await dropPermission(tx, id, name)
    await tx.apis.remove(id)
    await tx.emit({ type: 'api.deleted', target: { kind: 'api', id }, data: { identifier } })
  },
})
