import type { ShownEntry } from '../entries/entry.ts'
import { entriesOf } from '../entries/read.ts'
import { every, type Listing, type Page } from '../listing.ts'
import { query } from '../operation.ts'
import { type JoinedAssignment, joinedAssignments } from '../roles/assignment-rows.ts'
import { administratorRoleId } from '../roles/role.ts'
import { workspace } from '../scope.ts'
import type { Reader } from '../store.ts'
import { assignedUntil, type User } from './user.ts'

/** What may be read along with users, roles and applications. */
export type Part = 'assignments' | 'lookups' | 'customs' | 'stamps'

export type UserParts = {
  assignments?: readonly JoinedAssignment[]
  lookups?: readonly ShownEntry[]
  customs?: readonly ShownEntry[]
}

export type UserWithParts = { user: User; parts: UserParts }

type PartsReader = Pick<Reader, 'now' | 'users' | 'roles' | 'applications' | 'assignments' | 'entries'>

export const withUserParts = async (
  reader: PartsReader,
  users: readonly User[],
  wanted: readonly Part[],
): Promise<UserWithParts[]> => {
  const ids = users.map(({ id }) => id)
  const owners = ids.map((id) => `user:${id}` as const)
  const assignments = wanted.includes('assignments')
    ? await joinedAssignments(reader, 'user', ids)
    : undefined
  const lookups = wanted.includes('lookups') ? await entriesOf(reader, 'lookup', owners) : undefined
  const customs = wanted.includes('customs') ? await entriesOf(reader, 'custom', owners) : undefined
  return users.map((user) => {
    const own = (entries: readonly ShownEntry[]) => entries.filter(({ owner }) => owner === `user:${user.id}`)
    return {
      user,
      parts: {
        ...(assignments && { assignments: assignments.get(user.id) ?? [] }),
        ...(lookups && { lookups: own(lookups) }),
        ...(customs && { customs: own(customs) }),
      },
    }
  })
}

export type ListUsersOfGroup = {
  /** Those who hold `admin` in the workspace, or all others. */
  group: 'administrators' | 'others'
  listing: Listing
  parts?: readonly Part[]
}

/** Fields: as of `listUsers`. @throws invalid_cursor, unknown_field */
export const listUsersOfGroup = query<ListUsersOfGroup, Page<UserWithParts>>({
  name: 'list users of group',
  needs: 'users:read',
  run: async (reader, { group, listing, parts = [] }) => {
    const held = {
      field: assignedUntil({ roleId: administratorRoleId, scope: workspace }),
      is: 'more' as const,
      value: reader.now(),
    }
    const filter = every(listing.filter, group === 'administrators' ? held : { not: held })
    const page = await reader.users.list({ ...listing, ...(filter && { filter }) })
    return { ...page, items: await withUserParts(reader, page.items, parts) }
  },
})
