import { equal, every, type Listing, type Page } from '../listing.ts'
import { placesOf } from '../members.ts'
import { query } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import { mayDo } from '../rights.ts'
import { workspace } from '../scope.ts'
import type { Organization } from './organization.ts'
import { requireVisible } from './rules.ts'

const members = { anyone: 'Members see their organizations; others need organizations:read, or hear of none' }

/** @throws not_found, also for those who may not know of it */
export const getOrganization = query<{ organizationId: string }, Organization>({
  name: 'get organization',
  needs: members,
  run: async (reader, { organizationId }, actor) =>
    requireVisible(reader, actor, await reader.organizations.find(organizationId), organizationId),
})

/** @throws not_found, also for those who may not know of it */
export const getOrganizationByName = query<{ name: string }, Organization>({
  name: 'get organization by name',
  needs: members,
  run: async (reader, { name }, actor) =>
    requireVisible(reader, actor, await reader.organizations.findBy({ name }), name),
})

/**
 * All of them, or those that the actor is a member of. Fields: those of `Organization`, `members.userId`.
 * @throws forbidden for applications without the permission
 */
export const listOrganizations = query<{ listing: Listing }, Page<Organization>>({
  name: 'list organizations',
  needs: members,
  run: async (reader, { listing }, actor) => {
    if (await mayDo(reader, actor, ['organizations:read'], workspace))
      return reader.organizations.list(listing)
    if (actor.kind !== 'user') {
      throw new DomainError({ code: 'forbidden', permission: 'organizations:read', scope: workspace })
    }
    const filter = every(equal('members.userId', actor.id), listing.filter)
    return reader.organizations.list({ ...listing, filter })
  },
})

/** The organizations a user is a member of, by how long he is. The listing's filter and order do not count. @throws not_found */
export const listOrganizationsOfUser = query<{ userId: string; listing: Listing }, Page<Organization>>({
  name: 'list organizations of user',
  needs: 'organizations:read',
  self: ({ userId }) => userId,
  run: async (reader, { userId, listing }) => {
    found(await reader.users.find(userId), 'user', userId)
    const { items, ...page } = await placesOf(reader, userId, 'organization', listing)
    const byId = new Map((await reader.organizations.findMany(items)).map((each) => [each.id, each]))
    return { ...page, items: items.flatMap((id) => byId.get(id) ?? []) }
  },
})
