import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { administrator, startServer } from '#test/harness/server.ts'
import { runTrusting } from './child.ts'

const script = join(import.meta.dirname, 'rocketchat-api-client.child.ts')

test('the unmodified @rocket.chat/api-client manages roles, permissions and tokens, with and without a room', async () => {
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
    // Nothing is remembered, so that it is asked for what makes a token, and for what ends it.
    assert.deepEqual(seen.asked, ['password', 'password'])
    assert.match(seen.token.token, /^[A-Za-z0-9_-]{43}$/u)
    assert.deepEqual(seen.moderated, { success: true })
    assert.deepEqual(
      seen.roomRoles.roles.map(({ u, roles }: { u: { username: string }; roles: string[] }) => [
        u.username,
        roles,
      ]),
      [
        ['ann', ['moderator']],
        ['root', ['owner']],
      ],
    )
    const annRoom = seen.annRooms.user.rooms.find(({ name }: { name: string }) => name === 'minutes')
    assert.deepEqual(annRoom.roles, ['moderator'])
    assert.ok(seen.permissions.permissions.length > 100)
    const logs = seen.changed.update.find(({ _id }: { _id: string }) => _id === 'view-logs')
    assert.deepEqual(logs.roles, ['admin', 'user'])
    assert.deepEqual(
      seen.tokens.tokens.map(({ name, lastTokenPart }: Record<string, string>) => [name, lastTokenPart]),
      [['script', seen.token.token.slice(-6)]],
    )
    assert.equal(seen.goodbye.status, 'success')
    const notSignedIn = { status: 'error', message: 'You must be logged in to do this.' }
    assert.deepEqual(seen.afterwards, notSignedIn)
    assert.equal(seen.byToken, administrator.username)
    assert.deepEqual(seen.removed, { success: true })
    assert.deepEqual(seen.withoutToken, notSignedIn)
  } finally {
    await server.close()
  }
})
