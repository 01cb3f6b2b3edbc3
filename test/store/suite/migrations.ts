import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { migrate, openEngine } from '#store/open.ts'
import { openAt, type TestDatabase } from '../database.ts'
import { aUser } from '../things.ts'

export const migrations = (database: TestDatabase) =>
  describe('migrations', () => {
    test('bring an empty database up to date, and do nothing when it is', async (t) => {
      const { location, remove } = await database.create({ migrated: false })
      t.after(remove)
      const engine = await openEngine(location)
      const steps = await migrate(engine)
      assert.ok(steps.length > 0)
      assert.deepEqual(await migrate(engine), [])
      await engine.close()
      const store = await openAt(location)
      await store.write((tx) => tx.users.insert(aUser({ id: 'u' })))
      assert.deepEqual(await migrate(store.engine), [])
      assert.equal((await store.reader.users.find('u'))?.id, 'u')
      await store.close()
    })

    test('that run at once take each step once', async (t) => {
      const { location, remove } = await database.create({ migrated: false })
      t.after(remove)
      const engines = await Promise.all(Array.from({ length: 4 }, () => openEngine(location)))
      const taken = await Promise.all(engines.map(migrate))
      assert.equal(taken.filter((steps) => steps.length > 0).length, 1)
      assert.equal(new Set(taken.flat()).size, taken.flat().length)
      await Promise.all(engines.map((engine) => engine.close()))
    })

    test('that fail leave nothing behind', async (t) => {
      const { location, remove } = await database.create({ migrated: false })
      t.after(remove)
      const engine = await openEngine(location)
      // The name of a table that a later statement of the same step makes.
      await engine.writer.schema.createTable('deliveries').addColumn('x', 'text').execute()
      await assert.rejects(migrate(engine))
      await assert.rejects(
        engine.readers.selectFrom('users').selectAll().execute(),
        'no table of the step is there',
      )
      await engine.writer.schema.dropTable('deliveries').execute()
      assert.ok((await migrate(engine)).length > 0)
      await engine.close()
    })

    test('of a later release do not stop this one', async (t) => {
      const { location, remove } = await database.create()
      t.after(remove)
      const engine = await openEngine(location)
      await engine.writer.insertInto('migrations').values({ name: '9999-later' }).execute()
      assert.deepEqual(await migrate(engine), [])
      await engine.close()
    })
  })
