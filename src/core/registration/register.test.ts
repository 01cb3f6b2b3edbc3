import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actorOf, openWorkspace, refusalOf, type Workspace } from '#test/workspace.ts'
import { anonymous } from '../actor.ts'
import { createApplication } from '../applications/create.ts'
import { createInvitation } from '../invitations/create.ts'
import { createRole } from '../roles/create.ts'
import { deleteRole } from '../roles/delete.ts'
import { addExclusion, addInclusion } from '../roles/hierarchy.ts'
import { addRolePermissions } from '../roles/permissions.ts'
import { updateRole } from '../roles/update.ts'
import { scopeOf } from '../scope.ts'
import { signIn } from '../sign-in/sign-in.ts'
import { updateUser } from '../users/update.ts'
import { getRegistrationPolicy, type PolicyChanges, updateRegistrationPolicy } from './policy.ts'
import { type Register, register } from './register.ts'

const stranger = anonymous('native')
const password = 'a Secret-word 77'
const ada = { email: 'ada@example.com', password } satisfies Register

const role = async ({ run, system }: Workspace, name: string): Promise<string> =>
  (await run(createRole, { name }, system)).id

const policy = ({ run, admin }: Workspace, changes: PolicyChanges, applicationId?: string) =>
  run(updateRegistrationPolicy, { changes, ...(applicationId !== undefined && { applicationId }) }, admin)

const held = async ({ reader }: Workspace, userId: string): Promise<string[]> => {
  const { items } = await reader.assignments.list({
    filter: { field: 'userId', is: 'equal', value: userId },
    limit: 100,
  })
  return items.map(({ roleId, scope, source }) => `${roleId} ${scope} ${source}`)
}

test('a person registers on a new workspace, becomes a user, and can sign in', async (t) => {
  const space = await openWorkspace(t)
  const { user, ...rest } = await space.run(register, { ...ada, session: { kind: 'browser' } }, stranger)
  assert.deepEqual(
    { ...rest, session: Object.keys(rest.session!) },
    {
      status: 'active',
      givenRoleIds: ['user'],
      requestedRoleIds: [],
      session: ['id', 'secret'],
    },
  )
  assert.deepEqual(await held(space, user.id), ['user workspace default'])
  assert.deepEqual(
    (await space.events()).map(({ type }) => type),
    ['user.created', 'user.registered', 'role.assigned', 'user.signed-in'],
  )
  const again = await space.run(signIn, { login: { email: ada.email }, password }, stranger)
  assert.deepEqual([again.ok, again.ok && again.isFirst], [true, false])
})

test('a role that may be chosen is given by its name or id, whatever the letter case of the name', async (t) => {
  const space = await openWorkspace(t)
  const editor = await role(space, 'Editor')
  await policy(space, { selectableRoles: [{ roleId: editor, grant: 'immediate' }] })
  for (const [name, asked] of [
    ['ada', 'eDITOR'],
    ['ben', editor],
  ] as const) {
    const input = { email: `${name}@example.com`, password, roles: [asked, asked] }
    const { user, givenRoleIds } = await space.run(register, input, stranger)
    assert.deepEqual(givenRoleIds, ['user', editor])
    const assignment = await space.reader.assignments.find({
      userId: user.id,
      roleId: editor,
      scope: 'workspace',
    })
    assert.deepEqual([assignment?.source, assignment?.actor], ['selection', { kind: 'user', id: user.id }])
  }
})

test('what can not be chosen is refused like what does not exist, and nothing is stored', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  const [editor, hidden, off, strong] = [
    await role(space, 'editor'),
    await role(space, 'hidden'),
    await role(space, 'off'),
    await role(space, 'strong'),
  ]
  const selectable = [editor, off, strong].map((roleId) => ({ roleId, grant: 'immediate' as const }))
  await policy(space, { selectableRoles: selectable })
  await run(updateRole, { roleId: off, changes: { isActive: false } }, admin)
  await run(addInclusion, { roleId: strong, includedRoleId: 'admin' }, admin)
  await space.events()
  const before = await space.reader.users.count()
  for (const named of [
    'no such role',
    'hidden',
    hidden,
    'off',
    off,
    'strong',
    'admin',
    'owner',
    '',
    'user',
  ]) {
    const input = { ...ada, roles: ['editor', named] }
    assert.deepEqual(await refusalOf(run(register, input, stranger)), {
      code: 'role_not_selectable',
      role: named,
    })
  }
  assert.equal(await space.reader.users.count(), before)
  assert.deepEqual(await space.events(), [])
})

test('roles that exclude each other are refused in the words of who named them', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  const [payer, approver, clerk] = [
    await role(space, 'payer'),
    await role(space, 'approver'),
    await role(space, 'clerk'),
  ]
  await policy(space, {
    defaultRoles: [{ roleId: clerk }],
    selectableRoles: [payer, approver].map((roleId) => ({ roleId, grant: 'immediate' as const })),
  })
  await run(addExclusion, { roleId: payer, otherRoleId: approver }, admin)
  const both = await refusalOf(run(register, { ...ada, roles: ['payer', 'approver'] }, stranger))
  assert.deepEqual(both, {
    code: 'invalid',
    field: 'roles',
    reason: 'The roles payer and approver exclude each other.',
  })
  await run(addExclusion, { roleId: clerk, otherRoleId: payer }, admin)
  const withDefault = await refusalOf(run(register, { ...ada, roles: ['payer'] }, stranger))
  assert.deepEqual(withDefault.code === 'invalid' && withDefault.reason.includes('clerk'), false)
  assert.equal(await space.reader.users.findByEmail(ada.email), undefined)
})

test('closed, by invitation, for some domains: the policy decides who may register at all', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  const { secret } = await run(createInvitation, { email: 'Ivy@example.com', inviterName: 'Root' }, admin)
  const refused = async (input: Register) => refusalOf(run(register, input, stranger))
  await policy(space, { mode: 'closed' })
  assert.deepEqual(await refused(ada), { code: 'registration_closed', mode: 'closed' })
  assert.deepEqual(await refused({ ...ada, invitation: secret }), {
    code: 'registration_closed',
    mode: 'closed',
  })
  await policy(space, { mode: 'invitation' })
  assert.deepEqual(await refused(ada), { code: 'registration_closed', mode: 'invitation' })
  assert.deepEqual(await refused({ password, invitation: `${secret}x` }), { code: 'wrong_code' })
  assert.equal((await refused({ ...ada, invitation: secret })).code, 'invalid')
  const { user } = await run(register, { password, invitation: secret }, stranger)
  assert.deepEqual([user.email, user.isEmailVerified], ['Ivy@example.com', false])
  assert.deepEqual(await refused({ password, invitation: secret }), { code: 'wrong_code' })
  await policy(space, { mode: 'open', emailDomains: ['Corp.example'] })
  for (const email of [
    'ada@example.com',
    'ada@corp.example.evil.com',
    'ada@sub.corp.example',
    'a@b@example.com',
  ]) {
    assert.ok(['email_domain_refused', 'invalid'].includes((await refused({ email, password })).code), email)
  }
  assert.equal((await refused({ username: 'ada', password })).code, 'invalid')
  await run(register, { email: 'ada@CORP.example', password }, stranger)
})

test('who must be approved, or confirm his address first, can not sign in before', async (t) => {
  const space = await openWorkspace(t)
  const { run, system } = space
  const enter = async (email: string) => {
    const result = await run(signIn, { login: { email }, password }, stranger)
    return result.ok ? 'in' : result.refusal.code
  }
  await policy(space, { mode: 'approval', emailConfirmation: 'first' })
  const { user, status, session } = await run(register, { ...ada, session: { kind: 'browser' } }, stranger)
  assert.deepEqual(
    [status, session, await enter(ada.email)],
    ['awaiting-approval', undefined, 'awaiting_approval'],
  )
  await policy(space, { mode: 'open' })
  const ben = await run(register, { email: 'ben@example.com', password }, stranger)
  assert.deepEqual(
    [ben.status, await enter('ben@example.com')],
    ['awaiting-confirmation', 'email_not_confirmed'],
  )
  await run(updateUser, { userId: ben.user.id, changes: { isEmailVerified: true } }, system)
  assert.equal(await enter('ben@example.com'), 'in')
  await run(updateUser, { userId: user.id, changes: { isEmailVerified: true } }, system)
  assert.equal(await enter(ada.email), 'awaiting_approval')
})

test('an application has a policy of its own where it says so, and the workspace’s for the rest', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, system } = space
  const { id: applicationId } = await run(createApplication, { name: 'shop' }, system)
  const scope = scopeOf('application', applicationId)
  const [buyer, seller] = [await role(space, 'buyer'), await role(space, 'seller')]
  await policy(space, { emailDomains: ['example.com'] })
  const shown = await policy(
    space,
    {
      defaultRoles: [{ roleId: buyer, scope }],
      selectableRoles: [{ roleId: seller, scope, grant: 'immediate' }],
    },
    applicationId,
  )
  assert.deepEqual(shown.own, ['defaultRoles', 'selectableRoles'])
  assert.deepEqual([shown.mode, shown.emailDomains], ['open', ['example.com']])
  const there = await run(register, { ...ada, applicationId, roles: ['seller'] }, stranger)
  assert.deepEqual(await held(space, there.user.id), [
    `${buyer} ${scope} default`,
    `${seller} ${scope} selection`,
  ])
  const elsewhere = await run(register, { email: 'ben@example.com', password }, stranger)
  assert.deepEqual(elsewhere.givenRoleIds, ['user'])
  await run(deleteRole, { roleId: seller }, admin)
  const { selectableRoles } = await run(getRegistrationPolicy, { applicationId }, admin)
  assert.deepEqual(selectableRoles, [])
  const back = await policy(space, { defaultRoles: null, selectableRoles: null }, applicationId)
  assert.deepEqual([back.own, back.defaultRoles], [[], [{ roleId: 'user', scope: 'workspace' }]])
})

test('nobody lets others become by a policy what he could not make them himself (cases 1, 3)', async (t) => {
  const space = await openWorkspace(t)
  const { run, system, admin } = space
  const [plain, strong] = [await role(space, 'plain'), await role(space, 'strong')]
  const permissions = [{ apiId: 'rolecall', name: 'users:delete' }]
  await run(addRolePermissions, { roleId: strong, permissions }, system)
  const setter = await space.person('settings:update', 'settings:read')
  const giver = await space.person('settings:update', 'roles:assign')
  const set = (actor: typeof admin, changes: PolicyChanges) =>
    refusalOf(run(updateRegistrationPolicy, { changes }, actor))
  await space.events()
  for (const field of ['defaultRoles', 'selectableRoles'] as const) {
    const of = (roleId: string): PolicyChanges => ({ [field]: [{ roleId, grant: 'immediate' }] })
    assert.deepEqual(await set(setter, of(plain)), { code: 'cannot_grant', permission: 'roles:assign' })
    assert.deepEqual(await set(giver, of(strong)), { code: 'cannot_grant', permission: 'users:delete' })
    for (const actor of [giver, admin]) assert.equal((await set(actor, of('admin'))).code, 'invalid')
    assert.equal((await set(admin, of('owner'))).code, 'wrong_scope')
    assert.equal((await set(admin, of('none'))).code, 'not_found')
  }
  assert.equal((await set(space.admin, { emailDomains: ['a b'] })).code, 'invalid')
  assert.deepEqual(await space.events(), [])
  assert.equal((await set(actorOf(await space.user()), { mode: 'closed' })).code, 'forbidden')
  // Opening the door to a role is giving it out, too.
  await policy(space, { mode: 'closed', defaultRoles: [{ roleId: strong }] })
  assert.deepEqual(await set(giver, { mode: 'open' }), { code: 'cannot_grant', permission: 'users:delete' })
})

test('on an empty workspace the first user becomes its administrator where the operator wants it, and only he', async (t) => {
  const space = await openWorkspace(t, { withAdministrator: false, firstUserIsAdministrator: true })
  const all = await Promise.all(
    Array.from({ length: 20 }, (_, at) =>
      space.run(register, { email: `u${at}@example.com`, password }, stranger),
    ),
  )
  assert.equal(all.filter(({ givenRoleIds }) => givenRoleIds.includes('admin')).length, 1)
})

test('200 registrations with one address make one user', async (t) => {
  const space = await openWorkspace(t)
  const outcomes = await Promise.allSettled(
    Array.from({ length: 200 }, (_, at) =>
      space.run(register, { email: at % 2 ? 'one@example.com' : 'ONE@example.com' }, stranger),
    ),
  )
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
  const codes = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason.refusal?.code] : []))
  assert.deepEqual(new Set(codes), new Set(['taken']))
  const { total } = await space.reader.users.list({ limit: 1, total: true })
  assert.equal(total, 2)
})

test('200 who choose a role each at the same time get exactly theirs', async (t) => {
  const space = await openWorkspace(t)
  const roleIds = await Promise.all(Array.from({ length: 8 }, (_, at) => role(space, `role ${at}`)))
  await policy(space, {
    defaultRoles: [],
    selectableRoles: roleIds.map((roleId) => ({ roleId, grant: 'immediate' })),
  })
  const chosen = Array.from({ length: 200 }, (_, at) => at % 8)
  const all = await Promise.all(
    chosen.map((which, at) =>
      space.run(register, { email: `u${at}@example.com`, roles: [`role ${which}`] }, stranger),
    ),
  )
  assert.deepEqual(
    all.map(({ givenRoleIds }) => givenRoleIds),
    chosen.map((which) => [roleIds[which]]),
  )
})

test('nobody makes more of himself than a person may, whatever a door passes on (case 13)', async (t) => {
  const space = await openWorkspace(t)
  const forged = {
    ...ada,
    id: 'x',
    kind: 'bot',
    isEmailVerified: true,
    isBlocked: false,
    appMetadata: { plan: 'gold' },
    rolesVersion: 7,
    approvalAskedAt: 1,
    passwordHash: 'x',
  }
  const { user } = await space.run(register, forged as Register, stranger)
  assert.deepEqual(
    [user.kind, user.isEmailVerified, user.appMetadata, user.approvalAskedAt, user.id === 'x'],
    ['person', false, {}, undefined, false],
  )
})
