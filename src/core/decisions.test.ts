import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { actorOf, openWorkspace, refusalOf, type Workspace } from '#test/workspace.ts'
import { createApi } from './apis/create.ts'
import { decide, decideMany, searchActions, searchResources, searchSubjects } from './decisions.ts'
import { createOrganization } from './organizations/create.ts'
import { addOrganizationMembers } from './organizations/members.ts'
import { DomainError } from './refusals.ts'
import { assignRoles } from './roles/assign.ts'
import { createRole } from './roles/create.ts'
import { explain } from './roles/explain.ts'
import { addInclusion } from './roles/hierarchy.ts'
import { addRolePermissions } from './roles/permissions.ts'
import { listEffectiveRoles } from './roles/read.ts'
import { updateRole } from './roles/update.ts'
import { createRoom } from './rooms/create.ts'
import { addRoomMembers } from './rooms/members.ts'
import type { Scope } from './scope.ts'
import { assignPermissions, listPermissionsOfUser } from './users/permissions.ts'
import { updateUser } from './users/update.ts'

const roleCount = 6
const userCount = 3
const permissionNames = ['read', 'write', 'ship']
const scopeCount = 5

const someRole = fc.nat(roleCount - 1)
const someUser = fc.nat(userCount - 1)
const somePermission = fc.constantFrom(...permissionNames)
const many = <T>(each: fc.Arbitrary<T>, minLength: number, maxLength: number) =>
  fc.array(each, { minLength, maxLength })

const worlds = fc.record({
  inclusions: many(fc.tuple(someRole, someRole), 3, 9),
  carried: many(fc.tuple(someRole, somePermission), 2, 6),
  inactive: many(someRole, 0, 2),
  assignments: many(fc.tuple(someUser, someRole, fc.nat(scopeCount - 1), fc.boolean()), 4, 10),
  direct: many(fc.tuple(someUser, somePermission), 0, 2),
  blocked: many(someUser, 0, 1),
})
type World = typeof worlds extends fc.Arbitrary<infer T> ? T : never

const expiry = 1000

/** Does it, unless a rule is against it: random worlds ask for cycles, too. */
const attempt = async (work: Promise<unknown>) => {
  try {
    await work
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
  }
}

const build = async ({ run, system, user, clock }: Workspace, world: World) => {
  const permissions = permissionNames.map((name) => ({ name }))
  const { id: apiId } = await run(createApi, { identifier: 'https://shop.example', permissions }, system)
  const users = [await user(), await user(), await user()]
  const userIds = users.map(({ id }) => id)
  const organization = await run(createOrganization, { name: 'acme' }, system)
  await run(addOrganizationMembers, { organizationId: organization.id, userIds }, system)
  const rooms: Scope[] = []
  for (const name of ['den', 'hall']) {
    const room = await run(createRoom, { name, kind: 'group' }, system)
    await run(addRoomMembers, { roomId: room.id, userIds }, system)
    rooms.push(`room:${room.id}`)
  }
  const scopes: Scope[] = ['workspace', 'application:default', `organization:${organization.id}`, ...rooms]
  const roles: string[] = []
  for (let index = 0; index < roleCount; index++) {
    roles.push(
      (await run(createRole, { name: `r${index}`, heldIn: index % 2 ? 'room' : 'workspace' }, system)).id,
    )
  }
  for (const [one, other] of world.inclusions) {
    await attempt(run(addInclusion, { roleId: roles[one]!, includedRoleId: roles[other]! }, system))
  }
  for (const [role, name] of world.carried) {
    await run(addRolePermissions, { roleId: roles[role]!, permissions: [{ apiId, name }] }, system)
  }
  for (const role of world.inactive) {
    await run(updateRole, { roleId: roles[role]!, changes: { isActive: false } }, system)
  }
  for (const [at, role, scope, expires] of world.assignments) {
    const input = { userIds: [userIds[at]!], roleIds: [roles[role]!], scope: scopes[scope]! }
    await attempt(run(assignRoles, { ...input, ...(expires && { expiresAt: clock.now + expiry }) }, system))
  }
  for (const [at, name] of world.direct) {
    await run(assignPermissions, { userId: userIds[at]!, permissions: [{ apiId, name }] }, system)
  }
  for (const at of world.blocked) {
    await run(updateUser, { userId: userIds[at]!, changes: { isBlocked: true } }, system)
  }
  return { apiId, userIds, scopes, roles, blocked: new Set(world.blocked.map((at) => userIds[at]!)) }
}

/** Compares every way there is to ask the same, for every user, scope, role and permission. */
const compare = async (space: Workspace, built: Awaited<ReturnType<typeof build>>) => {
  const { run, admin, reader } = space
  const { apiId, userIds, scopes, roles, blocked } = built
  const inclusions = new Set(
    (await reader.roles.inclusions()).map(({ roleId, includedRoleId }) => `${roleId} ${includedRoleId}`),
  )
  const allowed = new Set<string>()
  for (const userId of userIds) {
    for (const scope of scopes) {
      const effective = (await run(listEffectiveRoles, { userId, scope }, admin)).map(({ id }) => id)
      for (const roleId of roles) {
        const { answer, paths, missing } = await run(explain, { userId, scope, roleId }, admin)
        assert.equal(answer, effective.includes(roleId), `role ${roleId} of ${userId} in ${scope}`)
        assert.equal(missing === undefined, answer)
        for (const { roles: chain } of paths) {
          assert.equal(chain.at(-1)?.id, roleId)
          for (const [index, { id }] of chain.entries()) {
            assert.ok(index === 0 || inclusions.has(`${chain[index - 1]!.id} ${id}`))
          }
        }
      }
      const listed = await run(listPermissionsOfUser, { userId, scope, apiId }, admin)
      const actions = await run(searchActions, { userId, scope, apiId }, admin)
      for (const name of permissionNames) {
        const permission = { apiId, name }
        const label = `${name} of ${userId} in ${scope}`
        const held = listed.some((each) => each.name === name)
        const explanation = await run(explain, { userId, scope, permission }, admin)
        assert.equal(explanation.paths.length > 0, held, label)
        const decided = await run(decide, { userId, scope, permission }, admin)
        assert.equal(decided, held && !blocked.has(userId), label)
        assert.equal(explanation.answer, decided, label)
        assert.equal(
          actions.some((each) => each.name === name),
          decided,
          label,
        )
        if (decided) allowed.add(`${userId} ${scope} ${name}`)
      }
    }
  }
  for (const name of permissionNames) {
    const permission = { apiId, name }
    for (const scope of scopes) {
      const { items } = await run(searchSubjects, { permission, scope, page: { limit: 100 } }, admin)
      const expected = userIds.filter((userId) => allowed.has(`${userId} ${scope} ${name}`))
      assert.deepEqual(
        items.map(({ id }) => id),
        expected,
        `who may ${name} in ${scope}`,
      )
    }
    for (const userId of userIds) {
      for (const kind of ['application', 'organization', 'room'] as const) {
        const input = { userId, permission, kind, page: { limit: 100 } }
        const { items } = await run(searchResources, input, admin)
        const expected = scopes.filter(
          (scope) => scope.startsWith(kind) && allowed.has(`${userId} ${scope} ${name}`),
        )
        const seen = items.filter((scope) => scopes.includes(scope))
        assert.deepEqual(seen, expected, `where ${userId} may ${name}`)
      }
    }
  }
}

test('lists, decisions, searches and explanations agree in every world, before and after expiry', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async (world) => {
      const space = await openWorkspace()
      try {
        const built = await build(space, world)
        space.clock.now += expiry - 1
        await compare(space, built)
        space.clock.now += 1
        await compare(space, built)
      } finally {
        await space.close()
      }
    }),
    { numRuns: 15 },
  )
})

const store = async (space: Workspace) => {
  const { run, system } = space
  const permissions = [{ name: 'ship' }, { name: 'pack' }]
  const { id: apiId } = await run(createApi, { identifier: 'https://shop.example', permissions }, system)
  const role = await run(createRole, { name: 'clerk' }, system)
  const permission = { apiId, name: 'ship' }
  await run(addRolePermissions, { roleId: role.id, permissions: [permission] }, system)
  return { apiId, permission, roleId: role.id }
}

test('whoever and whatever is unknown may nothing', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  const { permission } = await store(space)
  const anna = await space.user('anna')
  await run(assignPermissions, { userId: anna.id, permissions: [permission] }, space.system)
  const userId = anna.id
  const answers = await run(
    decideMany,
    {
      decisions: [
        { userId, permission },
        { userId, permission, scope: 'room:none' },
        { userId: 'nobody', permission },
        { userId, permission: { ...permission, name: 'none' } },
        { userId, permission: { ...permission, apiId: 'none' } },
        { userId, permission: { ...permission, name: 'pack' } },
      ],
    },
    admin,
  )
  assert.deepEqual(answers, [true, true, false, false, false, false])
})

test('a blocked user may nothing, and no search finds him', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, system } = space
  const { permission, apiId } = await store(space)
  const { id: userId } = await space.user('anna')
  await run(assignPermissions, { userId, permissions: [permission] }, system)
  const page = { limit: 5 }
  const found = async () => [
    await run(decide, { userId, permission }, admin),
    (await run(searchSubjects, { permission, page }, admin)).items.length,
    (await run(searchActions, { userId, apiId }, admin)).length,
    (await run(searchResources, { userId, permission, kind: 'application', page }, admin)).items.length,
  ]
  const [decided, subjects, actions, resources] = await found()
  assert.deepEqual([decided, subjects, actions], [true, 1, 1])
  assert.notEqual(resources, 0)
  await run(updateUser, { userId, changes: { isBlocked: true } }, system)
  assert.deepEqual(await found(), [false, 0, 0, 0])
})

test('decisions need decisions:read in the scope, but about oneself nothing', async (t) => {
  const space = await openWorkspace(t)
  const { run, system, admin } = space
  const { permission, apiId } = await store(space)
  const organization = await run(createOrganization, { name: 'acme' }, admin)
  const scope: Scope = `organization:${organization.id}`
  const [mia, anna] = [await space.user('mia'), await space.user('anna')]
  await run(addOrganizationMembers, { organizationId: organization.id, userIds: [mia.id] }, system)
  const asker = await run(createRole, { name: 'asker' }, system)
  const permissions = [{ apiId: 'rolecall', name: 'decisions:read' }]
  await run(addRolePermissions, { roleId: asker.id, permissions }, system)
  await run(assignRoles, { userIds: [mia.id], roleIds: [asker.id], scope }, system)
  const [actor, other] = [actorOf(mia), { userId: anna.id, permission }]
  const page = { limit: 5 }
  assert.equal(await run(decide, { ...other, scope }, actor), false)
  assert.deepEqual(await run(decideMany, { decisions: [{ ...other, scope }] }, actor), [false])
  assert.deepEqual((await run(searchSubjects, { permission, scope, page }, actor)).items, [])
  for (const work of [
    run(decide, other, actor),
    run(decideMany, { decisions: [{ ...other, scope }, other] }, actor),
    run(searchSubjects, { permission, page }, actor),
    run(searchActions, { userId: anna.id, apiId }, actor),
    run(searchResources, { ...other, kind: 'room', page }, actor),
  ]) {
    assert.equal((await refusalOf(work)).code, 'forbidden')
  }
  const own = { userId: anna.id, permission }
  assert.equal(await run(decide, own, actorOf(anna)), false)
  assert.deepEqual(await run(decideMany, { decisions: [own, { ...own, scope }] }, actorOf(anna)), [
    false,
    false,
  ])
  assert.deepEqual(await run(searchActions, { userId: anna.id, apiId }, actorOf(anna)), [])
})

test('searches page by key, count, and start no page twice', async (t) => {
  const space = await openWorkspace(t)
  const { run, system, admin } = space
  const { permission, roleId } = await store(space)
  const userIds: string[] = []
  for (let count = 0; count < 5; count++) userIds.push((await space.user()).id)
  await run(assignRoles, { userIds, roleIds: [roleId] }, system)
  await run(assignPermissions, { userId: userIds[0]!, permissions: [permission] }, system)
  const seen: string[] = []
  let after: string | undefined
  do {
    const page = { limit: 2, total: true, ...(after !== undefined && { after }) }
    const found = await run(searchSubjects, { permission, page }, admin)
    assert.equal(found.total, 5)
    seen.push(...found.items.map(({ id }) => id))
    after = found.next
  } while (after !== undefined)
  assert.deepEqual(seen, userIds)
  const rooms: string[] = []
  for (const name of ['a', 'b', 'c']) {
    rooms.push((await run(createRoom, { name, kind: 'group' }, system)).id)
  }
  const search = { userId: userIds[0]!, permission, kind: 'room' as const }
  const first = await run(searchResources, { ...search, page: { limit: 2, total: true } }, admin)
  assert.deepEqual([first.items, first.total], [[`room:${rooms[0]}`, `room:${rooms[1]}`], 3])
  const rest = await run(searchResources, { ...search, page: { limit: 2, after: first.next! } }, admin)
  assert.deepEqual([rest.items, rest.next], [[`room:${rooms[2]}`], undefined])
  const bad = run(searchSubjects, { permission, page: { limit: 2, after: 'x' } }, admin)
  assert.equal((await refusalOf(bad)).code, 'invalid_cursor')
})
