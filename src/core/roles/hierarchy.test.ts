import assert from 'node:assert/strict'
import test from 'node:test'
import { openWorkspace, refusalOf } from '#test/workspace.ts'
import { createApplication } from '../applications/create.ts'
import type { Scope } from '../scope.ts'
import { assignRoles } from './assign.ts'
import { createRole } from './create.ts'
import { deleteRole } from './delete.ts'
import { addExclusion, addInclusion, getHierarchy, removeInclusion } from './hierarchy.ts'
import { listEffectiveRoles } from './read.ts'
import { replaceRoles } from './replace.ts'
import { updateRole } from './update.ts'

/** Somebody, and roles of which the first two exclude each other. */
const open = async (t: { after(close: () => void): void }, { exclusive = true } = {}) => {
  const space = await openWorkspace(t)
  const { run, system } = space
  const [payer, approver, other] = await Promise.all(
    ['payer', 'approver', 'other'].map((name) => run(createRole, { name }, system)),
  )
  const ids = { payer: payer!.id, approver: approver!.id, other: other!.id }
  if (exclusive) await run(addExclusion, { roleId: ids.payer, otherRoleId: ids.approver }, system)
  const anna = await space.user('anna')
  const give = (roleId: string, scope?: Scope, expiresAt?: number) =>
    run(
      assignRoles,
      { userIds: [anna.id], roleIds: [roleId], ...(scope && { scope }), ...(expiresAt && { expiresAt }) },
      system,
    )
  return { ...space, ids, anna, give }
}

const application: Scope = 'application:default'

const isExclusive = async (work: Promise<unknown>) =>
  assert.equal((await refusalOf(work)).code, 'exclusive_roles')

test('exclusive roles are not given one after the other', async (t) => {
  const { give, ids, anna, run, system } = await open(t)
  await give(ids.payer)
  assert.deepEqual(await refusalOf(give(ids.approver)), {
    code: 'exclusive_roles',
    userId: anna.id,
    roleId: ids.approver,
    heldRoleId: ids.payer,
  })
  const roles = await run(listEffectiveRoles, { userId: anna.id }, system)
  assert.deepEqual(
    roles.map(({ name }) => name),
    ['payer'],
  )
})

test('exclusive roles are not given together', async (t) => {
  const { run, system, ids, anna } = await open(t)
  const both = { userIds: [anna.id], roleIds: [ids.payer, ids.approver] }
  await isExclusive(run(assignRoles, both, system))
})

test('a replacement may swap exclusive roles and not join them', async (t) => {
  const { run, system, ids, anna, give } = await open(t)
  await give(ids.payer)
  const joined = { userId: anna.id, roleIds: [ids.payer, ids.approver], ifVersion: 1 }
  await isExclusive(run(replaceRoles, joined, system))
  await run(replaceRoles, { ...joined, roleIds: [ids.approver] }, system)
})

test('an exclusive role held in the workspace keeps its opposite out of every scope', async (t) => {
  const { ids, give } = await open(t)
  await give(ids.payer)
  await isExclusive(give(ids.approver, application))
})

test('an exclusive role held in one scope keeps its opposite out of the workspace', async (t) => {
  const { ids, give } = await open(t)
  await give(ids.payer, application)
  await isExclusive(give(ids.approver))
})

test('exclusive roles may be held in scopes that have nothing to do with each other', async (t) => {
  const { ids, give, run, system } = await open(t)
  const second = await run(createApplication, { name: 'second' }, system)
  await give(ids.payer, application)
  await give(ids.approver, `application:${second.id}`)
})

test('an exclusive role can not come in through what another role includes', async (t) => {
  const { run, system, ids, give } = await open(t)
  await run(addInclusion, { roleId: ids.other, includedRoleId: ids.approver }, system)
  await give(ids.payer)
  await isExclusive(give(ids.other))
})

test('an inclusion is refused when a holder would hold exclusive roles by it', async (t) => {
  const { run, system, ids, give, events } = await open(t)
  await give(ids.payer)
  await give(ids.other, application)
  await events()
  await isExclusive(run(addInclusion, { roleId: ids.other, includedRoleId: ids.approver }, system))
  assert.deepEqual((await run(getHierarchy, {}, system)).inclusions, [])
  assert.deepEqual(await events(), [])
})

test('an exclusion is refused when somebody holds both roles already', async (t) => {
  const { run, system, ids, give } = await open(t, { exclusive: false })
  await give(ids.payer)
  await give(ids.approver, application)
  await isExclusive(run(addExclusion, { roleId: ids.payer, otherRoleId: ids.approver }, system))
  assert.deepEqual((await run(getHierarchy, {}, system)).exclusions, [])
})

test('an exclusion is refused when somebody holds one role and the other by inclusion', async (t) => {
  const { run, system, ids, give } = await open(t, { exclusive: false })
  await run(addInclusion, { roleId: ids.other, includedRoleId: ids.approver }, system)
  await give(ids.payer)
  await give(ids.other)
  await isExclusive(run(addExclusion, { roleId: ids.approver, otherRoleId: ids.payer }, system))
})

test('a role that expired stands in the way of nothing', async (t) => {
  const { run, system, ids, give, clock } = await open(t, { exclusive: false })
  await give(ids.approver, undefined, clock.now + 1000)
  await give(ids.payer)
  clock.now += 1000
  await run(addExclusion, { roleId: ids.payer, otherRoleId: ids.approver }, system)
  await run(addInclusion, { roleId: ids.approver, includedRoleId: ids.other }, system)
})

test('an exclusion is kept once, whichever role is named first', async (t) => {
  const { run, system, ids, events } = await open(t)
  await events()
  await run(addExclusion, { roleId: ids.approver, otherRoleId: ids.payer }, system)
  assert.deepEqual(await events(), [])
  assert.equal((await run(getHierarchy, {}, system)).exclusions.length, 1)
})

test('of an assignment and an exclusion at the same time one is refused', async (t) => {
  const { run, system, ids, give } = await open(t, { exclusive: false })
  await give(ids.payer)
  const outcomes = await Promise.allSettled([
    give(ids.approver),
    run(addExclusion, { roleId: ids.payer, otherRoleId: ids.approver }, system),
  ])
  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
})

test('a role can include neither itself nor what includes it', async (t) => {
  const { run, system, ids } = await open(t, { exclusive: false })
  const include = (roleId: string, includedRoleId: string) =>
    run(addInclusion, { roleId, includedRoleId }, system)
  const cycle = { code: 'role_cycle', roleId: ids.other, includedRoleId: ids.payer }
  assert.equal((await refusalOf(include(ids.payer, ids.payer))).code, 'role_cycle')
  await include(ids.payer, ids.approver)
  await include(ids.approver, ids.other)
  assert.deepEqual(await refusalOf(include(ids.other, ids.payer)), cycle)
})

test('of two inclusions that would make a cycle together one is refused', async (t) => {
  const { run, system, ids } = await open(t, { exclusive: false })
  const [roleId, includedRoleId] = [ids.payer, ids.approver]
  const outcomes = await Promise.allSettled([
    run(addInclusion, { roleId, includedRoleId }, system),
    run(addInclusion, { roleId: includedRoleId, includedRoleId: roleId }, system),
  ])
  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
})

test('including and no longer including again change nothing and emit nothing', async (t) => {
  const { run, system, ids, events } = await open(t, { exclusive: false })
  const inclusion = { roleId: ids.payer, includedRoleId: ids.other }
  await run(addInclusion, inclusion, system)
  await events()
  await run(addInclusion, inclusion, system)
  assert.deepEqual(await events(), [])
  await run(removeInclusion, inclusion, system)
  assert.equal((await events()).length, 1)
  await run(removeInclusion, inclusion, system)
  assert.deepEqual(await events(), [])
})

test('a deleted role leaves no assignment, inclusion or exclusion, and moves the version of its holders', async (t) => {
  const { run, system, ids, give, anna, reader, events } = await open(t)
  await run(addInclusion, { roleId: ids.other, includedRoleId: ids.payer }, system)
  await give(ids.payer)
  await events()
  await run(deleteRole, { roleId: ids.payer }, system)
  assert.deepEqual(
    (await events()).map(({ type }) => type),
    ['role.removed', 'role.deleted'],
  )
  assert.deepEqual(await run(getHierarchy, {}, system), { inclusions: [], exclusions: [] })
  assert.equal((await reader.users.find(anna.id))?.rolesVersion, 2)
})

test('a built-in role is neither renamed, switched off nor deleted', async (t) => {
  const { run, admin } = await openWorkspace(t)
  const refused = { code: 'built_in', kind: 'role', id: 'admin' }
  for (const changes of [{ name: 'boss' }, { isActive: false }, { heldIn: 'room' as const }]) {
    assert.deepEqual(await refusalOf(run(updateRole, { roleId: 'admin', changes }, admin)), refused)
  }
  assert.deepEqual(await refusalOf(run(deleteRole, { roleId: 'admin' }, admin)), refused)
})

test('updating a role to what it is changes nothing and emits nothing', async (t) => {
  const { run, system, events, clock } = await openWorkspace(t)
  const role = await run(createRole, { name: 'editor', extensions: { rocketchat: { a: 1, b: 2 } } }, system)
  await events()
  clock.now += 1000
  const changes = { name: ' editor ', description: '', extensions: { rocketchat: { b: 2, a: 1 } } }
  assert.deepEqual(await run(updateRole, { roleId: role.id, changes }, system), role)
  assert.deepEqual(await events(), [])
})
