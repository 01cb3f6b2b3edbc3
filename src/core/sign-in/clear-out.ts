import type { Filter } from '../listing.ts'
import { command } from '../operation.ts'
import type { Tx } from '../store.ts'

/** How many rows of a kind one call takes: a transaction that others wait for stays short. */
const batchSize = 500

const dayInMilliseconds = 86_400_000

/**
 * Removes sessions, tickets and challenges that expired, and failures that no longer count, some at a time. Nothing
 * depends on it but the space they take.
 * @returns whether there may be more
 */
export const clearOutSignIns = command<Record<never, never>, boolean>({
  name: 'clear out sign-ins',
  needs: 'sessions:delete',
  run: async (tx) => {
    const expired: Filter = { field: 'expiresAt', is: 'atMost', value: tx.now() }
    const past: Filter = { field: 'since', is: 'less', value: tx.now() - dayInMilliseconds }
    const more = [
      await removeSome(tx.sessions, expired),
      await removeSome(tx.tickets, expired),
      await removeSome(tx.passkeyChallenges, expired),
      await removeSome(tx.failedAttempts, past),
    ]
    return more.includes(true)
  },
})

type Rows = Pick<Tx['sessions' | 'tickets' | 'passkeyChallenges' | 'failedAttempts'], 'list' | 'remove'>

const removeSome = async (rows: Rows, filter: Filter): Promise<boolean> => {
  const { items, next } = await rows.list({ filter, limit: batchSize })
  for (const { id } of items) await rows.remove(id)
  return next !== undefined
}
