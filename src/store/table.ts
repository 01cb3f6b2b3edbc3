import { type Kysely, sql } from 'kysely'
import type { Collection } from '#core/store.ts'
import type { Engine } from './engines/engine.ts'
import type { Field } from './filter.ts'
import { createLister } from './lister.ts'
import { createStatement, createStatements } from './statement.ts'
import { encodeJson, requireIndexable, requireStorable } from './storable.ts'
import type { Tables } from './tables.ts'

/**
 * How a field is kept: JSON as text, flags as 0 and 1, on every engine alike. Text that stands in an index is a `key`,
 * or an `id` where it shares the index with others; they have limits (`storable.ts`).
 */
export type ColumnType = 'integer' | 'text' | 'id' | 'key' | 'flag' | 'json'

/** Maps an entity to its rows. `keys` are columns computed from a field, to find it by whatever its letter case. */
export type Table<T> = {
  name: keyof Tables & string
  /** A field that may be absent has a question mark; its column holds null then. */
  columns: { readonly [F in keyof T & string]-?: undefined extends T[F] ? `${ColumnType}?` : ColumnType }
  keys?: { readonly [F in keyof T & string]?: { column: string; of: (text: string) => string } }
  /** Secrets: no list can be filtered or ordered by them, or answers and cursors would tell them piece by piece. */
  secrets?: readonly (keyof T & string)[]
  /** Fields that lists can be filtered by beside the columns: rows of other tables, parts of a value. */
  fields?: (engine: Engine, name: string) => Field | undefined
}

export type Row = Record<string, unknown>

export type Codec<T> = ReturnType<typeof createCodec<T>>

export type Column = { field: string; column: string; type: ColumnType; isOptional: boolean }

const columnName = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** Both ways between an entity and its row. */
export const createCodec = <T>(table: Table<T>) => {
  const columns = Object.entries<string>(table.columns).map(
    ([field, kept]): Column => ({
      field,
      column: columnName(field),
      type: kept.replace('?', '') as ColumnType,
      isOptional: kept.endsWith('?'),
    }),
  )
  const keys = Object.entries(
    (table.keys ?? {}) as Record<string, { column: string; of: (text: string) => string }>,
  )
  return {
    columns,
    /** What to select, in place of `*`: a statement that is kept must not change when a release adds a column. */
    selection: sql.join(columns.map(({ column }) => sql.ref(`${table.name}.${column}`))),
    decode(row: Row): T {
      const thing: Record<string, unknown> = {}
      for (let at = 0; at < columns.length; at += 1) {
        const { field, column, type } = columns[at]!
        const value = row[column]
        if (value === null || value === undefined) continue
        thing[field] = type === 'json' ? parse(value as string) : type === 'flag' ? value === 1 : value
      }
      return thing as T
    },
    /** @throws invalid for text that not every engine can keep */
    encode(thing: Partial<T>): Row {
      const row: Row = {}
      for (let at = 0; at < columns.length; at += 1) {
        const { field, column, type } = columns[at]!
        if (field in thing) row[column] = encodeValue(type, thing[field as keyof T], field)
      }
      for (const [field, key] of keys) {
        if (!(field in thing)) continue
        const value = thing[field as keyof T] as string | undefined
        row[key.column] = value === undefined ? null : encodeValue('key', key.of(value), field)
      }
      return row
    },
  }
}

/** Most values are empty, and making one is much cheaper than parsing one. */
const parse = (text: string): unknown => (text === '{}' ? {} : text === '[]' ? [] : JSON.parse(text))

const encodeValue = (type: ColumnType, value: unknown, field: string): unknown => {
  if (value === undefined || value === null) return null
  if (type === 'json') return encodeJson(value, field)
  if (type === 'flag') return value ? 1 : 0
  if (typeof value === 'string') {
    requireStorable(value, field)
    if (type === 'id' || type === 'key') requireIndexable(value, type, field)
  }
  return value
}

/** All an entity with an id needs. Custom reads and writes stand in the entity's own file. */
export const createCollection = <T extends { number: number; id: string }>(
  engine: Engine,
  db: Kysely<Tables>,
  table: Table<T>,
): Collection<T> => {
  const { codec, count, list } = createLister(engine, db, table)
  const from = sql.ref(table.name)
  const pairs = (columns: readonly string[], slot: (name: string) => unknown) =>
    columns.map((column) => sql`${sql.ref(column)} = ${slot(column)}`)

  const byId = createStatement(
    db,
    (slot) => sql`select ${codec.selection} from ${from} where id = ${slot('id')}`,
  )
  const byFields = createStatements(
    db,
    (columns, slot) =>
      sql`select ${codec.selection} from ${from} where ${sql.join(pairs(columns, slot), sql` and `)}
        order by number limit 1`,
  )
  const insertion = createStatements(
    db,
    (columns, slot) => sql`insert into ${from} (${sql.join(columns.map((column) => sql.ref(column)))})
      values (${sql.join(columns.map(slot))}) returning number`,
  )
  const change = createStatements(
    db,
    (columns, slot) =>
      sql`update ${from} set ${sql.join(pairs(columns, slot))} where id = ${slot('where.id')}`,
  )
  const removal = createStatement(db, (slot) => sql`delete from ${from} where id = ${slot('id')}`)
  const one = ({ rows: [row] }: { rows: Row[] }): T | undefined => row && codec.decode(row)

  return {
    find: async (id) => one(await byId({ id })),
    findMany: async (ids) => {
      if (ids.length === 0) return []
      if (ids.length === 1) return (await byId({ id: ids[0] })).rows.map(codec.decode)
      const query = sql<Row>`select * from ${from} where ${engine.among(sql.ref('id'), 'text', ids)}`
      return (await query.execute(db)).rows.map(codec.decode)
    },
    findBy: async (values) => {
      const row = codec.encode(values)
      if (Object.keys(row).length === 0) throw new Error('findBy needs a field to find by.')
      return one(await byFields(row))
    },
    list,
    count,
    insert: async (thing) => {
      const [row] = (await insertion(codec.encode(thing as Partial<T>))).rows
      if (thing.number !== undefined) await engine.skipNumber(table.name, thing.number)
      return { ...thing, number: row!.number } as T
    },
    update: async (id, changes) => {
      const row = codec.encode(changes)
      if (Object.keys(row).length > 0) await change(row, { 'where.id': id })
    },
    remove: async (id) => (await removal({ id })).changed === 1,
  }
}
