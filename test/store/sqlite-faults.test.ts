import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises'
import { CompiledQuery, sql } from 'kysely'
import { openStore } from '#store/open.ts'
import { openAt, sqlite } from './database.ts'
import { aUser, insertUsers } from './things.ts'

const outcomes = (settled: readonly PromiseSettledResult<unknown>[]) => settled.map(({ status }) => status)

describe('a store on SQLite when something fails', () => {
  const opened = async (t: { after(done: () => Promise<void>): void }) => {
    const { location, remove } = await sqlite.create()
    const store = await openAt(location)
    t.after(async () => {
      await store.close()
      await remove()
    })
    return store
  }

  test('a flush that fails stops all writing; nothing that was committed is rolled back', async (t) => {
    const { engine, location } = await opened(t)
    let isBroken = false
    const flush = () => (isBroken ? Promise.reject(new Error('EIO')) : engine.flush())
    const store = openStore({ ...engine, flush }, () => 0)
    await store.write((tx) => tx.users.insert(aUser({ id: 'before' })))
    await store.checkHealth()
    isBroken = true
    const settled = await Promise.allSettled([
      store.write((tx) => tx.users.insert(aUser({ id: 'lost' }))),
      store.write(() => Promise.reject(new Error('mine'))),
    ])
    assert.deepEqual(outcomes(settled), ['rejected', 'rejected'])
    isBroken = false
    await assert.rejects(
      store.write((tx) => tx.users.insert(aUser({ id: 'later' }))),
      /could not be made durable/,
    )
    await assert.rejects(store.checkHealth(), /could not be made durable/)
    // Others may have read it already, so it stays; after a restart all is well.
    const again = await openAt(location)
    assert.equal(
      (await again.reader.users.list({ limit: 5 })).items.map(({ id }) => id).join(),
      'before,lost',
    )
    await again.checkHealth()
    await again.write((tx) => tx.users.insert(aUser()))
    await again.close()
  })

  test('a commit that fails undoes its group, and the next one works', async (t) => {
    const store = await opened(t)
    const settled = await Promise.allSettled([
      store.write((tx) => tx.users.insert(aUser())),
      store.write(async (tx) => {
        // Looked at when the transaction commits, and only for this one.
        await sql`pragma defer_foreign_keys = on`.execute(store.engine.writer)
        await tx.memberships.add({ userId: 'nobody', scope: 'room:1', createdAt: 0 })
      }),
    ])
    assert.deepEqual(outcomes(settled), ['rejected', 'rejected'])
    assert.equal(await store.reader.users.count(), 0)
    await store.write((tx) => tx.users.insert(aUser()))
    await store.checkHealth()
    assert.equal(await store.reader.users.count(), 1)
  })

  test('a full disk refuses what does not fit, and nothing else once there is room', async (t) => {
    const store = await opened(t)
    const [row] = (await sql<{ page_count: number }>`pragma page_count`.execute(store.engine.writer)).rows
    const limitPages = (pages: number) =>
      store.engine.writer.executeQuery(CompiledQuery.raw(`pragma max_page_count = ${pages}`))
    await limitPages(row!.page_count + 4)
    const big = { picture: 'x'.repeat(1_000_000) }
    await assert.rejects(
      store.write((tx) => insertUsers(tx, [{}, big])),
      /full/,
    )
    assert.equal(await store.reader.users.count(), 0)
    const settled = await Promise.allSettled([
      store.write((tx) => insertUsers(tx, [{ id: 'one' }])),
      store.write((tx) => insertUsers(tx, [big])),
      store.write((tx) => insertUsers(tx, [{ id: 'other' }])),
    ])
    // Whether the full disk takes its neighbours with it or not, what was told is true.
    const told = ['one', undefined, 'other'].filter((_, at) => settled[at]!.status === 'fulfilled')
    assert.deepEqual(
      (await store.reader.users.list({ limit: 9 })).items.map(({ id }) => id),
      told,
    )
    await limitPages(1_000_000)
    await store.write((tx) => insertUsers(tx, [big]))
    await store.checkHealth()
  })

  test('while another process writes, ours waits without stopping the event loop', async (t) => {
    const store = await opened(t)
    const other = await openAt(store.location)
    await other.engine.begin()
    const writing = store.write((tx) => tx.users.insert(aUser({ id: 'patient' })))
    const start = performance.now()
    let longest = 0
    for (let last = start; last - start < 200; ) {
      await turn()
      await store.reader.users.count()
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }
    assert.ok(longest < 150, `the loop stood still for ${longest} ms`)
    assert.equal(await Promise.race([writing, wait(0, 'waiting')]), 'waiting')
    await other.engine.abandon()
    await writing
    await other.close()
    assert.equal(await store.reader.users.count(), 1)
  })
})
