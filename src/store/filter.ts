import { sql } from 'kysely'
import type { Comparison, Filter, Scalar } from '#core/listing.ts'
import { DomainError } from '#core/refusals.ts'
import { caseKey } from '#core/users/user.ts'
import type { Engine, FieldValue, Sql } from './engines/engine.ts'
import { requireStorable } from './storable.ts'

/**
 * What a filter's field stands for. `test` puts a condition on its value into whatever surrounds the value: nothing
 * for a column, an `exists` for a row of another table or an element of a JSON array.
 */
export type Field = {
  type: 'text' | 'integer' | 'flag' | 'json'
  test(condition: (value: FieldValue) => Sql): Sql
  /** A column with the same text under `caseKey`, which has an index. */
  keyed?: Sql
}

export type FieldMap = (name: string) => Field | undefined

/** The value of a column, as filters compare it. */
const columnValue = (engine: Engine, type: 'text' | 'integer' | 'flag', column: Sql): FieldValue => ({
  text: {
    text: column,
    integer: engine.digits(column),
    flag: sql`case ${column} when 1 then 'true' when 0 then 'false' end`,
  }[type],
  number: column,
  present: sql`${column} is not null`,
})

export const columnField = (
  engine: Engine,
  type: 'text' | 'integer' | 'flag',
  column: Sql,
  keyed?: Sql,
): Field => ({
  type,
  test: (condition) => condition(columnValue(engine, type, column)),
  ...(keyed && { keyed }),
})

/** A value in rows of another table: the field is what any of them holds. `where` joins them to the row at hand. */
export const rowsField = (
  engine: Engine,
  type: 'text' | 'integer',
  from: Sql,
  where: Sql,
  column: Sql,
): Field => ({
  type,
  test: (condition) =>
    sql`exists (select 1 from ${from} where ${where} and ${condition(columnValue(engine, type, column))})`,
})

export const jsonField = (engine: Engine, column: Sql, path: readonly string[]): Field => ({
  type: 'json',
  test: (condition) => engine.jsonAny(column, path, condition),
})

/** More than anybody means, and fewer than any engine's parser minds. */
const limits = { comparisons: 10_000, depth: 50, patternLength: 15_000 }

const always = sql`1 = 1`
const never = sql`1 = 0`

/**
 * Turns a filter into a condition. Values are always bound, never part of the text.
 * @throws unknown_field, and invalid for what would be too much for a database
 */
export const toSql = (engine: Engine, fields: FieldMap, filter: Filter): Sql => {
  let comparisons = 0

  const convert = (part: Filter, depth: number): Sql => {
    if (depth > limits.depth) throw refused('filter', 'The filter is nested too deeply.')
    if ('all' in part)
      return join(
        part.all.map((each) => convert(each, depth + 1)),
        'and',
      )
    if ('any' in part)
      return join(
        part.any.map((each) => convert(each, depth + 1)),
        'or',
      )
    if ('not' in part) return negated(convert(part.not, depth + 1))
    comparisons += 1
    if (comparisons > limits.comparisons) throw refused('filter', 'The filter has too many conditions.')
    requireStorable(part.field, 'filter')
    const field = fields(part.field)
    if (!field) throw new DomainError({ code: 'unknown_field', field: part.field })
    if ('exists' in part) return part.exists ? present(field) : negated(present(field))
    const fold = folding(field, part.ignoreCase)
    if ('in' in part) return among(engine, field, part.in, fold)
    if ('like' in part) return like(engine, field, part, fold)
    if (typeof part.value === 'string') requireStorable(part.value, part.field)
    if (part.is === 'unequal') return negated(compare(field, 'equal', part.value, fold))
    return compare(field, part.is, part.value, fold)
  }
  return convert(filter, 0)
}

const refused = (field: string, reason: string): DomainError =>
  new DomainError({ code: 'invalid', field, reason })

const present = (field: Field): Sql => field.test((value) => value.present)

/** True also where the condition has no answer, because something is absent. */
const negated = (condition: Sql): Sql => sql`not coalesce(${condition}, 1 = 0)`

/** In halves, because a parser nests what stands in a row, and allows only so much of that. */
const join = (parts: readonly Sql[], by: 'and' | 'or'): Sql => {
  if (parts.length === 0) return by === 'and' ? always : never
  if (parts.length === 1) return parts[0]!
  const middle = parts.length >> 1
  const [left, right] = [join(parts.slice(0, middle), by), join(parts.slice(middle), by)]
  return by === 'and' ? sql`(${left} and ${right})` : sql`(${left} or ${right})`
}

/** Letter case for one comparison: how the field's text is written in it, and how the other text is. */
type Folding = { column: (value: FieldValue) => Sql; text: (text: string) => string }

const folding = (field: Field, ignoreCase: boolean | undefined): Folding => {
  const { keyed } = field
  if (!ignoreCase) return { column: ({ text }) => text, text: (text) => text }
  if (keyed) return { column: () => keyed, text: caseKey }
  // Both engines' lower() folds ASCII only, whatever the locale, because our columns collate by bytes.
  return { column: ({ text }) => sql`lower(${text})`, text: lowerAscii }
}

const lowerAscii = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

type Ordering = Exclude<Comparison, 'unequal'>

const operators = {
  equal: sql`=`,
  less: sql`<`,
  atMost: sql`<=`,
  more: sql`>`,
  atLeast: sql`>=`,
} satisfies Record<Ordering, Sql>

const compare = (field: Field, is: Ordering, value: Scalar, fold: Folding): Sql => {
  if (value === null) return is === 'equal' ? negated(present(field)) : never
  const operator = operators[is]
  if (field.type === 'integer') return compareInteger(field, is, toNumber(value))
  if (field.type === 'flag') {
    const flag = toFlag(value)
    return flag === undefined ? never : field.test(({ number }) => sql`${number} ${operator} ${flag}`)
  }
  const text = fold.text(String(value))
  if (field.type === 'text') return field.test((held) => sql`${fold.column(held)} ${operator} ${text}`)
  if (is === 'equal') {
    const number = canonicalNumber(value)
    const same = (held: FieldValue) => sql`${fold.column(held)} = ${text}`
    if (number === undefined) return field.test(same)
    return field.test((held) => sql`(${same(held)} or ${held.number} = ${number})`)
  }
  if (typeof value === 'number') return field.test(({ number }) => sql`${number} ${operator} ${value}`)
  return field.test((held) => sql`(${held.number} is null and ${fold.column(held)} ${operator} ${text})`)
}

/** Integers on the other side of a number that need not be one. */
const compareInteger = (field: Field, is: Ordering, value: number): Sql => {
  if (Number.isNaN(value)) return never
  if (is === 'equal' && !Number.isSafeInteger(value)) return never
  const whole = is === 'less' || is === 'atLeast' ? Math.ceil(value) : Math.floor(value)
  const reachable = Math.min(Math.max(whole, -(2 ** 53)), 2 ** 53)
  return field.test(({ number }) => sql`${number} ${operators[is]} ${reachable}`)
}

const among = (engine: Engine, field: Field, values: readonly Scalar[], fold: Folding): Sql => {
  const others = values.filter((value) => value !== null)
  const absent = others.length < values.length ? [negated(present(field))] : []
  const held: Sql[] = []
  if (field.type === 'integer' || field.type === 'flag') {
    const convert = field.type === 'flag' ? toFlag : toNumber
    const numbers = others.map(convert).filter((number) => Number.isSafeInteger(number)) as number[]
    if (numbers.length > 0) held.push(field.test(({ number }) => engine.among(number, 'integer', numbers)))
  } else if (others.length > 0) {
    const texts = others.map((value) => fold.text(String(value)))
    const numbers =
      field.type === 'json' ? others.map(canonicalNumber).filter((number) => number !== undefined) : []
    held.push(
      field.test((value) => {
        const same = engine.among(fold.column(value), 'text', texts)
        return numbers.length === 0
          ? same
          : sql`(${same} or ${engine.among(value.number, 'number', numbers)})`
      }),
    )
  }
  return join([...held, ...absent], 'or')
}

const like = (
  engine: Engine,
  field: Field,
  { field: name, like }: { field: string; like: readonly string[] },
  fold: Folding,
): Sql => {
  const parts = like.map(fold.text)
  const length = parts.reduce((sum, part) => sum + part.length + 1, 0)
  if (length > limits.patternLength) throw refused(name, 'The pattern is too long.')
  for (const part of parts) requireStorable(part, name)
  const [prefix = ''] = parts
  return field.test((value) => {
    const text = fold.column(value)
    const matches = engine.like(text, parts)
    if (prefix === '' || field.type !== 'text') return matches
    // The range lets an index find the prefix on every engine.
    const end = behindPrefix(prefix)
    const below = end === undefined ? always : sql`${text} < ${end}`
    return sql`(${text} >= ${prefix} and ${below} and ${matches})`
  })
}

/** The least text that is greater than all that begin so; there is none behind the last character there is. */
const behindPrefix = (prefix: string): string | undefined => {
  const characters = [...prefix]
  while (characters.at(-1) === '\u{10ffff}') characters.pop()
  const last = characters.pop()?.codePointAt(0)
  if (last === undefined) return undefined
  // Half surrogate pairs are no characters.
  return characters.join('') + String.fromCodePoint(last === 0xd7ff ? 0xe000 : last + 1)
}

const toNumber = (value: Scalar): number =>
  typeof value === 'number'
    ? value
    : typeof value === 'string' && value.trim() !== ''
      ? Number(value)
      : Number.NaN

const toFlag = (value: Scalar): number | undefined => {
  if (value === true || value === 'true' || value === 1) return 1
  return value === false || value === 'false' || value === 0 ? 0 : undefined
}

/** The number that a value is, or is the usual spelling of. */
const canonicalNumber = (value: Scalar): number | undefined => {
  const number = typeof value === 'boolean' ? Number.NaN : Number(value)
  return Number.isFinite(number) && String(number) === String(value) ? number : undefined
}
