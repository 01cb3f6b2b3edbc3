/**
 * Where an assignment holds: everywhere in the workspace, or only in one application, organization or room.
 * One text, so that it is its own database key, query parameter and map key.
 */
export type Scope = 'workspace' | `${ScopeKind}:${string}`
export type ScopeKind = 'application' | 'organization' | 'room'

export const workspace = 'workspace' satisfies Scope

export const scopeOf = (kind: ScopeKind, id: string): Scope => `${kind}:${id}`

/** Splits a scope into its kind and the id of the thing it names; the workspace has no id. */
export const splitScope = (scope: Scope): { kind: 'workspace' | ScopeKind; id: string } => {
  if (scope === workspace) return { kind: workspace, id: '' }
  const colon = scope.indexOf(':')
  return { kind: scope.slice(0, colon) as ScopeKind, id: scope.slice(colon + 1) }
}

/** Reads a scope as people and clients write it; undefined when it is none. */
export const parseScope = (text: string): Scope | undefined => {
  if (text === workspace) return workspace
  return /^(application|organization|room):.+$/su.test(text) ? (text as Scope) : undefined
}

/** The scopes whose assignments count in a scope: its own, and the workspace's. */
export const scopesThatCountIn = (scope: Scope): Scope[] =>
  scope === workspace ? [workspace] : [workspace, scope]
