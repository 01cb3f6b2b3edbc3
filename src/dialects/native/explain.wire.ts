import Type, { type Static } from 'typebox'
import type { Explain } from '#core/roles/explain.ts'
import type { Carrier, Explanation, NearMiss, Obstacle, Path } from '#core/roles/explanation.ts'
import { WireError } from './errors.ts'
import { encodeInstant, Instant, instantAt } from './instants.ts'
import { decodeScope, ScopeText } from './scopes.ts'

const Id = Type.String({ minLength: 1, maxLength: 300 })

export const ExplainQuery = Type.Object({
  userId: Id,
  roleId: Type.Optional(Id),
  api: Type.Optional(
    Type.String({ minLength: 1, maxLength: 600, description: 'The id or the identifier of an API.' }),
  ),
  permission: Type.Optional(
    Type.String({ minLength: 1, maxLength: 280, description: 'The name of one of its permissions.' }),
  ),
  scope: Type.Optional(ScopeText),
})

const RoleRef = Type.Object({ id: Type.String(), name: Type.String(), isActive: Type.Boolean() })
const Roles = Type.Array(RoleRef)

const Grant = Type.Object({
  kind: Type.Enum(['assignment', 'permission']),
  scope: Type.String(),
  source: Type.Optional(Type.String()),
  sourceId: Type.Optional(Type.String()),
  sourceName: Type.Optional(
    Type.String({ description: 'The rule, or the application whose policy gave it; who invited.' }),
  ),
  by: Type.Optional(
    Type.Object({ kind: Type.String(), id: Type.String(), name: Type.Optional(Type.String()) }),
  ),
  door: Type.Optional(Type.String({ description: 'The dialect it came through.' })),
  reason: Type.Optional(Type.String()),
  since: Type.Optional(Instant),
  until: Type.Optional(Instant),
})

const WireObstacle = Type.Object({
  kind: Type.Enum(['expired', 'other-scope', 'inactive-role']),
  at: Type.Optional(Instant),
  scope: Type.Optional(Type.String()),
  role: Type.Optional(RoleRef),
})

export const WireExplanation = Type.Object({
  user: Type.Object({
    id: Type.String(),
    name: Type.Optional(Type.String()),
    isBlocked: Type.Boolean(),
  }),
  scope: Type.String(),
  at: Instant,
  asked: Type.Object({
    kind: Type.Enum(['role', 'permission']),
    role: Type.Optional(RoleRef),
    permission: Type.Optional(
      Type.Object({
        apiId: Type.String(),
        apiIdentifier: Type.String(),
        apiName: Type.String(),
        name: Type.String(),
        description: Type.String(),
      }),
    ),
  }),
  answer: Type.Boolean(),
  paths: Type.Array(Type.Object({ grant: Grant, roles: Roles }), {
    description:
      'Every way that leads there: what was granted, then the roles from it to what was asked for.',
  }),
  isCut: Type.Boolean({ description: 'There are more paths than are listed.' }),
  missing: Type.Optional(
    Type.Object({
      isBlocked: Type.Boolean(),
      isMember: Type.Optional(Type.Boolean()),
      nearly: Type.Array(Type.Object({ grant: Grant, roles: Roles, because: Type.Array(WireObstacle) })),
      roles: Type.Optional(
        Type.Array(Type.Object({ roles: Roles, assignIn: Type.String(), inactive: Roles })),
      ),
    }),
  ),
})

export const decodeExplainQuery = (query: Static<typeof ExplainQuery>): Explain => {
  const { userId, roleId, api, permission } = query
  const about = { userId, scope: decodeScope(query.scope) }
  const asksForPermission = api !== undefined && permission !== undefined
  if (roleId !== undefined && api === undefined && permission === undefined) return { ...about, roleId }
  if (roleId === undefined && asksForPermission) return { ...about, permission: { api, name: permission } }
  const message = 'or both api and permission must be given'
  throw new WireError('invalid_request', `Either roleId ${message}.`, [
    { in: 'query', path: 'roleId', message },
  ])
}

export const encodeExplanation = ({
  at,
  asked,
  paths,
  missing,
  ...explanation
}: Explanation): Static<typeof WireExplanation> => ({
  ...explanation,
  at: encodeInstant(at),
  asked: { ...asked },
  paths: paths.map(encodePath),
  ...(missing && {
    missing: {
      ...missing,
      nearly: missing.nearly.map(encodeNearMiss),
      roles: missing.roles?.map(encodeCarrier),
    },
  }),
})

const encodePath = ({ grant, roles }: Path) => {
  const { since, ...rest } = grant
  const until = 'until' in grant ? grant.until : undefined
  return { grant: { ...rest, ...instantAt('since', since), until: instantAt('until', until).until }, roles }
}

const encodeNearMiss = ({ because, ...path }: NearMiss) => ({
  ...encodePath(path),
  because: because.map(encodeObstacle),
})

const encodeObstacle = (obstacle: Obstacle): Static<typeof WireObstacle> =>
  obstacle.kind === 'expired' ? { kind: obstacle.kind, at: encodeInstant(obstacle.at) } : obstacle

const encodeCarrier = ({ roles, assignIn, inactive }: Carrier) => ({ roles, assignIn, inactive })
