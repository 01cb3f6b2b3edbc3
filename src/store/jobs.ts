import type { Kysely } from 'kysely'
import type { Job, JobError } from '#core/jobs/job.ts'
import { equal, every } from '#core/listing.ts'
import type { Collection, JobReads, JobWrites } from '#core/store.ts'
import { jobTable } from './collections.ts'
import type { Engine } from './engines/engine.ts'
import { createLister } from './lister.ts'
import { createCollection, type Table } from './table.ts'
import type { Tables } from './tables.ts'

const jobErrorTable: Table<JobError> = {
  name: 'job_errors',
  columns: { number: 'integer', jobId: 'id', item: 'json', code: 'text', message: 'text', path: 'text' },
}

export const createJobs = (engine: Engine, db: Kysely<Tables>): Collection<Job> & JobReads & JobWrites => {
  const errors = createLister(engine, db, jobErrorTable)
  return {
    ...createCollection(engine, db, jobTable),
    errors: (jobId, listing) =>
      errors.list({ ...listing, filter: every(equal('jobId', jobId), listing.filter) }),
    addErrors: async (added) => {
      if (added.length === 0) return
      const rows = added.map((error) => errors.codec.encode(error) as Omit<Tables['job_errors'], 'number'>)
      await db.insertInto('job_errors').values(rows).execute()
    },
  }
}
