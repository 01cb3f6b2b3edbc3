import type { ApplicationPart, ApplicationWithParts } from '#core/applications/parts.ts'
import type { createApplicationWithParts, UpdateApplicationWithParts } from '#core/applications/save.ts'
import type { Json, JsonObject } from '#core/json.ts'
import { type Columns, extension, flag, instant, integer, shown, text } from './columns.ts'
import { decodeId, type Fields, isFields } from './envelope.ts'
import { invalidData, WireError } from './errors.ts'
import { isTrue } from './options.ts'
import {
  decodeAssignmentRows,
  decodeLookupRows,
  encodeAssignment,
  encodeLookup,
  encodeOwnStamps,
  refOf,
  rowsOf,
  stampOf,
  stampRelations,
} from './relations.ts'
import type { Shape } from './results.ts'
import { encodeRole } from './roles.wire.ts'
import { encodeUser } from './users.wire.ts'

/** What only this dialect knows of an application, by column, with its default. */
const ownColumns = {
  type: 0,
  path: null,
  url: null,
  storage_service_id: null,
  storage_container: null,
  requires_fullscreen: false,
  allow_fullscreen_toggle: true,
  toggle_location: 'top',
} as const satisfies Record<string, Json>

const flags: readonly string[] = ['requires_fullscreen', 'allow_fullscreen_toggle']
const integers: readonly string[] = ['type', 'storage_service_id']

export const appColumns: Columns = {
  id: integer('number'),
  name: text('name'),
  api_key: shown('text'),
  description: text('description'),
  is_active: flag('isActive'),
  ...Object.fromEntries(
    Object.keys(ownColumns).map((name) => [
      name,
      extension(integers.includes(name) ? 'integer' : 'text', name),
    ]),
  ),
  role_id: shown('integer'),
  launch_url: shown('text'),
  created_date: instant('createdAt'),
  last_modified_date: instant('updatedAt'),
  created_by_id: extension('integer', 'createdBy'),
  last_modified_by_id: extension('integer', 'updatedBy'),
}

export const encodeApp = ({ application, parts }: ApplicationWithParts): Fields => {
  const own = application.extensions.dreamfactory ?? {}
  const columns: Fields = {}
  for (const [name, value] of Object.entries(ownColumns)) columns[name] = own[name] ?? value
  return {
    id: application.number,
    name: application.name,
    api_key: application.apiKey ?? null,
    description: application.description === '' ? null : application.description,
    is_active: application.isActive,
    ...columns,
    role_id: parts.defaultRole?.number ?? null,
    ...encodeOwnStamps(application.createdAt, application.updatedAt, own),
    launch_url: typeof columns.url === 'string' && columns.type === 2 ? columns.url : '',
  }
}

const assignmentNames = ['user_to_app_to_role_by_app_id', 'user_to_app_to_role']
const lookupNames = ['lookup_by_app_id', 'app_lookup_by_app_id']

type Relation = { part?: ApplicationPart; read: (thing: ApplicationWithParts, at: number) => unknown }

const assignments: Relation = {
  part: 'assignments',
  read: ({ parts }) => (parts.assignments ?? []).map(encodeAssignment),
}
const lookups: Relation = {
  part: 'lookups',
  read: ({ application, parts }) =>
    (parts.lookups ?? []).map((entry) =>
      encodeLookup(entry, { column: 'app_id', number: application.number }),
    ),
}
const unique = <T extends { number: number }>(things: readonly T[]): T[] => [
  ...new Map(things.map((thing) => [thing.number, thing])).values(),
]

const relations: Readonly<Record<string, Relation>> = {
  role_by_role_id: { read: ({ parts }) => (parts.defaultRole ? encodeRole(parts.defaultRole) : null) },
  ...Object.fromEntries(assignmentNames.map((name) => [name, assignments])),
  ...Object.fromEntries(lookupNames.map((name) => [name, lookups])),
  user_by_user_to_app_to_role: {
    part: 'assignments',
    read: ({ parts }, at) =>
      unique((parts.assignments ?? []).map(({ user }) => user)).map((user) => encodeUser(user, at)),
  },
  role_by_user_to_app_to_role: {
    part: 'assignments',
    read: ({ parts }) => unique((parts.assignments ?? []).map(({ role }) => role)).map(encodeRole),
  },
  service_by_storage_service_id: { read: () => null },
}

export const appShape = (now: () => number): Shape<ApplicationWithParts> => ({
  primaryKey: 'id',
  encode: encodeApp,
  relation: (name) => {
    if ((stampRelations as readonly string[]).includes(name)) {
      return ({ application }) => stampOf(name, application.extensions.dreamfactory)
    }
    if (!Object.hasOwn(relations, name)) return undefined
    const { read } = relations[name]!
    return (thing) => read(thing, now())
  },
})

export const appParts = (related: readonly string[]): ApplicationPart[] => [
  ...new Set(
    related.flatMap((name) => (Object.hasOwn(relations, name) ? (relations[name]!.part ?? []) : [])),
  ),
]

export type AppWriting = { replacesHeld: boolean; by: number | undefined; parts: readonly ApplicationPart[] }

const requireApp = (given: unknown, isNew: boolean): Fields => {
  if (!isFields(given)) throw new WireError(400, 'Invalid data supplied. A record must be an object.')
  const { name, description, api_key: apiKey } = given
  if ((isNew || name !== undefined) && (typeof name !== 'string' || name.trim() === '')) {
    throw invalidData({ name: ['The name field is required.'] })
  }
  if (typeof name === 'string' && name.length > 64) {
    throw invalidData({ name: ['The name may not be greater than 64 characters.'] })
  }
  if (description !== undefined && description !== null && typeof description !== 'string') {
    throw invalidData({ description: ['The description must be a string.'] })
  }
  if (apiKey !== undefined && apiKey !== null && typeof apiKey !== 'string') {
    throw invalidData({ api_key: ['The api key must be a string.'] })
  }
  return given
}

const ownOf = (record: Fields): JsonObject => {
  const own: JsonObject = {}
  for (const name of Object.keys(ownColumns)) {
    const value = record[name]
    if (value === undefined) continue
    if (value === null) own[name] = null
    else if (flags.includes(name)) own[name] = isTrue(value)
    else if (integers.includes(name)) own[name] = decodeId(value) ?? null
    else own[name] = String(value)
  }
  return own
}

/** Kept only where it is of use: older clients send keys that are too short to be secrets. */
const apiKeyOf = ({ api_key: apiKey }: Fields): string | undefined =>
  typeof apiKey === 'string' && /^[\da-z]{64,1024}$/iu.test(apiKey) ? apiKey : undefined

const partsOf = (record: Fields) => {
  const role = refOf(record, 'role_id')
  const held = decodeAssignmentRows(rowsOf(record, ...assignmentNames))
  const own = decodeLookupRows(rowsOf(record, ...lookupNames), 'app_id')
  return {
    ...(role !== undefined && { defaultRole: role }),
    ...(held && { assignments: held }),
    ...(own && { lookups: own }),
  }
}

type NewApp = Parameters<typeof createApplicationWithParts.run>[1]

/** @throws WireError */
export const decodeNewApp = (given: unknown, { replacesHeld, by, parts }: AppWriting): NewApp => {
  const record = requireApp(given, true)
  const apiKey = apiKeyOf(record)
  return {
    application: {
      name: record.name as string,
      description: typeof record.description === 'string' ? record.description : '',
      isActive: isTrue(record.is_active),
      ...(apiKey !== undefined && { apiKey }),
      extensions: {
        dreamfactory: { ...ownOf(record), ...(by !== undefined && { createdBy: by, updatedBy: by }) },
      },
    },
    ...partsOf(record),
    ...(replacesHeld && { replacesHeld }),
    parts,
  }
}

/** @throws WireError */
export const decodeAppChanges = (
  given: unknown,
  number: number,
  { replacesHeld, by, parts }: AppWriting,
  regenerates = false,
): UpdateApplicationWithParts => {
  const record = requireApp(given, false)
  const own = ownOf(record)
  const changes: NonNullable<UpdateApplicationWithParts['changes']> = {
    ...(record.name !== undefined && { name: record.name as string }),
    ...(record.description !== undefined && { description: String(record.description ?? '') }),
    ...(record.is_active !== undefined && { isActive: isTrue(record.is_active) }),
  }
  if (Object.keys(changes).length + Object.keys(own).length > 0) {
    changes.extensions = { dreamfactory: { ...own, ...(by !== undefined && { updatedBy: by }) } }
  }
  const apiKey = regenerates ? true : apiKeyOf(record)
  return {
    ref: { number },
    changes,
    ...(apiKey !== undefined && { apiKey }),
    ...partsOf(record),
    ...(replacesHeld && { replacesHeld }),
    parts,
  }
}
