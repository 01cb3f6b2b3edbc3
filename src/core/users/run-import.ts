import { type Actor, systemActor } from '../actor.ts'
import { finishJob } from '../jobs/finish.ts'
import type { Run } from '../operation.ts'
import { DomainError } from '../refusals.ts'
import { type ImportCounts, type ImportRecord, type ImportUsers, importUsers } from './import.ts'

export type ImportWork = Pick<ImportUsers, 'connectionId' | 'updatesExisting' | 'word'> & {
  jobId: string
  /** How many records there are in all. */
  total: number
  /** At most a hundred records or so each: a batch is one transaction, and others wait for it. */
  batches: Iterable<readonly ImportRecord[]> | AsyncIterable<readonly ImportRecord[]>
}

/**
 * Does an import that `startUsersImport` noted, and ends its job. The actor's rights are looked up for each batch; when
 * he loses them, or the signal says stop, the job fails and keeps what it has stored.
 */
export const runUsersImport = async (
  run: Run,
  { jobId, total, batches, ...place }: ImportWork,
  actor: Actor,
  signal: AbortSignal,
): Promise<void> => {
  const counts: ImportCounts = { inserted: 0, updated: 0, failed: 0 }
  const finish = async (status: 'completed' | 'failed') => {
    const summary = { ...counts, total }
    await run(finishJob, { jobId, status, summary }, systemActor(actor.door))
  }
  try {
    for await (const records of batches) {
      if (signal.aborted) return await finish('failed')
      const { inserted, updated, failed } = await run(
        importUsers,
        { ...place, records, job: { id: jobId, total } },
        actor,
      )
      counts.inserted += inserted
      counts.updated += updated
      counts.failed += failed
    }
  } catch (error) {
    await finish('failed')
    // A refusal of the whole batch is the end of the job; anything else is a fault of ours that must be heard of.
    if (error instanceof DomainError) return
    throw error
  }
  await finish('completed')
}
