import Type from 'typebox'
import { decodeCursor, encodeCursor, type Listing, unlimited } from '#core/listing.ts'
import { WireError } from './errors.ts'

/** The paging parameters of lists that only count. @see specs: §1.3 of the Auth0 dialect */
export const PageQuery = {
  page: Type.Optional(
    Type.Integer({ minimum: 0, description: 'Page index of the results to return. First page is 0.' }),
  ),
  per_page: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 100, description: 'Number of results per page.' }),
  ),
  include_totals: Type.Optional(
    Type.Boolean({ description: 'Return results inside an object that contains the total result count.' }),
  ),
}

/** The paging parameters of lists that also go on from a checkpoint: nearly all of ours, some of the vendor's. */
export const CheckpointQuery = {
  ...PageQuery,
  from: Type.Optional(Type.String({ description: 'Optional Id from which to start selection.' })),
  take: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: 'Number of results per page.' })),
}

export type PageParameters = {
  page?: number
  per_page?: number
  include_totals?: boolean
  from?: string
  take?: number
}

/** How the client pages: by counting, or from a checkpoint, which wins when both are asked for. */
export type Paging = CountedPaging | { style: 'checkpoint'; listing: Pick<Listing, 'limit' | 'after'> }

export type CountedPaging = {
  style: 'offset'
  listing: Required<Pick<Listing, 'limit' | 'offset' | 'total'>>
}

/** @param defaultSize what a page holds when the client names no size */
export const decodePaging = (parameters: PageParameters, defaultSize = 50): Paging => {
  const { from } = parameters
  // A route that does not declare it sees the client's text.
  const take = typeof parameters.take === 'number' ? parameters.take : undefined
  if (from !== undefined || take !== undefined) {
    return { style: 'checkpoint', listing: { limit: take ?? 50, ...(from ? { after: from } : {}) } }
  }
  return decodeCountedPaging({ ...parameters, per_page: parameters.per_page ?? defaultSize })
}

/** Paging of lists that only count: a checkpoint is passed over. */
export const decodeCountedPaging = ({
  page = 0,
  per_page: limit = 50,
  include_totals: total = false,
}: PageParameters): CountedPaging => {
  if (!Number.isSafeInteger(page * limit)) {
    throw new WireError(400, 'You can only page through records that exist.', 'invalid_query_string')
  }
  return { style: 'offset', listing: { limit, offset: page * limit, total } }
}

/** Lists of what a workspace has few of are whole, unless the client asks for pages. */
export const decodePagingOrAll = (parameters: PageParameters): Paging => {
  const { page, per_page, include_totals } = parameters
  const asksForPages = page !== undefined || per_page !== undefined || include_totals === true
  return decodePaging(parameters, asksForPages ? 50 : unlimited)
}

/** The page of a list that is known as a whole; its items are ordered by number. */
export const pageOf = <Item extends { number: number }>(all: readonly Item[], paging: Paging) => {
  const { limit } = paging.listing
  if (paging.style === 'offset') {
    const { offset } = paging.listing
    return { items: all.slice(offset, offset + limit), total: all.length }
  }
  const [after = Number.NEGATIVE_INFINITY] =
    paging.listing.after === undefined ? [] : (decodeCursor(paging.listing.after, ['number']) as number[])
  const rest = all.filter(({ number }) => number > after)
  const items = rest.slice(0, limit)
  return rest.length > limit ? { items, next: encodeCursor([items.at(-1)!.number]) } : { items }
}

/** Wraps a page the way the client asked for: a bare array, an array with totals, or an array with a checkpoint. */
export const encodePage = <Key extends string, Item>(
  key: Key,
  paging: Paging,
  page: { items: Item[]; total?: number; next?: string },
  { withLength = false } = {},
) => {
  const list = { [key]: page.items } as Record<Key, Item[]>
  if (paging.style === 'checkpoint') return page.next === undefined ? list : { ...list, next: page.next }
  const { limit, offset, total } = paging.listing
  if (!total) return page.items
  return {
    ...list,
    start: offset,
    limit,
    total: page.total ?? 0,
    ...(withLength && { length: page.items.length }),
  }
}

/** The schema of such an answer, for a list under `key`. */
export const paged = <Key extends string, Item extends Type.TSchema>(key: Key, item: Item) =>
  Type.Union([
    Type.Array(item),
    Type.Object({
      [key]: Type.Array(item),
      start: Type.Optional(Type.Integer()),
      limit: Type.Optional(Type.Integer()),
      length: Type.Optional(Type.Integer()),
      total: Type.Optional(Type.Integer()),
      next: Type.Optional(Type.String()),
    }),
  ])
