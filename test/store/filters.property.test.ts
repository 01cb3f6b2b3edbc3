import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import type { JsonObject } from '#core/json.ts'
import type { Comparison, Filter, Order, Scalar } from '#core/listing.ts'
import type { User } from '#core/users/user.ts'
import { type OpenedStore, openTestStore, postgres, sqlite } from './database.ts'
import { matches, sorted } from './evaluate.ts'
import { insertUsers, readAll } from './things.ts'

// Few and odd values, so that random filters hit something: letters of both cases and alphabets, wildcards of both
// engines, what looks like a number or a flag, and characters whose order differs between UTF-8 and UTF-16.
const oddTexts = [
  ...['', ' ', 'a', 'A', 'ab', 'aB', 'b', 'ä', 'Ä', 'ß', 'İ', 'ı', 'i', 'Σ', 'ς', 'é', 'e\u0301'],
  ...['%', 'a%', '_', '*', '?', '[', ']', '[a]', '!', '\\', "'", '"', '^', '-'],
  ...['0', '1', '01', '1.0', '1e3', '-1', '0.1', '12', 'true', 'false', 'null', '{}', '[]'],
  ...['\uffff', '\u{10000}', '😀', '\ue000', '\u{10ffff}', '\u0001', '\n'],
]
const text = fc
  .oneof(
    { weight: 5, arbitrary: fc.constantFrom(...oddTexts) },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 4 }) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom(...oddTexts), fc.constantFrom(...oddTexts))
        .map((two) => two.join('')),
    },
  )
  .filter((each) => !each.includes('\0') && each.isWellFormed())
const integer = fc.oneof(fc.integer({ min: -3, max: 13 }), fc.maxSafeInteger())
const number = fc
  .oneof(
    integer,
    fc.constantFrom(0.1, 0.5, 1.5, 1e3, 1e15, 999999999999999, 1e21, 1e-7, -0.5, 5e-324),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  )
  .map((each) => (Object.is(each, -0) ? 0 : each))
const scalar: fc.Arbitrary<Scalar> = fc.oneof(text, number, fc.boolean(), fc.constant(null))

const keys = ['a', 'b', 'A', 'a b', '"', '\\', "'", '0', '', 'ä', '$', '__proto__']
const key = fc.constantFrom(...keys)
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    scalar,
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(key, tie('json'), { maxKeys: 3 }),
  ),
}))
const metadata = fc
  .dictionary(key, json, { maxKeys: 4 })
  .map((object) => JSON.parse(JSON.stringify(object)) as JsonObject)

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const user = fc.record({
  name: optional(text),
  nickname: optional(text),
  loginsCount: integer,
  lastLoginAt: optional(fc.integer({ min: 0, max: 5 })),
  isBlocked: optional(fc.boolean()),
  appMetadata: metadata,
})
// Keyed fields are unique, so they are not made at random.
const people = fc.array(user, { minLength: 1, maxLength: 8 }).map((made) =>
  made.map(
    (each, at): Partial<User> => ({
      ...each,
      email: `${'Ää'[at % 2]}${at % 3}@${['Example', 'example'][at % 2]}.org`.concat(String(at)),
      ...(at % 3 !== 0 && { username: `${['Zoë', 'zoe'][at % 2]}${at}` }),
    }),
  ),
)

const path = fc.array(key, { minLength: 1, maxLength: 3 }).map((parts) => `appMetadata.${parts.join('.')}`)
const field = fc.oneof(
  fc.constantFrom('name', 'nickname', 'email', 'username', 'loginsCount', 'lastLoginAt', 'isBlocked'),
  path,
)
const ignoreCase = optional(fc.boolean())
const comparison = fc.constantFrom<Comparison>('equal', 'unequal', 'less', 'atMost', 'more', 'atLeast')
const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3 },
    fc.record({ field, is: comparison, value: scalar, ignoreCase }),
    fc.record({ field, in: fc.array(scalar, { maxLength: 4 }), ignoreCase }),
    fc.record({ field, like: fc.array(text, { minLength: 1, maxLength: 4 }), ignoreCase }),
    fc.record({ field, exists: fc.boolean() }),
    fc.record({ not: tie('filter') }),
    fc.record({ all: fc.array(tie('filter'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('filter'), { maxLength: 3 }) }),
  ),
}))
const order: fc.Arbitrary<Order[]> = fc.array(
  fc.record({
    field: fc.constantFrom('name', 'nickname', 'loginsCount', 'lastLoginAt', 'isBlocked', 'email'),
    direction: fc.constantFrom('ascending', 'descending'),
  }),
  { maxLength: 3 },
)

describe('random filters and orders', () => {
  let stores: OpenedStore[] = []
  before(async () => {
    stores = await Promise.all([openTestStore(sqlite), openTestStore(postgres('english'))])
  })
  after(() => Promise.all(stores.map((store) => store.close())))

  const refill = (given: readonly Partial<User>[]) => (store: OpenedStore) =>
    store.write(async (tx) => {
      for (const { id } of (await tx.users.list({ limit: 100 })).items) await tx.users.remove(id)
      return insertUsers(tx, given)
    })

  test('mean the same on SQLite, on PostgreSQL and in memory', async () => {
    const questions = fc.array(fc.record({ filter, order, limit: fc.integer({ min: 1, max: 9 }) }), {
      minLength: 12,
      maxLength: 12,
    })
    await fc.assert(
      fc.asyncProperty(people, questions, async (given, asked) => {
        const made = await Promise.all(stores.map(refill(given)))
        for (const { filter, order, limit } of asked) {
          for (const [at, { reader }] of stores.entries()) {
            const positions = (users: readonly User[]) =>
              users.map(({ id }) => made[at]!.findIndex((each) => each.id === id))
            const expected = sorted(
              made[at]!.filter((each) => matches(filter, each)),
              order,
            )
            const found = await readAll((listing) => reader.users.list(listing), { filter, order, limit })
            assert.deepEqual(
              positions(found),
              positions(expected),
              `${stores[at]!.engine.name}: ${JSON.stringify(filter)}`,
            )
            assert.equal(await reader.users.count(filter), expected.length)
          }
        }
      }),
      { numRuns: 60 },
    )
  })
})
