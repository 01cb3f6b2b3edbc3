import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { actorOf, beginning, openWorkspace, refusalOf } from '#test/workspace.ts'
import { createApi } from '../apis/create.ts'
import { decide } from '../decisions.ts'
import { createOrganization } from '../organizations/create.ts'
import { addOrganizationMembers } from '../organizations/members.ts'
import { organizationScope } from '../organizations/rules.ts'
import { createRoom } from '../rooms/create.ts'
import { roomScope } from '../rooms/rules.ts'
import { assignPermissions } from '../users/permissions.ts'
import { updateUser } from '../users/update.ts'
import { assignRoles } from './assign.ts'
import { createRole } from './create.ts'
import { explain } from './explain.ts'
import type { Explanation } from './explanation.ts'
import { addInclusion } from './hierarchy.ts'
import { addRolePermissions } from './permissions.ts'
import { updateRole } from './update.ts'

/** A shop whose `clerk` may ship; `manager` includes it, and `director` that one. */
const shop = async (t: TestContext) => {
  const space = await openWorkspace(t)
  const { run, system } = space
  const api = await run(
    createApi,
    {
      identifier: 'https://shop.example',
      name: 'Shop',
      permissions: [{ name: 'ship', description: 'Ship it' }],
    },
    system,
  )
  const role = async (name: string) => (await run(createRole, { name }, system)).id
  const [clerk, manager, director] = [await role('clerk'), await role('manager'), await role('director')]
  await run(addInclusion, { roleId: manager, includedRoleId: clerk }, system)
  await run(addInclusion, { roleId: director, includedRoleId: manager }, system)
  const permission = { apiId: api.id, name: 'ship' }
  await run(addRolePermissions, { roleId: clerk, permissions: [permission] }, system)
  const anna = await space.user('anna')
  const give = (roleId: string, more: object = {}) =>
    run(assignRoles, { userIds: [anna.id], roleIds: [roleId], ...more }, space.admin)
  return { space, run, permission, anna, give, clerk, manager, director }
}

const names = ({ paths }: Explanation) => paths.map(({ roles }) => roles.map(({ name }) => name))

test('a path tells who gave which role, when, why, through which door, until when, and what it includes', async (t) => {
  const { run, space, permission, anna, give, clerk, manager } = await shop(t)
  const until = beginning + 1000
  await give(manager, { expiresAt: until, reason: 'Stands in for Ben' })
  const explanation = await run(explain, { userId: anna.id, permission }, space.admin)
  assert.deepEqual(explanation, {
    user: { id: anna.id, name: 'anna', isBlocked: false },
    scope: 'workspace',
    at: beginning,
    asked: {
      kind: 'permission',
      permission: {
        apiId: permission.apiId,
        apiIdentifier: 'https://shop.example',
        apiName: 'Shop',
        name: 'ship',
        description: 'Ship it',
      },
    },
    answer: true,
    paths: [
      {
        grant: {
          kind: 'assignment',
          scope: 'workspace',
          source: 'direct',
          by: { kind: 'user', id: space.admin.id, name: 'root' },
          door: 'native',
          reason: 'Stands in for Ben',
          since: beginning,
          until,
        },
        roles: [
          { id: manager, name: 'manager', isActive: true },
          { id: clerk, name: 'clerk', isActive: true },
        ],
      },
    ],
    isCut: false,
  })
})

test('every path is listed, the permission given to the user himself first, then the shorter ones', async (t) => {
  const { run, space, permission, anna, give, clerk, manager, director } = await shop(t)
  for (const roleId of [director, manager, clerk]) await give(roleId)
  space.clock.now += 5
  await run(assignPermissions, { userId: anna.id, permissions: [permission] }, space.admin)
  const explanation = await run(explain, { userId: anna.id, permission }, space.admin)
  assert.deepEqual(names(explanation), [
    [],
    ['clerk'],
    ['manager', 'clerk'],
    ['director', 'manager', 'clerk'],
  ])
  assert.deepEqual(explanation.paths[0]!.grant, {
    kind: 'permission',
    scope: 'workspace',
    by: { kind: 'user', id: space.admin.id, name: 'root' },
    door: 'native',
    since: beginning + 5,
  })
  const role = await run(explain, { userId: anna.id, roleId: manager }, space.admin)
  assert.deepEqual(names(role), [['manager'], ['director', 'manager']])
  assert.deepEqual(role.asked, { kind: 'role', role: { id: manager, name: 'manager', isActive: true } })
})

test('an assignment counts until just before it expires, and is then told as what is missing', async (t) => {
  const { run, space, permission, anna, give, clerk } = await shop(t)
  const until = beginning + 1000
  await give(clerk, { expiresAt: until })
  const ask = async () => {
    const decided = await run(decide, { userId: anna.id, permission }, space.admin)
    const explanation = await run(explain, { userId: anna.id, permission }, space.admin)
    assert.equal(explanation.answer, decided)
    return explanation
  }
  space.clock.now = until - 1
  assert.equal((await ask()).answer, true)
  space.clock.now = until
  const { answer, missing } = await ask()
  assert.equal(answer, false)
  assert.deepEqual(
    missing?.nearly.map(({ because, roles }) => [because, roles.map(({ name }) => name)]),
    [[[{ kind: 'expired', at: until }], ['clerk']]],
  )
})

test('a no names what the user has elsewhere, what is switched off, and which roles would help', async (t) => {
  const { run, space, permission, anna, give, clerk, manager, director } = await shop(t)
  const { id: organizationId } = await run(createOrganization, { name: 'acme' }, space.admin)
  await run(addOrganizationMembers, { organizationId, userIds: [anna.id] }, space.admin)
  const scope = organizationScope(organizationId)
  await give(director, { scope, expiresAt: beginning + 1 })
  await run(updateRole, { roleId: manager, changes: { isActive: false } }, space.admin)
  space.clock.now += 1
  const { answer, paths, missing } = await run(explain, { userId: anna.id, permission }, space.admin)
  assert.deepEqual([answer, paths], [false, []])
  const off = { id: manager, name: 'manager', isActive: false }
  assert.deepEqual(missing?.nearly[0]?.because, [
    { kind: 'expired', at: beginning + 1 },
    { kind: 'other-scope', scope },
    { kind: 'inactive-role', role: off },
  ])
  assert.deepEqual(
    missing?.roles?.map(({ roles, assignIn, inactive }) => [roles.map(({ id }) => id), assignIn, inactive]),
    [
      [[clerk], 'workspace', []],
      [[manager, clerk], 'workspace', [off]],
      [[director, manager, clerk], 'workspace', [off]],
    ],
  )
  assert.deepEqual([missing?.isBlocked, missing?.isMember], [false, undefined])
})

test('a blocked user may nothing, and his paths show what comes back with him', async (t) => {
  const { run, space, permission, anna, give, clerk } = await shop(t)
  await give(clerk)
  await run(updateUser, { userId: anna.id, changes: { isBlocked: true } }, space.admin)
  const blocked = await run(explain, { userId: anna.id, permission }, space.admin)
  assert.deepEqual([blocked.answer, names(blocked), blocked.missing?.isBlocked], [false, [['clerk']], true])
  const role = await run(explain, { userId: anna.id, roleId: clerk }, space.admin)
  assert.deepEqual([role.answer, role.user.isBlocked], [true, true], 'he keeps his roles')
})

test('in a room, a no says whether the user is in it, and where each role could be given', async (t) => {
  const { run, space, permission, anna } = await shop(t)
  const { id: roomId } = await run(createRoom, { name: 'den', kind: 'group' }, space.admin)
  const scribe = await run(createRole, { name: 'scribe', heldIn: 'room' }, space.admin)
  await run(addRolePermissions, { roleId: scribe.id, permissions: [permission] }, space.admin)
  const scope = roomScope(roomId)
  const { missing } = await run(explain, { userId: anna.id, permission, scope }, space.admin)
  assert.equal(missing?.isMember, false)
  assert.deepEqual(
    missing?.roles?.slice(0, 2).map(({ roles, assignIn }) => [roles[0]?.name, assignIn]),
    [
      ['clerk', 'workspace'],
      ['scribe', scope],
    ],
  )
})

test('people may ask about themselves, learn no roles they may not see, and no rooms there are', async (t) => {
  const { run, space, permission, anna } = await shop(t)
  const { id: roomId } = await run(createRoom, { name: 'den', kind: 'group' }, space.admin)
  const ask = (scope: 'workspace' | `room:${string}`, actor = actorOf(anna), userId = anna.id) =>
    run(explain, { userId, permission, scope }, actor)
  const own = await ask('workspace')
  assert.deepEqual([own.answer, own.missing?.roles], [false, undefined])
  const [real, none] = [await ask(roomScope(roomId)), await ask('room:none')]
  assert.deepEqual({ ...none, scope: real.scope }, real)
  assert.equal((await refusalOf(ask('workspace', actorOf(anna), space.admin.id))).code, 'forbidden')
  assert.equal((await refusalOf(ask('room:none', space.admin))).code, 'not_found')
  assert.equal((await refusalOf(ask('workspace', space.admin, 'nobody'))).code, 'not_found')
  const unknown = run(explain, { userId: anna.id, permission: { ...permission, name: 'none' } }, space.admin)
  assert.equal((await refusalOf(unknown)).code, 'unknown_permission')
})

test('more paths than anybody reads are cut, and it is said', async (t) => {
  const { run, space, permission, anna, clerk } = await shop(t)
  const role = async (name: string) => (await run(createRole, { name }, space.admin)).id
  // Eight diamonds in a row: 256 ways from the first to the last.
  let bottom = clerk
  for (let depth = 0; depth < 8; depth++) {
    const [left, right, top] = [await role(`l${depth}`), await role(`r${depth}`), await role(`t${depth}`)]
    for (const side of [left, right]) {
      await run(addInclusion, { roleId: side, includedRoleId: bottom }, space.system)
      await run(addInclusion, { roleId: top, includedRoleId: side }, space.system)
    }
    bottom = top
  }
  await run(assignRoles, { userIds: [anna.id], roleIds: [bottom] }, space.admin)
  const explanation = await run(explain, { userId: anna.id, permission }, space.admin)
  assert.deepEqual([explanation.answer, explanation.paths.length, explanation.isCut], [true, 100, true])
  assert.deepEqual(await run(explain, { userId: anna.id, permission }, space.admin), explanation)
})
