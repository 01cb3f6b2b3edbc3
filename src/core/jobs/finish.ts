import type { JsonObject } from '../json.ts'
import { command } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import type { Job, JobError } from './job.ts'

/**
 * How far a job is, 0 to 100. Only the system does this, which holds every permission. A job that is done stays as it
 * is.
 * @throws not_found, invalid
 */
export const progressJob = command<{ jobId: string; percentage: number }, Job>({
  name: 'progress job',
  needs: 'settings:update',
  run: async (tx, { jobId, percentage }) => {
    const job = found(await tx.jobs.find(jobId), 'job', jobId)
    if (!Number.isInteger(percentage) || percentage < 0 || percentage > 100) {
      const reason = 'A percentage is a whole number from 0 to 100.'
      throw new DomainError({ code: 'invalid', field: 'percentage', reason })
    }
    if (isDone(job)) return job
    const written = { status: 'processing', percentage, updatedAt: tx.now() } as const
    await tx.jobs.update(jobId, written)
    return { ...job, ...written }
  },
})

export type FinishJob = {
  jobId: string
  status: 'completed' | 'failed'
  summary: JsonObject
  errors?: readonly Omit<JobError, 'number' | 'jobId'>[]
}

/** Ends a job, with what came of it. Repeating it changes nothing and emits nothing. @throws not_found */
export const finishJob = command<FinishJob, Job>({
  name: 'finish job',
  needs: 'settings:update',
  run: async (tx, { jobId, status, summary, errors = [] }) => {
    const job = found(await tx.jobs.find(jobId), 'job', jobId)
    if (isDone(job)) return job
    // Statements can hold only so many values.
    for (let at = 0; at < errors.length; at += 500) {
      await tx.jobs.addErrors(errors.slice(at, at + 500).map((error) => ({ ...error, jobId })))
    }
    const written = { status, percentage: 100, summary, updatedAt: tx.now() }
    await tx.jobs.update(jobId, written)
    await tx.emit({
      type: 'job.finished',
      target: { kind: 'job', id: jobId },
      data: { kind: job.kind, status },
    })
    return { ...job, ...written }
  },
})

const isDone = ({ status }: Job): boolean => status === 'completed' || status === 'failed'
