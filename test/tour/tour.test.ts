import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

test('the tour ends without a surprise', () => {
  const tour = spawnSync(process.execPath, [join(import.meta.dirname, 'tour.ts')], {
    encoding: 'utf8',
    timeout: 60_000,
  })
  assert.equal(tour.status, 0, `${tour.stdout}\n${tour.stderr}`)
  assert.match(tour.stdout, /steps, no surprise/u)
})
