import assert from 'node:assert/strict'
import { any } from '#test/harness/scenario.ts'
import { dreamfactory, type Fields, fault, password } from './door.ts'

/** §2.10 and §3 of the specification: what each resource holds, and how it is written. */
dreamfactory('resources', (it) => {
  it('bodies are JSON whatever they are called, and forms are flat fields', async ({ server, user, app }) => {
    const { key } = await app('bodies')
    const { email } = await user('bodies')
    const login = (body: string, type: string) =>
      server.call('POST', '/api/v2/user/session', {
        body,
        headers: { ...key, 'content-type': type },
      })
    const json = JSON.stringify({ email, password })
    for (const type of ['text/plain', 'application/vnd.x', 'application/json; charset=utf-8']) {
      assert.equal((await login(json, type)).status, 200, type)
    }
    const form = new URLSearchParams({ email, password }).toString()
    assert.equal((await login(form, 'application/x-www-form-urlencoded')).status, 200)
  })

  it('a role comes with its access rows and lookups in one call, and goes with them', async (door) => {
    const { expect, call } = door
    const record = {
      name: 'Whole',
      is_active: true,
      role_service_access_by_role_id: [
        { service_id: null, component: '*', verb_mask: 31, requestor_mask: 3, filters: [], filter_op: 'AND' },
      ],
      role_lookup_by_role_id: [{ name: 'desk', value: 'front' }],
      user_to_app_to_role_by_role_id: [],
    }
    const made = await call('POST', 'system/role', { resource: [record] })
    assert.equal(made.status, 201, made.text)
    const [{ id }] = (made.body as { resource: [{ id: number }] }).resource
    const related = 'role_service_access_by_role_id,lookup_by_role_id,role_lookup_by_role_id'
    const shown = (await call('GET', `system/role/${id}?related=${related}`)).body as Record<string, Fields[]>
    const [access] = shown.role_service_access_by_role_id!
    assert.deepEqual(
      [access!.role_id, access!.service_id, access!.component, access!.verb_mask, access!.requestor_mask],
      [id, null, '*', 31, 3],
    )
    assert.deepEqual(shown.lookup_by_role_id, shown.role_lookup_by_role_id)
    const rows = [{ id: access!.id, role_id: null }]
    assert.equal(
      (await call('PATCH', `system/role/${id}`, { role_service_access_by_role_id: rows })).status,
      200,
    )
    await expect(['GET', `system/role/${id}?fields=name&related=role_service_access_by_role_id`], {
      status: 200,
      body: { name: 'Whole', role_service_access_by_role_id: [] },
    })
    await expect(['POST', 'system/role', { resource: [{ description: 'x' }] }], {
      status: 400,
      body: {
        error: {
          code: 1000,
          context: {
            error: [0],
            resource: [
              {
                code: 400,
                context: { name: ['The name field is required.'] },
                message: 'Invalid data supplied. The name field is required.',
                status_code: 400,
              },
            ],
          },
          message: 'Batch Error: Not all requested records could be created.',
          status_code: 400,
        },
      },
    })
    assert.equal((await door.make('role', { name: 'asleep by default' })).is_active, false)
  })

  it('lookups of a user: by id or name, masked, and not renamed onto another', async ({ user, call }) => {
    const { id } = await user('owner')
    const write = (rows: unknown) =>
      call('PATCH', `system/user/${id}?related=user_lookup_by_user_id`, { user_lookup_by_user_id: rows })
    const shown = (body: unknown) =>
      (body as Record<string, Fields[]>).user_lookup_by_user_id!.map(({ name, value }) => [name, value])
    const first = await write([
      { name: 'city', value: 'Ulm' },
      { name: 'pin', value: '1234', private: true },
    ])
    assert.deepEqual(shown(first.body), [
      ['city', 'Ulm'],
      ['pin', '**********'],
    ])
    const second = await write([
      { name: 'city', value: 'Bonn' },
      { name: 'pin', value: '**********' },
    ])
    assert.deepEqual(shown(second.body), [
      ['city', 'Bonn'],
      ['pin', '**********'],
    ])
    const [city] = (second.body as Record<string, Fields[]>).user_lookup_by_user_id!
    const clash = await write([{ id: city!.id, name: 'pin' }])
    assert.equal(clash.status, 400, clash.text)
    const blank = await write([{ name: 'with blank', value: 'x' }])
    assert.equal(blank.status, 400)
    const gone = await write([{ name: 'city', user_id: null }])
    assert.deepEqual(shown(gone.body), [['pin', '**********']])
  })

  it('an app: its key, its default role, and what it was before it went', async ({ expect, role, call }) => {
    const role_id = await role('app default')
    const record = { name: 'Keyed', is_active: true, role_id, type: 2, url: 'https://x.example' }
    const made = await expect(['POST', 'system/app?fields=id,name,api_key', { resource: [record] }], {
      status: 201,
      body: { resource: [{ id: any, name: 'Keyed', api_key: /^[\da-z]{64,}$/i }] },
      events: ['application.created'],
    })
    const [{ id }] = (made.body as { resource: [{ id: number }] }).resource
    const read = (await call('GET', `system/app/${id}?related=role_by_role_id`)).body as Fields
    assert.equal((read.role_by_role_id as Fields).id, role_id)
    assert.deepEqual(
      [read.role_id, read.type, read.launch_url, read.toggle_location, read.allow_fullscreen_toggle],
      [role_id, 2, 'https://x.example', 'top', true],
    )
    const { body: environment } = await call('GET', 'system/environment', undefined, {})
    const { authentication, apps } = environment as { authentication: Fields; apps: Fields[] }
    assert.equal((authentication.user as Fields).path, 'user/session')
    assert.equal(authentication.login_attribute, 'email')
    assert.ok(apps.some((each) => each.id === id))
    assert.equal((environment as Fields).platform, undefined)
    await expect(['DELETE', `system/app/${id}?fields=name,role_id&delete_storage=true`], {
      status: 200,
      body: { name: 'Keyed', role_id },
      events: ['application.deleted'],
    })
  })

  it('a role that is switched off lets nobody sign in to its app', async (door) => {
    const { user, app, role, assign, call, expect } = door
    const [{ id, email }, shop, roleId] = [
      await user('role-off'),
      await app('role-off'),
      await role('role-off'),
    ]
    await assign(id, shop.id, roleId)
    await call('PATCH', `system/role/${roleId}`, { is_active: false })
    const answer = await call('POST', 'user/session', { email, password }, shop.key)
    assert.deepEqual([answer.status, answer.body], [403, fault(403, 'Role is not active.')])
    await expect(['GET', 'user/session'], { status: 401 }, {})
  })

  it('services, templates and kinds of scripts as clients look for them', async ({ expect, make, call }) => {
    await expect(['GET', 'system/service?filter=name=user&fields=id,name,label'], {
      status: 200,
      body: { resource: [{ id: 7, name: 'user', label: 'User Management' }] },
    })
    await expect(['DELETE', 'system/service/7'], { status: 403 })
    const template = { name: 'Hello', to: 'a@x.io, b@x.io', subject: 'Hi {name}', body_text: 'x' }
    assert.deepEqual((await make('email_template', template)).to, ['a@x.io', 'b@x.io'])
    const types = (await call('GET', 'system/script_type')).body as { resource: Fields[] }
    assert.ok(types.resource.some(({ name }) => name === 'nodejs'))
    const names = (await call('GET', 'system?as_list=true')).body as { resource: string[] }
    assert.ok(['admin', 'role', 'event_script'].every((name) => names.resource.includes(name)))
    await expect(['DELETE', 'system/cache/_event'], { status: 200, body: { success: true } })
    await expect(['GET', 'system/event?services_only=true'], {
      status: 200,
      body: { resource: ['system', 'user'] },
    })
  })

  it('a profile is its owner’s', async ({ user, session, expect }) => {
    const { email } = await user('profiled', { first_name: 'P', last_name: 'Q', phone: '5' })
    const own = await session(email)
    const body = {
      username: email,
      first_name: 'P',
      last_name: 'Q',
      name: 'profiled',
      email,
      phone: '5',
      security_question: null,
      default_app_id: null,
      oauth_provider: '',
      adldap: '',
    }
    await expect(['GET', 'user/profile'], { status: 200, body }, own)
    await expect(['GET', 'system/admin/profile'], { status: 401 }, own)
    await expect(
      ['PATCH', 'user/profile', { security_question: 'Which?', security_answer: 'That', is_sys_admin: true }],
      { status: 200, body: { success: true }, events: ['user.updated'] },
      own,
    )
    await expect(
      ['GET', 'user/profile'],
      { status: 200, body: { ...body, security_question: 'Which?' } },
      own,
    )
  })

  it('asking for a new password tells nobody who has an account, or which question', async (door) => {
    const { call, user, session, expect } = door
    const { email } = await user('questioned')
    const own = await session(email)
    await call('POST', 'user/profile', { security_question: 'Which?', security_answer: 'That' }, own)
    for (const asked of [email, 'nobody-there@example.com']) {
      const answer = await call('POST', 'user/password?reset=true', { email: asked }, {})
      assert.deepEqual([answer.status, answer.body], [200, { success: true }])
      const answered = { email: asked, security_answer: 'That', new_password: 'another-secret' }
      await expect(
        ['POST', 'user/password', answered],
        { status: 400, body: fault(400, 'The answer supplied does not match.') },
        {},
      )
    }
    assert.equal((await call('POST', 'user/session', { email, password }, {})).status, 200)
  })
})
