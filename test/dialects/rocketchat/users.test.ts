import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { any, type Made, type Scenario, scenarios } from '#test/harness/scenario.ts'
import { administrator, type TestServer } from '#test/harness/server.ts'
import { missingPermission, plain, thrown } from './answers.ts'
import { give, makeRole, makeRoom, makeUser, signIn } from './given.ts'

const create = '/api/v1/users.create'
const update = '/api/v1/users.update'
const register = '/api/v1/users.register'

const forUsers = (text: string, action: string) =>
  thrown('error-action-not-allowed', text, { method: 'insertOrUpdateUser', action })
const lastAdmin = (text: string) =>
  thrown('error-action-not-allowed', text, { method: 'removeUser', action: 'Remove_last_admin' })

const noTokenName = plain("The 'tokenName' param is required")

let count = 0
const fresh = (more: Record<string, unknown> = {}) => {
  count += 1
  const username = `fresh${count}`
  return { username, name: `Fresh ${count}`, email: `${username}@example.com`, password: 'secret', ...more }
}

const own = async (server: TestServer): Promise<Made> => {
  const { id, username } = await makeUser(server, { withPassword: true })
  return { id, username, token: (await signIn(server, username))['x-auth-token']! }
}
const asOneself = ({ id, token }: Made) => ({ 'x-user-id': id!, 'x-auth-token': token! })

scenarios('Rocket.Chat: users', (scenario) => {
  const refused = (title: string, parts: Omit<Scenario, 'expect'>, status: number, body: unknown) =>
    scenario(title, { ...parts, expect: { status, body: body as never } })

  scenario('users.create makes a user with the default role who joins the default rooms', {
    chat: 'administrator',
    post: () => [create, fresh({ verified: true, bio: 'Hello', customFields: { team: 'blue' } })],
    expect: {
      status: 200,
      body: { user: any, success: true },
      events: ['user.created', 'room.member-added', 'role.assigned'],
    },
    then: async (server, _made, { body, text }) => {
      const { user } = body as { user: Record<string, unknown> }
      assert.deepEqual(user.roles, ['user'])
      assert.deepEqual((user.emails as { verified: boolean }[])[0]!.verified, true)
      assert.deepEqual(
        [user.bio, user.customFields, user.active, user.type],
        ['Hello', { team: 'blue' }, true, 'user'],
      )
      assert.equal(/argon|sha256|services/u.test(text), false)
      await signIn(server, String(user.username), 'secret')
    },
  })

  scenario('users.create gives exactly the roles that are named', {
    chat: 'administrator',
    post: () => [create, fresh({ roles: ['bot', 'guest'], joinDefaultChannels: false, active: false })],
    expect: {
      status: 200,
      body: any,
      events: ['user.created', 'role.assigned', 'role.assigned'],
    },
    then: async (_server, _made, { body }) => {
      const { user } = body as { user: { roles: string[]; active: boolean } }
      assert.deepEqual([user.roles.sort(), user.active], [['bot', 'guest'], false])
    },
  })

  for (const field of ['email', 'name', 'username', 'password']) {
    refused(
      `users.create needs ${field}`,
      {
        chat: 'administrator',
        post: () => [create, Object.fromEntries(Object.entries(fresh()).filter(([key]) => key !== field))],
      },
      400,
      thrown('invalid-params', `must have required property '${field}'`),
    )
  }

  for (const [what, chat, more, answer] of [
    [
      'an unknown key',
      'administrator',
      { admin: true },
      thrown('invalid-params', 'must NOT have additional properties'),
    ],
    ['an operator', 'administrator', { username: { $ne: 1 } }, thrown('invalid-params', 'must be string')],
    [
      'roles that are no list',
      'administrator',
      { roles: 'admin' },
      thrown('invalid-params', 'must be array'),
    ],
    ['who may not', ['edit-other-user-info'], {}, forUsers('Adding user is not allowed', 'Adding_user')],
    [
      'a name that would break a page',
      'administrator',
      { name: '<b>' },
      plain('Name contains invalid characters'),
    ],
    [
      'an unknown role',
      'administrator',
      { roles: ['nope'] },
      forUsers('The field Roles consist invalid role id', 'Assign_role'),
    ],
    [
      'an administrator by who may not',
      ['create-user'],
      { roles: ['admin'] },
      forUsers('Assigning admin is not allowed', 'Assign_admin'),
    ],
    [
      'a blank name',
      'administrator',
      { name: ' ' },
      thrown('error-the-field-is-required', 'The field Name is required', {
        method: 'insertOrUpdateUser',
        field: 'Name',
      }),
    ],
    [
      'a blank user name',
      'administrator',
      { username: '' },
      thrown('error-the-field-is-required', 'The field Username is required', {
        method: 'insertOrUpdateUser',
        field: 'Username',
      }),
    ],
    [
      'a blank password',
      'administrator',
      { password: '' },
      thrown('error-the-field-is-required', 'The field Password is required', {
        method: 'insertOrUpdateUser',
        field: 'Password',
      }),
    ],
    [
      'a user name of other letters',
      'administrator',
      { username: 'ä b' },
      thrown('error-input-is-not-a-valid-field', 'ä b is not a valid username', {
        method: 'insertOrUpdateUser',
        input: 'ä b',
        field: 'Username',
      }),
    ],
    [
      'a reserved user name',
      'administrator',
      { username: 'All' },
      thrown('error-blocked-username', "All is blocked and can't be used!", {
        method: 'createUser',
        field: 'All',
      }),
    ],
    [
      'a user name that is taken',
      'administrator',
      { username: 'ROOT' },
      thrown('error-field-unavailable', 'ROOT is already in use :(', { field: 'username' }),
    ],
    [
      'an address that is taken',
      'administrator',
      { email: 'ROOT@example.com' },
      thrown('error-field-unavailable', 'ROOT@example.com is already in use :(', { field: 'email' }),
    ],
    [
      'a long biography',
      'administrator',
      { bio: 'x'.repeat(261) },
      thrown('error-bio-size-exceeded', 'Bio size exceeds 260 characters'),
    ],
    [
      'a long nickname',
      'administrator',
      { nickname: 'x'.repeat(121) },
      thrown('error-nickname-size-exceeded', 'Nickname size exceeds 120 characters'),
    ],
    [
      'operators among custom fields',
      'administrator',
      { customFields: { $where: '1' } },
      thrown('error-user-registration-custom-field', 'Field $where can not have this name'),
    ],
    [
      'objects in custom fields',
      'administrator',
      { customFields: { a: { $gt: 1 } } },
      thrown('error-user-registration-custom-field', 'Invalid value for field a'),
    ],
    [
      'whether he is active by who may not say',
      ['create-user'],
      { active: true, roles: ['guest'] },
      thrown('error-not-allowed', 'Not allowed'),
    ],
  ] as const) {
    refused(`users.create refuses ${what}`, { chat, post: () => [create, fresh(more)] }, 400, answer)
  }

  scenario('users.register makes a user, with the default role and no token', {
    post: () => {
      const { password, ...rest } = fresh()
      return [register, { ...rest, pass: password }]
    },
    expect: {
      status: 200,
      body: { user: any, success: true },
      events: ['user.created', 'room.member-added', 'user.registered', 'role.assigned'],
    },
    then: async (server, _made, { body, text }) => {
      assert.equal(/token|emails|roles/u.test(text), false)
      await signIn(server, (body as { user: { username: string } }).user.username, 'secret')
    },
  })

  for (const [what, more, answer] of [
    ['no password', { pass: undefined }, thrown('invalid-params', "must have required property 'pass'")],
    [
      'roles of one’s own',
      { roles: ['admin'] },
      thrown('invalid-params', 'must NOT have additional properties'),
    ],
    ['a bad name', { name: 'a/b' }, plain('Name contains invalid characters')],
    ['a bad user name', { username: 'a b c' }, plain('The username provided is not valid')],
    [
      'a reserved user name',
      { username: 'admin' },
      thrown('error-blocked-username', "admin is blocked and can't be used!", {
        method: 'createUser',
        field: 'admin',
      }),
    ],
    ['a user name that is taken', { username: 'Root' }, plain('Username is already in use')],
    ['an address that is taken', { email: 'root@example.com' }, plain('Email already exists')],
  ] as const) {
    refused(
      `users.register refuses ${what}`,
      {
        post: () => {
          const { password, ...rest } = fresh()
          return [register, { ...rest, pass: password, ...more }]
        },
      },
      400,
      answer,
    )
  }

  refused(
    'users.register is not for who is signed in',
    { chat: [], post: [register, { username: 'abc', email: 'abc@example.com', pass: 'x' }] },
    400,
    plain('Logged in users can not register again.'),
  )

  scenario('users.info shows little to everybody, everything to who may, and roles in rooms', {
    chat: [],
    given: own,
    get: ({ username }) => [`/api/v1/users.info?username=${username!.toUpperCase()}`],
    expect: {
      status: 200,
      body: ({ id, username }: Made) => ({
        user: {
          _id: id,
          username,
          name: username,
          type: 'user',
          active: true,
          status: 'offline',
          utcOffset: 0,
          canViewAllInfo: false,
        },
        success: true,
      }),
    },
    then: async (server, { id }) => {
      const headers = await server.administratorHeaders()
      const path = `/api/v1/users.info?userId=${id}`
      const { user } = (await server.call('GET', path, { headers })).body as { user: Record<string, unknown> }
      assert.deepEqual([user.canViewAllInfo, user.roles], [true, ['user']])
    },
  })

  refused(
    'users.info says which params there are',
    { chat: [], get: ['/api/v1/users.info'] },
    400,
    thrown(
      'invalid-params',
      "must have required property 'userId'\n must have required property 'username'\n must have required property 'importId'\n must match a schema in anyOf",
    ),
  )
  refused(
    'users.info of nobody',
    { chat: [], get: ['/api/v1/users.info?userId=no'] },
    400,
    plain('User not found.'),
  )
  refused(
    'an address tells nothing to who may not see addresses',
    { chat: [], get: ['/api/v1/users.info?email=root@example.com'] },
    400,
    plain('User not found.'),
  )

  scenario('users.list shows addresses and roles only to who may see them', {
    chat: ['view-d-room'],
    get: ['/api/v1/users.list?count=2&sort={"username":-1}'],
    expect: { status: 200, body: { users: any, count: 2, offset: 0, total: any, success: true } },
    then: async (server, _made, { body, text }) => {
      const names = (body as { users: { username: string }[] }).users.map(({ username }) => username)
      assert.deepEqual(names, [...names].sort().reverse())
      assert.equal(/emails|roles/u.test(text), false)
      const headers = await server.administratorHeaders()
      const all = await server.call('GET', '/api/v1/users.list?count=0', { headers })
      assert.equal(/"username":"rocket.cat"/u.test(all.text) && /"roles":\["admin"\]/u.test(all.text), true)
    },
  })

  for (const [what, query, answer] of [
    [
      'sort',
      'sort=name',
      thrown('error-invalid-sort', 'Invalid sort parameter provided: "name"', {
        helperMethod: 'parseJsonQuery',
      }),
    ],
    [
      'sort',
      'sort={"name":2}',
      thrown('error-invalid-sort', 'Invalid sort parameter provided: "{"name":2}"', {
        helperMethod: 'parseJsonQuery',
      }),
    ],
    [
      'query',
      'query=[1]',
      thrown('error-invalid-query', 'Invalid query parameter provided: "[1]"', {
        helperMethod: 'parseJsonQuery',
      }),
    ],
    [
      'fields',
      'fields={',
      thrown('error-invalid-fields', 'Invalid fields parameter provided: "{"', {
        helperMethod: 'parseJsonQuery',
      }),
    ],
  ] as const) {
    refused(
      `a ${what} that is none is refused: ${query}`,
      { chat: 'administrator', get: [`/api/v1/users.list?${query}`] },
      400,
      answer,
    )
  }

  scenario('a query of the client is passed over, whatever it asks', {
    chat: 'administrator',
    get: ['/api/v1/users.list?count=1&query={"$where":"sleep(1000)"}'],
    expect: { status: 200, body: any },
  })

  refused('users.list needs view-d-room', { chat: [], get: ['/api/v1/users.list'] }, 403, missingPermission)

  scenario('users.listByStatus filters by standing, role and part of a name', {
    chat: 'administrator',
    given: async (server) => {
      const role = await makeRole(server)
      const user = await makeUser(server)
      await give(server, user.id, role.id)
      return { id: user.id, username: user.username, role: role.id }
    },
    get: ({ role, username }) => [
      `/api/v1/users.listByStatus?status=active&roles[]=${role}&searchTerm=${username!.slice(2)}&hasLoggedIn=false&type=user`,
    ],
    expect: { status: 200, body: { users: any, count: 1, offset: 0, total: 1, success: true } },
    then: async (_server, { id }, { body }) =>
      assert.equal((body as { users: { _id: string }[] }).users[0]!._id, id),
  })

  refused(
    'users.listByStatus knows two kinds of standing',
    { chat: 'administrator', get: ['/api/v1/users.listByStatus?status=away'] },
    400,
    thrown('invalid-params', 'must be equal to one of the allowed values'),
  )

  scenario('users.update replaces roles and changes only what is sent', {
    chat: 'administrator',
    given: own,
    post: ({ id }) => [update, { userId: id, data: { roles: ['bot'], statusText: 'busy' } }],
    expect: { status: 200, body: any, events: ['role.removed', 'role.assigned', 'user.updated'] },
    then: async (_server, { username }, { body }) => {
      const { user } = body as { user: Record<string, unknown> }
      assert.deepEqual([user.roles, user.statusText, user.username], [['bot'], 'busy', username])
    },
  })

  for (const [what, chat, data, answer] of [
    ['another user', [], { name: 'X' }, forUsers('Editing user is not allowed', 'Editing_user')],
    [
      'roles',
      ['edit-other-user-info'],
      { roles: ['bot'] },
      forUsers('Assign roles is not allowed', 'Assign_role'),
    ],
    [
      'an administrator',
      ['edit-other-user-info', 'assign-roles'],
      { roles: ['admin'] },
      forUsers('Assigning admin is not allowed', 'Assign_admin'),
    ],
    [
      'an unknown role',
      'administrator',
      { roles: ['nope'] },
      forUsers('The field Roles consist invalid role id', 'Assign_role'),
    ],
    [
      'a user name that is taken',
      'administrator',
      { username: 'rocket.cat' },
      thrown('error-could-not-save-identity', 'Could not save user identity', { method: 'saveUserIdentity' }),
    ],
    ['an operator', 'administrator', { email: { $ne: 1 } }, thrown('invalid-params', 'must be string')],
    [
      'an unknown key',
      'administrator',
      { isAdmin: true },
      thrown('invalid-params', 'must NOT have additional properties'),
    ],
  ] as const) {
    refused(
      `users.update refuses to change ${what}`,
      { chat, given: own, post: ({ id }) => [update, { userId: id, data }] },
      400,
      answer,
    )
  }

  refused(
    'users.update of nobody',
    { chat: 'administrator', post: [update, { userId: 'no', data: {} }] },
    400,
    thrown('error-invalid-user', 'Invalid user'),
  )
  refused(
    'users.update keeps the last administrator',
    {
      chat: 'administrator',
      given: async ({ server }) => ({
        id: (await server.workspace.store.reader.users.findByUsername('root'))!.id,
      }),
      post: ({ id }) => [update, { userId: id, data: { roles: ['user'] } }],
    },
    400,
    forUsers('Leaving the app without admins is not allowed', 'Remove_last_admin'),
  )
  refused(
    'nobody says of himself that his address was verified',
    { given: own, headers: asOneself, post: ({ id }) => [update, { userId: id, data: { verified: true } }] },
    400,
    forUsers('Editing email verification is not allowed', 'Editing_user'),
  )

  scenario('people change themselves, a password only with the one they have', {
    given: own,
    headers: asOneself,
    post: ['/api/v1/users.updateOwnBasicInfo', { data: { name: 'New Name', bio: 'Hello' } }],
    expect: { status: 200, body: any, events: ['user.updated'] },
    then: async (server, made) => {
      const headers = asOneself(made)
      const body = { data: { newPassword: 'another' } }
      const asked = await server.call('POST', '/api/v1/users.updateOwnBasicInfo', { headers, body })
      assert.deepEqual(
        asked.body,
        thrown('totp-required', 'TOTP Required', {
          method: 'password',
          codeGenerated: false,
          availableMethods: [],
        }),
      )
      const given = { data: { newPassword: 'another', currentPassword: 'plain enough' } }
      const done = await server.call('POST', '/api/v1/users.updateOwnBasicInfo', { headers, body: given })
      assert.equal(done.status, 200)
      await signIn(server, made.username!, 'another')
    },
  })

  scenario('users.setActiveStatus keeps somebody out, with every token', {
    chat: ['edit-other-user-active-status'],
    given: own,
    post: ({ id }) => ['/api/v1/users.setActiveStatus', { userId: id, activeStatus: false }],
    expect: {
      status: 200,
      body: ({ id }: Made) => ({ user: { _id: id, active: false }, success: true }),
      events: ['session.ended', 'user.blocked'],
    },
    then: async (server, made) =>
      assert.equal((await server.call('GET', '/api/v1/me', { headers: asOneself(made) })).status, 401),
  })

  for (const [what, chat, body, status, answer] of [
    ['who may not', [], { userId: 'x', activeStatus: true }, 403, missingPermission],
    ['nobody', 'administrator', { userId: 'no', activeStatus: true }, 400, plain('User not found')],
    [
      'no status',
      'administrator',
      { userId: 'no' },
      400,
      thrown('invalid-params', "must have required property 'activeStatus'"),
    ],
    [
      'the bot',
      'administrator',
      { userId: 'rocket.cat', activeStatus: false },
      400,
      thrown('error-not-allowed', 'Not allowed', { method: 'removeUser' }),
    ],
  ] as const) {
    refused(
      `users.setActiveStatus refuses ${what}`,
      { chat, post: ['/api/v1/users.setActiveStatus', body] },
      status,
      answer,
    )
  }

  scenario('users.setActiveStatus says of who is active already that he is, and nothing happens', {
    chat: 'administrator',
    given: own,
    post: ({ id }) => ['/api/v1/users.setActiveStatus', { userId: id, activeStatus: true }],
    expect: {
      status: 200,
      body: ({ id }: Made) => ({ user: { _id: id, active: true }, success: true }),
    },
  })

  refused(
    'users.setActiveStatus keeps the last administrator',
    {
      chat: 'administrator',
      given: async (server) => ({ id: (await server.administratorHeaders())['x-user-id']! }),
      post: ({ id }) => ['/api/v1/users.setActiveStatus', { userId: id, activeStatus: false }],
    },
    400,
    lastAdmin('Leaving the app without an active admin is not allowed'),
  )

  scenario('users.update clears biography and nickname when they are left out, and nothing else', {
    chat: 'administrator',
    given: async (server) => {
      const made = await own(server)
      const headers = await server.administratorHeaders()
      const data = { bio: 'Hello', nickname: 'Al', statusText: 'busy' }
      await server.call('POST', update, { headers, body: { userId: made.id, data } })
      return made
    },
    post: ({ id }) => [update, { userId: id, data: { name: 'Other' } }],
    expect: { status: 200, body: any, events: ['user.updated'] },
    then: async (_server, _made, { body }) => {
      const { user } = body as { user: Record<string, unknown> }
      assert.deepEqual(
        [user.bio, user.nickname, user.statusText, user.name],
        [undefined, undefined, 'busy', 'Other'],
      )
    },
  })

  scenario('users.update passes over a password for who may not set any', {
    given: own,
    headers: asOneself,
    post: ({ id }) => [update, { userId: id, data: { password: 'another', name: 'Me' } }],
    expect: { status: 200, body: any, events: ['user.updated'] },
    then: async (server, { id, username }) => {
      await signIn(server, username!)
      const headers = await server.administratorHeaders()
      const body = { userId: id, data: { password: 'by an administrator' } }
      assert.equal((await server.call('POST', update, { headers, body })).status, 200)
      await signIn(server, username!, 'by an administrator')
    },
  })

  for (const [what, body, message] of [
    ['nobody', { userId: '', data: {} }, 'must NOT have fewer than 1 characters'],
    ['nothing', { userId: 'x' }, "must have required property 'data'"],
    [
      'the default rooms',
      { userId: 'x', data: { joinDefaultChannels: true } },
      'must NOT have additional properties',
    ],
  ] as const) {
    refused(
      `users.update refuses to change ${what}`,
      { chat: 'administrator', post: [update, body] },
      400,
      thrown('invalid-params', message),
    )
  }

  scenario('users.list finds an address, for who may see addresses', {
    chat: 'administrator',
    get: ['/api/v1/users.list?email=ROOT@example.com'],
    expect: { status: 200, body: { users: any, count: 1, offset: 0, total: 1, success: true } },
  })

  scenario('people delete themselves once the setting lets them, and with their password', {
    given: own,
    headers: asOneself,
    post: ['/api/v1/users.deleteOwnAccount', { password: 'plain enough' }],
    expect: {
      status: 400,
      body: thrown('error-not-allowed', 'Not allowed', { method: 'deleteUserOwnAccount' }),
    },
    then: async (server, made) => {
      const administrators = await server.administratorHeaders()
      const setting = '/api/v1/settings/Accounts_AllowDeleteOwnAccount'
      await server.call('POST', setting, { headers: administrators, body: { value: true } })
      const ask = async (headers: Record<string, string>, body: object) =>
        (await server.call('POST', '/api/v1/users.deleteOwnAccount', { headers, body })).body
      const headers = asOneself(made)
      assert.deepEqual(await ask(headers, {}), plain('Body parameter "password" is required.'))
      assert.deepEqual(
        await ask(headers, { password: 'wrong' }),
        thrown('error-invalid-password', 'Invalid password', { method: 'deleteUserOwnAccount' }),
      )
      assert.deepEqual(
        await ask(administrators, { password: administrator.password }),
        thrown('error-action-not-allowed', 'Leaving the app without admins is not allowed', {
          method: 'deleteUserOwnAccount',
          action: 'Remove_last_admin',
        }),
      )
      const digest = createHash('sha256').update('plain enough').digest('hex')
      assert.deepEqual(await ask(headers, { password: digest }), { success: true })
      assert.equal((await server.call('GET', '/api/v1/me', { headers })).status, 401)
      await server.call('POST', setting, { headers: administrators, body: { value: false } })
    },
  })

  for (const route of ['users.logoutOtherClients', 'users.removeOtherTokens', 'users.logout'] as const) {
    scenario(
      `${route} ends ${route === 'users.logout' ? 'personal tokens, too' : 'sessions elsewhere, but no personal token'}`,
      {
        given: async (server) => {
          const made = await own(server)
          const [headers, other] = [asOneself(made), await signIn(server, made.username!)]
          const body = { tokenName: 'script' }
          const path = '/api/v1/users.generatePersonalAccessToken'
          const token = (await server.call('POST', path, { headers, body })).body as { token: string }
          return { ...made, other: other['x-auth-token']!, personal: token.token }
        },
        headers: asOneself,
        post: [`/api/v1/${route}`, {}],
        expect: {
          status: 200,
          body: ({ token }: Made) => ({
            ...(route === 'users.logoutOtherClients' && { token, tokenExpires: /Z$/u }),
            ...(route === 'users.logout' && { message: any }),
            success: true,
          }),
          events: route === 'users.logout' ? Array(3).fill('session.ended') : ['session.ended'],
        },
        then: async (server, { id, token, other, personal }) => {
          const status = async (secret: string) => {
            const headers = { 'x-user-id': id!, 'x-auth-token': secret }
            return (await server.call('GET', '/api/v1/me', { headers })).status
          }
          assert.deepEqual(
            [await status(token!), await status(other!), await status(personal!)],
            route === 'users.logout' ? [401, 401, 401] : [200, 401, 200],
          )
        },
      },
    )
  }

  const soleOwner = async (server: TestServer): Promise<Made> => {
    const user = await makeUser(server)
    const heir = await makeUser(server)
    const shared = await makeRoom(server, { ownerId: user.id, memberIds: [heir.id] })
    const lonely = await makeRoom(server, { ownerId: user.id })
    return { id: user.id, heir: heir.id, shared: shared.name, lonely: lonely.name, sharedId: shared.id }
  }

  scenario('who keeps rooms going goes only once that is said yes to', {
    chat: 'administrator',
    given: soleOwner,
    post: ({ id }) => ['/api/v1/users.delete', { userId: id }],
    expect: {
      status: 400,
      body: ({ shared, lonely }: Made) =>
        thrown('user-last-owner', undefined, { shouldBeRemoved: [lonely], shouldChangeOwner: [shared] }),
    },
    then: async (server, { id, heir, sharedId, lonely }) => {
      const headers = await server.administratorHeaders()
      const body = { userId: id, confirmRelinquish: true }
      assert.equal((await server.call('POST', '/api/v1/users.delete', { headers, body })).status, 200)
      const { reader } = server.server.workspace.store
      assert.equal(await reader.rooms.findBy({ name: lonely! }), undefined)
      const key = { userId: heir!, roleId: 'owner', scope: `room:${sharedId}` as const }
      assert.notEqual(await reader.assignments.find(key), undefined)
    },
  })

  scenario('users.setActiveStatus hands rooms over once that is said yes to', {
    chat: 'administrator',
    given: soleOwner,
    post: ({ id }) => ['/api/v1/users.setActiveStatus', { userId: id, activeStatus: false }],
    expect: {
      status: 400,
      body: ({ shared, lonely }: Made) =>
        thrown('user-last-owner', undefined, { shouldBeRemoved: [lonely], shouldChangeOwner: [shared] }),
    },
    then: async (server, { id, heir, sharedId }) => {
      const headers = await server.administratorHeaders()
      const body = { userId: id, activeStatus: false, confirmRelinquish: true }
      const path = '/api/v1/users.setActiveStatus'
      assert.equal((await server.call('POST', path, { headers, body })).status, 200)
      const key = { userId: heir!, roleId: 'owner', scope: `room:${sharedId}` as const }
      assert.notEqual(await server.server.workspace.store.reader.assignments.find(key), undefined)
    },
  })

  for (const [what, chat, body, status, answer] of [
    ['who may not', [], { userId: 'x' }, 403, missingPermission],
    [
      'nobody named',
      'administrator',
      { userId: ' ' },
      400,
      thrown('error-user-param-not-provided', 'The required "userId" or "username" param was not provided'),
    ],
    [
      'nobody there',
      'administrator',
      { username: 'nobody' },
      400,
      thrown(
        'error-invalid-user',
        'The required "userId" or "username" param provided does not match any users',
      ),
    ],
    [
      'the last administrator',
      'administrator',
      { user: 'root' },
      400,
      lastAdmin('Leaving the app without admins is not allowed'),
    ],
    [
      'the bot',
      'administrator',
      { userId: 'rocket.cat' },
      400,
      thrown('error-not-allowed', 'Not allowed', { method: 'removeUser' }),
    ],
    ['an operator', 'administrator', { userId: { $ne: 1 } }, 400, thrown('invalid-params', 'must be string')],
  ] as const) {
    refused(`users.delete refuses ${what}`, { chat, post: ['/api/v1/users.delete', body] }, status, answer)
  }

  scenario('users.deactivateIdle keeps out who was not there, and counts them', {
    chat: 'administrator',
    given: async (server) => {
      const role = await makeRole(server)
      const idle = await makeUser(server)
      await give(server, idle.id, role.id)
      server.clock.now += 40 * 86_400_000
      const late = await makeUser(server)
      await give(server, late.id, role.id)
      return { role: role.id }
    },
    post: ({ role }) => ['/api/v1/users.deactivateIdle', { daysIdle: 30, role }],
    expect: { status: 200, body: { count: 1, success: true }, events: ['user.blocked'] },
  })

  scenario('users.logout of another needs a right', {
    chat: [],
    given: own,
    post: ({ id }) => ['/api/v1/users.logout', { userId: id }],
    expect: { status: 403, body: plain('unauthorized') },
  })

  scenario('users.logout ends every session', {
    given: own,
    headers: asOneself,
    post: ['/api/v1/users.logout', {}],
    expect: {
      status: 200,
      body: ({ id }: Made) => ({ message: `User ${id} has been logged out!`, success: true }),
      events: ['session.ended'],
    },
  })

  scenario('who is called what, everybody may ask', {
    chat: [],
    get: ['/api/v1/users.checkUsernameAvailability?username=ROOT'],
    expect: { status: 200, body: { result: false, success: true } },
  })

  for (const [what, method, path, body, answer] of [
    [
      'a name that nobody may have',
      'get',
      'users.checkUsernameAvailability?username=admin',
      undefined,
      thrown('error-blocked-username', "admin is blocked and can't be used!", {
        method: 'createUser',
        field: 'admin',
      }),
    ],
    [
      'no name',
      'get',
      'users.checkUsernameAvailability',
      undefined,
      thrown('invalid-params', "must have required property 'username'"),
    ],
    [
      'nothing to look for',
      'get',
      'users.autocomplete',
      undefined,
      plain("The 'selector' param is required"),
    ],
    [
      'a selector that is no JSON',
      'get',
      'users.autocomplete?selector=ann',
      undefined,
      thrown('error-invalid-query', 'Invalid query parameter provided: "ann"'),
    ],
    [
      'to greet nobody',
      'post',
      'users.sendWelcomeEmail',
      { email: 'nobody@example.com' },
      thrown('error-invalid-user', 'Invalid user'),
    ],
    [
      'to sign nobody out',
      'post',
      'users.logout',
      { userId: 'nobody' },
      thrown('error-invalid-user-id', 'Invalid user id'),
    ],
    [
      'an idleness that is no number',
      'post',
      'users.deactivateIdle',
      { daysIdle: 'long' },
      thrown('invalid-params', 'must be number'),
    ],
    ['to renew a token without a name', 'post', 'users.regeneratePersonalAccessToken', {}, noTokenName],
    [
      'to renew a token that is not there',
      'post',
      'users.regeneratePersonalAccessToken',
      { tokenName: 'none' },
      thrown('error-token-does-not-exists', 'Token does not exist'),
    ],
    ['to end a token without a name', 'post', 'users.removePersonalAccessToken', {}, noTokenName],
  ] as const) {
    const ask = [`/api/v1/${path}`, ...(body ? [body] : [])] as const
    refused(`the door refuses ${what}`, { chat: 'administrator', [method]: ask }, 400, answer)
  }

  scenario('a name is suggested that is free', {
    chat: 'administrator',
    get: ['/api/v1/users.getUsernameSuggestion'],
    expect: { status: 200, body: { result: 'root-1', success: true } },
  })

  scenario('people are greeted by mail', {
    chat: ['send-mail'],
    given: own,
    post: ({ username }) => ['/api/v1/users.sendWelcomeEmail', { email: `${username}@example.com` }],
    expect: { status: 200, body: { success: true } },
  })

  scenario('users are found by part of a name', {
    chat: ['view-outside-room'],
    get: ['/api/v1/users.autocomplete?selector={"term":"rocket"}'],
    expect: {
      status: 200,
      body: {
        items: [{ _id: 'rocket.cat', username: 'rocket.cat', name: 'Rocket.Cat', status: 'offline' }],
        success: true,
      },
    },
  })

  scenario('the default roles of new people are the registration policy’s', {
    chat: 'administrator',
    post: ['/api/v1/settings/Accounts_Registration_Users_Default_Roles', { value: 'user,guest' }],
    expect: { status: 200, body: { success: true }, events: ['registration-policy.updated'] },
    then: async (server) => {
      const headers = await server.administratorHeaders()
      const path = '/api/v1/settings/Accounts_Registration_Users_Default_Roles'
      const read = await server.call('GET', path, { headers })
      assert.deepEqual(read.body, {
        _id: 'Accounts_Registration_Users_Default_Roles',
        value: 'user,guest',
        success: true,
      })
      const made = await server.call('POST', create, { headers, body: fresh() })
      assert.deepEqual((made.body as { user: { roles: string[] } }).user.roles.sort(), ['guest', 'user'])
      const admin = await server.call('POST', path, { headers, body: { value: 'admin' } })
      assert.equal(admin.status, 400)
    },
  })

  for (const [what, chat, method, path, body, status, answer] of [
    ['to read a setting', [], 'get', 'API_Default_Count', undefined, 403, plain('unauthorized')],
    [
      'to change a setting',
      ['view-privileged-setting'],
      'post',
      'API_Default_Count',
      { value: 1 },
      403,
      plain('unauthorized'),
    ],
    ['an unknown setting', 'administrator', 'get', 'constructor', undefined, 400, { success: false }],
    [
      'a value of another type',
      'administrator',
      'post',
      'API_Default_Count',
      { value: '9' },
      400,
      plain('Invalid setting value', 'invalid-params'),
    ],
    [
      'an operator for a value',
      'administrator',
      'post',
      'API_Default_Count',
      { value: { $inc: 1 } },
      400,
      plain('Invalid setting value', 'invalid-params'),
    ],
  ] as const) {
    refused(
      `settings refuse ${what}`,
      { chat, [method]: [`/api/v1/settings/${path}`, ...(body ? [body] : [])] },
      status,
      answer,
    )
  }

  scenario('settings.public shows what everybody may read, to anybody', {
    get: ['/api/v1/settings.public?_id=Accounts_RegistrationForm,API_Default_Count'],
    expect: {
      status: 200,
      body: {
        settings: [{ _id: 'Accounts_RegistrationForm', value: 'Public' }],
        count: 1,
        offset: 0,
        total: 1,
        success: true,
      },
    },
  })

  // Last of its group: nobody registers afterwards.
  scenario('a form that is disabled registers nobody', {
    given: async (server) => {
      const headers = await server.administratorHeaders()
      const body = { value: 'Disabled' }
      await server.call('POST', '/api/v1/settings/Accounts_RegistrationForm', { headers, body })
      return {}
    },
    post: () => {
      const { password, ...rest } = fresh()
      return [register, { ...rest, pass: password }]
    },
    expect: {
      status: 400,
      body: thrown('error-user-registration-disabled', 'User registration is disabled', {
        method: 'registerUser',
      }),
    },
  })
})
