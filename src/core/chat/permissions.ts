import type { Actor } from '../actor.ts'
import type { Carried } from '../apis/api.ts'
import { chatApiId } from '../apis/built-in.ts'
import { defaultRolesOf } from '../apis/chat.ts'
import { sameValue } from '../changes.ts'
import { command, query } from '../operation.ts'
import { DomainError, found, foundAll } from '../refusals.ts'
import { powersOf, requireHeld } from '../rights.ts'
import { workspace } from '../scope.ts'
import type { Reader, Tx } from '../store.ts'

const keyOf = (name: string) => ({ apiId: chatApiId, name })

/** Every permission of the API `chat`, with the roles that carry it. */
export const listChatPermissions = query<Record<never, never>, Carried[]>({
  name: 'list chat permissions',
  needs: { anyone: 'Who is signed in sees what roles may do in a chat; nobody else is told' },
  run: async (reader, _input, actor) => {
    requireSignedIn(actor)
    return reader.permissions.carriedOf(chatApiId)
  },
})

export type RoleList = { name: string; roleIds: readonly string[] }

/**
 * Makes the given roles the only ones that carry each of the permissions, all lists or none, in the order given. What
 * a list leaves as it is costs nothing.
 * @returns every permission of the API
 * @throws unknown_permission also for one that is named twice, not_found for a role, cannot_grant
 */
export const setChatPermissions = command<{ lists: readonly RoleList[] }, Carried[]>({
  name: 'set chat permissions',
  needs: 'roles:update',
  run: async (tx, { lists }, actor) => {
    const carried = await carriedByName(tx)
    const named = new Set<string>()
    for (const { name } of lists) {
      if (!carried.has(name) || named.has(name)) throw unknown(name)
      named.add(name)
    }
    const roleIds = [...new Set(lists.flatMap((list) => list.roleIds))]
    foundAll(await tx.roles.findMany(roleIds), 'role', roleIds)
    await setLists(tx, carried, lists, actor)
    return tx.permissions.carriedOf(chatApiId)
  },
})

export type ChatPermissionOfRole = { name: string; roleId: string }

/** Repeating it changes nothing. @throws unknown_permission, not_found, cannot_grant */
export const addChatPermission = command<ChatPermissionOfRole, void>({
  name: 'add chat permission to role',
  needs: 'roles:update',
  run: async (tx, { name, roleId }, actor) => {
    const carried = await carriedByName(tx)
    const { roleIds } = carried.get(name) ?? raise(unknown(name))
    found(await tx.roles.find(roleId), 'role', roleId)
    await setLists(tx, carried, [{ name, roleIds: [...new Set([...roleIds, roleId])] }], actor)
  },
})

/** Also from a role that is not there. Repeating it changes nothing. @throws unknown_permission, cannot_grant */
export const removeChatPermission = command<ChatPermissionOfRole, void>({
  name: 'remove chat permission from role',
  needs: 'roles:update',
  run: async (tx, { name, roleId }, actor) => {
    const carried = await carriedByName(tx)
    const { roleIds } = carried.get(name) ?? raise(unknown(name))
    await setLists(tx, carried, [{ name, roleIds: roleIds.filter((each) => each !== roleId) }], actor)
  },
})

/** A permission whose roles are not those it had from the start. */
export type Departure = { name: string; roleIds: string[]; defaultRoleIds: string[] }

/** What restoring would change. @throws unknown_permission */
export const compareChatPermissions = query<{ names?: readonly string[] }, Departure[]>({
  name: 'compare chat permissions',
  needs: 'roles:read',
  run: (reader, { names }) => departures(reader, names),
})

/**
 * Gives the permissions back the roles they had from the start: the way out for whoever took himself the right to
 * change them. Without names, all.
 * @returns what was changed @throws unknown_permission, cannot_grant
 */
export const restoreChatPermissions = command<{ names?: readonly string[] }, Departure[]>({
  name: 'restore chat permissions',
  needs: 'roles:update',
  run: async (tx, { names }, actor) => {
    const changed = await departures(tx, names)
    const lists = changed.map(({ name, defaultRoleIds }) => ({ name, roleIds: defaultRoleIds }))
    await setLists(tx, await carriedByName(tx), lists, actor)
    return changed
  },
})

const departures = async (reader: Reader | Tx, names?: readonly string[]): Promise<Departure[]> => {
  const carried = await carriedByName(reader)
  const missing = names?.find((name) => !carried.has(name))
  if (missing !== undefined) throw unknown(missing)
  return [...carried.values()]
    .filter(({ name }) => names === undefined || names.includes(name))
    .map(({ name, roleIds }) => ({ name, roleIds, defaultRoleIds: [...defaultRolesOf(name)] }))
    .filter(({ roleIds, defaultRoleIds }) => !sameValue(roleIds, defaultRoleIds))
}

const carriedByName = async (reader: Reader | Tx): Promise<Map<string, Carried>> =>
  new Map((await reader.permissions.carriedOf(chatApiId)).map((each) => [each.name, each]))

/** Whoever moves a power between roles must hold it. */
const setLists = async (
  tx: Tx,
  carried: ReadonlyMap<string, Carried>,
  lists: readonly RoleList[],
  actor: Actor,
): Promise<void> => {
  const changed = lists.filter(({ name, roleIds }) => !sameValue(carried.get(name)?.roleIds, roleIds))
  await requireHeld(tx, actor, powersOf(changed.map(({ name }) => keyOf(name))), workspace)
  for (const { name, roleIds } of changed) await setList(tx, carried.get(name)!, roleIds)
}

const setList = async (tx: Tx, { name, roleIds: before }: Carried, after: readonly string[]) => {
  const key = keyOf(name)
  for (const roleId of before.filter((each) => !after.includes(each))) {
    await tx.permissions.removeFromRole(roleId, key)
    await tx.emit({ type: 'role.permission-removed', roleId, data: key })
  }
  // Rows keep the order in which they came, so that what stays makes room and comes again.
  for (const roleId of after) {
    await tx.permissions.removeFromRole(roleId, key)
    await tx.permissions.addToRole(roleId, key)
    if (!before.includes(roleId)) await tx.emit({ type: 'role.permission-added', roleId, data: key })
  }
  await tx.permissions.touch(key, tx.now())
}

const requireSignedIn = ({ kind }: Actor): void => {
  if (kind !== 'anonymous') return
  throw new DomainError({ code: 'forbidden', permission: 'roles:read', scope: workspace })
}

const unknown = (name: string) => new DomainError({ code: 'unknown_permission', ...keyOf(name) })

const raise = (error: Error): never => {
  throw error
}
