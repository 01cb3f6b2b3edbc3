import type { Actor } from '../actor.ts'
import { hidden, maySee } from '../members.ts'
import { DomainError, found } from '../refusals.ts'
import { scopeOf } from '../scope.ts'
import type { Reader } from '../store.ts'
import type { Organization } from './organization.ts'

export const organizationScope = (organizationId: string) =>
  scopeOf('organization', organizationId) as `organization:${string}`

/** Names stand in addresses and tokens, so that they keep to what every one of them can spell. @throws invalid, taken */
export const requireOrganizationName = async (
  { organizations }: Pick<Reader, 'organizations'>,
  name: string,
): Promise<void> => {
  if (!/^[a-z0-9_-]{1,50}$/u.test(name)) {
    const reason =
      'The name of an organization has 1 to 50 lower case letters, digits, hyphens and underscores.'
    throw new DomainError({ code: 'invalid', field: 'name', reason })
  }
  if (await organizations.findBy({ name })) {
    throw new DomainError({ code: 'taken', kind: 'organization', field: 'name', value: name })
  }
}

/** As it is stored. @throws invalid */
export const requireDisplayName = (displayName: string): string => {
  const trimmed = displayName.trim()
  if (trimmed === '' || trimmed.length > 255) {
    const reason = 'The display name of an organization has 1 to 255 characters.'
    throw new DomainError({ code: 'invalid', field: 'displayName', reason })
  }
  return trimmed
}

export const requireOrganization = async (
  { organizations }: Pick<Reader, 'organizations'>,
  organizationId: string,
): Promise<Organization> => found(await organizations.find(organizationId), 'organization', organizationId)

/** The organization, if the actor may know of it. `id` is what he asked by. @throws not_found */
export const requireVisible = async (
  reader: Reader,
  actor: Actor,
  organization: Organization | undefined,
  id: string,
): Promise<Organization> => {
  const visible =
    organization && (await maySee(reader, actor, 'organizations:read', organizationScope(organization.id)))
  if (!visible) throw hidden('organization', id)
  return organization
}
