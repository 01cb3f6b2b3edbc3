import assert from 'node:assert/strict'
import test from 'node:test'
import { actorOf, openWorkspace, refusalOf, type Workspace } from '#test/workspace.ts'
import { type Actor, anonymous } from './actor.ts'
import { createApplication } from './applications/create.ts'
import { createClientGrant, updateClientGrant } from './applications/grants.ts'
import { readApplicationSecrets, rotateApplicationSecret } from './applications/secrets.ts'
import { updateApplication } from './applications/update.ts'
import type { Permission } from './permissions.ts'
import { mayDo } from './rights.ts'
import { assignRoles } from './roles/assign.ts'
import { createRole } from './roles/create.ts'
import { addInclusion, removeInclusion } from './roles/hierarchy.ts'
import { addRolePermissions, removeRolePermissions } from './roles/permissions.ts'
import { removeRoles } from './roles/remove.ts'
import { replaceRoles } from './roles/replace.ts'
import { updateRole } from './roles/update.ts'
import { createTicket } from './tickets/create.ts'
import { deleteUser } from './users/delete.ts'
import { assignPermissions } from './users/permissions.ts'
import { updateUser } from './users/update.ts'

/** Invariant 2 of DESIGN.md: nobody can raise himself. The power that nobody here may hand on is `users:delete`. */

const power = { apiId: 'rolecall', name: 'users:delete' } as const
/** The same power, as another built-in API calls it. */
const powerByAnotherName = { apiId: 'management', name: 'delete:users' } as const

const cannotGrant = { code: 'cannot_grant', permission: 'users:delete' }

const refuses = async (space: Workspace, work: () => Promise<unknown>, refusal: object = cannotGrant) => {
  await space.events()
  assert.deepEqual(await refusalOf(work()), refusal)
  assert.deepEqual(await space.events(), [])
}

const powerfulRole = async ({ run, system }: Workspace, name = 'powerful', isActive = true) => {
  const { id } = await run(createRole, { name, isActive }, system)
  await run(addRolePermissions, { roleId: id, permissions: [power] }, system)
  return id
}

/** Somebody who administers a part of the work, without the power. */
const open = async (t: { after(close: () => void): void }, ...permissions: Permission[]) => {
  const space = await openWorkspace(t)
  return { ...space, space, actor: await space.person(...permissions) }
}

test('nobody gives himself a role that carries a power he does not hold', async (t) => {
  const { space, run, actor } = await open(t, 'roles:assign', 'roles:remove')
  const roleId = await powerfulRole(space)
  const input = { userIds: [actor.id], roleIds: [roleId] }
  await refuses(space, () => run(assignRoles, input, actor))
  await refuses(space, () => run(assignRoles, { ...input, scope: 'application:default' }, actor))
  await refuses(space, () => run(replaceRoles, { userId: actor.id, roleIds: [roleId], ifVersion: 1 }, actor))
})

test('nobody gives it to somebody else either, who could give it back', async (t) => {
  const { space, run, actor } = await open(t, 'roles:assign')
  const [roleId, anna] = [await powerfulRole(space), await space.user('anna')]
  await refuses(space, () => run(assignRoles, { userIds: [anna.id], roleIds: [roleId] }, actor))
})

test('nobody gives himself a role that includes one with a power he does not hold', async (t) => {
  const { space, run, actor, system } = await open(t, 'roles:assign')
  const [inner, outer] = [await powerfulRole(space), await run(createRole, { name: 'outer' }, system)]
  await run(addInclusion, { roleId: outer.id, includedRoleId: inner }, system)
  await refuses(space, () => run(assignRoles, { userIds: [actor.id], roleIds: [outer.id] }, actor))
})

test('the role admin needs a right of its own, whoever may assign everything else', async (t) => {
  const { space, run, actor } = await open(t, 'roles:assign', 'roles:remove')
  const { code } = await refusalOf(run(assignRoles, { userIds: [actor.id], roleIds: ['admin'] }, actor))
  assert.equal(code, 'cannot_grant')
  await refuses(
    space,
    () => run(removeRoles, { userIds: [space.admin.id], roleIds: ['admin'] }, actor),
    await refusalOf(run(assignRoles, { userIds: [actor.id], roleIds: ['admin'] }, actor)),
  )
})

test('a role without powers is given by whoever may assign', async (t) => {
  const { run, actor, system } = await open(t, 'roles:assign')
  const { id } = await run(createRole, { name: 'editor' }, system)
  assert.equal(await run(assignRoles, { userIds: [actor.id], roleIds: [id] }, actor), 1)
})

test('a role with powers is given by whoever holds them all', async (t) => {
  const { space, run, actor } = await open(t, 'roles:assign', 'users:delete')
  const anna = await space.user('anna')
  assert.equal(await run(assignRoles, { userIds: [anna.id], roleIds: [await powerfulRole(space)] }, actor), 1)
})

test('nobody gives himself a permission that stands for a power he does not hold', async (t) => {
  const { space, run, actor } = await open(t, 'roles:assign')
  for (const permission of [power, powerByAnotherName]) {
    await refuses(space, () => run(assignPermissions, { userId: actor.id, permissions: [permission] }, actor))
  }
})

test('nobody adds a power he does not hold to a role', async (t) => {
  const { space, run, actor, system } = await open(t, 'roles:update')
  const { id } = await run(createRole, { name: 'mine' }, system)
  await run(assignRoles, { userIds: [actor.id], roleIds: [id] }, system)
  for (const permission of [power, powerByAnotherName]) {
    await refuses(space, () => run(addRolePermissions, { roleId: id, permissions: [permission] }, actor))
  }
})

test('nobody takes a power he does not hold from a role', async (t) => {
  const { space, run, actor } = await open(t, 'roles:update')
  const roleId = await powerfulRole(space)
  await refuses(space, () => run(removeRolePermissions, { roleId, permissions: [power] }, actor))
})

test('nobody lets a role include another with a power he does not hold, nor ends that', async (t) => {
  const { space, run, actor, system } = await open(t, 'roles:update')
  const [inner, mine] = [await powerfulRole(space), await run(createRole, { name: 'mine' }, system)]
  const assignment = { userIds: [actor.id], roleIds: [mine.id] }
  const inclusion = { roleId: mine.id, includedRoleId: inner }
  await run(assignRoles, assignment, system)
  await refuses(space, () => run(addInclusion, inclusion, actor))
  await run(removeRoles, assignment, system)
  await run(addInclusion, inclusion, system)
  await refuses(space, () => run(removeInclusion, inclusion, actor))
})

test('nobody switches a role on that carries a power he does not hold', async (t) => {
  const { space, run, actor } = await open(t, 'roles:update')
  const roleId = await powerfulRole(space, 'sleeping', false)
  await refuses(space, () => run(updateRole, { roleId, changes: { isActive: true } }, actor))
})

test('rights in one application do not reach beyond it', async (t) => {
  const { space, run, system, reader } = await open(t)
  const [local, anna] = [await run(createRole, { name: 'local' }, system), await space.user('anna')]
  const permissions = [{ apiId: 'rolecall', name: 'roles:assign' }]
  await run(addRolePermissions, { roleId: local.id, permissions }, system)
  const scope = 'application:default' as const
  await run(assignRoles, { userIds: [anna.id], roleIds: [local.id], scope }, system)
  const actor = actorOf(anna)
  const plain = await run(createRole, { name: 'plain' }, system)
  const input = { userIds: [anna.id], roleIds: [plain.id] }
  await refuses(space, () => run(assignRoles, input, actor), {
    code: 'forbidden',
    permission: 'roles:assign',
    scope: 'workspace',
  })
  assert.equal(await run(assignRoles, { ...input, scope }, actor), 1)
  assert.equal(await mayDo(reader, actor, ['roles:assign'], 'application:other'), false)
})

test('a right that is taken away is gone with the next operation', async (t) => {
  const { space, run, admin, system } = await open(t)
  const [roleId, anna, ben] = [await powerfulRole(space), await space.user('anna'), await space.user('ben')]
  await run(assignRoles, { userIds: [anna.id], roleIds: [roleId] }, system)
  await run(removeRoles, { userIds: [anna.id], roleIds: [roleId] }, admin)
  assert.equal((await refusalOf(run(deleteUser, { userId: ben.id }, actorOf(anna)))).code, 'forbidden')
})

test('a right ends with the assignment that gives it, at its instant', async (t) => {
  const { space, run, system, clock, reader } = await open(t)
  const [roleId, anna] = [await powerfulRole(space), await space.user('anna')]
  const expiresAt = clock.now + 1000
  await run(assignRoles, { userIds: [anna.id], roleIds: [roleId], expiresAt }, system)
  const may = () => mayDo(reader, actorOf(anna), ['users:delete'], 'workspace')
  clock.now = expiresAt - 1
  assert.equal(await may(), true)
  clock.now = expiresAt
  assert.equal(await may(), false)
})

test('a token narrows what its owner may do, and gives him nothing he does not hold', async (t) => {
  const { space, reader } = await open(t)
  const { admin } = space
  const narrowed: Actor = { ...admin, credential: { apiId: 'management', tokenScopes: ['read:users'] } }
  assert.equal(await mayDo(reader, narrowed, ['users:read'], 'workspace'), true)
  assert.equal(await mayDo(reader, narrowed, ['users:delete'], 'workspace'), false)
  const nobody = actorOf(await space.user())
  const claimed = { ...nobody, credential: { apiId: 'management', tokenScopes: ['read:users'] } }
  assert.equal(await mayDo(reader, claimed, ['users:read'], 'workspace'), false)
  assert.equal(await mayDo(reader, anonymous('native'), ['users:read'], 'workspace'), false)
})

// Client grants: row 2 of security-cases.md, for whatever ends in a token passes the same check.

const machine = async ({ run, system }: Workspace, permissions: string[] = ['delete:users']) => {
  const application = await run(createApplication, { name: 'machine' }, system)
  const applicationId = application.id
  const grant = await run(createClientGrant, { applicationId, api: 'management', permissions }, system)
  return { applicationId, grantId: grant.id }
}

test('nobody grants an application a power he does not hold [row 2]', async (t) => {
  const { space, run, actor, system } = await open(t, 'client-grants:create')
  const { id } = await run(createApplication, { name: 'mine' }, system)
  const input = { applicationId: id, api: 'management', permissions: ['delete:users'] }
  await refuses(space, () => run(createClientGrant, input, actor))
  await refuses(space, () => run(createClientGrant, { ...input, subjectType: 'user' }, actor))
})

test('nobody widens a client grant to a power he does not hold, as strictly as when it is made [row 4]', async (t) => {
  const { space, run, actor } = await open(t, 'client-grants:update')
  const { grantId } = await machine(space, [])
  const changes = { permissions: ['delete:users'] }
  await refuses(space, () => run(updateClientGrant, { grantId, changes }, actor))
})

test('everything of a built-in API, later permissions included, is granted only by who may do everything', async (t) => {
  const { space, run, admin, system } = await open(t)
  const { id } = await run(createApplication, { name: 'mine' }, system)
  const actor = await space.person('client-grants:create', 'client-grants:update', 'users:delete')
  const input = { applicationId: id, api: 'management', allowsAll: true }
  assert.equal((await refusalOf(run(createClientGrant, input, actor))).code, 'cannot_grant')
  const { grantId } = await machine(space)
  const changes = { allowsAll: true }
  assert.equal((await refusalOf(run(updateClientGrant, { grantId, changes }, actor))).code, 'cannot_grant')
  await run(updateClientGrant, { grantId, changes }, admin)
  const back = { allowsAll: false }
  assert.equal(
    (await refusalOf(run(updateClientGrant, { grantId, changes: back }, actor))).code,
    'cannot_grant',
  )
})

test('a machine grants no more than its own token carries', async (t) => {
  const { space, run, system } = await open(t)
  const { applicationId } = await machine(space, ['create:client_grants', 'delete:users'])
  const { id } = await run(createApplication, { name: 'friend' }, system)
  const input = { applicationId: id, api: 'management', permissions: ['delete:users'] }
  const withToken = (...tokenScopes: string[]): Actor => ({
    kind: 'application',
    id: applicationId,
    door: 'auth0',
    credential: { apiId: 'management', tokenScopes },
  })
  await refuses(space, () => run(createClientGrant, input, withToken('create:client_grants')))
  await run(createClientGrant, input, withToken('create:client_grants', 'delete:users'))
})

test('nobody learns or sets the secret of an application that may do what he may not', async (t) => {
  const { space, run, actor } = await open(
    t,
    'applications:read-secrets',
    'applications:update-secrets',
    'applications:update',
  )
  const { applicationId } = await machine(space)
  await refuses(space, () => run(readApplicationSecrets, { applicationId }, actor))
  await refuses(space, () => run(rotateApplicationSecret, { applicationId }, actor))
  await refuses(space, () => run(updateApplication, { applicationId, secret: 'chosen-by-me' }, actor))
})

test('nobody weakens how an application authenticates that may do what he may not', async (t) => {
  const { space, run, actor, system } = await open(t, 'applications:update')
  const { applicationId } = await machine(space)
  for (const changes of [{ tokenEndpointAuthMethod: 'none' }, { grantTypes: ['password'] }]) {
    await refuses(space, () => run(updateApplication, { applicationId, changes }, actor))
  }
  await run(updateApplication, { applicationId, changes: { isActive: false } }, system)
  const changes = { isActive: true }
  await refuses(space, () => run(updateApplication, { applicationId, changes }, actor))
})

test('nobody makes a role with a power he does not hold the default of an application [row 1]', async (t) => {
  const { space, run, actor } = await open(t, 'applications:create', 'applications:update')
  const defaultRoleId = await powerfulRole(space)
  await refuses(space, () => run(createApplication, { name: 'mine', defaultRoleId }, actor))
  const { id } = await run(createApplication, { name: 'mine' }, actor)
  const input = { applicationId: id, changes: { defaultRoleId } }
  await refuses(space, () => run(updateApplication, input, actor))
})

// Whoever can sign in as somebody can do what he can.

test('nobody sets the password, address or telephone of somebody who may do what he may not', async (t) => {
  const { space, run, actor, system } = await open(t, 'users:update', 'tickets:create')
  const anna = await space.user('anna')
  const roleId = await powerfulRole(space)
  await run(assignRoles, { userIds: [anna.id], roleIds: [roleId], scope: 'application:default' }, system)
  const userId = anna.id
  await refuses(space, () => run(updateUser, { userId, password: 'known to me' }, actor))
  await refuses(space, () => run(updateUser, { userId, changes: { email: 'me@example.com' } }, actor))
  await refuses(space, () => run(updateUser, { userId, changes: { phone: '+1555' } }, actor))
  await refuses(space, () => run(createTicket, { userId, purpose: 'change-password' }, actor))
  await run(updateUser, { userId, changes: { nickname: 'Ann', email: 'anna@example.com' } }, actor)
})

test('a token that carries less than its owner holds does not set his password', async (t) => {
  const { space, run, actor } = await open(t, 'users:update', 'users:delete')
  const narrowed: Actor = { ...actor, credential: { apiId: 'management', tokenScopes: ['update:users'] } }
  const input = { userId: actor.id, password: 'a new password' }
  await refuses(space, () => run(updateUser, input, narrowed))
  await run(updateUser, input, actor)
})

test('he does it for everybody else, and for himself', async (t) => {
  const { space, run, actor } = await open(t, 'users:update', 'tickets:create')
  const ben = await space.user('ben')
  await run(updateUser, { userId: ben.id, password: 'a new password' }, actor)
  await run(updateUser, { userId: actor.id, changes: { email: 'new@example.com' } }, actor)
  await run(createTicket, { userId: ben.id, purpose: 'change-password' }, actor)
})
