import assert from 'node:assert/strict'
import { any } from '#test/harness/scenario.ts'
import { administrator } from '#test/harness/server.ts'
import { dreamfactory, fault, type Headers, password } from './door.ts'

const basic = (name: string, secret: string): Headers => ({
  authorization: `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`,
})
const bearer = (session: Headers): Headers => ({
  authorization: `Bearer ${session['x-dreamfactory-session-token']}`,
})
const notAllowed = (verb: string, component: string) =>
  `Access Forbidden. ${verb} access to component '${component}' of service 'system' is not allowed by this user's role.`

/** §2.1 to §2.7 of the specification. */
dreamfactory('credentials and what they open', (it) => {
  it('who shows nothing is told what to show', async ({ expect }) => {
    const text = /^No session token \(JWT\) or API Key detected in request\./
    await expect(['GET', 'system/user'], { status: 400, body: fault(400, text) }, {})
  })

  it('each denial has its status and text', async ({ app, user, role, assign, session, expect, call }) => {
    const shop = await app('denials')
    const { id, email } = await user('denied')
    const own = await session(email)
    const list = ['GET', 'system/role'] as const
    await expect(list, { status: 400, body: fault(400, /^No API Key provided\./) }, own)
    await expect(list, { status: 400, body: fault(400, /^No session token \(JWT\) provided\./) }, shop.key)
    const both = { ...own, ...shop.key }
    await expect(list, { status: 403, body: fault(403, /^Role not found\./) }, both)
    const little = await role('little', [1, 'user', 1])
    await assign(id, shop.id, little)
    await expect(list, { status: 403, body: fault(403, notAllowed('GET', 'role')) }, both)
    await call('PATCH', `system/role/${little}`, { is_active: false })
    await expect(list, { status: 403, body: fault(403, /is not active\.$/) }, both)
    await call('PATCH', `system/app/${shop.id}`, { role_id: await role('for everybody', [1, 'user', 1]) })
    await expect(
      list,
      { status: 401, body: fault(401, 'Unauthorized. User is not authenticated.') },
      shop.key,
    )
    await expect(['GET', 'system/user?count_only=true'], { status: 200 }, shop.key)
  })

  it('who asks to be remembered is, once the configuration allows it', async ({ user, call }) => {
    const { email } = await user('remembered')
    const isForever = async () => {
      const { body } = await call('POST', 'user/session', { email, password, remember_me: true }, {})
      const { session_token: token } = body as { session_token: string }
      const claims = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as object
      return (claims as { forever: boolean }).forever
    }
    assert.equal(await isForever(), false)
    await call('PATCH', 'system/service/1', { config: { allow_forever_sessions: true } })
    assert.equal(await isForever(), true)
    const environment = (await call('GET', 'system/environment')).body as {
      authentication: { allow_forever_sessions: boolean }
    }
    assert.equal(environment.authentication.allow_forever_sessions, true)
    await call('PATCH', 'system/service/1', { config: { allow_forever_sessions: false } })
    assert.equal(await isForever(), false)
  })

  it('token, Basic and key together are fine, and the token decides', async ({
    app,
    user,
    session,
    expect,
    admin,
  }) => {
    const [{ key }, { email }] = [await app('forum'), await user('forum')]
    const all = { ...bearer(admin), ...key, 'x-dreamfactory-session-token': 'ignored' }
    await expect(['GET', 'system/user?count_only=true'], { status: 200 }, all)
    const both = { ...admin, ...key, ...basic(email, password) }
    await expect(['GET', 'system/user?count_only=true'], { status: 200 }, both)
    const weak = { ...(await session(email)), ...key, ...basic(administrator.email, administrator.password) }
    await expect(['GET', 'system/user'], { status: 403, body: fault(403, /^Role not found\./) }, weak)
  })

  it('Basic counts for one request, and a wrong one is refused everywhere', async ({ expect }) => {
    const right = basic(administrator.email, administrator.password)
    await expect(['GET', 'system/user?count_only=true'], { status: 200, events: ['user.signed-in'] }, right)
    const text = 'Unauthorized. User credentials did not match.'
    const wrong = basic(administrator.email, 'wrong')
    const refused = { status: 401, body: fault(401, text), events: ['user.sign-in-failed'] }
    await expect(['GET', 'system/environment'], refused, wrong)
  })

  it('a bad token is not rescued by anything else', async ({ expect, admin }) => {
    const token = admin['x-dreamfactory-session-token']!
    const forged = [`${token.slice(0, -2)}AA`, token.slice(0, -1), `${token}x`, 'a.b.c', 'x', `${token}.x`]
    const [head, body] = token.split('.') as [string, string]
    const none = Buffer.from(JSON.stringify({ typ: 'JWT', alg: 'none' })).toString('base64url')
    for (const bad of [...forged, `${none}.${body}.`, `${head}.${body}.`]) {
      const headers = {
        ...basic(administrator.email, administrator.password),
        'x-dreamfactory-session-token': bad,
      }
      await expect(
        ['GET', 'system/environment'],
        { status: 401, body: fault(401, /^Invalid token: /) },
        headers,
      )
    }
  })

  it('the most specific rows decide, as masks say', async ({ app, user, role, assign, session, expect }) => {
    const shop = await app('rows')
    const { id, email } = await user('rows')
    const rows = [
      [1, '*', 1],
      [1, 'app', 2],
      [1, 'user/*', 1],
    ] as const
    await assign(id, shop.id, await role('by rows', ...rows))
    const own = { ...(await session(email)), ...shop.key }
    await expect(['GET', 'system/role?count_only=true'], { status: 200 }, own)
    await expect(['GET', 'system/app'], { status: 403, body: fault(403, notAllowed('GET', 'app')) }, own)
    await expect(['GET', `system/user/${id}?fields=id`], { status: 200 }, own)
    const patch = ['PATCH', `system/user/${id}`, { phone: '1' }] as const
    await expect(patch, { status: 403, body: fault(403, notAllowed('PATCH', `user/${id}`)) }, own)
  })

  it('nobody hands out through rows or assignments what he does not hold', async (door) => {
    const { app, user, role, assign, session, expect } = door
    const shop = await app('ladder')
    const { id, email } = await user('climber')
    const strong = await role('everything', [null, '*', 31])
    await assign(
      id,
      shop.id,
      await role('role editor', [1, 'role', 31], [1, 'role/*', 31], [1, 'user/*', 31]),
    )
    const own = { ...(await session(email)), ...shop.key }
    const rows = [{ service_id: null, component: '*', verb_mask: 31, requestor_mask: 3 }]
    const made = { resource: [{ name: 'mine', is_active: true, role_service_access_by_role_id: rows }] }
    await expect(['POST', 'system/role', made], { status: 400, body: { error: any } }, own)
    const given = { user_to_app_to_role_by_user_id: [{ app_id: shop.id, role_id: strong }] }
    const { id: other } = await user('other')
    await expect(['PATCH', `system/user/${other}`, given], { status: 403, body: { error: any } }, own)
  })

  it('the session says which role is in force', async ({ app, user, role, assign, expect }) => {
    const shop = await app('in force')
    const { id, email } = await user('forced')
    const roleId = await role('clerk')
    await assign(id, shop.id, roleId)
    const answer = await expect(
      ['POST', 'user/session', { email, password }],
      { status: 200, events: ['user.signed-in'] },
      shop.key,
    )
    const body = answer.body as { role: string; role_id: number; is_sys_admin: boolean }
    assert.deepEqual([body.role, body.role_id, body.is_sys_admin], ['clerk', roleId, false])
  })

  it('one answer for every way a login can be wrong', async ({ user, expect }) => {
    const { email } = await user('right')
    const refused = { status: 401, body: fault(401, 'Invalid credentials supplied.') }
    const failing = { ...refused, events: ['user.sign-in-failed'] }
    await expect(['POST', 'user/session', { email, password: 'wrong' }], failing, {})
    await expect(['POST', 'user/session', { email: 'nobody@example.com', password }], failing, {})
    await expect(['POST', 'system/admin/session', { email, password }], refused, {})
    const admin = { email: administrator.email, password: administrator.password }
    await expect(['POST', 'user/session', admin], refused, {})
    const missing = (what: string) => fault(400, `Login request is missing required ${what}.`)
    await expect(['POST', 'user/session', { password }], { status: 400, body: missing('email') }, {})
    await expect(['POST', 'user/session', { email }], { status: 400, body: missing('password') }, {})
  })

  it('sessions are read, renewed and ended', async ({ user, session, expect, call, server }) => {
    const { email } = await user('sessions')
    const own = await session(email)
    await expect(['GET', 'user/session'], { status: 200 }, own)
    await expect(
      ['GET', 'system/admin/session'],
      { status: 401, body: fault(401, 'You are not authorized to perform this action.') },
      own,
    )
    const none = 'There is no valid session for the current request.'
    await expect(['GET', 'user/session'], { status: 401, body: fault(401, none) }, {})
    await expect(
      ['GET', 'system/admin/session'],
      { status: 404, body: fault(404, 'No user session found.') },
      {},
    )
    const before = server.clock.now
    server.clock.now += 1441 * 60_000
    await expect(['GET', 'user/profile'], { status: 401, body: fault(401, /^Token has expired/) }, own)
    const renewed = await call('PUT', 'user/session', undefined, own)
    assert.equal(renewed.status, 200, renewed.text)
    server.clock.now = before
    const fresh = {
      'x-dreamfactory-session-token': (renewed.body as { session_token: string }).session_token,
    }
    await expect(
      ['GET', 'user/profile'],
      { status: 403, body: fault(403, /Session terminated\. Please re-login\.$/) },
      own,
    )
    await expect(['PUT', 'user/session'], { status: 401, body: fault(401, /^Token refresh failed\./) }, own)
    await expect(
      ['DELETE', 'user/session'],
      { status: 200, body: { success: true }, events: ['session.ended'] },
      fresh,
    )
    await expect(['DELETE', 'user/session'], { status: 200, body: { success: true } }, {})
    await expect(['GET', 'user/session'], { status: 403 }, fresh)
  })

  it('who is switched off is out with the next request', async ({ user, session, expect, call }) => {
    const { id, email } = await user('switched')
    const own = await session(email)
    await call('PATCH', `system/user/${id}`, { is_active: false })
    await expect(['GET', 'user/session'], { status: 403 }, own)
    await expect(
      ['POST', 'user/session', { email, password }],
      { status: 401, body: fault(401, 'Invalid credentials supplied.'), events: ['user.sign-in-failed'] },
      {},
    )
  })

  it('an inactive app and an unknown one', async ({ app, expect, admin, call }) => {
    const { id, key } = await app('off')
    await call('PATCH', `system/app/${id}`, { is_active: false })
    await expect(['GET', 'system/environment'], { status: 403, body: fault(403, 'App is not active.') }, key)
    await expect(
      ['GET', 'system/user?count_only=true'],
      { status: 200 },
      { ...admin, 'x-dreamfactory-api-key': 'x' },
    )
  })
})
