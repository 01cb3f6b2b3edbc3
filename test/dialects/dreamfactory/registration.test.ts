import assert from 'node:assert/strict'
import { systemActor } from '#core/actor.ts'
import { updateRegistrationPolicy } from '#core/registration/policy.ts'
import { any } from '#test/harness/scenario.ts'
import { type DreamFactory, dreamfactory, type Fields, fault, password } from './door.ts'

const relation = 'user_to_app_to_role_by_user_id'

/** Lets people choose the role in the app. */
const allow = async ({ server }: DreamFactory, appNumber: number, roleNumber: number): Promise<string> => {
  const { reader } = server.server.workspace.store
  const app = (await reader.applications.findBy({ number: appNumber }))!
  const role = (await reader.roles.findBy({ number: roleNumber }))!
  const selectableRoles = [
    { roleId: role.id, scope: `application:${app.id}` as const, grant: 'immediate' as const },
  ]
  const input = { applicationId: app.id, changes: { selectableRoles } }
  await server.server.workspace.run(updateRegistrationPolicy, input, systemActor('system'))
  return role.name
}

/** §3.5 to §3.8 of the specification. */
dreamfactory('registration and own accounts', (it) => {
  it('a role is chosen by name or number, in the body or the query', async (door) => {
    const { app, role, call, expect } = door
    const shop = await app('chooses')
    const roleId = await role('chosen')
    const name = await allow(door, shop.id, roleId)
    const ways: readonly [path: string, extra: Fields][] = [
      ['user/register', { role: name }],
      ['user/register', { role_id: roleId }],
      ['user/register', { roles: [name] }],
      [`user/register?role=${name}`, {}],
      [`user/register?role_id=${roleId}`, {}],
    ]
    for (const [at, [path, extra]] of ways.entries()) {
      const email = `way${at}@example.com`
      const events = ['user.created', 'user.registered', 'role.assigned', 'role.assigned']
      await expect(
        ['POST', path, { email, new_password: password, ...extra }],
        { status: 200, body: { success: true }, events },
        shop.key,
      )
      const found = await call('GET', `system/user?filter=email=${email}&related=${relation}&fields=id`)
      const [user] = (found.body as { resource: Record<string, Fields[]>[] }).resource
      assert.deepEqual(
        user![relation]!.map(({ app_id, role_id }) => [app_id, role_id]),
        [[shop.id, roleId]],
      )
    }
  })

  it('what may not be chosen is refused, and nobody is made', async (door) => {
    const { app, role, expect, call } = door
    const shop = await app('refuses')
    await allow(door, shop.id, await role('fine'))
    const other = await role('not on the list')
    for (const [at, named] of ['admin', 'nonsense', 'not on the list', other, 1].entries()) {
      const email = `refused${at}@example.com`
      const body = { email, new_password: password, role: named, is_sys_admin: true, is_active: true }
      await expect(
        ['POST', 'user/register', body],
        { status: 400, body: fault(400, any as never, { role: [any] }) },
        shop.key,
      )
      assert.equal((await call('GET', `system/user?filter=email=${email}&count_only=true`)).body, 0)
    }
  })

  it('fields that break a rule are named', async ({ user, expect }) => {
    const { email } = await user('exists')
    const refused = (context: Fields) => ({ status: 400, body: fault(400, 'Validation failed', context) })
    const post = (body: Fields) => ['POST', 'user/register', body] as const
    await expect(post({ new_password: password }), refused({ email: ['The email field is required.'] }), {})
    await expect(
      post({ email: 'x', new_password: password }),
      refused({ email: ['The email must be a valid email address.'] }),
      {},
    )
    await expect(
      post({ email, new_password: password }),
      refused({ email: ['The email has already been taken.'] }),
      {},
    )
    await expect(
      post({ email: 'y@x.io', new_password: password, password_confirmation: 'another' }),
      refused({ password: ['The password confirmation does not match.'] }),
      {},
    )
    await expect(post({ email: 'z@x.io' }), refused({ password: ['The password field is required.'] }), {})
  })

  it('closed means closed, before anything is said of addresses', async ({ expect, call }) => {
    const set = (open: boolean) =>
      call('PATCH', 'system/service/7', { config: { allow_open_registration: open } })
    assert.equal((await set(false)).status, 200)
    const closed = { status: 403, body: fault(403, 'Open Registration is not enabled.') }
    await expect(['POST', 'user/register', { email: 'root@example.com', new_password: password }], closed, {})
    await expect(['POST', 'user/register', { email: 'no address' }], closed, {})
    assert.equal((await set(true)).status, 200)
  })

  it('the service’s default role and map are given in each app', async ({ app, role, call, expect }) => {
    const [one, two] = [await app('default one'), await app('default two')]
    const [wide, special] = [await role('wide default'), await role('special default')]
    const config = { open_reg_role_id: wide, app_role_map: [{ app_id: two.id, role_id: special }] }
    const set = await call('PATCH', 'system/service/7', { config })
    assert.equal(set.status, 200, set.text)
    await expect(['PATCH', 'system/service/7', { config: { app_role_map: 'x' } }], {
      status: 400,
      body: fault(400, 'App to Role map must be an array.'),
    })
    await call('POST', 'user/register', { email: 'by-default@example.com', new_password: password }, {})
    const found = await call('GET', `system/user?filter=email=by-default@example.com&related=${relation}`)
    const [user] = (found.body as { resource: Record<string, Fields[]>[] }).resource
    const held = new Map(user![relation]!.map((row) => [row.app_id, row.role_id]))
    assert.deepEqual([held.get(one.id), held.get(two.id)], [wide, special])
    assert.equal(
      (await call('PATCH', 'system/service/7', { config: { open_reg_role_id: null, app_role_map: [] } }))
        .status,
      200,
    )
  })

  it('with confirmation, the code sets the password, at either address', async ({
    call,
    expect,
    mailedCode,
  }) => {
    await call('PATCH', 'system/service/7', { config: { open_reg_email_service_id: 6 } })
    for (const [at, path] of ['user/password', 'user/register'].entries()) {
      const email = `confirms${at}@example.com`
      const registered = await call('POST', 'user/register?login=true', { email, new_password: password }, {})
      assert.deepEqual(
        [registered.status, registered.body],
        [200, { success: true, confirmation_required: true }],
      )
      const early = await call('POST', 'user/session', { email, password }, {})
      assert.equal(early.status, 401)
      const given = { email, code: await mailedCode(email), new_password: 'chosen-later' }
      const confirmed = await call('POST', `${path}?login=true`, given, {})
      assert.deepEqual(
        [confirmed.status, Object.keys(confirmed.body as Fields)],
        [200, ['success', 'session_token']],
      )
      assert.equal((await call('POST', 'user/session', { email, password: 'chosen-later' }, {})).status, 200)
    }
    await call('PATCH', 'system/service/7', { config: { open_reg_email_service_id: null } })
    const text = (code: string) =>
      ['POST', 'user/password', { email: 'x@x.io', code, new_password: password }] as const
    await expect(text('y'), { status: 400, body: fault(400, 'Invalid confirmation code.') }, {})
    await expect(text('a b'), { status: 400, body: fault(400, 'Invalid confirmation code format.') }, {})
    await expect(text('0'.repeat(32)), { status: 404 }, {})
  })

  it('people change their own password and profile', async ({ user, session, expect, call }) => {
    const { email } = await user('own')
    const own = await session(email)
    const change = (body: Fields) => ['POST', 'user/password', body] as const
    await expect(change({ old_password: password }), { status: 400 }, own)
    await expect(
      change({ old_password: 'wrong', new_password: 'fresh-secret' }),
      { status: 400, body: fault(400, 'The password supplied does not match.') },
      own,
    )
    const changed = await call(
      'POST',
      'user/password?login=true',
      { old_password: password, new_password: 'fresh-secret' },
      own,
    )
    assert.equal(changed.status, 200, changed.text)
    await expect(['GET', 'user/profile'], { status: 403 }, own)
    const fresh = {
      'x-dreamfactory-session-token': (changed.body as { session_token: string }).session_token,
    }
    await expect(
      ['PUT', 'user/profile', { phone: '1', email: null }],
      {
        status: 200,
        body: { success: true },
        events: ['user.updated'],
      },
      fresh,
    )
    await expect(
      ['POST', 'user/profile', { email: 'moved@example.com' }],
      { status: 400, body: fault(400, 'Current Password required to change email') },
      fresh,
    )
    const moved = await call(
      'POST',
      'user/profile',
      { email: 'moved@example.com', current_password: 'fresh-secret' },
      fresh,
    )
    assert.deepEqual(Object.keys(moved.body as Fields), ['success', 'session_token'])
    await expect(['GET', 'user/profile'], { status: 401 }, {})
    await expect(
      ['POST', 'user/profile', {}],
      { status: 404, body: fault(404, 'No user session found.') },
      {},
    )
  })

  it('values of one’s own need a role, and are nobody else’s', async ({
    user,
    app,
    role,
    assign,
    session,
    expect,
  }) => {
    const shop = await app('customs')
    const roleId = await role('customs', [7, 'custom', 31], [7, 'custom/*', 31])
    const [one, two] = [await user('custom-one'), await user('custom-two')]
    await assign(one.id, shop.id, roleId)
    await assign(two.id, shop.id, roleId)
    const [own, other] = [
      { ...(await session(one.email)), ...shop.key },
      { ...(await session(two.email)), ...shop.key },
    ]
    const body = { resource: [{ name: 'prefs', value: { dark: true } }] }
    await expect(
      ['POST', 'user/custom', body],
      { status: 201, body: { resource: [{ name: 'prefs' }] }, events: ['entry.created'] },
      own,
    )
    await expect(['GET', 'user/custom/prefs'], { status: 200, body: { dark: true } }, own)
    await expect(['GET', 'user/custom'], { status: 200, body: { resource: [] } }, other)
    await expect(['DELETE', 'user/custom/prefs'], { status: 404 }, other)
    await expect(['GET', 'user/custom'], { status: 400 }, await session(one.email))
  })
})
