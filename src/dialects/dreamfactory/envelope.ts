import { WireError } from './errors.ts'

/** An object as it came or goes over the wire. */
export type Fields = Record<string, unknown>

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const wrapper = 'resource'

/**
 * The records of a call to a collection: a list, or one wrapped in `resource`; undefined when the body has none.
 * @throws WireError for something that is neither
 */
export const recordsOf = (body: unknown): unknown[] | undefined => {
  if (body === undefined || body === null || body === '') return undefined
  if (Array.isArray(body)) return body
  if (!isFields(body)) throw noRecords()
  const wrapped = body[wrapper]
  if (Array.isArray(wrapped)) return wrapped
  if (isFields(wrapped)) return [wrapped]
  return undefined
}

/** @throws WireError when there is none */
export const requireRecords = (body: unknown): unknown[] => {
  const records = recordsOf(body)
  if (!records || records.length === 0) throw noRecords()
  return records
}

const noRecords = () =>
  new WireError(
    400,
    `No record(s) detected in request. Please make sure record(s) are wrapped in a '${wrapper}' tag, as {"${wrapper}": [{...}]}.`,
  )

/** The record of a call to one thing: bare, or wrapped when it is the only one. Nothing is a record without fields. */
export const recordOf = (body: unknown): Fields => {
  if (body === undefined || body === null || body === '') return {}
  const [only, ...more] = Array.isArray(body) ? body : isFields(body) ? (listIn(body) ?? [body]) : [undefined]
  if (more.length > 0 || !isFields(only)) {
    throw new WireError(400, 'Invalid data supplied. One record is expected here.')
  }
  return only
}

const listIn = (body: Fields): unknown[] | undefined => {
  const wrapped = body[wrapper]
  if (Object.keys(body).length !== 1) return undefined
  return Array.isArray(wrapped) ? wrapped : isFields(wrapped) ? [wrapped] : undefined
}

/** What names a record: an integer, written as one or in digits. Undefined for anything that can't name one. */
export const decodeId = (value: unknown): number | undefined => {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined
  if (typeof value !== 'string' || !/^-?\d{1,16}$/u.test(value.trim())) return undefined
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : undefined
}

/** `YYYY-MM-DD HH:MM:SS` in UTC. */
export const encodeInstant = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ')

export const encodeMaybe = (milliseconds: number | undefined): string | null =>
  milliseconds === undefined ? null : encodeInstant(milliseconds)
