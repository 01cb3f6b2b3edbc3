import assert from 'node:assert/strict'
import { any } from '#test/harness/scenario.ts'
import { dreamfactory, type Fields, fault } from './door.ts'

const relation = 'user_to_app_to_role_by_user_id'
const rowsOf = (body: unknown, name = relation) => (body as Record<string, Fields[]>)[name]!

/** §1.8 and §5 of the specification. */
dreamfactory('assignments', (it) => {
  it('a row is given, changed and taken, keeping its id', async ({ user, app, role, expect }) => {
    const [{ id }, { id: app_id }] = [await user('row'), await app('row')]
    const [one, two] = [await role('row one'), await role('row two')]
    const patch = (rows: unknown) =>
      ['PATCH', `system/user/${id}?related=${relation}`, { [relation]: rows }] as const
    const given = await expect(patch([{ app_id: String(app_id), role_id: one }]), {
      status: 200,
      events: ['role.assigned'],
    })
    const [{ id: row }] = rowsOf(given.body) as [{ id: number }]
    await expect(patch([{ id: row, user_id: id, app_id, role_id: two }]), {
      status: 200,
      body: {
        id,
        confirmed: true,
        expired: false,
        [relation]: [{ id: row, user_id: id, app_id, role_id: two }],
      },
      events: ['role.removed', 'role.assigned'],
    })
    await expect(patch([{ id: row, user_id: id, app_id, role_id: two }]), { status: 200 })
    await expect(patch([]), { status: 200 })
    await expect(patch([{ id: row, user_id: null, app_id, role_id: two }]), {
      status: 200,
      body: { id, confirmed: true, expired: false, [relation]: [] },
      events: ['role.removed'],
    })
    await expect(patch([{ id: row, user_id: null }]), { status: 200 })
  })

  it('deletions come before creations, whatever the order', async ({
    user,
    app,
    role,
    expect,
    assign,
    call,
  }) => {
    const [{ id }, { id: app_id }] = [await user('swap'), await app('swap')]
    const [one, two] = [await role('swap one'), await role('swap two')]
    await assign(id, app_id, one)
    const read = await call('GET', `system/user/${id}?related=${relation}`)
    const [{ id: row }] = rowsOf(read.body) as [{ id: number }]
    const rows = [
      { user_id: id, app_id, role_id: two },
      { id: row, user_id: null, app_id, role_id: one },
    ]
    await expect(['PUT', `system/user/${id}?related=${relation}&fields=id`, { [relation]: rows }], {
      status: 200,
      body: {
        id,
        confirmed: true,
        expired: false,
        [relation]: [{ id: any, user_id: id, app_id, role_id: two }],
      },
      events: ['role.removed', 'role.assigned'],
    })
  })

  it('a second role in an app is refused, naming the row in the way', async ({
    user,
    app,
    role,
    expect,
    assign,
    call,
  }) => {
    const [{ id }, { id: app_id }] = [await user('second'), await app('second')]
    const [one, two] = [await role('second one'), await role('second two')]
    await assign(id, app_id, one)
    const row = rowsOf((await call('GET', `system/user/${id}?related=${relation}`)).body)[0]!.id
    const text = `Multiple user-to-app-to-role assignment. You can only have a single user-to-app-to-role assignment. User ${id} has the role ${one} in app ${app_id} already: row ${row}.`
    const body = { phone: '5', [relation]: [{ app_id, role_id: two }] }
    await expect(['PATCH', `system/user/${id}`, body], {
      status: 400,
      body: fault(400, text, { id: [String(row)] }),
    })
    assert.equal(((await call('GET', `system/user/${id}`)).body as Fields).phone, null)
    const batch = await expect(['PATCH', 'system/user', { resource: [{ id, ...body }] }], { status: 400 })
    const { error } = batch.body as { error: { code: number; context: { resource: [{ message: string }] } } }
    assert.deepEqual([error.code, error.context.resource[0].message], [1000, text])
  })

  it('with upsert_assignments, a second role takes the place of the first', async (door) => {
    const { user, app, role, expect, assign, call } = door
    const [{ id }, { id: app_id }] = [await user('upsert'), await app('upsert')]
    const [one, two] = [await role('upsert one'), await role('upsert two')]
    await assign(id, app_id, one)
    const set = (upsert: boolean) =>
      call('PATCH', 'system/service/1', { config: { upsert_assignments: upsert } })
    assert.equal((await set(true)).status, 200)
    const row = rowsOf((await call('GET', `system/user/${id}?related=${relation}`)).body)[0]!.id
    const body = { [relation]: [{ app_id, role_id: two }] }
    const kept = { id: row, user_id: id, app_id, role_id: two }
    await expect(['PATCH', `system/user/${id}?fields=id&related=${relation}`, body], {
      status: 200,
      body: { id, confirmed: true, expired: false, [relation]: [kept] },
      events: ['role.removed', 'role.assigned'],
    })
    await expect(['PATCH', `system/user/${id}`, body], { status: 200 })
    assert.equal((await set(false)).status, 200)
  })

  it('the role and the app have sides too, and the alias is echoed', async ({
    user,
    app,
    role,
    expect,
    call,
  }) => {
    const [{ id: user_id }, { id: app_id }, role_id] = [
      await user('sides'),
      await app('sides'),
      await role('sides'),
    ]
    const byRole = 'user_to_app_to_role_by_role_id'
    const given = await expect(
      ['PATCH', `system/role/${role_id}?related=user_to_app_to_role`, { [byRole]: [{ user_id, app_id }] }],
      {
        status: 200,
        body: { id: role_id, user_to_app_to_role: [{ id: any, user_id, app_id, role_id }] },
        events: ['role.assigned'],
      },
    )
    const row = rowsOf(given.body, 'user_to_app_to_role')[0]!.id
    const byApp = 'user_to_app_to_role_by_app_id'
    await expect(['GET', `system/app/${app_id}?fields=id&related=${byApp}`], {
      status: 200,
      body: { id: app_id, [byApp]: [{ id: row, user_id, app_id, role_id }] },
    })
    await expect(['PATCH', `system/app/${app_id}`, { [byApp]: [{ id: row, app_id: null }] }], {
      status: 200,
      body: { id: app_id },
      events: ['role.removed'],
    })
    const made = { resource: [{ email: 'alias@example.com', user_to_app_to_role: [{ app_id, role_id }] }] }
    await expect(['POST', 'system/user?related=user_to_app_to_role', made], {
      status: 201,
      body: {
        resource: [
          {
            id: any,
            confirmed: true,
            expired: false,
            user_to_app_to_role: [{ id: any, user_id: any, app_id, role_id }],
          },
        ],
      },
      events: ['user.created', 'role.assigned'],
    })
    assert.equal((await call('GET', `system/user/${user_id}?relate=nonsense`)).status, 200)
  })

  it('a row moves to another user only from where it is', async ({
    user,
    app,
    role,
    assign,
    call,
    expect,
  }) => {
    const [from, to, thief] = [await user('from'), await user('to'), await user('thief')]
    const [{ id: app_id }, role_id] = [await app('moves'), await role('moves')]
    await assign(from.id, app_id, role_id)
    const row = rowsOf((await call('GET', `system/user/${from.id}?related=${relation}`)).body)[0]!.id
    await expect(['PATCH', `system/user/${thief.id}`, { [relation]: [{ id: row, app_id, role_id }] }], {
      status: 400,
      body: { error: any },
    })
    await expect(['PATCH', `system/user/${from.id}`, { [relation]: [{ id: row, user_id: String(to.id) }] }], {
      status: 200,
      body: { id: from.id },
      events: ['role.removed', 'role.assigned'],
    })
    const moved = await call('GET', `system/user/${to.id}?related=${relation}`)
    assert.deepEqual(rowsOf(moved.body), [{ id: row, user_id: to.id, app_id, role_id }])
  })

  it('what does not exist, and what is no row, is refused with its field', async ({ user, app, expect }) => {
    const [{ id }, { id: app_id }] = [await user('bad rows'.replace(' ', '-')), await app('bad rows')]
    const patch = (rows: unknown) => ['PATCH', `system/user/${id}`, { [relation]: rows }] as const
    for (const [rows, field] of [
      [[{ app_id, role_id: 9_999 }], 'role_id'],
      [[{ app_id }], 'role_id'],
      [[{ app_id: 9_999, role_id: 1 }], 'app_id'],
      [[{ app_id: 'x', role_id: 1 }], 'app_id'],
      [[{ app_id: 2 ** 60, role_id: 1 }], 'app_id'],
      [['row'], relation],
      [{ app_id }, relation],
    ] as const) {
      await expect(patch(rows), {
        status: 400,
        body: fault(400, /^Invalid data supplied\. /, { [field]: [any] }),
      })
    }
  })

  it('one truth: a role given here is in the token and in explain, one given elsewhere counts here', async (door) => {
    const { server, user, app, role, assign, session, expect } = door
    const shop = await app('truth')
    const { id } = await user('truth')
    const roleId = await role('truth', [1, 'user', 1])
    await assign(id, shop.id, roleId)
    const { reader } = server.server.workspace.store
    const stored = (await reader.users.findBy({ number: id }))!
    const given = (await reader.roles.findBy({ number: roleId }))!
    const application = (await reader.applications.findBy({ number: shop.id }))!
    const native = await server.token('every')
    const explained = await server.call(
      'GET',
      `/api/rolecall/v1/explain?userId=${stored.id}&scope=application:${application.id}&roleId=${given.id}`,
      { token: native },
    )
    assert.equal(explained.status, 200, explained.text)
    assert.match(explained.text, /"door":"dreamfactory"/u)
    const other = await user('elsewhere')
    const wide = (await reader.roles.findBy({ number: await role('wide', [1, 'user', 1]) }))!
    const second = (await reader.users.findBy({ number: other.id }))!
    const answer = await server.call('POST', `/api/v2/users/auth0%7C${second.id}/roles`, {
      token: native,
      body: { roles: [`rol_${wide.id}`] },
    })
    assert.equal(answer.status, 204, answer.text)
    const own = { ...(await session(other.email, shop.key)), ...shop.key }
    await expect(['GET', 'system/user?count_only=true'], { status: 200 }, own)
    const current = await server.call('GET', '/api/v2/user/session', { headers: own })
    assert.equal((current.body as Fields).role, 'wide')
  })
})
