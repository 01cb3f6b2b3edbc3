import type { Json } from '#core/json.ts'
import type { RolePart, RoleWithParts } from '#core/roles/parts.ts'
import type { Role } from '#core/roles/role.ts'
import type { createRoleWithParts, UpdateRoleWithParts } from '#core/roles/save.ts'
import type { ServiceAccess } from '#core/service-access/service-access.ts'
import type { ServiceAccessRow } from '#core/service-access/write.ts'
import { encodeApp } from './apps.wire.ts'
import { type Columns, extension, flag, instant, integer, text } from './columns.ts'
import { decodeId, encodeInstant, type Fields, isFields } from './envelope.ts'
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
import { services } from './services.wire.ts'
import { encodeUser } from './users.wire.ts'

export const roleColumns: Columns = {
  id: integer('number'),
  name: text('name'),
  description: text('description'),
  is_active: flag('isActive'),
  created_date: instant('createdAt'),
  last_modified_date: instant('updatedAt'),
  created_by_id: extension('integer', 'createdBy'),
  last_modified_by_id: extension('integer', 'updatedBy'),
}

export const encodeRole = (role: Role): Fields => ({
  id: role.number,
  name: role.name,
  description: role.description,
  is_active: role.isActive,
  ...encodeOwnStamps(role.createdAt, role.updatedAt, role.extensions.dreamfactory),
})

export const encodeAccess = (row: ServiceAccess, roleNumber: number): Fields => ({
  id: row.number,
  role_id: roleNumber,
  service_id: row.serviceNumber ?? null,
  component: row.component ?? null,
  verb_mask: row.verbMask,
  requestor_mask: row.requestorMask,
  filters: row.filters,
  filter_op: row.filterOp,
  created_date: encodeInstant(row.createdAt),
  last_modified_date: encodeInstant(row.updatedAt),
  created_by_id: null,
  last_modified_by_id: null,
})

const accessName = 'role_service_access_by_role_id'
const assignmentNames = ['user_to_app_to_role_by_role_id', 'user_to_app_to_role']
const lookupNames = ['lookup_by_role_id', 'role_lookup_by_role_id']

type Relation = { part: RolePart; read: (thing: RoleWithParts, at: number) => unknown }

const assignments: Relation = {
  part: 'assignments',
  read: ({ parts }) => (parts.assignments ?? []).map(encodeAssignment),
}
const lookups: Relation = {
  part: 'lookups',
  read: ({ role, parts }) =>
    (parts.lookups ?? []).map((entry) => encodeLookup(entry, { column: 'role_id', number: role.number })),
}
const unique = <T extends { number: number }>(things: readonly T[]): T[] => [
  ...new Map(things.map((thing) => [thing.number, thing])).values(),
]

const relations: Readonly<Record<string, Relation>> = {
  [accessName]: {
    part: 'access',
    read: ({ role, parts }) => (parts.access ?? []).map((row) => encodeAccess(row, role.number)),
  },
  ...Object.fromEntries(assignmentNames.map((name) => [name, assignments])),
  ...Object.fromEntries(lookupNames.map((name) => [name, lookups])),
  service_by_role_service_access: {
    part: 'access',
    read: ({ parts }) => {
      const numbers = new Set((parts.access ?? []).map(({ serviceNumber }) => serviceNumber))
      return services.filter(({ id }) => numbers.has(id))
    },
  },
  app_by_role_id: {
    part: 'applications',
    read: ({ role, parts }) =>
      (parts.applications ?? []).map((application) =>
        encodeApp({ application, parts: { defaultRole: role } }),
      ),
  },
  user_by_user_to_app_to_role: {
    part: 'assignments',
    read: ({ parts }, at) =>
      unique((parts.assignments ?? []).map(({ user }) => user)).map((user) => encodeUser(user, at)),
  },
  app_by_user_to_app_to_role: {
    part: 'assignments',
    read: ({ parts }) =>
      unique((parts.assignments ?? []).map(({ application }) => application)).map((application) =>
        encodeApp({ application, parts: {} }),
      ),
  },
}

export const roleShape = (now: () => number): Shape<RoleWithParts> => ({
  primaryKey: 'id',
  encode: ({ role }) => encodeRole(role),
  relation: (name) => {
    if ((stampRelations as readonly string[]).includes(name)) {
      return ({ role }) => stampOf(name, role.extensions.dreamfactory)
    }
    if (!Object.hasOwn(relations, name)) return undefined
    const { read } = relations[name]!
    return (thing) => read(thing, now())
  },
})

export const roleParts = (related: readonly string[]): RolePart[] => [
  ...new Set(related.flatMap((name) => (Object.hasOwn(relations, name) ? [relations[name]!.part] : []))),
]

const maskOf = (row: Fields, field: 'verb_mask' | 'requestor_mask', most: number): number | undefined => {
  if (row[field] === undefined || row[field] === null) return undefined
  const mask = decodeId(row[field])
  if (mask !== undefined && mask >= 0 && mask <= most) return mask
  throw invalidData({ [field]: [`The ${field.replace('_', ' ')} must be between 0 and ${most}.`] })
}

export const decodeAccessRows = (rows: readonly Fields[] | undefined): ServiceAccessRow[] | undefined =>
  rows?.map((row) => {
    const number = row.id === undefined || row.id === null ? undefined : decodeId(row.id)
    const [verbMask, requestorMask] = [maskOf(row, 'verb_mask', 127), maskOf(row, 'requestor_mask', 3)]
    const role = refOf(row, 'role_id')
    const service = refOf(row, 'service_id')
    const { component, filters, filter_op: filterOp } = row
    if (
      component !== undefined &&
      component !== null &&
      (typeof component !== 'string' || component.length > 255)
    ) {
      throw invalidData({ component: ['The component must be a string of at most 255 characters.'] })
    }
    return {
      ...(number !== undefined && { number }),
      ...(role !== undefined && { role }),
      ...(service !== undefined && { serviceNumber: service && 'number' in service ? service.number : null }),
      ...(component !== undefined && { component: component as string | null }),
      ...(verbMask !== undefined && { verbMask }),
      ...(requestorMask !== undefined && { requestorMask }),
      ...(filters !== undefined && { filters: filters as Json }),
      ...(filterOp !== undefined && { filterOp: String(filterOp).toUpperCase() === 'OR' ? 'OR' : 'AND' }),
    }
  })

export type RoleWriting = { replacesHeld: boolean; by: number | undefined; parts: readonly RolePart[] }

const requireRole = (given: unknown, isNew: boolean): Fields => {
  if (!isFields(given)) throw new WireError(400, 'Invalid data supplied. A record must be an object.')
  const { name, description } = given
  if ((isNew || name !== undefined) && (typeof name !== 'string' || name.trim() === '')) {
    throw invalidData({ name: ['The name field is required.'] })
  }
  if (typeof name === 'string' && name.length > 64) {
    throw invalidData({ name: ['The name may not be greater than 64 characters.'] })
  }
  if (description !== undefined && description !== null && typeof description !== 'string') {
    throw invalidData({ description: ['The description must be a string.'] })
  }
  return given
}

const partsOf = (record: Fields) => {
  const access = decodeAccessRows(rowsOf(record, accessName))
  const held = decodeAssignmentRows(rowsOf(record, ...assignmentNames))
  const own = decodeLookupRows(rowsOf(record, ...lookupNames), 'role_id')
  return { ...(access && { access }), ...(held && { assignments: held }), ...(own && { lookups: own }) }
}

type NewRole = Parameters<typeof createRoleWithParts.run>[1]

/** @throws WireError */
export const decodeNewRole = (given: unknown, { replacesHeld, by, parts }: RoleWriting): NewRole => {
  const record = requireRole(given, true)
  return {
    role: {
      name: record.name as string,
      description: String(record.description ?? '').slice(0, 255),
      isActive: isTrue(record.is_active),
      ...(by !== undefined && { extensions: { dreamfactory: { createdBy: by, updatedBy: by } } }),
    },
    ...partsOf(record),
    ...(replacesHeld && { replacesHeld }),
    parts,
  }
}

/** @throws WireError */
export const decodeRoleChanges = (
  given: unknown,
  number: number,
  { replacesHeld, by, parts }: RoleWriting,
): UpdateRoleWithParts => {
  const record = requireRole(given, false)
  const changes: UpdateRoleWithParts['changes'] = {
    ...(record.name !== undefined && { name: record.name as string }),
    ...(record.description !== undefined && { description: String(record.description ?? '').slice(0, 255) }),
    ...(record.is_active !== undefined && { isActive: isTrue(record.is_active) }),
  }
  if (Object.keys(changes).length > 0 && by !== undefined) {
    changes.extensions = { dreamfactory: { updatedBy: by } }
  }
  return { ref: { number }, changes, ...partsOf(record), ...(replacesHeld && { replacesHeld }), parts }
}
