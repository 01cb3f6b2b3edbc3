import { query } from '../operation.ts'
import type { Organization } from './organization.ts'
import { organizationScope } from './rules.ts'

export type FindOrganizationForSignIn = {
  organization: { organizationId: string } | { name: string }
  /** Who signs in, once that is known. */
  userId?: string
}

/** An organization that people may sign in for; undefined when there is none. */
export const findOrganizationForSignIn = query<
  FindOrganizationForSignIn,
  { organization: Organization; isMember: boolean } | undefined
>({
  name: 'find organization for sign-in',
  needs: 'organizations:read',
  run: async ({ organizations, memberships }, { organization: wanted, userId }) => {
    const organization =
      'name' in wanted
        ? await organizations.findBy({ name: wanted.name })
        : await organizations.find(wanted.organizationId)
    if (!organization) return undefined
    const membership =
      userId === undefined ? undefined : await memberships.find(userId, organizationScope(organization.id))
    return { organization, isMember: membership !== undefined }
  },
})
