import { query } from '../operation.ts'
import type { EntryOwner } from './entry.ts'
import { entriesOf } from './read.ts'

export type LookupsFor = { userId?: string; roleId?: string; applicationId?: string }

/**
 * What lookups say for somebody, by name: his own before those of his role, of the application and of the workspace.
 * Private ones are left out, since whoever filters by a value can find it out.
 */
export const readLookups = query<LookupsFor, Record<string, string>>({
  name: 'read lookups',
  needs: { anyone: 'The door has made sure who asks, and fills in what is meant for him.' },
  run: async (reader, { userId, roleId, applicationId }) => {
    const owners: EntryOwner[] = ['workspace']
    if (applicationId !== undefined) owners.push(`application:${applicationId}`)
    if (roleId !== undefined) owners.push(`role:${roleId}`)
    if (userId !== undefined) owners.push(`user:${userId}`)
    const entries = await entriesOf(reader, 'lookup', owners)
    const shown = entries.filter(({ isSealed, data }) => !isSealed && data.private !== true)
    const values = owners.flatMap((owner) =>
      shown.filter((entry) => entry.owner === owner).map(({ name, data }) => [name, textOf(data.value)]),
    )
    return Object.fromEntries(values)
  },
})

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value)
