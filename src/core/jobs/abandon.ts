import { equal, unlimited } from '../listing.ts'
import { command } from '../operation.ts'

export type FailAbandonedJobs = {
  /** How long nobody has touched a job that is under way, or one that waits, until nobody will any more. */
  processingSeconds: number
  pendingSeconds: number
}

/**
 * Ends imports whose process has gone: what they were given is gone with it. What they stored stays, and is counted in
 * their summary.
 * @returns how many
 */
export const failAbandonedJobs = command<FailAbandonedJobs, number>({
  name: 'fail abandoned jobs',
  needs: 'settings:update',
  run: async (tx, { processingSeconds, pendingSeconds }) => {
    const untouched = (status: 'processing' | 'pending', seconds: number) => ({
      all: [
        equal('status', status),
        { field: 'updatedAt', is: 'atMost' as const, value: tx.now() - seconds * 1000 },
      ],
    })
    const filter = {
      all: [
        // A verification e-mail waits for whoever sends mail, which outlives a process.
        equal('kind', 'users-import'),
        { any: [untouched('processing', processingSeconds), untouched('pending', pendingSeconds)] },
      ],
    }
    const jobs = await tx.jobs.list({ filter, limit: unlimited })
    const items = jobs.items.filter(({ input }) => input.isResumable !== true)
    for (const { id, kind } of items) {
      const status = 'failed' as const
      await tx.jobs.update(id, { status, percentage: 100, updatedAt: tx.now() })
      await tx.emit({ type: 'job.finished', target: { kind: 'job', id }, data: { kind, status } })
    }
    return items.length
  },
})
