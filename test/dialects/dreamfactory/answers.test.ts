import assert from 'node:assert/strict'
import { any } from '#test/harness/scenario.ts'
import { administrator } from '#test/harness/server.ts'
import { dreamfactory, type Fields, fault, password } from './door.ts'

const dayInMilliseconds = 86_400_000
const notFound = (id: string | number) => ({
  code: 404,
  context: null,
  message: `Record with identifier '${id}' not found.`,
  status_code: 404,
})
const batch = (past: string, error: number[], resource: unknown[]) => ({
  error: {
    code: 1000,
    context: { error, resource },
    message: `Batch Error: Not all requested records could be ${past}.`,
    status_code: 400,
  },
})

/** §1.3 to §1.9 of the specification: what an answer looks like, and what can't be answered. */
dreamfactory('answers', (it) => {
  it('lists come without their envelope where the caller says so', async ({ user, expect, admin }) => {
    const { id, email } = await user('unwrapped')
    const by = `filter=email=${email}&fields=id`
    const record = { id, confirmed: true, expired: false }
    await expect(['GET', `system/user?${by}&wrap=false`], { status: 200, body: [record] })
    await expect(['GET', `system/user?${by}`], { status: 200, body: [record] }, { ...admin, wrap: '0' })
    await expect(['GET', `system/user?${by}&wrap=yes`], { status: 200, body: { resource: [record] } })
    await expect(['GET', `system/user?${by}&wrap=false&include_count=true`], {
      status: 200,
      body: { resource: [record], meta: { count: 1 } },
    })
    await expect(['PATCH', `system/user?ids=${id}&wrap=false`, [{}]], { status: 200, body: [{ id }] })
    await expect(['GET', `system/user/${id}?fields=id&wrap=false`], { status: 200, body: record })
  })

  it('an answer is a table or XML where that alone is taken, and a file on request', async (door) => {
    const { server, admin, user } = door
    const { id } = await user('formats', { first_name: 'A, "B"', last_name: '<C>' })
    const get = async (query: string, accept?: string) => {
      const headers = { ...admin, ...(accept !== undefined && { accept }) }
      const path = `/api/v2/system/user?ids=${id}&fields=first_name,last_name${query}`
      const answer = await server.call('GET', path, { headers })
      const { 'content-type': type, 'content-disposition': disposition } = answer.headers
      return [answer.status, type?.split(';')[0], answer.text, disposition]
    }
    const json =
      '{"resource":[{"first_name":"A, \\"B\\"","last_name":"<C>","confirmed":true,"expired":false}]}'
    const csv = 'first_name,last_name,confirmed,expired\n"A, ""B""",<C>,true,false\n'
    const xml =
      '<?xml version="1.0" ?>\n<dfapi><resource><first_name>A, "B"</first_name><last_name>&lt;C&gt;</last_name><confirmed>true</confirmed><expired>false</expired></resource></dfapi>\n'
    for (const accept of ['*/*', '', 'text/html, */*;q=0.1', 'application/json, text/csv', 'text/csv,*/*']) {
      assert.deepEqual(await get('', accept), [200, 'application/json', json, undefined], accept)
    }
    assert.deepEqual(await get('', 'text/csv'), [200, 'text/csv', csv, undefined])
    assert.deepEqual(await get('', 'application/xml'), [200, 'application/xml', xml, undefined])
    assert.deepEqual(await get('&accept=text/csv', 'application/json'), [200, 'text/csv', csv, undefined])
    const named = (name: string) => `attachment; filename="${name}"`
    assert.deepEqual(await get('&file=people.csv'), [200, 'text/csv', csv, named('people.csv')])
    assert.deepEqual(await get('&file=true'), [200, 'application/json', json, named('user.json')])
    const sly = await get(`&file=${encodeURIComponent('a"\r\nx: y.xml')}`)
    assert.deepEqual(sly, [200, 'application/xml', xml, named('a___x__y.xml')])
    const [status, type, text] = await get('', 'image/png')
    assert.deepEqual([status, type], [400, 'application/json'])
    assert.match(String(text), /can not be had as any of image\/png/u)
    const made = { body: { resource: [{ email: 'never-made@example.com' }] } }
    const refused = await server.call('POST', '/api/v2/system/user', {
      ...made,
      headers: { ...admin, accept: 'image/png' },
    })
    assert.equal(refused.status, 400)
    const count = await door.call('GET', 'system/user?filter=email=never-made@example.com&count_only=true')
    assert.equal(count.body, 0)
  })

  it('lookups are filled into the values of a filter, the nearest first', async (door) => {
    const { make, user, app, role, assign, session, expect } = door
    const shop = await app('lookups')
    const { id, email } = await user('looks-up')
    await assign(id, shop.id, await role('looks up', [1, 'user', 1]))
    const own = { ...(await session(email)), ...shop.key }
    const { id: lookup } = await make('lookup', { name: 'wanted', value: 'nobody@example.com' })
    const path = `system/user?count_only=true&filter=${encodeURIComponent("email='{lookup.wanted}'")}`
    await expect(['GET', path], { status: 200, body: 0 }, own)
    const rows = { lookup_by_user_id: [{ name: 'wanted', value: email }] }
    assert.equal((await door.call('PATCH', `system/user/${id}`, rows)).status, 200)
    await expect(['GET', path], { status: 200, body: 1 }, own)
    await expect(['GET', path], { status: 200, body: 0 })
    // What a lookup holds is a value, whatever it looks like.
    await door.call('PATCH', `system/lookup/${lookup}`, { value: "x' or (id > 0)" })
    await expect(['GET', path], { status: 200, body: 0 })
    const bare = `system/user?count_only=true&filter=${encodeURIComponent('email={lookup.wanted}')}`
    await expect(['GET', bare], { status: 200, body: 0 })
    // Whoever filters by a private value could find it out; it is not there, as one that nobody made.
    await make('lookup', { name: 'hidden', value: email, private: true })
    for (const name of ['hidden', 'nonsense', '__proto__']) {
      const filter = encodeURIComponent(`email = {lookup.${name}}`)
      await expect(['GET', `system/user?count_only=true&filter=${filter}`], { status: 200, body: 0 })
    }
  })

  it('ids that can be nobody’s are not found, and no fault', async ({ user, expect, call }) => {
    const { id } = await user('beyond')
    for (const odd of ['9007199254740991', '9007199254740993', '99999999999999999999', '-1', '1.5', 'x']) {
      await expect(['GET', `system/user/${odd}`], { status: 404, body: { error: notFound(odd) } })
      await expect(['PATCH', `system/user/${odd}`, { phone: '1' }], {
        status: 404,
        body: { error: notFound(odd) },
      })
      await expect(['DELETE', `system/user/${odd}`], { status: 404, body: { error: notFound(odd) } })
      await expect(['GET', `system/user?ids=${odd}`], {
        status: 400,
        body: batch('retrieved', [0], [notFound(odd)]),
      })
      await expect(['PATCH', `system/user?ids=${odd}`, { resource: [{ phone: '1' }] }], {
        status: 400,
        body: batch('updated', [0], [notFound(odd)]),
      })
      await expect(['DELETE', `system/user?ids=${odd}`], {
        status: 400,
        body: batch('deleted', [0], [notFound(odd)]),
      })
      await expect(['PATCH', 'system/user', { resource: [{ id: odd, phone: '1' }] }], {
        status: 400,
        body: batch('updated', [0], [notFound(odd)]),
      })
      const rows = { user_to_app_to_role_by_user_id: [{ app_id: odd, role_id: odd }] }
      await expect(['PATCH', `system/user/${id}`, rows], { status: 400 })
      const moved = { user_to_app_to_role_by_user_id: [{ id: odd, user_id: null }] }
      assert.ok([200, 400].includes((await call('PATCH', `system/user/${id}`, moved)).status))
      for (const path of ['role', 'app', 'service', 'lookup', 'email_template']) {
        await expect(['GET', `system/${path}/${odd}`], { status: 404 })
      }
    }
    const filter = encodeURIComponent('id = 9007199254740991')
    await expect(['GET', `system/user?filter=${filter}`], { status: 200, body: { resource: [] } })
    const huge = encodeURIComponent('id = 9007199254740993')
    await expect(['GET', `system/user?filter=${huge}`], {
      status: 400,
      body: fault(400, "Field 'id' must be a valid integer."),
    })
  })

  it('items of a batch that are no records are refused, and the rest stands', async ({ expect, call }) => {
    const items = [null, 1, 'text', [], true]
    const refused = (message: string | RegExp) => ({ code: 400, context: null, message, status_code: 400 })
    const object = 'Invalid data supplied. A record must be an object.'
    for (const path of [
      'user',
      'admin',
      'role',
      'app',
      'lookup',
      'custom',
      'email_template',
      'event_script',
    ]) {
      await expect(['POST', `system/${path}?continue=true`, { resource: items }], {
        status: 400,
        body: batch(
          'created',
          [0, 1, 2, 3, 4],
          items.map(() => refused(object)),
        ),
      })
      const answer = await call('PATCH', `system/${path}?continue=true`, { resource: items })
      assert.equal(answer.status, 400, answer.text)
      const gone = await call('DELETE', `system/${path}?continue=true`, { resource: [null, [], {}, true] })
      assert.equal(gone.status, 400, gone.text)
    }
    for (const record of [
      { email: 1 },
      { email: ['a@x.io'] },
      { email: { a: 1 } },
      { email: 'a@x.io', name: [1] },
      { email: 'a@x.io', password: 1234567 },
      { email: 'a@x.io', first_name: {} },
      { email: 'a@x.io', username: [] },
    ]) {
      await expect(['POST', 'system/user', { resource: [record] }], { status: 400 })
    }
  })

  it('entries are read by their ids, and changed and deleted by a filter', async ({ make, expect }) => {
    const [one, two] = [
      await make('lookup', { name: 'first-of', value: 'a' }),
      await make('lookup', { name: 'second-of', value: 'b' }),
    ]
    await expect(['GET', `system/lookup?ids=${two.id},${one.id}&fields=name`], {
      status: 200,
      body: { resource: [{ name: 'second-of' }, { name: 'first-of' }] },
    })
    await expect(['GET', `system/lookup?ids=${one.id},99999`], {
      status: 400,
      body: batch('retrieved', [1], [any, notFound(99999)]),
    })
    const filter = `filter=${encodeURIComponent("name ends with '-of'")}`
    await expect(['PATCH', `system/lookup?${filter}`, { resource: [{ description: 'both' }] }], {
      status: 200,
      body: { resource: [{ id: one.id }, { id: two.id }] },
      events: ['entry.updated', 'entry.updated'],
    })
    await expect(['DELETE', `system/lookup?${filter}`], {
      status: 200,
      body: { resource: [{ id: one.id }, { id: two.id }] },
      events: ['entry.deleted', 'entry.deleted'],
    })
  })

  it('what does not change by a filter that finds nobody', async ({ user, expect, call }) => {
    const { id } = await user('filtered', { phone: '77' })
    await expect(['PATCH', 'system/user?filter=phone=77', { resource: [{ phone: '78' }] }], {
      status: 200,
      body: { resource: [{ id }] },
      events: ['user.updated'],
    })
    assert.equal(((await call('GET', `system/user/${id}`)).body as Fields).phone, '78')
    await expect(['DELETE', 'system/user?filter=phone=78'], {
      status: 200,
      body: { resource: [{ id }] },
      events: ['user.deleted'],
    })
  })

  it('resources under a session, and a root’s names', async ({ expect }) => {
    for (const [path, what] of [
      ['user/session/x', 'session'],
      ['system/admin/session/x', 'session'],
      ['user/register/x', 'register'],
    ] as const) {
      await expect(['GET', path], {
        status: 400,
        body: fault(400, `Requests for resource 'x' are not currently supported by the '${what}' service.`),
      })
    }
    await expect(['PATCH', 'user/session'], {
      status: 400,
      body: fault(400, /requests .* are not currently supported by the 'session' service\.$/),
    })
    await expect(['GET', 'user/register'], { status: 400 })
    await expect(['DELETE', 'user/password'], { status: 400 })
  })

  it('which roles reach a service is told from its side too', async ({ role, expect }) => {
    const roleId = await role('service side', [7, 'custom', 1])
    const relation = 'role_service_access_by_service_id'
    const far = 'role_by_role_service_access'
    await expect(['GET', `system/service/7?fields=name&related=${relation},${far}`], {
      status: 200,
      body: {
        name: 'user',
        [relation]: [
          {
            id: any,
            role_id: roleId,
            service_id: 7,
            component: 'custom',
            verb_mask: 1,
            requestor_mask: 1,
            filters: any,
            filter_op: 'AND',
            created_date: any,
            last_modified_date: any,
            created_by_id: null,
            last_modified_by_id: null,
          },
        ],
        [far]: [any],
      },
    })
    await expect(['GET', `system/service/6?fields=name&related=${relation}`], {
      status: 200,
      body: { name: 'email', [relation]: [] },
    })
  })

  it('a code that nobody used in time shows, by the clock of the server', async (door) => {
    const { expect, server, mailedCode } = door
    const invited = { resource: [{ email: 'late@example.com' }] }
    const answer = await expect(['POST', 'system/user?send_invite=true', invited], {
      status: 201,
      events: ['user.created', 'user.updated'],
    })
    const [{ id }] = (answer.body as { resource: [{ id: number }] }).resource
    const confirmation = (expired: boolean) => ({
      status: 200,
      body: { id, confirmed: false, expired },
    })
    const read = ['GET', `system/user/${id}?fields=id`] as const
    const code = await mailedCode('late@example.com')
    const before = server.clock.now
    server.clock.now += dayInMilliseconds - 60_000
    const given = { email: administrator.email, password: administrator.password }
    const login = await door.call('POST', 'system/admin/session', given)
    const { session_token: token } = login.body as { session_token: string }
    const own = { 'x-dreamfactory-session-token': token }
    await expect(read, confirmation(false), own)
    server.clock.now += 120_000
    await expect(read, confirmation(true), own)
    const late = { email: 'late@example.com', code, new_password: password }
    await expect(
      ['POST', 'user/password', late],
      { status: 400, body: fault(400, 'Confirmation code expired.') },
      {},
    )
    server.clock.now = before
  })
})
