import type { Batch, BatchResult } from '#core/batch.ts'
import type { Listing, Page } from '#core/listing.ts'
import { DomainError, type Refusal } from '#core/refusals.ts'
import type { Columns } from './columns.ts'
import { decodeId, type Fields, isFields, recordOf, recordsOf, requireRecords, wrapper } from './envelope.ts'
import { type Change, type ErrorItem, encodeRefusal, WireError } from './errors.ts'
import { isTrue } from './options.ts'
import { decodeListing, mostRecords } from './paging.ts'
import {
  answerBatch,
  answerList,
  batchItems,
  batchMode,
  decodeEach,
  foundOrFail,
  notFound,
  requireRelations,
  type Shape,
  showRead,
  showWritten,
} from './results.ts'
import type { Call, Handler } from './routes.ts'

/**
 * A resource of records as every one of `system` behaves: collections, single records, lists of ids, batches. What
 * differs are its fields and its operations.
 */
export type Records<T, Create, Update, Delete> = {
  shape: Shape<T>
  columns: Columns
  list(call: Call, listing: Listing): Promise<Page<T>>
  /** One record, where there is a shorter way to it than a list of one. */
  find?(call: Call, number: number): Promise<T | undefined>
  /** @throws WireError */
  decodeNew(record: unknown, call: Call): Create
  /** @throws WireError */
  decodeChanges(record: Fields, number: number, call: Call): Update
  decodeRemoval(number: number, call: Call): Delete
  create(batch: Batch<Create>, call: Call): Promise<BatchResult<T>>
  update(batch: Batch<Update>, call: Call): Promise<BatchResult<T>>
  updateOne(input: Update, call: Call): Promise<T>
  remove(batch: Batch<Delete>, call: Call): Promise<BatchResult<T>>
  removeOne(input: Delete, call: Call): Promise<T>
  /** Words refusals as this resource does; undefined words them as everywhere. */
  word?(refusal: Refusal, past: Change): ErrorItem | undefined
  /** After records were stored. */
  afterWrite?(things: readonly T[], call: Call, isNew: boolean): Promise<void>
}

export type RecordHandlers = {
  collection: Partial<Record<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', Handler>>
  single: Partial<Record<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', Handler>>
}

const numberOf = (id: string): number => {
  const number = decodeId(id)
  if (number === undefined) throw notFound(id)
  return number
}

const byNumbers = (numbers: readonly number[]): Listing => ({
  filter:
    numbers.length === 1
      ? { field: 'number', is: 'equal', value: numbers[0]! }
      : { field: 'number', in: numbers },
  limit: Math.max(1, numbers.length),
})

export const recordHandlers = <T, Create, Update, Delete>(
  records: Records<T, Create, Update, Delete>,
): RecordHandlers => {
  const { shape, columns } = records
  const numberOfThing = (thing: T) => shape.encode(thing).id as number
  const wordFor = (past: Change) => (refusal: Refusal) =>
    records.word?.(refusal, past) ?? encodeRefusal(refusal, past)

  const worded = async <R>(past: Change, work: Promise<R>): Promise<R> => {
    try {
      return await work
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      const item = wordFor(past)(error.refusal)
      const { status_code: status, context, code } = item
      const worded = new WireError(status, '', context, code)
      worded.item.message = item.message
      throw worded
    }
  }

  const readIds = async (call: Call, ids: readonly string[]): Promise<T[]> => {
    const numbers = ids.flatMap((id) => decodeId(id) ?? [])
    const { items } = numbers.length > 0 ? await records.list(call, byNumbers(numbers)) : { items: [] }
    const byNumber = new Map(items.map((thing) => [numberOfThing(thing), thing]))
    return foundOrFail(
      ids,
      (id) => byNumber.get(decodeId(id) ?? Number.NaN),
      (thing) => showRead(thing, call.options, shape),
      call.options,
    )
  }

  const read: Handler = async (call) => {
    const { options } = call
    requireRelations(options, shape)
    const listed = options.ids ?? idsIn(call)
    if (listed) {
      const things = await readIds(call, listed)
      return answerList(things, options, shape)
    }
    const listing = decodeListing(options, columns, call.caller.user?.number)
    if (options.isCountOnly) {
      const { total = 0 } = await records.list(call, { ...listing, limit: 1, total: true })
      return { body: total }
    }
    const { items, total } = await records.list(call, listing)
    return answerList(items, options, shape, total)
  }

  const readOne: Handler = async (call) => {
    requireRelations(call.options, shape)
    const number = numberOf(call.id)
    const thing = records.find
      ? await records.find(call, number)
      : (await records.list(call, byNumbers([number]))).items[0]
    if (thing === undefined) throw notFound(call.id)
    return { body: showRead(thing, call.options, shape) }
  }

  const create: Handler = async (call) => {
    requireRelations(call.options, shape)
    const decoded = decodeEach(requireRecords(call.body), (record) => records.decodeNew(record, call))
    const result = await records.create({ items: batchItems(decoded), mode: batchMode(call.options) }, call)
    const shownRecords = answerBatch(
      result,
      decoded,
      'created',
      (thing) => showWritten(thing, call.options, shape),
      wordFor('created'),
    )
    await records.afterWrite?.(valuesOf(result), call, true)
    return { status: 201, body: { [wrapper]: shownRecords } }
  }

  const update: Handler = async (call) => {
    const { options } = call
    requireRelations(options, shape)
    const targets = await targetsOf(call, records)
    const decoded = decodeEach(targets, (target) => {
      const { id, record } = target as Target
      return records.decodeChanges(record, requireNumber(id, 'update'), call)
    })
    const result = await records.update({ items: batchItems(decoded), mode: batchMode(options) }, call)
    const shownRecords = answerBatch(
      result,
      decoded,
      'updated',
      (thing) => showWritten(thing, options, shape),
      wordFor('updated'),
    )
    await records.afterWrite?.(valuesOf(result), call, false)
    return { body: { [wrapper]: shownRecords } }
  }

  const updateOne: Handler = async (call) => {
    requireRelations(call.options, shape)
    const input = records.decodeChanges(recordOf(call.body), numberOf(call.id), call)
    const thing = await worded('updated', records.updateOne(input, call))
    await records.afterWrite?.([thing], call, false)
    return { body: showWritten(thing, call.options, shape) }
  }

  const remove: Handler = async (call) => {
    const { options } = call
    requireRelations(options, shape)
    const targets = await removalsOf(call, records)
    const decoded = decodeEach(targets, (id) => records.decodeRemoval(requireNumber(id, 'delete'), call))
    const result = await records.remove({ items: batchItems(decoded), mode: batchMode(options) }, call)
    const shownRecords = answerBatch(
      result,
      decoded,
      'deleted',
      (thing) => showWritten(thing, options, shape),
      wordFor('deleted'),
    )
    return { body: { [wrapper]: shownRecords } }
  }

  const removeOne: Handler = async (call) => {
    requireRelations(call.options, shape)
    const input = records.decodeRemoval(numberOf(call.id), call)
    const thing = await worded('deleted', records.removeOne(input, call))
    return { body: showWritten(thing, call.options, shape) }
  }

  const createOne: Handler = async () => {
    throw new WireError(400, 'Create record by identifier not currently supported.')
  }

  return {
    collection: { GET: read, POST: create, PUT: update, PATCH: update, DELETE: remove },
    single: { GET: readOne, POST: createOne, PUT: updateOne, PATCH: updateOne, DELETE: removeOne },
  }
}

const valuesOf = <T>({ outcomes }: BatchResult<T>): T[] =>
  outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value] : []))

/** @throws WireError for what names no record, and for what can't be anybody's number */
const requireNumber = (id: unknown, what: 'update' | 'delete'): number => {
  if ((typeof id === 'string' && id.trim() !== '') || typeof id === 'number') return numberOf(String(id))
  throw new WireError(400, `Identifying field "id" can not be empty for ${what} request . `)
}

/** A record, and what it calls itself by. */
type Target = { id: unknown; record: Fields }

/** Ids in the body of a tunnelled read: plain, or those of records. */
const idsIn = ({ body }: Call): string[] | undefined => {
  const list = isFields(body) && Array.isArray(body.ids) ? body.ids : recordsOf(body)
  if (!list || list.length === 0) return undefined
  return list.map((each) => String(isFields(each) ? each.id : each))
}

const targetsOf = async <T>(
  call: Call,
  records: Pick<Records<T, never, never, never>, 'list' | 'columns' | 'shape'>,
): Promise<Target[]> => {
  const { options, body } = call
  const ids = options.ids ?? (await matching(call, records))
  if (!ids) {
    return requireRecords(body).map((record) =>
      isFields(record) ? { id: record.id, record } : { id: undefined, record: {} },
    )
  }
  const [first] = recordsOf(body) ?? (isFields(body) ? [body] : [])
  const record = isFields(first) ? first : {}
  return ids.map((id) => ({ id, record }))
}

/** The records that a filter finds; undefined without one. */
const matching = async <T>(
  call: Call,
  { list, columns, shape }: Pick<Records<T, never, never, never>, 'list' | 'columns' | 'shape'>,
): Promise<number[] | undefined> => {
  if (call.options.filter === undefined) return undefined
  const listing = decodeListing(call.options, columns, call.caller.user?.number)
  const { items } = await list(call, { ...listing, limit: mostRecords })
  return items.map((thing) => shape.encode(thing).id as number)
}

const removalsOf = async <T>(
  call: Call,
  records: Pick<Records<T, never, never, never>, 'list' | 'columns' | 'shape'>,
): Promise<readonly unknown[]> => {
  const { options, body } = call
  if (options.ids) return options.ids
  const found = await matching(call, records)
  if (found) return found
  const list = recordsOf(body)
  if (list && list.length > 0) {
    return list.map((record) => (isFields(record) ? record.id : record))
  }
  if (!isTrue(options.raw.force)) {
    throw new WireError(400, 'No filter or records given for delete request.')
  }
  // Everything that the resource shows, except whoever asks.
  const { items } = await records.list(call, { limit: mostRecords })
  const own = call.caller.user?.number
  const isUsers = 'email' in records.columns
  return items
    .map((thing) => records.shape.encode(thing).id as number)
    .filter((number) => !isUsers || number !== own)
}
