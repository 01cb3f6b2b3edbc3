import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises'
import { openAt, type TestDatabase, useStore } from '../database.ts'
import {
  anApi,
  anApplication,
  anAssignment,
  anEvent,
  aUser,
  epoch,
  insertRoles,
  insertUsers,
  newId,
} from '../things.ts'

export const groupCommit = (database: TestDatabase) =>
  describe('writes that share a commit', () => {
    const db = useStore(database)
    const names = async () => (await db().reader.users.list({ limit: 10_000 })).items.map(({ name }) => name)

    test('a failing one takes nothing of its neighbours with it, and leaves nothing of itself', async () => {
      const failing = new Set([0, 3, 4, 9, 17, 49])
      const outcomes = await Promise.allSettled(
        Array.from({ length: 50 }, (_, at) =>
          db().write(async (tx) => {
            const [user] = await insertUsers(tx, [{ name: `member ${at}` }])
            await tx.appendEvent(anEvent({ type: 'user.created', userId: user!.id }))
            if (at % 7 === 0) await turn()
            if (failing.has(at)) throw new Error(`no ${at}`)
            await tx.users.update(user!.id, { loginsCount: at })
            return at
          }),
        ),
      )
      const expected = [...outcomes.keys()].filter((at) => !failing.has(at))
      assert.deepEqual(
        await names(),
        expected.map((at) => `member ${at}`),
        'in the order they came',
      )
      assert.equal(await db().reader.events.count(), expected.length)
      for (const [at, outcome] of outcomes.entries()) {
        if (failing.has(at)) {
          assert.equal(outcome.status === 'rejected' && outcome.reason.message, `no ${at}`)
        } else assert.deepEqual(outcome, { status: 'fulfilled', value: at })
      }
    })

    test('one that fails in the database itself does not harm its neighbours either', async () => {
      const clash = aUser()
      const outcomes = await Promise.allSettled([
        db().write((tx) => tx.users.insert(clash)),
        db().write(async (tx) => {
          await insertUsers(tx, [{ name: 'lost' }])
          return tx.users.insert(aUser({ id: clash.id }))
        }),
        db().write((tx) => insertUsers(tx, [{ name: 'kept' }])),
        db().write((tx) => tx.assignments.add(anAssignment({ userId: 'nobody', roleId: 'none' }))),
        db().write((tx) => insertUsers(tx, [{ name: 'kept too' }])),
      ])
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled'],
      )
      assert.deepEqual((await names()).slice(-2), ['kept', 'kept too'])
      assert.ok(!(await names()).includes('lost'))
    })

    test('each sees what those before it did, and readers see nothing until it is told', async () => {
      const { id } = (await db().write((tx) => insertUsers(tx, [{}])))[0]!
      const seen: number[] = []
      await Promise.all(
        Array.from({ length: 300 }, () =>
          db().write(async (tx) => {
            const user = (await tx.users.find(id))!
            seen.push(user.loginsCount)
            await tx.users.update(id, { loginsCount: user.loginsCount + 1 })
          }),
        ),
      )
      assert.deepEqual(seen, [...seen.keys()])
      assert.equal((await db().reader.users.find(id))?.loginsCount, 300)
    })

    test('readers do not wait for an open transaction, and do not see into it', async () => {
      const { id } = (await db().write((tx) => insertUsers(tx, [{ name: 'before' }])))[0]!
      const { promise: held, resolve: letGo } = Promise.withResolvers<void>()
      const { promise: isOpen, resolve: open } = Promise.withResolvers<void>()
      const writing = db().write(async (tx) => {
        await tx.users.update(id, { name: 'after' })
        open()
        await held
      })
      await isOpen
      const reads = Array.from({ length: 20 }, () => db().reader.users.find(id))
      const read = await Promise.race([Promise.all(reads), wait(5_000, 'waited')])
      assert.ok(Array.isArray(read), 'the readers waited')
      assert.ok(read.every((user) => user?.name === 'before'))
      letGo()
      await writing
      assert.equal((await db().reader.users.find(id))?.name, 'after')
    })

    test('readers can not write', async () => {
      const before = await db().reader.users.count()
      const reader = db().reader.users as unknown as { insert(user: object): Promise<unknown> }
      await assert.rejects(reader.insert(aUser()))
      assert.equal(await db().reader.users.count(), before)
    })

    test('what was told is there for who opens the database anew', async () => {
      const ids = Array.from({ length: 40 }, newId)
      await Promise.all(ids.map((id) => db().write((tx) => tx.users.insert(aUser({ id })))))
      const other = await openAt(db().location)
      assert.equal((await other.reader.users.findMany(ids)).length, ids.length)
      await other.close()
    })

    test('two processes write in turns: no change is lost, and events are numbered as they commit', async () => {
      const other = await openAt(db().location)
      const { userId, roleIds } = await db().write(async (tx) => ({
        userId: (await insertUsers(tx, [{}]))[0]!.id,
        roleIds: (
          await insertRoles(
            tx,
            Array.from({ length: 20 }, () => ({})),
          )
        ).map(({ id }) => id),
      }))
      const consumer = newId()
      await db().outbox.subscribe(consumer)
      const delivered: number[] = []
      let isOver = false
      const reading = (async () => {
        for (let rounds = 0; rounds < 10_000; rounds += 1) {
          await turn()
          const last = isOver
          const events = await other.outbox.pending(consumer, 7)
          delivered.push(...events.map(({ number }) => number))
          if (events.length > 0) await other.outbox.acknowledge(consumer, events.at(-1)!.number)
          else if (last) return
        }
      })()
      await Promise.all(
        roleIds.flatMap((roleId) =>
          [db(), other].map(({ write }) =>
            write(async (tx) => {
              const user = (await tx.users.find(userId))!
              await tx.users.update(userId, { rolesVersion: user.rolesVersion + 1 })
              await tx.appendEvent(anEvent({ type: 'role.assigned', userId, roleId }))
            }),
          ),
        ),
      )
      isOver = true
      await reading
      assert.equal((await db().reader.users.find(userId))?.rolesVersion, roleIds.length * 2)
      const { items } = await db().reader.events.list({
        filter: { field: 'userId', is: 'equal', value: userId },
        limit: 100,
      })
      assert.deepEqual(
        delivered,
        items.map(({ number }) => number),
      )
      await other.close()
    })

    test('the very next read sees what was acknowledged, by whichever process, however often it was read before', async () => {
      const other = await openAt(db().location)
      const application = anApplication()
      const api = anApi()
      const { userId, roleId } = await db().write(async (tx) => {
        const [user] = await insertUsers(tx, [{}])
        const [role] = await insertRoles(tx, [{}])
        await tx.assignments.add(anAssignment({ userId: user!.id, roleId: role!.id }))
        await tx.applications.insert(application)
        await tx.apis.insert(api)
        await tx.clientGrants.insert({
          id: newId(),
          applicationId: application.id,
          apiId: api.id,
          permissions: [],
          allowsAll: false,
          subjectType: 'client',
          createdAt: epoch,
          updatedAt: epoch,
          extensions: {},
        })
        return { userId: user!.id, roleId: role!.id }
      })
      const read = async () => {
        const [role] = await db().reader.assignments.rolesIn(userId, 'workspace', epoch)
        const grant = await db().reader.clientGrants.findBy({ applicationId: application.id, apiId: api.id })
        const found = await db().reader.applications.find(application.id)
        return [role?.description, grant?.permissions[0], found?.name, grant?.id]
      }
      const grantId = (await read())[3]!
      let isOver = false
      const reading = (async () => {
        for (let rounds = 0; !isOver && rounds < 100_000; rounds += 1) {
          await read()
          if (rounds % 3 === 0) await turn()
        }
      })()
      for (let round = 0; round < 60; round += 1) {
        const value = `round ${round}`
        await (round % 2 ? other : db()).write(async (tx) => {
          await tx.roles.update(roleId, { description: value })
          await tx.clientGrants.update(grantId, { permissions: [value] })
          await tx.applications.update(application.id, { name: value })
        })
        assert.deepEqual(await read(), [value, value, value, grantId])
      }
      isOver = true
      await reading
      await other.close()
    })

    test('closing waits for what was begun, and refuses what comes later', async () => {
      const other = await openAt(db().location)
      const ids = Array.from({ length: 20 }, newId)
      const writing = ids.map((id) => other.write((tx) => tx.users.insert(aUser({ id }))))
      await other.close()
      await Promise.all(writing)
      assert.equal((await db().reader.users.findMany(ids)).length, ids.length)
      await assert.rejects(other.write((tx) => tx.users.insert(aUser())))
      await other.close()
    })

    test('a write that throws something odd, or at once, is told so', async () => {
      const thrown = await db()
        .write(() => Promise.reject(undefined))
        .then(
          () => 'fulfilled',
          (error) => ({ error }),
        )
      assert.deepEqual(thrown, { error: undefined })
      const sync = () => {
        throw new Error('at once')
      }
      await assert.rejects(db().write(sync), /at once/)
      await db().write(async () => {})
    })
  })
