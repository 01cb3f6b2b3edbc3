import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openAt, type TestDatabase, useStore } from '../database.ts'
import { newId } from '../things.ts'

export const protocolRecords = (database: TestDatabase) =>
  describe('protocol records', () => {
    const db = useStore(database)
    const records = () => db().protocolRecords
    const put = async (given: Partial<Parameters<ReturnType<typeof records>['put']>[0]> = {}) => {
      const record = { model: 'AuthorizationCode', id: newId(), payload: { a: 'ö' }, ...given }
      await records().put(record)
      return record
    }

    test('a record is found by its id, its uid and its user code, within its model', async () => {
      const record = await put({
        uid: newId(),
        userCode: newId(),
        grantId: newId(),
        expiresAt: db().clock.now + 1,
      })
      const { model, id, uid, userCode } = record
      assert.deepEqual(await records().find(model, id), record)
      assert.deepEqual(await records().findByUid(model, uid!), record)
      assert.deepEqual(await records().findByUserCode(model, userCode!), record)
      assert.equal(await records().find('Session', id), undefined)
      assert.equal(await records().findByUid('Session', uid!), undefined)
      assert.equal(await records().find(model, 'none'), undefined)
      assert.equal(await records().find(model, 'no\0ne'), undefined)
      const bare = await put()
      assert.deepEqual(await records().find(bare.model, bare.id), bare)
    })

    test('of fifty who consume it at once, one does', async () => {
      const { model, id } = await put({ expiresAt: db().clock.now + 1_000 })
      const other = await openAt(db().location)
      const consumed = await Promise.all(
        Array.from({ length: 50 }, (_, at) =>
          (at % 2 ? records() : other.protocolRecords).consume(model, id),
        ),
      )
      assert.equal(consumed.filter(Boolean).length, 1)
      assert.equal((await records().find(model, id))?.consumedAt, db().clock.now)
      await other.close()
    })

    test('what is expired or absent can not be consumed', async () => {
      const { model, id } = await put({ expiresAt: db().clock.now + 10 })
      assert.equal(await records().consume(model, 'none'), false)
      db().clock.now += 10
      assert.equal(await records().consume(model, id), false)
    })

    test('storing a record again changes it, but never makes it unconsumed', async () => {
      const record = await put({ uid: newId() })
      await records().consume(record.model, record.id)
      const consumedAt = db().clock.now
      await records().put({ ...record, uid: undefined, payload: { b: 1 } } as typeof record)
      assert.deepEqual(await records().find(record.model, record.id), {
        model: record.model,
        id: record.id,
        payload: { b: 1 },
        consumedAt,
      })
      assert.equal(await records().consume(record.model, record.id), false)
    })

    test('a sweep takes a bounded number of those that expired, none of the others, and says when it is done', async () => {
      const expiresAt = db().clock.now + 10
      const kept = await put({ expiresAt: expiresAt + 1 })
      await Promise.all(Array.from({ length: 501 }, () => put({ expiresAt })))
      db().clock.now += 10
      assert.equal(await records().sweep(), true)
      assert.equal(await records().sweep(), false)
      assert.equal(await records().sweep(), false)
      assert.deepEqual(await records().find(kept.model, kept.id), kept)
    })

    test('a record is there until just before it expires, swept or not', async () => {
      const { model, id, uid } = await put({ uid: newId(), expiresAt: db().clock.now + 10 })
      db().clock.now += 9
      assert.equal((await records().find(model, id))?.id, id)
      db().clock.now += 1
      assert.equal(await records().find(model, id), undefined)
      assert.equal(await records().findByUid(model, uid!), undefined)
      // A newer record of the same uid is not hidden by it.
      const next = await put({ uid: uid! })
      assert.equal((await records().findByUid(model, uid!))?.id, next.id)
    })

    test('sweeping frees the expired and nothing else', async () => {
      const gone = await put({ expiresAt: db().clock.now })
      const kept = [await put({ expiresAt: db().clock.now + 1 }), await put()]
      await records().sweep()
      const left = await db().engine.readers.selectFrom('protocol_records').select('id').execute()
      const ids = left.map(({ id }) => id)
      assert.ok(!ids.includes(gone.id))
      for (const { id } of kept) assert.ok(ids.includes(id))
    })

    test('records go one by one, or with their grant', async () => {
      const grantId = newId()
      const [one, other, alone] = [
        await put({ grantId }),
        await put({ grantId, model: 'RefreshToken' }),
        await put(),
      ]
      await records().removeByGrant(grantId)
      assert.equal(await records().find(one.model, one.id), undefined)
      assert.equal(await records().find(other.model, other.id), undefined)
      assert.notEqual(await records().find(alone.model, alone.id), undefined)
      await records().remove(alone.model, alone.id)
      await records().remove(alone.model, alone.id)
      assert.equal(await records().find(alone.model, alone.id), undefined)
    })
  })
