import Type, { type Static } from 'typebox'
import { equal, every, type Filter, type Listing } from '#core/listing.ts'
import type { ShownRequest } from '#core/registration/read-requests.ts'
import type { RoleRequest } from '#core/registration/role-request.ts'
import { encodeInstant, Instant, instantAt } from './instants.ts'
import { decodeOrder, decodePaging, orderBy, PageQuery } from './paging.ts'

const Id = Type.String({ minLength: 1, maxLength: 300 })
const Words = Type.String({ minLength: 1, maxLength: 1000 })
const Status = Type.Enum(['open', 'approved', 'rejected', 'withdrawn', 'expired'])

export const NewRoleRequests = Type.Object(
  {
    userId: Type.Optional(Id),
    roles: Type.Array(Id, {
      minItems: 1,
      maxItems: 20,
      description: 'Ids or names, as a person knows them.',
    }),
    applicationId: Type.Optional(
      Type.String({ minLength: 1, maxLength: 300, description: 'Its policy says what may be asked for.' }),
    ),
    reason: Type.Optional(Words),
  },
  { additionalProperties: false },
)

export const Decision = Type.Object({ answer: Type.Optional(Words) }, { additionalProperties: false })
export const Approval = Type.Object(
  { ...Decision.properties, expiresAt: Type.Optional(Instant) },
  { additionalProperties: false },
)

export const WireRoleRequest = Type.Object({
  id: Type.String(),
  userId: Type.String(),
  roleId: Type.String(),
  scope: Type.String(),
  status: Status,
  reason: Type.Optional(Type.String()),
  answer: Type.Optional(Type.String()),
  decidedBy: Type.Optional(Type.Object({ kind: Type.String(), id: Type.String() })),
  createdAt: Instant,
  expiresAt: Instant,
  decidedAt: Type.Optional(Instant),
})

export const WireShownRequest = Type.Object({
  ...WireRoleRequest.properties,
  user: Type.Object({
    id: Type.String(),
    name: Type.Optional(Type.String()),
    username: Type.Optional(Type.String()),
    email: Type.Optional(Type.String()),
  }),
  role: Type.Object({ id: Type.String(), name: Type.String() }),
})

export const WireRequested = Type.Object({
  givenRoleIds: Type.Array(Type.String(), { description: 'Those that needed no approval.' }),
  requests: Type.Array(WireRoleRequest),
})

export const RoleRequestQuery = Type.Object({
  ...PageQuery,
  userId: Type.Optional(Id),
  roleId: Type.Optional(Id),
  status: Type.Optional(Status),
  ...orderBy('createdAt', 'expiresAt'),
})

/** An open one has expired from its instant on, whether or not that is stored already. */
const statusFilter = (status: Static<typeof Status>, now: number): Filter => {
  if (status !== 'open' && status !== 'expired') return equal('status', status)
  const isOver = { field: 'expiresAt', is: 'atMost', value: now } as const
  const open = equal('status', 'open')
  if (status === 'open') return { all: [open, { not: isOver }] }
  return { any: [equal('status', 'expired'), { all: [open, isOver] }] }
}

export const decodeRoleRequestQuery = (
  query: Static<typeof RoleRequestQuery>,
  now: number,
): { userId?: string; listing: Listing } => {
  const { userId, roleId, status } = query
  const filter = every(
    roleId === undefined ? undefined : equal('roleId', roleId),
    status === undefined ? undefined : statusFilter(status, now),
  )
  return {
    ...(userId !== undefined && { userId }),
    listing: { ...decodePaging(query), ...decodeOrder(query.order), ...(filter && { filter }) },
  }
}

export const encodeRoleRequest = (request: RoleRequest | ShownRequest): Static<typeof WireRoleRequest> => ({
  ...request,
  createdAt: encodeInstant(request.createdAt),
  expiresAt: encodeInstant(request.expiresAt),
  decidedAt: instantAt('decidedAt', request.decidedAt).decidedAt,
})

export const encodeShownRequest = (request: ShownRequest): Static<typeof WireShownRequest> => ({
  ...encodeRoleRequest(request),
  user: request.user,
  role: request.role,
})
