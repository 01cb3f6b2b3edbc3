import type { Actor } from '../actor.ts'
import type { ExportInput } from '../jobs/start.ts'
import { equal, type Filter } from '../listing.ts'
import type { Run } from '../operation.ts'
import { listUsers, type UserWithIdentities } from './read.ts'

const pageSize = 100

/**
 * Reads the users of an export page by page, oldest first, with the rights of who started it, looked up for each page.
 * @throws forbidden when he may not see users any more
 */
export async function* exportUsers(
  run: Run,
  { connectionId, connectionName, limit = Number.POSITIVE_INFINITY, startedBy }: ExportInput,
): AsyncGenerator<UserWithIdentities[]> {
  const filter = filterOf(connectionId, connectionName)
  const actor: Actor = startedBy
  let left = limit
  let after: string | undefined
  do {
    const listing = { ...filter, limit: Math.min(left, pageSize), ...(after !== undefined && { after }) }
    const { items, next } = await run(listUsers, { listing }, actor)
    yield items
    left -= items.length
    after = next
  } while (after !== undefined && left > 0)
}

/** Whose password a connection has, or whom its provider knows. */
const filterOf = (
  connectionId: string | undefined,
  connectionName: string | undefined,
): { filter?: Filter } => {
  if (connectionId === undefined || connectionName === undefined) return {}
  return {
    filter: {
      any: [equal('connectionId', connectionId), equal('identities.connectionName', connectionName)],
    },
  }
}
