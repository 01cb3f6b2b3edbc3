import { type Fields, isFields } from './envelope.ts'
import { WireError } from './errors.ts'

/** What a call asks for beside its records. @see specs: §1.4 of the DreamFactory dialect */
export type Options = {
  /** `*` for all, names, or undefined for the default of the call. */
  fields: '*' | readonly string[] | undefined
  related: readonly string[]
  ids: readonly string[] | undefined
  idField: string | undefined
  filter: string | undefined
  /** Values that the filter's `:name`s stand for. */
  params: Readonly<Record<string, unknown>>
  /** Values that the filter's `{lookup.name}`s stand for. */
  lookups: Readonly<Record<string, string>>
  limit: number | undefined
  offset: number
  order: string | undefined
  isCounted: boolean
  isCountOnly: boolean
  isAsList: boolean
  /** Lists are wrapped in `resource`. */
  isWrapped: boolean
  doesContinue: boolean
  doesRollBack: boolean
  isForced: boolean
  /** All of it as it came, for options of single routes: the query, then the body over it where a GET is tunnelled. */
  raw: Readonly<Record<string, unknown>>
}

const truths = new Set(['true', '1', 'yes', 'y', 't', 'on'])

/** Anything that does not clearly say yes says no. */
export const isTrue = (value: unknown): boolean =>
  value === true || value === 1 || (typeof value === 'string' && truths.has(value.trim().toLowerCase()))

const last = (value: unknown): unknown => (Array.isArray(value) ? value.at(-1) : value)

/** @throws WireError for a number that is none */
export const decodeOptions = (query: Fields, body: unknown, isRead: boolean): Options => {
  const raw: Fields = Object.fromEntries(Object.entries(query).map(([key, value]) => [key, last(value)]))
  if (isRead && isFields(body)) Object.assign(raw, body)
  const first = (...names: readonly string[]): unknown =>
    names.map((name) => raw[name]).find((value) => value !== undefined && value !== null && value !== '')
  const text = (...names: readonly string[]): string | undefined => {
    const value = first(...names)
    return value === undefined || typeof value === 'object' ? undefined : String(value)
  }
  const fields = names(first('fields', 'select'))
  return {
    fields: fields.includes('*') ? '*' : fields.length > 0 ? fields : undefined,
    related: names(first('related')),
    ids: first('ids') === undefined ? undefined : names(first('ids')),
    idField: text('id_field'),
    filter: text('filter', 'where'),
    params: isFields(body) && isFields(body.params) ? body.params : {},
    lookups: {},
    limit: whole(text('limit', 'top')),
    offset: Math.max(0, whole(text('offset', 'skip')) ?? 0),
    order: text('order', 'sort', 'order_by'),
    isCounted: isTrue(raw.include_count),
    isCountOnly: isTrue(raw.count_only),
    isAsList: isTrue(raw.as_list),
    isWrapped: raw.wrap === undefined || isTrue(raw.wrap),
    doesContinue: isTrue(raw.continue),
    doesRollBack: isTrue(raw.rollback),
    isForced: isTrue(raw.force),
    raw,
  }
}

/** A comma list, or an array where it stands in a body. */
const names = (value: unknown): string[] => {
  const parts = Array.isArray(value) ? value.map(String) : value === undefined ? [] : String(value).split(',')
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

const whole = (value: string | undefined): number | undefined => {
  if (value === undefined) return undefined
  const number = Number(value)
  if (Number.isSafeInteger(number)) return number
  throw new WireError(400, `'${value}' is not a whole number.`)
}
