import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actorOf, openWorkspace, refusalOf, type Workspace } from '#test/workspace.ts'
import { anonymous } from '../actor.ts'
import { createOrganization } from '../organizations/create.ts'
import { organizationScope } from '../organizations/rules.ts'
import { register } from '../registration/register.ts'
import { assignRoles } from '../roles/assign.ts'
import { createRole } from '../roles/create.ts'
import { deleteRole } from '../roles/delete.ts'
import { addExclusion } from '../roles/hierarchy.ts'
import { createRoom } from '../rooms/create.ts'
import { roomScope } from '../rooms/rules.ts'
import { acceptInvitation } from './accept.ts'
import { createInvitation } from './create.ts'
import { createInvitations } from './create-many.ts'
import { previewInvitation } from './preview.ts'
import { resendInvitation } from './resend.ts'
import { revokeInvitation } from './revoke.ts'

const stranger = anonymous('native')
const ivy = { email: 'ivy@example.com', inviterName: 'Root' }

const role = async ({ run, system }: Workspace, name: string): Promise<string> =>
  (await run(createRole, { name }, system)).id

const held = async ({ reader }: Workspace, userId: string): Promise<string[]> => {
  const { items } = await reader.assignments.list({
    filter: { field: 'userId', is: 'equal', value: userId },
    limit: 100,
  })
  return items.map(({ roleId, scope, source, sourceId }) => [roleId, scope, source, sourceId].join(' '))
}

const invitedEverywhere = async (space: Workspace) => {
  const { run, admin, system } = space
  const { id: organizationId } = await run(createOrganization, { name: 'acme', displayName: 'Acme' }, system)
  const { id: roomId } = await run(createRoom, { name: 'den', kind: 'group' }, system)
  const editor = await role(space, 'editor')
  const roles = [{ roleId: editor }, { roleId: 'moderator', scope: roomScope(roomId) }]
  const invitation = await run(createInvitation, { ...ivy, organizationId, roles, message: 'Do come' }, admin)
  const { id, secret } = invitation
  const given = [
    `${editor} organization:${organizationId} invitation ${id}`,
    `moderator room:${roomId} invitation ${id}`,
  ]
  return { id, secret, given, organizationId, roomId, editor }
}

test('who has an account accepts an invitation: he is a member and holds what it carries', async (t) => {
  const space = await openWorkspace(t)
  const { run } = space
  const { id, secret, given, organizationId } = await invitedEverywhere(space)
  const user = await space.user('ivy')
  const preview = await run(previewInvitation, { secret }, stranger)
  assert.deepEqual(
    [
      preview.organization?.displayName,
      preview.message,
      preview.hasAccount,
      preview.roles.map(({ name }) => name),
    ],
    ['Acme', 'Do come', true, ['editor', 'moderator']],
  )
  await space.events()
  const { invitation } = await run(acceptInvitation, { secret }, actorOf(user))
  assert.deepEqual([invitation.id, invitation.acceptedBy], [id, user.id])
  assert.deepEqual(await held(space, user.id), given)
  assert.ok(await space.reader.memberships.find(user.id, organizationScope(organizationId)))
  assert.deepEqual(
    (await space.events()).map(({ type }) => type),
    [
      'invitation.accepted',
      'organization.member-added',
      'role.assigned',
      'room.member-added',
      'role.assigned',
    ],
  )
  for (const work of [
    () => run(acceptInvitation, { secret }, actorOf(user)),
    () => run(previewInvitation, { secret }, stranger),
    () => run(register, { invitation: secret }, stranger),
  ]) {
    assert.deepEqual(await refusalOf(work()), { code: 'wrong_code' }, 'twice (case 6)')
  }
})

test('who has none registers with it', async (t) => {
  const space = await openWorkspace(t)
  const { secret, given } = await invitedEverywhere(space)
  const { user } = await space.run(register, { invitation: secret, name: 'Ivy' }, stranger)
  assert.equal(user.email, ivy.email)
  assert.deepEqual(await held(space, user.id), ['user workspace default ', ...given])
})

test('50 who accept one invitation at the same time: one wins (cases 6, 7)', async (t) => {
  const space = await openWorkspace(t)
  const { secret } = await invitedEverywhere(space)
  const user = await space.user('ivy')
  const accepted = await Promise.allSettled(
    Array.from({ length: 50 }, () => space.run(acceptInvitation, { secret }, actorOf(user))),
  )
  assert.equal(accepted.filter(({ status }) => status === 'fulfilled').length, 1)
  const other = await space.run(createInvitation, { ...ivy, email: 'new@example.com' }, space.admin)
  const registered = await Promise.allSettled(
    Array.from({ length: 50 }, () => space.run(register, { invitation: other.secret }, stranger)),
  )
  assert.equal(registered.filter(({ status }) => status === 'fulfilled').length, 1)
})

test('an invitation is for one address, and for a time (cases 6, 17)', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  const [mallory, ivysOwn] = [actorOf(await space.user('mallory')), actorOf(await space.user('ivy'))]
  const { id, secret, expiresAt } = await run(createInvitation, { ...ivy, email: 'IVY@example.com' }, admin)
  const another = await run(createInvitation, { ...ivy, email: 'eve@example.com' }, admin)
  for (const [at, letter] of [...secret].entries()) {
    const forged = secret.slice(0, at) + (letter === 'A' ? 'B' : 'A') + secret.slice(at + 1)
    assert.deepEqual(await refusalOf(run(acceptInvitation, { secret: forged }, ivysOwn)), {
      code: 'wrong_code',
    })
  }
  for (const forged of [
    '',
    secret.slice(1),
    secret.slice(0, -1),
    `${secret}A`,
    secret + another.secret,
    id,
  ]) {
    assert.deepEqual(await refusalOf(run(acceptInvitation, { secret: forged }, ivysOwn)), {
      code: 'wrong_code',
    })
  }
  assert.equal((await refusalOf(run(acceptInvitation, { secret }, mallory))).code, 'invalid')
  assert.equal((await refusalOf(run(acceptInvitation, { secret }, stranger))).code, 'unsupported')
  const asMallory = { email: 'mallory@example.org', invitation: secret }
  assert.equal((await refusalOf(run(register, asMallory, stranger))).code, 'invalid')
  space.clock.now = expiresAt
  assert.deepEqual(await refusalOf(run(acceptInvitation, { secret }, ivysOwn)), { code: 'wrong_code' })
  space.clock.now = expiresAt - 1
  await run(acceptInvitation, { secret }, ivysOwn)
  await run(revokeInvitation, { invitationId: another.id }, admin)
  assert.deepEqual(await refusalOf(run(register, { invitation: another.secret }, stranger)), {
    code: 'wrong_code',
  })
})

test('what is gone since is left out, and what excludes what he holds is refused whole', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  const [gone, payer, approver] = [
    await role(space, 'gone'),
    await role(space, 'payer'),
    await role(space, 'approver'),
  ]
  const roles = [{ roleId: gone }, { roleId: payer }]
  const { secret } = await run(createInvitation, { ...ivy, roles }, admin)
  await run(deleteRole, { roleId: gone }, admin)
  const user = await space.user('ivy')
  await run(addExclusion, { roleId: payer, otherRoleId: approver }, admin)
  await run(assignRoles, { userIds: [user.id], roleIds: [approver] }, admin)
  await space.events()
  assert.equal((await refusalOf(run(acceptInvitation, { secret }, actorOf(user)))).code, 'exclusive_roles')
  assert.deepEqual(await space.events(), [])
  const asNew = await refusalOf(run(register, { invitation: secret }, stranger))
  assert.equal(asNew.code, 'taken', 'the address has its account')
})

test('an invitation that is sent again has a new link, and the old one is worth nothing', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, clock } = space
  const { id, secret } = await run(createInvitation, { ...ivy, lifetimeSeconds: 60 }, admin)
  clock.now += 61_000
  const again = await run(resendInvitation, { invitationId: id }, admin)
  assert.equal(again.expiresAt, clock.now + 60_000)
  assert.deepEqual(await refusalOf(run(register, { invitation: secret }, stranger)), { code: 'wrong_code' })
  await run(register, { invitation: again.secret }, stranger)
  const late = await refusalOf(run(resendInvitation, { invitationId: id }, admin))
  assert.equal(late.code, 'unsupported')
})

test('a batch invites whom it can, and says of each other row why not', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  const editor = await role(space, 'Editor')
  const row = (email: string, ...roles: string[]) => ({ email, inviterName: 'Root', roles })
  const rows = [
    row('a@example.com', 'editor'),
    row('b'),
    row('c@example.com', 'nope'),
    row('d@example.com', editor, 'user'),
  ]
  const outcomes = await run(createInvitations, { rows }, admin)
  assert.deepEqual(
    outcomes.map((each) => (each.ok ? each.invitation.roles.map(({ roleId }) => roleId) : each.refusal.code)),
    [[editor], 'invalid', 'not_found', [editor, 'user']],
  )
  assert.equal(await space.reader.invitations.count(), 2)
  const helper = await space.person('invitations:create')
  const [refused, done] = await run(createInvitations, { rows: [rows[0]!, row('e@example.com')] }, helper)
  assert.deepEqual([refused?.ok, done?.ok], [false, true])
  const many = Array.from({ length: 201 }, () => row('x@example.com'))
  assert.equal((await refusalOf(run(createInvitations, { rows: many }, admin))).code, 'limit_exceeded')
})
