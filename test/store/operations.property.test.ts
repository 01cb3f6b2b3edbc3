import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { type Scope, scopesThatCountIn } from '#core/scope.ts'
import type { StoreTx } from '#core/store.ts'
import type { User } from '#core/users/user.ts'
import { type OpenedStore, openTestStore, postgres, sqlite } from './database.ts'
import { anApi, anAssignment, anEvent, aRole, aUser, epoch } from './things.ts'

const userIds = ['u0', 'u1', 'u2']
const roleIds = ['r0', 'r1', 'r2', 'r3']
const scopes: Scope[] = ['workspace', 'room:1', 'organization:1']
const permissions = ['read', 'write']
const instants = [epoch, epoch + 10, epoch + 20]
const apiId = 'api'

/** One change. What it returns is compared between the engines, too. */
type Step = (tx: StoreTx) => Promise<unknown>

const userId = fc.constantFrom(...userIds)
const roleId = fc.constantFrom(...roleIds)
const scope = fc.constantFrom(...scopes)
const instant = fc.constantFrom(...instants)
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const key = fc.record({ userId, roleId, scope })
const permission = fc.constantFrom(...permissions).map((name) => ({ apiId, name }))
const profile: fc.Arbitrary<Partial<User>> = fc.record(
  {
    email: optional(fc.constantFrom('a@x.org', 'A@x.org', 'ä@x.org')),
    username: optional(fc.constantFrom('zoe', 'Zoë', 'ZOË')),
    isBlocked: optional(fc.boolean()),
  },
  { requiredKeys: [] },
)

/** Numbers are handed out as each engine likes: what is compared is their order. */
const unnumbered = <T extends { number: number }>({ number: _number, ...rest }: T): Omit<T, 'number'> => rest

const steps: Record<string, fc.Arbitrary<Step>> = {
  insertUser: fc.tuple(userId, profile).map(
    ([id, given]) =>
      async (tx) =>
        unnumbered(await tx.users.insert(aUser({ ...given, id }))),
  ),
  updateUser: fc.tuple(userId, profile).map(
    ([id, changes]) =>
      (tx) =>
        tx.users.update(id, changes),
  ),
  removeUser: userId.map((id) => (tx) => tx.users.remove(id)),
  insertRole: roleId.map((id) => async (tx) => unnumbered(await tx.roles.insert(aRole({ id })))),
  updateRole: fc.tuple(roleId, fc.boolean()).map(
    ([id, isActive]) =>
      (tx) =>
        tx.roles.update(id, { isActive }),
  ),
  removeRole: roleId.map((id) => (tx) => tx.roles.remove(id)),
  assign: fc.tuple(key, instant, optional(instant), optional(fc.constantFrom('why', ''))).map(
    ([given, createdAt, expiresAt, reason]) =>
      (tx) =>
        tx.assignments.add(anAssignment({ ...given, createdAt, expiresAt, reason })),
  ),
  prolong: fc.tuple(key, optional(instant)).map(
    ([given, expiresAt]) =>
      (tx) =>
        tx.assignments.update(given, { expiresAt }),
  ),
  unassign: key.map((given) => (tx) => tx.assignments.remove(given)),
  unassignAll: fc
    .oneof(fc.record({ userId }), fc.record({ roleId, scope }), fc.record({ scope }))
    .map((of) => async (tx) => (await tx.assignments.removeAll(of)).map(unnumbered)),
  include: fc.record({ roleId, includedRoleId: roleId }).map((pair) => (tx) => tx.roles.addInclusion(pair)),
  uninclude: fc
    .record({ roleId, includedRoleId: roleId })
    .map((pair) => (tx) => tx.roles.removeInclusion(pair)),
  exclude: fc.tuple(roleId, roleId).map(
    ([one, other]) =>
      (tx) =>
        tx.roles.addExclusion(one, other),
  ),
  permit: fc.tuple(roleId, permission).map(
    ([id, given]) =>
      (tx) =>
        tx.permissions.addToRole(id, given),
  ),
  forbid: fc.tuple(roleId, permission).map(
    ([id, given]) =>
      (tx) =>
        tx.permissions.removeFromRole(id, given),
  ),
  permitUser: fc.tuple(userId, permission).map(
    ([id, given]) =>
      (tx) =>
        tx.permissions.addToUser(id, given),
  ),
  removePermission: permission.map((given) => (tx) => tx.permissions.remove(given)),
  addPermission: permission.map((given) => (tx) => tx.permissions.add({ ...given, description: '' })),
  join: fc
    .record({ userId, scope: fc.constantFrom('room:1' as const) })
    .map((given) => (tx) => tx.memberships.add({ ...given, createdAt: epoch })),
  leave: userId.map((id) => (tx) => tx.memberships.remove(id, 'room:1')),
  put: fc.tuple(fc.constantFrom('s', 'S'), fc.integer()).map(
    ([name, value]) =>
      (tx) =>
        tx.settings.put(name, { value }),
  ),
  emit: userId.map((id) => (tx) => tx.appendEvent(anEvent({ id: `event of ${id}`, userId: id }))),
}

/** Steps that are one write; `fails` throws when they are done. */
type Write = { steps: Step[]; fails: boolean }
const write: fc.Arbitrary<Write> = fc.record({
  steps: fc.array(fc.oneof(...Object.values(steps)), { minLength: 1, maxLength: 4 }),
  fails: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
})
/** Writes of a group arrive at once; groups follow each other. */
const groups = fc.array(fc.array(write, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 8 })

const perform = async (store: OpenedStore, group: readonly Write[]): Promise<unknown[]> => {
  const settled = await Promise.allSettled(
    group.map(({ steps, fails }) =>
      store.write(async (tx) => {
        const results = []
        for (const step of steps) results.push(await step(tx))
        if (fails) throw new Error('on purpose')
        return results
      }),
    ),
  )
  return settled.map((each) => (each.status === 'fulfilled' ? each.value : 'rejected'))
}

/** Everything a reader can see. */
const stateOf = async ({ reader }: OpenedStore) => {
  const all = { limit: Number.MAX_SAFE_INTEGER }
  const users = await reader.users.list(all)
  const roles = await reader.roles.list(all)
  const permitted = await reader.permissions.list(all)
  const state: Record<string, unknown> = {
    users: users.items.map(unnumbered),
    roles: roles.items.map(unnumbered),
    permissions: permitted.items.map(unnumbered),
    assignments: (await reader.assignments.list(all)).items.map(unnumbered),
    memberships: (await reader.memberships.list(all)).items.map(unnumbered),
    events: (await reader.events.list(all)).items.map(unnumbered),
    inclusions: await reader.roles.inclusions(),
    exclusions: await reader.roles.exclusions(),
    settings: [await reader.settings.get('s'), await reader.settings.get('S')],
  }
  for (const { id } of roles.items) {
    state[`permissions of ${id}`] = (await reader.permissions.ofRole(id)).map(unnumbered)
    const held = await reader.assignments.holders(id, 'workspace', epoch + 10, { limit: 9, total: true })
    state[`holders of ${id}`] = [held.items.map((user) => user.id), held.total]
  }
  for (const { id } of users.items) {
    for (const scope of scopes) {
      for (const at of instants) {
        const around = scopesThatCountIn(scope)
        const effective = await reader.assignments.effectiveRoles(id, around, at)
        const may = await reader.permissions.effective(id, around, at)
        state[`${id} in ${scope} at ${at}`] = [effective.map((role) => role.id), may.map(({ name }) => name)]
      }
    }
  }
  return state
}

const clear = (store: OpenedStore) =>
  store.write(async (tx) => {
    for (const scope of scopes) await tx.assignments.removeAll({ scope })
    for (const id of roleIds) {
      await tx.permissions.removeAll({ roleId: id })
      for (const other of roleIds) {
        await tx.roles.removeInclusion({ roleId: id, includedRoleId: other })
        await tx.roles.removeExclusion(id, other)
      }
    }
    for (const id of roleIds) await tx.roles.remove(id)
    for (const id of userIds) {
      await tx.permissions.removeAll({ userId: id })
      await tx.memberships.removeAll({ userId: id })
      await tx.users.remove(id)
    }
    for (const name of permissions) await tx.permissions.remove({ apiId, name })
    // Something to work on, so that most steps find what they need.
    for (const name of permissions) await tx.permissions.add({ apiId, name, description: '' })
    for (const id of userIds.slice(1)) await tx.users.insert(aUser({ id }))
    for (const id of roleIds.slice(1)) await tx.roles.insert(aRole({ id }))
    for (const name of ['s', 'S']) await tx.settings.put(name, {})
  })

describe('random sequences of writes', () => {
  let stores: OpenedStore[] = []
  before(async () => {
    stores = await Promise.all([openTestStore(sqlite), openTestStore(postgres('english'))])
    for (const store of stores) await store.write((tx) => tx.apis.insert(anApi({ id: apiId })))
  })
  after(() => Promise.all(stores.map((store) => store.close())))

  test('end in the same state on both engines, and answer the same on the way', async () => {
    await fc.assert(
      fc.asyncProperty(groups, async (sequence) => {
        await Promise.all(stores.map(clear))
        for (const group of sequence) {
          const [ofSqlite, ofPostgres] = await Promise.all(stores.map((store) => perform(store, group)))
          assert.deepEqual(ofPostgres, ofSqlite)
        }
        const [ofSqlite, ofPostgres] = await Promise.all(stores.map(stateOf))
        assert.deepEqual(ofPostgres, ofSqlite)
      }),
      { numRuns: 40 },
    )
  })
})
