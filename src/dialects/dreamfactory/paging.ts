import type { Listing, Order } from '#core/listing.ts'
import type { Columns } from './columns.ts'
import { decodeId } from './envelope.ts'
import { WireError } from './errors.ts'
import { parseFilter } from './filter.ts'
import type { Options } from './options.ts'

export const mostRecords = 1000

/**
 * What a list call asks for. @throws WireError
 * @see specs: §1.4 of the DreamFactory dialect
 */
export const decodeListing = (options: Options, columns: Columns, callerNumber?: number): Listing => {
  const { limit = mostRecords, offset, filter, order } = options
  const params = { ...(callerNumber !== undefined && { ':user_id': callerNumber }), ...options.params }
  return {
    limit: limit < 1 || limit > mostRecords ? mostRecords : limit,
    ...(offset > 0 && { offset }),
    ...(filter !== undefined && { filter: parseFilter(filter, columns, params, options.lookups) }),
    ...(order !== undefined && { order: decodeOrder(order, columns) }),
    ...(options.isCounted && { total: true }),
  }
}

const decodeOrder = (text: string, columns: Columns): Order[] =>
  text.split(',').map((part): Order => {
    const [, name, direction = 'ASC'] = /^\s*([a-z_]+)(?:\s+(asc|desc))?\s*$/iu.exec(part) ?? []
    const column = name === undefined || !Object.hasOwn(columns, name) ? undefined : columns[name]
    if (column?.order === undefined) {
      throw new WireError(400, `Invalid or unparsable field in order request: '${part.trim()}'`)
    }
    const isDescending = (direction.toUpperCase() === 'DESC') !== (column.isInverted === true)
    return { field: column.order, direction: isDescending ? 'descending' : 'ascending' }
  })

/** The numbers that `ids` names; what can't be a number of ours stays as the text it came as. */
export const decodeIds = (ids: readonly string[]): (number | string)[] => ids.map((id) => decodeId(id) ?? id)
