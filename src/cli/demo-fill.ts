import type { Actor } from '#core/actor.ts'
import { rolecallApiId } from '#core/apis/built-in.ts'
import { createApi } from '#core/apis/create.ts'
import { createApplication } from '#core/applications/create.ts'
import { defaultConnectionName } from '#core/connections/connection.ts'
import type { Run } from '#core/operation.ts'
import { createOrganization } from '#core/organizations/create.ts'
import { addOrganizationMembers } from '#core/organizations/members.ts'
import { found } from '#core/refusals.ts'
import { assignRoles } from '#core/roles/assign.ts'
import { createRole } from '#core/roles/create.ts'
import { addExclusion, addInclusion } from '#core/roles/hierarchy.ts'
import { addRolePermissions } from '#core/roles/permissions.ts'
import { listAssignments } from '#core/roles/read.ts'
import { administratorRoleId } from '#core/roles/role.ts'
import { createRoom } from '#core/rooms/create.ts'
import { type Scope, scopeOf, workspace } from '#core/scope.ts'
import { createUser } from '#core/users/create.ts'
import { findUserByUsername } from '#core/users/read.ts'
import { updateUser } from '#core/users/update.ts'
import { operator } from './command.ts'
import * as data from './demo-data.ts'

const dayInMilliseconds = 86_400_000

/**
 * Fills a fresh workspace with the sample, through the same operations that every door uses.
 * @returns false when the sample was there already; nothing is changed then
 */
export const fillWithDemo = async (run: Run, password: string): Promise<boolean> => {
  const there = await run(findUserByUsername, { username: data.people[0][0] }, operator)
  if (there) return false
  const root = await administrator(run)
  const users = await makePeople(run, root, password)
  await makeApis(run, root)
  const roles = await makeRoles(run, root)
  const places = {
    application: await makeApplications(run, root),
    organization: await makeOrganizations(run, root, users),
    room: await makeRooms(run, root, users),
  }
  const named = (key: string) => found(users.get(key), 'user', key)
  for (const { role, to, in: place, by, reason, expiresInDays } of data.assignments) {
    const scope: Scope = place ? scopeOf(place[0], places[place[0]].get(place[1])!) : workspace
    const expiresAt = expiresInDays && Date.now() + expiresInDays * dayInMilliseconds
    const input = { userIds: to.map(named), roleIds: [roles.get(role) ?? role], scope, reason, expiresAt }
    await run(assignRoles, input, by ? { ...root, id: named(by) } : root)
  }
  for (const key of data.blocked) {
    await run(updateUser, { userId: named(key), changes: { isBlocked: true } }, root)
  }
  return true
}

/** Somebody who may do everything, so that the sample looks as if people had made it. */
const administrator = async (run: Run): Promise<Actor> => {
  const filter = { field: 'roleId', is: 'equal', value: administratorRoleId } as const
  const [first] = (await run(listAssignments, { listing: { filter, limit: 1 } }, operator)).items
  return { kind: 'user', id: found(first, 'assignment', administratorRoleId).userId, door: 'native' }
}

type Ids = Map<string, string>

const makePeople = async (run: Run, root: Actor, password: string): Promise<Ids> => {
  const made = data.people.map(async ([username, name]) => {
    const [givenName, familyName] = name.split(' ') as [string, string]
    const email = `${username}@${data.domain}`
    const profile = { username, email, name, givenName, familyName, isEmailVerified: true }
    const user = await run(createUser, { ...profile, password, connectionName: defaultConnectionName }, root)
    return [username, user.id] as const
  })
  return new Map(await Promise.all(made))
}

const makeApis = async (run: Run, root: Actor): Promise<void> => {
  for (const { name, identifier, permissions } of Object.values(data.apis)) {
    const named = Object.entries(permissions).map(([permission, description]) => ({
      name: permission,
      description,
    }))
    await run(createApi, { name, identifier, permissions: named, enforcesPermissions: true }, root)
  }
}

/** `orders read:orders`, say. */
const readPermission = (text: string) => {
  const [api, name] = text.split(' ') as [string, string]
  return {
    api: Object.entries(data.apis).find(([key]) => key === api)?.[1].identifier ?? rolecallApiId,
    name,
  }
}

type DemoRole = { includes?: readonly string[]; excludes?: readonly string[]; permissions: readonly string[] }

const makeRoles = async (run: Run, root: Actor): Promise<Ids> => {
  const ids: Ids = new Map()
  for (const [key, { name, description }] of Object.entries(data.roles)) {
    ids.set(key, (await run(createRole, { name, description }, root)).id)
  }
  for (const [key, role] of Object.entries<DemoRole>(data.roles)) {
    const roleId = ids.get(key)!
    await run(addRolePermissions, { roleId, permissions: role.permissions.map(readPermission) }, root)
    for (const other of role.includes ?? []) {
      await run(addInclusion, { roleId, includedRoleId: ids.get(other)! }, root)
    }
    for (const other of role.excludes ?? []) {
      await run(addExclusion, { roleId, otherRoleId: ids.get(other)! }, root)
    }
  }
  return ids
}

const makeApplications = async (run: Run, root: Actor): Promise<Ids> => {
  const ids: Ids = new Map()
  for (const [key, { grants, ...application }] of Object.entries(data.applications)) {
    const byApi = Map.groupBy(grants.map(readPermission), ({ api }) => api)
    const given = [...byApi].map(([api, names]) => ({ api, permissions: names.map(({ name }) => name) }))
    ids.set(key, (await run(createApplication, { ...application, grants: given }, root)).id)
  }
  return ids
}

const makeOrganizations = async (run: Run, root: Actor, users: Ids): Promise<Ids> => {
  const ids: Ids = new Map()
  for (const [name, { displayName, members }] of Object.entries(data.organizations)) {
    const { id } = await run(createOrganization, { name, displayName }, root)
    await run(
      addOrganizationMembers,
      { organizationId: id, userIds: members.map((key) => users.get(key)!) },
      root,
    )
    ids.set(name, id)
  }
  return ids
}

type DemoRoom = (typeof data.rooms)[keyof typeof data.rooms] & { isDefault?: boolean }

const makeRooms = async (run: Run, root: Actor, users: Ids): Promise<Ids> => {
  const ids: Ids = new Map()
  for (const [name, room] of Object.entries<DemoRoom>(data.rooms)) {
    const { kind, owner, members, isDefault = false } = room
    const memberIds = members.map((key) => users.get(key)!)
    const input = { name, kind, isDefault, ownerId: users.get(owner)!, memberIds }
    ids.set(name, (await run(createRoom, input, root)).id)
  }
  return ids
}
