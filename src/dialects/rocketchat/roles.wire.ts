import Type, { type Static } from 'typebox'
import type { GoneRole } from '#core/roles/catalogue.ts'
import type { CreateRole } from '#core/roles/create.ts'
import type { Role } from '#core/roles/role.ts'
import type { UpdateRole } from '#core/roles/update.ts'
import { instant } from './parts.ts'

const WireScope = Type.Enum(['Users', 'Subscriptions'])

/** In the order of the published page. @see specs: §2.1 of the Rocket.Chat dialect */
const fields = {
  _id: Type.String(),
  scope: WireScope,
  description: Type.String(),
  mandatory2fa: Type.Boolean(),
  name: Type.String(),
  protected: Type.Boolean(),
}

export const ListedRole = Type.Object(fields)
export const WireRole = Type.Object({ ...fields, _updatedAt: Type.String() })
export const DeletedRole = Type.Object({
  ...WireRole.properties,
  _deletedAt: Type.String(),
  __collection__: Type.Literal('roles'),
})

const properties = {
  name: Type.String(),
  scope: Type.Optional(WireScope),
  description: Type.Optional(Type.String()),
  mandatory2fa: Type.Optional(Type.Boolean()),
}

export const NewRole = Type.Object(properties, { additionalProperties: false })
export const ChangedRole = Type.Object(
  { roleId: Type.String({ minLength: 1 }), ...properties },
  { additionalProperties: false },
)

const heldIn = { Users: 'workspace', Subscriptions: 'room' } as const
const scopes = { workspace: 'Users', room: 'Subscriptions' } as const

export const decodeNewRole = (body: Static<typeof NewRole>): CreateRole => ({
  name: body.name,
  description: body.description ?? '',
  heldIn: heldIn[body.scope ?? 'Users'],
  requiresSecondFactor: body.mandatory2fa ?? false,
  seesBuiltIns: true,
})

/** What is left out goes back to what it is by default, but where a built-in role is held is not for changing. */
export const decodeChangedRole = (body: Static<typeof ChangedRole>): UpdateRole => ({
  roleId: body.roleId,
  changes: {
    name: body.name,
    description: body.description ?? '',
    requiresSecondFactor: body.mandatory2fa ?? false,
    ...(body.scope && { heldIn: heldIn[body.scope] }),
  },
  heldInIfCustom: 'workspace',
  seesBuiltIns: true,
})

export const encodeListedRole = (role: Role): Static<typeof ListedRole> => ({
  _id: role.id,
  scope: scopes[role.heldIn],
  description: role.description,
  mandatory2fa: role.requiresSecondFactor,
  name: role.name,
  protected: role.isBuiltIn,
})

export const encodeRole = (role: Role): Static<typeof WireRole> => ({
  ...encodeListedRole(role),
  _updatedAt: instant(role.updatedAt),
})

export const encodeDeletedRole = (role: GoneRole): Static<typeof DeletedRole> => ({
  _id: role.id,
  scope: scopes[role.heldIn],
  description: role.description,
  mandatory2fa: role.requiresSecondFactor,
  name: role.name,
  protected: false,
  _updatedAt: instant(role.deletedAt),
  _deletedAt: instant(role.deletedAt),
  __collection__: 'roles',
})
