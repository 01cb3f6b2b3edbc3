import type { Kysely } from 'kysely'
import type { JsonObject } from '#core/json.ts'
import type { SettingReads, SettingWrites } from '#core/store.ts'
import { encodeJson } from './storable.ts'
import type { Tables } from './tables.ts'

export const createSettings = (db: Kysely<Tables>): SettingReads & SettingWrites => ({
  get: async (name) => {
    const row = await db.selectFrom('settings').select('value').where('name', '=', name).executeTakeFirst()
    return row && (JSON.parse(row.value) as JsonObject)
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
