import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Actor } from '#core/actor.ts'
import type { JobQueue } from '#core/jobs/queue.ts'
import type { Json, JsonObject } from '#core/json.ts'
import type { Run } from '#core/operation.ts'
import type { Issuers } from './api-identifiers.ts'

/** What the routes of this dialect get to work with. */
export type Auth0Parts = {
  run: Run
  issuers: () => Issuers
  /** Tries the drafts of Actions. */
  trials: ActionTrials
  /** Where work goes on after its request was answered. */
  jobs: JobQueue
}

/** Runs a draft once, on an event as the script gets it. @throws forbidden, not_found, invalid when it is not built */
export type ActionTrials = {
  tryDraft(
    input: { hookId: string; event: JsonObject },
    actor: Actor,
  ): Promise<{
    output?: Json
    log: readonly { level: string; text: string }[]
    failure?: { kind: string; message: string; stack?: string }
    durationMs: number
  }>
}

type Instance = Parameters<FastifyPluginAsyncTypebox>[0]

/** Registers the routes of one family. */
export type Auth0Routes = (app: Instance, parts: Auth0Parts) => Promise<void>
