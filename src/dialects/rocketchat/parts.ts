import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { Run } from '#core/operation.ts'
import type { ReadSettings } from './settings.table.ts'

/** What the routes of this dialect get to work with. */
export type RocketchatParts = {
  run: Run
  /** The settings as they are at this moment. */
  settings: ReadSettings
  /** Sees to it that there is what every chat has; costs nothing once it was done. */
  openChat: () => Promise<void>
  /** Milliseconds since 1970. */
  now: () => number
}

type Instance = Parameters<FastifyPluginAsyncTypebox>[0]

/** Registers the routes of one family. */
export type RocketchatRoutes = (app: Instance, parts: RocketchatParts) => Promise<void>

/**
 * An answer as every route gives it: what it has to say, and at its end that it worked. Optional, because the
 * serializer writes what is required first.
 */
export const answer = <Fields extends Type.TProperties>(fields: Fields) =>
  Type.Object({ ...fields, success: Type.Optional(Type.Boolean()) })

export const ok = <Payload extends object>(payload: Payload): Payload & { success: true } => ({
  ...payload,
  success: true,
})

/** Text that may also be null, which says the same as leaving it out. */
export const NullableText = Type.Unsafe<string | null>({ type: 'string', nullable: true })

/** Blank text counts as absent. */
export const given = (text: string | null | undefined): string | undefined =>
  text === null || text === undefined || text.trim() === '' ? undefined : text

export const instant = (at: number): string => new Date(at).toISOString()
