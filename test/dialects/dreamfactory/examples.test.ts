import assert from 'node:assert/strict'
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

  it('the documentation’s calls, for users and for administrators', async ({ expect, call, mailedCode }) => {
    for (const [kind, password_] of [
      ['user', 'user/password'],
      ['admin', 'system/admin/password'],
    ] as const) {
      const path = `system/${kind}`
      const isAdmin = kind === 'admin'
      const given = isAdmin ? ['role.assigned'] : []
      const plain = { resource: [{ name: 'P', email: `plain-${kind}@x.io`, password }] }
      const made = await expect(['POST', path, plain], {
        status: 201,
        body: { resource: [{ id: any }] },
        events: ['user.created', ...given],
      })
      const email = `invited-${kind}@x.io`
      const invited = await expect(
        ['POST', `${path}?send_invite=true`, { resource: [{ name: 'I', email }] }],
        {
          status: 201,
          body: { resource: [{ id: any }] },
          events: ['user.created', ...given, 'user.updated'],
        },
      )
      const [{ id: one }] = (made.body as { resource: [{ id: number }] }).resource
      const [{ id: two }] = (invited.body as { resource: [{ id: number }] }).resource
      const confirm = { email, code: await mailedCode(email), new_password: password }
      const other = isAdmin ? 'user/password' : 'system/admin/password'
      const text = `You are not authorized to reset/change password for the account ${email}`
      await expect(['POST', other, confirm], { status: 401, body: fault(401, text) }, {})
      assert.equal((await call('POST', password_, confirm, {})).status, 200)
      await expect(['GET', `${path}?ids=${one},${two}&fields=email&order=id`], {
        status: 200,
        body: {
          resource: [plain.resource[0]!.email, email].map((each) => ({
            email: each,
            confirmed: true,
            expired: false,
          })),
        },
      })
      await expect(['PATCH', `${path}?ids=${one},${two}`, { resource: [{ phone: '1' }] }], {
        status: 200,
        body: { resource: [{ id: one }, { id: two }] },
        events: ['user.updated', 'user.updated'],
      })
      await expect(['PUT', path, { resource: [{ id: String(one), phone: '2' }] }], {
        status: 200,
        body: { resource: [{ id: one }] },
        events: ['user.updated'],
      })
      await expect(['DELETE', `${path}?ids=${one},${two}`], {
        status: 200,
        body: { resource: [{ id: one }, { id: two }] },
        events: [1, 2].flatMap(() => [...(isAdmin ? ['role.removed'] : []), 'user.deleted']),
      })
    }
  })

  it('the forum’s assignment, with key, token and Basic together', async (door) => {
    const { user, app, role, expect, admin } = door
    const { id } = await user('from-the-forum')
    const { id: app_id, apiKey } = await app('forum')
    const role_id = await role('forum')
    const basic = Buffer.from(`${administrator.email}:${administrator.password}`).toString('base64')
    const all = { ...admin, 'x-dreamfactory-api-key': apiKey, authorization: `Basic ${basic}` }
    const rows = [{ user_id: id, app_id: String(app_id), role_id }]
    await expect(
      [
        'PATCH',
        `system/user/${id}?relate=user_to_app_to_role_by_user_id`,
        { user_to_app_to_role_by_user_id: rows },
      ],
      { status: 200, body: { id }, events: ['role.assigned'] },
      all,
    )
  })

  it('signing in confirms whoever was invited with a password', async ({ user, expect, call }) => {
    const { id, email } = await user('invited-later')
    assert.equal((await call('PATCH', `system/user/${id}?send_invite=true`, {})).status, 200)
    const read = ['GET', `system/user/${id}?fields=id`] as const
    await expect(read, { status: 200, body: { id, confirmed: false, expired: false } })
    const answer = await call('POST', 'user/session', { email, password }, {})
    assert.equal(answer.status, 200, answer.text)
    await expect(read, { status: 200, body: { id, confirmed: true, expired: false } })
  })

  it('HEAD is answered as GET is', async ({ call }) => {
    const answer = await call('HEAD', 'system/user')
    assert.equal(answer.status, 200)
    const none = await call('HEAD', 'system/user', undefined, {})
    assert.equal(none.status, 400)
  })
})
