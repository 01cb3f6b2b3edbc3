import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import type { Filter } from '#core/listing.ts'
import { WireError } from '#dialects/dreamfactory/errors.ts'
import { parseFilter } from '#dialects/dreamfactory/filter.ts'
import { decodeOptions } from '#dialects/dreamfactory/options.ts'
import { decodeListing } from '#dialects/dreamfactory/paging.ts'
import { userColumns } from '#dialects/dreamfactory/users.wire.ts'
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

test('the server answers such text with records or 400, and keeps what it has', async (t) => {
  const server = await startServer()
  t.after(() => server.close())
  const login = await server.call('POST', '/api/v2/system/admin/session', {
    body: { email: 'root@example.com', password: 'correct horse battery' },
  })
  const headers = { 'x-dreamfactory-session-token': (login.body as { session_token: string }).session_token }
  await fc.assert(
    fc.asyncProperty(sqlish, async (text) => {
      const query = new URLSearchParams({ filter: text.toWellFormed(), fields: 'id' })
      const answer = await server.call('GET', `/api/v2/system/admin?${query}`, { headers })
      assert.ok([200, 400].includes(answer.status), `${answer.status} ${text}`)
      const made = await server.call('POST', '/api/v2/system/lookup', {
        headers,
        body: { resource: [{ name: text, value: text }] },
      })
      assert.ok([201, 400].includes(made.status), `${made.status} ${made.text} ${text}`)
    }),
    { numRuns: 300 },
  )
  const left = await server.call('GET', '/api/v2/system/admin?count_only=true', { headers })
  assert.equal(left.body, 1)
})
