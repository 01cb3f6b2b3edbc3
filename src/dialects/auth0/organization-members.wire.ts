import Type, { type Static } from 'typebox'
import type { Member } from '#core/members.ts'
import type { OrganizationMembers } from '#core/organizations/members.ts'
import type { MemberRoles } from '#core/organizations/roles.ts'
import { decodeUserId, encodeRoleId, requireOrganizationId, requireRoleId } from './ids.ts'
import { UserId } from './profiles.wire.ts'
import { encodeRoleUser, WireRoleUser } from './roles.wire.ts'

/** @see specs: §1.13 of the Auth0 dialect */
export const WireMember = Type.Partial(
  Type.Object({
    ...WireRoleUser.properties,
    roles: Type.Array(Type.Object({ id: Type.String(), name: Type.String() }), {
      description: 'Only where `fields` names it. Those held within the organization.',
    }),
  }),
)

export const MemberList = Type.Object(
  {
    members: Type.Array(UserId, {
      minItems: 1,
      maxItems: 1000,
      description: 'List of user IDs to add to, or to take from, the organization.',
    }),
  },
  { additionalProperties: false },
)

export const MemberRoleList = Type.Object(
  {
    roles: Type.Array(Type.String({ minLength: 1 }), {
      minItems: 1,
      maxItems: 1000,
      description: 'List of roles IDs to associated with the user.',
    }),
  },
  { additionalProperties: false },
)

export const decodeMembers = (
  wireOrganizationId: string,
  { members }: Static<typeof MemberList>,
): OrganizationMembers => ({
  organizationId: requireOrganizationId(wireOrganizationId),
  userIds: members.map(decodeUserId),
})

export const decodeMemberRoles = (
  params: { id: string; user_id: string },
  { roles }: Static<typeof MemberRoleList>,
): MemberRoles => ({
  organizationId: requireOrganizationId(params.id),
  userId: decodeUserId(params.user_id),
  roleIds: roles.map(requireRoleId),
})

/** Roles are looked up only for who names the field. */
export const namesRoles = ({
  fields = '',
  include_fields: includes = true,
}: {
  fields?: string
  include_fields?: boolean
}): boolean => includes && fields.split(',').some((name) => name.trim() === 'roles')

export const encodeMember = ({ user, roles }: Member, issuer: string): Static<typeof WireMember> => ({
  ...encodeRoleUser(user, issuer),
  ...(roles && { roles: roles.map(({ id, name }) => ({ id: encodeRoleId(id), name })) }),
})
