import type { Reader } from '../store.ts'
import type { Assignment, Source } from './assignment.ts'

/** What people call the things that gave roles, by their ids; those that are gone have no name any more. */
export const sourceNames = async (
  reader: Pick<Reader, 'rules' | 'applications' | 'invitations' | 'roleRequests'>,
  assignments: readonly Pick<Assignment, 'source' | 'sourceId'>[],
): Promise<Map<string, string>> => {
  const idsOf = (...sources: readonly Source[]) => [
    ...new Set(
      assignments.flatMap(({ source, sourceId }) => (sources.includes(source) ? (sourceId ?? []) : [])),
    ),
  ]
  const names = new Map<string, string>()
  for (const { id, name } of await reader.rules.findMany(idsOf('rule'))) names.set(id, name)
  const applications = await reader.applications.findMany(idsOf('default', 'selection'))
  for (const { id, name } of applications) names.set(id, name)
  for (const { id, inviterName } of await reader.invitations.findMany(idsOf('invitation'))) {
    names.set(id, `from ${inviterName}`)
  }
  for (const { id, reason } of await reader.roleRequests.findMany(idsOf('request'))) {
    if (reason !== undefined) names.set(id, `“${reason}”`)
  }
  return names
}
