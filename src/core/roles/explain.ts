import { attachApis, type PermissionKey, type PermissionRef } from '../apis/api.ts'
import type { Event } from '../events.ts'
import { equal, unlimited } from '../listing.ts'
import { query } from '../operation.ts'
import { found } from '../refusals.ts'
import { mayDo } from '../rights.ts'
import { type Scope, scopesThatCountIn, splitScope, workspace } from '../scope.ts'
import type { Reader } from '../store.ts'
import type { User } from '../users/user.ts'
import { type Assignment, counts } from './assignment.ts'
import { type Chain, chainsFrom, type RoleGraph, roleGraph, shortestChain } from './chains.ts'
import {
  type AskedPermission,
  type AskedRole,
  type Carrier,
  type DirectGrant,
  type Explanation,
  grantOf,
  type NearMiss,
  type Obstacle,
  type Path,
  type RoleRef,
  type Who,
} from './explanation.ts'
import { resolvePermissions } from './permissions.ts'
import type { Role } from './role.ts'
import { requirePlace } from './rules.ts'
import { sourceNames } from './source-names.ts'

export type Explain = { userId: string; scope?: Scope } & (
  | { roleId: string; permission?: never }
  | { permission: PermissionRef; roleId?: never }
)

const pathLimit = 100
const hintLimit = 50

/**
 * Answers why a user holds a role, or may do something, in a scope; and if not, what is missing. Everybody may ask it
 * about himself.
 * @throws not_found, unknown_permission
 */
export const explain = query<Explain, Explanation>({
  name: 'explain',
  needs: 'decisions:read',
  scope: ({ scope }) => scope ?? workspace,
  self: ({ userId }) => userId,
  run: async (reader, { userId, scope = workspace, roleId, permission }, actor) => {
    const user = found(await reader.users.find(userId), 'user', userId)
    const mayAsk = await mayDo(reader, actor, ['decisions:read'], scope)
    // Nobody learns by asking about himself which rooms and organizations there are.
    if (mayAsk) await requirePlace(reader, [], scope)
    const asked =
      roleId === undefined ? await askPermission(reader, permission) : await askRole(reader, roleId)
    const facts = await gather(reader, user, scope, asked.targets)
    const direct = asked.key ? await directGrant(reader, userId, asked.key) : undefined
    const { paths, isCut } = pathsOf(facts)
    if (direct) paths.unshift({ grant: await withName(reader, direct), roles: [] })
    const isBlocked = user.isBlocked === true
    const answer = paths.length > 0 && !(isBlocked && asked.key)
    const mayHint = mayAsk || (await mayDo(reader, actor, ['roles:read'], scope))
    return {
      user: { id: user.id, ...nameOf(user), isBlocked },
      scope,
      at: facts.at,
      asked: asked.shown,
      answer,
      paths: paths.slice(0, pathLimit),
      isCut: isCut || paths.length > pathLimit,
      ...(!answer && {
        missing: {
          isBlocked: isBlocked && asked.key !== undefined,
          ...(await membershipOf(reader, userId, scope)),
          nearly: nearMisses(facts),
          ...(mayHint && { roles: carriers(facts) }),
        },
      }),
    }
  },
})

type Asked = { shown: AskedRole | AskedPermission; targets: ReadonlySet<string>; key?: PermissionKey }

const askRole = async ({ roles }: Reader, roleId: string): Promise<Asked> => {
  const role = found(await roles.find(roleId), 'role', roleId)
  return { shown: { kind: 'role', role: refOf(role) }, targets: new Set([roleId]) }
}

const askPermission = async (reader: Reader, ref: PermissionRef): Promise<Asked> => {
  const [key] = await resolvePermissions(reader, [ref])
  const [permission] = await attachApis(reader, [(await reader.permissions.find(key!))!])
  const { api, name, description } = permission!
  return {
    shown: {
      kind: 'permission',
      permission: { apiId: api.id, apiIdentifier: api.identifier, apiName: api.name, name, description },
    },
    targets: new Set(await reader.permissions.rolesWith(key!)),
    key: key!,
  }
}

/** Everything the answer follows from. */
type Facts = {
  at: number
  scope: Scope
  targets: ReadonlySet<string>
  /** The roles that lead to a target, by id; no other role matters. */
  roles: ReadonlyMap<string, Role>
  all: RoleGraph
  active: RoleGraph
  /** The user's assignments of roles that lead to a target: oldest first, expired and in any scope. */
  assignments: readonly Assignment[]
  who: (actor: Assignment['actor']) => Who
  /** By the id of the source. */
  sources: ReadonlyMap<string, string>
}

const gather = async (
  reader: Reader,
  user: User,
  scope: Scope,
  targets: ReadonlySet<string>,
): Promise<Facts> => {
  const inclusions = await reader.roles.inclusions()
  const ids = new Set([...targets, ...inclusions.flatMap((each) => [each.roleId, each.includedRoleId])])
  const known = await reader.roles.findMany([...ids])
  const leading = roleGraph(known, inclusions).leadsTo(targets)
  const roles = known.filter(({ id }) => leading.has(id)).sort((left, right) => left.number - right.number)
  const { items } = await reader.assignments.list({
    filter: equal('userId', user.id),
    limit: unlimited,
  })
  const assignments = items.filter(({ roleId }) => leading.has(roleId))
  const active = roles.filter(({ isActive }) => isActive)
  return {
    at: reader.now(),
    scope,
    targets,
    roles: new Map(roles.map((role) => [role.id, role])),
    all: roleGraph(roles, inclusions),
    active: roleGraph(active, inclusions),
    assignments,
    sources: await sourceNames(reader, assignments),
    who: await namer(
      reader,
      assignments.map(({ actor }) => actor),
    ),
  }
}

const pathsOf = (facts: Facts): { paths: Path[]; isCut: boolean } => {
  const scopes = scopesThatCountIn(facts.scope)
  const counting = facts.assignments.filter(
    (assignment) => scopes.includes(assignment.scope) && counts(assignment, facts.at),
  )
  const found = counting.map((assignment) => ({
    assignment,
    ...chainsFrom(assignment.roleId, facts.targets, facts.active, pathLimit),
  }))
  const paths = found.flatMap(({ assignment, chains }) =>
    chains.map((chain) => pathOf(facts, assignment, chain)),
  )
  return { paths: shortestFirst(paths), isCut: found.some(({ isCut }) => isCut) }
}

/** Those that do not count, each with every reason why. */
const nearMisses = (facts: Facts): NearMiss[] => {
  const scopes = scopesThatCountIn(facts.scope)
  const misses = facts.assignments.flatMap((assignment): NearMiss[] => {
    const obstacles: Obstacle[] = []
    if (!counts(assignment, facts.at)) obstacles.push({ kind: 'expired', at: assignment.expiresAt! })
    if (!scopes.includes(assignment.scope)) obstacles.push({ kind: 'other-scope', scope: assignment.scope })
    const { chains } = chainsFrom(assignment.roleId, facts.targets, facts.all, hintLimit)
    return chains.map((chain) => {
      const path = pathOf(facts, assignment, chain)
      const inactive = path.roles.filter(({ isActive }) => !isActive)
      const because = [...obstacles, ...inactive.map((role) => ({ kind: 'inactive-role', role }) as const)]
      return { ...path, because }
    })
  })
  return shortestFirst(misses.filter(({ because }) => because.length > 0)).slice(0, hintLimit)
}

/** By the shortest way each; roles that are switched on come first. */
const carriers = (facts: Facts): Carrier[] => {
  const found = [...facts.roles.values()].flatMap((role): Carrier[] => {
    const chain =
      shortestChain(role.id, facts.targets, facts.active) ?? shortestChain(role.id, facts.targets, facts.all)
    if (!chain) return []
    const roles = refsOf(facts, chain)
    const fits = splitScope(facts.scope).kind !== 'room' || role.heldIn === 'room'
    return [
      {
        roles,
        assignIn: fits ? facts.scope : workspace,
        inactive: roles.filter(({ isActive }) => !isActive),
      },
    ]
  })
  const rank = ({ roles, inactive }: Carrier) => (inactive.length > 0 ? 1_000_000 : 0) + roles.length
  return found.sort((left, right) => rank(left) - rank(right)).slice(0, hintLimit)
}

const pathOf = (facts: Facts, assignment: Assignment, chain: Chain): Path => ({
  grant: grantOf(assignment, facts.who(assignment.actor), facts.sources.get(assignment.sourceId ?? '')),
  roles: refsOf(facts, chain),
})

const refsOf = ({ roles }: Facts, chain: Chain): RoleRef[] => chain.map((id) => refOf(roles.get(id)!))

const refOf = ({ id, name, isActive }: Role): RoleRef => ({ id, name, isActive })

/** Sorting keeps the order of equals: by the age of the grant, then by the numbers of the roles. */
const shortestFirst = <T extends Path>(paths: T[]): T[] =>
  paths.sort((left, right) => left.roles.length - right.roles.length)

const membershipOf = async (
  { memberships }: Reader,
  userId: string,
  scope: Scope,
): Promise<{ isMember?: boolean }> => {
  const { kind } = splitScope(scope)
  if (kind !== 'organization' && kind !== 'room') return {}
  return { isMember: (await memberships.find(userId, scope)) !== undefined }
}

type Given = DirectGrant & { actor?: Event['actor'] }

/** Who gave a permission, and when, is known from the newest event that says so. */
const directGrant = async (
  reader: Reader,
  userId: string,
  { apiId, name: permission }: PermissionKey,
): Promise<Given | undefined> => {
  const direct = await reader.permissions.ofUser(userId)
  if (!direct.some((each) => each.apiId === apiId && each.name === permission)) return undefined
  const filter = {
    all: [
      equal('userId', userId),
      equal('type', 'user.permission-assigned'),
      equal('data.apiId', apiId),
      equal('data.name', permission),
    ],
  }
  const order = [{ field: 'number', direction: 'descending' } as const]
  const [event] = (await reader.events.list({ filter, order, limit: 1 })).items
  return {
    kind: 'permission',
    scope: workspace,
    ...(event && { actor: event.actor, door: event.door, since: event.at }),
  }
}

const withName = async (reader: Reader, { actor, ...grant }: Given): Promise<DirectGrant> =>
  actor ? { ...grant, by: (await namer(reader, [actor]))(actor) } : grant

/** Names for the users and applications among the actors. */
const namer = async (reader: Reader, actors: readonly Assignment['actor'][]): Promise<Facts['who']> => {
  const idsOf = (kind: string) => [
    ...new Set(actors.filter((actor) => actor.kind === kind).map(({ id }) => id)),
  ]
  const names = new Map<string, { name?: string }>()
  for (const user of await reader.users.findMany(idsOf('user'))) names.set(`user ${user.id}`, nameOf(user))
  for (const { id, name } of await reader.applications.findMany(idsOf('application'))) {
    names.set(`application ${id}`, { name })
  }
  return ({ kind, id }) => ({ kind, id, ...names.get(`${kind} ${id}`) })
}

const nameOf = ({ name, username }: User): { name?: string } => {
  const shown = name ?? username
  return shown === undefined ? {} : { name: shown }
}
