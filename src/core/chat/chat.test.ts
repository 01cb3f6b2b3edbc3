import assert from 'node:assert/strict'
import test from 'node:test'
import { actorOf, openWorkspace, refusalOf, type Workspace } from '#test/workspace.ts'
import type { Actor } from '../actor.ts'
import { assignRoles } from '../roles/assign.ts'
import { createRole } from '../roles/create.ts'
import { assignNamedRole, listNamedHolders, removeNamedRole } from '../roles/named.ts'
import { createRoom } from '../rooms/create.ts'
import { deleteRoom } from '../rooms/delete.ts'
import { listSoleOwnerships } from '../rooms/hand-over.ts'
import { makeRoomModerator, makeRoomOwner } from '../rooms/room-roles.ts'
import { createPerson, switchPerson, updatePerson } from '../users/administer.ts'
import { createUser } from '../users/create.ts'
import { deleteUser } from '../users/delete.ts'
import { getPerson, listPeople } from '../users/people.ts'
import { assignPermissions } from '../users/permissions.ts'
import { chatBotId, generalRoomId, openChat } from './general.ts'
import {
  addChatPermission,
  compareChatPermissions,
  listChatPermissions,
  restoreChatPermissions,
  setChatPermissions,
} from './permissions.ts'

/** Somebody who acts by the permissions of the chat, and holds just these. */
const chatter = async ({ run, system, user }: Workspace, ...names: string[]): Promise<Actor> => {
  const { id } = await user()
  const permissions = names.map((name) => ({ apiId: 'chat', name }))
  await run(assignPermissions, { userId: id, permissions }, system)
  return { kind: 'user', id, door: 'rocketchat', actsBy: 'chat' }
}

const rolesOf = async ({ run, system }: Workspace, name: string) =>
  (await run(listChatPermissions, {}, system)).find((each) => each.name === name)?.roleIds

test('who acts by one API may what that stands for, whatever he holds by another', async (t) => {
  const space = await openWorkspace(t)
  const { run } = space
  const byRolecall = await space.person('roles:create')
  assert.equal((await run(createRole, { name: 'one' }, byRolecall)).name, 'one')
  const inChat: Actor = { ...byRolecall, actsBy: 'chat' }
  assert.equal((await refusalOf(run(createRole, { name: 'two' }, inChat))).code, 'forbidden')
  const byChat = await chatter(space, 'access-permissions')
  assert.equal((await run(createRole, { name: 'three' }, byChat)).name, 'three')
})

test('making an administrator takes the right of its own in the chat, too', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  const { id: userId } = await space.user()
  const give = { userIds: [userId], roleIds: ['admin'] }
  const inChat: Actor = { ...admin, door: 'rocketchat', actsBy: 'chat' }
  await run(setChatPermissions, { lists: [{ name: 'assign-admin-role', roleIds: [] }] }, inChat)
  assert.deepEqual(await refusalOf(run(assignRoles, give, inChat)), {
    code: 'cannot_grant',
    permission: 'roles:assign-admin',
  })
  assert.equal(await run(assignRoles, give, admin), 1, 'the other doors have rights of their own')
})

test('what everybody commonly may is no power over anybody', async (t) => {
  const space = await openWorkspace(t)
  const { run } = space
  const { id } = await space.user()
  const helper = await space.person('roles:assign')
  assert.equal(await run(assignRoles, { userIds: [id], roleIds: ['user'] }, helper), 1)
  const refused = await refusalOf(run(assignRoles, { userIds: [id], roleIds: ['admin'] }, helper))
  assert.equal(refused.code, 'cannot_grant')
})

test('defaults are shown and restored, all or by name, also when nobody may change them any more', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, system } = space
  const lists = [
    { name: 'access-permissions', roleIds: [] },
    { name: 'mention-all', roleIds: ['guest', 'admin'] },
  ]
  await run(setChatPermissions, { lists }, admin)
  const departures = await run(compareChatPermissions, {}, system)
  assert.deepEqual(
    departures.map(({ name, roleIds, defaultRoleIds }) => [name, roleIds, defaultRoleIds]),
    [
      ['access-permissions', [], ['admin']],
      ['mention-all', ['guest', 'admin'], ['admin', 'owner', 'moderator', 'user']],
    ],
  )
  await run(restoreChatPermissions, { names: ['access-permissions'] }, system)
  assert.deepEqual(await rolesOf(space, 'access-permissions'), ['admin'])
  assert.deepEqual(await rolesOf(space, 'mention-all'), ['guest', 'admin'])
  await run(restoreChatPermissions, {}, system)
  assert.deepEqual(await run(compareChatPermissions, {}, system), [])
  assert.deepEqual(await rolesOf(space, 'mention-all'), ['admin', 'owner', 'moderator', 'user'])
  const unknown = await refusalOf(run(restoreChatPermissions, { names: ['fly'] }, system))
  assert.equal(unknown.code, 'unknown_permission')
})

test('a permission that means power is moved only by who holds it (cases 1, 2)', async (t) => {
  const space = await openWorkspace(t)
  const { run } = space
  const manager = await chatter(space, 'access-permissions')
  const add = (name: string) => run(addChatPermission, { name, roleId: 'user' }, manager)
  await add('mention-here')
  for (const name of ['assign-admin-role', 'delete-user', 'edit-privileged-setting']) {
    assert.equal((await refusalOf(add(name))).code, 'cannot_grant', name)
  }
})

test('a role is given by names, once, and a room only counts for roles that live in rooms', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  const anna = await run(createUser, { username: 'anna' }, admin)
  const room = await run(createRoom, { name: 'den', kind: 'group', memberIds: [anna.id] }, admin)
  const scribe = await run(createRole, { name: 'scribe', heldIn: 'room' }, admin)
  const named = { username: 'ANNA', role: { idOrName: 'Scribe' }, roomId: room.id }
  assert.equal((await run(assignNamedRole, named, admin)).id, scribe.id)
  assert.equal((await refusalOf(run(assignNamedRole, named, admin))).code, 'taken')
  const page = { limit: 10, offset: 0 }
  const holders = async (roomId?: string) =>
    (await run(listNamedHolders, { role: { id: scribe.id }, ...(roomId && { roomId }), ...page }, admin))
      .total
  assert.deepEqual([await holders(room.id), await holders(), await holders('elsewhere')], [1, 1, 0])
  await run(removeNamedRole, named, admin)
  const gone = await refusalOf(run(removeNamedRole, named, admin))
  assert.deepEqual([gone.code, await holders()], ['not_found', 0])
})

test('a chat has its room and its bot once, and the eldest administrator for owner', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, system, reader } = space
  await run(openChat, {}, system)
  await space.events()
  await run(openChat, {}, system)
  assert.deepEqual(await space.events(), [])
  const key = { userId: admin.id, roleId: 'owner', scope: `room:${generalRoomId}` as const }
  assert.notEqual(await reader.assignments.find(key), undefined)
  assert.equal((await refusalOf(run(deleteRoom, { roomId: generalRoomId }, admin))).code, 'built_in')
  assert.equal((await refusalOf(run(deleteUser, { userId: chatBotId }, admin))).code, 'built_in')
  const { id } = await run(createUser, { username: 'new' }, admin)
  assert.notEqual(await reader.memberships.find(id, `room:${generalRoomId}`), undefined)
})

test('a chat that began without an administrator gets its owner later', async (t) => {
  const space = await openWorkspace(t, { withAdministrator: false })
  const { run, system, reader } = space
  await run(openChat, {}, system)
  const { id } = await run(createUser, { username: 'first' }, system)
  await run(assignRoles, { userIds: [id], roleIds: ['admin'] }, system)
  await run(openChat, {}, system)
  const key = { userId: id, roleId: 'owner', scope: `room:${generalRoomId}` as const }
  assert.notEqual(await reader.assignments.find(key), undefined)
})

test('who goes hands over the rooms that only he keeps going, to the eldest member who is there', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, system, reader } = space
  const owner = await space.person('rooms:create')
  const [out, heir, late] = [await space.user(), await space.user(), await space.user()]
  await run(switchPerson, { userId: out.id, isBlocked: true }, admin)
  const memberIds = [out.id, heir.id, late.id]
  const shared = await run(createRoom, { name: 'shared', kind: 'group', memberIds }, owner)
  const lonely = await run(createRoom, { name: 'lonely', kind: 'channel' }, owner)
  assert.deepEqual(await run(listSoleOwnerships, { userId: owner.id }, admin), {
    removed: ['lonely'],
    handedOver: ['shared'],
  })
  assert.equal((await refusalOf(run(deleteUser, { userId: owner.id }, admin))).code, 'last_owner')
  await run(deleteUser, { userId: owner.id, handsOverRooms: true }, admin)
  const key = { userId: heir.id, roleId: 'owner', scope: `room:${shared.id}` as const }
  assert.equal((await reader.assignments.find(key))?.reason, 'the last owner left')
  assert.equal(await reader.rooms.find(lonely.id), undefined)
  void system
})

test('an owner names moderators, and no moderator names owners', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  const [owner, moderator, member] = [await space.user(), await space.user(), await space.user()]
  const memberIds = [moderator.id, member.id]
  const { id: roomId } = await run(
    createRoom,
    { name: 'den', kind: 'group', ownerId: owner.id, memberIds },
    admin,
  )
  await run(makeRoomModerator, { roomId, userId: moderator.id }, actorOf(owner))
  const up = { roomId, userId: member.id }
  assert.equal((await refusalOf(run(makeRoomOwner, up, actorOf(moderator)))).code, 'forbidden')
  const general = { userIds: [member.id], roleIds: ['leader'], scope: `room:${roomId}` as const }
  assert.equal((await refusalOf(run(assignRoles, general, actorOf(owner)))).code, 'forbidden')
})

test('who may open rooms of his own makes none for others', async (t) => {
  const space = await openWorkspace(t)
  const { run } = space
  const opener = await space.person('rooms:open')
  const { id } = await space.user()
  await run(createRoom, { name: 'mine', kind: 'channel' }, opener)
  for (const more of [{ ownerId: id }, { isDefault: true }, { id: 'chosen' }]) {
    const refused = await refusalOf(run(createRoom, { name: 'other', kind: 'channel', ...more }, opener))
    assert.equal(refused.code, 'forbidden', JSON.stringify(more))
  }
})

test('people change themselves, but neither roles nor standing nor what was proven (case 13)', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  const anna = await run(createPerson, { username: 'anna', email: 'anna@example.com' }, admin)
  assert.deepEqual(anna.roleIds, ['user'])
  const self = actorOf(anna)
  const update = (more: object) => refusalOf(run(updatePerson, { userId: anna.id, ...more }, self))
  await run(updatePerson, { userId: anna.id, changes: { name: 'Anna' } }, self)
  assert.equal((await update({ roleIds: ['user', 'bot'] })).code, 'forbidden')
  assert.equal((await update({ roleIds: [] })).code, 'forbidden')
  assert.equal((await update({ changes: { isEmailVerified: true } })).code, 'forbidden')
  assert.equal((await update({ changes: { isBlocked: true } })).code, 'forbidden')
  const refused = await refusalOf(run(updatePerson, { userId: admin.id, roleIds: ['user'] }, admin))
  assert.equal(refused.code, 'last_administrator')
})

test('everybody sees names, few see more, and nobody who is not signed in (cases 5, 9)', async (t) => {
  const space = await openWorkspace(t)
  const { run } = space
  const { id } = await run(createUser, { name: 'Anna' }, space.system)
  const stranger = await space.person()
  const seen = await run(getPerson, { id }, stranger)
  assert.deepEqual([seen.name, seen.details], ['Anna', undefined])
  assert.notEqual(
    (await run(getPerson, { id }, await space.person('users:read', 'roles:read'))).details,
    undefined,
  )
  const nobody: Actor = { kind: 'anonymous', id: 'anonymous', door: 'rocketchat' }
  assert.equal((await refusalOf(run(getPerson, { id }, nobody))).code, 'forbidden')
  const listing = { limit: 10 }
  assert.equal((await refusalOf(run(listPeople, { listing }, stranger))).code, 'forbidden')
  const reader = await space.person('users:read-public')
  const { items } = await run(listPeople, { listing }, reader)
  assert.deepEqual(
    items.filter(({ details }) => details !== undefined).map((person) => person.id),
    [reader.id],
  )
})
