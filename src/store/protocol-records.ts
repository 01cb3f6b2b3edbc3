import { type Kysely, sql } from 'kysely'
import type { JsonObject } from '#core/json.ts'
import { isStorable } from '#core/text.ts'
import type { Engine } from './engines/engine.ts'
import type { GroupCommit } from './group-commit.ts'
import { encodeJson } from './storable.ts'
import type { ProtocolRecordRow, Tables } from './tables.ts'

/** What the OpenID provider remembers between requests. `payload` is its own; the rest is what it looks up by. */
export type ProtocolRecord = {
  model: string
  id: string
  payload: JsonObject
  grantId?: string
  userCode?: string
  uid?: string
  /** Milliseconds since 1970. */
  consumedAt?: number
  expiresAt?: number
}

/** Records past their instant are absent for every reader; `sweep` only frees their space. */
export const createProtocolRecords = (engine: Engine, groupCommit: GroupCommit, now: () => number) => {
  const find = async (model: string, column: 'id' | 'uid' | 'user_code', value: string) => {
    // Whatever a client sends for a token is looked up here; what can't be stored was never issued.
    if (!isStorable(value)) return undefined
    const row = await engine.readers
      .selectFrom('protocol_records')
      .selectAll()
      .where('model', '=', model)
      .where(column, '=', value)
      .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', now())]))
      .executeTakeFirst()
    return row && decode(row)
  }
  return {
    find: (model: string, id: string) => find(model, 'id', id),
    findByUid: (model: string, uid: string) => find(model, 'uid', uid),
    findByUserCode: (model: string, userCode: string) => find(model, 'user_code', userCode),
    /** Stores a record or changes it; once consumed, it stays so. */
    put: (record: ProtocolRecord): Promise<void> =>
      groupCommit.write(async (db) => {
        const { model, id, ...rest } = encode(record)
        await db
          .insertInto('protocol_records')
          .values({ model, id, ...rest })
          .onConflict((conflict) =>
            conflict.columns(['model', 'id']).doUpdateSet({
              ...rest,
              consumed_at: sql`coalesce(excluded.consumed_at, protocol_records.consumed_at)`,
            }),
          )
          .execute()
      }),
    /** Marks as used, once: false when somebody was faster, or it is not there any more. */
    consume: (model: string, id: string): Promise<boolean> =>
      groupCommit.write(async (db) => {
        const consumed = await db
          .updateTable('protocol_records')
          .set({ consumed_at: now() })
          .where('model', '=', model)
          .where('id', '=', id)
          .where('consumed_at', 'is', null)
          .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', now())]))
          .executeTakeFirst()
        return consumed.numUpdatedRows === 1n
      }),
    remove: (model: string, id: string): Promise<void> =>
      groupCommit.write(async (db) => {
        await db.deleteFrom('protocol_records').where('model', '=', model).where('id', '=', id).execute()
      }),
    removeByGrant: (grantId: string): Promise<void> =>
      groupCommit.write(async (db) => {
        await db.deleteFrom('protocol_records').where('grant_id', '=', grantId).execute()
      }),
    /** @returns whether there may be more. */
    sweep: (): Promise<boolean> => groupCommit.write((db) => sweep(db, now())),
  }
}

export type ProtocolRecords = ReturnType<typeof createProtocolRecords>

/** So many go at once, so that nobody who writes waits long. */
const sweepLimit = 500

const sweep = async (db: Kysely<Tables>, at: number): Promise<boolean> => {
  const expired = db
    .selectFrom('protocol_records')
    .select(['model', 'id'])
    .where('expires_at', '<=', at)
    .orderBy('expires_at')
    .limit(sweepLimit)
  const { numDeletedRows } = await db
    .deleteFrom('protocol_records')
    .where(({ eb, refTuple }) => eb(refTuple('model', 'id'), 'in', expired.$asTuple('model', 'id')))
    .executeTakeFirstOrThrow()
  return numDeletedRows === BigInt(sweepLimit)
}

const encode = (record: ProtocolRecord): ProtocolRecordRow => ({
  model: record.model,
  id: record.id,
  payload: encodeJson(record.payload, 'payload'),
  grant_id: record.grantId ?? null,
  user_code: record.userCode ?? null,
  uid: record.uid ?? null,
  consumed_at: record.consumedAt ?? null,
  expires_at: record.expiresAt ?? null,
})

const decode = (row: ProtocolRecordRow): ProtocolRecord => ({
  model: row.model,
  id: row.id,
  payload: JSON.parse(row.payload) as JsonObject,
  ...(row.grant_id !== null && { grantId: row.grant_id }),
  ...(row.user_code !== null && { userCode: row.user_code }),
  ...(row.uid !== null && { uid: row.uid }),
  ...(row.consumed_at !== null && { consumedAt: row.consumed_at }),
  ...(row.expires_at !== null && { expiresAt: row.expires_at }),
})
