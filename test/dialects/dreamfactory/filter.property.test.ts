import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import type { Filter } from '#core/listing.ts'
import type { User } from '#core/users/user.ts'
import { WireError } from '#dialects/dreamfactory/errors.ts'
import { parseFilter } from '#dialects/dreamfactory/filter.ts'
import { decodeOptions } from '#dialects/dreamfactory/options.ts'
import { decodeListing } from '#dialects/dreamfactory/paging.ts'
import { requireRelations, showRead } from '#dialects/dreamfactory/results.ts'
import { userColumns, userShape } from '#dialects/dreamfactory/users.wire.ts'
import { startServer } from '#test/harness/server.ts'

const words = [
  'email',
  'name',
  'id',
  'is_active',
  'password',
  'passwordHash',
  '=',
  '!=',
  '<>',
  '>=',
  'like',
  'in',
  'not',
  'is',
  'null',
  'and',
  'or',
  'xor',
  '&&',
  '||',
  '(',
  ')',
  ',',
  "'",
  '"',
  "''",
  '%',
  '_',
  ';',
  '--',
  '/*',
  '*/',
  '\\',
  '\0',
  ':name',
  'union select * from users',
  "' or 1=1 --",
  '1; drop table users',
  "x' and (select 1)='1",
  '1',
  '9007199254740993',
  'true',
  'ünï',
  '𝄞',
  '{lookup.key}',
  'starts with',
  'contains',
  'asc',
  'desc',
  '__proto__',
  'constructor',
]
const sqlish = fc
  .array(
    fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...words) }, { weight: 1, arbitrary: fc.string() }),
    {
      maxLength: 14,
    },
  )
  .chain((parts) => fc.constantFrom(' ', '').map((between) => parts.join(between)))

/** Options of a call that hold text. */
const positions = [
  'filter',
  'order',
  'sort',
  'fields',
  'related',
  'ids',
  'id_field',
  'group',
  'limit',
  'accept',
  'file',
] as const

const fields = (filter: Filter): string[] => {
  if ('all' in filter) return filter.all.flatMap(fields)
  if ('any' in filter) return filter.any.flatMap(fields)
  return 'not' in filter ? fields(filter.not) : [filter.field]
}

const known = new Set([
  'number',
  'name',
  'username',
  'givenName',
  'familyName',
  'email',
  'isBlocked',
  'phone',
  'lastLoginAt',
  'createdAt',
  'updatedAt',
])

/** What it is read to, or the refusal; anything else that is thrown fails. */
const read = <T>(work: () => T): T | WireError => {
  try {
    return work()
  } catch (error) {
    if (error instanceof WireError) return error
    throw error
  }
}

test('whatever text is given, it is read to data over known fields, or refused with 400', () => {
  fc.assert(
    fc.property(sqlish, (text) => {
      const filter = read(() => parseFilter(text, userColumns, { ':name': text }))
      if (filter instanceof WireError) assert.equal(filter.item.status_code, 400)
      else {
        for (const field of fields(filter)) {
          assert.ok(known.has(field) || field.startsWith('extensions.dreamfactory.'), field)
        }
      }
      const listing = read(() => decodeListing(decodeOptions({ order: text }, undefined, true), userColumns))
      if (listing instanceof WireError) assert.equal(listing.item.status_code, 400)
      else for (const { field } of listing.order ?? []) assert.ok(known.has(field), field)
    }),
    { numRuns: 5000 },
  )
})

test('in each place of a call that takes names, it is a name or nothing', () => {
  fc.assert(
    fc.property(sqlish, fc.constantFrom(...positions), (text, position) => {
      const options = read(() => decodeOptions({ [position]: text }, undefined, true))
      if (options instanceof WireError) return assert.equal(options.item.status_code, 400)
      const shape = userShape(() => 0)
      const related = read(() => requireRelations(options, shape))
      if (related instanceof WireError) assert.equal(related.item.status_code, 400)
      const user = { number: 1, id: 'u', extensions: {}, createdAt: 0, updatedAt: 0 } as unknown as User
      const fields = { ...options, related: [] }
      const shown = Object.keys(showRead({ user, parts: {} }, fields, shape))
      assert.ok(
        shown.every((name) => Object.hasOwn(userColumns, name)),
        shown.join(),
      )
      const page = read(() => decodeListing(options, userColumns))
      if (page instanceof WireError) assert.equal(page.item.status_code, 400)
    }),
    { numRuns: 5000 },
  )
})

test('the server answers such text with records or 400, and keeps what it has', async (t) => {
  const server = await startServer()
  t.after(() => server.close())
  const login = await server.call('POST', '/api/v2/system/admin/session', {
    body: { email: 'root@example.com', password: 'correct horse battery' },
  })
  const headers = { 'x-dreamfactory-session-token': (login.body as { session_token: string }).session_token }
  const call = (method: string, path: string, body?: unknown) =>
    server.call(method, `/api/v2/${path}`, { headers, ...(body !== undefined && { body }) })
  const counted = async (resource: string) => (await call('GET', `system/${resource}?count_only=true`)).body
  let kept = 0
  await fc.assert(
    fc.asyncProperty(sqlish, fc.constantFrom(...positions), async (text, position) => {
      const query = new URLSearchParams({ fields: 'id', [position]: text.toWellFormed() })
      const answer = await call('GET', `system/admin?${query}`)
      assert.ok([200, 400].includes(answer.status), `${answer.status} ${position} ${text}`)
      // What is refused in a write is refused before anything is stored.
      const changed = await call('PATCH', `system/user?${query}`, { resource: [{ phone: text }] })
      assert.ok([200, 400].includes(changed.status), `${changed.status} ${position} ${text}`)
      const made = await call('POST', 'system/lookup', { resource: [{ name: text, value: text }] })
      assert.ok([201, 400].includes(made.status), `${made.status} ${made.text} ${text}`)
      if (made.status === 201) kept += 1
    }),
    { numRuns: 400 },
  )
  assert.deepEqual([await counted('admin'), await counted('user'), await counted('lookup')], [1, 0, kept])
})
