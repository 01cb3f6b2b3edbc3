import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { Order } from '#core/listing.ts'
import { DomainError } from '#core/refusals.ts'
import type { User } from '#core/users/user.ts'
import { type TestDatabase, useStore } from '../database.ts'
import { insertUsers, readAll } from '../things.ts'

const up = (field: string): Order => ({ field, direction: 'ascending' })
const down = (field: string): Order => ({ field, direction: 'descending' })

/** In the order of their bytes: digits, upper case, punctuation between the cases, lower case, then everything else. */
const names = ['', ' lead', '-a', '0', '10', '9', 'A', 'B', 'Z', '_', 'a', 'a b', 'a-b', 'aB', 'ab', 'b', 'z']
const others = ['É', 'Ö', 'ä', 'é', 'ö', 'ø', 'Ω', 'я', '中', '\u{f8ff}', '\u{ffff}', '😀']

export const ordering = (database: TestDatabase) =>
  describe('ordering', () => {
    const db = useStore(database)
    const all = () => db().reader.users.list.bind(db().reader.users)
    const listed = async (order: Order[]) =>
      (await db().reader.users.list({ order, limit: 1_000 })).items.map(({ name }) => name)

    describe('of text', () => {
      const sorted = [...names, ...others]

      before(async () => {
        // Stored in an order that has nothing to do with the one expected.
        const shuffled = sorted.map((_, index) => sorted[(index * 11) % sorted.length])
        await db().write((tx) =>
          insertUsers(
            tx,
            shuffled.map((name) => ({ name })),
          ),
        )
      })

      test('goes by bytes, on every engine and whatever the database collates by', async () => {
        assert.deepEqual(await listed([up('name')]), sorted)
        assert.deepEqual(await listed([down('name')]), sorted.toReversed())
      })

      test('comparisons agree with it', async () => {
        for (const [index, name] of sorted.entries()) {
          const filter = { field: 'name', is: 'less', value: name } as const
          assert.equal(await db().reader.users.count(filter), index, name)
        }
      })

      test('a prefix finds exactly the names that begin with it', async () => {
        for (const prefix of ['a', 'A', 'ä', '\u{ffff}', '😀', ' ']) {
          const { items } = await db().reader.users.list({
            filter: { field: 'name', like: [prefix, ''] },
            order: [up('name')],
            limit: 100,
          })
          assert.deepEqual(
            items.map(({ name }) => name),
            sorted.filter((name) => name.startsWith(prefix)),
          )
        }
      })
    })

    describe('with ties and absent values', () => {
      let made: User[] = []
      const ids = (users: readonly User[]) => users.map(({ number }) => number)

      before(async () => {
        await db().write(async (tx) => {
          for (const { id } of (await tx.users.list({ limit: 1_000 })).items) await tx.users.remove(id)
          made = await insertUsers(tx, [
            { name: 'b', lastLoginAt: 5, isBlocked: true },
            { lastLoginAt: 5 },
            { name: 'a' },
            { name: 'b', lastLoginAt: 0, isBlocked: false },
            { name: 'a', lastLoginAt: 7 },
            {},
            { name: '' },
          ])
        })
      })

      /** The order as it is defined: absent as the least of its type, ties by age, in the last field's direction. */
      const expected = (order: readonly Order[]): number[] => {
        const fields = [...order, { field: 'number', direction: order.at(-1)?.direction ?? 'ascending' }]
        return ids(
          made.toSorted((left, right) => {
            for (const { field, direction } of fields) {
              const [one, other] = [left, right].map((user) => {
                const value = user[field as 'name' | 'lastLoginAt' | 'isBlocked']
                return value === undefined
                  ? field === 'name'
                    ? ''
                    : -1
                  : field === 'name'
                    ? value
                    : Number(value)
              }) as [string, string]
              if (one !== other) return (one < other ? -1 : 1) * (direction === 'ascending' ? 1 : -1)
            }
            return 0
          }),
        )
      }

      const orders = [
        [],
        [up('number')],
        [down('number')],
        [up('name')],
        [down('name')],
        [up('lastLoginAt')],
        [down('lastLoginAt')],
        [up('isBlocked')],
        [down('createdAt')],
        [up('name'), down('lastLoginAt')],
        [down('name'), up('lastLoginAt')],
        [down('name'), down('lastLoginAt')],
        [up('lastLoginAt'), up('name')],
        [down('isBlocked'), up('number')],
      ]
      for (const order of orders) {
        const title =
          order.map(({ field, direction }) => `${field} ${direction}`).join(', then ') || 'nothing'
        test(`by ${title} gives each row once, whatever the size of the pages`, async () => {
          for (const limit of [1, 2, 3, 6, 7, 8]) {
            assert.deepEqual(ids(await readAll(all(), { order, limit })), expected(order), `limit ${limit}`)
          }
        })
      }
    })

    for (const field of [
      'nothing',
      'appMetadata',
      'appMetadata.plan',
      'email_key',
      'number; drop table users',
    ]) {
      test(`by ${field} is refused`, async () => {
        await assert.rejects(
          db().reader.users.list({ order: [up(field)], limit: 1 }),
          (error) => error instanceof DomainError && error.refusal.code === 'unknown_field',
        )
      })
    }
  })
