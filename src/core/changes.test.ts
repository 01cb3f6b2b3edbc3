import assert from 'node:assert/strict'
import test from 'node:test'
import { changesTo, mergeExtensions, sameValue } from './changes.ts'
import type { Extensions } from './json.ts'

type Thing = { name: string; picture?: string; isBuiltIn: boolean; data: object }
const thing: Thing = { name: 'editor', picture: 'a.png', isBuiltIn: false, data: { a: 1, b: [1, 2] } }
const changes = (given: Partial<Thing>) => changesTo(thing, given, ['name', 'picture', 'data'], ['picture'])

test('only what differs is a change', () => {
  assert.deepEqual(changes({ name: 'editor', data: { b: [1, 2], a: 1 } }), {})
  assert.deepEqual(changes({ name: 'writer', data: { a: 1, b: [2, 1] } }), {
    name: 'writer',
    data: { a: 1, b: [2, 1] },
  })
})

test('a field that is not named is never changed', () => {
  assert.deepEqual(changes({ name: 'writer', isBuiltIn: true }), { name: 'writer' })
})

test('an undefined value clears what can be cleared and leaves everything else alone', () => {
  const cleared = changes({ name: undefined as never, picture: undefined as never })
  assert.deepEqual(Object.entries(cleared), [['picture', undefined]])
})

test('a key without a value says the same as no key', () => {
  assert.equal(sameValue({ a: 1, b: undefined }, { a: 1 }), true)
  assert.equal(sameValue({ a: undefined }, { b: undefined }), true)
  assert.equal(sameValue({ a: null }, {}), false)
  assert.equal(sameValue([], {}), false)
})

test('extensions change field by field, within the dialect that names them', () => {
  const kept: Extensions = { auth0: { sso: true, addons: { a: 1 } }, dreamfactory: { path: '/' } }
  const given = { auth0: { addons: { b: 2 }, sso: null, mobile: {} } }
  const merged = { auth0: { addons: { b: 2 }, mobile: {} }, dreamfactory: { path: '/' } }
  assert.deepEqual(mergeExtensions(kept, given), merged)
  assert.deepEqual(changesTo({ extensions: kept }, { extensions: given }, ['extensions']), {
    extensions: merged,
  })
  assert.deepEqual(
    changesTo({ extensions: kept }, { extensions: { auth0: { sso: true } } }, ['extensions']),
    {},
  )
})
