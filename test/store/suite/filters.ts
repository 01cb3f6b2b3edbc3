import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { JsonObject } from '#core/json.ts'
import type { Filter, Scalar } from '#core/listing.ts'
import { DomainError } from '#core/refusals.ts'
import type { User } from '#core/users/user.ts'
import { type TestDatabase, useStore } from '../database.ts'
import { anAssignment, epoch, insertRoles, insertUsers } from '../things.ts'

const people: Partial<User>[] = [
  { nickname: 'plain', email: 'Ada@Example.org', name: 'Ada', loginsCount: 1, isBlocked: true },
  { nickname: 'ADA', email: 'bob@sub.example.org', name: 'ada', loginsCount: 10, isBlocked: false },
  { nickname: '100%', username: 'Ärger', loginsCount: 2, lastLoginAt: 0 },
  { nickname: '100x', username: 'under_score', loginsCount: 3 },
  { nickname: 'a*b?c[d]e', givenName: 'back\\slash', loginsCount: 4 },
  { nickname: 'aXbYcZdWe', givenName: "o'hara", loginsCount: 5 },
  { nickname: '!bang', givenName: '', loginsCount: 6 },
  { nickname: 'äöü ÄÖÜ', givenName: 'line\nbreak', loginsCount: 7 },
  { nickname: '12', familyName: 'twelve', loginsCount: 12 },
]
const metadata: JsonObject[] = [
  { plan: 'gold', level: 5, tags: ['a', 'b'], isTrial: true, gone: null },
  { plan: 'Gold', level: '5', tags: [], isTrial: false, deep: { er: { still: 'x' } } },
  { plan: { name: 'gold' }, level: 5.5, tags: 'a', isTrial: 'true' },
  { plan: ['gold', 'silver'], level: -1, tags: [1, 2, { a: 'in' }], isTrial: null },
  {
    'quo"te': 1,
    "apo'strophe": 2,
    'back\\slash': 3,
    ünï: 4,
    'a b': 5,
    $: 6,
    '*': 7,
    '[0]': 8,
    '': 9,
    '0': 10,
  },
  { orders: [{ id: 1, lines: [{ sku: 'x1' }] }, { id: 2, lines: [{ sku: 'x2' }, { sku: 'x3' }] }, 'loose'] },
  { level: 1e21, long: 1234567890123456, plan: '', empty: {}, nested: { empty: [] } },
  { level: 0.1, plan: '12', tags: [null] },
  { level: 12, plan: 'true', text: 'ä"\\\n' },
]

type Case = [title: string, filter: Filter, expected: number[]]
const is = (field: string, is: 'equal' | 'unequal' | 'less' | 'atMost' | 'more' | 'atLeast', value: Scalar) =>
  ({ field, is, value }) satisfies Filter
const folded = (field: string, value: Scalar): Filter => ({ field, is: 'equal', value, ignoreCase: true })
const meta = (path: string, value: Scalar) => is(`appMetadata.${path}`, 'equal', value)
const every = [0, 1, 2, 3, 4, 5, 6, 7, 8]
const but = (...left: number[]) => every.filter((index) => !left.includes(index))

const cases: Case[] = [
  ['text equals exactly', is('name', 'equal', 'Ada'), [0]],
  ['text equals, ignoring case', folded('name', 'ADA'), [0, 1]],
  ['ignoring case folds only ASCII where there is no key', folded('nickname', 'ÄÖÜ ÄÖÜ'), []],
  ['an address equals whatever its case', folded('email', 'ADA@example.ORG'), [0]],
  ['a user name equals whatever its case', folded('username', 'äRGER'), [2]],
  ['an empty text is a value', is('givenName', 'equal', ''), [6]],
  ['unequal includes the absent', is('givenName', 'unequal', ''), but(6)],
  ['a number is compared with text as its digits', is('nickname', 'equal', 12), [8]],
  ['null is absence', is('username', 'equal', null), but(2, 3)],
  ['not null is presence', is('username', 'unequal', null), [2, 3]],
  ['nothing is less than null', is('loginsCount', 'less', null), []],
  ['nothing is more than null', is('loginsCount', 'atLeast', null), []],
  ['exists', { field: 'lastLoginAt', exists: true }, [2]],
  ['does not exist', { field: 'isBlocked', exists: false }, but(0, 1)],

  ['numbers by size, not by digits', is('loginsCount', 'more', 7), [1, 8]],
  ['a number given as text', is('loginsCount', 'atLeast', '10'), [1, 8]],
  ['a fraction equals no integer', is('loginsCount', 'equal', 2.5), []],
  ['less than a fraction', is('loginsCount', 'less', 2.5), [0, 2]],
  ['at most a fraction', is('loginsCount', 'atMost', 2.5), [0, 2]],
  ['more than a fraction', is('loginsCount', 'more', 5.5), [1, 6, 7, 8]],
  ['at least a fraction', is('loginsCount', 'atLeast', 5.5), [1, 6, 7, 8]],
  ['less than what no integer reaches', is('loginsCount', 'less', 1e300), every],
  ['more than infinity', is('loginsCount', 'more', Number.POSITIVE_INFINITY), []],
  ['more than minus infinity', is('loginsCount', 'more', Number.NEGATIVE_INFINITY), every],
  ['a text that is no number equals none', is('loginsCount', 'equal', 'ten'), []],
  ['a text that is no number is unequal to all', is('loginsCount', 'unequal', 'ten'), every],
  ['an empty text is no number', is('loginsCount', 'atLeast', ''), []],
  ['not a number', is('loginsCount', 'less', Number.NaN), []],
  ['integers in a list', { field: 'loginsCount', in: [1, '10', 2.5, 'ten', null] }, [0, 1]],
  ['the digits of integers', { field: 'loginsCount', like: ['1', ''] }, [0, 1, 8]],

  ['a flag', is('isBlocked', 'equal', true), [0]],
  ['a flag that is down', is('isBlocked', 'equal', false), [1]],
  ['a flag given as text', is('isBlocked', 'equal', 'true'), [0]],
  ['a flag given as a number', is('isBlocked', 'equal', 0), [1]],
  ['what is no flag equals none', is('isBlocked', 'equal', 'maybe'), []],
  ['a flag that is not up includes the absent', is('isBlocked', 'unequal', true), but(0)],
  ['flags in a list', { field: 'isBlocked', in: [true, 'false'] }, [0, 1]],
  ['the words of flags', { field: 'isBlocked', like: ['t', ''] }, [0]],

  ['in', { field: 'nickname', in: ['12', 'ADA', 'nobody'] }, [1, 8]],
  ['in, ignoring case', { field: 'nickname', in: ['ada', 'PLAIN'], ignoreCase: true }, [0, 1]],
  ['in nothing', { field: 'nickname', in: [] }, []],
  ['not in nothing', { not: { field: 'nickname', in: [] } }, every],
  ['in, with null', { field: 'username', in: ['under_score', null] }, but(2)],

  ['not includes the absent', { not: is('username', 'equal', 'Ärger') }, but(2)],
  ['not of not', { not: { not: is('username', 'equal', 'Ärger') } }, [2]],
  ['not of a like', { not: { field: 'username', like: ['', 'r', ''] } }, but(2, 3)],
  ['all of nothing', { all: [] }, every],
  ['any of nothing', { any: [] }, []],
  ['not any of nothing', { not: { any: [] } }, every],
  ['all', { all: [is('loginsCount', 'more', 1), is('loginsCount', 'less', 4)] }, [2, 3]],
  ['any', { any: [is('name', 'equal', 'ada'), is('familyName', 'equal', 'twelve')] }, [1, 8]],

  ['like anchored at both ends', { field: 'nickname', like: ['12'] }, [8]],
  ['like from the start', { field: 'nickname', like: ['100', ''] }, [2, 3]],
  ['like to the end', { field: 'nickname', like: ['', 'A'] }, [1]],
  ['like in the middle', { field: 'nickname', like: ['', 'b', ''] }, [4, 5, 6]],
  ['like with holes', { field: 'nickname', like: ['a', 'b', 'e'] }, [4, 5]],
  ['like anything', { field: 'username', like: ['', ''] }, [2, 3]],
  ['like with a percent sign', { field: 'nickname', like: ['', '%'] }, [2]],
  ['like with an underscore', { field: 'username', like: ['', '_', ''] }, [3]],
  ['like with a star', { field: 'nickname', like: ['a*', ''] }, [4]],
  ['like with a question mark', { field: 'nickname', like: ['', 'b?', ''] }, [4]],
  ['like with brackets', { field: 'nickname', like: ['', '[d]', ''] }, [4]],
  ['like with an opening bracket', { field: 'nickname', like: ['', '[', ''] }, [4]],
  ['like with a closing bracket', { field: 'nickname', like: ['', ']e'] }, [4]],
  ['like with a backslash', { field: 'givenName', like: ['', '\\', ''] }, [4]],
  ['like with an exclamation mark', { field: 'nickname', like: ['!', ''] }, [6]],
  ['like with a quote', { field: 'givenName', like: ['', "'", ''] }, [5]],
  ['like over a line break', { field: 'givenName', like: ['line', 'break'] }, [7]],
  ['like minds the case', { field: 'nickname', like: ['ad', ''] }, []],
  ['like, ignoring case', { field: 'nickname', like: ['ad', ''], ignoreCase: true }, [1]],
  ['like, ignoring case, on a keyed field', { field: 'username', like: ['ÄR', ''], ignoreCase: true }, [2]],
  [
    'like, ignoring case, folds only ASCII where there is no key',
    { field: 'nickname', like: ['ÄÖÜ', ''], ignoreCase: true },
    [],
  ],
  ['text at least', is('nickname', 'atLeast', 'plain'), [0, 7]],

  ['the domain of an address', is('emailDomain', 'equal', 'example.org'), [0]],
  ['the domain of an address, whatever the case', folded('emailDomain', 'SUB.EXAMPLE.ORG'), [1]],

  ['a JSON text', meta('plan', 'gold'), [0, 3]],
  ['a JSON text, ignoring case', folded('appMetadata.plan', 'GOLD'), [0, 1, 3]],
  ['an empty JSON text', meta('plan', ''), [6]],
  ['a number equals a JSON number and its digits', meta('level', 5), [0, 1]],
  ['digits equal a JSON number', meta('level', '5'), [0, 1]],
  ['a fraction', meta('level', 5.5), [2]],
  ['a fraction given as text', meta('level', '0.1'), [7]],
  ['a very large number', meta('level', 1e21), [6]],
  ['digits in a text are not a number', is('appMetadata.plan', 'more', 11), []],
  ['JSON numbers by size', is('appMetadata.level', 'more', 5), [2, 6, 8]],
  ['JSON numbers below', is('appMetadata.level', 'atMost', 0.1), [3, 7]],
  ['a JSON flag, and the word for it', meta('isTrial', true), [0, 2]],
  ['a JSON flag that is down', meta('isTrial', false), [1]],
  ['a JSON null is absent', { field: 'appMetadata.gone', exists: false }, every],
  ['JSON equal to null', meta('isTrial', null), but(0, 1, 2)],
  ['JSON unequal includes the absent', is('appMetadata.isTrial', 'unequal', true), but(0, 2)],
  ['an element of an array', meta('tags', 'a'), [0, 2]],
  ['no element of an array', is('appMetadata.tags', 'unequal', 'a'), but(0, 2)],
  ['an element of an array that is a number', meta('tags', 2), [3]],
  ['JSON in', { field: 'appMetadata.tags', in: ['b', 1] }, [0, 3]],
  ['JSON in, with null', { field: 'appMetadata.tags', in: ['b', null] }, [0, 1, 4, 5, 6, 7, 8]],
  ['JSON in nothing', { field: 'appMetadata.tags', in: [] }, []],
  ['a path through an object', meta('deep.er.still', 'x'), [1]],
  ['a path that ends early', meta('deep.er', 'x'), []],
  ['a path that goes too far', meta('plan.name.first', 'gold'), []],
  ['an object is not its parts', meta('deep.er', '{"still":"x"}'), []],
  ['a path into an object is not its sibling text', meta('plan.name', 'gold'), [2]],
  ['a path through arrays reaches every element', meta('orders.lines.sku', 'x3'), [5]],
  ['a path through one array', meta('orders.id', 2), [5]],
  ['an array beside objects', meta('orders', 'loose'), [5]],
  ['an object in an array', meta('tags.a', 'in'), [3]],
  ['a position is not a key', meta('tags.0', 'a'), []],
  ['exists for a text', { field: 'appMetadata.plan', exists: true }, [0, 1, 2, 3, 6, 7, 8]],
  ['exists for an object with something in it', { field: 'appMetadata.deep', exists: true }, [1]],
  ['does not exist for what is empty', { field: 'appMetadata.empty', exists: true }, []],
  [
    'does not exist for an array that is empty or holds null',
    { field: 'appMetadata.tags', exists: true },
    [0, 2, 3],
  ],
  ['a key with a quote', meta('quo"te', 1), [4]],
  ['a key with an apostrophe', meta("apo'strophe", 2), [4]],
  ['a key with a backslash', meta('back\\slash', 3), [4]],
  ['a key outside ASCII', meta('ünï', 4), [4]],
  ['a key with a space', meta('a b', 5), [4]],
  ['a key of a dollar sign', meta('$', 6), [4]],
  ['a key of a star', meta('*', 7), [4]],
  ['a key of brackets', meta('[0]', 8), [4]],
  ['a key that is empty', meta('', 9), [4]],
  ['a key that is a digit', meta('0', 10), [4]],
  ['a JSON text with what JSON escapes', meta('text', 'ä"\\\n'), [8]],
  ['JSON like', { field: 'appMetadata.plan', like: ['g', ''] }, [0, 3]],
  [
    'JSON like, ignoring case',
    { field: 'appMetadata.plan', like: ['', 'OL', ''], ignoreCase: true },
    [0, 1, 3],
  ],
  ['JSON like digits', { field: 'appMetadata.level', like: ['1', ''] }, [8]],
  [
    'JSON like digits, of numbers that every engine spells alike',
    { field: 'appMetadata.long', like: ['1', ''] },
    [],
  ],
  ['JSON text at least', is('appMetadata.plan', 'atLeast', 'gold'), [0, 3, 8]],
]

export const filters = (database: TestDatabase) =>
  describe('filters', () => {
    const db = useStore(database)
    let made: User[] = []
    const matching = async (filter: Filter) => {
      const { items } = await db().reader.users.list({ filter, limit: 1_000 })
      assert.equal(await db().reader.users.count(filter), items.length)
      return items.map(({ id }) => made.findIndex((user) => user.id === id))
    }

    before(async () => {
      made = await db().write((tx) =>
        insertUsers(
          tx,
          people.map((person, index) => ({ ...person, appMetadata: metadata[index]! })),
        ),
      )
    })

    for (const [title, filter, expected] of cases) {
      test(title, async () => assert.deepEqual(await matching(filter), expected))
    }

    test('rows that belong to a user', async () => {
      await db().write(async (tx) => {
        const [editor, reader] = await insertRoles(tx, [{ id: 'r-1', name: 'editor' }, { name: 'reader' }])
        await tx.assignments.add(anAssignment({ userId: made[1]!.id, roleId: editor!.id }))
        await tx.assignments.add(anAssignment({ userId: made[1]!.id, roleId: reader!.id }))
        await tx.assignments.add(anAssignment({ userId: made[3]!.id, roleId: reader!.id, scope: 'room:1' }))
        await tx.memberships.add({ userId: made[3]!.id, scope: 'room:1', createdAt: epoch })
        const people = { name: 'People', strategy: 'auth0', options: {}, applicationIds: [], extensions: {} }
        await tx.connections.insert({ id: 'people', ...people, createdAt: epoch, updatedAt: epoch })
        await tx.users.update(made[3]!.id, { connectionId: 'people' })
        for (const [index, provider] of [
          [2, 'google'],
          [2, 'github'],
          [4, 'google'],
        ] as const) {
          await tx.users.addIdentity({
            userId: made[index]!.id,
            provider,
            subject: `${provider}|${index}`,
            connectionName: `${provider}-login`,
            isSocial: true,
            profile: { email: `${index}@${provider}.test`, teams: [{ name: 'red' }] },
            createdAt: epoch,
          })
        }
      })
      assert.deepEqual(await matching(is('assignedRoles.id', 'equal', 'r-1')), [1])
      assert.deepEqual(await matching({ field: 'assignedRoles.name', in: ['reader', 'none'] }), [1, 3])
      assert.deepEqual(await matching(is('assignedRoles.name', 'unequal', 'editor')), but(1))
      assert.deepEqual(await matching(is('assignedRoles.name', 'equal', null)), but(1, 3))
      assert.deepEqual(await matching({ field: 'assignedRoles.name', exists: true }), [1, 3])
      assert.deepEqual(await matching(is('memberships.scope', 'equal', 'room:1')), [3])
      assert.deepEqual(await matching(is('identities.provider', 'equal', 'google')), [2, 4])
      assert.deepEqual(await matching(is('identities.subject', 'equal', 'github|2')), [2])
      assert.deepEqual(await matching({ field: 'identities.connectionName', like: ['git', ''] }), [2])
      assert.deepEqual(await matching(is('connectionName', 'equal', 'People')), [3])
      assert.deepEqual(await matching(is('identities.profile.email', 'equal', '4@google.test')), [4])
      assert.deepEqual(await matching(is('identities.profile.teams.name', 'equal', 'red')), [2, 4])
      assert.deepEqual(await matching({ field: 'identities.provider', exists: false }), but(2, 4))
    })

    for (const field of [
      'nothing',
      'name.first',
      'identities',
      'identities.user_id',
      'identities.profile',
      'passwordhash',
      "name' or 1=1 --",
    ]) {
      test(`the field ${field} is refused`, async () => {
        await assert.rejects(
          matching({ field, exists: true }),
          (error) => error instanceof DomainError && error.refusal.code === 'unknown_field',
        )
      })
    }

    test('text that no database can hold is refused', async () => {
      for (const value of ['a\0b', '\ud800', 'x\udc00']) {
        for (const filter of [
          is('name', 'equal', value),
          meta('plan', value),
          meta(value, 1),
          { field: 'name', in: ['a', value] },
          { field: 'name', like: [value, ''] },
        ] as Filter[]) {
          await assert.rejects(
            matching(filter),
            (error) => error instanceof DomainError && error.refusal.code === 'invalid',
          )
        }
      }
    })

    test('thousands of alternatives and values are no trouble', async () => {
      const values = Array.from({ length: 40_000 }, (_, index) => `value ${index}`)
      assert.deepEqual(await matching({ field: 'nickname', in: [...values, 'ADA'] }), [1])
      assert.deepEqual(await matching({ field: 'appMetadata.plan', in: [...values, 'gold'] }), [0, 3])
      assert.deepEqual(await matching({ field: 'loginsCount', in: [...values.keys()] }), every)
      const any = values.slice(0, 5_000).map((value) => is('nickname', 'equal', value))
      assert.deepEqual(await matching({ any: [...any, is('nickname', 'equal', 'ADA')] }), [1])
      assert.deepEqual(await matching({ all: any.map((each) => ({ not: each })) }), every)
    })

    test('a pattern of any length is matched or refused, never a failure', async () => {
      assert.deepEqual(await matching({ field: 'nickname', like: ['x'.repeat(10_000), ''] }), [])
      await assert.rejects(
        matching({ field: 'nickname', like: ['*'.repeat(100_000), ''] }),
        (error) => error instanceof DomainError && error.refusal.code === 'invalid',
      )
    })
  })
