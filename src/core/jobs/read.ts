import type { Actor } from '../actor.ts'
import type { Listing, Page } from '../listing.ts'
import { query } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import { mayDo } from '../rights.ts'
import { workspace } from '../scope.ts'
import type { Reader } from '../store.ts'
import { newDownloadLink } from './download.ts'
import type { Job, JobError } from './job.ts'
import { jobPermissions } from './start.ts'

const anyOfThem = ['users:read', 'users:create', 'users:update'] as const

/** A job; of an export that is done, with a fresh secret for a link to it. */
export type ShownJob = Job & { downloadLink?: string }

/** @throws not_found, also for the job of a kind that the actor has no business with */
export const getJob = query<{ jobId: string }, ShownJob>({
  name: 'get job',
  needs: anyOfThem,
  run: async (reader, { jobId }, actor, services) => {
    const job = await findJob(reader, jobId, actor)
    if (job.kind !== 'users-export' || job.status !== 'completed') return job
    return { ...job, downloadLink: newDownloadLink(services, jobId, reader.now()) }
  },
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
