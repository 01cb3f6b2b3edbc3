import Type, { type Static } from 'typebox'
import type { PermissionOfApi, PermissionRef } from '#core/apis/api.ts'
import type { CreateRole } from '#core/roles/create.ts'
import type { Role } from '#core/roles/role.ts'
import type { UpdateRole } from '#core/roles/update.ts'
import type { User } from '#core/users/user.ts'
import { decodeApiIdentifier, encodeApiIdentifier, type Issuers } from './api-identifiers.ts'
import { encodeRoleId, encodeUserId } from './ids.ts'
import { encodeProfile, UserId } from './profiles.wire.ts'

/** @see specs: §1.6 of the Auth0 dialect */
export const WireRole = Type.Object({
  id: Type.String(),
  name: Type.String(),
  description: Type.String(),
})

export const NewRole = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 255, description: 'Name of the role.' }),
    description: Type.Optional(Type.String({ maxLength: 1000, description: 'Description of the role.' })),
  },
  { additionalProperties: false },
)

export const RoleChanges = Type.Partial(NewRole, { additionalProperties: false })

export const WireRolePermission = Type.Object({
  permission_name: Type.String(),
  description: Type.String(),
  resource_server_name: Type.String(),
  resource_server_identifier: Type.String(),
})

export const WireRoleUser = Type.Object({
  user_id: Type.String(),
  picture: Type.Optional(Type.String()),
  name: Type.Optional(Type.String()),
  email: Type.Optional(Type.String()),
})

export const RoleUsers = Type.Object(
  {
    users: Type.Array(UserId, {
      minItems: 1,
      maxItems: 1000,
      description: 'user_id’s of the users to assign the role to.',
    }),
  },
  { additionalProperties: false },
)

export const PermissionList = Type.Object(
  {
    permissions: Type.Array(
      Type.Object(
        {
          resource_server_identifier: Type.String({
            minLength: 1,
            description: 'Resource server (API) identifier.',
          }),
          permission_name: Type.String({ minLength: 1, description: 'Name of this permission.' }),
        },
        { additionalProperties: false },
      ),
      {
        minItems: 1,
        maxItems: 1000,
        description: 'Array of resource_server_identifier, permission_name pairs.',
      },
    ),
  },
  { additionalProperties: false },
)

export const decodePermissions = (
  { permissions }: Static<typeof PermissionList>,
  issuers: Issuers,
): PermissionRef[] =>
  permissions.map((permission) => ({
    apiIdentifier: decodeApiIdentifier(permission.resource_server_identifier, issuers),
    name: permission.permission_name,
  }))

export const encodeRole = (role: Role): Static<typeof WireRole> => ({
  id: encodeRoleId(role.id),
  name: role.name,
  description: role.description,
})

export const decodeNewRole = ({ name, description }: Static<typeof NewRole>): CreateRole => ({
  name,
  ...(description !== undefined && { description }),
})

export const decodeRoleChanges = (changes: Static<typeof RoleChanges>): UpdateRole['changes'] => changes

export const encodeRolePermission = (
  { name, description, api }: PermissionOfApi,
  issuer: string,
): Static<typeof WireRolePermission> => ({
  permission_name: name,
  description,
  resource_server_name: api.name,
  resource_server_identifier: encodeApiIdentifier(api, issuer),
})

export const encodeRoleUser = (user: User, issuer: string): Static<typeof WireRoleUser> => {
  const { name, picture } = encodeProfile(user, issuer)
  return {
    user_id: encodeUserId(user.id),
    picture,
    ...(name !== undefined && { name }),
    ...(user.email !== undefined && { email: user.email }),
  }
}
