import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Actor } from '#core/actor.ts'
import type { JsonObject } from '#core/json.ts'
import type { Run } from '#core/operation.ts'

/** What the routes of this dialect get to work with. */
export type NativeParts = {
  run: Run
  follow: Follow
  /** Tries the drafts of hooks. */
  trials: Trials
  /** Declarations of what scripts find, by flavour. */
  scriptTypes: { action: string; 'event-script': string }
  /** Milliseconds since 1970. */
  now: () => number
}

/** Runs drafts without an effect. @throws forbidden, not_found, invalid */
export type Trials = {
  dryRun(
    input: { hookId: string; trigger?: string; eventIds?: string[]; last?: number; event?: JsonObject },
    actor: Actor,
  ): Promise<object[]>
}

/**
 * Calls `wake` whenever there may be new events, those of other processes included. It may call for nothing, so
 * whoever is woken looks himself. Ends with what it returns.
 */
export type Follow = (wake: () => void) => () => void

type Instance = Parameters<FastifyPluginAsyncTypebox>[0]

/** Registers the routes of one family. */
export type NativeRoutes = (app: Instance, parts: NativeParts) => Promise<void>
