import assert from 'node:assert/strict'
import test from 'node:test'
import { openWorkspace, refusalOf, type Workspace } from '#test/workspace.ts'
import type { Scope } from '../scope.ts'
import { assignRoles } from './assign.ts'
import { createRole } from './create.ts'
import { addExclusion, addInclusion } from './hierarchy.ts'
import { addRolePermissions } from './permissions.ts'
import { listEffectiveRoles, listHolders, listRolesOfUser } from './read.ts'
import { removeRoles } from './remove.ts'
import { replaceRoles } from './replace.ts'

const role = ({ run, system }: Workspace, name: string) => run(createRole, { name }, system)

const rolesOf = async ({ run, system }: Workspace, userId: string, scope: Scope = 'workspace') => {
  const { roles } = await run(listRolesOfUser, { userId, scope, limit: 1000, offset: 0 }, system)
  return roles.map(({ name }) => name)
}

const effective = async ({ run, system }: Workspace, userId: string, scope: Scope = 'workspace') =>
  (await run(listEffectiveRoles, { userId, scope }, system)).map(({ name }) => name)

const day = 86_400_000

test('an assignment to several users of whom one is unknown leaves nothing, not even an event', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, events } = space
  const [editor, anna] = [await role(space, 'editor'), await space.user('anna')]
  await events()
  const input = { userIds: [anna.id, 'nobody'], roleIds: [editor.id] }
  assert.deepEqual(await refusalOf(run(assignRoles, input, admin)), {
    code: 'not_found',
    kind: 'user',
    id: 'nobody',
  })
  assert.deepEqual(await rolesOf(space, anna.id), [])
  assert.deepEqual(await events(), [])
})

test('an assignment that fails at its last user leaves nothing with the first ones', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, system, events } = space
  const [payer, approver] = [await role(space, 'payer'), await role(space, 'approver')]
  const [anna, ben] = [await space.user('anna'), await space.user('ben')]
  await run(addExclusion, { roleId: payer.id, otherRoleId: approver.id }, system)
  await run(assignRoles, { userIds: [ben.id], roleIds: [approver.id] }, system)
  await events()
  const input = { userIds: [anna.id, ben.id], roleIds: [payer.id] }
  assert.equal((await refusalOf(run(assignRoles, input, admin))).code, 'exclusive_roles')
  assert.deepEqual(await rolesOf(space, anna.id), [])
  assert.equal((await space.reader.users.find(anna.id))?.rolesVersion, 0)
  assert.deepEqual(await events(), [])
})

test('assigning again changes nothing and emits nothing', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, events } = space
  const [editor, anna] = [await role(space, 'editor'), await space.user('anna')]
  const input = { userIds: [anna.id], roleIds: [editor.id] }
  await events()
  assert.equal(await run(assignRoles, input, admin), 1)
  assert.deepEqual(
    (await events()).map(({ type, userId, roleId, actor }) => ({ type, userId, roleId, actor })),
    [
      {
        type: 'role.assigned',
        userId: anna.id,
        roleId: editor.id,
        actor: { kind: 'user', id: admin.id },
      },
    ],
  )
  const before = await space.reader.users.find(anna.id)
  assert.equal(await run(assignRoles, { ...input, reason: 'again' }, admin), 0)
  assert.deepEqual(await space.reader.users.find(anna.id), before)
  assert.deepEqual(await events(), [])
})

test('removing again changes nothing and emits nothing', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, events } = space
  const [editor, anna] = [await role(space, 'editor'), await space.user('anna')]
  const input = { userIds: [anna.id], roleIds: [editor.id] }
  await run(assignRoles, input, admin)
  assert.equal(await run(removeRoles, input, admin), 1)
  const before = await space.reader.users.find(anna.id)
  await events()
  assert.equal(await run(removeRoles, input, admin), 0)
  assert.deepEqual(await space.reader.users.find(anna.id), before)
  assert.deepEqual(await events(), [])
})

test('a role counts until just before its expiry and not at it', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, system, clock } = space
  const [editor, anna] = [await role(space, 'editor'), await space.user('anna')]
  const expiresAt = clock.now + day
  await run(assignRoles, { userIds: [anna.id], roleIds: [editor.id], expiresAt }, admin)
  const holders = async () => {
    const page = await run(listHolders, { roleId: editor.id, page: { limit: 9, total: true } }, system)
    return [page.items.length, page.total]
  }
  clock.now = expiresAt - 1
  assert.deepEqual([await rolesOf(space, anna.id), await effective(space, anna.id)], [['editor'], ['editor']])
  assert.deepEqual(await holders(), [1, 1])
  clock.now = expiresAt
  assert.deepEqual([await rolesOf(space, anna.id), await effective(space, anna.id)], [[], []])
  assert.deepEqual(await holders(), [0, 0])
})

test('an expired role can be given again, as a new assignment', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, clock, events } = space
  const [editor, anna] = [await role(space, 'editor'), await space.user('anna')]
  const input = { userIds: [anna.id], roleIds: [editor.id] }
  await run(assignRoles, { ...input, expiresAt: clock.now + day, reason: 'for a day' }, admin)
  clock.now += day
  await events()
  assert.equal(await run(assignRoles, input, admin), 1)
  const key = { userId: anna.id, roleId: editor.id, scope: 'workspace' } as const
  const assignment = await space.reader.assignments.find(key)
  assert.deepEqual(
    [assignment?.expiresAt, assignment?.reason, assignment?.createdAt],
    [undefined, undefined, clock.now],
  )
  assert.equal((await events()).length, 1)
})

test('an expiry that lies in the past is refused', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, clock } = space
  const [editor, anna] = [await role(space, 'editor'), await space.user('anna')]
  const input = { userIds: [anna.id], roleIds: [editor.id], expiresAt: clock.now }
  assert.equal((await refusalOf(run(assignRoles, input, admin))).code, 'invalid')
})

test('a hundred additions at the same time lose nothing', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, system } = space
  const anna = await space.user('anna')
  const roles = await Promise.all(Array.from({ length: 100 }, (_, at) => role(space, `role-${at}`)))
  await Promise.all(roles.map(({ id }) => run(assignRoles, { userIds: [anna.id], roleIds: [id] }, admin)))
  assert.equal((await rolesOf(space, anna.id)).length, 100)
  const { version } = await run(listRolesOfUser, { userId: anna.id, limit: 1, offset: 0 }, system)
  assert.equal(version, 100)
})

test('replacing needs the version that was seen, so that no addition in between is lost', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, system } = space
  const [editor, writer, anna] = [
    await role(space, 'editor'),
    await role(space, 'writer'),
    await space.user('anna'),
  ]
  const { version } = await run(listRolesOfUser, { userId: anna.id, limit: 1, offset: 0 }, system)
  await run(assignRoles, { userIds: [anna.id], roleIds: [editor.id] }, admin)
  const stale = { userId: anna.id, roleIds: [writer.id], ifVersion: version }
  assert.deepEqual(await refusalOf(run(replaceRoles, stale, admin)), {
    code: 'precondition_failed',
    current: '1',
  })
  assert.deepEqual(await rolesOf(space, anna.id), ['editor'])
  await run(replaceRoles, { ...stale, ifVersion: 1 }, admin)
  assert.deepEqual(await rolesOf(space, anna.id), ['writer'])
})

test('of many replacements that saw the same version exactly one wins', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  const anna = await space.user('anna')
  const roles = await Promise.all(Array.from({ length: 20 }, (_, at) => role(space, `role-${at}`)))
  const outcomes = await Promise.allSettled(
    roles.map(({ id }) => run(replaceRoles, { userId: anna.id, roleIds: [id], ifVersion: 0 }, admin)),
  )
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
  assert.equal((await rolesOf(space, anna.id)).length, 1)
})

test('replacing leaves alone what it keeps, which the actor need not be able to give', async (t) => {
  const space = await openWorkspace(t)
  const { run, system } = space
  const [mighty, editor] = [await role(space, 'mighty'), await role(space, 'editor')]
  const permissions = [{ apiId: 'rolecall', name: 'users:delete' }]
  await run(addRolePermissions, { roleId: mighty.id, permissions }, system)
  const [anna, actor] = [await space.user('anna'), await space.person('roles:assign', 'roles:remove')]
  await run(assignRoles, { userIds: [anna.id], roleIds: [mighty.id] }, system)
  const input = { userId: anna.id, roleIds: [mighty.id, editor.id], ifVersion: 1 }
  await run(replaceRoles, input, actor)
  assert.deepEqual(await rolesOf(space, anna.id), ['mighty', 'editor'])
  const without = { ...input, roleIds: [], ifVersion: 2 }
  assert.equal((await refusalOf(run(replaceRoles, without, actor))).code, 'cannot_grant')
})

test('replacing with the roles that are held changes nothing and emits nothing', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, events } = space
  const [editor, anna] = [await role(space, 'editor'), await space.user('anna')]
  await run(assignRoles, { userIds: [anna.id], roleIds: [editor.id] }, admin)
  await events()
  const same = { userId: anna.id, roleIds: [editor.id, editor.id], ifVersion: 1 }
  assert.equal(await run(replaceRoles, same, admin), 1)
  assert.deepEqual(await events(), [])
})

test('an inactive role keeps its assignments, and they and what it includes count for nothing', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, system } = space
  const inactive = await run(createRole, { name: 'off', isActive: false }, system)
  const [inner, anna] = [await role(space, 'inner'), await space.user('anna')]
  await run(addInclusion, { roleId: inactive.id, includedRoleId: inner.id }, system)
  await run(assignRoles, { userIds: [anna.id], roleIds: [inactive.id] }, admin)
  assert.deepEqual([await rolesOf(space, anna.id), await effective(space, anna.id)], [['off'], []])
})
