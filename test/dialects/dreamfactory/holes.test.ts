import assert from 'node:assert/strict'
import { any } from '#test/harness/scenario.ts'
import { dreamfactory, type Fields, fault, password } from './door.ts'

/** What the specification marks [T]: defects of the original that are not copied. */
dreamfactory('holes of the original that are closed', (it) => {
  it('admin=true in a query does not make system/user write administrators', async ({ expect, call }) => {
    const admins = (await call('GET', 'system/admin')).body as { resource: [{ id: number }] }
    const { id } = admins.resource[0]
    await expect(['PATCH', `system/user/${id}?admin=true`, { name: 'x', is_sys_admin: false }], {
      status: 403,
      body: fault(403, 'Not allowed to change an admin user.'),
    })
    await expect(['DELETE', `system/user/${id}?admin=true`], {
      status: 403,
      body: fault(403, 'Not allowed to delete an admin user.'),
    })
    const made = { resource: [{ email: 'sly@example.com', is_sys_admin: true, password }] }
    await expect(['POST', 'system/user?admin=true', made], {
      status: 201,
      body: { resource: [{ id: any }] },
      events: ['user.created'],
    })
    await expect(['GET', 'system/admin?filter=email=sly@example.com'], {
      status: 200,
      body: { resource: [] },
    })
  })

  it('a role of another app counts for nothing in this one', async (door) => {
    const { user, app, role, assign, session, expect } = door
    const [one, two] = [await app('one'), await app('two')]
    const { id, email } = await user('leaky')
    await assign(id, one.id, await role('reads users', [1, 'user', 1]))
    const own = { ...(await session(email)), ...two.key }
    await expect(
      ['GET', 'system/user'],
      {
        status: 403,
        body: fault(403, 'Role not found. A role may not be assigned to you or your application.'),
      },
      own,
    )
  })

  it('a script token that nobody made raises nobody', async ({
    user,
    app,
    role,
    assign,
    session,
    expect,
  }) => {
    const shop = await app('scripted')
    const { id, email } = await user('script-kid')
    await assign(id, shop.id, await role('for scripts', [1, '*', 31, 2]))
    const own = { ...(await session(email)), ...shop.key, 'x-dreamfactory-script-token': 'forged' }
    const text =
      "Access Forbidden. GET access to component 'user' of service 'system' is not allowed by this user's role."
    await expect(['GET', 'system/user?script_token=forged'], { status: 403, body: fault(403, text) }, own)
  })

  it('giving an administrator a role takes nothing from him', async ({ make, app, role, expect, server }) => {
    const [{ id: app_id }, role_id] = [await app('demoting'), await role('little')]
    const { id } = await make('admin', { email: 'second@example.com', password })
    const rows = { user_to_app_to_role_by_user_id: [{ app_id, role_id }] }
    await expect(['PATCH', `system/admin/${id}`, rows], {
      status: 200,
      body: { id },
      events: ['role.assigned'],
    })
    const given = { email: 'second@example.com', password }
    const answer = await server.call('POST', '/api/v2/system/admin/session', { body: given })
    const { session_token: token } = answer.body as { session_token: string }
    await expect(
      ['GET', 'system/user?count_only=true'],
      { status: 200 },
      { 'x-dreamfactory-session-token': token },
    )
  })

  it('force=true deletes no administrator, and never whoever asks', async ({ call, make }) => {
    await make('admin', { email: 'third@example.com', password })
    const answer = await call('DELETE', 'system/admin?force=true&continue=true')
    assert.ok([200, 400].includes(answer.status))
    const left = (await call('GET', 'system/admin?fields=email')).body as { resource: Fields[] }
    assert.ok(left.resource.some(({ email }) => email === 'root@example.com'))
    await call('DELETE', 'system/user?force=true')
    const still = (await call('GET', 'system/admin?count_only=true')).body
    assert.ok(Number(still) >= 1)
  })

  it('an expression in parentheses is a value, never SQL', async ({ user, call, expect }) => {
    await user('victim')
    const attempts = [
      'email = (select email from users)',
      "email = 'x') or (1=1",
      "(email = 'x') or (1=1)",
      "name = 'x' union select * from users",
      'id = 1; drop table users',
    ]
    for (const filter of attempts) {
      const answer = await call('GET', `system/user?filter=${encodeURIComponent(filter)}`)
      assert.equal(answer.status, 400, `${filter}: ${answer.text}`)
    }
    await expect(['GET', 'system/user?filter=email=victim@example.com&count_only=true'], {
      status: 200,
      body: 1,
    })
  })

  it('an unknown relation is refused before anything is written', async ({ user, expect, call }) => {
    const { id } = await user('untouched')
    await expect(['PATCH', `system/user/${id}?related=nonsense`, { phone: '7' }], {
      status: 400,
      body: fault(400, 'Unknown relationship: nonsense'),
    })
    assert.equal(((await call('GET', `system/user/${id}`)).body as Fields).phone, null)
  })

  it('relations that say who made whom are not written', async ({ user, expect, call }) => {
    const [{ id }, other] = [await user('maker'), await user('made')]
    const body = { user_by_created_by_id: [{ id: other.id, email: 'stolen@example.com' }], phone: '8' }
    await expect(['PATCH', `system/user/${id}`, body], {
      status: 200,
      body: { id },
      events: ['user.updated'],
    })
    assert.equal(((await call('GET', `system/user/${other.id}`)).body as Fields).email, other.email)
  })

  it('a wrapped record is written to one thing, too', async ({ user, expect, call }) => {
    const { id } = await user('wrapped')
    const body = { resource: [{ phone: '9' }] }
    await expect(['PATCH', `system/user/${id}`, body], {
      status: 200,
      body: { id },
      events: ['user.updated'],
    })
    assert.equal(((await call('GET', `system/user/${id}`)).body as Fields).phone, '9')
  })

  it('is_active:false is honoured on creation', async ({ user, call }) => {
    const { id } = await user('asleep', { is_active: false })
    assert.equal(((await call('GET', `system/user/${id}`)).body as Fields).is_active, false)
  })

  it('a short password is refused on every way', async ({ user, session, expect, call, mailedCode }) => {
    const { id, email } = await user('brief')
    const short = /must be at least 6 characters/
    const context = { password: [short] }
    const own = await session(email)
    await expect(['PATCH', `system/user/${id}`, { password: 'abc' }], {
      status: 400,
      body: fault(400, short, context),
    })
    const change = { old_password: password, new_password: 'abc' }
    await expect(['POST', 'user/password', change], { status: 400, body: fault(400, short, context) }, own)
    await call('POST', 'user/password?reset=true', { email }, {})
    const reset = { email, code: await mailedCode(email), new_password: 'abc' }
    await expect(['POST', 'user/password', reset], { status: 400, body: fault(400, short, context) }, {})
  })

  it('asking for a new password takes no confirmation back', async ({ user, expect, call, server }) => {
    const { id, email } = await user('asks-again')
    assert.equal((await call('POST', 'user/password?reset=true', { email }, {})).status, 200)
    const read = ['GET', `system/user/${id}?fields=id`] as const
    await expect(read, { status: 200, body: { id, confirmed: true, expired: false } })
    const before = server.clock.now
    server.clock.now += 86_000_000
    await expect(read, { status: 200, body: { id, confirmed: true, expired: false } })
    server.clock.now = before
    assert.equal((await call('POST', 'user/session', { email, password }, {})).status, 200)
  })

  it('a code lives a day, not sixty', async ({ user, expect, call, mailedCode, server }) => {
    const { email } = await user('slow')
    const given = async () => {
      await call('POST', 'user/password?reset=true', { email }, {})
      return { email, code: await mailedCode(email), new_password: 'chosen-in-time' }
    }
    const before = server.clock.now
    const late = await given()
    server.clock.now += 86_401_000
    await expect(
      ['POST', 'user/password', late],
      { status: 400, body: fault(400, 'Confirmation code expired.') },
      {},
    )
    const another = { ...late, email: 'somebody@example.com' }
    await expect(['POST', 'user/password', another], { status: 404 }, {})
    const fresh = await given()
    server.clock.now += 86_399_000
    assert.equal((await call('POST', 'user/password', fresh, {})).status, 200)
    server.clock.now = before
  })

  it('regenerate gives that app a new key, and no other', async ({ app, expect, call }) => {
    const [first, second] = [await app('keeps its key'), await app('gets a key')]
    await expect(['PATCH', `system/app/${second.id}?regenerate=true`], {
      status: 200,
      body: { id: second.id },
      events: ['application.secret-rotated'],
    })
    const keyOf = async (id: number) => ((await call('GET', `system/app/${id}`)).body as Fields).api_key
    assert.equal(await keyOf(first.id), first.apiKey)
    assert.notEqual(await keyOf(second.id), second.apiKey)
  })
})
