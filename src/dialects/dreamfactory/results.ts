import type { BatchItem, BatchMode, BatchResult } from '#core/batch.ts'
import type { Refusal } from '#core/refusals.ts'
import { type Fields, wrapper } from './envelope.ts'
import { type Change, type ErrorItem, encodeRefusal, WireError } from './errors.ts'
import type { Options } from './options.ts'
import type { Answer } from './routes.ts'

/** How the records of a resource are shown. */
export type Shape<T> = {
  primaryKey: string
  /** All visible fields. */
  encode(thing: T): Fields
  /** Appended to every record that is more than its primary key. */
  computed?: readonly string[]
  /** By the name it may be asked for by; undefined for one that there is not. */
  relation(name: string): ((thing: T) => unknown) | undefined
}

/** @throws WireError before anything is written */
export const requireRelations = <T>({ related }: Options, shape: Shape<T>): void => {
  for (const name of related) {
    if (!shape.relation(name)) throw new WireError(400, `Unknown relationship: ${name}`)
  }
}

/** A record as a read shows it: all fields unless some are asked for. */
export const showRead = <T>(thing: T, options: Options, shape: Shape<T>): Fields =>
  select(thing, options, shape, '*')

/** A record as a write answers it: its primary key unless more is asked for. */
export const showWritten = <T>(thing: T, options: Options, shape: Shape<T>): Fields =>
  select(thing, options, shape, [shape.primaryKey])

const select = <T>(
  thing: T,
  { fields: asked, related }: Options,
  { encode, computed = [], relation }: Shape<T>,
  byDefault: Options['fields'] & {},
): Fields => {
  const fields = asked ?? byDefault
  const record = encode(thing)
  const names = fields === '*' ? Object.keys(record) : fields.filter((name) => Object.hasOwn(record, name))
  const shown: Fields = {}
  for (const name of names) shown[name] = record[name]
  if (asked !== undefined || related.length > 0) for (const name of computed) shown[name] = record[name]
  for (const name of related) shown[name] = relation(name)?.(thing)
  return shown
}

export const answerList = <T>(
  items: readonly T[],
  options: Options,
  shape: Shape<T>,
  total?: number,
): Answer => {
  if (options.isCountOnly) return { body: total ?? items.length }
  const list = options.isAsList
    ? items.map((thing) => identifierOf(shape.encode(thing), options, shape))
    : items.map((thing) => showRead(thing, options, shape))
  const meta = { ...(options.isCounted && { count: total ?? items.length }) }
  return { body: { [wrapper]: list, ...(Object.keys(meta).length > 0 && { meta }) } }
}

const identifierOf = <T>(record: Fields, { idField }: Options, { primaryKey }: Shape<T>): unknown => {
  const names = (idField ?? primaryKey).split(',').map((name) => name.trim())
  if (names.length === 1) return record[names[0]!] ?? null
  return `(${names.map((name) => record[name] ?? '').join(',')})`
}

export const batchMode = ({ doesContinue, doesRollBack }: Options): BatchMode =>
  doesRollBack ? 'rollback' : doesContinue ? 'continue' : 'stop'

/** What a record is decoded to, or what is wrong with it; a batch has both. */
export type Decoded<Input> = { input: Input } | { error: WireError }

export const decodeEach = <Input>(
  records: readonly unknown[],
  decode: (record: unknown) => Input,
): Decoded<Input>[] =>
  records.map((record) => {
    try {
      return { input: decode(record) }
    } catch (error) {
      if (error instanceof WireError) return { error }
      throw error
    }
  })

/** Stands for a wording of this door's; which one is known by its place. */
const refusedHere: Refusal = { code: 'invalid', field: 'record', reason: 'It could not be read.' }

export const batchItems = <Input>(decoded: readonly Decoded<Input>[]): BatchItem<Input>[] =>
  decoded.map((each) => ('input' in each ? { input: each.input } : { refusal: refusedHere }))

export type Past = Change | 'retrieved'

/** Words a batch. @throws WireError when any of it failed @see specs: §1.9 of the DreamFactory dialect */
export const answerBatch = <Input, Output>(
  { outcomes, isUndone }: BatchResult<Output>,
  decoded: readonly Decoded<Input>[],
  past: Past,
  show: (output: Output) => unknown,
  word: (refusal: Refusal) => ErrorItem = (refusal) =>
    encodeRefusal(refusal, past === 'retrieved' ? undefined : past),
): unknown[] => {
  const failed: number[] = []
  const results = outcomes.map((outcome, index) => {
    if (outcome.ok) return show(outcome.value)
    failed.push(index)
    const item = decoded[index]
    return item && 'error' in item ? item.error.item : word(outcome.refusal)
  })
  if (failed.length > 0) throw batchError(failed, results, past, isUndone)
  return results
}

export const notFound = (id: string) => new WireError(404, `Record with identifier '${id}' not found.`)

/** What ids name, in their order. @throws WireError when any names nothing, with what was found and what was not */
export const foundOrFail = <T>(
  ids: readonly string[],
  find: (id: string) => T | undefined,
  show: (thing: T) => unknown,
  { doesContinue }: Pick<Options, 'doesContinue'>,
): T[] => {
  const failed: number[] = []
  const results: unknown[] = []
  const things: T[] = []
  for (const [index, id] of ids.entries()) {
    const thing = find(id)
    if (thing === undefined) failed.push(index)
    else things.push(thing)
    results.push(thing === undefined ? notFound(id).item : show(thing))
    if (thing === undefined && !doesContinue) break
  }
  if (failed.length > 0) throw batchError(failed, results, 'retrieved')
  return things
}

const batchError = (
  failed: readonly number[],
  results: readonly unknown[],
  past: Past,
  isUndone = false,
): WireError =>
  new WireError(
    400,
    `Batch Error: Not all requested records could be ${past}.${isUndone ? ' All changes rolled back.' : ''}`,
    { error: failed, [wrapper]: results },
    1000,
  )
