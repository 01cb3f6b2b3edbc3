import { sameValue } from '../changes.ts'
import type { JsonObject } from '../json.ts'
import { command, query } from '../operation.ts'
import { DomainError } from '../refusals.ts'
import type { Tx } from '../store.ts'
import { mergeMetadata } from '../users/user.ts'

/**
 * What the workspace, or one dialect, keeps under a name. Settings that other operations own by rules of their own, as
 * a registration policy that gives roles, have a colon in their name: they can be neither read nor written here.
 */
const openName = /^[a-z0-9-]{1,64}$/u

/** Empty when nothing was ever stored under the name. @throws invalid */
export const getSettings = query<{ name: string }, JsonObject>({
  name: 'get settings',
  needs: 'settings:read',
  run: async ({ settings }, { name }) => {
    requireName(name)
    return (await settings.get(name)) ?? {}
  },
})

export type UpdateSettings = {
  name: string
  /** Given keys replace, `null` removes, other keys stay. */
  changes: JsonObject
}

/** @returns all settings under the name @throws invalid */
export const updateSettings = command<UpdateSettings, JsonObject>({
  name: 'update settings',
  needs: 'settings:update',
  run: async (tx, { name, changes }) => {
    requireName(name)
    return changeSettings(tx, name, changes)
  },
})

/** The one way settings are written, for operations that own some too. */
export const changeSettings = async (tx: Tx, name: string, changes: JsonObject): Promise<JsonObject> => {
  const before = (await tx.settings.get(name)) ?? {}
  const after = mergeMetadata(before, changes)
  const changed = Object.keys(changes).filter((key) => !sameValue(before[key], after[key]))
  if (changed.length === 0) return before
  await tx.settings.put(name, after)
  // Names only: values may be none of an observer's business.
  await tx.emit({ type: 'settings.updated', data: { name, changed } })
  return after
}

const requireName = (name: string): void => {
  if (openName.test(name)) return
  const reason = 'A name of settings has 1 to 64 lower case letters, digits and hyphens.'
  throw new DomainError({ code: 'invalid', field: 'name', reason })
}
