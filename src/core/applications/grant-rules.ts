import type { Actor } from '../actor.ts'
import type { Api } from '../apis/api.ts'
import { builtInApiIds } from '../apis/built-in.ts'
import { findApi } from '../apis/rules.ts'
import { equal, unlimited } from '../listing.ts'
import { allPermissions, type Permission } from '../permissions.ts'
import { DomainError } from '../refusals.ts'
import { firstMissing, powersOf, type RightsReader, requireHeld } from '../rights.ts'
import { workspace } from '../scope.ts'
import type { Reader, Tx } from '../store.ts'
import type { ClientGrant } from './application.ts'

type Reach = Pick<ClientGrant, 'apiId' | 'permissions' | 'allowsAll'>

/**
 * What a client grant lets its application do in Rolecall itself. One that allows everything of a built-in API also
 * allows what a later version adds to it, so that only who may do everything can give it out.
 */
export const powersOfGrant = ({ apiId, permissions, allowsAll }: Reach): Set<Permission> => {
  if (allowsAll) return new Set(builtInApiIds.includes(apiId) ? allPermissions : [])
  return powersOf(permissions.map((name) => ({ apiId, name })))
}

/**
 * Refuses unless the actor may do whatever the application may do by itself: whoever knows its secret, or weakens how
 * it proves who it is, can act as it.
 * @throws cannot_grant
 */
export const requireMayActAsApplication = async (
  reader: RightsReader,
  actor: Actor,
  applicationId: string,
): Promise<void> =>
  requireHeld(
    reader,
    actor,
    (await powersOfApplications(reader, [applicationId])).get(applicationId) ?? [],
    workspace,
  )

/** Those of the applications that the actor may act as. */
export const applicationsToActAs = async (
  reader: RightsReader,
  actor: Actor,
  applicationIds: readonly string[],
): Promise<Set<string>> => {
  const powers = await powersOfApplications(reader, applicationIds)
  const allowed = new Set<string>()
  for (const id of applicationIds) {
    const missing = await firstMissing(reader, actor, powers.get(id) ?? [], workspace)
    if (missing === undefined) allowed.add(id)
  }
  return allowed
}

const powersOfApplications = async (
  { clientGrants }: Pick<Reader, 'clientGrants'>,
  applicationIds: readonly string[],
): Promise<Map<string, Set<Permission>>> => {
  const { items } = await clientGrants.list({
    filter: { all: [{ field: 'applicationId', in: applicationIds }, equal('subjectType', 'client')] },
    limit: unlimited,
  })
  const powers = new Map<string, Set<Permission>>()
  for (const grant of items) {
    const { applicationId } = grant
    powers.set(applicationId, (powers.get(applicationId) ?? new Set()).union(powersOfGrant(grant)))
  }
  return powers
}

export type NewGrant = {
  /** Id or identifier. */
  api: string
  permissions?: readonly string[]
  allowsAll?: boolean
  subjectType?: ClientGrant['subjectType']
  extensions?: ClientGrant['extensions']
}

/**
 * The one way a client grant comes into being.
 * @throws not_found for the API, unknown_permission, taken, cannot_grant for what the actor does not hold himself
 */
export const addGrant = async (
  tx: Tx,
  actor: Actor,
  applicationId: string,
  { allowsAll = false, subjectType = 'client', ...given }: NewGrant,
): Promise<{ grant: ClientGrant; api: Api }> => {
  const api = await findApi(tx, given.api)
  const permissions = await requireNames(tx, api.id, given.permissions ?? [])
  await requireHeld(tx, actor, powersOfGrant({ apiId: api.id, permissions, allowsAll }), workspace)
  if (await tx.clientGrants.findBy({ applicationId, apiId: api.id, subjectType })) {
    throw new DomainError({ code: 'taken', kind: 'client_grant', field: 'apiId', value: api.id })
  }
  const grant = await tx.clientGrants.insert({
    id: tx.newId(),
    applicationId,
    apiId: api.id,
    permissions,
    allowsAll,
    subjectType,
    createdAt: tx.now(),
    updatedAt: tx.now(),
    extensions: given.extensions ?? {},
  })
  await tx.emit({
    type: 'client-grant.created',
    target: { kind: 'client_grant', id: grant.id },
    data: { applicationId, apiId: api.id, permissions, allowsAll, subjectType },
  })
  return { grant, api }
}

/** Each name once. @throws unknown_permission */
export const requireNames = async (
  { permissions }: Pick<Reader, 'permissions'>,
  apiId: string,
  names: readonly string[],
): Promise<string[]> => {
  const unique = [...new Set(names)]
  for (const name of unique) {
    if (!(await permissions.find({ apiId, name }))) {
      throw new DomainError({ code: 'unknown_permission', apiId, name })
    }
  }
  return unique
}

/** The one way a client grant goes. */
export const dropGrant = async (tx: Tx, grant: ClientGrant): Promise<void> => {
  const { id, applicationId, apiId } = grant
  await tx.clientGrants.remove(id)
  const target = { kind: 'client_grant', id } as const
  await tx.emit({ type: 'client-grant.deleted', target, data: { applicationId, apiId } })
}
