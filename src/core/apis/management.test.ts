import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allPermissions } from '../permissions.ts'
import { scopesThatStandFor } from './management.ts'

test('a machine with every scope of the Management API can do everything', () => {
  const beyondIt = allPermissions.filter((permission) => scopesThatStandFor(permission).length === 0)
  assert.deepEqual(beyondIt, [])
})
