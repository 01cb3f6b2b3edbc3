import type { ShownEntry } from '../entries/entry.ts'
import { entriesOf } from '../entries/read.ts'
import { equal, every, type Listing, type Page } from '../listing.ts'
import { query, type Services } from '../operation.ts'
import { type JoinedAssignment, joinedAssignments } from '../roles/assignment-rows.ts'
import type { Role } from '../roles/role.ts'
import type { Reader } from '../store.ts'
import { showAll } from './read.ts'
import type { ShownApplication } from './show.ts'

export type ApplicationPart = 'assignments' | 'lookups'

export type ApplicationParts = {
  defaultRole?: Role
  assignments?: readonly JoinedAssignment[]
  lookups?: readonly ShownEntry[]
}

export type ApplicationWithParts = { application: ShownApplication; parts: ApplicationParts }

type PartsReader = Pick<Reader, 'now' | 'users' | 'roles' | 'applications' | 'assignments' | 'entries'>

export const withApplicationParts = async (
  reader: PartsReader,
  applications: readonly ShownApplication[],
  wanted: readonly ApplicationPart[],
): Promise<ApplicationWithParts[]> => {
  const ids = applications.map(({ id }) => id)
  const owners = ids.map((id) => `application:${id}` as const)
  const roleIds = [...new Set(applications.flatMap(({ defaultRoleId }) => defaultRoleId ?? []))]
  const roles = new Map((await reader.roles.findMany(roleIds)).map((role) => [role.id, role]))
  const assignments = wanted.includes('assignments')
    ? await joinedAssignments(reader, 'application', ids)
    : undefined
  const lookups = wanted.includes('lookups') ? await entriesOf(reader, 'lookup', owners) : undefined
  return applications.map((application) => {
    const defaultRole = roles.get(application.defaultRoleId ?? '')
    return {
      application,
      parts: {
        ...(defaultRole && { defaultRole }),
        ...(assignments && { assignments: assignments.get(application.id) ?? [] }),
        ...(lookups && {
          lookups: lookups.filter(({ owner }) => owner === `application:${application.id}`),
        }),
      },
    }
  })
}

export type ListApplicationsWithParts = {
  listing: Listing
  parts?: readonly ApplicationPart[]
  /** Also API keys, of those whose secrets the actor may see. */
  withSecrets?: boolean
}

/** Programs only: the one that stands for all of them is left out. @throws invalid_cursor, unknown_field */
export const listApplicationsWithParts = query<ListApplicationsWithParts, Page<ApplicationWithParts>>({
  name: 'list applications with parts',
  needs: 'applications:read',
  run: async (reader, { listing, parts = [], withSecrets }, actor, services: Services) => {
    const filter = every(equal('isGlobal', false), listing.filter)
    const page = await reader.applications.list({ ...listing, ...(filter && { filter }) })
    const shown = await showAll(reader, page.items, withSecrets, actor, services)
    return { ...page, items: await withApplicationParts(reader, shown, parts) }
  },
})
