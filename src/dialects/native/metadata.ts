import Type from 'typebox'
import type { JsonObject } from '#core/json.ts'

/** A JSON object that applications fill as they like. */
export const Metadata = Type.Unsafe<JsonObject>({ type: 'object', additionalProperties: true })
