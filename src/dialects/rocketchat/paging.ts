import Type, { type Static } from 'typebox'
import type { Order } from '#core/listing.ts'
import { unlimited } from '#core/listing.ts'
import { refuse, thrown } from './errors.ts'
import type { Settings } from './settings.table.ts'

/** @see specs: §1.7 of the Rocket.Chat dialect */
export const PageQuery = {
  count: Type.Optional(Type.Integer({ minimum: 0, description: '0 for all, where that is allowed.' })),
  // Databases count no further than that.
  offset: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
}

export const SortQuery = {
  ...PageQuery,
  sort: Type.Optional(Type.String({ description: 'JSON: `{"username":1}`; -1 for descending.' })),
  query: Type.Optional(Type.String({ description: 'Ignored unless it is no JSON.' })),
  fields: Type.Optional(Type.String({ description: 'Ignored unless it is no JSON.' })),
}

const PageFields = Type.Object(PageQuery)

/** A page as the client asks for it, within what the settings allow. */
export const decodePaging = (
  { count, offset = 0 }: Static<typeof PageFields>,
  settings: Settings,
): { limit: number; offset: number } => {
  const usual = settings.API_Default_Count
  const wanted = count === 0 && settings.API_Allow_Infinite_Count ? unlimited : count || usual
  const limit = wanted === unlimited ? wanted : Math.min(wanted, settings.API_Upper_Count_Limit)
  return { limit, offset }
}

/** `sort` as order of fields. Fields that the list does not know are passed over, as the vendor's database does. */
export const decodeSort = (
  sort: string | undefined,
  fields: Readonly<Record<string, string>>,
  usual: readonly Order[],
): readonly Order[] => {
  if (sort === undefined) return usual
  const order = Object.entries(parseSort(sort)).flatMap(([name, direction]): Order[] => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    return field === undefined ? [] : [{ field, direction: direction === 1 ? 'ascending' : 'descending' }]
  })
  return order.length > 0 ? order : usual
}

const parseSort = (sort: string): Record<string, 1 | -1> => {
  const parsed = parse(sort)
  const fits = parsed !== undefined && Object.values(parsed).every((value) => value === 1 || value === -1)
  if (fits) return parsed as Record<string, 1 | -1>
  return refuse(
    thrown('error-invalid-sort', `Invalid sort parameter provided: "${sort}"`, {
      helperMethod: 'parseJsonQuery',
    }),
  )
}

/**
 * `query` and `fields` are passed over on every route, and `sort` on some, but what is no JSON object was meant for
 * somebody else.
 * @throws WireError
 */
export const requireJson = (query: unknown): void => {
  const given = query as { query?: unknown; fields?: unknown; sort?: unknown }
  if (given.sort !== undefined) parseSort(String(given.sort))
  for (const name of ['query', 'fields'] as const) {
    const text = given[name]
    if (text === undefined || (typeof text === 'string' && parse(text) !== undefined)) continue
    refuse(
      thrown(`error-invalid-${name}`, `Invalid ${name} parameter provided: "${text}"`, {
        helperMethod: 'parseJsonQuery',
      }),
    )
  }
}

const parse = (text: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
