import assert from 'node:assert/strict'
import test from 'node:test'
import { actorOf, openWorkspace, refusalOf, type Workspace } from '#test/workspace.ts'
import { createConnection } from '../connections/create.ts'
import { createInvitation } from '../invitations/create.ts'
import { assignRoles } from '../roles/assign.ts'
import { createRole } from '../roles/create.ts'
import { addRolePermissions } from '../roles/permissions.ts'
import { listAssignments } from '../roles/read.ts'
import {
  listOrganizationConnections,
  putOrganizationConnection,
  removeOrganizationConnection,
  updateOrganizationConnection,
} from './connections.ts'
import { createOrganization } from './create.ts'
import { deleteOrganization } from './delete.ts'
import { addOrganizationMembers, listOrganizationMembers, removeOrganizationMembers } from './members.ts'
import { getOrganization, getOrganizationByName, listOrganizations, listOrganizationsOfUser } from './read.ts'
import { organizationScope } from './rules.ts'
import { updateOrganization } from './update.ts'

const organization = ({ run, system }: Workspace, name: string) => run(createOrganization, { name }, system)

const powerful = async ({ run, system }: Workspace, name: string, ...permissions: string[]) => {
  const role = await run(createRole, { name }, system)
  const refs = permissions.map((permission) => ({ apiId: 'rolecall', name: permission }))
  await run(addRolePermissions, { roleId: role.id, permissions: refs }, system)
  return role
}

const types = async ({ events }: Workspace) => (await events()).map(({ type }) => type)

test('an organization is named once, in lower case letters, digits, hyphens and underscores', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  await organization(space, 'acme')
  assert.deepEqual(await refusalOf(run(createOrganization, { name: 'acme' }, admin)), {
    code: 'taken',
    kind: 'organization',
    field: 'name',
    value: 'acme',
  })
  for (const name of ['', 'Acme', 'acme corp', 'x'.repeat(51)]) {
    const refusal = await refusalOf(run(createOrganization, { name }, admin))
    assert.equal(refusal.code, 'invalid', name)
  }
})

test('an update to the same values changes nothing and emits nothing', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  const { id } = await organization(space, 'acme')
  await organization(space, 'other')
  await space.events()
  const changes = { displayName: 'Acme', metadata: { plan: 'gold' } }
  await run(updateOrganization, { organizationId: id, changes }, admin)
  assert.deepEqual(await types(space), ['organization.updated'])
  await run(updateOrganization, { organizationId: id, changes: { ...changes, name: 'acme' } }, admin)
  assert.deepEqual(await types(space), [])
  const taken = run(updateOrganization, { organizationId: id, changes: { name: 'other' } }, admin)
  assert.equal((await refusalOf(taken)).code, 'taken')
})

test('members are added all or none, and once', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  const { id } = await organization(space, 'acme')
  const [anna, ben] = [await space.user('anna'), await space.user('ben')]
  await space.events()
  const some = { organizationId: id, userIds: [anna.id, 'nobody'] }
  assert.deepEqual(await refusalOf(run(addOrganizationMembers, some, admin)), {
    code: 'not_found',
    kind: 'user',
    id: 'nobody',
  })
  assert.deepEqual(await types(space), [])
  const both = { organizationId: id, userIds: [ben.id, anna.id, ben.id] }
  assert.equal(await run(addOrganizationMembers, both, admin), 2)
  assert.deepEqual(await types(space), ['organization.member-added', 'organization.member-added'])
  assert.equal(await run(addOrganizationMembers, both, admin), 0)
  assert.deepEqual(await types(space), [])
  const page = await run(listOrganizationMembers, { organizationId: id, listing: { limit: 1 } }, admin)
  assert.deepEqual(
    page.items.map(({ user }) => user.username),
    ['ben'],
  )
  const listing = { limit: 1, after: page.next!, total: true }
  const rest = await run(listOrganizationMembers, { organizationId: id, listing }, admin)
  assert.deepEqual(
    [rest.items.map(({ user }) => user.username), rest.next, rest.total],
    [['anna'], undefined, 2],
  )
})

test('only members hold roles in an organization, and who leaves loses them there and nowhere else', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, system } = space
  const [acme, other] = [await organization(space, 'acme'), await organization(space, 'other')]
  const [role, anna] = [await run(createRole, { name: 'editor' }, system), await space.user('anna')]
  const scope = organizationScope(acme.id)
  const give = { userIds: [anna.id], roleIds: [role.id], scope }
  assert.equal((await refusalOf(run(assignRoles, give, admin))).code, 'not_a_member')
  for (const { id } of [acme, other]) {
    await run(addOrganizationMembers, { organizationId: id, userIds: [anna.id] }, admin)
    await run(assignRoles, { ...give, scope: organizationScope(id) }, admin)
  }
  await run(assignRoles, { userIds: [anna.id], roleIds: [role.id] }, admin)
  const version = (await space.reader.users.find(anna.id))!.rolesVersion
  await space.events()
  const leave = { organizationId: acme.id, userIds: [anna.id] }
  assert.equal(await run(removeOrganizationMembers, leave, actorOf(anna)), 1)
  assert.deepEqual(await types(space), ['role.removed', 'organization.member-removed'])
  const { items } = await run(listAssignments, { listing: { limit: 9 }, withExpired: true }, admin)
  const scopes = items.filter(({ userId }) => userId === anna.id).map((each) => each.scope)
  assert.deepEqual(scopes, [organizationScope(other.id), 'workspace'])
  assert.equal((await space.reader.users.find(anna.id))!.rolesVersion, version + 1)
  assert.equal(await run(removeOrganizationMembers, leave, admin), 0)
  assert.deepEqual(await types(space), [])
})

test('who may manage members of one organization sends nobody away with a role he could not take', async (t) => {
  const space = await openWorkspace(t)
  const { run, system } = space
  const { id } = await organization(space, 'acme')
  const scope = organizationScope(id)
  const [manager, director] = [
    await powerful(space, 'manager', 'organizations:remove-members', 'organizations:read'),
    await powerful(space, 'director', 'organizations:remove-members', 'organizations:delete'),
  ]
  const [mia, dora, ben] = [await space.user('mia'), await space.user('dora'), await space.user('ben')]
  const userIds = [mia.id, dora.id, ben.id]
  await run(addOrganizationMembers, { organizationId: id, userIds }, system)
  await run(assignRoles, { userIds: [mia.id], roleIds: [manager.id], scope }, system)
  await run(assignRoles, { userIds: [dora.id], roleIds: [director.id], scope }, system)
  const both = { organizationId: id, userIds: [ben.id, dora.id] }
  assert.deepEqual(await refusalOf(run(removeOrganizationMembers, both, actorOf(mia))), {
    code: 'cannot_grant',
    permission: 'organizations:delete',
  })
  assert.ok(await space.reader.memberships.find(ben.id, scope), 'none of both is gone')
  assert.equal(
    await run(removeOrganizationMembers, { organizationId: id, userIds: [ben.id] }, actorOf(mia)),
    1,
  )
})

test('a manager of one organization reaches no other: list, get, names and members agree (cases 5, 9)', async (t) => {
  const space = await openWorkspace(t)
  const { run, system } = space
  const [acme, other] = [await organization(space, 'acme'), await organization(space, 'other')]
  const scope = organizationScope(acme.id)
  const role = await powerful(space, 'manager', 'organizations:read', 'organizations:update')
  const mia = await space.user('mia')
  await run(addOrganizationMembers, { organizationId: acme.id, userIds: [mia.id] }, system)
  await run(assignRoles, { userIds: [mia.id], roleIds: [role.id], scope }, system)
  const actor = actorOf(mia)
  const listing = { limit: 10 }
  const { items } = await run(listOrganizations, { listing }, actor)
  assert.deepEqual(
    items.map(({ name }) => name),
    ['acme'],
  )
  const own = await run(listOrganizationsOfUser, { userId: mia.id, listing }, actor)
  assert.deepEqual(own.items, items)
  assert.equal((await run(getOrganizationByName, { name: 'acme' }, actor)).id, acme.id)
  const unseen = [
    [run(getOrganization, { organizationId: other.id }, actor), other.id],
    [run(getOrganization, { organizationId: 'none' }, actor), 'none'],
    [run(getOrganizationByName, { name: 'other' }, actor), 'other'],
    [run(removeOrganizationMembers, { organizationId: other.id, userIds: [mia.id] }, actor), other.id],
  ] as const
  for (const [work, id] of unseen) {
    assert.deepEqual(await refusalOf(work), { code: 'not_found', kind: 'organization', id })
  }
  for (const work of [
    run(listOrganizationMembers, { organizationId: other.id, listing }, actor),
    run(addOrganizationMembers, { organizationId: other.id, userIds: [mia.id] }, actor),
    run(deleteOrganization, { organizationId: acme.id }, actor),
  ]) {
    assert.equal((await refusalOf(work)).code, 'forbidden')
  }
})

test('lists members with the roles that count there, and searches them as users', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, system, clock } = space
  const { id } = await organization(space, 'acme')
  const scope = organizationScope(id)
  const [editor, viewer] = [
    await run(createRole, { name: 'editor' }, system),
    await run(createRole, { name: 'viewer' }, system),
  ]
  const [ben, anna] = [await space.user('ben'), await space.user('anna')]
  await space.user('stranger')
  await run(addOrganizationMembers, { organizationId: id, userIds: [ben.id, anna.id] }, admin)
  await run(assignRoles, { userIds: [ben.id, anna.id], roleIds: [editor.id], scope }, admin)
  await run(assignRoles, { userIds: [ben.id], roleIds: [viewer.id], scope, expiresAt: clock.now + 1 }, admin)
  const names = async (listing: object, actor = admin) => {
    const input = { organizationId: id, listing: { limit: 10, ...listing }, withRoles: true }
    const { items } = await run(listOrganizationMembers, input, actor)
    return items.map(({ user, roles }) => [user.username, ...(roles ?? []).map(({ name }) => name)])
  }
  assert.deepEqual(await names({}), [
    ['ben', 'editor', 'viewer'],
    ['anna', 'editor'],
  ])
  clock.now += 1
  const order = [{ field: 'username', direction: 'ascending' }]
  assert.deepEqual(await names({ order }), [
    ['anna', 'editor'],
    ['ben', 'editor'],
  ])
  assert.deepEqual(await names({ filter: { field: 'username', like: ['', 'n', ''] }, limit: 1 }), [
    ['ben', 'editor'],
  ])
  const reader = await space.person('organizations:read')
  assert.equal((await refusalOf(names({}, reader))).code, 'forbidden')
})

test('a deleted organization takes its members, their roles in it, its connections and invitations with it', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, reader } = space
  const { id } = await organization(space, 'acme')
  const scope = organizationScope(id)
  const [role, anna] = [await powerful(space, 'editor'), await space.user('anna')]
  const connection = await run(createConnection, { name: 'saml', strategy: 'samlp' }, admin)
  await run(putOrganizationConnection, { organizationId: id, connectionId: connection.id }, admin)
  await run(addOrganizationMembers, { organizationId: id, userIds: [anna.id] }, admin)
  await run(assignRoles, { userIds: [anna.id], roleIds: [role.id], scope }, admin)
  await run(createInvitation, { organizationId: id, inviterName: 'Root', email: 'ben@example.com' }, admin)
  await space.events()
  await run(deleteOrganization, { organizationId: id }, admin)
  assert.deepEqual(await types(space), ['role.removed', 'invitation.revoked', 'organization.deleted'])
  assert.equal(await reader.memberships.find(anna.id, scope), undefined)
  assert.equal(await reader.assignments.find({ userId: anna.id, roleId: role.id, scope }), undefined)
  assert.equal(await reader.organizationConnections.find(id, connection.id), undefined)
  assert.equal(await reader.invitations.count(), 0)
  assert.equal((await refusalOf(run(deleteOrganization, { organizationId: id }, admin))).code, 'not_found')
})

test('connections of an organization are put, changed, listed and removed; repeating it changes nothing', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  const { id } = await organization(space, 'acme')
  const saml = await run(createConnection, { name: 'saml', strategy: 'samlp' }, admin)
  const key = { organizationId: id, connectionId: saml.id }
  await space.events()
  const put = { ...key, assignsMembershipOnLogin: true }
  const added = await run(putOrganizationConnection, put, admin)
  assert.deepEqual(
    [added.assignsMembershipOnLogin, added.isSignupEnabled, added.showsAsButton, added.connection.name],
    [true, false, true, 'saml'],
  )
  assert.deepEqual(await types(space), ['organization.connection-added'])
  assert.deepEqual(await run(putOrganizationConnection, put, admin), added)
  assert.deepEqual(await types(space), [])
  assert.equal(
    (await refusalOf(run(putOrganizationConnection, { ...put, refuseExisting: true }, admin))).code,
    'taken',
  )
  const changed = await run(updateOrganizationConnection, { ...key, isSignupEnabled: true }, admin)
  assert.deepEqual([changed.assignsMembershipOnLogin, changed.isSignupEnabled], [true, true])
  assert.deepEqual(await types(space), ['organization.connection-updated'])
  const { items } = await run(
    listOrganizationConnections,
    { organizationId: id, listing: { limit: 5 } },
    admin,
  )
  assert.deepEqual(items, [changed])
  assert.equal(await run(removeOrganizationConnection, key, admin), true)
  assert.equal(await run(removeOrganizationConnection, key, admin), false)
  assert.deepEqual(await types(space), ['organization.connection-removed'])
  assert.equal((await refusalOf(run(updateOrganizationConnection, key, admin))).code, 'not_found')
})
