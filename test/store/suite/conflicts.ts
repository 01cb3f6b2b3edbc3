import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type TestDatabase, useStore } from '../database.ts'
import {
  anApi,
  anApplication,
  anAssignment,
  aRole,
  aUser,
  epoch,
  insertRoles,
  insertUsers,
  newId,
} from '../things.ts'

export const conflicts = (database: TestDatabase) =>
  describe('conflicts', () => {
    const db = useStore(database)

    test('a taken id, name or address is refused by the database itself, and nothing is left of it', async () => {
      const taken = { email: 'taken@example.org', username: 'taken' }
      const [user] = await db().write((tx) => insertUsers(tx, [taken]))
      for (const clash of [{ id: user!.id }, { email: taken.email }, { username: taken.username }]) {
        const other = newId()
        await assert.rejects(
          db().write(async (tx) => {
            await tx.users.insert(aUser({ id: other }))
            await tx.users.insert(aUser(clash))
          }),
        )
        assert.equal(await db().reader.users.find(other), undefined)
      }
    })

    test('things that are absent do not clash', async () => {
      await db().write((tx) => insertUsers(tx, [{}, {}, {}]))
    })

    test('adding what is there already returns false and leaves it as it was', async () => {
      const { user, roles } = await db().write(async (tx) => ({
        user: (await insertUsers(tx, [{}]))[0]!,
        roles: await insertRoles(tx, [{}, {}]),
      }))
      const [one, other] = roles.map(({ id }) => id) as [string, string]
      await db().write(async (tx) => {
        const membership = { userId: user.id, scope: 'room:r', createdAt: epoch } as const
        assert.equal(await tx.memberships.add(membership), true)
        assert.equal(await tx.memberships.add({ ...membership, createdAt: epoch + 1 }), false)
        assert.equal((await tx.memberships.find(user.id, 'room:r'))?.createdAt, epoch)
        assert.equal(await tx.roles.addExclusion(other, one), true)
        assert.equal(await tx.roles.addExclusion(one, other), false)
        assert.equal(await tx.roles.addExclusion(other, one), false)
        const excluded = (await tx.roles.exclusions()).filter((pair) => pair.includes(one))
        assert.deepEqual(excluded, [[one, other].sort()])
        assert.equal(await tx.roles.removeExclusion(one, other), true)
        assert.equal(await tx.roles.removeExclusion(other, one), false)
        assert.equal(await tx.memberships.remove(user.id, 'room:r'), true)
        assert.equal(await tx.memberships.remove(user.id, 'room:r'), false)
        // Fifty of the same at once: exactly one is new.
      })
      const added = await Promise.all(
        Array.from({ length: 50 }, () =>
          db().write((tx) => tx.assignments.add(anAssignment({ userId: user.id, roleId: one }))),
        ),
      )
      assert.equal(added.filter(Boolean).length, 1)
    })

    test('an identity belongs to one user', async () => {
      const users = await db().write((tx) => insertUsers(tx, [{}, {}]))
      const identity = (userId: string, subject: string) => ({
        userId,
        provider: 'google',
        subject,
        connectionName: 'google',
        isSocial: true,
        profile: { name: 'Zoë' },
        createdAt: epoch,
      })
      await db().write((tx) => tx.users.addIdentity(identity(users[0]!.id, 'Sub')))
      await assert.rejects(db().write((tx) => tx.users.addIdentity(identity(users[1]!.id, 'Sub'))))
      await db().write((tx) => tx.users.addIdentity(identity(users[1]!.id, 'sub')))
      assert.equal((await db().reader.users.findByIdentity('google', 'Sub'))?.id, users[0]!.id)
      assert.deepEqual(await db().reader.users.identities([users[1]!.id]), [identity(users[1]!.id, 'sub')])
      assert.equal(await db().write((tx) => tx.users.removeIdentity('google', 'Sub')), true)
      assert.equal(await db().write((tx) => tx.users.removeIdentity('google', 'Sub')), false)
      assert.equal(await db().reader.users.findByIdentity('google', 'Sub'), undefined)
    })

    test('what something else refers to can not be removed', async () => {
      const { userId, roleId } = await db().write(async (tx) => {
        const [user] = await insertUsers(tx, [{}])
        const [role] = await insertRoles(tx, [{}])
        await tx.assignments.add(anAssignment({ userId: user!.id, roleId: role!.id }))
        return { userId: user!.id, roleId: role!.id }
      })
      await assert.rejects(db().write((tx) => tx.users.remove(userId)))
      await assert.rejects(db().write((tx) => tx.roles.remove(roleId)))
      await assert.rejects(db().write((tx) => tx.assignments.add(anAssignment({ userId: 'nobody', roleId }))))
      assert.equal(
        (
          await db().reader.assignments.list({
            limit: 1,
            filter: { field: 'userId', is: 'equal', value: userId },
          })
        ).items.length,
        1,
      )
    })

    test('a number that is given is kept, and none is handed out twice because of it', async () => {
      const [before] = await db().write((tx) => insertUsers(tx, [{}]))
      const given = before!.number + 3
      await db().write((tx) => insertUsers(tx, [{ number: given }]))
      const after = await db().write((tx) => insertUsers(tx, [{}, {}, {}, {}, {}]))
      assert.ok(
        after.every(({ number }) => number > given),
        'new ones are younger',
      )
      // A smaller one that is free is kept too, and does not turn the sequence back.
      const small = before!.number + 1
      await db().write((tx) => insertUsers(tx, [{ number: small }]))
      const [last] = await db().write((tx) => insertUsers(tx, [{}]))
      assert.ok(last!.number > after.at(-1)!.number)
      await assert.rejects(db().write((tx) => insertUsers(tx, [{ number: given }])))
    })

    test('a number is not used again after its row is gone', async () => {
      const [user] = await db().write((tx) => insertUsers(tx, [{}]))
      assert.equal(await db().write((tx) => tx.users.remove(user!.id)), true)
      assert.equal(await db().write((tx) => tx.users.remove(user!.id)), false)
      const [next] = await db().write((tx) => insertUsers(tx, [{}]))
      assert.ok(next!.number > user!.number)
    })

    test('putting a value or a connection of an organization twice keeps the second', async () => {
      await db().write(async (tx) => {
        await tx.settings.put('x', { a: 1 })
        await tx.settings.put('x', { b: 'ö' })
        await tx.settings.put('X', { c: 1 })
      })
      assert.deepEqual(await db().reader.settings.get('x'), { b: 'ö' })
      assert.equal(await db().reader.settings.get('y'), undefined)
    })

    test('a thing is found by the fields that are given, the oldest first, and by absence never', async () => {
      const digest = newId()
      const [one, other] = await db().write(async (tx) => [
        await tx.applications.insert(anApplication({ name: 'same', apiKeyDigest: digest })),
        await tx.applications.insert(anApplication({ name: 'same' })),
      ])
      const { applications } = db().reader
      assert.deepEqual(await applications.findBy({ name: 'same' }), one)
      assert.deepEqual(await applications.findBy({ name: 'same', id: other!.id }), other)
      assert.deepEqual(await applications.findBy({ apiKeyDigest: digest, isActive: true }), one)
      assert.equal(await applications.findBy({ apiKeyDigest: digest, isActive: false }), undefined)
      assert.equal(await applications.findBy({ apiKeyDigest: undefined }), undefined)
      await assert.rejects(applications.findBy({}))
    })

    test('a permission goes with everything it was given to', async () => {
      const api = anApi()
      const role = aRole()
      const user = aUser()
      const key = { apiId: api.id, name: 'read:things' }
      const kept = { apiId: api.id, name: 'write:things' }
      await db().write(async (tx) => {
        await tx.apis.insert(api)
        await tx.roles.insert(role)
        await tx.users.insert(user)
        for (const each of [key, kept]) {
          await tx.permissions.add({ ...each, description: 'd' })
          await tx.permissions.addToRole(role.id, each)
          await tx.permissions.addToUser(user.id, each)
        }
        await tx.permissions.describe(kept, 'changed')
        const had = await tx.permissions.remove(key)
        assert.deepEqual(had, { roleIds: [role.id], userIds: [user.id] })
      })
      const { permissions } = db().reader
      assert.equal(await permissions.find(key), undefined)
      assert.equal((await permissions.find(kept))?.description, 'changed')
      assert.deepEqual(
        (await permissions.ofRole(role.id)).map(({ name }) => name),
        [kept.name],
      )
      assert.equal(await permissions.countOfRole(role.id), 1)
      assert.deepEqual(
        (await permissions.ofUser(user.id)).map(({ name }) => name),
        [kept.name],
      )
      assert.deepEqual(await permissions.rolesWith(key), [])
      assert.deepEqual(await permissions.rolesWith(kept), [role.id])
    })
  })
