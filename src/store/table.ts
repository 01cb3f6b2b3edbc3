import { type Kysely, sql } from 'kysely'
import {
  decodeCursor,
  encodeCursor,
  type Filter,
  type Listing,
  type Page,
  type Scalar,
} from '#core/listing.ts'
import { DomainError } from '#core/refusals.ts'
import type { Collection } from '#core/store.ts'
import type { Engine, Sql } from './engines/engine.ts'
import { columnField, type Field, type FieldMap, toSql } from './filter.ts'
import type { Tables } from './tables.ts'

/** How a field is kept: JSON as text, flags as 0 and 1, absent fields as null, on every engine alike. */
export type ColumnType = 'integer' | 'text' | 'flag' | 'json'

/** Maps an entity to its rows. `keys` are columns computed from a field, to find it by whatever its letter case. */
export type Table<T> = {
  name: keyof Tables & string
  columns: { readonly [Field in keyof Required<T> & string]: ColumnType }
  keys?: { readonly [Field in keyof T & string]?: { column: string; of: (text: string) => string } }
  /** Secrets: no list can be filtered or ordered by them, or answers and cursors would tell them piece by piece. */
  secrets?: readonly (keyof T & string)[]
  /** Fields that lists can be filtered by beside the columns: rows of other tables, parts of a value. */
  fields?: (engine: Engine, name: string) => Field | undefined
}

export type Row = Record<string, unknown>

export type Codec<T> = ReturnType<typeof createCodec<T>>

const columnName = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** Both ways between an entity and its row. */
export const createCodec = <T>(table: Table<T>) => {
  const columns = Object.entries<ColumnType>(table.columns).map(([field, type]) => ({
    field,
    type,
    column: columnName(field),
  }))
  const keys = Object.entries(
    (table.keys ?? {}) as Record<string, { column: string; of: (text: string) => string }>,
  )
  return {
    columns,
    decode(row: Row): T {
      const thing: Record<string, unknown> = {}
      for (const { field, column, type } of columns) {
        const value = row[column]
        if (value === null || value === undefined) continue
        thing[field] = type === 'json' ? JSON.parse(value as string) : type === 'flag' ? value === 1 : value
      }
      return thing as T
    },
    encode(thing: Partial<T>): Row {
      const row: Row = {}
      for (const { field, column, type } of columns) {
        if (field in thing) row[column] = encodeValue(type, thing[field as keyof T])
      }
      for (const [field, key] of keys) {
        if (!(field in thing)) continue
        const value = thing[field as keyof T]
        row[key.column] = value === undefined ? null : key.of(value as string)
      }
      return row
    },
  }
}

const encodeValue = (type: ColumnType, value: unknown): unknown => {
  if (value === undefined || value === null) return null
  if (type === 'json') return JSON.stringify(value)
  return type === 'flag' ? (value ? 1 : 0) : value
}

/** Reads a table as lists do: filtered, ordered, by key or by count. */
export const createLister = <T>(engine: Engine, db: Kysely<Tables>, table: Table<T>) => {
  const codec = createCodec(table)
  const from = sql.ref(table.name)
  const column = (name: string) => sql.ref(`${table.name}.${name}`)
  const fields: FieldMap = (name) => {
    if (isSecret(table, name)) return undefined
    const known = codec.columns.find(({ field }) => field === name)
    if (known?.type === 'json') return jsonField(engine, column(known.column), [])
    if (known) {
      const key = table.keys?.[name as keyof T & string]
      return columnField(known.type, column(known.column), key && column(key.column))
    }
    const special = table.fields?.(engine, name)
    if (special) return special
    const [head, ...path] = name.split('.')
    const json = codec.columns.find(({ field, type }) => field === head && type === 'json')
    return json && path.length > 0 ? jsonField(engine, column(json.column), path) : undefined
  }
  const where = (filter: Filter | undefined): Sql => (filter ? toSql(engine, fields, filter) : sql`1 = 1`)

  const count = async (filter?: Filter): Promise<number> => {
    const query = sql<{ total: number }>`select count(*) as total from ${from} where ${where(filter)}`
    return (await query.execute(db)).rows[0]!.total
  }

  const list = async (listing: Listing): Promise<Page<T>> => {
    const order = orderOf(table, codec, listing)
    const conditions = [where(listing.filter)]
    if (listing.after !== undefined)
      conditions.push(behind(order, decodeCursor(listing.after, order.map(cursorType)), column))
    const direction = (descending: boolean) => sql.raw(descending ? ' desc' : ' asc')
    const orderBy = order.map((each) => sql`${nullsFirst(each, column)}${direction(each.descending)}`)
    const offset = listing.offset ? sql`offset ${listing.offset}` : sql``
    const query = sql<Row>`select ${from}.* from ${from} where ${sql.join(conditions, sql` and `)}
      order by ${sql.join(orderBy)} limit ${listing.limit + 1} ${offset}`
    const { rows } = await query.execute(db)
    const more = rows.length > listing.limit
    if (more) rows.pop()
    const last = rows.at(-1)
    const page: Page<T> = { items: rows.map(codec.decode) }
    if (more && last) page.next = encodeCursor(order.map((each) => cursorValue(each, last)))
    if (listing.total) page.total = await count(listing.filter)
    return page
  }
  return { codec, count, list, where }
}

type OrderedColumn = { column: string; descending: boolean; type: ColumnType }

const isSecret = <T>({ secrets }: Table<T>, field: string): boolean =>
  (secrets as readonly string[] | undefined)?.includes(field) ?? false

const orderOf = <T>(table: Table<T>, codec: Codec<T>, listing: Listing): OrderedColumn[] => {
  const ordered = (listing.order ?? []).map(({ field, direction }) => {
    const known = codec.columns.find((each) => each.field === field && each.type !== 'json')
    if (!known || isSecret(table, field)) throw new DomainError({ code: 'unknown_field', field })
    return { column: known.column, descending: direction === 'descending', type: known.type }
  })
  if (ordered.at(-1)?.column === 'number') return ordered
  return [...ordered, { column: 'number', descending: ordered.at(-1)?.descending ?? false, type: 'integer' }]
}

const cursorType = ({ type }: OrderedColumn) => (type === 'text' ? 'string' : 'number')

type ColumnSql = (name: string) => Sql

/** SQLite sorts null first, PostgreSQL last; absent values sort first here, as the least of their type. */
const nullsFirst = ({ column, type }: OrderedColumn, columnSql: ColumnSql): Sql =>
  column === 'number' ? columnSql(column) : sql`coalesce(${columnSql(column)}, ${leastOf(type)})`

const leastOf = (type: ColumnType): Sql => (type === 'text' ? sql`''` : sql`-1`)

const cursorValue = ({ column, type }: OrderedColumn, row: Row): Scalar =>
  (row[column] as Scalar) ?? (type === 'text' ? '' : -1)

/** Rows behind the cursor: greater in the first column that differs. */
const behind = (order: readonly OrderedColumn[], values: readonly Scalar[], columnSql: ColumnSql): Sql => {
  const alternatives = order.map((each, index) => {
    const same = order
      .slice(0, index)
      .map((before, at) => sql`${nullsFirst(before, columnSql)} = ${values[at]}`)
    const operator = sql.raw(each.descending ? '<' : '>')
    return sql`(${sql.join([...same, sql`${nullsFirst(each, columnSql)} ${operator} ${values[index]}`], sql` and `)})`
  })
  return sql`(${sql.join(alternatives, sql` or `)})`
}

export const jsonField = (engine: Engine, column: Sql, path: readonly string[]): Field => ({
  type: 'json',
  test: (condition) => engine.jsonAny(column, path, condition),
})

/** All an entity with an id needs. Custom reads and writes stand in the entity's own file. */
export const createCollection = <T extends { number: number; id: string }>(
  engine: Engine,
  db: Kysely<Tables>,
  table: Table<T>,
): Collection<T> => {
  const { codec, count, list } = createLister(engine, db, table)
  const from = sql.ref(table.name)
  const one = async (condition: Sql): Promise<T | undefined> => {
    const query = sql<Row>`select * from ${from} where ${condition} order by number limit 1`
    const [row] = (await query.execute(db)).rows
    return row && codec.decode(row)
  }
  return {
    find: (id) => one(sql`id = ${id}`),
    findMany: async (ids) => {
      if (ids.length === 0) return []
      const query = sql<Row>`select * from ${from} where id in (${sql.join(ids)})`
      return (await query.execute(db)).rows.map(codec.decode)
    },
    findBy: (values) => {
      const row = codec.encode(values)
      return one(
        sql.join(
          Object.keys(row).map((name) => sql`${sql.ref(name)} = ${row[name]}`),
          sql` and `,
        ),
      )
    },
    list,
    count,
    insert: async (thing) => {
      const row = codec.encode(thing as Partial<T>)
      const names = Object.keys(row)
      const query = sql<{
        number: number
      }>`insert into ${from} (${sql.join(names.map((name) => sql.ref(name)))})
        values (${sql.join(names.map((name) => row[name]))}) returning number`
      const { number } = (await query.execute(db)).rows[0]!
      return { ...thing, number } as T
    },
    update: async (id, changes) => {
      const row = codec.encode(changes)
      const names = Object.keys(row)
      if (names.length === 0) return
      const assignments = names.map((name) => sql`${sql.ref(name)} = ${row[name]}`)
      await sql`update ${from} set ${sql.join(assignments)} where id = ${id}`.execute(db)
    },
    remove: async (id) => {
      const { numAffectedRows } = await sql`delete from ${from} where id = ${id}`.execute(db)
      return numAffectedRows === 1n
    },
  }
}
