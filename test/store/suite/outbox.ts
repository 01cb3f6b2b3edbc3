import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openAt, type TestDatabase, useStore } from '../database.ts'
import { anEvent, epoch } from '../things.ts'

export const outbox = (database: TestDatabase) =>
  describe('outbox', () => {
    const db = useStore(database)
    const emit = (count: number) =>
      db().write(async (tx) => {
        for (let at = 0; at < count; at += 1) await tx.appendEvent(anEvent())
      })

    test('events are pending for each consumer until it acknowledges them, after a restart too', async () => {
      await emit(5)
      const first = await db().outbox.pending('one', 3)
      assert.equal(first.length, 3)
      assert.deepEqual(await db().outbox.pending('one', 3), first, 'the same again')
      await db().outbox.acknowledge('one', first[1]!.number)
      const restarted = await openAt(db().location)
      const again = await restarted.outbox.pending('one', 10)
      assert.deepEqual(
        again.map(({ number }) => number),
        [3, 4, 5].map((at) => first[0]!.number + at - 1),
      )
      assert.equal((await restarted.outbox.pending('another', 10)).length, 5)
      await restarted.close()
      await db().outbox.acknowledge('one', again.at(-1)!.number)
      assert.deepEqual(await db().outbox.pending('one', 10), [])
      await emit(1)
      assert.equal((await db().outbox.pending('one', 10)).length, 1)
    })

    test('an acknowledgement that comes late does not bring back what was acknowledged', async () => {
      await emit(3)
      const events = await db().outbox.pending('late', 100)
      await db().outbox.acknowledge('late', events.at(-1)!.number)
      await db().outbox.acknowledge('late', events[0]!.number)
      assert.deepEqual(await db().outbox.pending('late', 100), [])
    })

    test('a consumer that subscribes starts behind what has happened, and keeps its place when it does so again', async () => {
      await emit(2)
      await db().outbox.subscribe('new')
      assert.deepEqual(await db().outbox.pending('new', 10), [])
      await emit(2)
      await db().outbox.subscribe('new')
      assert.equal((await db().outbox.pending('new', 10)).length, 2)
    })

    test('an event of a write that failed is never pending', async () => {
      await db().outbox.subscribe('careful')
      await assert.rejects(
        db().write(async (tx) => {
          await tx.appendEvent(anEvent())
          throw new Error('no')
        }),
      )
      assert.deepEqual(await db().outbox.pending('careful', 10), [])
      await emit(1)
      assert.equal((await db().outbox.pending('careful', 10)).length, 1)
    })

    test('an event comes back whole', async () => {
      const full = anEvent({
        type: 'role.assigned',
        at: epoch + 1,
        door: 'rocketchat',
        actor: { kind: 'user', id: 'u' },
        userId: 'x',
        roleId: 'r',
        scope: 'room:1',
        target: { kind: 'room', id: '1' },
        data: { reason: 'ö', nested: { a: [1] } },
      })
      const bare = anEvent()
      await db().write(async (tx) => {
        await tx.appendEvent(full)
        await tx.appendEvent(bare)
      })
      for (const event of [full, bare]) {
        const { number, ...found } = (await db().reader.events.find(event.id))!
        assert.deepEqual(found, event)
        const filter = { field: 'number', is: 'equal', value: number } as const
        assert.deepEqual((await db().reader.events.list({ filter, limit: 2 })).items, [{ number, ...event }])
      }
      assert.equal(await db().reader.events.find('none'), undefined)
      await assert.rejects(
        db().write((tx) => tx.appendEvent(bare)),
        'an id is used once',
      )
    })
  })
