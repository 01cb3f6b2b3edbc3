import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { encodeCursor, type Order } from '#core/listing.ts'
import { DomainError } from '#core/refusals.ts'
import { type TestDatabase, useStore } from '../database.ts'
import { anAssignment, anEvent, epoch, insertRoles, insertUsers, readAll } from '../things.ts'

const isInvalidCursor = (error: unknown) =>
  error instanceof DomainError && error.refusal.code === 'invalid_cursor'

const orders: Record<string, Order[]> = {
  age: [],
  'age, newest first': [{ field: 'number', direction: 'descending' }],
  name: [{ field: 'name', direction: 'ascending' }],
  'last login, latest first': [{ field: 'lastLoginAt', direction: 'descending' }],
}

export const paging = (database: TestDatabase) =>
  describe('paging by key', () => {
    for (const [title, order] of Object.entries(orders)) {
      describe(`by ${title}`, () => {
        const db = useStore(database)

        test('shows every row that stays exactly once, whatever is added and removed meanwhile', async () => {
          const someone = (seed: number) => ({
            name: ['b', 'a', 'c', undefined][seed % 4],
            lastLoginAt: [3, undefined, 1, 2, 3][seed % 5],
          })
          const made = await db().write((tx) =>
            insertUsers(
              tx,
              Array.from({ length: 40 }, (_, at) => someone(at)),
            ),
          )
          const removed = new Set<string>()
          let seed = 0
          const seen = await readAll(
            (listing) => db().reader.users.list(listing),
            { order, limit: 3 },
            async (page) => {
              // Rows of every value appear on either side, and the row that the cursor names goes.
              if (seed > 60) return
              const last = page.items.at(-1)
              await db().write(async (tx) => {
                await insertUsers(tx, [someone(seed), someone(seed + 1), someone(seed + 2)])
                seed += 3
                if (!last) return
                removed.add(last.id)
                await tx.users.remove(last.id)
              })
            },
          )
          const times = Map.groupBy(seen, ({ id }) => id)
          for (const { id } of made) {
            if (removed.has(id)) assert.ok((times.get(id)?.length ?? 0) <= 1)
            else assert.equal(times.get(id)?.length, 1)
          }
          assert.equal(times.size, seen.length, 'no row is shown twice')
        })
      })
    }

    describe('elsewhere', () => {
      const db = useStore(database)

      test('the holders of a role are paged by their assignments, each once, while some go and come', async () => {
        const { users, role } = await db().write(async (tx) => {
          const [role] = await insertRoles(tx, [{}])
          const users = await insertUsers(
            tx,
            Array.from({ length: 10 }, () => ({})),
          )
          for (const { id } of users.toReversed()) {
            await tx.assignments.add(anAssignment({ userId: id, roleId: role!.id }))
          }
          return { users, role: role! }
        })
        const read = (page: { limit: number; after?: string }) =>
          db().reader.assignments.holders(role.id, 'workspace', epoch, page)
        let gone = 0
        const seen = await readAll(read, { limit: 3 }, async ({ items }) => {
          gone += 1
          const userId = items.at(-1)!.id
          if (gone <= 2)
            await db().write((tx) => tx.assignments.remove({ userId, roleId: role.id, scope: 'workspace' }))
        })
        assert.deepEqual(
          seen.map(({ id }) => id),
          users.toReversed().map(({ id }) => id),
        )
      })

      test('a total counts every match, on whatever page', async () => {
        const filter = { field: 'nickname', is: 'equal', value: 'counted' } as const
        await db().write((tx) =>
          insertUsers(
            tx,
            Array.from({ length: 5 }, () => ({ nickname: 'counted' })),
          ),
        )
        const first = await db().reader.users.list({ filter, limit: 2, total: true })
        assert.equal(first.total, 5)
        const second = await db().reader.users.list({ filter, limit: 2, after: first.next!, total: true })
        assert.equal(second.total, 5)
        assert.deepEqual((await db().reader.users.list({ filter, limit: 2, offset: 4 })).items.length, 1)
        assert.deepEqual(await db().reader.users.list({ filter, limit: 2, offset: 5 }), { items: [] })
      })

      test('rows behind a cursor can be skipped by counting, too', async () => {
        await db().write((tx) =>
          insertUsers(
            tx,
            Array.from({ length: 9 }, (_, at) => ({ name: `skip ${at % 3}` })),
          ),
        )
        const list = { filter: { field: 'name', like: ['skip', ''] }, order: byName } as const
        const all = (await db().reader.users.list({ ...list, limit: 20 })).items.map(({ id }) => id)
        const { next } = await db().reader.users.list({ ...list, limit: 2 })
        const { items } = await db().reader.users.list({ ...list, limit: 3, after: next!, offset: 2 })
        assert.deepEqual(
          items.map(({ id }) => id),
          all.slice(4, 7),
        )
      })

      test('the last page names no next one, and a limit of everything gives everything', async () => {
        await db().write((tx) => insertUsers(tx, [{}, {}]))
        const total = await db().reader.users.count()
        const exact = await db().reader.users.list({ limit: total })
        assert.equal(exact.next, undefined)
        for (const limit of [Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER]) {
          assert.equal((await db().reader.users.list({ limit })).items.length, total)
        }
        assert.deepEqual(await db().reader.users.list({ limit: 0 }), { items: [] })
      })

      test('events are read newest first from where a page ended', async () => {
        await db().write(async (tx) => {
          for (let at = 0; at < 7; at += 1) await tx.appendEvent(anEvent({ at: epoch + at }))
        })
        const order: Order[] = [{ field: 'number', direction: 'descending' }]
        const seen = await readAll((listing) => db().reader.events.list(listing), { order, limit: 2 })
        assert.deepEqual(
          seen.map(({ at }) => at - epoch),
          [6, 5, 4, 3, 2, 1, 0],
        )
      })

      const byName: Order[] = [{ field: 'name', direction: 'ascending' }]
      const cursors: Record<string, string> = {
        'that is empty': '',
        'that is garbage': '!!!',
        'that is text': Buffer.from('hello').toString('base64url'),
        'that is an object': Buffer.from('{}').toString('base64url'),
        'that is null': Buffer.from('null').toString('base64url'),
        'of a list in another order': encodeCursor([1]),
        'with too many values': encodeCursor(['a', 1, 2]),
        'with types exchanged': encodeCursor([1, 'a']),
        'with an absent value': encodeCursor([null, 1]),
        'with a flag': encodeCursor(['a', true]),
        'with a nested value': Buffer.from('[["a"],1]').toString('base64url'),
        'with a fraction': encodeCursor(['a', 1.5]),
        'beyond the integers': Buffer.from('["a",1e300]').toString('base64url'),
        'with NUL': encodeCursor(['a\0', 1]),
        'with half of a surrogate pair': encodeCursor(['a\ud800', 1]),
      }
      for (const [title, after] of Object.entries(cursors)) {
        test(`a cursor ${title} is refused`, async () => {
          await assert.rejects(db().reader.users.list({ order: byName, limit: 1, after }), isInvalidCursor)
        })
      }

      test('a cursor that names no row leads to what lies behind its place', async () => {
        await db().write((tx) => insertUsers(tx, [{ name: 'page-a' }, { name: 'page-c' }]))
        const after = encodeCursor(['page-b', -5])
        const { items } = await db().reader.users.list({ order: byName, limit: 1, after })
        assert.equal(items[0]?.name, 'page-c')
        const beyond = encodeCursor([Number.MAX_SAFE_INTEGER])
        assert.deepEqual(await db().reader.users.list({ limit: 1, after: beyond }), { items: [] })
      })

      test('a cursor of holders that is not one is refused', async () => {
        for (const after of ['x', encodeCursor(['a']), encodeCursor([1, 2])]) {
          await assert.rejects(
            db().reader.assignments.holders('any', 'workspace', epoch, { limit: 1, after }),
            isInvalidCursor,
          )
        }
      })
    })
  })
