import type { Role, RoleInclusion } from './role.ts'

/** Roles one inside the other: the first includes the second, and so on. */
export type Chain = readonly string[]

export type Chains = {
  /** Shortest first, then by the numbers of the roles. */
  chains: Chain[]
  /** Whether there are more than were asked for. */
  isCut: boolean
}

/**
 * The ways from a role, through what it includes, to any of the targets. Diamonds make their number grow without
 * bounds, so that no more than `limit` are looked for.
 */
export const chainsFrom = (
  from: string,
  targets: ReadonlySet<string>,
  graph: RoleGraph,
  limit: number,
): Chains => {
  const chains: Chain[] = []
  let isCut = false
  let open: Chain[] = graph.leadsTo(targets).has(from) ? [[from]] : []
  while (open.length > 0) {
    const next: Chain[] = []
    for (const chain of open) {
      const last = chain.at(-1)!
      if (targets.has(last)) chains.push(chain)
      for (const included of graph.includedIn(last)) {
        if (graph.leadsTo(targets).has(included) && !chain.includes(included)) next.push([...chain, included])
      }
    }
    // Each open chain reaches a target, so that no more of them are needed than chains are wanted.
    const room = Math.max(0, limit - chains.length)
    isCut ||= next.length > room || chains.length > limit
    open = next.slice(0, room)
  }
  return { chains: chains.slice(0, limit), isCut }
}

/** The first of the shortest ways to any of the targets, by the numbers of the roles. */
export const shortestChain = (
  from: string,
  targets: ReadonlySet<string>,
  graph: RoleGraph,
): Chain | undefined => {
  const leading = graph.leadsTo(targets)
  const chains = new Map<string, Chain>(leading.has(from) ? [[from, [from]]] : [])
  // A map's iteration visits what is added during it: breadth first.
  for (const [last, chain] of chains) {
    if (targets.has(last)) return chain
    for (const included of graph.includedIn(last)) {
      if (leading.has(included) && !chains.has(included)) chains.set(included, [...chain, included])
    }
  }
  return undefined
}

export type RoleGraph = {
  /** By number. */
  includedIn(roleId: string): readonly string[]
  /** The targets and every role that includes one of them, through others too. */
  leadsTo(targets: ReadonlySet<string>): ReadonlySet<string>
}

/** The graph of the given roles; inclusions of and in other roles are left out. */
export const roleGraph = (
  roles: readonly Pick<Role, 'id' | 'number'>[],
  inclusions: readonly RoleInclusion[],
): RoleGraph => {
  const numbers = new Map(roles.map(({ id, number }) => [id, number]))
  const edges = inclusions
    .filter(({ roleId, includedRoleId }) => numbers.has(roleId) && numbers.has(includedRoleId))
    .sort((left, right) => numbers.get(left.includedRoleId)! - numbers.get(right.includedRoleId)!)
  const down = Map.groupBy(edges, ({ roleId }) => roleId)
  const up = Map.groupBy(edges, ({ includedRoleId }) => includedRoleId)
  const reached = new Map<ReadonlySet<string>, ReadonlySet<string>>()
  return {
    includedIn: (roleId) => (down.get(roleId) ?? []).map(({ includedRoleId }) => includedRoleId),
    leadsTo: (targets) => {
      const known = reached.get(targets)
      if (known) return known
      const leading = new Set([...targets].filter((id) => numbers.has(id)))
      // A set's iteration visits what is added during it.
      for (const id of leading) for (const { roleId } of up.get(id) ?? []) leading.add(roleId)
      reached.set(targets, leading)
      return leading
    },
  }
}
