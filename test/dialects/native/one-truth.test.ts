import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scenarios } from '#test/harness/scenario.ts'
import { base, makeApi, makeRole, makeUser } from './made.ts'

/** What one door does, the others show in the same instant, with the door it came through. */
scenarios('one truth behind the Auth0 dialect and the native API', (_scenario, server) => {
  const itemsOf = async (path: string): Promise<Record<string, unknown>[]> => {
    const own = server()
    const { status, body, text } = await own.call('GET', base + path, { token: await own.token('every') })
    assert.equal(status, 200, text)
    return (body as { items: Record<string, unknown>[] }).items
  }

  test('a role given through Auth0 is seen here at once, and says where it came from', async () => {
    const own = server()
    const [user, role] = [await makeUser(own), await makeRole(own)]
    const token = await own.token('every')
    const path = `/api/v2/users/${encodeURIComponent(`auth0|${user}`)}/roles`
    const given = await own.call('POST', path, { token, body: { roles: [`rol_${role}`] } })
    assert.equal(given.status, 204, given.text)
    const [assignment] = await itemsOf(`/assignments?userId=${user}`)
    const { roleId, scope, door, actor, source } = assignment!
    assert.deepEqual(
      { roleId, scope, door, actor, source },
      {
        roleId: role,
        scope: 'workspace',
        door: 'auth0',
        actor: { kind: 'application', id: 'operator' },
        source: 'direct',
      },
    )
    assert.deepEqual(
      (await itemsOf(`/users/${user}/effective-roles`)).map(({ id }) => id),
      [role],
    )
    assert.deepEqual(
      (await itemsOf(`/roles/${role}/holders`)).map(({ id }) => id),
      [user],
    )
  })

  test('a role given and taken here is seen through Auth0 at once', async () => {
    const own = server()
    const [user, role] = [await makeUser(own), await makeRole(own)]
    const token = await own.token('every')
    const rolesThere = async () => {
      const path = `/api/v2/users/${encodeURIComponent(`auth0|${user}`)}/roles`
      return ((await own.call('GET', path, { token })).body as { id: string }[]).map(({ id }) => id)
    }
    const body = { userId: user, roleId: role }
    await own.call('POST', `${base}/assignments`, { token, body })
    assert.deepEqual(await rolesThere(), [`rol_${role}`])
    await own.call('DELETE', `${base}/assignments`, { token, body })
    assert.deepEqual(await rolesThere(), [])
  })

  test('a role and its permissions made there are read here, and the other way round', async () => {
    const own = server()
    const token = await own.token('every')
    const api = await makeApi(own, 'read:books', 'write:books')
    const created = await own.call('POST', '/api/v2/roles', { token, body: { name: 'Librarian' } })
    const wireId = (created.body as { id: string }).id
    const role = wireId.replace(/^rol_/u, '')
    const there = {
      permissions: [{ resource_server_identifier: api.identifier, permission_name: 'read:books' }],
    }
    assert.equal(
      (await own.call('POST', `/api/v2/roles/${wireId}/permissions`, { token, body: there })).status,
      201,
    )
    const here = { permissions: [{ apiId: api.id, name: 'write:books' }] }
    assert.equal(
      (await own.call('POST', `${base}/roles/${role}/permissions`, { token, body: here })).status,
      204,
    )
    const seenHere = (await itemsOf(`/roles/${role}/permissions`)).map(({ name }) => name)
    assert.deepEqual(seenHere.sort(), ['read:books', 'write:books'])
    const answer = await own.call('GET', `/api/v2/roles/${wireId}/permissions`, { token })
    const seenThere = (answer.body as { permission_name: string }[]).map((each) => each.permission_name)
    assert.deepEqual(seenThere.sort(), ['read:books', 'write:books'])
  })
})
