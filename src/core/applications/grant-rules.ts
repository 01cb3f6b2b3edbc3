import type { Actor } from '../actor.ts'
import { builtInApiIds } from '../apis/built-in.ts'
import { equal } from '../listing.ts'
import { allPermissions, type Permission } from '../permissions.ts'
import { firstMissing, powersOf, requireHeld } from '../rights.ts'
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

type RightsReader = Pick<Reader, 'now' | 'applications' | 'clientGrants' | 'permissions'>

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
    limit: Number.MAX_SAFE_INTEGER - 1,
  })
  const powers = new Map<string, Set<Permission>>()
  for (const grant of items) {
    const { applicationId } = grant
    powers.set(applicationId, (powers.get(applicationId) ?? new Set()).union(powersOfGrant(grant)))
  }
  return powers
}

/** The one way a client grant goes. */
export const dropGrant = async (tx: Tx, grant: ClientGrant): Promise<void> => {
  const { id, applicationId, apiId } = grant
  await tx.clientGrants.remove(id)
  const target = { kind: 'client_grant', id } as const
  await tx.emit({ type: 'client-grant.deleted', target, data: { applicationId, apiId } })
}
