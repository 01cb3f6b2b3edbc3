import type { EntryKind, ShownEntry } from '#core/entries/entry.ts'
import type { GivenEntry } from '#core/entries/write.ts'
import type { Json, JsonObject } from '#core/json.ts'
import { type Columns, datum, instant, integer, shown, text } from './columns.ts'
import { type Fields, isFields } from './envelope.ts'
import { invalidData, WireError } from './errors.ts'
import { isTrue } from './options.ts'
import { decodeLookup, encodeLookup, encodeStamps } from './relations.ts'
import type { Shape } from './results.ts'

/** Resources whose records are entries: what differs is which columns they have. */
export type EntryResource = {
  kind: EntryKind
  path: string
  summary: string
  primaryKey: 'id' | 'name'
  columns: Columns
  encode(entry: ShownEntry): Fields
  /** @throws WireError */
  decode(record: unknown, isNew: boolean): GivenEntry
}

const stamps: Columns = {
  created_date: instant('createdAt'),
  last_modified_date: instant('updatedAt'),
  created_by_id: integer('createdBy'),
  last_modified_by_id: integer('updatedBy'),
}

const requireFields = (record: unknown): Fields => {
  if (isFields(record)) return record
  throw new WireError(400, 'Invalid data supplied. A record must be an object.')
}

/** @throws WireError */
const requireName = (record: Fields, isNew: boolean, longest: number, label = 'name'): string | undefined => {
  const { name } = record
  if (name === undefined && !isNew) return undefined
  if (typeof name !== 'string' || name.trim() === '') {
    throw invalidData({ name: [`The ${label} field is required.`] })
  }
  if (name.length > longest) {
    throw invalidData({ name: [`The ${label} may not be greater than ${longest} characters.`] })
  }
  return name
}

const lookup: EntryResource = {
  kind: 'lookup',
  path: 'lookup',
  summary: 'Lookups',
  primaryKey: 'id',
  columns: {
    id: integer('number'),
    name: text('name'),
    value: shown('text'),
    private: datum('flag', 'private'),
    description: datum('text', 'description'),
    ...stamps,
  },
  encode: (entry) => encodeLookup(entry),
  decode: (record, isNew) => {
    const given = requireFields(record)
    requireName(given, isNew, 255)
    return decodeLookup(given)
  },
}

const templateColumns = [
  'description',
  'to',
  'cc',
  'bcc',
  'subject',
  'attachment',
  'body_text',
  'body_html',
  'from_name',
  'from_email',
  'reply_to_name',
  'reply_to_email',
  'defaults',
] as const

const lists: readonly string[] = ['to', 'cc', 'bcc']

const emailTemplate: EntryResource = {
  kind: 'email-template',
  path: 'email_template',
  summary: 'Templates of mails',
  primaryKey: 'id',
  columns: {
    id: integer('number'),
    name: text('name'),
    ...Object.fromEntries(templateColumns.map((name) => [name, datum('text', name)])),
    ...stamps,
  },
  encode: (entry) => ({
    id: entry.number,
    name: entry.name,
    ...Object.fromEntries(templateColumns.map((name) => [name, entry.data[name] ?? null])),
    ...encodeStamps(entry),
  }),
  decode: (record, isNew) => {
    const given = requireFields(record)
    const name = requireName(given, isNew, 64, 'Template Name')
    const { subject } = given
    if (typeof subject === 'string' && subject.length > 80) {
      throw invalidData({ subject: ['The subject may not be greater than 80 characters.'] })
    }
    const data: JsonObject = {}
    for (const column of templateColumns) {
      const value = given[column]
      if (value === undefined) continue
      const isList = lists.includes(column) && typeof value === 'string' && value.includes(',')
      data[column] = isList
        ? String(value)
            .split(',')
            .map((each) => each.trim())
        : (value as Json)
    }
    return { ...(name !== undefined && { name }), data }
  },
}

const custom: EntryResource = {
  kind: 'custom',
  path: 'custom',
  summary: 'Values of the workspace',
  primaryKey: 'name',
  columns: { name: text('name'), value: shown('json'), ...stamps },
  encode: (entry) => ({ name: entry.name, value: entry.data.value ?? null, ...encodeStamps(entry) }),
  decode: (record, isNew) => decodeCustom(record, isNew),
}

/** A value may be any JSON; text that is JSON is taken for what it says. @throws WireError */
export const decodeCustom = (record: unknown, isNew: boolean): GivenEntry => {
  const given = requireFields(record)
  const name = requireName(given, isNew, 255)
  const { value } = given
  const data = value === undefined ? undefined : { value: parsed(value) }
  return { ...(name !== undefined && { name }), ...(data && { data }) }
}

const parsed = (value: unknown): Json => {
  if (typeof value !== 'string') return value as Json
  try {
    return JSON.parse(value) as Json
  } catch {
    return value
  }
}

export const scriptTypes = ['nodejs', 'v8js', 'php', 'python', 'python3'] as const

const linkColumns = ['storage_service_id', 'storage_path', 'scm_repository', 'scm_reference'] as const

const eventScript: EntryResource = {
  kind: 'event-script',
  path: 'event_script',
  summary: 'Scripts that run around requests',
  primaryKey: 'name',
  columns: {
    name: text('name'),
    type: datum('text', 'type'),
    content: datum('text', 'content'),
    is_active: datum('flag', 'is_active'),
    allow_event_modification: datum('flag', 'allow_event_modification'),
    ...Object.fromEntries(linkColumns.map((name) => [name, datum('text', name)])),
    ...stamps,
  },
  encode: (entry) => ({
    name: entry.name,
    type: entry.data.type ?? null,
    content: entry.data.content ?? null,
    config: entry.data.config ?? null,
    is_active: entry.data.is_active === true,
    allow_event_modification: entry.data.allow_event_modification === true,
    ...Object.fromEntries(linkColumns.map((name) => [name, entry.data[name] ?? null])),
    ...encodeStamps(entry),
  }),
  decode: (record, isNew) => {
    const given = requireFields(record)
    const name = requireName(given, isNew, 80)
    const { type, content, config } = given
    if (isNew || type !== undefined) {
      if (type === undefined || type === null || type === '') {
        throw invalidData({ type: ['The type field is required.'] })
      }
      if (!(scriptTypes as readonly unknown[]).includes(type)) {
        throw invalidData({ type: ['The selected type is invalid.'] })
      }
    }
    if (content !== undefined && content !== null && typeof content !== 'string') {
      throw invalidData({ content: ['The content must be a string.'] })
    }
    return {
      ...(name !== undefined && { name }),
      data: {
        ...(type !== undefined && { type: type as string }),
        ...(content !== undefined && { content: content as string | null }),
        ...(config !== undefined && { config: config as Json }),
        ...(given.is_active !== undefined && { is_active: isTrue(given.is_active) }),
        ...(given.allow_event_modification !== undefined && {
          allow_event_modification: isTrue(given.allow_event_modification),
        }),
        ...Object.fromEntries(
          linkColumns.flatMap((column) =>
            given[column] === undefined ? [] : [[column, given[column] as Json]],
          ),
        ),
      },
    }
  },
}

export const entryResources: readonly EntryResource[] = [lookup, emailTemplate, custom, eventScript]

export const shapeOf = ({ primaryKey, encode }: EntryResource): Shape<ShownEntry> => ({
  primaryKey,
  encode,
  relation: (name) =>
    name === 'user_by_created_by_id' || name === 'user_by_last_modified_by_id'
      ? (entry) => {
          const id = name === 'user_by_created_by_id' ? entry.createdBy : entry.updatedBy
          return id === undefined ? null : { id }
        }
      : undefined,
})
