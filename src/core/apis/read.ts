import { equal, every, type Listing, type Page, unlimited } from '../listing.ts'
import { query } from '../operation.ts'
import type { Api, ApiPermission, ApiWithPermissions } from './api.ts'
import { findApi, permissionsOfApi } from './rules.ts'

/** By its id or its identifier. @throws not_found */
export const getApi = query<{ api: string }, ApiWithPermissions>({
  name: 'get API',
  needs: 'apis:read',
  run: async (reader, { api: idOrIdentifier }) => {
    const api = await findApi(reader, idOrIdentifier)
    return { ...api, permissions: await permissionsOfApi(reader, api.id) }
  },
})

/** Each with its permissions. Fields: those of `Api`. @throws invalid_cursor, unknown_field */
export const listApis = query<{ listing: Listing }, Page<ApiWithPermissions>>({
  name: 'list APIs',
  needs: 'apis:read',
  run: async ({ apis, permissions }, { listing }) => {
    const page = await apis.list(listing)
    const ofThese = { field: 'apiId', in: page.items.map(({ id }) => id) }
    const { items } = await permissions.list({ filter: ofThese, limit: unlimited })
    const byApi = Map.groupBy(items, ({ apiId }) => apiId)
    return { ...page, items: page.items.map((api) => attach(api, byApi.get(api.id))) }
  },
})

const attach = (api: Api, permissions: ApiPermission[] = []): ApiWithPermissions => ({ ...api, permissions })

/** The permissions of one API, page by page. Fields: `name`, `description`. @throws not_found, unknown_field */
export const listApiPermissions = query<{ api: string; listing: Listing }, Page<ApiPermission>>({
  name: 'list API permissions',
  needs: 'apis:read',
  run: async (reader, { api: idOrIdentifier, listing }) => {
    const { id } = await findApi(reader, idOrIdentifier)
    return reader.permissions.list({ ...listing, filter: every(equal('apiId', id), listing.filter) })
  },
})
