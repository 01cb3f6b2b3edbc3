import assert from 'node:assert/strict'
import test from 'node:test'
import { actorOf, openWorkspace, refusalOf, type Workspace } from '#test/workspace.ts'
import type { Actor } from '../actor.ts'
import { equal } from '../listing.ts'
import { assignRoles } from '../roles/assign.ts'
import { createRole } from '../roles/create.ts'
import { addRolePermissions } from '../roles/permissions.ts'
import { listHolders } from '../roles/read.ts'
import { removeRoles } from '../roles/remove.ts'
import { replaceRoles } from '../roles/replace.ts'
import { createUser } from '../users/create.ts'
import { deleteUser } from '../users/delete.ts'
import { linkUsers } from '../users/identities.ts'
import { updateUser } from '../users/update.ts'
import { createRoom } from './create.ts'
import { deleteRoom } from './delete.ts'
import { addRoomMembers, joinRoom, listRoomMembers, removeRoomMembers } from './members.ts'
import { getRoom, getRoomByName, listRooms, listRoomsOfUser } from './read.ts'
import { roomScope } from './rules.ts'
import { archiveRoom, updateRoom } from './update.ts'

const ownersOf = async ({ run, system }: Workspace, roomId: string) => {
  const input = { roleId: 'owner', scope: roomScope(roomId), page: { limit: 10 } }
  return (await run(listHolders, input, system)).items.map(({ id }) => id)
}

const types = async ({ events }: Workspace) => (await events()).map(({ type }) => type)

/** A private group whose only owner is the person, with another member. */
const group = async (space: Workspace) => {
  const { run, system } = space
  const owner = await space.person('rooms:create')
  const member = await space.user()
  const room = await run(createRoom, { name: 'den', kind: 'group', memberIds: [member.id] }, owner)
  const scope = roomScope(room.id)
  const own = (userId: string, expiresAt?: number) =>
    run(
      assignRoles,
      { userIds: [userId], roleIds: ['owner'], scope, ...(expiresAt && { expiresAt }) },
      system,
    )
  return { room, scope, owner, member, own }
}

test('who creates a room becomes a member and its owner, even where owners may do what he may not', async (t) => {
  const space = await openWorkspace(t)
  const { run, system } = space
  const permissions = [{ apiId: 'rolecall', name: 'rooms:update' }]
  await run(addRolePermissions, { roleId: 'owner', permissions }, system)
  const creator = await space.person('rooms:create')
  const anna = await space.user('anna')
  await space.events()
  const room = await run(createRoom, { name: ' den ', kind: 'group', memberIds: [anna.id] }, creator)
  assert.equal(room.name, 'den')
  assert.deepEqual(await types(space), [
    'room.created',
    'room.member-added',
    'room.member-added',
    'role.assigned',
  ])
  const listing = { limit: 5 }
  const { items } = await run(listRoomMembers, { roomId: room.id, listing, withRoles: true }, creator)
  assert.deepEqual(
    items.map(({ user, roles }) => [user.id, ...roles!.map(({ name }) => name)]),
    [[creator.id, 'owner'], [anna.id]],
  )
  const assignment = await space.reader.assignments.find({
    userId: creator.id,
    roleId: 'owner',
    scope: roomScope(room.id),
  })
  assert.deepEqual([assignment?.actor.id, assignment?.source], [creator.id, 'default'])
  // His power ends at his room.
  await run(updateRoom, { roomId: room.id, changes: { topic: 'tea' } }, creator)
  const { id: otherId } = await run(createRoom, { name: 'other', kind: 'group' }, system)
  assert.equal(
    (await refusalOf(run(updateRoom, { roomId: otherId, changes: {} }, creator))).code,
    'forbidden',
  )
  assert.deepEqual(await ownersOf(space, otherId), [], 'who is no user owns nothing')
})

test('the last owner of a room stays, through every door that could take him away', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, system, clock } = space
  const { room, scope, owner, member, own } = await group(space)
  const roomId = room.id
  const version = async () => (await space.reader.users.find(owner.id))!.rolesVersion
  const blocked = await space.user()
  await run(addRoomMembers, { roomId, userIds: [blocked.id] }, system)
  await own(blocked.id)
  await run(updateUser, { userId: blocked.id, changes: { isBlocked: true } }, system)
  await own(member.id, clock.now + 1000)
  await space.events()
  const roles = { userIds: [owner.id], roleIds: ['owner'], scope }
  const ways = {
    leave: () => run(removeRoomMembers, { roomId, userIds: [owner.id] }, owner),
    kick: () => run(removeRoomMembers, { roomId, userIds: [member.id, owner.id] }, admin),
    demote: () => run(removeRoles, roles, admin),
    replace: async () =>
      run(replaceRoles, { userId: owner.id, roleIds: [], scope, ifVersion: await version() }, admin),
    block: () => run(updateUser, { userId: owner.id, changes: { isBlocked: true } }, admin),
    delete: () => run(deleteUser, { userId: owner.id }, admin),
    'delete himself': () => run(deleteUser, { userId: owner.id }, owner),
    merge: () => run(linkUsers, { userId: member.id, secondaryUserId: owner.id }, admin),
  }
  for (const [way, tryIt] of Object.entries(ways)) {
    assert.deepEqual(await refusalOf(tryIt()), { code: 'last_owner', userId: owner.id, roomId }, way)
  }
  assert.deepEqual(await space.events(), [], 'a refusal leaves nothing')
  await run(removeRoles, { ...roles, userIds: [member.id] }, admin)
  await own(member.id)
  await ways.demote()
  assert.equal((await refusalOf(run(deleteUser, { userId: member.id }, admin))).code, 'last_owner')
  await run(deleteRoom, { roomId }, admin)
  await run(deleteUser, { userId: member.id }, admin)
})

test('of two owners who leave in the same call, none leaves', async (t) => {
  const space = await openWorkspace(t)
  const { room, owner, member, own } = await group(space)
  await own(member.id)
  const both = { roomId: room.id, userIds: [owner.id, member.id] }
  assert.equal((await refusalOf(space.run(removeRoomMembers, both, space.admin))).code, 'last_owner')
  assert.deepEqual(await ownersOf(space, room.id), [owner.id, member.id])
})

test('of two owners who leave at the same time, one stays', async (t) => {
  const space = await openWorkspace(t)
  const { room, owner, member, own } = await group(space)
  await own(member.id)
  const leave = (actor: typeof owner) =>
    space.run(removeRoomMembers, { roomId: room.id, userIds: [actor.id] }, actor)
  const outcomes = await Promise.allSettled([leave(owner), leave(actorOf(member))])
  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
  assert.equal((await ownersOf(space, room.id)).length, 1)
})

test('a role in a room needs a member, and leaves with him', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, reader } = space
  const { room, scope, member } = await group(space)
  const stranger = await space.user()
  const give = { userIds: [stranger.id], roleIds: ['moderator'], scope }
  assert.equal((await refusalOf(run(assignRoles, give, admin))).code, 'not_a_member')
  await run(assignRoles, { ...give, userIds: [member.id] }, admin)
  await space.events()
  const kick = { roomId: room.id, userIds: [member.id, stranger.id] }
  assert.equal(await run(removeRoomMembers, kick, admin), 1)
  assert.deepEqual(await types(space), ['role.removed', 'room.member-removed'])
  assert.equal(await reader.assignments.find({ userId: member.id, roleId: 'moderator', scope }), undefined)
  assert.equal(await run(removeRoomMembers, kick, admin), 0)
  assert.deepEqual(await types(space), [])
})

test('who sees a room is shown no addresses in it, unless he may read users (cases 5, 9)', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  const { id: roomId } = await run(createRoom, { name: 'hall', kind: 'channel' }, admin)
  const { id } = await run(createUser, { email: 'ana@example.com', name: 'Ana' }, admin)
  await run(addRoomMembers, { roomId, userIds: [id] }, admin)
  const stranger = actorOf(await space.user())
  const listing = { limit: 10 }
  const seen = async (actor: Actor, search: string) => {
    const { items } = await run(listRoomMembers, { roomId, listing, search }, actor)
    return items.map(({ user }) => [user.name, user.email])
  }
  assert.deepEqual(await seen(stranger, 'aNa'), [['Ana', undefined]])
  assert.deepEqual(await seen(stranger, 'example.com'), [])
  assert.deepEqual(await seen(admin, 'ana@example'), [['Ana', 'ana@example.com']])
  const order = [{ field: 'email', direction: 'ascending' as const }]
  for (const asked of [
    { ...listing, order },
    { ...listing, filter: equal('email', 'ana@example.com') },
  ]) {
    const refusal = await refusalOf(run(listRoomMembers, { roomId, listing: asked }, stranger))
    assert.deepEqual(refusal, { code: 'unknown_field', field: 'email' })
    assert.equal((await run(listRoomMembers, { roomId, listing: asked }, admin)).items.length > 0, true)
  }
})

test('users see and enter channels; a group is hidden from whoever is not in it (cases 5, 9)', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  const { room, member } = await group(space)
  const channel = await run(createRoom, { name: 'hall', kind: 'channel' }, admin)
  const [stranger, listing] = [actorOf(await space.user()), { limit: 10 }]
  const seen = async (actor = stranger) => {
    const { items } = await run(listRooms, { listing, withMembersCount: true }, actor)
    return items.map(({ name, membersCount }) => [name, membersCount])
  }
  assert.deepEqual(await seen(), [['hall', 1]])
  assert.deepEqual(await seen(actorOf(member)), [
    ['den', 2],
    ['hall', 1],
  ])
  const hidden = { code: 'not_found', kind: 'room' }
  const join = (roomId: string, actor = stranger) => run(joinRoom, { roomId, userId: actor.id }, actor)
  for (const id of [room.id, 'none']) {
    for (const work of [
      run(getRoom, { roomId: id }, stranger),
      run(listRoomMembers, { roomId: id, listing }, stranger),
      run(removeRoomMembers, { roomId: id, userIds: [stranger.id] }, stranger),
      join(id),
    ]) {
      assert.deepEqual(await refusalOf(work), { ...hidden, id })
    }
  }
  const byName = run(getRoomByName, { name: 'den' }, stranger)
  assert.deepEqual(await refusalOf(byName), { ...hidden, id: 'den' })
  assert.equal((await run(getRoomByName, { name: 'den' }, actorOf(member))).id, room.id)
  assert.equal(await join(channel.id), true)
  assert.equal(await join(channel.id), false)
  assert.equal(await join(room.id, actorOf(member)), false)
  const own = await run(listRoomsOfUser, { userId: stranger.id, listing }, stranger)
  assert.deepEqual(
    own.items.map(({ name }) => name),
    ['hall'],
  )
  const forOther = run(joinRoom, { roomId: channel.id, userId: member.id }, stranger)
  assert.equal((await refusalOf(forOther)).code, 'forbidden')
})

test('nobody enters an archived room, and what is in it stays', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  const hall = await run(createRoom, { name: 'hall', kind: 'channel' }, admin)
  const anna = await space.user()
  await run(archiveRoom, { roomId: hall.id, isArchived: true }, admin)
  await space.events()
  await run(archiveRoom, { roomId: hall.id, isArchived: true }, admin)
  const join = { roomId: hall.id, userId: anna.id }
  const refusals = [
    await refusalOf(run(joinRoom, join, actorOf(anna))),
    await refusalOf(run(addRoomMembers, { roomId: hall.id, userIds: [anna.id] }, admin)),
  ]
  for (const refusal of refusals) assert.equal('field' in refusal && refusal.field, 'isArchived')
  assert.deepEqual(await space.events(), [])
  assert.deepEqual(await ownersOf(space, hall.id), [admin.id])
  await run(archiveRoom, { roomId: hall.id, isArchived: false }, admin)
  assert.equal(await run(joinRoom, join, actorOf(anna)), true)
})

test('room names are kept trimmed and taken once', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  const hall = await run(createRoom, { name: 'hall', kind: 'channel' }, admin)
  const den = await run(createRoom, { name: 'den', kind: 'group' }, admin)
  const create = (name: string) => refusalOf(run(createRoom, { name, kind: 'group' }, admin))
  assert.equal((await create(' hall')).code, 'taken')
  for (const name of ['', ' ', 'a\nb', 'x'.repeat(256)])
    assert.equal((await create(name)).code, 'invalid', name)
  const rename = run(updateRoom, { roomId: den.id, changes: { name: 'hall' } }, admin)
  assert.equal((await refusalOf(rename)).code, 'taken')
  await space.events()
  await run(updateRoom, { roomId: hall.id, changes: { name: 'hall ' } }, admin)
  assert.deepEqual(await space.events(), [])
  assert.equal((await run(updateRoom, { roomId: hall.id, changes: { name: 'lobby' } }, admin)).name, 'lobby')
})

test('a custom role that lives in rooms is shown with the member who holds it', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  const { room, scope, member } = await group(space)
  const scribe = await run(createRole, { name: 'scribe', heldIn: 'room' }, admin)
  await run(assignRoles, { userIds: [member.id], roleIds: [scribe.id], scope }, admin)
  const listing = { limit: 5, order: [{ field: 'number', direction: 'descending' }] as const }
  const { items } = await run(listRoomMembers, { roomId: room.id, listing, withRoles: true }, admin)
  assert.deepEqual(
    items.map(({ roles }) => roles!.map(({ name }) => name)),
    [['scribe'], ['owner']],
  )
})
