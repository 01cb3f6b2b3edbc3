import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { administrator, startServer } from '#test/harness/server.ts'
import { runTrusting } from './child.ts'

const script = join(import.meta.dirname, 'rocketchat-api-client.child.ts')

test('the unmodified @rocket.chat/api-client manages roles, with and without a room', async () => {
  const server = await startServer()
  try {
    const args = [server.origin, administrator.username, administrator.password]
    const seen = JSON.parse(await runTrusting(server, script, args))
    assert.match(seen.roleId, /^[0-9a-f]{24}$/u)
    assert.deepEqual(
      seen.given.map(({ role, success }: { role: { _id: string }; success: boolean }) => [role._id, success]),
      [
        [seen.roleId, true],
        [seen.roleId, true],
      ],
    )
    assert.equal(seen.again.errorType, 'error-user-already-in-role')
    assert.deepEqual([seen.holders.total, seen.holders.users[0]._id], [1, seen.annId])
    assert.equal(seen.inUse.errorType, 'error-role-in-use')
    assert.deepEqual(seen.deleted, { success: true })
    assert.deepEqual(
      seen.active.users.map(({ _id }: { _id: string }) => _id),
      [seen.annId],
    )
    assert.deepEqual(seen.asked, ['password'])
    assert.match(seen.token.token, /^[A-Za-z0-9_-]{43}$/u)
    assert.equal(seen.goodbye.status, 'success')
  } finally {
    await server.close()
  }
})
