import { sql } from 'kysely'
import type { Comparison, Filter, Scalar } from '#core/listing.ts'
import { DomainError } from '#core/refusals.ts'
import { caseKey } from '#core/users/user.ts'
import type { Engine, JsonElement, Sql } from './engines/engine.ts'

/**
 * What a filter's field stands for. `test` puts a condition on its value into whatever surrounds the value: nothing
 * for a column, an `exists` for a row of another table or an element of a JSON array.
 */
export type Field = {
  type: 'text' | 'integer' | 'flag' | 'json'
  test(condition: (value: JsonElement) => Sql): Sql
  /** A column with the same text under `caseKey`, which has an index. */
  keyed?: Sql
  exists?: Sql
}

export type FieldMap = (name: string) => Field | undefined

export const columnField = (type: 'text' | 'integer' | 'flag', column: Sql, keyed?: Sql): Field => ({
  type,
  test: (condition) => condition({ text: column, number: column }),
  exists: sql`${column} is not null`,
  ...(keyed && { keyed }),
})

/** Turns a filter into a condition. Values are always bound, never part of the text. @throws unknown_field */
export const toSql = (engine: Engine, fields: FieldMap, filter: Filter): Sql => {
  if ('all' in filter) return join(filter.all, ' and ', sql`1 = 1`, engine, fields)
  if ('any' in filter) return join(filter.any, ' or ', sql`1 = 0`, engine, fields)
  if ('not' in filter) return sql`not coalesce(${toSql(engine, fields, filter.not)}, ${falsehood(engine)})`
  const field = fields(filter.field)
  if (!field) throw new DomainError({ code: 'unknown_field', field: filter.field })
  if ('exists' in filter) {
    const present = field.exists ?? field.test(({ text }) => sql`${text} is not null`)
    return filter.exists ? present : sql`not (${present})`
  }
  if ('in' in filter) {
    if (filter.in.length === 0) return sql`1 = 0`
    if (filter.in.includes(null) || field.type === 'json') {
      const any = filter.in.map((value) => ({
        field: filter.field,
        is: 'equal',
        value,
        ignoreCase: filter.ignoreCase,
      }))
      return toSql(engine, fields, { any: any as Filter[] })
    }
    return withCase(
      field,
      filter.ignoreCase,
      (value, fold) => sql`${value} in (${sql.join(filter.in.map(fold))})`,
    )
  }
  if ('like' in filter) {
    return withCase(field, filter.ignoreCase, (value, fold) => {
      const parts = filter.like.map((part) => fold(part) as string)
      const [prefix] = parts
      const matches = engine.like(value, parts)
      // The range lets an index find the prefix on every engine.
      return prefix
        ? sql`(${value} >= ${prefix} and ${value} < ${`${prefix}\u{10ffff}`} and ${matches})`
        : matches
    })
  }
  return compare(field, filter.is, filter.value, filter.ignoreCase)
}

const join = (
  filters: readonly Filter[],
  by: ' and ' | ' or ',
  empty: Sql,
  engine: Engine,
  fields: FieldMap,
): Sql =>
  filters.length === 0
    ? empty
    : sql`(${sql.join(
        filters.map((each) => toSql(engine, fields, each)),
        sql.raw(by),
      )})`

const falsehood = (engine: Engine): Sql => (engine.name === 'sqlite' ? sql`0` : sql`false`)

const operators = {
  equal: '=',
  unequal: '<>',
  less: '<',
  atMost: '<=',
  more: '>',
  atLeast: '>=',
} satisfies Record<Comparison, string>

const compare = (field: Field, is: Comparison, value: Scalar, ignoreCase?: boolean): Sql => {
  if (is === 'unequal') return sql`not coalesce(${compare(field, 'equal', value, ignoreCase)}, 1 = 0)`
  if (value === null) return field.test(({ text }) => sql`${text} is null`)
  const operator = sql.raw(operators[is])
  if (field.type === 'integer')
    return field.test(({ number }) => sql`${number} ${operator} ${toNumber(value)}`)
  if (field.type === 'flag') return field.test(({ number }) => sql`${number} ${operator} ${toFlag(value)}`)
  if (field.type === 'json' && typeof value === 'number' && is !== 'equal') {
    return field.test(({ number }) => sql`${number} ${operator} ${value}`)
  }
  return withCase(field, ignoreCase, (text, fold) => sql`${text} ${operator} ${fold(String(value))}`)
}

type Fold = (value: Scalar) => Scalar

const withCase = (
  field: Field,
  ignoreCase: boolean | undefined,
  condition: (value: Sql, fold: Fold) => Sql,
): Sql => {
  if (!ignoreCase) return field.test(({ text }) => condition(text, asText))
  if (field.keyed) return condition(field.keyed, (value) => caseKey(String(value)))
  // Both engines' lower() folds ASCII only, whatever the locale, because our columns collate by bytes.
  return field.test(({ text }) => condition(sql`lower(${text})`, (value) => lowerAscii(String(value))))
}

const asText: Fold = (value) => String(value)
const lowerAscii = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
const toNumber = (value: Scalar): number => (typeof value === 'number' ? value : Number(value))
const toFlag = (value: Scalar): number => (value === true || value === 'true' || value === 1 ? 1 : 0)
