import type { JsonObject } from '../json.ts'
import { command } from '../operation.ts'
import type { Permission } from '../permissions.ts'
import type { Job } from './job.ts'

/** What somebody must be allowed to start a job of each kind, and to see what came of it. */
export const jobPermissions = {
  'users-import': 'users:create',
  'users-export': 'users:read',
  'verification-email': 'users:update',
} as const satisfies Record<Job['kind'], Permission>

const startJob = (kind: Job['kind'], name: string) =>
  command<{ input: JsonObject }, Job>({
    name,
    needs: jobPermissions[kind],
    run: async (tx, { input }) => {
      const job = await tx.jobs.insert({
        id: tx.newId(),
        kind,
        status: 'pending',
        percentage: 0,
        input,
        summary: {},
        createdAt: tx.now(),
        updatedAt: tx.now(),
      })
      await tx.emit({ type: 'job.created', target: { kind: 'job', id: job.id }, data: { kind } })
      return job
    },
  })

/** Each notes a job; whoever does the work moves it on with `progressJob` and `finishJob`. */
export const startUsersImport = startJob('users-import', 'start import of users')
export const startUsersExport = startJob('users-export', 'start export of users')
export const startVerificationEmail = startJob('verification-email', 'start verification e-mail')
