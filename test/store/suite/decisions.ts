import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { Scope } from '#core/scope.ts'
import { createDecisions } from '#store/decisions.ts'
import { type TestDatabase, useStore } from '../database.ts'
import { anApi, anAssignment, anEvent, epoch, insertRoles, insertUsers, newId, readAll } from '../things.ts'

export const decisions = (database: TestDatabase) =>
  describe('decisions', () => {
    const db = useStore(database)
    const key = { apiId: newId(), name: 'ship' }
    const room: Scope = 'room:den'
    let ids: Record<'direct' | 'carrier' | 'includer' | 'roomer' | 'expired' | 'blocked' | 'idle', string>

    before(async () => {
      await db().write(async (tx) => {
        await tx.apis.insert(anApi({ id: key.apiId }))
        await tx.permissions.add({ ...key, description: '' })
        await tx.permissions.add({ ...key, name: 'pack', description: '' })
        const users = await insertUsers(tx, [{}, {}, {}, {}, {}, { isBlocked: true }, {}])
        const [direct, carrier, includer, roomer, expired, blocked, idle] = users.map(({ id }) => id)
        ids = { direct, carrier, includer, roomer, expired, blocked, idle } as typeof ids
        const [clerk, manager, off] = await insertRoles(tx, [{}, {}, { isActive: false }])
        await tx.permissions.addToRole(clerk!.id, key)
        for (const role of [manager!, off!]) {
          await tx.roles.addInclusion({ roleId: role.id, includedRoleId: clerk!.id })
        }
        await tx.permissions.addToUser(ids.direct, key)
        const give = (userId: string, roleId: string, more: object = {}) =>
          tx.assignments.add(anAssignment({ userId, roleId, ...more }))
        await give(ids.carrier, clerk!.id)
        await give(ids.carrier, manager!.id)
        await give(ids.includer, manager!.id)
        await give(ids.roomer, clerk!.id, { scope: room })
        await give(ids.expired, clerk!.id, { expiresAt: epoch + 10 })
        await give(ids.blocked, clerk!.id)
        await give(ids.idle, off!.id)
      })
    })

    const everyone = (scopes: Scope[], at: number, manyGrants?: number) => {
      const reads = createDecisions(db().engine.readers, { manyGrants })
      return readAll(
        ({ limit, after }) => reads.subjects(key, scopes, at, { limit, ...(after && { after }) }),
        {
          limit: 2,
        },
      )
    }

    test('who may is the same for one user, for a search that gathers grants and for one that walks users', async () => {
      for (const scopes of [['workspace'], ['workspace', room], [room]] as Scope[][]) {
        for (const at of [epoch + 9, epoch + 10]) {
          const allowed: string[] = []
          for (const userId of Object.values(ids)) {
            if (await db().reader.decisions.allows(userId, key, scopes, at)) allowed.push(userId)
          }
          for (const manyGrants of [0, undefined]) {
            const found = (await everyone(scopes, at, manyGrants)).map(({ id }) => id)
            assert.deepEqual(found, allowed, `${scopes} at ${at}`)
          }
        }
      }
      const { direct, carrier, includer, roomer, expired } = ids
      const found = (await everyone(['workspace', room], epoch)).map(({ id }) => id)
      assert.deepEqual(found, [direct, carrier, includer, roomer, expired])
    })

    test('a search counts each user once', async () => {
      for (const manyGrants of [0, undefined]) {
        const reads = createDecisions(db().engine.readers, { manyGrants })
        const page = await reads.subjects(key, ['workspace'], epoch, { limit: 1, offset: 1, total: true })
        assert.deepEqual([page.items.map(({ id }) => id), page.total], [[ids.carrier], 4])
      }
    })

    test('the scopes that let a user do it are named once, those of others and of blocked users are not', async () => {
      const { scopes } = db().reader.decisions
      assert.deepEqual(await scopes(ids.direct, key, epoch), ['workspace'])
      assert.deepEqual(await scopes(ids.carrier, key, epoch), ['workspace'])
      assert.deepEqual(await scopes(ids.roomer, key, epoch), [room])
      for (const userId of [ids.blocked, ids.idle, 'nobody']) {
        assert.deepEqual(await scopes(userId, key, epoch), [])
      }
      assert.deepEqual(await scopes(ids.expired, key, epoch + 10), [])
      assert.deepEqual(await scopes(ids.direct, { ...key, name: 'pack' }, epoch), [])
    })

    test('members are counted per place, and places are found by member', async () => {
      const { user, others } = await db().write(async (tx) => {
        const [user, ...others] = await insertUsers(tx, [{}, {}])
        const thing = { topic: '', description: '', isDefault: false, isArchived: false, extensions: {} }
        const times = { createdAt: epoch, updatedAt: epoch }
        for (const id of ['one', 'two']) {
          await tx.rooms.insert({ id, name: id, kind: 'group', ...thing, ...times })
          await tx.memberships.add({ userId: others[0]!.id, scope: `room:${id}`, createdAt: epoch })
        }
        await tx.memberships.add({ userId: user!.id, scope: 'room:two', createdAt: epoch })
        return { user: user!, others }
      })
      const counts = await db().reader.memberships.counts(['room:one', 'room:two', 'room:three'])
      assert.deepEqual(Object.fromEntries(counts), { 'room:one': 1, 'room:two': 2 })
      const roomsOf = async (userId: string) => {
        const filter = { field: 'members.userId', is: 'equal', value: userId } as const
        return (await db().reader.rooms.list({ filter, limit: 9 })).items.map(({ id }) => id)
      }
      assert.deepEqual(await roomsOf(user.id), ['two'])
      assert.deepEqual(await roomsOf(others[0]!.id), ['one', 'two'])
    })

    test('events are counted per day and type', async () => {
      const day = 86_400_000
      const first = 20_000 * day
      await db().write(async (tx) => {
        for (const at of [first - 1, first, first + day - 1, first + day, first + 2 * day]) {
          await tx.appendEvent(anEvent({ type: 'user.signed-in', at }))
        }
        await tx.appendEvent(anEvent({ type: 'user.created', at: first }))
        await tx.appendEvent(anEvent({ type: 'user.blocked', at: first }))
      })
      const types = ['user.created', 'user.signed-in'] as const
      const counts = await db().reader.events.countPerDay(types, first, first + 2 * day)
      assert.deepEqual(
        counts.map((count) => [count.day, count.type, count.total]),
        [
          [20_000, 'user.created', 1],
          [20_000, 'user.signed-in', 2],
          [20_001, 'user.signed-in', 1],
        ],
      )
    })
  })
