import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWorkspace } from '#test/workspace.ts'
import { anonymous } from '../actor.ts'
import { createInvitation } from '../invitations/create.ts'
import { resendInvitation } from '../invitations/resend.ts'
import { createRole } from '../roles/create.ts'
import { explain } from '../roles/explain.ts'
import { createRule } from '../rules/author.ts'
import { approveRegistration } from './approve.ts'
import { approveRoleRequest } from './decide.ts'
import { registerDiscreetly } from './discreet.ts'
import { updateRegistrationPolicy } from './policy.ts'
import { listRoleRequests } from './read-requests.ts'
import { register } from './register.ts'

const stranger = anonymous('native')

test('both sides hear of a request, a registration that waits, and an invitation', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, reader } = space
  const { id: editor } = await run(createRole, { name: 'Editor' }, admin)
  const changes = {
    mode: 'approval',
    emailConfirmation: 'none',
    selectableRoles: [{ roleId: editor, grant: 'approval' }],
  } as const
  await run(updateRegistrationPolicy, { changes }, admin)
  const mails = async () =>
    (await reader.mails.list({ limit: 50 })).items.map(({ to, template, data }) => [to, template, data])
  const { user } = await run(register, { email: 'ada@example.com', name: 'Ada', roles: ['editor'] }, stranger)
  const ada = { requesterName: 'Ada', requesterEmail: 'ada@example.com' }
  const link = 'https://rolecall.example/registration/requests'
  const told: unknown[] = [
    ['root@example.com', 'registration-awaiting-approval', { ...ada, link }],
    ['root@example.com', 'role-requested', { ...ada, roleName: 'Editor', link }],
  ]
  assert.deepEqual(await mails(), told)
  await run(approveRegistration, { userId: user.id }, admin)
  const [request] = (await run(listRoleRequests, { listing: { limit: 1 } }, admin)).items
  await run(approveRoleRequest, { requestId: request!.id, answer: 'Yes' }, admin)
  told.push(['ada@example.com', 'welcome', {}])
  told.push([
    'ada@example.com',
    'role-request-decided',
    { roleName: 'Editor', decision: 'approved', link: 'https://rolecall.example/me', reason: 'Yes' },
  ])
  assert.deepEqual(await mails(), told)
  const invited = { email: 'ivy@example.com', inviterName: 'Root', message: 'Do come' }
  const { id, secret } = await run(createInvitation, invited, admin)
  await run(createInvitation, { ...invited, sendsMail: false }, admin)
  await run(resendInvitation, { invitationId: id }, admin)
  const data = { inviterName: 'Root', message: 'Do come', days: 7 }
  told.push(['ivy@example.com', 'invitation', data], ['ivy@example.com', 'invitation', data])
  assert.deepEqual(await mails(), told)
  assert.ok(!JSON.stringify(await reader.mails.list({ limit: 50 })).includes(secret))
})

test('the owner of an address hears that somebody tried to register with it, a few times an hour', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, reader } = space
  await run(updateRegistrationPolicy, { changes: { mode: 'approval' } }, admin)
  const owner = await space.user('ada')
  await space.events()
  const outcomes = []
  for (let at = 0; at < 5; at += 1) {
    outcomes.push(await run(registerDiscreetly, { email: 'ADA@example.com' }, stranger))
  }
  assert.deepEqual(
    new Set(outcomes.map((each) => JSON.stringify(each))),
    new Set(['{"status":"awaiting-approval"}']),
  )
  const { items } = await reader.mails.list({ limit: 50 })
  assert.deepEqual(
    items.map(({ to, template }) => [to, template]),
    Array(3).fill(['ada@example.com', 'already-registered']),
  )
  const events = await space.events()
  assert.deepEqual(
    events.map(({ type, userId }) => [type, userId]),
    Array(5).fill(['user.registration-repeated', owner.id]),
  )
})

test('why somebody holds a role names the rule that gave it', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  const { id: staff } = await run(createRole, { name: 'staff' }, admin)
  const roles = [{ roleId: staff, scope: 'workspace' as const }]
  const rule = { name: 'Everybody here', occasions: ['registration' as const], condition: 'true', roles }
  const { id: sourceId } = await run(createRule, { ...rule, isActive: true }, admin)
  const { user } = await run(register, { email: 'ada@example.com' }, stranger)
  const { paths } = await run(explain, { userId: user.id, roleId: staff }, admin)
  const grant = paths[0]!.grant
  assert.ok(grant.kind === 'assignment')
  assert.deepEqual([grant.source, grant.sourceId, grant.sourceName], ['rule', sourceId, 'Everybody here'])
})
