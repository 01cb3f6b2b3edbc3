import Type, { type Static } from 'typebox'
import type { Carried } from '#core/apis/api.ts'
import type { RoleList } from '#core/chat/permissions.ts'
import { instant } from './parts.ts'

/** @see specs: §3.2 of the Rocket.Chat dialect */
export const WirePermission = Type.Object({
  _id: Type.String(),
  roles: Type.Array(Type.String()),
  _updatedAt: Type.String(),
})

export const ChangedPermissions = Type.Object(
  {
    permissions: Type.Array(
      Type.Object(
        { _id: Type.String(), roles: Type.Array(Type.String(), { uniqueItems: true }) },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
)

export const PermissionOfRole = Type.Object({ permissionId: Type.String(), role: Type.String() })

export const encodePermission = ({ name, roleIds, changedAt }: Carried): Static<typeof WirePermission> => ({
  _id: name,
  roles: roleIds,
  _updatedAt: instant(changedAt),
})

export const decodeLists = ({ permissions }: Static<typeof ChangedPermissions>): RoleList[] =>
  permissions.map(({ _id, roles }) => ({ name: _id, roleIds: roles }))
