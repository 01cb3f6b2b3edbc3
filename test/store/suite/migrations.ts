import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Reader } from '#core/store.ts'
import { migrate, openEngine } from '#store/open.ts'
import { openAt, type TestDatabase } from '../database.ts'
import { anAssignment, aUser, epoch, insertRoles, insertUsers } from '../things.ts'

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

    test('of a later release may add columns while this one runs', async (t) => {
      const { location, remove } = await database.create()
      t.after(remove)
      const store = await openAt(location)
      const [user] = await store.write((tx) => insertUsers(tx, [{ username: 'u', email: 'u@x.org' }]))
      const [role] = await store.write((tx) => insertRoles(tx, [{}]))
      const key = { userId: user!.id, roleId: role!.id, scope: 'workspace' } as const
      await store.write((tx) => tx.assignments.add(anAssignment(key)))
      const read = async (reader: Reader) => [
        await reader.users.find(user!.id),
        await reader.users.findByEmail('u@x.org'),
        await reader.users.findByUsername('u'),
        await reader.users.findByIdentity('x', 'y'),
        await reader.users.list({ limit: 3 }),
        await reader.roles.findBy({ id: role!.id }),
        await reader.assignments.find(key),
        await reader.assignments.rolesIn(user!.id, 'workspace', epoch),
      ]
      const readAndWrite = async () => [
        await read(store.reader),
        await store.write(async (tx) => {
          await tx.users.update(user!.id, { name: 'same' })
          return read({ ...tx, now: () => epoch })
        }),
      ]
      await readAndWrite()
      const before = await readAndWrite()
      // By another process, whose release is the later one.
      const later = await openEngine(location)
      for (const table of ['users', 'roles', 'assignments', 'identities']) {
        await later.writer.schema.alterTable(table).addColumn('from_later', 'text').execute()
      }
      await later.close()
      assert.deepEqual(await readAndWrite(), before)
      await store.close()
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
