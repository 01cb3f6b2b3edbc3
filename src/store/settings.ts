import type { Kysely } from 'kysely'
import type { JsonObject } from '#core/json.ts'
import type { SettingReads, SettingWrites } from '#core/store.ts'
import { forgetful, type Memory } from './memory.ts'
import { encodeJson } from './storable.ts'
import type { Tables } from './tables.ts'

export const createSettings = (
  db: Kysely<Tables>,
  memory: Memory = forgetful,
): SettingReads & SettingWrites => ({
  get: async (name) => {
    // In a list, so that a setting that is not there is remembered, too.
    const [value] = await memory.recall(`setting ${name}`, async () => {
      const rows = await db.selectFrom('settings').select('value').where('name', '=', name).execute()
      return rows.map((row) => JSON.parse(row.value) as JsonObject)
    })
    return value
  },
  put: async (name, value) => {
    const text = encodeJson(value, 'value')
    await db
      .insertInto('settings')
      .values({ name, value: text })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: text }))
      .execute()
  },
})
