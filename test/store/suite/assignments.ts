import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Assignment } from '#core/roles/assignment.ts'
import type { Scope } from '#core/scope.ts'
import { type TestDatabase, useStore } from '../database.ts'
import { anApi, anAssignment, epoch, insertRoles, insertUsers } from '../things.ts'

export const assignments = (database: TestDatabase) =>
  describe('assignments', () => {
    const db = useStore(database)

    const someone = async (roleCount = 1) => {
      const { user, roles } = await db().write(async (tx) => ({
        user: (await insertUsers(tx, [{}]))[0]!,
        roles: await insertRoles(
          tx,
          Array.from({ length: roleCount }, () => ({})),
        ),
      }))
      return { userId: user.id, roleIds: roles.map(({ id }) => id), roleId: roles[0]!.id }
    }
    const give = (given: Pick<Assignment, 'userId' | 'roleId'> & Partial<Assignment>) =>
      db().write((tx) => tx.assignments.add(anAssignment(given)))
    const effective = async (userId: string, scopes: Scope[], at = epoch) =>
      (await db().reader.assignments.effectiveRoles(userId, scopes, at)).map(({ id }) => id)

    test('adding what is there says so and changes nothing', async () => {
      const { userId, roleId } = await someone()
      assert.equal(await give({ userId, roleId, reason: 'first' }), true)
      const before = await db().reader.assignments.find({ userId, roleId, scope: 'workspace' })
      assert.equal(await give({ userId, roleId, reason: 'second', expiresAt: epoch + 5 }), false)
      assert.deepEqual(await db().reader.assignments.find({ userId, roleId, scope: 'workspace' }), before)
      assert.equal(before?.reason, 'first')
    })

    test('every field comes back as it was given', async () => {
      const { userId, roleId } = await someone()
      const full = anAssignment({
        userId,
        roleId,
        scope: 'organization:ö:1',
        source: 'rule',
        sourceId: 'rule-1',
        actor: { kind: 'application', id: 'app' },
        door: 'rocketchat',
        reason: 'because',
        expiresAt: epoch + 1,
      })
      await db().write((tx) => tx.assignments.add(full))
      const { number, ...found } = (await db().reader.assignments.find(full))!
      assert.ok(Number.isSafeInteger(number))
      assert.deepEqual(found, full)
      const { items } = await db().reader.assignments.list({
        filter: { field: 'sourceId', is: 'equal', value: 'rule-1' },
        limit: 5,
      })
      assert.deepEqual(items, [{ number, ...full }])
    })

    test('an assignment counts until just before it expires, and nothing has to be swept', async () => {
      const { userId, roleId } = await someone()
      await give({ userId, roleId, expiresAt: epoch + 1_000 })
      const { assignments } = db().reader
      const counts = async (at: number) => [
        (await effective(userId, ['workspace'], at)).length,
        (await assignments.rolesIn(userId, 'workspace', at)).length,
        await assignments.countRolesIn(userId, 'workspace', at),
        (await assignments.rolesOfUsers([userId], 'workspace', at)).length,
        (await assignments.holders(roleId, 'workspace', at, { limit: 5, total: true })).total,
      ]
      assert.deepEqual(await counts(epoch + 999), [1, 1, 1, 1, 1])
      assert.deepEqual(await counts(epoch + 1_000), [0, 0, 0, 0, 0])
      assert.notEqual(await assignments.find({ userId, roleId, scope: 'workspace' }), undefined)
    })

    test('adding replaces an expired one as if it had never been', async () => {
      const { userId, roleId } = await someone()
      const key = { userId, roleId, scope: 'workspace' } as const
      await give({ userId, roleId, source: 'rule', sourceId: 'old', reason: 'old', expiresAt: epoch + 10 })
      const old = await db().reader.assignments.find(key)
      assert.equal(await give({ userId, roleId, createdAt: epoch + 9 }), false)
      assert.equal(await give({ userId, roleId, createdAt: epoch + 10 }), true)
      const { number, ...renewed } = (await db().reader.assignments.find(key))!
      assert.deepEqual(renewed, anAssignment({ userId, roleId, createdAt: epoch + 10 }))
      assert.ok(number > old!.number, 'it is the youngest now')
      assert.equal(await db().reader.assignments.count({ field: 'userId', is: 'equal', value: userId }), 1)
    })

    test('changes write the given fields and clear those given as undefined', async () => {
      const { userId, roleId } = await someone()
      const key = { userId, roleId, scope: 'workspace' } as const
      await give({ userId, roleId, reason: 'why', expiresAt: epoch + 10 })
      await db().write((tx) => tx.assignments.update(key, { expiresAt: epoch + 20 }))
      assert.equal((await db().reader.assignments.find(key))?.reason, 'why')
      await db().write((tx) => tx.assignments.update(key, { expiresAt: undefined, reason: undefined }))
      const cleared = await db().reader.assignments.find(key)
      assert.ok(cleared && !('expiresAt' in cleared) && !('reason' in cleared))
      await db().write((tx) => tx.assignments.update(key, {}))
      assert.deepEqual(await db().reader.assignments.find(key), cleared)
    })

    test('the same role in two scopes is two assignments', async () => {
      const { userId, roleId } = await someone()
      assert.equal(await give({ userId, roleId, scope: 'room:a' }), true)
      assert.equal(await give({ userId, roleId, scope: 'room:A' }), true)
      assert.deepEqual(await effective(userId, ['workspace', 'room:a']), [roleId])
      assert.deepEqual(await effective(userId, ['workspace', 'room:b']), [])
      assert.deepEqual(await db().reader.assignments.rolesIn(userId, 'workspace', epoch), [])
    })

    test('effective roles follow inclusion, any number of steps and also round a ring, each once, by age', async () => {
      const { userId, roleIds } = await someone(5)
      const [a, b, c, d, e] = roleIds as [string, string, string, string, string]
      await db().write(async (tx) => {
        for (const [roleId, includedRoleId] of [
          [a, b],
          [b, c],
          [c, d],
          [d, a],
          [a, c],
        ] as const) {
          assert.equal(await tx.roles.addInclusion({ roleId, includedRoleId }), true)
        }
        assert.equal(await tx.roles.addInclusion({ roleId: a, includedRoleId: b }), false)
      })
      await give({ userId, roleId: c })
      assert.deepEqual(await effective(userId, ['workspace']), [a, b, c, d])
      await give({ userId, roleId: e, scope: 'room:x' })
      assert.deepEqual(await effective(userId, ['workspace', 'room:x']), [a, b, c, d, e])
      assert.deepEqual(await effective(userId, ['room:x']), [e])
      const direct = await db().reader.assignments.rolesIn(userId, 'workspace', epoch)
      assert.deepEqual(
        direct.map(({ id }) => id),
        [c],
      )
    })

    test('an inactive role counts for nothing and leads to nothing', async () => {
      const { userId, roleIds } = await someone(3)
      const [a, b, c] = roleIds as [string, string, string]
      await db().write(async (tx) => {
        await tx.roles.addInclusion({ roleId: a, includedRoleId: b })
        await tx.roles.addInclusion({ roleId: b, includedRoleId: c })
        await tx.roles.update(b, { isActive: false })
      })
      await give({ userId, roleId: a })
      assert.deepEqual(await effective(userId, ['workspace']), [a])
      await db().write((tx) => tx.roles.update(b, { isActive: true }))
      assert.deepEqual(await effective(userId, ['workspace']), [a, b, c])
      await db().write((tx) => tx.roles.update(a, { isActive: false }))
      assert.deepEqual(await effective(userId, ['workspace']), [])
    })

    test('effective permissions follow effective roles, with those given directly, each once', async () => {
      const { userId, roleIds } = await someone(3)
      const [a, b, c] = roleIds as [string, string, string]
      const api = anApi()
      const key = (name: string) => ({ apiId: api.id, name })
      await db().write(async (tx) => {
        await tx.apis.insert(api)
        for (const name of ['p1', 'p2', 'p3', 'p4'])
          await tx.permissions.add({ ...key(name), description: name })
        assert.equal(await tx.permissions.addToRole(a, key('p2')), true)
        assert.equal(await tx.permissions.addToRole(a, key('p2')), false)
        await tx.permissions.addToRole(b, key('p2'))
        await tx.permissions.addToRole(b, key('p1'))
        await tx.permissions.addToRole(c, key('p4'))
        assert.equal(await tx.permissions.addToUser(userId, key('p3')), true)
        assert.equal(await tx.permissions.addToUser(userId, key('p3')), false)
        await tx.permissions.addToUser(userId, key('p2'))
        await tx.roles.addInclusion({ roleId: a, includedRoleId: b })
      })
      await give({ userId, roleId: a })
      await give({ userId, roleId: c, scope: 'room:x', expiresAt: epoch + 1 })
      const may = async (scopes: Scope[], at = epoch, apiIds?: string[]) =>
        (await db().reader.permissions.effective(userId, scopes, at, apiIds)).map(({ name }) => name)
      assert.deepEqual(await may(['workspace']), ['p1', 'p2', 'p3'])
      assert.deepEqual(await may(['workspace', 'room:x']), ['p1', 'p2', 'p3', 'p4'])
      assert.deepEqual(await may(['workspace', 'room:x'], epoch + 1), ['p1', 'p2', 'p3'])
      assert.deepEqual(await may(['room:x']), ['p4'])
      assert.deepEqual(await may(['workspace'], epoch, ['another']), [])
      assert.deepEqual(await may(['workspace'], epoch, [api.id]), ['p1', 'p2', 'p3'])
      assert.deepEqual(await may(['workspace'], epoch, []), [])
      await give({ userId, roleId: a, scope: 'room:y' })
      assert.deepEqual(await may(['room:y']), ['p1', 'p2'])
    })

    test('removing says what was there, and removing all returns it oldest first', async () => {
      const { userId, roleIds } = await someone(4)
      const other = await someone()
      for (const roleId of roleIds.toReversed()) await give({ userId, roleId })
      await give({ userId: other.userId, roleId: roleIds[0]!, scope: 'room:gone' })
      const key = { userId, roleId: roleIds[3]!, scope: 'workspace' } as const
      assert.equal(await db().write((tx) => tx.assignments.remove(key)), true)
      assert.equal(await db().write((tx) => tx.assignments.remove(key)), false)
      const removed = await db().write((tx) => tx.assignments.removeAll({ userId }))
      assert.deepEqual(
        removed.map(({ roleId }) => roleId),
        [roleIds[2], roleIds[1], roleIds[0]],
      )
      assert.deepEqual(await db().write((tx) => tx.assignments.removeAll({ userId })), [])
      const inScope = await db().write((tx) => tx.assignments.removeAll({ scope: 'room:gone' }))
      assert.deepEqual(
        inScope.map(({ userId }) => userId),
        [other.userId],
      )
      await assert.rejects(db().write((tx) => tx.assignments.removeAll({})))
    })

    test('the roles of thousands of users are read at once', async () => {
      const { userId, roleId } = await someone()
      await give({ userId, roleId })
      const many = [...Array.from({ length: 40_000 }, (_, index) => `nobody-${index}`), userId]
      const read = await db().reader.assignments.rolesOfUsers(many, 'workspace', epoch)
      assert.deepEqual(
        read.map((each) => [each.userId, each.role.id]),
        [[userId, roleId]],
      )
      assert.deepEqual(
        (await db().reader.users.findMany(many)).map(({ id }) => id),
        [userId],
      )
      assert.deepEqual(await db().reader.users.identities(many), [])
      assert.deepEqual(await db().reader.permissions.ofRoles(many), [])
      assert.deepEqual(await db().reader.assignments.rolesOfUsers([], 'workspace', epoch), [])
    })

    test('roles in a scope are paged by count', async () => {
      const { userId, roleIds } = await someone(5)
      for (const roleId of roleIds) await give({ userId, roleId })
      const page = await db().reader.assignments.rolesIn(userId, 'workspace', epoch, { limit: 2, offset: 3 })
      assert.deepEqual(
        page.map(({ id }) => id),
        roleIds.slice(3),
      )
    })
  })
