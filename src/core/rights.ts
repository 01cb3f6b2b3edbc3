import type { Actor } from './actor.ts'
import { builtInApiIds, implied, impliedBy } from './apis/built-in.ts'
import { commonPermissions, type Permission } from './permissions.ts'
import { DomainError } from './refusals.ts'
import { type Scope, scopesThatCountIn } from './scope.ts'
import type { Reader } from './store.ts'

export type RightsReader = Pick<Reader, 'now' | 'applications' | 'clientGrants' | 'permissions' | 'decisions'>

/**
 * Refuses an actor who may do nothing any more, whatever his token says: a user who was blocked or is gone, an
 * application that was switched off or is gone.
 * @throws suspended
 */
export const requireStanding = async (
  reader: Pick<Reader, 'users' | 'applications'>,
  { kind, id }: Actor,
): Promise<void> => {
  if (kind === 'system' || kind === 'anonymous') return
  const stands =
    kind === 'user'
      ? (await reader.users.standing(id))?.isBlocked === false
      : (await reader.applications.find(id))?.isActive === true
  if (!stands) throw new DomainError({ code: 'suspended', kind, id })
}

/** Whether the actor holds any of the permissions in the scope, at this instant. */
export const mayDo = async (
  reader: RightsReader,
  actor: Actor,
  anyOf: readonly Permission[],
  scope: Scope,
): Promise<boolean> => {
  if (actor.kind === 'system') return true
  const carried = anyOf.filter((permission) => carries(actor, permission))
  if (carried.length === 0) return false
  if (actor.kind === 'user' || actor.actsBy !== undefined) return mayByApis(reader, actor, carried, scope)
  return carried.some(await heldPermissions(reader, actor, scope))
}

/**
 * Refuses unless the actor holds any of the permissions in the scope; the first is the one that the refusal names.
 * @throws forbidden
 */
export const requireMayDo = async (
  reader: RightsReader,
  actor: Actor,
  anyOf: readonly Permission[],
  scope: Scope,
): Promise<void> => {
  if (await mayDo(reader, actor, anyOf, scope)) return
  throw new DomainError({ code: 'forbidden', permission: anyOf[0]!, scope })
}

/** Refuses unless the actor holds every one of the permissions in the scope. @throws cannot_grant */
export const requireHeld = async (
  reader: RightsReader,
  actor: Actor,
  permissions: Iterable<Permission>,
  scope: Scope,
): Promise<void> => {
  const permission = await firstMissing(reader, actor, permissions, scope)
  if (permission !== undefined) throw new DomainError({ code: 'cannot_grant', permission })
}

/** The first of the permissions that the actor does not hold in the scope; undefined when he holds them all. */
export const firstMissing = async (
  reader: RightsReader,
  actor: Actor,
  permissions: Iterable<Permission>,
  scope: Scope,
): Promise<Permission | undefined> => {
  if (actor.kind === 'system') return undefined
  const wanted = [...new Set(permissions)].filter((permission) => !commonPermissions.has(permission))
  if (wanted.length === 0) return undefined
  const held = await heldPermissions(reader, actor, scope)
  return wanted.find((permission) => !carries(actor, permission) || !held(permission))
}

/** What giving out these permissions of APIs would let the receiver do in Rolecall itself. */
export const powersOf = (keys: Iterable<{ apiId: string; name: string }>): Set<Permission> => {
  const powers = new Set<Permission>()
  for (const { apiId, name } of keys) for (const permission of implied(apiId, name)) powers.add(permission)
  return powers
}

/** Whether the token at hand can carry the permission at all; without a token nothing narrows the actor. */
const carries = ({ credential }: Actor, permission: Permission): boolean =>
  !credential || allows(credential.apiId, credential.tokenScopes, permission)

/** Looks only for what stands for one of the permissions, without reading all that he may. */
const mayByApis = async (
  reader: RightsReader,
  actor: Actor,
  anyOf: readonly Permission[],
  scope: Scope,
): Promise<boolean> => {
  const { id, actsBy } = actor
  const [apiIds, scopes, within] =
    actsBy === undefined
      ? [builtInApiIds, scopesOf(actor, scope), actor.within]
      : [[actsBy], scopesThatCountIn(scope), undefined]
  for (const apiId of apiIds) {
    const names =
      anyOf.length === 1
        ? impliedBy(apiId, anyOf[0]!)
        : new Set(anyOf.flatMap((permission) => impliedBy(apiId, permission)))
    for (const name of names) {
      if (await reader.decisions.allows(id, { apiId, name }, scopes, reader.now(), within)) return true
    }
  }
  return false
}

/** Where what the actor holds counts: in the scope, and in the application that he acts in. */
const scopesOf = ({ within }: Actor, scope: Scope): readonly Scope[] =>
  within === undefined ? scopesThatCountIn(scope) : [...new Set([...scopesThatCountIn(scope), within])]

const heldPermissions = async (
  reader: RightsReader,
  actor: Actor,
  scope: Scope,
): Promise<(permission: Permission) => boolean> => {
  const { within } = actor
  if (actor.kind === 'anonymous' && within === undefined) return () => false
  if (actor.kind === 'user' || actor.kind === 'anonymous') {
    const scopes = scopesOf(actor, scope)
    const userId = actor.kind === 'user' ? actor.id : nobody
    const keys = await reader.permissions.effective(userId, scopes, reader.now(), builtInApiIds, within)
    const powers = powersOf(keys)
    return (permission) => powers.has(permission)
  }
  // An application holds what it was granted, wherever; grants know no scope.
  const apiId = actor.credential?.apiId
  if (apiId === undefined) return () => false
  const grant = await reader.clientGrants.findBy({ applicationId: actor.id, apiId, subjectType: 'client' })
  if (!grant) return () => false
  return (permission) => grant.allowsAll || allows(apiId, grant.permissions, permission)
}

/** The id of no user: what he holds is what an application gives everybody. */
const nobody = ''

const allows = (apiId: string, names: readonly string[], permission: Permission): boolean =>
  impliedBy(apiId, permission).some((name) => names.includes(name))
