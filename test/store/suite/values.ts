import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { DomainError } from '#core/refusals.ts'
import type { User } from '#core/users/user.ts'
import { type TestDatabase, useStore } from '../database.ts'
import { anApi, anAssignment, anEvent, aRole, aUser, insertUsers, newId } from '../things.ts'

const isInvalid = (field: string) => (error: unknown) =>
  error instanceof DomainError && error.refusal.code === 'invalid' && error.refusal.field === field

export const values = (database: TestDatabase) =>
  describe('values', () => {
    const db = useStore(database)
    const stored = async (given: Partial<User>) => {
      const [user] = await db().write((tx) => insertUsers(tx, [given]))
      return (await db().reader.users.find(user!.id))!
    }

    test('text comes back as it went in', async () => {
      for (const text of [
        '',
        ' ',
        'line\r\n\ttab',
        '\u0001\u001f\u007f\u0085\u2028',
        'quote \' " ` \\ %_ ; --',
        'e\u0301 is not normalized',
        '中文 עברית العربية',
        '😀 👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿',
        '\u{10ffff}\ufffe\uffff\ufeff',
        '0x1f',
        '1e3',
        '007',
        'null',
      ]) {
        const user = await stored({ name: text, appMetadata: { [text]: text } })
        assert.equal(user.name, text)
        assert.deepEqual(user.appMetadata, { [text]: text })
      }
    })

    test('text may be very long', async () => {
      const picture = randomBytes(1_000_000).toString('base64url')
      const user = await stored({ picture, userMetadata: { picture } })
      assert.equal(user.picture, picture)
      assert.equal(user.userMetadata.picture, picture)
    })

    test('text that has an index is refused beyond its limit, in the same words everywhere', async () => {
      // Nothing that compresses: a database that squeezes its index entries would hide its limit.
      const text = (length: number) => randomBytes(length).toString('base64url').slice(0, length)
      for (const field of ['name', 'email', 'username'] as const) {
        assert.equal((await stored({ [field]: text(2_400) }))[field]?.length, 2_400)
        await assert.rejects(stored({ [field]: text(2_401) }), isInvalid(field))
        await assert.rejects(stored({ [field]: '中'.repeat(801) }), isInvalid(field))
      }
      const chinese = Array.from({ length: 800 }, (_, at) =>
        String.fromCharCode(0x4e00 + ((at * 7919) % 20_000)),
      )
      assert.equal((await stored({ name: chinese.join(''), email: chinese.join('') })).name?.length, 800)
      // Twice as long once it is folded: one character becomes two that stay apart.
      await assert.rejects(stored({ email: '\u0958'.repeat(800) }), isInvalid('email'))
      const { id } = await stored({ id: text(800) })
      await assert.rejects(stored({ id: text(801) }), isInvalid('id'))
      // Three of the longest share an index.
      await db().write(async (tx) => {
        const role = await tx.roles.insert(aRole({ id: text(800), name: text(2_400) }))
        const scope = `room:${text(795)}` as const
        await tx.assignments.add(anAssignment({ userId: id, roleId: role.id, scope }))
        await tx.memberships.add({ userId: id, scope, createdAt: 0 })
        const api = await tx.apis.insert(anApi({ id: text(800), identifier: text(2_400) }))
        const key = { apiId: api.id, name: text(800) }
        await tx.permissions.add({ ...key, description: text(10_000) })
        await tx.permissions.addToRole(role.id, key)
      })
    })

    test('text that no database can hold is refused, and names its field', async () => {
      for (const text of ['\0', 'a\0b', '\ud800', '\udc00a']) {
        await assert.rejects(stored({ name: text }), isInvalid('name'))
        await assert.rejects(stored({ appMetadata: { a: ['b', { c: text }] } }), isInvalid('appMetadata'))
        await assert.rejects(stored({ userMetadata: { [text]: 1 } }), isInvalid('userMetadata'))
        await assert.rejects(
          db().write((tx) => tx.settings.put('s', { text })),
          isInvalid('value'),
        )
        await assert.rejects(
          db().write((tx) => tx.appendEvent(anEvent({ data: { text } }))),
          isInvalid('data'),
        )
        // Nothing like it can be stored, so that there is nothing to look for.
        await assert.rejects(db().reader.users.find(text), isInvalid('text'))
        await assert.rejects(db().reader.users.findByEmail(text), isInvalid('text'))
        await assert.rejects(db().reader.users.findMany(['a', text]), isInvalid('text'))
      }
      // What only looks like it is text like any other.
      const user = await stored({ appMetadata: { escaped: '\\u0000 \\ud800', '\\u0000': '\\\\u0000' } })
      assert.deepEqual(user.appMetadata, { escaped: '\\u0000 \\ud800', '\\u0000': '\\\\u0000' })
    })

    test('integers are exact up to 2^53 - 1, and instants may lie before 1970', async () => {
      for (const value of [
        0,
        1,
        -1,
        2 ** 31,
        2 ** 32 + 1,
        Number.MAX_SAFE_INTEGER,
        Number.MIN_SAFE_INTEGER,
      ]) {
        const user = await stored({ lastLoginAt: value, loginsCount: value })
        assert.equal(user.lastLoginAt, value)
        assert.equal(user.loginsCount, value)
        const filter = {
          all: [
            { field: 'lastLoginAt', is: 'equal', value },
            { field: 'id', is: 'equal', value: user.id },
          ],
        } as const
        assert.equal(await db().reader.users.count(filter), 1)
      }
    })

    test('flags come back as flags, and an absent one stays absent', async () => {
      for (const isBlocked of [true, false]) assert.equal((await stored({ isBlocked })).isBlocked, isBlocked)
      assert.ok(!('isBlocked' in (await stored({}))))
    })

    test('JSON comes back as it went in', async () => {
      const appMetadata = {
        numbers: [0, -0.5, 1e21, 1e-7, 0.1 + 0.2, Number.MAX_SAFE_INTEGER, 5e-324, 1.7976931348623157e308],
        flags: [true, false, null],
        nested: { a: { b: { c: [] } } },
        'b comes': 'before a',
        a: 1,
        '': 'empty key',
        __proto__: { kept: false },
        constructor: 'x',
      }
      const user = await stored({
        appMetadata: JSON.parse(JSON.stringify(appMetadata)) as User['appMetadata'],
      })
      assert.deepEqual(user.appMetadata, JSON.parse(JSON.stringify(appMetadata)))
      const odd = JSON.parse('{"__proto__": {"a": 1}, "toString": 2}') as User['appMetadata']
      assert.equal(JSON.stringify((await stored({ appMetadata: odd })).appMetadata), JSON.stringify(odd))
    })

    test('an update writes the given fields only; undefined clears, absent leaves', async () => {
      const made = await stored({
        name: 'n',
        nickname: 'k',
        lastLoginAt: 5,
        isBlocked: true,
        email: 'U@x.org',
      })
      await db().write((tx) =>
        tx.users.update(made.id, { name: undefined, lastLoginAt: undefined, loginsCount: 2 }),
      )
      const { name: _name, lastLoginAt: _lastLoginAt, ...rest } = made
      assert.deepEqual(await db().reader.users.find(made.id), { ...rest, loginsCount: 2 })
      await db().write((tx) => tx.users.update(made.id, {}))
      await db().write((tx) => tx.users.update(made.id, { isBlocked: undefined }))
      assert.ok(!('isBlocked' in (await db().reader.users.find(made.id))!))
      await db().write((tx) => tx.users.update('nobody', { name: 'x' }))
    })

    test('an insert answers what a later read does', async () => {
      const given = aUser({ id: newId(), email: 'Same@x.org', userMetadata: { a: [1] } })
      const inserted = await db().write((tx) => tx.users.insert(given))
      assert.deepEqual(await db().reader.users.find(given.id), inserted)
      assert.deepEqual(inserted, { ...given, number: inserted.number })
    })
  })
