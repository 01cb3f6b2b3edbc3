import Type from 'typebox'
import { decodeCursor, encodeCursor, type Listing, type Order, type Page } from '#core/listing.ts'

/** The paging parameters of every list. */
export const PageQuery = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 200, default: 50, description: 'How many to answer at most.' }),
  ),
  after: Type.Optional(
    Type.String({ maxLength: 2000, description: 'The `next` of the page before this one.' }),
  ),
  total: Type.Optional(Type.Boolean({ description: 'Also count all that match.' })),
}

export type PageParameters = { limit?: number; after?: string; total?: boolean }

const defaultLimit = 50

export const decodePaging = ({ limit = defaultLimit, after, total }: PageParameters) => ({
  limit,
  ...(after !== undefined && { after }),
  ...(total && { total }),
})

/** Paging of the short lists that know no key: their cursor says how many were seen. @throws invalid_cursor */
export const decodeCountedPaging = ({ limit = defaultLimit, after, total = false }: PageParameters) => {
  const offset = after === undefined ? 0 : Math.max(0, Number(decodeCursor(after, ['number'])[0]))
  // One more than asked for tells whether there is a next page.
  return { limit: limit + 1, offset, total }
}

export const encodeCountedPage = <Thing, Item>(
  { items, total }: { items: readonly Thing[]; total?: number },
  { limit, offset }: { limit: number; offset: number },
  encode: (thing: Thing) => Item,
) => {
  const hasMore = items.length === limit
  return encodePage(
    {
      items: hasMore ? items.slice(0, -1) : [...items],
      ...(hasMore && { next: encodeCursor([offset + limit - 1]) }),
      ...(total !== undefined && { total }),
    },
    encode,
  )
}

export const encodePage = <Thing, Item>(
  { items, next, total }: Page<Thing>,
  encode: (thing: Thing) => Item,
) => ({ items: items.map(encode), next: next ?? null, ...(total !== undefined && { total }) })

/** All of a list that is always short. */
export const encodeWhole = <Thing, Item>(items: readonly Thing[], encode: (thing: Thing) => Item) =>
  encodePage({ items: [...items] }, encode)

/** The schema of such an answer. */
export const paged = <Item extends Type.TSchema>(item: Item) =>
  Type.Object({
    items: Type.Array(item),
    next: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'Pass it as `after`.' }),
    total: Type.Optional(Type.Integer({ minimum: 0 })),
  })

/** An `order` parameter: a field, or `-` and a field for the other way round. */
export const orderBy = (...fields: readonly string[]) => ({
  order: Type.Optional(
    Type.Unsafe<string>({
      type: 'string',
      enum: fields.flatMap((field) => [field, `-${field}`]),
      description: 'The field to order by; with `-` in front descending.',
    }),
  ),
})

export const decodeOrder = (order: string | undefined): Pick<Listing, 'order'> => {
  if (order === undefined) return {}
  const isDescending = order.startsWith('-')
  const by: Order = {
    field: isDescending ? order.slice(1) : order,
    direction: isDescending ? 'descending' : 'ascending',
  }
  return { order: [by] }
}
