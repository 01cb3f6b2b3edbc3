import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { freshDatabase, onDatabase } from '#test/postgres.ts'
import { openAt } from './database.ts'
import { aUser, insertUsers } from './things.ts'

describe('a store on PostgreSQL when its connections are lost', () => {
  let store: Awaited<ReturnType<typeof openAt>>

  before(async () => {
    store = await openAt(await freshDatabase())
  })
  after(() => store.close())

  const ids = async () => (await store.reader.users.list({ limit: 50 })).items.map(({ id }) => id)
  const end = (which: string) =>
    onDatabase(
      store.location,
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() ${which}`,
    )

  test('in the middle of a group, all of it is refused and nothing of it kept; the next write works', async () => {
    const settled = await Promise.allSettled([
      store.write((tx) => insertUsers(tx, [{ id: 'first' }])),
      store.write(async (tx) => {
        await insertUsers(tx, [{ id: 'second' }])
        await end(`and state like 'idle in transaction%'`)
        await insertUsers(tx, [{ id: 'third' }])
      }),
      store.write((tx) => insertUsers(tx, [{ id: 'fourth' }])),
    ])
    assert.deepEqual(
      settled.map(({ status }) => status),
      ['rejected', 'rejected', 'rejected'],
    )
    assert.deepEqual(await ids(), [])
    await store.write((tx) => insertUsers(tx, [{ id: 'fifth' }]))
    assert.deepEqual(await ids(), ['fifth'])
    await store.checkHealth()
  })

  test('even if the work goes on as if nothing had happened', async () => {
    const before = await ids()
    const settled = await Promise.allSettled([
      store.write(async (tx) => {
        await insertUsers(tx, [{ id: 'sixth' }])
        await end(`and state like 'idle in transaction%'`)
        for (let attempt = 0; attempt < 20; attempt += 1) await insertUsers(tx, [{}]).catch(() => {})
      }),
    ])
    assert.equal(settled[0]?.status, 'rejected')
    assert.deepEqual(await ids(), before)
    await store.write((tx) => insertUsers(tx, [{}]))
    assert.equal((await ids()).length, before.length + 1)
  })

  test('while nothing is done, the second try of everything works at the latest', async () => {
    await Promise.all([ids(), ids(), ids(), store.write((tx) => insertUsers(tx, [{}]))])
    const before = await ids()
    await end('')
    const first = await Promise.allSettled([
      store.write((tx) => insertUsers(tx, [{}])),
      ...Array.from({ length: 10 }, ids),
    ])
    await store.write((tx) => insertUsers(tx, [{}]))
    const written = first[0]?.status === 'fulfilled' ? 2 : 1
    assert.equal((await ids()).length, before.length + written)
    await store.checkHealth()
  })

  test('a loss that was noticed between two writes costs none of them', async () => {
    await end('')
    await wait(300)
    await store.write((tx) => insertUsers(tx, [{}]))
    await ids()
  })

  test('a statement that fails inside does not let the rest of its work slip through', async () => {
    const before = await ids()
    await store.write((tx) => insertUsers(tx, [{ id: 'taken' }]))
    await assert.rejects(
      store.write(async (tx) => {
        await insertUsers(tx, [{ id: 'unseen' }])
        await tx.users.insert(aUser({ id: 'taken' })).catch(() => {})
        await insertUsers(tx, [{ id: 'unseen too' }])
      }),
    )
    assert.deepEqual(await ids(), [...before, 'taken'])
  })

  test('a server that is not there is an error, not a wait', async () => {
    await assert.rejects(openAt('postgres://nobody:x@127.0.0.1:1/none'))
  })

  test('whatever the server takes as its default isolation, two writers see each other', async () => {
    const url = await freshDatabase()
    const name = new URL(url).pathname.slice(1)
    await onDatabase(url, `alter database ${name} set default_transaction_isolation = 'repeatable read'`)
    const stores = await Promise.all([openAt(url), openAt(url)])
    const [user] = await stores[0]!.write((tx) => insertUsers(tx, [{}]))
    await Promise.all(
      Array.from({ length: 40 }, (_, at) =>
        stores[at % 2]!.write(async (tx) => {
          const { loginsCount } = (await tx.users.find(user!.id))!
          await tx.users.update(user!.id, { loginsCount: loginsCount + 1 })
        }),
      ),
    )
    assert.equal((await stores[1]!.reader.users.find(user!.id))?.loginsCount, 40)
    await Promise.all(stores.map((each) => each.close()))
  })

  test('a database that reads only by default can be written all the same', async () => {
    const url = await freshDatabase()
    await onDatabase(
      url,
      `alter database ${new URL(url).pathname.slice(1)} set default_transaction_read_only = on`,
    )
    const other = await openAt(url)
    await other.write((tx) => insertUsers(tx, [{}]))
    assert.equal(await other.reader.users.count(), 1)
    await other.close()
  })
})
