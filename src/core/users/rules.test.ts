import assert from 'node:assert/strict'
import test from 'node:test'
import { actorOf, openWorkspace, refusalOf } from '#test/workspace.ts'
import { contains, equal } from '../listing.ts'
import { assignRoles } from '../roles/assign.ts'
import { createRole } from '../roles/create.ts'
import { addRolePermissions, removeRolePermissions } from '../roles/permissions.ts'
import { createUser } from './create.ts'
import { deleteUser } from './delete.ts'
import { assignPermissions, removePermissions } from './permissions.ts'
import { findUserByEmail, getUser, listUsers } from './read.ts'
import { updateUser, updateUserMetadata } from './update.ts'

const open = async (t: { after(close: () => void): void }) => {
  const space = await openWorkspace(t)
  const anna = await space.user('anna')
  await space.events()
  const told = async () => (await space.events()).map(({ type }) => type)
  return { ...space, anna, userId: anna.id, told }
}

test('updating a user to what he is changes nothing and emits nothing', async (t) => {
  const { run, admin, reader, userId, told, clock } = await open(t)
  const metadata = { userMetadata: { a: { b: 1, c: 2 } }, appMetadata: { plan: 'x' } }
  await run(updateUser, { userId, changes: { nickname: 'Ann' }, ...metadata }, admin)
  const before = await reader.users.find(userId)
  await told()
  clock.now += 1000
  const changes = { nickname: 'Ann', email: before!.email, picture: undefined }
  const same = { userMetadata: { a: { c: 2, b: 1 } }, appMetadata: { plan: 'x', gone: null } }
  await run(updateUser, { userId, changes, ...same }, admin)
  assert.deepEqual(await reader.users.find(userId), before)
  assert.deepEqual(await told(), [])
})

test('blocking and unblocking are told once, and never having been blocked is no unblocking', async (t) => {
  const { run, admin, userId, told } = await open(t)
  const block = (isBlocked: boolean) => run(updateUser, { userId, changes: { isBlocked } }, admin)
  await block(false)
  assert.deepEqual(await told(), ['user.updated'])
  await block(true)
  await block(true)
  assert.deepEqual(await told(), ['user.blocked'])
  await block(false)
  assert.deepEqual(await told(), ['user.unblocked'])
})

const everyColumn = {
  number: 1,
  passwordHash: 'x',
  passwordChangedAt: 1,
  rolesVersion: 99,
  loginsCount: 99,
  lastLoginAt: 1,
  lastIp: '127.0.0.1',
  createdAt: 0,
  updatedAt: 0,
  isAdmin: true,
  roles: ['admin'],
  permissions: [{ apiId: 'rolecall', name: 'users:delete' }],
}

test('neither creating nor updating a user reaches a field that neither names [rows 13 and 15]', async (t) => {
  const { run, admin, system, reader, userId, told } = await open(t)
  const before = await reader.users.find(userId)
  const changes = { ...everyColumn, id: 'x', kind: 'bot', connectionId: 'x', appMetadata: { x: 1 } }
  await run(updateUser, { userId, changes: changes as object }, admin)
  assert.deepEqual(await reader.users.find(userId), before)
  assert.deepEqual(await told(), [])
  const plain = await run(createUser, { username: 'plain' }, system)
  const made = await run(createUser, { username: 'wide', ...(everyColumn as object) }, system)
  const { id, number, username } = made
  const row = await reader.users.find(id)
  assert.deepEqual(row, { ...(await reader.users.find(plain.id)), id, number, username })
  assert.equal(number, plain.number + 1)
  assert.deepEqual(await reader.assignments.effectiveRoles(id, ['workspace'], 0), [])
})

test('what a person keeps about himself is all he changes without a right [row 13]', async (t) => {
  const { run, reader, anna, userId } = await open(t)
  const input = { userId, userMetadata: { colour: 'red' }, appMetadata: { plan: 'gold' } }
  await run(
    updateUserMetadata,
    { ...input, changes: { isEmailVerified: true } } as typeof input,
    actorOf(anna),
  )
  const user = await reader.users.find(userId)
  assert.deepEqual([user?.userMetadata, user?.appMetadata], [{ colour: 'red' }, {}])
  assert.equal(user?.isEmailVerified, false)
  const other = { ...input, userId: 'somebody' }
  assert.equal((await refusalOf(run(updateUserMetadata, other, actorOf(anna)))).code, 'forbidden')
})

test('odd addresses and user names are refused when a user is made and when he is changed [row 4]', async (t) => {
  const { run, admin, userId, told } = await open(t)
  const odd = [{ email: '' }, { email: 'a' }, { email: 'a@b@c' }, { email: 'a b@c' }]
  for (const changes of [...odd, { username: '' }, { username: 'a b' }]) {
    assert.equal((await refusalOf(run(createUser, changes, admin))).code, 'invalid')
    assert.equal((await refusalOf(run(updateUser, { userId, changes }, admin))).code, 'invalid')
  }
  assert.deepEqual(await told(), [])
})

test('addresses and user names are taken whatever their letter case, on update too [row 4]', async (t) => {
  const { run, admin, userId, told, user } = await open(t)
  await user('ben')
  await told()
  for (const changes of [{ email: 'BEN@example.com' }, { username: 'Ben' }]) {
    assert.equal((await refusalOf(run(createUser, changes, admin))).code, 'taken')
    assert.equal((await refusalOf(run(updateUser, { userId, changes }, admin))).code, 'taken')
  }
  assert.deepEqual(await told(), [])
})

test('a hundred people who ask for the same address at the same time are one', async (t) => {
  const { run, admin } = await open(t)
  const attempts = Array.from({ length: 100 }, (_, at) => {
    const email = at % 2 ? 'same@example.com' : 'SAME@example.com'
    return run(createUser, { email }, admin)
  })
  const outcomes = await Promise.allSettled(attempts)
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
})

test('no list is filtered or ordered by a password hash', async (t) => {
  const { run, admin } = await open(t)
  const unknown = { code: 'unknown_field', field: 'passwordHash' }
  for (const listing of [
    { limit: 1, filter: contains('passwordHash', '$argon2') },
    { limit: 1, order: [{ field: 'passwordHash', direction: 'ascending' as const }] },
  ]) {
    assert.deepEqual(await refusalOf(run(listUsers, { listing }, admin)), unknown)
  }
})

test('somebody who may see users in one application only is shown the same everywhere: none [row 5]', async (t) => {
  const { run, system, user, anna } = await open(t)
  const { id: roleId } = await run(createRole, { name: 'helper' }, system)
  const permissions = [{ apiId: 'rolecall', name: 'users:read' }]
  await run(addRolePermissions, { roleId, permissions }, system)
  const helper = await user('helper')
  const input = { userIds: [helper.id], roleIds: [roleId], scope: 'application:default' as const }
  await run(assignRoles, input, system)
  const actor = actorOf(helper)
  const byId = { limit: 9, filter: equal('id', anna.id) }
  for (const attempt of [
    run(getUser, { userId: anna.id }, actor),
    run(getUser, { userId: 'nobody' }, actor),
    run(findUserByEmail, { email: anna.email! }, actor),
    run(listUsers, { listing: { limit: 9, total: true } }, actor),
    run(listUsers, { listing: byId }, actor),
  ]) {
    assert.equal((await refusalOf(attempt)).code, 'forbidden')
  }
})

test('permissions given or taken again change nothing and emit nothing, to users and to roles', async (t) => {
  const { run, admin, userId, reader, told } = await open(t)
  const { id: roleId } = await run(createRole, { name: 'helper' }, admin)
  const permissions = [{ apiId: 'rolecall', name: 'users:read' }]
  await told()
  const steps = [
    () => run(assignPermissions, { userId, permissions }, admin),
    () => run(addRolePermissions, { roleId, permissions }, admin),
    () => run(removePermissions, { userId, permissions }, admin),
    () => run(removeRolePermissions, { roleId, permissions }, admin),
  ]
  for (const step of steps) {
    await step()
    assert.equal((await told()).length, 1)
    const before = await reader.users.find(userId)
    await step()
    assert.deepEqual(await told(), [])
    assert.deepEqual(await reader.users.find(userId), before)
  }
})

test('permissions of which one is unknown are not given at all', async (t) => {
  const { run, admin, userId, reader, told } = await open(t)
  const permissions = ['users:read', 'users:fly'].map((name) => ({ apiId: 'rolecall', name }))
  const unknown = { code: 'unknown_permission', apiId: 'rolecall', name: 'users:fly' }
  assert.deepEqual(await refusalOf(run(assignPermissions, { userId, permissions }, admin)), unknown)
  assert.deepEqual([await reader.permissions.ofUser(userId), await told()], [[], []])
})

test('a deleted user leaves no role, permission or identity, and can not be deleted twice', async (t) => {
  const { run, admin, system, userId, reader, told } = await open(t)
  const { id: roleId } = await run(createRole, { name: 'helper' }, system)
  await run(assignRoles, { userIds: [userId], roleIds: [roleId] }, system)
  await run(assignPermissions, { userId, permissions: [{ apiId: 'rolecall', name: 'users:read' }] }, system)
  await told()
  await run(deleteUser, { userId }, admin)
  assert.deepEqual(await told(), ['role.removed', 'user.deleted'])
  assert.equal(await reader.assignments.count(equal('userId', userId)), 0)
  assert.deepEqual(await reader.permissions.ofUser(userId), [])
  const gone = { code: 'not_found', kind: 'user', id: userId }
  assert.deepEqual(await refusalOf(run(deleteUser, { userId }, admin)), gone)
  assert.deepEqual(await told(), [])
})
