import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { JobQueue } from '#core/jobs/queue.ts'
import type { Run } from '#core/operation.ts'
import type { Issuers } from './api-identifiers.ts'

/** What the routes of this dialect get to work with. */
export type Auth0Parts = {
  run: Run
  issuers: () => Issuers
  /** Where work goes on after its request was answered. */
  jobs: JobQueue
}

type Instance = Parameters<FastifyPluginAsyncTypebox>[0]

/** Registers the routes of one family. */
export type Auth0Routes = (app: Instance, parts: Auth0Parts) => Promise<void>
