import type { Api } from '../apis/api.ts'
import { equal, firstOf } from '../listing.ts'
import { query } from '../operation.ts'
import type { Reader } from '../store.ts'
import type { Application, ClientGrant } from './application.ts'

/** An application that may ask for tokens, with its sealed secret; undefined when there is no such, or it is off. */
export const readTokenClient = query<{ applicationId: string }, Application | undefined>({
  name: 'read token client',
  needs: 'applications:read-secrets',
  run: async ({ applications }, { applicationId }) => {
    const application = await applications.find(applicationId)
    // The one that stands for all of them is no program that could ask.
    return application?.isActive && !application.isGlobal ? application : undefined
  },
})

export type MachineGrant = {
  api: Api
  /** What the application may ask for by itself; undefined when it may not call this API at all. */
  permissions?: readonly string[]
}

export type ReadMachineGrant = { applicationId: string; api: { id: string } | { identifier: string } }

/** What an application may get into a token for an API; undefined when there is no such API. */
export const readMachineGrant = query<ReadMachineGrant, MachineGrant | undefined>({
  name: 'read machine grant',
  needs: 'client-grants:read',
  run: async (reader, { applicationId, api: wanted }) => {
    const api = await reader.apis.findBy(wanted)
    if (!api) return undefined
    const grant = await reader.clientGrants.findBy({ applicationId, apiId: api.id, subjectType: 'client' })
    return { api, ...(grant && { permissions: await permissionsOf(reader, grant) }) }
  },
})

/** More than the permissions any API is allowed to have. */
const limit = 10_000

const permissionsOf = async (reader: Reader, grant: ClientGrant): Promise<readonly string[]> => {
  if (!grant.allowsAll) return grant.permissions
  const all = await reader.permissions.list(firstOf(limit, equal('apiId', grant.apiId)))
  return all.items.map(({ name }) => name)
}
