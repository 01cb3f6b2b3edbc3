import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createNewId } from './ids.ts'

test('ids are 24 hex digits, and none comes twice, however many are made', () => {
  const newId = createNewId()
  const ids = Array.from({ length: 5000 }, newId)
  assert.equal(new Set(ids).size, ids.length)
  for (const id of ids) assert.match(id, /^[0-9a-f]{24}$/u)
  assert.notEqual(createNewId()(), newId())
})
