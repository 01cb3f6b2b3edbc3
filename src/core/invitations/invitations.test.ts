import assert from 'node:assert/strict'
import test from 'node:test'
import { actorOf, openWorkspace, refusalOf, type Workspace } from '#test/workspace.ts'
import { createOrganization } from '../organizations/create.ts'
import { addOrganizationMembers } from '../organizations/members.ts'
import { organizationScope } from '../organizations/rules.ts'
import { assignRoles } from '../roles/assign.ts'
import { createRole } from '../roles/create.ts'
import { addExclusion } from '../roles/hierarchy.ts'
import { addRolePermissions } from '../roles/permissions.ts'
import { removeRoles } from '../roles/remove.ts'
import { createRoom } from '../rooms/create.ts'
import { roomScope } from '../rooms/rules.ts'
import { createInvitation } from './create.ts'
import { isOpen } from './invitation.ts'
import { getInvitation, listInvitations } from './read.ts'
import { revokeInvitation } from './revoke.ts'

const invited = { inviterName: 'Root', email: 'ben@example.com' }
const day = 86_400_000

const role = async ({ run, system }: Workspace, name: string, ...permissions: string[]) => {
  const { id } = await run(createRole, { name }, system)
  const refs = permissions.map((permission) => ({ apiId: 'rolecall', name: permission }))
  await run(addRolePermissions, { roleId: id, permissions: refs }, system)
  return id
}

test('an invitation carries roles with their scopes, and keeps only a digest of its ticket', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, reader, clock, services } = space
  const { id: organizationId } = await run(createOrganization, { name: 'acme' }, admin)
  const editor = await role(space, 'editor')
  await space.events()
  const roles = [{ roleId: editor }, { roleId: editor, scope: 'workspace' as const }]
  const created = await run(createInvitation, { ...invited, organizationId, roles }, admin)
  const { secret, ...sent } = created
  assert.deepEqual(sent.roles, [
    { roleId: editor, scope: organizationScope(organizationId) },
    { roleId: editor, scope: 'workspace' },
  ])
  assert.equal(sent.expiresAt, clock.now + 7 * day)
  const [event] = await space.events()
  assert.equal(event?.type, 'invitation.created')
  const stored = (await reader.invitations.find(sent.id))!
  assert.equal(stored.ticketDigest, services.digest(secret))
  for (const seen of [stored, event]) assert.ok(!JSON.stringify(seen).includes(secret))
  const key = { invitationId: sent.id, organizationId }
  for (const shown of [
    await run(getInvitation, key, admin),
    ...(await run(listInvitations, { organizationId, listing: { limit: 5 } }, admin)).items,
  ]) {
    assert.deepEqual(shown, sent)
  }
  assert.equal(isOpen(stored, sent.expiresAt - 1), true)
  assert.equal(isOpen(stored, sent.expiresAt), false, 'case 17: nothing has to sweep it')
})

test('nobody invites to a role that he could not give himself, there (cases 1, 3)', async (t) => {
  const space = await openWorkspace(t)
  const { run, system } = space
  const { id: organizationId } = await run(createOrganization, { name: 'acme' }, system)
  const { id: roomId } = await run(createRoom, { name: 'den', kind: 'group' }, system)
  const plain = await role(space, 'plain')
  const strong = await role(space, 'strong', 'users:delete')
  const mia = await space.user('mia')
  await run(addOrganizationMembers, { organizationId, userIds: [mia.id] }, system)
  const inviter = await role(space, 'inviter', 'invitations:create')
  const give = { userIds: [mia.id], scope: organizationScope(organizationId) }
  await run(assignRoles, { ...give, roleIds: [inviter] }, system)
  const invite = (roles?: { roleId: string; scope?: 'workspace' | `room:${string}` }[]) =>
    run(createInvitation, { ...invited, organizationId, ...(roles && { roles }) }, actorOf(mia))
  await invite()
  assert.deepEqual(await refusalOf(invite([{ roleId: plain }])), {
    code: 'cannot_grant',
    permission: 'roles:assign',
  })
  const assigner = await role(space, 'assigner', 'roles:assign')
  await run(assignRoles, { ...give, roleIds: [assigner] }, system)
  await invite([{ roleId: plain }])
  const own = await role(space, 'own', 'organizations:assign-roles')
  await run(removeRoles, { ...give, roleIds: [assigner] }, system)
  await run(assignRoles, { ...give, roleIds: [own] }, system)
  await invite([{ roleId: plain }])
  const helper = await space.person('invitations:create', 'roles:assign')
  await space.events()
  for (const [bad, permission] of [
    [{ roleId: strong }, 'users:delete'],
    [{ roleId: plain, scope: 'workspace' }, 'roles:assign'],
    [{ roleId: 'owner', scope: roomScope(roomId) }, 'roles:assign'],
  ] as const) {
    assert.deepEqual(await refusalOf(invite([{ roleId: plain }, bad])), { code: 'cannot_grant', permission })
  }
  const workspaceWide = run(createInvitation, invited, actorOf(mia))
  assert.equal((await refusalOf(workspaceWide)).code, 'forbidden')
  const asAdmin = run(createInvitation, { ...invited, roles: [{ roleId: 'admin' }] }, helper)
  assert.equal((await refusalOf(asAdmin)).code, 'cannot_grant')
  assert.deepEqual(await space.events(), [])
})

test('an invitation that nobody could accept is refused', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  const [payer, approver] = [await role(space, 'payer'), await role(space, 'approver')]
  await run(addExclusion, { roleId: payer, otherRoleId: approver }, admin)
  const { id: organizationId } = await run(createOrganization, { name: 'acme' }, admin)
  const { id: roomId } = await run(createRoom, { name: 'den', kind: 'group' }, admin)
  const refused = async (parts: object) => {
    const refusal = await refusalOf(run(createInvitation, { ...invited, ...parts }, admin))
    return 'field' in refusal ? refusal.field : refusal.code
  }
  const scope = organizationScope(organizationId)
  assert.equal(await refused({ roles: [{ roleId: payer }, { roleId: approver, scope }] }), 'roles')
  assert.equal(await refused({ roles: [{ roleId: payer, scope: roomScope(roomId) }] }), 'wrong_scope')
  assert.equal(await refused({ roles: [{ roleId: payer, scope: 'room:none' }] }), 'wrong_scope')
  assert.equal(await refused({ roles: [{ roleId: 'owner', scope: 'room:none' }] }), 'not_found')
  assert.equal(await refused({ roles: [{ roleId: 'none' }] }), 'not_found')
  assert.equal(await refused({ organizationId: 'none' }), 'not_found')
  assert.equal(await refused({ applicationId: 'none' }), 'not_found')
  assert.equal(await refused({ email: 'ben' }), 'email')
  assert.equal(await refused({ lifetimeSeconds: 0 }), 'lifetimeSeconds')
  assert.equal(await refused({ lifetimeSeconds: 31 * 86_400 }), 'lifetimeSeconds')
  assert.equal(await refused({ appMetadata: { 'a.b': 1 } }), 'appMetadata')
})

test('an invitation is reached only through its own organization (cases 6, 9)', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, system } = space
  const acme = await run(createOrganization, { name: 'acme' }, admin)
  const other = await run(createOrganization, { name: 'other' }, admin)
  const { id: invitationId } = await run(createInvitation, { ...invited, organizationId: acme.id }, admin)
  await run(createInvitation, invited, admin)
  const manager = await role(space, 'manager', 'invitations:read', 'invitations:delete')
  const mia = await space.user('mia')
  await run(addOrganizationMembers, { organizationId: other.id, userIds: [mia.id] }, system)
  const scope = organizationScope(other.id)
  await run(assignRoles, { userIds: [mia.id], roleIds: [manager], scope }, system)
  const foreign = { invitationId, organizationId: other.id }
  const listing = { limit: 5 }
  for (const operation of [getInvitation, revokeInvitation]) {
    const refusal = await refusalOf(run<typeof foreign, unknown>(operation, foreign, actorOf(mia)))
    assert.deepEqual(refusal, { code: 'not_found', kind: 'invitation', id: invitationId })
    const alone = run<{ invitationId: string }, unknown>(operation, { invitationId }, actorOf(mia))
    assert.equal((await refusalOf(alone)).code, 'forbidden')
  }
  const its = await run(listInvitations, { organizationId: other.id, listing }, actorOf(mia))
  assert.deepEqual(its.items, [])
  assert.equal((await run(listInvitations, { listing }, admin)).items.length, 2)
  await run(revokeInvitation, { invitationId, organizationId: acme.id }, admin)
  const again = run(revokeInvitation, { invitationId, organizationId: acme.id }, admin)
  assert.equal((await refusalOf(again)).code, 'not_found')
})
