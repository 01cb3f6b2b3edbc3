import Type, { type Static } from 'typebox'
import type { ListMembers, Member } from '#core/members.ts'
import { encodeInstant, Instant } from './instants.ts'
import { decodeOrder, decodePaging, orderBy, PageQuery } from './paging.ts'
import { RoleSummary, summarizeRole } from './roles.wire.ts'
import { summarizeUser, UserSummary } from './users.wire.ts'

export const WireMember = Type.Object({
  ...UserSummary.properties,
  memberSince: Instant,
  roles: Type.Optional(Type.Array(RoleSummary, { description: 'Assigned in just this place.' })),
})

export const MemberQuery = Type.Object({
  ...PageQuery,
  search: Type.Optional(
    Type.String({ maxLength: 200, description: 'Part of a name, e-mail address or user name.' }),
  ),
  withRoles: Type.Optional(Type.Boolean({ description: 'Tell the roles of each member too.' })),
  ...orderBy('name', 'email', 'username'),
})

export const NewMembers = Type.Object(
  {
    userIds: Type.Array(Type.String({ minLength: 1, maxLength: 300 }), { minItems: 1, maxItems: 1000 }),
  },
  { additionalProperties: false },
)

export const Added = Type.Object({ added: Type.Integer({ description: 'How many are new.' }) })

export const decodeMemberQuery = (query: Static<typeof MemberQuery>): ListMembers => {
  const { search, withRoles = false } = query
  const listing = { ...decodePaging(query), ...decodeOrder(query.order) }
  return { listing, withRoles, ...(search !== undefined && { search }) }
}

export const encodeMember = ({ user, membership, roles }: Member): Static<typeof WireMember> => ({
  ...summarizeUser(user),
  memberSince: encodeInstant(membership.createdAt),
  roles: roles?.map(summarizeRole),
})
