import assert from 'node:assert/strict'
import { test } from 'node:test'
import { any, scenarios } from '#test/harness/scenario.ts'
import { base, fresh, give, makeApi, makeRole, makeUser, problem } from './made.ts'

const shown = {
  id: any,
  number: any,
  description: '',
  heldIn: 'workspace',
  isActive: true,
  requiresSecondFactor: false,
  isBuiltIn: false,
  createdAt: any,
  updatedAt: any,
}

scenarios('roles of the native API', (scenario, server) => {
  scenario('a role is created', {
    scopes: ['create:roles'],
    post: [`${base}/roles`, { name: 'Editor', description: 'Edits' }],
    expect: {
      status: 201,
      body: { ...shown, name: 'Editor', description: 'Edits' },
      events: ['role.created'],
    },
  })

  scenario('a role whose name is there, in another letter case, is refused', {
    scopes: ['create:roles'],
    given: async (own) => ({ id: await makeRole(own, { name: 'Publisher' }) }),
    post: [`${base}/roles`, { name: 'pUBLISHER' }],
    expect: { status: 409, body: problem('taken', 409, { kind: 'role', field: 'name', value: 'pUBLISHER' }) },
  })

  scenario("a built-in role's name is taken, since this dialect lists it", {
    scopes: ['create:roles'],
    post: [`${base}/roles`, { name: 'Admin' }],
    expect: { status: 409, body: problem('taken', 409, { kind: 'role', field: 'name', value: 'Admin' }) },
  })

  scenario('a role without a name is refused', {
    scopes: ['create:roles'],
    post: [`${base}/roles`, { description: 'x' }],
    expect: {
      status: 400,
      body: problem('invalid_request', 400, {
        errors: [{ in: 'body', path: 'name', message: 'is missing' }],
      }),
    },
  })

  scenario('a token that only reads creates no role', {
    scopes: ['read:roles'],
    post: [`${base}/roles`, { name: 'sly' }],
    expect: {
      status: 403,
      body: problem('forbidden', 403, { permission: 'roles:create', scope: 'workspace' }),
    },
  })

  scenario('a role is changed', {
    scopes: ['update:roles'],
    given: async (own) => ({ id: await makeRole(own) }),
    patch: ({ id }) => [`${base}/roles/${id}`, { description: 'Now described', isActive: false }],
    expect: { status: 200, body: any, events: ['role.updated'] },
  })

  scenario('a built-in role keeps its name', {
    scopes: ['update:roles'],
    patch: [`${base}/roles/admin`, { name: 'root' }],
    expect: { status: 409, body: problem('built_in', 409, { kind: 'role', id: 'admin' }) },
  })

  scenario('a role is deleted with its assignments', {
    scopes: ['delete:roles', 'update:roles'],
    given: async (own) => {
      const id = await makeRole(own)
      await give(own, await makeUser(own), id)
      return { id }
    },
    delete: ({ id }) => [`${base}/roles/${id}`],
    expect: { status: 204, events: ['role.removed', 'role.deleted'] },
  })

  scenario('a built-in role is not deleted', {
    scopes: ['every'],
    delete: [`${base}/roles/admin`],
    expect: { status: 409, body: problem('built_in', 409, { kind: 'role', id: 'admin' }) },
  })

  test('a list has the built-in roles, and can leave them out', async () => {
    const own = server()
    const token = await own.token('read:roles')
    const id = await makeRole(own, { name: fresh('Listed') })
    const idsOf = async (query: string) => {
      const { body } = await own.call('GET', `${base}/roles?limit=200&${query}`, { token })
      return (body as { items: { id: string }[] }).items.map((role) => role.id)
    }
    const all = await idsOf('')
    assert.ok(all.includes('admin') && all.includes(id))
    const others = await idsOf('builtIn=false')
    assert.ok(!others.includes('admin') && others.includes(id))
    assert.deepEqual((await idsOf('heldIn=room')).sort(), ['leader', 'moderator', 'owner'])
  })

  scenario('permissions are added by the id and by the identifier of their API', {
    scopes: ['update:roles'],
    given: async (own) => {
      const api = await makeApi(own, 'read:a', 'read:b')
      return { role: await makeRole(own), id: api.id, identifier: api.identifier }
    },
    post: ({ role, id, identifier }) => [
      `${base}/roles/${role}/permissions`,
      {
        permissions: [
          { apiId: id, name: 'read:a' },
          { apiIdentifier: identifier, name: 'read:b' },
        ],
      },
    ],
    expect: { status: 204, events: ['role.permission-added', 'role.permission-added'] },
  })

  scenario('one unknown permission leaves the role without the others', {
    scopes: ['update:roles'],
    given: async (own) => ({ role: await makeRole(own), id: (await makeApi(own, 'read:a')).id }),
    post: ({ role, id }) => [
      `${base}/roles/${role}/permissions`,
      {
        permissions: [
          { apiId: id, name: 'read:a' },
          { apiId: id, name: 'read:none' },
        ],
      },
    ],
    expect: {
      status: 400,
      body: (made: Record<string, string>) =>
        problem('unknown_permission', 400, { apiId: made.id, name: 'read:none' }),
    },
  })

  scenario('nobody puts a permission into a role that he does not hold himself', {
    scopes: ['update:roles'],
    given: async (own) => ({ role: await makeRole(own) }),
    post: ({ role }) => [
      `${base}/roles/${role}/permissions`,
      { permissions: [{ apiId: 'rolecall', name: 'users:delete' }] },
    ],
    expect: { status: 403, body: problem('cannot_grant', 403, { permission: 'users:delete' }) },
  })

  test('permissions of a role are listed page by page, and taken away again', async () => {
    const own = server()
    const names = ['a', 'b', 'c', 'd', 'e']
    const api = await makeApi(own, ...names)
    const role = await makeRole(own)
    const token = await own.token('read:roles', 'update:roles')
    const path = `${base}/roles/${role}/permissions`
    const permissions = names.map((name) => ({ apiId: api.id, name }))
    await own.call('POST', path, { token, body: { permissions } })
    const seen: string[] = []
    let after = ''
    for (let pages = 0; pages < 5; pages += 1) {
      const { body } = await own.call('GET', `${path}?limit=2&total=true${after}`, { token })
      const page = body as {
        items: { name: string; apiIdentifier: string }[]
        next: string | null
        total: number
      }
      assert.equal(page.total, 5)
      assert.equal(page.items.length, Math.min(2, 5 - seen.length))
      seen.push(...page.items.map(({ name }) => name))
      if (page.next === null) break
      after = `&after=${page.next}`
    }
    assert.deepEqual(seen.sort(), names)
    const gone = await own.call('DELETE', path, { token, body: { permissions: permissions.slice(0, 4) } })
    assert.equal(gone.status, 204, gone.text)
    const { body } = await own.call('GET', path, { token })
    assert.deepEqual(
      (body as { items: { name: string }[] }).items.map(({ name }) => name),
      ['e'],
    )
  })

  test('holders are told without their metadata', async () => {
    const own = server()
    const [role, user] = [await makeRole(own), await makeUser(own, { appMetadata: { secretPlan: true } })]
    await give(own, user, role)
    const { body, text } = await own.call('GET', `${base}/roles/${role}/holders`, {
      token: await own.token('read:roles'),
    })
    assert.deepEqual(
      (body as { items: { id: string }[] }).items.map(({ id }) => id),
      [user],
    )
    assert.doesNotMatch(text, /secretPlan/u)
  })

  scenario('a role is made to include another', {
    scopes: ['update:roles'],
    given: async (own) => ({ one: await makeRole(own), other: await makeRole(own) }),
    put: ({ one, other }) => [`${base}/roles/${one}/inclusions/${other}`],
    expect: { status: 204, events: ['role.inclusion-added'] },
  })

  test('a circle of inclusions is refused, and repeating an inclusion changes nothing', async () => {
    const own = server()
    const token = await own.token('every')
    const [one, other] = [await makeRole(own), await makeRole(own)]
    const put = (role: string, included: string) =>
      own.call('PUT', `${base}/roles/${role}/inclusions/${included}`, { token })
    assert.equal((await put(one, other)).status, 204)
    await own.events()
    assert.equal((await put(one, other)).status, 204)
    assert.deepEqual(await own.events(), [])
    const circle = await put(other, one)
    assert.deepEqual([circle.status, (circle.body as { code: string }).code], [409, 'role_cycle'])
    const { body } = await own.call('GET', `${base}/roles/${one}/inclusions`, { token })
    assert.deepEqual(
      (body as { items: { id: string }[] }).items.map(({ id }) => id),
      [other],
    )
    assert.equal(
      (await own.call('DELETE', `${base}/roles/${one}/inclusions/${other}`, { token })).status,
      204,
    )
  })

  test('roles that exclude each other are never held together', async () => {
    const own = server()
    const token = await own.token('every')
    const [one, other, user] = [await makeRole(own), await makeRole(own), await makeUser(own)]
    const path = `${base}/roles/${one}/exclusions/${other}`
    assert.equal((await own.call('PUT', path, { token })).status, 204)
    await give(own, user, one)
    const refused = await own.call('POST', `${base}/assignments`, {
      token,
      body: { userId: user, roleId: other },
    })
    assert.equal(refused.status, 409)
    const { code, heldRoleId, roleId } = refused.body as Record<string, string>
    assert.deepEqual(
      { code, heldRoleId, roleId },
      { code: 'exclusive_roles', heldRoleId: one, roleId: other },
    )
    const { body: hierarchy } = await own.call('GET', `${base}/role-hierarchy`, { token })
    const pairs = (hierarchy as { exclusions: { roleId: string; otherRoleId: string }[] }).exclusions
    assert.ok(
      pairs.some((pair) => [pair.roleId, pair.otherRoleId].sort().join() === [one, other].sort().join()),
    )
    assert.equal((await own.call('DELETE', path, { token })).status, 204)
    const { body } = await own.call('GET', `${base}/roles/${other}/exclusions`, { token })
    assert.deepEqual((body as { items: unknown[] }).items, [])
  })
})
