import type { Filter } from '../listing.ts'
import { command } from '../operation.ts'

/** How many rows of a kind one call takes: a transaction that others wait for stays short. */
const batchSize = 500

const dayInMilliseconds = 86_400_000

/**
 * Removes sessions that expired and failures that no longer count, some at a time. Nothing depends on it but the space
 * they take.
 * @returns whether there may be more
 */
export const clearOutSignIns = command<Record<never, never>, boolean>({
  name: 'clear out sign-ins',
  needs: 'sessions:delete',
  run: async (tx) => {
    const expired: Filter = { field: 'expiresAt', is: 'atMost', value: tx.now() }
    const sessions = await tx.sessions.list({ filter: expired, limit: batchSize })
    for (const { id } of sessions.items) await tx.sessions.remove(id)
    const past: Filter = { field: 'since', is: 'less', value: tx.now() - dayInMilliseconds }
    const failures = await tx.failedAttempts.list({ filter: past, limit: batchSize })
    for (const { id } of failures.items) await tx.failedAttempts.remove(id)
    return sessions.next !== undefined || failures.next !== undefined
  },
})
