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
import type { Engine, Sql } from './engines/engine.ts'
import { columnField, type FieldMap, jsonField, toSql } from './filter.ts'
import { type Codec, type Column, type ColumnType, createCodec, type Row, type Table } from './table.ts'
import type { Tables } from './tables.ts'

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
      return columnField(engine, comparedAs(known.type), column(known.column), key && column(key.column))
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

  const read = async (
    conditions: readonly Sql[],
    order: readonly OrderedColumn[],
    limit: number,
    offset?: number,
  ): Promise<Row[]> => {
    const direction = (descending: boolean) => sql.raw(descending ? ' desc' : ' asc')
    const orderBy = order.map((each) => sql`${ordered(each, column)}${direction(each.descending)}`)
    const query = sql<Row>`select ${from}.* from ${from} where ${sql.join(conditions, sql` and `)}
      order by ${sql.join(orderBy)} limit ${limit} ${offset ? sql`offset ${offset}` : sql``}`
    return (await query.execute(db)).rows
  }

  const list = async (listing: Listing): Promise<Page<T>> => {
    const order = orderOf(table, codec, listing)
    const filter = where(listing.filter)
    // One more than asked for tells whether there is a next page.
    const limit = Math.min(listing.limit, Number.MAX_SAFE_INTEGER - 1) + 1
    let rows: Row[] = []
    for (const range of rangesBehind(order, listing, column)) {
      if (rows.length === limit) break
      const found = await read([filter, range.condition], range.order, limit - rows.length, listing.offset)
      rows = rows.length === 0 ? found : rows.concat(found)
    }
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

const isSecret = <T>({ secrets }: Table<T>, field: string): boolean =>
  (secrets as readonly string[] | undefined)?.includes(field) ?? false

/** What an index holds is text like any other. */
const comparedAs = (type: Exclude<ColumnType, 'json'>): 'text' | 'integer' | 'flag' =>
  type === 'id' || type === 'key' ? 'text' : type

type OrderedColumn = Pick<Column, 'column' | 'isOptional'> & {
  descending: boolean
  type: 'text' | 'integer' | 'flag'
}

/** The number ends every order, so that no two rows are level. */
const orderOf = <T>(table: Table<T>, codec: Codec<T>, listing: Listing): OrderedColumn[] => {
  const order: OrderedColumn[] = []
  for (const { field, direction } of [
    ...(listing.order ?? []),
    { field: 'number', direction: listing.order?.at(-1)?.direction ?? 'ascending' },
  ]) {
    const known = codec.columns.find((each) => each.field === field)
    if (!known || known.type === 'json' || isSecret(table, field)) {
      throw new DomainError({ code: 'unknown_field', field })
    }
    const { column, isOptional, type } = known
    order.push({ column, isOptional, type: comparedAs(type), descending: direction === 'descending' })
    if (field === 'number') break
  }
  return order
}

const cursorType = ({ type }: OrderedColumn) => (type === 'text' ? 'string' : 'number')

type ColumnSql = (name: string) => Sql

/**
 * SQLite sorts null first, PostgreSQL last; absent values sort first here, as the least of their type. The migrations
 * make indexes of just these expressions.
 */
const ordered = ({ column, type, isOptional }: OrderedColumn, columnSql: ColumnSql): Sql =>
  isOptional ? sql`coalesce(${columnSql(column)}, ${leastOf(type)})` : columnSql(column)

const leastOf = (type: OrderedColumn['type']): Sql => (type === 'text' ? sql`''` : sql`-1`)

const cursorValue = ({ column, type }: OrderedColumn, row: Row): Scalar =>
  (row[column] as Scalar) ?? (type === 'text' ? '' : -1)

type Range = { condition: Sql; order: readonly OrderedColumn[] }

/**
 * The rows behind a cursor, as ranges to be read one after the other. By one field and the number there are two: what
 * is level with the cursor, and what is beyond. In each an index leads straight to its place, however many are level,
 * as all are where the field is absent; no engine does that for the two at once.
 */
const rangesBehind = (
  order: readonly OrderedColumn[],
  { after, offset }: Listing,
  columnSql: ColumnSql,
): Range[] => {
  if (after === undefined) return [{ condition: sql`1 = 1`, order }]
  const values = decodeCursor(after, order.map(cursorType))
  const columns = order.map((each) => ordered(each, columnSql))
  const beyond = (at: number) => sql`${columns[at]} ${order[at]!.descending ? sql`<` : sql`>`} ${values[at]}`
  const level = (at: number) => sql`${columns[at]} = ${values[at]}`
  if (order.length === 2 && !offset) {
    return [
      { condition: sql`${level(0)} and ${beyond(1)}`, order: order.slice(1) },
      { condition: beyond(0), order },
    ]
  }
  // Level in the fields before one and beyond in that one, for each of them.
  const alternatives = order.map(
    (_, at) => sql`(${sql.join([...order.keys()].slice(0, at).map(level).concat(beyond(at)), sql` and `)})`,
  )
  return [{ condition: sql`(${sql.join(alternatives, sql` or `)})`, order }]
}
