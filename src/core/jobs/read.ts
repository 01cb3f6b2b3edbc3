import type { Actor } from '../actor.ts'
import type { Listing, Page } from '../listing.ts'
import { query } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import { mayDo } from '../rights.ts'
import { workspace } from '../scope.ts'
import type { Reader } from '../store.ts'
import type { Job, JobError } from './job.ts'
import { jobPermissions } from './start.ts'

const anyOfThem = ['users:read', 'users:create', 'users:update'] as const

/** @throws not_found, also for the job of a kind that the actor has no business with */
export const getJob = query<{ jobId: string }, Job>({
  name: 'get job',
  needs: anyOfThem,
  run: (reader, { jobId }, actor) => findJob(reader, jobId, actor),
})

/** Fields: `code`, `message`, `path`, paths into `item`. @throws not_found, invalid_cursor, unknown_field */
export const listJobErrors = query<{ jobId: string; listing: Listing }, Page<JobError>>({
  name: 'list job errors',
  needs: anyOfThem,
  run: async (reader, { jobId, listing }, actor) => {
    await findJob(reader, jobId, actor)
    return reader.jobs.errors(jobId, listing)
  },
})

/** Fields: those of `Job`. @throws invalid_cursor, unknown_field */
export const listJobs = query<{ listing: Listing }, Page<Job>>({
  name: 'list jobs',
  needs: 'users:read',
  run: ({ jobs }, { listing }) => jobs.list(listing),
})

/** What a job tells, it tells about users: to those who may see them, and to those who could have started it. */
const findJob = async (reader: Reader, jobId: string, actor: Actor): Promise<Job> => {
  const job = found(await reader.jobs.find(jobId), 'job', jobId)
  if (await mayDo(reader, actor, ['users:read', jobPermissions[job.kind]], workspace)) return job
  throw new DomainError({ code: 'not_found', kind: 'job', id: jobId })
}
