import { DomainError } from './refusals.ts'
import { isStorable } from './text.ts'

/**
 * What a list shall hold, in which order, from where. Dialects decode their filter syntax to this; `store` turns it
 * into SQL and refuses fields a table does not have.
 */
export type Listing = {
  filter?: Filter
  /** Default: oldest first. The row's number always breaks ties, so that no row is skipped or shown twice. */
  order?: readonly Order[]
  limit: number
  /** Skips rows by counting; costs what it skips. */
  offset?: number
  /** Goes on behind the row that a page's `next` named; costs the same on every page. */
  after?: string
  /** Also count all matches. */
  total?: boolean
}

/**
 * The limit of a list that is wanted whole: for rules that must see every row, and lists that are always short. One
 * less than the greatest number, because the store asks for one row more.
 */
export const unlimited = Number.MAX_SAFE_INTEGER - 1

export type Order = { field: string; direction: 'ascending' | 'descending' }

export type Page<T> = {
  items: T[]
  /** Cursor of the page behind this one; undefined on the last. */
  next?: string
  total?: number
}

export type Scalar = string | number | boolean | null

/**
 * `field` is a name of the entity (`email`), or a path into one of its JSON values (`appMetadata.plan.name`).
 * Text is compared exactly unless `ignoreCase` is set.
 */
export type Filter =
  | { all: readonly Filter[] }
  | { any: readonly Filter[] }
  | { not: Filter }
  | { field: string; is: Comparison; value: Scalar; ignoreCase?: boolean }
  | { field: string; in: readonly Scalar[]; ignoreCase?: boolean }
  /** Text with holes: the parts must occur in order, anchored at the ends unless the end part is empty. */
  | { field: string; like: readonly string[]; ignoreCase?: boolean }
  | { field: string; exists: boolean }

export type Comparison = 'equal' | 'unequal' | 'less' | 'atMost' | 'more' | 'atLeast'

export const equal = (field: string, value: Scalar): Filter => ({ field, is: 'equal', value })
export const startsWith = (field: string, text: string): Filter => ({ field, like: [text, ''] })
export const contains = (field: string, text: string): Filter => ({ field, like: ['', text, ''] })

/** Joins the filters that are there; undefined when none is. */
export const every = (...filters: (Filter | undefined)[]): Filter | undefined => {
  const present = filters.filter((filter) => filter !== undefined)
  return present.length > 1 ? { all: present } : present[0]
}

/** Who has the text in one of the fields, whatever the letter case; undefined when there is nothing to look for. */
export const searchIn = (fields: readonly string[], text: string | undefined): Filter | undefined =>
  text === undefined || text === ''
    ? undefined
    : { any: fields.map((field): Filter => ({ ...contains(field, text), ignoreCase: true })) }

/** Whether a filter looks at any field whose name begins so. */
export const mentions = (filter: Filter, prefix: string): boolean => {
  if ('all' in filter) return filter.all.some((each) => mentions(each, prefix))
  if ('any' in filter) return filter.any.some((each) => mentions(each, prefix))
  return 'not' in filter ? mentions(filter.not, prefix) : filter.field.startsWith(prefix)
}

/** Packs the values a page ended at into an opaque cursor. */
export const encodeCursor = (values: readonly Scalar[]): string =>
  Buffer.from(JSON.stringify(values)).toString('base64url')

/**
 * Unpacks a cursor whose values have these types.
 * @throws invalid_cursor
 */
export const decodeCursor = (cursor: string, types: readonly ('string' | 'number')[]): Scalar[] => {
  let values: unknown
  try {
    values = JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    values = undefined
  }
  const fits =
    Array.isArray(values) &&
    values.length === types.length &&
    values.every(
      (value, at) =>
        typeof value === types[at] &&
        (typeof value === 'string' ? isStorable(value) : Number.isSafeInteger(value)),
    )
  if (!fits) throw new DomainError({ code: 'invalid_cursor' })
  return values as Scalar[]
}

/** The page that holds everything up to `limit`, for lists known to be short. */
export const firstOf = (limit: number, filter?: Filter): Listing => ({ filter, limit })
