import assert from 'node:assert/strict'
import test from 'node:test'
import { actorOf, openWorkspace, refusalOf, type Workspace } from '#test/workspace.ts'
import { createUser } from '../users/create.ts'
import { deleteUser } from '../users/delete.ts'
import { updateUser } from '../users/update.ts'
import { assignRoles } from './assign.ts'
import { removeRolePermissions } from './permissions.ts'
import { removeRoles } from './remove.ts'
import { replaceRoles } from './replace.ts'

/** Invariant 3 of DESIGN.md: the last administrator stays, through any door. */

const makeAdmin = ({ run, system }: Workspace, userId: string, expiresAt?: number) =>
  run(assignRoles, { userIds: [userId], roleIds: ['admin'], ...(expiresAt && { expiresAt }) }, system)

const demote = (userId: string) => ({ userIds: [userId], roleIds: ['admin'] })

/** Tries every way of losing an administrator, and finds each refused and without a trace. */
const requireKept = async (space: Workspace, userId: string) => {
  const { run, system, events, reader } = space
  const before = await reader.users.find(userId)
  await events()
  const refused = { code: 'last_administrator', userId }
  const ifVersion = before!.rolesVersion
  assert.deepEqual(await refusalOf(run(removeRoles, demote(userId), system)), refused)
  assert.deepEqual(
    await refusalOf(run(replaceRoles, { userId, roleIds: ['user'], ifVersion }, system)),
    refused,
  )
  assert.deepEqual(
    await refusalOf(run(updateUser, { userId, changes: { isBlocked: true } }, system)),
    refused,
  )
  assert.deepEqual(await refusalOf(run(deleteUser, { userId }, system)), refused)
  assert.deepEqual(await refusalOf(run(deleteUser, { userId }, actorOf({ id: userId }))), refused)
  assert.deepEqual(await reader.users.find(userId), before)
  assert.deepEqual(await events(), [])
}

test('the only administrator is not demoted, blocked, deleted, and does not delete himself', async (t) => {
  const space = await openWorkspace(t)
  await requireKept(space, space.admin.id)
})

test('an administrator whose role expires does not let the last one go', async (t) => {
  const space = await openWorkspace(t)
  await makeAdmin(space, (await space.user()).id, space.clock.now + 1_000_000)
  await requireKept(space, space.admin.id)
})

test('a blocked administrator does not let the last one go', async (t) => {
  const space = await openWorkspace(t)
  const { id } = await space.user()
  await makeAdmin(space, id)
  await space.run(updateUser, { userId: id, changes: { isBlocked: true } }, space.system)
  await requireKept(space, space.admin.id)
})

test('a bot does not let the last person who administers go', async (t) => {
  const space = await openWorkspace(t)
  const bot = await space.run(createUser, { kind: 'bot', username: 'robot' }, space.system)
  await makeAdmin(space, bot.id)
  await requireKept(space, space.admin.id)
})

test('an administrator of one application does not let the last one go', async (t) => {
  const space = await openWorkspace(t)
  const { id } = await space.user()
  const input = { userIds: [id], roleIds: ['admin'], scope: 'application:default' as const }
  await space.run(assignRoles, input, space.system)
  await requireKept(space, space.admin.id)
  await space.run(removeRoles, input, space.system)
})

test('with another administrator each of them can go, and then the other stays', async (t) => {
  const space = await openWorkspace(t)
  const { run, system, admin } = space
  const { id } = await space.user()
  await makeAdmin(space, id)
  await run(deleteUser, { userId: admin.id }, system)
  await requireKept(space, id)
})

test('two of two administrators named in one call both stay', async (t) => {
  const space = await openWorkspace(t)
  const { run, system, admin, events } = space
  const { id } = await space.user()
  await makeAdmin(space, id)
  await events()
  const both = { userIds: [admin.id, id], roleIds: ['admin'] }
  assert.equal((await refusalOf(run(removeRoles, both, system))).code, 'last_administrator')
  assert.equal(
    (await space.reader.assignments.holders('admin', 'workspace', 0, { limit: 9 })).items.length,
    2,
  )
  assert.deepEqual(await events(), [])
})

const losses = {
  demote: (space: Workspace, by: string, userId: string) =>
    space.run(removeRoles, demote(userId), actorOf({ id: by })),
  block: (space: Workspace, by: string, userId: string) =>
    space.run(updateUser, { userId, changes: { isBlocked: true } }, actorOf({ id: by })),
  delete: (space: Workspace, by: string, userId: string) =>
    space.run(deleteUser, { userId }, actorOf({ id: by })),
}

for (const [name, lose] of Object.entries(losses)) {
  test(`of the last two administrators who ${name} each other at the same time exactly one wins`, async (t) => {
    const space = await openWorkspace(t)
    const { id } = await space.user()
    await makeAdmin(space, id)
    const outcomes = await Promise.allSettled([
      lose(space, space.admin.id, id),
      lose(space, id, space.admin.id),
    ])
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
    const { items } = await space.reader.assignments.holders('admin', 'workspace', 0, { limit: 9 })
    assert.equal(items.filter(({ isBlocked }) => !isBlocked).length, 1)
  })
}

test('the role admin keeps what it may do in Rolecall', async (t) => {
  const { run, admin } = await openWorkspace(t)
  const permissions = [{ apiId: 'rolecall', name: 'roles:assign' }]
  const refused = { code: 'built_in', kind: 'role', id: 'admin' }
  assert.deepEqual(
    await refusalOf(run(removeRolePermissions, { roleId: 'admin', permissions }, admin)),
    refused,
  )
})
