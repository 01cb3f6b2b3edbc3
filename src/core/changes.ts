import type { Extensions, JsonObject } from './json.ts'

/**
 * Those of the named fields that the given values would really change. Keys that are not named are left out, whatever
 * a caller passed, so that an update reaches no field that it should not. An undefined value clears a field that is
 * `clearable` and leaves any other alone. `extensions` are merged: see `mergeExtensions`.
 */
export const changesTo = <T, Field extends keyof T>(
  thing: T,
  given: { [Each in Field]?: T[Each] | undefined },
  fields: readonly Field[],
  clearable: readonly Field[] = [],
): { [Each in Field]?: T[Each] } => {
  const changes: { [Each in Field]?: T[Each] } = {}
  for (const field of fields) {
    if (!Object.hasOwn(given, field)) continue
    const value =
      field === 'extensions'
        ? mergeExtensions(thing[field] as Extensions, given[field] as Extensions)
        : given[field]
    if (value === undefined && !clearable.includes(field)) continue
    if (!sameValue(value, thing[field])) changes[field] = value as T[Field]
  }
  return changes
}

/** The named fields that have a value: what a new thing takes from its input, whatever else a caller passed. */
export const givenOf = <T, Field extends keyof T>(
  input: T,
  fields: readonly Field[],
): { [Each in Field]?: Exclude<T[Each], undefined> } => {
  const given: { [Each in Field]?: Exclude<T[Each], undefined> } = {}
  for (const field of fields) {
    const value = input[field]
    if (value !== undefined) given[field] = value as Exclude<T[Field], undefined>
  }
  return given
}

/**
 * What a dialect gives replaces what it kept, field by field; `null` removes one. What it does not name stays, since
 * its clients send what they change, and so does what other dialects keep.
 */
export const mergeExtensions = (current: Extensions, given: Extensions = {}): Extensions => {
  const merged: Record<string, JsonObject> = { ...current }
  for (const [dialect, fields] of Object.entries(given)) {
    const kept = Object.entries({ ...merged[dialect], ...fields }).filter(([, value]) => value !== null)
    if (kept.length > 0 || merged[dialect]) merged[dialect] = Object.fromEntries(kept)
  }
  return merged
}

/** Whether two plain values say the same; the order of an object's keys says nothing. */
export const sameValue = (left: unknown, right: unknown): boolean => {
  if (Object.is(left, right)) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (Array.isArray(left) !== Array.isArray(right)) return false
  const [leftKeys, rightKeys] = [definedKeys(left), definedKeys(right)]
  return (
    leftKeys.length === rightKeys.length &&
    leftKeys.every((key) => Object.hasOwn(right, key) && sameValue(valueAt(left, key), valueAt(right, key)))
  )
}

const valueAt = (thing: object, key: string): unknown => (thing as Record<string, unknown>)[key]

const definedKeys = (thing: object): string[] =>
  Object.keys(thing).filter((key) => valueAt(thing, key) !== undefined)
