import type { Json, JsonObject } from '#core/json.ts'

const depthLimit = 64
const dropped = new Set(['__proto__', 'constructor', 'prototype'])

/** What a line of JSON says; undefined for anything else than an object. It is not safe to use yet: see `cleaned`. */
export const parseObject = (text: string): JsonObject | undefined => {
  try {
    const value: Json = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/**
 * Reads what a script sent as one reads a request: keys that reach prototypes are dropped, depth is bounded. Undefined
 * for what is too deep, and for anything else than an object.
 */
export const cleaned = (value: Json | undefined): JsonObject | undefined =>
  isObject(value) && clean(value, 0) ? value : undefined

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** False where it is too deep. */
const clean = (value: Json, depth: number): boolean => {
  if (typeof value !== 'object' || value === null) return true
  if (depth >= depthLimit) return false
  if (Array.isArray(value)) return value.every((item) => clean(item, depth + 1))
  return Object.keys(value).every((key) => {
    if (dropped.has(key)) return delete value[key]
    return clean(value[key]!, depth + 1)
  })
}
