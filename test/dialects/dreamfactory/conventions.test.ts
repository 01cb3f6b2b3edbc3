import assert from 'node:assert/strict'
import { any } from '#test/harness/scenario.ts'
import { dreamfactory, type Fields, fault, password } from './door.ts'

const item = (message: string | RegExp, context: unknown = null, code = 400) => ({
  code,
  context,
  message,
  status_code: code,
})

/** §1 and §3.1 to §3.2 of the specification. */
dreamfactory('conventions', (it) => {
  it('addresses are written in several ways', async ({ server, admin }) => {
    for (const path of [
      '/api/v2/system/user',
      '/api/system/user',
      '/api/v2/System/user/',
      '/api/v2.0/SYSTEM/user',
    ]) {
      const answer = await server.call('GET', `${path}?count_only=true`, { headers: admin })
      assert.equal(answer.status, 200, `${path}: ${answer.text}`)
    }
    const all = await server.call('GET', '/api', { headers: admin })
    assert.deepEqual(Object.keys(all.body as Fields).sort(), ['resource', 'service_types', 'services'])
    const root = await server.call('GET', '/api/v2/user?as_list=true', { headers: admin })
    assert.deepEqual(root.body, { resource: ['password', 'profile', 'register', 'session', 'custom'] })
  })

  it('browsers may ask from anywhere, and what is not there is named', async ({ server, expect }) => {
    for (const path of ['/api/v2/system/user', '/api/system/role/4', '/api/v2/user/session']) {
      const { status, headers } = await server.call('OPTIONS', path)
      assert.deepEqual([status, headers['access-control-allow-origin']], [204, '*'], path)
    }
    await expect(['GET', 'system/nonsense'], {
      status: 404,
      body: fault(404, "Resource 'nonsense' not found for service 'system'."),
    })
    const none = await server.call('GET', '/api/nonsense')
    assert.deepEqual([none.status, none.body], [404, fault(404, 'Could not find a service for nonsense')])
  })

  it('lists, single records and their fields', async ({ user, expect }) => {
    const { id, email } = await user('shapes')
    const by = `filter=email=${email}`
    await expect(['GET', `system/user?${by}&as_list=true`], { status: 200, body: { resource: [id] } })
    await expect(['GET', `system/user?${by}&count_only=true`], { status: 200, body: 1 })
    await expect(['GET', `system/user?${by}&fields=email&include_count=true`], {
      status: 200,
      body: { resource: [{ email, confirmed: true, expired: false }], meta: { count: 1 } },
    })
    await expect(['GET', `system/user/${id}`], {
      status: 200,
      body: {
        id,
        name: 'shapes',
        username: email,
        ldap_username: null,
        first_name: null,
        last_name: null,
        last_login_date: null,
        email,
        is_active: true,
        phone: null,
        security_question: null,
        default_app_id: null,
        adldap: null,
        oauth_provider: null,
        saml: null,
        created_date: any,
        last_modified_date: any,
        created_by_id: any,
        last_modified_by_id: any,
        confirmed: true,
        expired: false,
      },
    })
    await expect(['GET', 'system/user/9999'], {
      status: 404,
      body: fault(404, "Record with identifier '9999' not found."),
    })
    await expect(['GET', `system/user?ids=${id},9999`], {
      status: 400,
      body: {
        error: {
          code: 1000,
          context: {
            error: [1],
            resource: [any, item("Record with identifier '9999' not found.", null, 404)],
          },
          message: 'Batch Error: Not all requested records could be retrieved.',
          status_code: 400,
        },
      },
    })
    await expect(['POST', `system/user/${id}`, {}], {
      status: 400,
      body: fault(400, 'Create record by identifier not currently supported.'),
    })
  })

  it('verbs are tunnelled through POST alone', async ({ user, expect, admin, server }) => {
    const { id } = await user('tunnel')
    const through = (headers: Record<string, string>) => ({ ...admin, ...headers })
    const body = { resource: [{ id, phone: '3' }] }
    const answer = { status: 200, body: { resource: [{ id }] } }
    const changed = { ...answer, events: ['user.updated'] }
    await expect(['POST', 'system/user', body], changed, through({ 'X-HTTP-Method': 'patch' }))
    await expect(['POST', 'system/user', body], answer, through({ 'X-Method-Override': 'MERGE' }))
    await expect(['POST', 'system/user?method=PUT', body], answer)
    await expect(
      ['POST', 'system/user', { ids: [id], fields: 'id' }],
      {
        status: 200,
        body: { resource: [{ id, confirmed: true, expired: false }] },
      },
      through({ 'X-HTTP-Method': 'GET' }),
    )
    await expect(['GET', `system/user?method=DELETE&ids=${id}&fields=id`], { status: 200 })
    await expect(['POST', 'system/user', body], { status: 405 }, through({ 'X-HTTP-Method': 'BREW' }))
    const raw = await server.call('PATCH', `/api/v2/system/user/${id}`, {
      body: '{"phone":"4"}',
      headers: { ...admin, 'content-type': 'text/plain' },
    })
    assert.equal(raw.status, 200)
  })

  it('bodies that hold no records, or no JSON', async ({ expect, server, admin }) => {
    const none = /^No record\(s\) detected in request\./
    for (const body of [{ email: 'x@example.com' }, { resource: [] }, [], null]) {
      await expect(['POST', 'system/user', body === null ? 'null' : body], {
        status: 400,
        body: fault(400, none),
      })
    }
    const broken = await server.call('POST', '/api/v2/system/user', { body: '{"resource":', headers: admin })
    assert.deepEqual([broken.status, broken.body], [400, fault(400, 'Invalid or malformed JSON.')])
    await expect(['DELETE', 'system/user'], {
      status: 400,
      body: fault(400, 'No filter or records given for delete request.'),
    })
    await expect(['PATCH', 'system/user', { resource: [{ phone: '1' }] }], {
      status: 400,
      body: {
        error: {
          code: 1000,
          context: {
            error: [0],
            resource: [item('Identifying field &quot;id&quot; can not be empty for update request . ')],
          },
          message: 'Batch Error: Not all requested records could be updated.',
          status_code: 400,
        },
      },
    })
  })

  it('an empty change is legal, and changes nothing', async ({ user, expect }) => {
    const { id } = await user('empty')
    for (const body of [undefined, 'null', {}]) {
      await expect(['PATCH', `system/user/${id}`, body], { status: 200, body: { id } })
    }
    await expect(['PATCH', `system/user/${id}`, { confirmed: false, created_date: 'x', nonsense: [1] }], {
      status: 200,
      body: { id },
    })
  })

  it('a batch stops, goes on or is undone', async ({ expect, call }) => {
    const batch = (tag: string) => ({
      resource: [{ email: `${tag}1@x.io` }, { email: 'no address' }, { email: `${tag}2@x.io` }],
    })
    const refused = item('Invalid data supplied. The email must be a valid email address.', {
      email: ['The email must be a valid email address.'],
    })
    const failure = (resource: unknown[], more = '') => ({
      error: {
        code: 1000,
        context: { error: [1], resource },
        message: `Batch Error: Not all requested records could be created.${more}`,
        status_code: 400,
      },
    })
    await expect(['POST', 'system/user', batch('stop')], {
      status: 400,
      body: failure([{ id: any }, refused]),
      events: ['user.created'],
    })
    await expect(['POST', 'system/user?continue=true', batch('on')], {
      status: 400,
      body: failure([{ id: any }, refused, { id: any }]),
      events: ['user.created', 'user.created'],
    })
    await expect(['POST', 'system/user?rollback=true', batch('undone')], {
      status: 400,
      body: failure([{ id: any }, refused], ' All changes rolled back.'),
    })
    const left = await call('GET', 'system/user?filter=email+like+%22%25@x.io%22&fields=email&order=email')
    assert.deepEqual(
      (left.body as { resource: Fields[] }).resource.map(({ email }) => email),
      ['on1@x.io', 'on2@x.io', 'stop1@x.io'],
    )
  })

  it('an address that is taken is refused with the sentence that old clients look for', async ({
    user,
    expect,
  }) => {
    const { email } = await user('taken')
    const message = `Failed to create resource: Duplicate entry '${email}' for key 'user_email_unique'. The email has already been taken.`
    await expect(['POST', 'system/user', { resource: [{ email, password }] }], {
      status: 400,
      body: {
        error: {
          code: 1000,
          context: {
            error: [0],
            resource: [item(message, { email: ['The email has already been taken.'] })],
          },
          message: any,
          status_code: 400,
        },
      },
    })
  })

  it('filters, orders and pages', async ({ make, call }) => {
    const people = [
      ['Ada', 'Lovelace', true],
      ['Alan', 'Turing', false],
      ['Grace', 'Hopper', true],
    ] as const
    for (const [first_name, last_name, is_active] of people) {
      await make('user', { first_name, last_name, is_active, email: `${last_name}@calc.example` })
    }
    const found = async (query: string) => {
      const answer = await call('GET', `system/user?${query}`)
      assert.equal(answer.status, 200, answer.text)
      return (answer.body as { resource: Fields[] }).resource.map((each) => each.first_name).join(' ')
    }
    const by = (filter: string) => found(`filter=${encodeURIComponent(filter)}&order=first_name`)
    const calc = "(email ends with '@calc.example')"
    assert.equal(await by("last_name='turing'"), 'Alan')
    assert.equal(await by('first_name like "A%"'), 'Ada Alan')
    assert.equal(await by('first_name not like "A%"'), 'Grace')
    assert.equal(await by(`${calc} AND (is_active = 1)`), 'Ada Grace')
    assert.equal(await by(`${calc} and (is_active=false)`), 'Alan')
    assert.equal(await by(`(first_name=Ada) || (last_name=HOPPER)`), 'Ada Grace')
    assert.equal(await by(`${calc} and not (first_name = 'Ada')`), 'Alan Grace')
    assert.equal(await by("last_name in ('Hopper', Turing)"), 'Alan Grace')
    assert.equal(await by(`(last_name not in ('Hopper', 'Turing')) and ${calc}`), 'Ada')
    assert.equal(await by(`${calc} xor (first_name = Ada)`), 'Alan Grace')
    assert.equal(await by("last_name starts with 'Love'"), 'Ada')
    assert.equal(await by('last_name contains urin'), 'Alan')
    assert.equal(await by(`${calc} and (phone is null)`), 'Ada Alan Grace')
    assert.equal(await by(`${calc} and (phone IS NOT NULL)`), '')
    assert.equal(await found('where=email like "%25@calc.example"&sort=last_name desc&limit=2'), 'Alan Ada')
    assert.equal(await found('filter=email like "%25@calc.example"&order=id&offset=2'), 'Grace')
  })

  it('what is no filter, no order and no number', async ({ expect }) => {
    const get = (query: string) => ['GET', `system/user?${query}`] as const
    const filter = (text: string) => get(`filter=${encodeURIComponent(text)}`)
    const refused = (message: string) => ({ status: 400, body: fault(400, message) })
    await expect(filter('nonsense = 1'), refused("Invalid or unparsable field in filter request: 'nonsense'"))
    await expect(
      filter('passwordHash like "a%"'),
      refused("Invalid or unparsable field in filter request: 'passwordHash'"),
    )
    await expect(filter('id = x'), refused("Field 'id' must be a valid integer."))
    await expect(filter('id in 1,2'), refused('Filter value lists must be wrapped in parentheses.'))
    await expect(filter('id ='), refused('Invalid or unparsable filter request.'))
    await expect(filter('(id = 1'), refused('Invalid or unparsable filter request.'))
    await expect(filter('name = :nothing'), { status: 400 })
    await expect(get('order=nonsense'), refused("Invalid or unparsable field in order request: 'nonsense'"))
    await expect(get('order=id;drop'), { status: 400 })
    await expect(get('limit=x'), refused("'x' is not a whole number."))
    await expect(['GET', 'system/user/9007199254740993'], { status: 404 })
  })

  it('tables of comma-separated values are lists of records', async ({ server, admin, call }) => {
    const body = 'first_name,last_name,email\nCarl,Gauß,carl@csv.example\nEmmy,Noether,emmy@csv.example\n'
    const answer = await server.call('POST', '/api/v2/system/user', {
      body,
      headers: { ...admin, 'content-type': 'text/csv' },
    })
    assert.equal(answer.status, 201, answer.text)
    const found = await call(
      'GET',
      'system/user?filter=email+like+%22%25csv.example%22&fields=name&order=name',
    )
    assert.deepEqual(
      (found.body as { resource: Fields[] }).resource.map(({ name }) => name),
      ['Carl Gauß', 'Emmy Noether'],
    )
  })

  it('lookups, values, templates and scripts are kept', async ({ expect, make, call }) => {
    const { id } = await make('lookup', { name: 'host', value: 'secret', private: true })
    await expect(['GET', `system/lookup/${id}?fields=name,value,private`], {
      status: 200,
      body: { name: 'host', value: '**********', private: true },
    })
    await expect(['PATCH', `system/lookup/${id}`, { value: '**********' }], { status: 200, body: { id } })
    await expect(['POST', 'system/custom', { resource: [{ name: 'prefs', value: { a: [1] } }] }], {
      status: 201,
      body: { resource: [{ name: 'prefs' }] },
      events: ['entry.created'],
    })
    await expect(['GET', 'system/custom/prefs'], { status: 200, body: { a: [1] } })
    await expect(['POST', 'system/email_template', { resource: [{ subject: 'x' }] }], {
      status: 400,
      body: {
        error: {
          code: 1000,
          context: {
            error: [0],
            resource: [
              item('Invalid data supplied. The Template Name field is required.', {
                name: ['The Template Name field is required.'],
              }),
            ],
          },
          message: any,
          status_code: 400,
        },
      },
    })
    const script = { type: 'nodejs', content: 'event.response', is_active: false }
    const name = 'user.register.post.post_process'
    await expect(['POST', `system/event_script/${name}`, script], {
      status: 201,
      body: { name },
      events: ['entry.created', 'hook.created', 'hook.deployed'],
    })
    await expect(['POST', `system/event_script/${name}`, { ...script, content: 'x' }], {
      status: 200,
      body: { name },
      events: ['entry.updated', 'hook.updated', 'hook.deployed'],
    })
    const events = await call('GET', 'system/event?service=user&scriptable=true&as_list=true')
    assert.ok((events.body as { resource: string[] }).resource.includes(name))
    // What is listed comes from what is answered.
    const all = (await call('GET', 'system/event?as_list=true')).body as { resource: string[] }
    for (const listed of ['user.custom.{id}.get', 'system.event.get', 'system.event_script.{id}.post']) {
      assert.ok(all.resource.includes(listed), listed)
    }
    assert.equal(new Set(all.resource).size, all.resource.length)
    await expect(['DELETE', `system/event_script/${name}`], {
      status: 200,
      body: { name },
      events: ['entry.deleted', 'hook.deleted'],
    })
  })
})
