import Type, { type Static } from 'typebox'
import type { PermissionOfApi, PermissionRef } from '#core/apis/api.ts'
import { equal, every, searchIn } from '#core/listing.ts'
import type { CreateRole } from '#core/roles/create.ts'
import type { ListRoles } from '#core/roles/read.ts'
import type { Role } from '#core/roles/role.ts'
import type { UpdateRole } from '#core/roles/update.ts'
import { encodeInstant, Instant } from './instants.ts'
import { decodeOrder, decodePaging, orderBy, PageQuery } from './paging.ts'

const HeldIn = Type.Enum(['workspace', 'room'], {
  description: '`room` for roles of rooms; `workspace` for all others.',
})

const fields = {
  name: Type.String({ minLength: 1, maxLength: 255 }),
  description: Type.String({ maxLength: 1000 }),
  heldIn: HeldIn,
  isActive: Type.Boolean({ description: 'An inactive role keeps its assignments, which count for nothing.' }),
  requiresSecondFactor: Type.Boolean(),
}

export const RoleChanges = Type.Partial(Type.Object(fields), {
  additionalProperties: false,
  minProperties: 1,
})

export const NewRole = Type.Object(
  { ...Type.Partial(Type.Object(fields)).properties, name: fields.name },
  { additionalProperties: false },
)

export const WireRole = Type.Object({
  id: Type.String(),
  number: Type.Integer({ description: 'The integer id of dialects that need one.' }),
  ...fields,
  isBuiltIn: Type.Boolean(),
  createdAt: Instant,
  updatedAt: Instant,
})

export const RoleSummary = Type.Object({ id: Type.String(), name: Type.String(), isBuiltIn: Type.Boolean() })

export const RoleQuery = Type.Object({
  ...PageQuery,
  search: Type.Optional(Type.String({ maxLength: 200, description: 'Part of the name or description.' })),
  builtIn: Type.Optional(Type.Boolean()),
  heldIn: Type.Optional(HeldIn),
  ...orderBy('createdAt', 'name', 'updatedAt'),
})

export const decodeRoleQuery = (query: Static<typeof RoleQuery>): ListRoles => {
  const { search, builtIn, heldIn } = query
  const filter = every(
    searchIn(['name', 'description'], search),
    builtIn === undefined ? undefined : equal('isBuiltIn', builtIn),
    heldIn === undefined ? undefined : equal('heldIn', heldIn),
  )
  const listing = { ...decodePaging(query), ...decodeOrder(query.order), ...(filter && { filter }) }
  return { listing, withBuiltIns: true }
}

export const encodeRole = (role: Role): Static<typeof WireRole> => ({
  ...role,
  createdAt: encodeInstant(role.createdAt),
  updatedAt: encodeInstant(role.updatedAt),
})

export const summarizeRole = ({ id, name, isBuiltIn }: Role): Static<typeof RoleSummary> => ({
  id,
  name,
  isBuiltIn,
})

export const decodeNewRole = (body: Static<typeof NewRole>): CreateRole => ({ ...body, seesBuiltIns: true })

export const decodeRoleChanges = (roleId: string, changes: Static<typeof RoleChanges>): UpdateRole => ({
  roleId,
  changes,
  seesBuiltIns: true,
})

export const WirePermission = Type.Object({
  apiId: Type.String(),
  apiIdentifier: Type.String(),
  apiName: Type.String(),
  name: Type.String(),
  description: Type.String(),
})

export const encodePermission = ({
  api,
  name,
  description,
}: PermissionOfApi): Static<typeof WirePermission> => ({
  apiId: api.id,
  apiIdentifier: api.identifier,
  apiName: api.name,
  name,
  description,
})

const PermissionName = Type.String({ minLength: 1, maxLength: 280 })

/** Permissions of APIs, each API by its id or by its identifier. */
export const PermissionList = Type.Object(
  {
    permissions: Type.Array(
      Type.Union([
        Type.Object(
          { apiId: Type.String({ minLength: 1, maxLength: 300 }), name: PermissionName },
          { additionalProperties: false },
        ),
        Type.Object(
          { apiIdentifier: Type.String({ minLength: 1, maxLength: 600 }), name: PermissionName },
          { additionalProperties: false },
        ),
      ]),
      { minItems: 1, maxItems: 1000 },
    ),
  },
  { additionalProperties: false },
)

export const decodePermissions = ({ permissions }: Static<typeof PermissionList>): PermissionRef[] =>
  permissions
