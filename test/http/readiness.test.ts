import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startServer } from '#test/harness/server.ts'

test('a server whose database is gone is alive, and not ready', async (t) => {
  const server = await startServer()
  t.after(() => server.close())
  assert.deepEqual((await server.call('GET', '/readyz')).body, { status: 'ready' })
  await server.server.workspace.close()
  const { status, body } = await server.call('GET', '/readyz')
  assert.deepEqual([status, body], [503, { status: 'not ready' }])
  assert.equal((await server.call('GET', '/healthz')).status, 200)
})
