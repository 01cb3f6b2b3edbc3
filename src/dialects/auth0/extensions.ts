import type { JsonObject } from '#core/json.ts'

/** The fields that have a value. On creating something `null` says the same as leaving a field out. */
export const present = (fields: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
