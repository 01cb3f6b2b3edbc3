import { type ShownApplication, show } from '../applications/show.ts'
import type { ShownEntry } from '../entries/entry.ts'
import { entriesOf } from '../entries/read.ts'
import { equal, every, type Listing, type Page, unlimited } from '../listing.ts'
import { query } from '../operation.ts'
import type { ServiceAccess } from '../service-access/service-access.ts'
import type { Reader } from '../store.ts'
import { type JoinedAssignment, joinedAssignments } from './assignment-rows.ts'
import type { Role } from './role.ts'

export type RolePart = 'access' | 'assignments' | 'lookups' | 'applications'

export type RoleParts = {
  access?: readonly ServiceAccess[]
  assignments?: readonly JoinedAssignment[]
  lookups?: readonly ShownEntry[]
  /** Those whose default role it is. */
  applications?: readonly ShownApplication[]
}

export type RoleWithParts = { role: Role; parts: RoleParts }

type PartsReader = Pick<
  Reader,
  'now' | 'users' | 'roles' | 'applications' | 'assignments' | 'entries' | 'serviceAccess'
>

export const withRoleParts = async (
  reader: PartsReader,
  roles: readonly Role[],
  wanted: readonly RolePart[],
): Promise<RoleWithParts[]> => {
  const ids = roles.map(({ id }) => id)
  const owners = ids.map((id) => `role:${id}` as const)
  const all = { limit: unlimited }
  const access = wanted.includes('access')
    ? (await reader.serviceAccess.list({ filter: { field: 'roleId', in: ids }, ...all })).items
    : undefined
  const assignments = wanted.includes('assignments')
    ? await joinedAssignments(reader, 'role', ids)
    : undefined
  const lookups = wanted.includes('lookups') ? await entriesOf(reader, 'lookup', owners) : undefined
  const applications = wanted.includes('applications')
    ? (await reader.applications.list({ filter: { field: 'defaultRoleId', in: ids }, ...all })).items
    : undefined
  return roles.map((role) => ({
    role,
    parts: {
      ...(access && { access: access.filter(({ roleId }) => roleId === role.id) }),
      ...(assignments && { assignments: assignments.get(role.id) ?? [] }),
      ...(lookups && { lookups: lookups.filter(({ owner }) => owner === `role:${role.id}`) }),
      ...(applications && {
        applications: applications
          .filter(({ defaultRoleId }) => defaultRoleId === role.id)
          .map((application) => show(application)),
      }),
    },
  }))
}

export type ListRolesWithParts = { listing: Listing; withBuiltIns?: boolean; parts?: readonly RolePart[] }

/** Fields: those of `Role`. @throws invalid_cursor, unknown_field */
export const listRolesWithParts = query<ListRolesWithParts, Page<RoleWithParts>>({
  name: 'list roles with parts',
  needs: 'roles:read',
  run: async (reader, { listing, withBuiltIns, parts = [] }) => {
    const filter = withBuiltIns ? listing.filter : every(equal('isBuiltIn', false), listing.filter)
    const page = await reader.roles.list({ ...listing, ...(filter && { filter }) })
    return { ...page, items: await withRoleParts(reader, page.items, parts) }
  },
})
