import type { Comparison, Filter, Scalar } from '#core/listing.ts'

/** A comparison of a column, with a value of the column's type. */
export type Condition =
  | { is: Exclude<Comparison, 'unequal'>; value: Scalar }
  | { is: 'like'; parts: readonly string[] }
  | { is: 'null' }

export type ColumnType = 'integer' | 'text' | 'flag' | 'instant' | 'json'

/** A field of a record: of which type, how lists are filtered by it, and by which field they are ordered. */
export type Column = {
  type: ColumnType
  filter?: (condition: Condition) => Filter
  /** Field of the entity. */
  order?: string
  /** The order is the other way round, as for what is kept as its opposite. */
  isInverted?: boolean
}

export type Columns = Readonly<Record<string, Column>>

const filterBy =
  (field: string, ignoreCase: boolean) =>
  (condition: Condition): Filter => {
    const folding = ignoreCase ? { ignoreCase: true } : {}
    if (condition.is === 'null') return { field, exists: false }
    if (condition.is === 'like') return { field, like: condition.parts, ...folding }
    return { field, is: condition.is, value: condition.value, ...folding }
  }

const simple =
  (type: ColumnType) =>
  (field: string): Column => ({ type, filter: filterBy(field, type === 'text'), order: field })

export const integer = simple('integer')
/** Compares whatever the letter case. */
export const text = simple('text')
export const flag = simple('flag')

/** Kept to the millisecond, told to the second: an instant is equal to all of its second. */
export const instant = (field: string): Column => ({
  type: 'instant',
  order: field,
  filter: (condition) => {
    if (condition.is === 'null' || condition.is === 'like') return filterBy(field, false)(condition)
    const from = Math.floor(Number(condition.value) / 1000) * 1000
    const bound = (is: Comparison, value: number): Filter => ({ field, is, value })
    if (condition.is === 'equal') return { all: [bound('atLeast', from), bound('less', from + 1000)] }
    if (condition.is === 'more') return bound('atLeast', from + 1000)
    return condition.is === 'atMost' ? bound('less', from + 1000) : bound(condition.is, from)
  },
})

/** Shown as another column is while it is absent itself, and compared as it is shown. */
export const orElse = (column: Column, other: Column): Column => ({
  ...column,
  filter: (condition) => {
    const absent = column.filter!({ is: 'null' })
    if (condition.is === 'null') return { all: [absent, other.filter!(condition)] }
    return { any: [column.filter!(condition), { all: [absent, other.filter!(condition)] }] }
  },
})

/** Kept as its opposite; absent is no. */
export const opposite = (field: string): Column => ({
  type: 'flag',
  order: field,
  isInverted: true,
  filter: (condition) => {
    if (condition.is !== 'equal') return { any: [] }
    const set: Filter = { field, is: 'equal', value: true }
    return condition.value === true ? { not: set } : set
  },
})

/** Kept among what only this dialect knows: can be filtered by, but not ordered. */
export const extension = (type: 'text' | 'integer', name: string): Column => ({
  type,
  filter: filterBy(`extensions.dreamfactory.${name}`, type === 'text'),
})

/** Kept in an entry's data. */
export const datum = (type: 'text' | 'integer' | 'flag', name: string): Column => ({
  type,
  filter: filterBy(`data.${name}`, type === 'text'),
})

/** Shown, and nothing else. */
export const shown = (type: ColumnType): Column => ({ type })
