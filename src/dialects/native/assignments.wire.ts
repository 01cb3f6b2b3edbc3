import Type, { type Static } from 'typebox'
import { equal, every, type Listing } from '#core/listing.ts'
import type { AssignRoles } from '#core/roles/assign.ts'
import type { Assignment } from '#core/roles/assignment.ts'
import type { RemoveRoles } from '#core/roles/remove.ts'
import { WireError } from './errors.ts'
import { decodeInstant, encodeInstant, Instant, instantAt } from './instants.ts'
import { decodeOrder, decodePaging, orderBy, PageQuery } from './paging.ts'
import { decodeScope, ScopeText } from './scopes.ts'

const Id = Type.String({ minLength: 1, maxLength: 300 })
const Ids = Type.Array(Id, { minItems: 1, maxItems: 1000 })

const targets = {
  userId: Type.Optional(Id),
  userIds: Type.Optional(Ids),
  roleId: Type.Optional(Id),
  roleIds: Type.Optional(Ids),
  scope: Type.Optional(ScopeText),
}

export const NewAssignments = Type.Object(
  {
    ...targets,
    expiresAt: Type.Optional(Instant),
    reason: Type.Optional(Type.String({ minLength: 1, maxLength: 1000 })),
  },
  {
    additionalProperties: false,
    description: 'One user or several, one role or several; every one of the pairs.',
  },
)

export const GoneAssignments = Type.Object(targets, { additionalProperties: false })

/** The same in the query, for clients that can't send a body with DELETE. */
export const GoneAssignmentQuery = Type.Object({
  userId: Type.Optional(Id),
  roleId: Type.Optional(Id),
  scope: Type.Optional(ScopeText),
})

export const WireAssignment = Type.Object({
  userId: Type.String(),
  roleId: Type.String(),
  scope: Type.String(),
  source: Type.String({ description: 'How it came: `direct` when somebody gave it, else what gave it.' }),
  sourceId: Type.Optional(Type.String()),
  actor: Type.Object({ kind: Type.String(), id: Type.String() }),
  door: Type.String({ description: 'The dialect it came through.' }),
  reason: Type.Optional(Type.String()),
  createdAt: Instant,
  expiresAt: Type.Optional(Instant),
})

const sources = ['direct', 'default', 'selection', 'request', 'invitation', 'rule', 'hook', 'import']
const doors = ['auth0', 'dreamfactory', 'rocketchat', 'native', 'oidc', 'cli', 'system']
export const DoorName = Type.Enum(doors)

export const AssignmentQuery = Type.Object({
  ...PageQuery,
  userId: Type.Optional(Id),
  roleId: Type.Optional(Id),
  scope: Type.Optional(ScopeText),
  source: Type.Optional(Type.Enum(sources)),
  door: Type.Optional(DoorName),
  actorId: Type.Optional(Id),
  expired: Type.Optional(
    Type.Boolean({ description: 'List those too that have expired and count no more.' }),
  ),
  ...orderBy('number', 'createdAt', 'expiresAt'),
})

export const decodeAssignmentQuery = (
  query: Static<typeof AssignmentQuery>,
): { listing: Listing; withExpired: boolean } => {
  const filter = every(
    ...(['userId', 'roleId', 'scope', 'source', 'door', 'actorId'] as const).map((field) => {
      const value = query[field]
      return value === undefined ? undefined : equal(field, String(value))
    }),
  )
  return {
    listing: { ...decodePaging(query), ...decodeOrder(query.order), ...(filter && { filter }) },
    withExpired: query.expired ?? false,
  }
}

export const decodeNewAssignments = (body: Static<typeof NewAssignments>): AssignRoles => {
  const { expiresAt, reason } = body
  return {
    ...decodeGoneAssignments(body),
    ...(expiresAt !== undefined && { expiresAt: decodeInstant(expiresAt) }),
    ...(reason !== undefined && { reason }),
  }
}

export const decodeGoneAssignments = (
  given: Static<typeof GoneAssignments> | Static<typeof GoneAssignmentQuery>,
): RemoveRoles => ({
  userIds: oneOrSeveral(given, 'userId', 'userIds'),
  roleIds: oneOrSeveral(given, 'roleId', 'roleIds'),
  scope: decodeScope(given.scope),
})

/** Exactly one of the two must be there; which one to believe otherwise is not ours to guess. */
const oneOrSeveral = (
  given: { [name: string]: unknown },
  one: 'userId' | 'roleId',
  several: 'userIds' | 'roleIds',
): string[] => {
  if ((given[one] === undefined) === (given[several] === undefined)) {
    const message =
      given[one] === undefined ? `or ${several} is missing` : `and ${several} can not both be given`
    throw new WireError('invalid_request', `${one} ${message}.`, [{ in: 'body', path: one, message }])
  }
  return given[one] === undefined ? (given[several] as string[]) : [given[one] as string]
}

export const encodeAssignment = ({
  userId,
  roleId,
  scope,
  source,
  sourceId,
  actor,
  door,
  reason,
  createdAt,
  expiresAt,
}: Assignment): Static<typeof WireAssignment> => ({
  userId,
  roleId,
  scope,
  source,
  sourceId,
  actor,
  door,
  reason,
  createdAt: encodeInstant(createdAt),
  ...instantAt('expiresAt', expiresAt),
})
