import type { Extensions, JsonObject } from '../json.ts'
import { command } from '../operation.ts'
import { DomainError } from '../refusals.ts'
import { addConnection, type ConnectionSettings } from './connections.ts'
import type { Organization } from './organization.ts'
import { requireDisplayName, requireOrganizationName } from './rules.ts'

export type CreateOrganization = {
  /** An id to keep, from where the organization comes from; a new one otherwise. */
  id?: string
  name: string
  /** Default: the name. */
  displayName?: string
  metadata?: JsonObject
  extensions?: Extensions
  /** Ways to sign in that its members may use. */
  connections?: readonly ({ connectionId: string } & ConnectionSettings)[]
}

/** Creates an organization without members. @throws taken, invalid, not_found for a connection */
export const createOrganization = command<CreateOrganization, Organization>({
  name: 'create organization',
  needs: 'organizations:create',
  run: async (
    tx,
    { name, displayName, metadata = {}, extensions = {}, connections = [], id = tx.newId() },
  ) => {
    await requireOrganizationName(tx, name)
    if (await tx.organizations.find(id)) {
      throw new DomainError({ code: 'taken', kind: 'organization', field: 'id', value: id })
    }
    const organization = await tx.organizations.insert({
      id,
      name,
      displayName: requireDisplayName(displayName ?? name),
      metadata,
      createdAt: tx.now(),
      updatedAt: tx.now(),
      extensions,
    })
    await tx.emit({ type: 'organization.created', target: { kind: 'organization', id }, data: { name } })
    for (const { connectionId, ...settings } of connections)
      await addConnection(tx, id, connectionId, settings)
    return organization
  },
})
