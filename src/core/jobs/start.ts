import type { Actor } from '../actor.ts'
import { databaseStrategy } from '../connections/connection.ts'
import type { JsonObject } from '../json.ts'
import { command } from '../operation.ts'
import type { Permission } from '../permissions.ts'
import { DomainError, found } from '../refusals.ts'
import { requireMayDo } from '../rights.ts'
import { workspace } from '../scope.ts'
import type { Tx } from '../store.ts'
import { mailTicket, type PreparedMail, prepareTicketMail } from '../tickets/mail.ts'
import type { Job } from './job.ts'

/** What somebody must be allowed to start a job of each kind, and to see what came of it. */
export const jobPermissions = {
  'users-import': 'users:create',
  'users-export': 'users:read',
  'verification-email': 'users:update',
} as const satisfies Record<Job['kind'], Permission>

export type StartUsersImport = {
  /** The connection whose users they will be. It keeps their passwords, so it must be a database. */
  connectionId: string
  /** Change users who are here already; refused to who may not change users. */
  updatesExisting?: boolean
  /** Its file is there for as long as it takes: somebody goes on with it when its process was gone. */
  isResumable?: boolean
  /** How the caller knows the job. */
  externalId?: string
}

/**
 * Notes an import that `importUsers` will do, batch by batch.
 * @throws not_found, invalid, forbidden
 */
export const startUsersImport = command<StartUsersImport, Job>({
  name: 'start import of users',
  needs: jobPermissions['users-import'],
  run: async (tx, { connectionId, updatesExisting = false, isResumable, externalId }, actor) => {
    const { strategy } = found(await tx.connections.find(connectionId), 'connection', connectionId)
    if (strategy !== databaseStrategy) {
      const reason = 'Users can be imported to a database connection only.'
      throw new DomainError({ code: 'invalid', field: 'connectionId', reason })
    }
    if (updatesExisting) await requireMayDo(tx, actor, ['users:update'], workspace)
    const input = {
      connectionId,
      updatesExisting,
      ...(isResumable && { isResumable }),
      ...(externalId !== undefined && { externalId }),
    }
    return addJob(tx, { kind: 'users-import', input })
  },
})

export type StartUsersExport = {
  /** Only users of this connection. */
  connectionId?: string
  /** At most so many, oldest first. */
  limit?: number
  /** What the dialect needs to write them: format, fields. */
  shape?: JsonObject
}

/** What an export's job keeps: it is written anew for each who fetches it, with the rights of who started it. */
export type ExportInput = {
  connectionId?: string
  connectionName?: string
  limit?: number
  shape: JsonObject
} & {
  startedBy: Actor
}

/**
 * Notes an export. It is done at once: users are read while the file is fetched, so that none of them lies about.
 * @throws not_found
 */
export const startUsersExport = command<StartUsersExport, Job>({
  name: 'start export of users',
  needs: jobPermissions['users-export'],
  run: async (tx, { connectionId, limit, shape = {} }, actor) => {
    const connection =
      connectionId === undefined
        ? undefined
        : found(await tx.connections.find(connectionId), 'connection', connectionId)
    const input: ExportInput = {
      ...(connection && { connectionId: connection.id, connectionName: connection.name }),
      ...(limit !== undefined && { limit }),
      shape,
      startedBy: actor,
    }
    return addJob(tx, { kind: 'users-export', status: 'completed', input: input as unknown as JsonObject })
  },
})

export type StartVerificationEmail = { userId: string; applicationId?: string; organizationId?: string }

/**
 * Asks a user to confirm his address. The job is told as it was at its start; by then the mail is queued, or too many
 * of the kind were sent to him in the last hour and the job has failed.
 * @throws not_found, invalid for a user without an address
 */
export const startVerificationEmail = command<StartVerificationEmail, Job, PreparedMail>({
  name: 'start verification e-mail',
  needs: jobPermissions['verification-email'],
  prepare: async (_input, services) => prepareTicketMail(services, 'verify-email', undefined),
  run: async (tx, { userId, applicationId, organizationId }, _actor, prepared) => {
    const user = found(await tx.users.find(userId), 'user', userId)
    if (user.email === undefined) {
      const reason = 'The user has no e-mail address.'
      throw new DomainError({ code: 'invalid', field: 'userId', reason })
    }
    if (applicationId !== undefined)
      found(await tx.applications.find(applicationId), 'application', applicationId)
    if (organizationId !== undefined)
      found(await tx.organizations.find(organizationId), 'organization', organizationId)
    const input = {
      userId,
      ...(applicationId !== undefined && { applicationId }),
      ...(organizationId !== undefined && { organizationId }),
    }
    const job = await addJob(tx, { kind: 'verification-email', input })
    const isSent = await mailTicket(tx, user, 'verify-email', prepared, {
      ...(applicationId !== undefined && { applicationId }),
      ...(organizationId !== undefined && { data: { organizationId } }),
    })
    const status = isSent ? 'completed' : 'failed'
    await tx.jobs.update(job.id, { status, percentage: 100, updatedAt: tx.now() })
    const target = { kind: 'job', id: job.id } as const
    await tx.emit({ type: 'job.finished', target, data: { kind: job.kind, status } })
    return job
  },
})

type NewJob = { kind: Job['kind']; status?: 'pending' | 'completed'; input: JsonObject }

const addJob = async (tx: Tx, { kind, status = 'pending', input }: NewJob): Promise<Job> => {
  const job = await tx.jobs.insert({
    id: tx.newId(),
    kind,
    status,
    percentage: status === 'completed' ? 100 : 0,
    input,
    summary: {},
    createdAt: tx.now(),
    updatedAt: tx.now(),
  })
  const target = { kind: 'job', id: job.id } as const
  await tx.emit({ type: 'job.created', target, data: { kind } })
  if (status === 'completed') await tx.emit({ type: 'job.finished', target, data: { kind, status } })
  return job
}
