import { changesTo } from '../changes.ts'
import { command } from '../operation.ts'
import type { Organization } from './organization.ts'
import {
  organizationScope,
  requireDisplayName,
  requireOrganization,
  requireOrganizationName,
} from './rules.ts'

const changeable = ['name', 'displayName', 'metadata', 'extensions'] as const

export type UpdateOrganization = {
  organizationId: string
  /** Metadata is replaced whole. */
  changes: Partial<Pick<Organization, (typeof changeable)[number]>>
}

/** @throws not_found, taken, invalid */
export const updateOrganization = command<UpdateOrganization, Organization>({
  name: 'update organization',
  needs: 'organizations:update',
  scope: ({ organizationId }) => organizationScope(organizationId),
  run: async (tx, { organizationId: id, changes: given }) => {
    const organization = await requireOrganization(tx, id)
    const displayName = requireDisplayName(given.displayName ?? organization.displayName)
    const changes = changesTo(organization, { ...given, displayName }, changeable)
    if (Object.keys(changes).length === 0) return organization
    if (changes.name !== undefined) await requireOrganizationName(tx, changes.name)
    const written = { ...changes, updatedAt: tx.now() }
    await tx.organizations.update(id, written)
    const target = { kind: 'organization', id } as const
    await tx.emit({ type: 'organization.updated', target, data: { changed: Object.keys(changes) } })
    return { ...organization, ...written }
  },
})
