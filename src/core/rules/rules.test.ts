import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWorkspace, refusalOf, type Workspace } from '#test/workspace.ts'
import { anonymous } from '../actor.ts'
import { register } from '../registration/register.ts'
import { assignRoles } from '../roles/assign.ts'
import { createRole } from '../roles/create.ts'
import { addExclusion } from '../roles/hierarchy.ts'
import { addRolePermissions } from '../roles/permissions.ts'
import { signIn } from '../sign-in/sign-in.ts'
import { createUser } from '../users/create.ts'
import { updateUser } from '../users/update.ts'
import { type CreateRule, createRule, deleteRule, updateRule } from './author.ts'
import { type DryRunRule, dryRunRule } from './dry-run.ts'

const stranger = anonymous('native')
const password = 'a Secret-word 77'

const role = async ({ run, system }: Workspace, name: string): Promise<string> =>
  (await run(createRole, { name }, system)).id

const rule = async (
  { run, admin }: Workspace,
  parts: Partial<CreateRule> & Pick<CreateRule, 'condition' | 'roles'>,
) => run(createRule, { name: parts.condition, occasions: ['login'], isActive: true, ...parts }, admin)

const held = async ({ reader }: Workspace, userId: string): Promise<string[]> => {
  const filter = { field: 'userId', is: 'equal', value: userId } as const
  const { items } = await reader.assignments.list({ filter, limit: 100 })
  return items.map(({ roleId, source }) => `${roleId} ${source}`)
}

const enter = async ({ run }: Workspace, email: string) => {
  const result = await run(signIn, { login: { email }, password }, stranger)
  assert.ok(result.ok)
  return result
}

const person = async ({ run, system }: Workspace, email: string, parts: object = {}) =>
  (await run(createUser, { email, password, ...parts }, system)).id

const workspaceRole = (roleId: string) => ({ roleId, scope: 'workspace' as const })

test('a rule gives its roles on the occasions it names', async (t) => {
  const space = await openWorkspace(t)
  const [fresh, staff, first, changed] = [
    await role(space, 'fresh'),
    await role(space, 'staff'),
    await role(space, 'first'),
    await role(space, 'changed'),
  ]
  const of = (roleId: string) => ({
    condition: 'user.emailDomain == "corp.example"',
    roles: [workspaceRole(roleId)],
  })
  const { id } = await rule(space, { ...of(fresh), name: 'a', occasions: ['registration'] })
  await rule(space, { ...of(staff), name: 'b', occasions: ['login'] })
  await rule(space, { ...of(first), name: 'c', occasions: ['first-login'] })
  await rule(space, { ...of(changed), name: 'd', occasions: ['profile-change'] })
  await rule(space, { ...of(changed), name: 'off', isActive: false })
  const email = 'ada@corp.example'
  const { user, givenRoleIds } = await space.run(register, { email, password }, stranger)
  assert.deepEqual(givenRoleIds, ['user', fresh])
  const assignment = await space.reader.assignments.find({
    userId: user.id,
    roleId: fresh,
    scope: 'workspace',
  })
  assert.deepEqual([assignment?.source, assignment?.sourceId], ['rule', id])
  const { user: signedIn } = await enter(space, email)
  const now = [`user default`, `${fresh} rule`, `${staff} rule`, `${first} rule`]
  assert.deepEqual((await held(space, user.id)).sort(), now.sort())
  assert.equal(signedIn.rolesVersion, (await space.reader.users.find(user.id))?.rolesVersion)
  await space.run(updateUser, { userId: user.id, changes: { name: 'Ada' } }, space.system)
  assert.ok((await held(space, user.id)).includes(`${changed} rule`))
  const other = await person(space, 'eve@example.com')
  await enter(space, 'eve@example.com')
  assert.deepEqual(await held(space, other), [])
})

test('kept in step, a rule takes back what it gave, and nothing else', async (t) => {
  const space = await openWorkspace(t)
  const { run, system } = space
  const [pro, own] = [await role(space, 'pro'), await role(space, 'own')]
  await rule(space, {
    condition: 'has(user.appMetadata.plan) && user.appMetadata.plan == "pro"',
    mode: 'keep-in-step',
    roles: [workspaceRole(pro), workspaceRole(own)],
  })
  const userId = await person(space, 'ada@example.com', { appMetadata: { plan: 'pro' } })
  await run(assignRoles, { userIds: [userId], roleIds: [own] }, system)
  await enter(space, 'ada@example.com')
  assert.deepEqual(await held(space, userId), [`${own} direct`, `${pro} rule`])
  await run(updateUser, { userId, appMetadata: { plan: 'free' } }, system)
  await enter(space, 'ada@example.com')
  assert.deepEqual(await held(space, userId), [`${own} direct`])
})

test('what a rule adds stays, and what it no longer names is taken back where it keeps in step', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  const [one, two] = [await role(space, 'one'), await role(space, 'two')]
  const { id: adding } = await rule(space, {
    condition: 'user.loginsCount == 1',
    roles: [workspaceRole(one)],
  })
  const { id: keeping } = await rule(space, {
    condition: 'true',
    mode: 'keep-in-step',
    roles: [workspaceRole(two)],
  })
  const userId = await person(space, 'ada@example.com')
  await enter(space, 'ada@example.com')
  await enter(space, 'ada@example.com')
  assert.deepEqual(await held(space, userId), [`${one} rule`, `${two} rule`])
  await run(updateRule, { ruleId: keeping, changes: { roles: [workspaceRole('guest')] } }, admin)
  await run(deleteRule, { ruleId: adding }, admin)
  await enter(space, 'ada@example.com')
  assert.deepEqual(await held(space, userId), [`${one} rule`, 'guest rule'])
})

test('rules are looked at in their order, and see what earlier ones gave', async (t) => {
  const space = await openWorkspace(t)
  const [base, next] = [await role(space, 'base'), await role(space, 'next')]
  const seesBase = { condition: '"base" in user.roles', roles: [workspaceRole(next)] }
  const { id } = await rule(space, { ...seesBase, position: 1 })
  await rule(space, { condition: 'true', roles: [workspaceRole(base)], position: 5 })
  const userId = await person(space, 'ada@example.com')
  await space.run(updateRule, { ruleId: id, changes: { position: 9 } }, space.admin)
  await enter(space, 'ada@example.com')
  assert.deepEqual(await held(space, userId), [`${base} rule`, `${next} rule`])
})

test('a faulty rule never keeps anybody out, and says so', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, system } = space
  const [payer, approver, after] = [
    await role(space, 'payer'),
    await role(space, 'approver'),
    await role(space, 'after'),
  ]
  await rule(space, { condition: 'user.appMetadata.plan == "pro"', roles: [workspaceRole(payer)] })
  await rule(space, { condition: 'true', roles: [workspaceRole(approver), workspaceRole('guest')] })
  await rule(space, { condition: 'user.loginsCount > 0', roles: [workspaceRole(after)] })
  await run(addExclusion, { roleId: payer, otherRoleId: approver }, admin)
  const userId = await person(space, 'ada@example.com')
  await run(assignRoles, { userIds: [userId], roleIds: [payer] }, system)
  await space.events()
  await enter(space, 'ada@example.com')
  assert.deepEqual(await held(space, userId), [`${payer} direct`, `${after} rule`])
  const events = await space.events()
  assert.deepEqual(
    events.map(({ type, data }) => [type, data?.fault]),
    [
      ['user.signed-in', undefined],
      ['rule.failed', 'No such key: plan'],
      ['rule.failed', `The roles ${[payer, approver].join(' and ')} exclude each other.`],
      ['role.assigned', undefined],
    ],
  )
})

test('nobody lets a rule give what he could not give himself (cases 1, 3, 4)', async (t) => {
  const space = await openWorkspace(t)
  const { run, system } = space
  const [plain, strong] = [await role(space, 'plain'), await role(space, 'strong')]
  const permissions = [{ apiId: 'rolecall', name: 'users:delete' }]
  await run(addRolePermissions, { roleId: strong, permissions }, system)
  const author = await space.person('rules:create', 'rules:update', 'roles:assign')
  const powerless = await space.person('rules:create', 'rules:update')
  const draft = {
    name: 'r',
    occasions: ['login'],
    condition: 'true',
    isActive: true,
  } satisfies Partial<CreateRule>
  const give = (roleId: string) => ({ ...draft, roles: [workspaceRole(roleId)] })
  await space.events()
  const refused = async (work: Promise<unknown>) => {
    const refusal = await refusalOf(work)
    return 'permission' in refusal ? `${refusal.code} ${refusal.permission}` : refusal.code
  }
  assert.equal(await refused(run(createRule, give(strong), author)), 'cannot_grant users:delete')
  assert.equal(await refused(run(createRule, give('admin'), author)), 'cannot_grant users:read')
  assert.equal(await refused(run(createRule, give(plain), powerless)), 'cannot_grant roles:assign')
  assert.equal(
    await refused(run(createRule, { ...give(plain), condition: 'user.emial == ""' }, author)),
    'invalid',
  )
  assert.equal(await refused(run(createRule, { ...give(plain), roles: [] }, author)), 'invalid')
  assert.equal(await refused(run(createRule, give('gone'), author)), 'not_found')
  assert.deepEqual(await space.events(), [])
  const { id: ruleId } = await run(createRule, give(plain), author)
  assert.equal(await refused(run(createRule, give(plain), author)), 'taken')
  const change = (changes: object, actor = author) => refused(run(updateRule, { ruleId, changes }, actor))
  assert.equal(await change({ roles: [workspaceRole(strong)] }), 'cannot_grant users:delete')
  assert.equal(await change({ condition: '1' }), 'invalid')
  assert.equal(await change({ isActive: false }, powerless), 'cannot_grant roles:assign')
  // A rule of somebody stronger: not even its condition can be changed by who may not give its role.
  const { id } = await run(createRule, { ...give(strong), name: 's', isActive: false }, space.admin)
  for (const changes of [
    { isActive: true },
    { condition: 'false' },
    { occasions: ['registration' as const] },
  ]) {
    assert.equal(await refused(run(updateRule, { ruleId: id, changes }, author)), 'cannot_grant users:delete')
  }
  assert.equal(await refused(run(deleteRule, { ruleId: id }, author)), 'forbidden rules:delete')
  assert.equal(await refused(run(dryRunRule, { ruleId: id, limit: 5 }, author)), 'forbidden users:read')
})

test('a dry run shows the difference to every user, page by page, and touches nothing', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, system } = space
  const [staff, payer] = [await role(space, 'staff'), await role(space, 'payer')]
  const condition = 'user.emailDomain == "corp.example" && user.appMetadata.level > 1'
  const { id: ruleId } = await rule(space, {
    condition,
    mode: 'keep-in-step',
    roles: [workspaceRole(staff)],
    isActive: true,
  })
  const level = (at: number) => ({ appMetadata: at === 0 ? {} : { level: at } })
  const ids = []
  for (const at of [0, 1, 2, 3]) ids.push(await person(space, `u${at}@corp.example`, level(at)))
  await enter(space, 'u2@corp.example')
  await run(updateUser, { userId: ids[2]!, appMetadata: { level: 1 } }, system)
  await run(addExclusion, { roleId: staff, otherRoleId: payer }, admin)
  const last = await person(space, 'u4@corp.example', level(4))
  await run(assignRoles, { userIds: [last], roleIds: [payer] }, system)
  await space.events()
  const seen: unknown[] = []
  const input: DryRunRule = { ruleId, limit: 2, total: true }
  let pages = 0
  let scanned = 0
  for (let after: string | undefined; ; pages += 1) {
    const page = await run(dryRunRule, { ...input, ...(after !== undefined && { after }) }, admin)
    assert.equal(page.total, 6)
    scanned += page.scanned
    for (const { user, gives, takes } of page.items) seen.push([user.id, gives.length, takes.length])
    for (const { userId, fault } of page.faults) seen.push([userId, fault])
    after = page.next
    if (after === undefined) break
  }
  assert.deepEqual([pages + 1, scanned], [3, 6])
  assert.deepEqual(seen, [
    [ids[0], 'No such key: level'],
    [ids[2], 0, 1],
    [ids[3], 1, 0],
    [last, `The roles ${[staff, payer].join(' and ')} exclude each other.`],
  ])
  const tried = await run(dryRunRule, { ruleId, limit: 100, changes: { condition: 'false' } }, admin)
  assert.deepEqual(
    tried.items.map(({ user, takes }) => [user.id, takes.length]),
    [[ids[2], 1]],
  )
  assert.equal(
    (await refusalOf(run(dryRunRule, { ruleId, limit: 2, changes: { condition: '1' } }, admin))).code,
    'invalid',
  )
  assert.deepEqual(await space.events(), [])
  const viewer = await space.person('rules:read', 'users:read', 'roles:read')
  assert.equal((await refusalOf(run(dryRunRule, { ruleId, limit: 2 }, viewer))).code, 'forbidden', 'case 16')
})

test('a dry run over thousands of users goes page by page, and lets others be served in between', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, reader } = space
  const staff = await role(space, 'staff')
  const { id: ruleId } = await rule(space, {
    condition: 'user.appMetadata.level > 1',
    roles: [workspaceRole(staff)],
  })
  const count = 5_000
  await space.write(async (tx) => {
    for (let at = 0; at < count; at += 1) await tx.users.insert(stored(at))
  })
  await space.events()
  const [assignments, total] = [await reader.assignments.count(), await reader.users.count()]
  let turns = 0
  const turn = () => {
    turns += 1
    next = setImmediate(turn)
  }
  let next = setImmediate(turn)
  t.after(() => clearImmediate(next))
  const seen = new Set<string>()
  let [scanned, pages] = [0, 0]
  let after: string | undefined
  do {
    const before = turns
    const page = await run(dryRunRule, { ruleId, limit: 2_000, ...(after !== undefined && { after }) }, admin)
    if (page.scanned === 2_000) assert.ok(turns - before >= 10, `others had ${turns - before} turns`)
    for (const { user } of page.items) seen.add(user.id)
    scanned += page.scanned
    pages += 1
    after = page.next
  } while (after !== undefined)
  assert.deepEqual([pages, scanned, seen.size], [3, total, count / 2])
  assert.deepEqual([await reader.assignments.count(), await space.events()], [assignments, []])
})

/** A user as he is stored; every other has a level above one. */
const stored = (at: number) => ({
  id: `many-${String(at).padStart(8, '0')}`,
  kind: 'person' as const,
  isEmailVerified: true,
  email: `many-${at}@example.com`,
  userMetadata: {},
  appMetadata: { level: 1 + (at % 2) },
  rolesVersion: 0,
  loginsCount: 0,
  createdAt: 0,
  updatedAt: 0,
  extensions: {},
})

test('the dry run and the rule itself agree on who gets what', async (t) => {
  const space = await openWorkspace(t)
  const [staff] = [await role(space, 'staff')]
  const { id: ruleId } = await rule(space, {
    condition: '"user" in user.roles && user.username.size() % 2 == 0',
    mode: 'keep-in-step',
    roles: [workspaceRole(staff)],
  })
  const names = ['a', 'bb', 'ccc', 'dddd', 'eeeee', 'ffffff']
  for (const [at, name] of names.entries()) {
    const { user } = await space.run(
      register,
      { username: name, email: `${name}@example.com`, password },
      stranger,
    )
    if (at % 3 === 0) await space.run(assignRoles, { userIds: [user.id], roleIds: [staff] }, space.system)
  }
  const { items } = await space.run(dryRunRule, { ruleId, limit: 100 }, space.admin)
  const promised = items.map(({ user, gives, takes }) => [user.username, gives.length, takes.length])
  const happened: unknown[] = []
  await space.events()
  for (const name of names) {
    const { user } = await enter(space, `${name}@example.com`)
    const events = await space.events()
    const count = (type: string) =>
      events.filter((each) => each.type === type && each.userId === user.id).length
    if (count('role.assigned') + count('role.removed') > 0)
      happened.push([user.username, count('role.assigned'), count('role.removed')])
  }
  assert.deepEqual(happened, promised)
})
