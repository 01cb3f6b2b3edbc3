import { any } from '#test/harness/scenario.ts'
import { administrator } from '#test/harness/server.ts'
import { dreamfactory, fault, password } from './door.ts'

const token = /^[\w-]+\.[\w-]+\.[\w-]+$/
const instant = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/

/** Every example of §8 of the specification, as printed there. */
dreamfactory('the examples of the specification', (it) => {
  it('POST system/admin/session', async ({ expect }) => {
    const body = {
      session_token: token,
      session_id: token,
      id: any,
      name: 'root',
      first_name: null,
      last_name: null,
      email: administrator.email,
      is_sys_admin: true,
      last_login_date: instant,
      host: 'localhost',
      token_expiry_date: instant,
    }
    const given = { email: administrator.email, password: administrator.password }
    const request = ['POST', 'system/admin/session', given] as const
    await expect(request, { status: 200, body, events: ['user.signed-in'] }, {})
  })

  it('GET system/user?filter=email=…', async ({ user, expect }) => {
    const { id, email } = await user('tomo')
    await expect(['GET', 'system/user?filter=email=tomo@example.com&fields=id,email'], {
      status: 200,
      body: { resource: [{ id, email, confirmed: true, expired: false }] },
    })
  })

  it('POST system/user', async ({ expect }) => {
    await expect(['POST', 'system/user', { resource: [{ name: 'T', email: 't@x.io', password }] }], {
      status: 201,
      body: { resource: [{ id: any }] },
      events: ['user.created'],
    })
  })

  it('POST system/user?send_invite=true, and the code that was mailed', async (door) => {
    const { expect, mailedCode } = door
    const invited = { resource: [{ name: 'T', email: 'invited@x.io' }] }
    const answer = await expect(['POST', 'system/user?send_invite=true', invited], {
      status: 201,
      body: { resource: [{ id: any }] },
      events: ['user.created', 'user.updated'],
    })
    const [{ id }] = (answer.body as { resource: [{ id: number }] }).resource
    await expect(['GET', `system/user/${id}?fields=id`], {
      status: 200,
      body: { id, confirmed: false, expired: false },
    })
    const code = await mailedCode('invited@x.io')
    const given = { email: 'invited@x.io', code, new_password: password }
    await expect(
      ['POST', 'user/password', given],
      { status: 200, body: { success: true }, events: ['user.password-changed', 'user.updated'] },
      {},
    )
    await expect(['GET', `system/user/${id}?fields=id`], {
      status: 200,
      body: { id, confirmed: true, expired: false },
    })
  })

  it('PATCH system/user?ids=…', async ({ user, expect }) => {
    const { id } = await user('patched')
    const request = ['PATCH', `system/user?ids=${id}`, { resource: [{ phone: '1' }] }] as const
    await expect(request, { status: 200, body: { resource: [{ id }] }, events: ['user.updated'] })
  })

  it('PATCH system/user/{id} with an assignment', async ({ user, app, role, expect }) => {
    const { id } = await user('assigned')
    const { id: app_id } = await app('one')
    const role_id = await role('R')
    const rows = { user_to_app_to_role_by_user_id: [{ user_id: id, app_id, role_id }] }
    await expect(['PATCH', `system/user/${id}?related=user_to_app_to_role_by_user_id`, rows], {
      status: 200,
      body: {
        id,
        confirmed: true,
        expired: false,
        user_to_app_to_role_by_user_id: [{ id: any, user_id: id, app_id, role_id }],
      },
      events: ['role.assigned'],
    })
  })

  it('DELETE system/user?ids=…', async ({ user, expect }) => {
    const { id } = await user('deleted')
    await expect(['DELETE', `system/user?ids=${id}`], {
      status: 200,
      body: { resource: [{ id }] },
      events: ['user.deleted'],
    })
  })

  it('POST user/register?login=true', async ({ expect }) => {
    const given = { first_name: 'A', last_name: 'B', email: 'a@b.io', new_password: password }
    await expect(
      ['POST', 'user/register?login=true', given],
      {
        status: 200,
        body: { success: true, session_token: token },
        events: ['user.created', 'user.registered', 'role.assigned', 'user.signed-in'],
      },
      {},
    )
  })

  it('POST user/password?login=true with a code, once', async ({ user, expect, call, mailedCode }) => {
    const { email } = await user('forgetful')
    await call('POST', 'user/password?reset=true', { email }, {})
    const given = { email, code: await mailedCode(email), new_password: 'another-secret' }
    await expect(
      ['POST', 'user/password?login=true', given],
      {
        status: 200,
        body: { success: true, session_token: token },
        events: ['user.password-changed', 'user.updated'],
      },
      {},
    )
    const text = 'The supplied email and/or confirmation code were not found in the system.'
    await expect(['POST', 'user/password', given], { status: 404, body: fault(404, text) }, {})
  })
})
