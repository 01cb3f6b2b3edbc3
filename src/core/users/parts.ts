import type { ShownEntry } from '../entries/entry.ts'
import { entriesOf } from '../entries/read.ts'
import { every, type Listing, type Page } from '../listing.ts'
import { query } from '../operation.ts'
import { findRef, type Ref } from '../ref.ts'
import { type JoinedAssignment, joinedAssignments } from '../roles/assignment-rows.ts'
import { administratorRoleId } from '../roles/role.ts'
import { workspace } from '../scope.ts'
import type { Reader } from '../store.ts'
import { isAdministrator, type UserGroup } from './group.ts'
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
    ? await joinedAssignments(reader, 'user', ids, users)
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
  group: UserGroup
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

export type ReadUserOfGroup = { ref: Ref; group: UserGroup; parts?: readonly Part[] }

/** Undefined when there is no such user in the group. */
export const readUserOfGroup = query<ReadUserOfGroup, UserWithParts | undefined>({
  name: 'read user of group',
  needs: 'users:read',
  run: async (reader, { ref, group, parts = [] }) => {
    const user = await findRef(reader.users, ref)
    if (!user || (await isAdministrator(reader, user.id)) !== (group === 'administrators')) return undefined
    return (await withUserParts(reader, [user], parts))[0]
  },
})
