import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Run } from '#core/operation.ts'

/** What the routes of this dialect get to work with. */
export type NativeParts = {
  run: Run
  follow: Follow
  /** Milliseconds since 1970. */
  now: () => number
}

/**
 * Calls `wake` whenever there may be new events, those of other processes included. It may call for nothing, so
 * whoever is woken looks himself. Ends with what it returns.
 */
export type Follow = (wake: () => void) => () => void

type Instance = Parameters<FastifyPluginAsyncTypebox>[0]

/** Registers the routes of one family. */
export type NativeRoutes = (app: Instance, parts: NativeParts) => Promise<void>
