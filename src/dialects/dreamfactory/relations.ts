import type { ShownEntry } from '#core/entries/entry.ts'
import type { EntryRow } from '#core/entries/write.ts'
import type { Json, JsonObject } from '#core/json.ts'
import type { Ref } from '#core/ref.ts'
import type { AssignmentRow, JoinedAssignment } from '#core/roles/assignment-rows.ts'
import { decodeId, encodeInstant, type Fields, isFields } from './envelope.ts'
import { invalidData, WireError } from './errors.ts'
import { isTrue } from './options.ts'

/** The rows that a body holds for a relation, under any of its names; undefined when it names none. @throws WireError */
export const rowsOf = (record: Fields, ...names: readonly string[]): Fields[] | undefined => {
  const name = names.find((each) => record[each] !== undefined)
  if (name === undefined || record[name] === null) return undefined
  const value = record[name]
  if (!Array.isArray(value) || !value.every(isFields)) {
    throw new WireError(400, `Invalid data supplied. The relation '${name}' needs a list of records.`, {
      [name]: ['A list of records is needed.'],
    })
  }
  return value
}

/** A reference by number; null where the body says so. @throws WireError */
export const refOf = (row: Fields, field: string): Ref | null | undefined => {
  const value = row[field]
  if (value === undefined) return undefined
  if (value === null || value === '') return null
  const number = decodeId(value)
  if (number === undefined) {
    throw invalidData({ [field]: [`The ${field.replaceAll('_', ' ')} must be an integer.`] })
  }
  return { number }
}

const numberOf = (row: Fields): number | undefined => {
  if (row.id === undefined || row.id === null || row.id === '') return undefined
  const number = decodeId(row.id)
  if (number === undefined) throw invalidData({ id: ['The id must be an integer.'] })
  return number
}

export const decodeAssignmentRows = (rows: readonly Fields[] | undefined): AssignmentRow[] | undefined =>
  rows?.map((row) => {
    const [number, user, role, application] = [
      numberOf(row),
      refOf(row, 'user_id'),
      refOf(row, 'role_id'),
      refOf(row, 'app_id'),
    ]
    return {
      ...(number !== undefined && { number }),
      ...(user !== undefined && { user }),
      ...(role !== undefined && { role }),
      ...(application !== undefined && { application }),
    }
  })

export const encodeAssignment = ({ number, user, role, application }: JoinedAssignment): Fields => ({
  id: number,
  user_id: user.number,
  app_id: application.number,
  role_id: role.number,
})

/** What a private value is shown as; writing it keeps the value. */
const mask = '**********'

/** @param owner the column that names whose the rows are: null in it takes a row away */
export const decodeLookupRows = (
  rows: readonly Fields[] | undefined,
  owner: string,
): EntryRow[] | undefined =>
  rows?.map((row) => {
    const number = numberOf(row)
    const isRemoved = row[owner] === null && (number !== undefined || row.name !== undefined)
    return { ...decodeLookup(row), ...(number !== undefined && { number }), ...(isRemoved && { isRemoved }) }
  })

/** @throws WireError */
export const decodeLookup = (row: Fields): EntryRow => {
  const { name, value, description } = row
  if (name !== undefined && (typeof name !== 'string' || name === '' || /\s/u.test(name))) {
    throw invalidData({ name: ['The name format is invalid.'] })
  }
  const isPrivate = row.private === undefined ? undefined : isTrue(row.private)
  const data: JsonObject = {
    ...(isPrivate !== undefined && { private: isPrivate }),
    ...(description !== undefined && { description: description as Json }),
  }
  const isKept = value === undefined || (value === mask && isPrivate !== false)
  const secret: Pick<EntryRow, 'secret'> = {}
  if (!isKept && isPrivate === true) {
    secret.secret = typeof value === 'string' ? value : JSON.stringify(value)
    data.value = null
  } else if (!isKept) {
    data.value = value as Json
    if (isPrivate === false) secret.secret = null
  }
  return { ...(typeof name === 'string' && { name }), data, ...secret }
}

export const encodeLookup = (entry: ShownEntry, owner?: { column: string; number: number }): Fields => ({
  id: entry.number,
  ...(owner && { [owner.column]: owner.number }),
  name: entry.name,
  value: entry.isSealed ? mask : (entry.data.value ?? null),
  private: entry.data.private === true,
  description: entry.data.description ?? null,
  ...encodeStamps(entry),
})

export const encodeStamps = ({
  createdAt,
  updatedAt,
  createdBy,
  updatedBy,
}: Pick<ShownEntry, 'createdAt' | 'updatedAt' | 'createdBy' | 'updatedBy'>): Fields => ({
  created_date: encodeInstant(createdAt),
  last_modified_date: encodeInstant(updatedAt),
  created_by_id: createdBy ?? null,
  last_modified_by_id: updatedBy ?? null,
})

/** Who wrote something, as this dialect keeps it among what only it knows. */
export const encodeOwnStamps = (
  createdAt: number,
  updatedAt: number,
  extension: JsonObject | undefined,
): Fields => ({
  created_date: encodeInstant(createdAt),
  last_modified_date: encodeInstant(updatedAt),
  created_by_id: extension?.createdBy ?? null,
  last_modified_by_id: extension?.updatedBy ?? null,
})

/** Who made or changed a record: his number, and nothing else of him. */
export const stampRelations = ['user_by_created_by_id', 'user_by_last_modified_by_id'] as const

export const stampOf = (name: string, extension: JsonObject | undefined): Fields | null => {
  const id = name === 'user_by_created_by_id' ? extension?.createdBy : extension?.updatedBy
  return typeof id === 'number' ? { id } : null
}
