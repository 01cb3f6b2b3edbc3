import assert from 'node:assert/strict'
import { test } from 'node:test'
import { any, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { base, fresh, makeApplication, makeRole, makeUser, problem, tokenOfPerson } from './made.ts'

const password = 'a Secret-word 77'

const policy = async (own: TestServer, changes: object, application?: string): Promise<void> => {
  const path = application
    ? `${base}/applications/${application}/registration-policy`
    : `${base}/registration-policy`
  const { status, text } = await own.call('PATCH', path, {
    token: await adminToken(own),
    body: changes,
  })
  assert.equal(status, 200, text)
}

/** The operator's token holds no right to change settings: the administrator's does. */
const adminToken = async (own: TestServer): Promise<string> => {
  const root = await own.server.workspace.store.reader.users.findByUsername('root')
  return tokenOfPerson(own, root!.id, { scope: everything })
}
const everything =
  'settings:read settings:update roles:assign roles:read users:read users:update users:delete rules:read rules:create rules:update rules:delete invitations:create invitations:read'

const asAdmin = async (own: TestServer, method: string, path: string, body?: unknown) =>
  own.call(method, base + path, { token: await adminToken(own), ...(body !== undefined && { body }) })

scenarios('registering through the native API', (scenario, server) => {
  scenario('a stranger registers', {
    post: [`${base}/registrations`, { email: 'ada@example.com', password }],
    expect: {
      status: 201,
      body: { status: 'active', userId: any, givenRoleIds: ['user'], requestedRoleIds: [] },
      events: ['user.created', 'user.registered', 'role.assigned'],
    },
  })

  scenario('an address that can sign in at once is taken', {
    given: async (own) => ({ id: await makeUser(own, { email: 'taken@example.com' }) }),
    post: [`${base}/registrations`, { email: 'TAKEN@example.com', password }],
    expect: { status: 409, body: problem('taken', 409, { kind: 'user', field: 'email', value: any }) },
  })

  scenario('a role that can not be chosen is refused by the name it was given', {
    post: [`${base}/registrations`, { email: 'eve@example.com', password, roles: ['Admin'] }],
    expect: { status: 400, body: problem('role_not_selectable', 400, { role: 'Admin' }) },
  })

  for (const [title, body] of [
    ['an address that is none', { email: 'ada' }],
    ['roles that are no texts', { email: 'x@example.com', roles: [{ $ne: null }] }],
    ['a field of the user table', { email: 'x@example.com', isEmailVerified: true }],
    ['application metadata', { email: 'x@example.com', appMetadata: {} }],
  ] as const) {
    scenario(`${title} is refused`, {
      post: [`${base}/registrations`, body],
      expect: { status: 400, body: problem('invalid_request', 400, { errors: any }) },
    })
  }

  scenario('a weak password is refused', {
    post: [`${base}/registrations`, { email: 'weak@example.com', password: 'x' }],
    expect: { status: 400, body: problem('weak_password', 400, { policy: 'good', faults: any }) },
  })

  test('who has to wait is answered alike whether or not the address has an account [row 29]', async () => {
    const own = server()
    const application = await makeApplication(own)
    await policy(own, { emailConfirmation: 'first' }, application)
    const email = `${fresh('known')}@example.com`
    await makeUser(own, { email })
    const answers = []
    for (const address of [email, `${fresh('unknown')}@example.com`]) {
      const body = { email: address, password, applicationId: application }
      const { status, body: answer } = await own.call('POST', `${base}/registrations`, { body })
      answers.push({ status, answer })
    }
    assert.deepEqual(answers[0], { status: 202, answer: { status: 'awaiting-confirmation' } })
    assert.deepEqual(answers[0], answers[1])
  })

  test('the policy of an application offers roles, and its form shows them', async () => {
    const own = server()
    const application = await makeApplication(own)
    const [writer, editor] = [
      await makeRole(own, { name: fresh('Writer') }),
      await makeRole(own, { name: fresh('Editor') }),
    ]
    const scope = `application:${application}`
    const selectableRoles = [
      { roleId: writer, scope, grant: 'immediate' },
      { roleId: editor, scope, grant: 'approval' },
    ]
    await policy(own, { selectableRoles }, application)
    const form = await own.call('GET', `${base}/registrations/form?applicationId=${application}`)
    const { choices } = form.body as { choices: { roleId: string; grant: string }[] }
    assert.deepEqual(
      choices.map(({ roleId, grant }) => [roleId, grant]),
      [
        [writer, 'immediate'],
        [editor, 'approval'],
      ],
    )
    const body = {
      email: `${fresh('w')}@example.com`,
      password,
      applicationId: application,
      roles: [writer, editor],
    }
    const { status, body: answer } = await own.call('POST', `${base}/registrations`, { body })
    const { userId, ...rest } = answer as { userId: string }
    assert.deepEqual(
      [status, rest],
      [201, { status: 'active', givenRoleIds: ['user', writer], requestedRoleIds: [editor] }],
    )
    const why = await asAdmin(own, 'GET', `/explain?userId=${userId}&roleId=${writer}&scope=${scope}`)
    assert.equal(why.status, 403, 'it needs decisions:read')

    const theirs = await tokenOfPerson(own, userId)
    const mine = await own.call('GET', `${base}/role-requests?userId=${userId}`, { token: theirs })
    const [request] = (mine.body as { items: { id: string; status: string; role: { id: string } }[] }).items
    assert.deepEqual([request?.status, request?.role.id], ['open', editor])
    const all = await own.call('GET', `${base}/role-requests`, { token: theirs })
    assert.equal(all.status, 403)
    assert.equal(
      (await own.call('POST', `${base}/role-requests/${request!.id}/approve`, { token: theirs, body: {} }))
        .status,
      403,
    )
    const open = await asAdmin(own, 'GET', `/role-requests?status=open&roleId=${editor}`)
    assert.equal((open.body as { items: unknown[] }).items.length, 1)
    const approved = await asAdmin(own, 'POST', `/role-requests/${request!.id}/approve`, {
      answer: 'Welcome',
    })
    assert.equal(approved.status, 200, approved.text)
    assert.equal((approved.body as { status: string }).status, 'approved')
    assert.equal((await asAdmin(own, 'POST', `/role-requests/${request!.id}/reject`, {})).status, 400)
    const held = await own.server.workspace.store.reader.assignments.rolesIn(
      userId,
      `application:${application}`,
      own.clock.now,
    )
    assert.deepEqual(held.map(({ id }) => id).sort(), [writer, editor].sort())
  })

  test('a person asks later, and takes it back', async () => {
    const own = server()
    const application = await makeApplication(own)
    const role = await makeRole(own, { name: fresh('Later') })
    await policy(own, { selectableRoles: [{ roleId: role, grant: 'approval' }] }, application)
    const userId = await makeUser(own)
    const token = await tokenOfPerson(own, userId)
    const ask = (body: object) => own.call('POST', `${base}/role-requests`, { token, body })
    const asked = await ask({ roles: [role], applicationId: application, reason: 'Please' })
    assert.equal(asked.status, 201, asked.text)
    const [request] = (asked.body as { requests: { id: string; reason: string }[] }).requests
    assert.equal(request?.reason, 'Please')
    assert.equal((await ask({ roles: ['admin'], applicationId: application })).status, 400)
    assert.equal((await ask({ roles: [], applicationId: application })).status, 400)
    assert.equal((await ask({ roles: [role], userId: await makeUser(own) })).status, 403)
    const back = await own.call('POST', `${base}/role-requests/${request!.id}/withdraw`, { token, body: {} })
    assert.deepEqual([back.status, (back.body as { status: string }).status], [200, 'withdrawn'])
    const other = await tokenOfPerson(own, await makeUser(own))
    const path = `${base}/role-requests/${request!.id}`
    assert.equal((await own.call('GET', path, { token: other })).status, 403)
    assert.equal((await own.call('GET', `${path}?userId=${userId}`, { token })).status, 200)
  })

  test('people who wait for approval are listed, let in and turned away', async () => {
    const own = server()
    const application = await makeApplication(own)
    await policy(own, { mode: 'approval' }, application)
    const emails = [`${fresh('in')}@example.com`, `${fresh('out')}@example.com`]
    for (const email of emails) {
      const body = { email, password, applicationId: application }
      const { status, body: answer } = await own.call('POST', `${base}/registrations`, { body })
      assert.deepEqual([status, answer], [202, { status: 'awaiting-approval' }])
    }
    const listed = await asAdmin(own, 'GET', '/registrations')
    const items = (listed.body as { items: { id: string; email: string; approvalAskedAt: string }[] }).items
    assert.deepEqual(
      items.map(({ email }) => email),
      emails,
    )
    assert.ok(items[0]?.approvalAskedAt)
    const approved = await asAdmin(own, 'POST', `/registrations/${items[0]!.id}/approve`)
    assert.ok(!('approvalAskedAt' in (approved.body as object)))
    assert.equal((await asAdmin(own, 'POST', `/registrations/${items[1]!.id}/reject`)).status, 204)
    assert.equal((await asAdmin(own, 'POST', `/registrations/${items[1]!.id}/reject`)).status, 404)
    assert.equal((await asAdmin(own, 'POST', `/registrations/${items[0]!.id}/reject`)).status, 400)
  })

  scenario('who may not change settings changes no policy', {
    scopes: ['read:users', 'update:users'],
    patch: [`${base}/registration-policy`, { mode: 'closed' }],
    expect: {
      status: 403,
      body: problem('forbidden', 403, { permission: 'settings:update', scope: 'workspace' }),
    },
  })

  test('a policy that gives what is refused is refused, too', async () => {
    const own = server()
    const admin = await asAdmin(own, 'PATCH', '/registration-policy', { defaultRoles: [{ roleId: 'admin' }] })
    assert.deepEqual([admin.status, (admin.body as { code: string }).code], [400, 'invalid'])
    const empty = await asAdmin(own, 'PATCH', '/registration-policy', {})
    assert.equal(empty.status, 400)
    const wrong = await asAdmin(own, 'PATCH', '/registration-policy', { mode: 'ajar' })
    assert.equal(wrong.status, 400)
    const nowhere = await asAdmin(own, 'GET', '/applications/nowhere/registration-policy')
    assert.equal(nowhere.status, 404)
    const shown = await asAdmin(own, 'GET', '/registration-policy')
    assert.deepEqual(shown.body, {
      mode: 'open',
      emailDomains: [],
      emailConfirmation: 'later',
      defaultRoles: [{ roleId: 'user', scope: 'workspace' }],
      selectableRoles: [],
      own: [],
    })
  })
})

scenarios('rules of the native API', (scenario, server) => {
  const create = async (own: TestServer, body: object = {}) => {
    const role = await makeRole(own)
    const rule = {
      name: fresh('rule'),
      occasions: ['login'],
      condition: 'user.emailDomain == "rules.example"',
      roles: [{ roleId: role }],
      ...body,
    }
    const created = await asAdmin(own, 'POST', '/rules', rule)
    assert.equal(created.status, 201, created.text)
    return { role, rule, ...(created.body as { id: string; isActive: boolean; roles: unknown }) }
  }

  test('a rule is made, read, tried, switched on and deleted', async () => {
    const own = server()
    const { id, role, isActive, roles } = await create(own)
    assert.deepEqual([isActive, roles], [false, [{ roleId: role, scope: 'workspace' }]])
    const userId = await makeUser(own, { email: `${fresh('x')}@rules.example` })
    const tried = await asAdmin(own, 'POST', `/rules/${id}/dry-run`, { total: true })
    const { items, faults, next, scanned, total } = tried.body as {
      items: { user: { id: string }; gives: unknown; takes: unknown }[]
      faults: unknown[]
      next: unknown
      scanned: number
      total: number
    }
    assert.deepEqual(
      [items.map(({ user }) => user.id), faults, next, scanned === total],
      [[userId], [], null, true],
    )
    const page = await asAdmin(own, 'POST', `/rules/${id}/dry-run`, { limit: 1 })
    const cursor = (page.body as { next: string }).next
    assert.equal(
      (await asAdmin(own, 'POST', `/rules/${id}/dry-run`, { limit: 1, after: cursor })).status,
      200,
    )
    const badCursor = await asAdmin(own, 'POST', `/rules/${id}/dry-run`, { after: 'x' })
    assert.deepEqual([badCursor.status, (badCursor.body as { code: string }).code], [400, 'invalid_cursor'])
    const on = await asAdmin(own, 'PATCH', `/rules/${id}`, { isActive: true })
    assert.equal((on.body as { isActive: boolean }).isActive, true)
    const bad = await asAdmin(own, 'PATCH', `/rules/${id}`, { condition: 'user.nope' })
    assert.deepEqual([bad.status, (bad.body as { field: string }).field], [400, 'condition'])
    assert.equal((await asAdmin(own, 'GET', `/rules/${id}`)).status, 200)
    assert.equal((await asAdmin(own, 'DELETE', `/rules/${id}`)).status, 204)
    assert.equal((await asAdmin(own, 'DELETE', `/rules/${id}`)).status, 404)
  })

  test('rules are listed in their order', async () => {
    const own = server()
    const second = await create(own, { position: 900 })
    const first = await create(own, { position: 800 })
    const { body } = await asAdmin(own, 'GET', '/rules')
    const ids = (body as { items: { id: string }[] }).items.map(({ id }) => id)
    assert.ok(ids.indexOf(first.id) < ids.indexOf(second.id))
  })

  scenario('who only reads rules makes none', {
    scopes: ['read:rules'],
    post: [
      `${base}/rules`,
      { name: 'r', occasions: ['login'], condition: 'true', roles: [{ roleId: 'user' }] },
    ],
    expect: {
      status: 403,
      body: problem('forbidden', 403, { permission: 'rules:create', scope: 'workspace' }),
    },
  })

  scenario('who may make rules but not give roles makes none either [row 3]', {
    scopes: ['create:rules'],
    post: [
      `${base}/rules`,
      { name: 'r', occasions: ['login'], condition: 'true', roles: [{ roleId: 'user' }] },
    ],
    expect: { status: 403, body: problem('cannot_grant', 403, { permission: 'roles:assign' }) },
  })

  for (const [title, changes] of [
    ['no roles', { roles: [] }],
    ['no occasion', { occasions: [] }],
    ['an occasion that there is not', { occasions: ['lunch'] }],
    ['a condition that is no text', { condition: { $ne: 1 } }],
  ] as const) {
    scenario(`a rule with ${title} is refused`, {
      scopes: ['create:rules'],
      post: [
        `${base}/rules`,
        { name: 'r', occasions: ['login'], condition: 'true', roles: [{ roleId: 'user' }], ...changes },
      ],
      expect: { status: 400, body: problem('invalid_request', 400, { errors: any }) },
    })
  }
})

scenarios('invitations that people accept', (scenario, server) => {
  test('somebody signed in accepts, once', async () => {
    const own = server()
    const role = await makeRole(own)
    const email = `${fresh('guest')}@example.com`
    const body = { inviterName: 'Root', email, message: 'Do come', roles: [{ roleId: role }] }
    const created = await asAdmin(own, 'POST', '/invitations', body)
    assert.equal(created.status, 201, created.text)
    const { id, secret } = created.body as { id: string; secret: string }
    const preview = await own.call('POST', `${base}/invitations/preview`, { body: { secret } })
    const { message, hasAccount } = preview.body as { message: string; hasAccount: boolean }
    assert.deepEqual([preview.status, message, hasAccount], [200, 'Do come', false])
    assert.equal((await own.call('POST', `${base}/invitations/accept`, { body: { secret } })).status, 401)
    const userId = await makeUser(own, { email })
    const token = await tokenOfPerson(own, userId)
    const accept = (text: string) =>
      own.call('POST', `${base}/invitations/accept`, { token, body: { secret: text } })
    const wrong = await accept(`${secret}x`)
    assert.equal((wrong.body as { code: string }).code, 'wrong_code')
    const accepted = await accept(secret)
    assert.equal((accepted.body as { acceptedBy: string }).acceptedBy, userId)
    assert.equal(accepted.status, 200, accepted.text)
    assert.equal((await accept(secret)).status, wrong.status)
    const again = await asAdmin(own, 'POST', `/invitations/${id}/resend`)
    assert.equal(again.status, 400)
  })

  test('a file invites thousands, and tells of each line what became of it', async () => {
    const own = server()
    const role = await makeRole(own, { name: fresh('Guest') })
    const lines = Array.from(
      { length: 1_000 },
      (_, at) => `p${at}@${fresh('many')}.example,${at === 7 ? 'no such role' : ''}`,
    )
    lines[3] = 'nobody,'
    const file = `\ufeffemail,roles\r\n${lines.join('\r\n')}\r\n`
    const token = await adminToken(own)
    const headers = { 'content-type': 'text/csv' }
    const path = `${base}/invitations/csv?inviterName=Root&roles=${role}`
    const { status, body, text } = await own.call('POST', path, { token, body: file, headers })
    assert.equal(status, 200, text.slice(0, 300))
    const report = body as {
      invited: number
      refused: number
      lines: { line: number; email: string; code?: string; secret?: string }[]
    }
    assert.deepEqual([report.invited, report.refused, report.lines.length], [998, 2, 1_000])
    assert.deepEqual(
      report.lines.filter(({ code }) => code).map(({ line, code }) => [line, code]),
      [
        [5, 'invalid'],
        [9, 'not_found'],
      ],
    )
    assert.equal(report.lines[0]?.line, 2)
    const { status: odd } = await own.call('POST', path, { token, body: 'name\nx\n', headers })
    assert.equal(odd, 400)
    const quote = await own.call('POST', path, { token, body: 'email\n"a@example.com\n', headers })
    assert.equal(quote.status, 400)
    assert.equal((await own.call('POST', path, { token, body: {} })).status, 415)
  })

  scenario('who may not invite sends no file', {
    scopes: ['read:users'],
    headers: { 'content-type': 'text/csv' },
    post: [`${base}/invitations/csv?inviterName=Root`, 'email\nx@example.com\n'],
    expect: {
      status: 403,
      body: problem('forbidden', 403, { permission: 'invitations:create', scope: 'workspace' }),
    },
  })
})
