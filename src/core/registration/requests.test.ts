import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actorOf, openWorkspace, refusalOf, type Workspace } from '#test/workspace.ts'
import { anonymous } from '../actor.ts'
import { assignRoles } from '../roles/assign.ts'
import { createRole } from '../roles/create.ts'
import { deleteRole } from '../roles/delete.ts'
import { addExclusion } from '../roles/hierarchy.ts'
import { addRolePermissions } from '../roles/permissions.ts'
import { signIn } from '../sign-in/sign-in.ts'
import { approveRegistration, listRegistrations, rejectRegistration } from './approve.ts'
import { approveRoleRequest, rejectRoleRequest, withdrawRoleRequest } from './decide.ts'
import { expireRoleRequests } from './expire.ts'
import { updateRegistrationPolicy } from './policy.ts'
import { listRoleRequests } from './read-requests.ts'
import { register } from './register.ts'
import { requestRoles } from './requests.ts'

const stranger = anonymous('native')
const password = 'a Secret-word 77'

const role = async ({ run, system }: Workspace, name: string): Promise<string> =>
  (await run(createRole, { name }, system)).id

const offer = async (
  space: Workspace,
  roles: Record<string, 'immediate' | 'approval'>,
): Promise<string[]> => {
  const ids: string[] = []
  for (const name of Object.keys(roles)) ids.push(await role(space, name))
  const selectableRoles = ids.map((roleId, at) => ({ roleId, grant: Object.values(roles)[at]! }))
  await space.run(updateRegistrationPolicy, { changes: { selectableRoles } }, space.admin)
  return ids
}

const rolesHeld = async ({ reader }: Workspace, userId: string): Promise<string[]> => {
  const filter = { field: 'userId', is: 'equal', value: userId } as const
  return (await reader.assignments.list({ filter, limit: 100 })).items.map(
    (each) => `${each.roleId} ${each.source}`,
  )
}

test('a chosen role that needs approval is asked for when registering, and held once it is approved', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  const [editor, writer] = await offer(space, { editor: 'approval', writer: 'immediate' })
  const input = { email: 'ada@example.com', password, roles: ['editor', 'writer'] }
  const { user, givenRoleIds, requestedRoleIds, status } = await run(register, input, stranger)
  assert.deepEqual([status, givenRoleIds, requestedRoleIds], ['active', ['user', writer], [editor]])
  const { items } = await run(listRoleRequests, { listing: { limit: 5 } }, admin)
  assert.deepEqual(
    items.map(({ status, user: of, role: asked }) => [status, of.email, asked.name]),
    [['open', 'ada@example.com', 'editor']],
  )
  await space.events()
  const requestId = items[0]!.id
  const approved = await run(approveRoleRequest, { requestId, answer: 'Welcome' }, admin)
  assert.deepEqual([approved.status, approved.decidedBy?.id], ['approved', admin.id])
  assert.deepEqual(await rolesHeld(space, user.id), [
    'user default',
    `${writer} selection`,
    `${editor} request`,
  ])
  assert.deepEqual(
    (await space.events()).map(({ type }) => type),
    ['role.assigned', 'role-request.approved'],
  )
  await run(approveRoleRequest, { requestId }, admin)
  assert.deepEqual(await space.events(), [])
  assert.equal((await refusalOf(run(rejectRoleRequest, { requestId }, admin))).code, 'unsupported')
})

test('who is registered asks later, for himself, once', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  const [editor, writer] = await offer(space, { editor: 'approval', writer: 'immediate' })
  const user = await space.user('ada')
  const ada = actorOf(user)
  const ask = (...roles: string[]) => run(requestRoles, { userId: user.id, roles, reason: 'I write' }, ada)
  const first = await ask('Editor', 'writer')
  assert.deepEqual([first.givenRoleIds, first.requests.map(({ roleId }) => roleId)], [[writer], [editor]])
  await space.events()
  const again = await ask('editor', 'writer')
  assert.deepEqual([again.givenRoleIds, again.requests[0]?.id], [[], first.requests[0]?.id])
  assert.deepEqual(await space.events(), [])
  assert.deepEqual(await refusalOf(ask('admin')), { code: 'role_not_selectable', role: 'admin' })
  const other = actorOf(await space.user())
  const forAnother = run(requestRoles, { userId: user.id, roles: ['editor'] }, other)
  assert.equal((await refusalOf(forAnother)).code, 'forbidden')
  const own = await run(listRoleRequests, { userId: user.id, listing: { limit: 5 } }, ada)
  assert.equal(own.items.length, 1)
  assert.equal((await refusalOf(run(listRoleRequests, { listing: { limit: 5 } }, ada))).code, 'forbidden')
  const requestId = first.requests[0]!.id
  const foreign = run(withdrawRoleRequest, { requestId, userId: other.id }, other)
  assert.equal((await refusalOf(foreign)).code, 'not_found')
  assert.equal((await run(withdrawRoleRequest, { requestId, userId: user.id }, ada)).status, 'withdrawn')
  assert.equal((await refusalOf(run(approveRoleRequest, { requestId }, admin))).code, 'unsupported')
  assert.notEqual((await ask('editor')).requests[0]?.id, requestId)
})

test('a request ends at its instant, whether or not anybody sweeps (case 17)', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, clock } = space
  await offer(space, { editor: 'approval' })
  const user = await space.user('ada')
  const { requests } = await run(requestRoles, { userId: user.id, roles: ['editor'] }, actorOf(user))
  const { id: requestId, expiresAt } = requests[0]!
  clock.now = expiresAt
  assert.equal((await refusalOf(run(approveRoleRequest, { requestId }, admin))).code, 'unsupported')
  assert.equal((await run(listRoleRequests, { listing: { limit: 1 } }, admin)).items[0]?.status, 'expired')
  clock.now = expiresAt - 1
  assert.equal((await run(approveRoleRequest, { requestId }, admin)).status, 'approved')
})

test('requests that nobody decided on are told of once, on both sides, some at a time', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, system, clock, reader } = space
  await offer(space, { editor: 'approval' })
  const expire = () => run(expireRoleRequests, {}, system)
  const ask = async () => {
    const user = await space.user()
    const asked = await run(requestRoles, { userId: user.id, roles: ['editor'] }, actorOf(user))
    return { user, request: asked.requests[0]! }
  }
  const first = await ask()
  for (let at = 0; at < 50; at += 1) await ask()
  clock.now = first.request.expiresAt - 1
  const { request: late } = await ask()
  assert.equal(await expire(), false)
  clock.now += 1
  await space.events()
  assert.deepEqual([await expire(), await expire(), await expire()], [true, false, false])
  const told = await space.events()
  assert.equal(told.filter(({ type }) => type === 'role-request.expired').length, 51)
  const mailsTo = async (to: string) =>
    (await reader.mails.list({ filter: { field: 'to', is: 'equal', value: to }, limit: 200 })).items.map(
      ({ template }) => template,
    )
  assert.deepEqual(await mailsTo(first.user.email!), ['role-request-expired'])
  const deciders = await mailsTo('root@example.com')
  assert.equal(deciders.filter((name) => name === 'role-request-undecided').length, 20, 'no flood')
  const states = (await run(listRoleRequests, { listing: { limit: 100 } }, admin)).items
  assert.deepEqual(
    states.filter(({ status }) => status !== 'expired').map(({ id }) => id),
    [late.id],
  )
  const { id: requestId, userId } = first.request
  for (const decided of [
    run(approveRoleRequest, { requestId }, admin),
    run(rejectRoleRequest, { requestId }, admin),
    run(withdrawRoleRequest, { requestId, userId }, actorOf(first.user)),
  ]) {
    const what = 'deciding on a request that has expired'
    assert.deepEqual(await refusalOf(decided), { code: 'unsupported', what })
  }
  const again = await run(requestRoles, { userId, roles: ['editor'] }, actorOf(first.user))
  assert.notEqual(again.requests[0]?.id, requestId, 'he can ask again')
  const clerk = await space.person('users:read')
  assert.equal((await refusalOf(run(expireRoleRequests, {}, clerk))).code, 'forbidden')
})

test('nobody approves of what he could not give himself (case 1), and of many at once one decides', async (t) => {
  const space = await openWorkspace(t)
  const { run, system, admin } = space
  const [strong] = await offer(space, { strong: 'approval' })
  const permissions = [{ apiId: 'rolecall', name: 'users:delete' }]
  await run(addRolePermissions, { roleId: strong!, permissions }, system)
  const helper = await space.person('roles:assign')
  const user = await space.user('ada')
  const { requests } = await run(requestRoles, { userId: user.id, roles: ['strong'] }, actorOf(user))
  const requestId = requests[0]!.id
  const refusal = await refusalOf(run(approveRoleRequest, { requestId }, helper))
  assert.deepEqual(refusal, { code: 'cannot_grant', permission: 'users:delete' })
  const outcomes = await Promise.allSettled(
    Array.from({ length: 50 }, (_, at) =>
      run(at % 2 ? approveRoleRequest : rejectRoleRequest, { requestId }, at % 2 ? admin : helper),
    ),
  )
  const states = outcomes.flatMap((each) => (each.status === 'fulfilled' ? [each.value.status] : []))
  assert.equal(new Set(states).size, 1)
  assert.equal((await rolesHeld(space, user.id)).length, states[0] === 'approved' ? 1 : 0)
})

test('what excludes a role he holds can not be asked for, and what he came to hold meanwhile stops the approval', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  const [payer] = await offer(space, { payer: 'approval' })
  const approver = await role(space, 'approver')
  await run(addExclusion, { roleId: payer!, otherRoleId: approver }, admin)
  const user = await space.user('ada')
  const ask = () => run(requestRoles, { userId: user.id, roles: ['payer'] }, actorOf(user))
  const { requests } = await ask()
  await run(assignRoles, { userIds: [user.id], roleIds: [approver] }, admin)
  const requestId = requests[0]!.id
  assert.equal((await refusalOf(run(approveRoleRequest, { requestId }, admin))).code, 'exclusive_roles')
  assert.equal((await refusalOf(ask())).code, 'invalid')
  await run(deleteRole, { roleId: payer! }, admin)
  assert.equal((await refusalOf(run(approveRoleRequest, { requestId }, admin))).code, 'not_found')
})

test('nobody floods those who decide', async (t) => {
  const space = await openWorkspace(t)
  const { run } = space
  await offer(space, { editor: 'approval' })
  const user = await space.user('ada')
  const ada = actorOf(user)
  for (let at = 0; at < 20; at += 1) {
    const { requests } = await run(requestRoles, { userId: user.id, roles: ['editor'] }, ada)
    await run(withdrawRoleRequest, { requestId: requests[0]!.id, userId: user.id }, ada)
  }
  const refusal = await refusalOf(run(requestRoles, { userId: user.id, roles: ['editor'] }, ada))
  assert.equal(refusal.code, 'limit_exceeded')
})

test('who waits for approval is let in or turned away by who may', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  await run(updateRegistrationPolicy, { changes: { mode: 'approval' } }, admin)
  const [ada, ben] = [
    await run(register, { email: 'ada@example.com', password }, stranger),
    await run(register, { email: 'ben@example.com', password }, stranger),
  ]
  const waiting = await run(listRegistrations, { listing: { limit: 5 } }, admin)
  assert.deepEqual(
    waiting.items.map(({ id }) => id),
    [ada.user.id, ben.user.id],
  )
  for (const actor of [actorOf(ada.user), await space.person('users:read')]) {
    for (const operation of [approveRegistration, rejectRegistration]) {
      const work = run<{ userId: string }, unknown>(operation, { userId: ada.user.id }, actor)
      assert.equal((await refusalOf(work)).code, 'forbidden')
    }
  }
  await space.events()
  await run(approveRegistration, { userId: ada.user.id }, admin)
  await run(approveRegistration, { userId: ada.user.id }, admin)
  await run(rejectRegistration, { userId: ben.user.id }, admin)
  assert.equal((await refusalOf(run(rejectRegistration, { userId: ada.user.id }, admin))).code, 'unsupported')
  assert.deepEqual(
    (await space.events()).map(({ type }) => type),
    ['user.approved', 'user.rejected', 'role.removed', 'user.deleted'],
  )
  const result = await run(signIn, { login: { email: 'ada@example.com' }, password }, stranger)
  assert.equal(result.ok, true)
  assert.equal((await run(listRegistrations, { listing: { limit: 5 } }, admin)).items.length, 0)
})
