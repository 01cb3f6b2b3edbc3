import assert from 'node:assert/strict'
import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { plain, thrown } from './answers.ts'
import { makeRoom, makeUser, password, signIn } from './given.ts'

/** What the settings of this door do, one at a time, and then no more. */

const change = async (server: TestServer, values: Record<string, unknown>) => {
  const headers = await server.administratorHeaders()
  for (const [id, value] of Object.entries(values)) {
    const { status } = await server.call('POST', `/api/v1/settings/${id}`, { headers, body: { value } })
    assert.equal(status, 200, id)
  }
}

const settingOf = async (server: TestServer, id: string): Promise<string> => {
  const headers = await server.administratorHeaders()
  const { body } = await server.call('GET', `/api/v1/settings/${id}`, { headers })
  return (body as { value: string }).value
}

const ofPolicy = (values: object) =>
  Object.fromEntries(Object.entries(values).map(([id, value]) => [`Accounts_Password_Policy_${id}`, value]))
const offOf: Record<string, number> = { MinLength: 7, MaxLength: -1 }
const policy = ofPolicy(offOf)
const lengthRule = (which: string) => `The password does not meet the ${which} length password policy.`
const classRule = (which: string) =>
  `The password does not meet the policy of at least one ${which} character.`

const invalidValue = (id: string) => thrown('error-invalid-setting-value', `Invalid setting value for ${id}`)

const defaultRoles = 'Accounts_Registration_Users_Default_Roles'
const secretly = [
  { _id: 'Accounts_AllowDeleteOwnAccount', value: true },
  { _id: 'Accounts_RegistrationForm_SecretURL', value: 'mine' },
]

const notActivated = {
  status: 'error',
  error: 'error-user-is-not-activated',
  message: 'User is not activated',
  details: { method: 'login' },
  success: false,
}

const oneself = async (server: TestServer): Promise<Made> => {
  const { id, username } = await makeUser(server, { withPassword: true })
  return { id, username, token: (await signIn(server, username))['x-auth-token']! }
}
const asOneself = ({ id, token }: Made) => ({ 'x-user-id': id!, 'x-auth-token': token! })

const editing = (what: string) =>
  thrown('error-action-not-allowed', `Edit ${what} is not allowed`, {
    method: 'insertOrUpdateUser',
    action: 'Update_user',
  })

let count = 0
const fresh = () => {
  count += 1
  return { username: `settled${count}`, email: `settled${count}@example.com`, name: 'Settled' }
}

scenarios('Rocket.Chat: what settings do', (scenario) => {
  for (const [setting, data, what] of [
    ['Accounts_AllowUsernameChange', { username: 'another' }, 'username'],
    ['Accounts_AllowRealNameChange', { name: 'Another' }, 'user real name'],
    ['Accounts_AllowEmailChange', { email: 'another@example.com' }, 'user email'],
    ['Accounts_AllowUserStatusMessageChange', { statusText: 'away' }, 'user status'],
    ['Accounts_AllowUserProfileChange', { nickname: 'A' }, 'user profile'],
  ] as const) {
    scenario(`${setting} keeps people from changing themselves by their id`, {
      given: async (server) => {
        await change(server, { [setting]: false })
        return oneself(server)
      },
      headers: asOneself,
      post: ({ id }) => ['/api/v1/users.update', { userId: id, data }],
      expect: { status: 400, body: editing(what) },
      then: (server) => change(server, { [setting]: true }),
    })

    scenario(`${setting} leaves others to who may edit them`, {
      chat: 'administrator',
      given: async (server) => {
        await change(server, { [setting]: false })
        return oneself(server)
      },
      post: ({ id, username }) => [
        '/api/v1/users.update',
        { userId: id, data: { ...data, ...('username' in data && { username: `${username}-x` }) } },
      ],
      expect: { status: 200, body: any, events: ['user.updated'] },
      then: async (server, { id }) => {
        const headers = await server.administratorHeaders()
        const body = { userId: id, data: { email: `${id}@example.com` } }
        await change(server, { [setting]: true })
        await server.call('POST', '/api/v1/users.update', { headers, body })
      },
    })
  }

  scenario('Accounts_AllowPasswordChange keeps who may set passwords from setting his own', {
    chat: 'administrator',
    given: async (server) => {
      await change(server, { Accounts_AllowPasswordChange: false })
      return { id: (await server.administratorHeaders())['x-user-id']! }
    },
    post: ({ id }) => ['/api/v1/users.update', { userId: id, data: { password: 'another one' } }],
    expect: { status: 400, body: editing('user password') },
    then: (server) => change(server, { Accounts_AllowPasswordChange: true }),
  })

  scenario('strangers read channels once the setting says so, as far as their role goes, and nothing else', {
    given: async (server) => {
      const [channel, group] = [await makeRoom(server), await makeRoom(server, { kind: 'group' })]
      await change(server, { Accounts_AllowAnonymousRead: true, Accounts_AllowAnonymousWrite: true })
      return { channel: channel.id, group: group.id }
    },
    get: ['/api/v1/channels.list?count=0'],
    expect: { status: 200, body: { channels: any, count: any, offset: 0, total: any, success: true } },
    then: async (server, { channel, group }, { body, text }) => {
      const { channels } = body as { channels: { _id: string }[] }
      assert.ok(channels.some(({ _id }) => _id === channel))
      assert.equal(text.includes(group!), false)
      const statusOf = async (path: string, headers?: Record<string, string>) =>
        (await server.call('GET', `/api/v1/${path}`, headers && { headers })).status
      const read = () =>
        Promise.all([
          statusOf('channels.list'),
          statusOf(`channels.info?roomId=${channel}`),
          statusOf(`rooms.info?roomId=${channel}`),
        ])
      assert.deepEqual(await read(), [200, 200, 200])
      assert.equal(await statusOf(`rooms.info?roomId=${group}`), 400)
      assert.equal(await statusOf('channels.list', { 'x-user-id': 'x', 'x-auth-token': 'expired' }), 401)
      for (const path of [`groups.info?roomId=${group}`, `channels.members?roomId=${channel}`, 'me']) {
        assert.equal(await statusOf(path), 401, path)
      }
      const headers = await server.administratorHeaders()
      const given = { permissions: [{ _id: 'access-permissions', roles: ['admin', 'anonymous'] }] }
      await server.call('POST', '/api/v1/permissions.update', { headers, body: given })
      assert.equal(await statusOf('roles.getUsersInRole?role=admin'), 401)
      const lists = (roles: Record<string, string[]>) => ({
        permissions: Object.entries(roles).map(([_id, each]) => ({ _id, roles: each })),
      })
      const none = { 'view-c-room': ['admin', 'user', 'bot', 'app'], 'preview-c-room': ['admin', 'user'] }
      const narrowed = {
        ...none,
        'view-joined-room': ['guest', 'bot', 'app'],
        'access-permissions': ['admin'],
      }
      await server.call('POST', '/api/v1/permissions.update', { headers, body: lists(narrowed) })
      assert.deepEqual(await read(), [403, 400, 400])
      await change(server, { Accounts_AllowAnonymousRead: false })
      assert.deepEqual(await read(), [401, 401, 401])
      const restored = {
        'view-c-room': [...none['view-c-room'], 'anonymous'],
        'preview-c-room': [...none['preview-c-room'], 'anonymous'],
        'view-joined-room': [...narrowed['view-joined-room'], 'anonymous'],
      }
      await server.call('POST', '/api/v1/permissions.update', { headers, body: lists(restored) })
    },
  })

  for (const [setting, values] of [
    ['Accounts_LoginExpiration', [0, -5, 1.5, 1e300]],
    ['Accounts_TwoFactorAuthentication_RememberFor', [-1, 1e300]],
    ['Accounts_Password_Policy_ForbidRepeatingCharactersCount', [0]],
    ['Accounts_CustomFields', ['{bad', '[]', '"x"']],
    ['UTF8_User_Names_Validation', ['[', '(']],
    ['API_Default_Count', [0, -3, 1.5, 1e300]],
    ['API_Upper_Count_Limit', [0, 1e300]],
    ['API_Enable_Rate_Limiter_Limit_Time_Default', [0, 1e20]],
  ] as const) {
    scenario(`${setting} takes no value that makes no sense`, {
      chat: 'administrator',
      post: [`/api/v1/settings/${setting}`, { value: values[0] }],
      expect: { status: 400, body: invalidValue(setting) },
      then: async (server) => {
        const headers = await server.administratorHeaders()
        for (const value of values) {
          const path = `/api/v1/settings/${setting}`
          const { body } = await server.call('POST', path, { headers, body: { value } })
          assert.deepEqual(body, invalidValue(setting), String(value))
        }
      },
    })
  }

  scenario('a pattern of user names that never comes to an end keeps nobody waiting', {
    given: async (server) => {
      await change(server, { UTF8_User_Names_Validation: '([a-z]+)+' })
      const body = { ...fresh(), username: 'plain', pass: password }
      assert.equal((await server.call('POST', '/api/v1/users.register', { body })).status, 200)
      return {}
    },
    post: () => ['/api/v1/users.register', { ...fresh(), username: `${'a'.repeat(100)} !`, pass: password }],
    expect: { status: 400, body: plain('The username provided is not valid') },
    then: (server) => change(server, { UTF8_User_Names_Validation: '[0-9a-zA-Z-_.]+' }),
  })

  scenario('fields of one’s own are shown to strangers once they are public, to who may see all always', {
    chat: [],
    given: async (server) => {
      const fields = { team: { type: 'text', public: true }, salary: { type: 'text' } }
      await change(server, { Accounts_CustomFields: JSON.stringify(fields) })
      const { id } = await makeUser(server)
      const headers = await server.administratorHeaders()
      const body = { userId: id, data: { customFields: { team: 'blue', salary: 'much' } } }
      await server.call('POST', '/api/v1/users.update', { headers, body })
      return { id }
    },
    get: ({ id }) => [`/api/v1/users.info?userId=${id}`],
    expect: { status: 200 },
    then: async (server, { id }, { body }) => {
      const shown = (answer: unknown) => (answer as { user: { customFields?: unknown } }).user.customFields
      assert.deepEqual(shown(body), { team: 'blue' })
      const headers = await server.administratorHeaders()
      const all = await server.call('GET', `/api/v1/users.info?userId=${id}`, { headers })
      assert.deepEqual(shown(all.body), { team: 'blue', salary: 'much' })
      await change(server, { Accounts_CustomFields: '' })
    },
  })

  scenario('users.info tells oneself that there is a password, and nobody else', {
    given: oneself,
    headers: asOneself,
    get: ({ id }) => [`/api/v1/users.info?userId=${id}`],
    expect: { status: 200 },
    then: async (server, { id }, { body }) => {
      assert.deepEqual((body as { user: { services: unknown } }).user.services, { password: true })
      const headers = await server.administratorHeaders()
      const other = await server.call('GET', `/api/v1/users.info?userId=${id}`, { headers })
      assert.equal(/services|argon/u.test(other.text), false)
    },
  })

  for (const route of ['users.list', 'users.listByStatus']) {
    scenario(`${route} asks for view-outside-room once the setting says so`, {
      chat: ['view-d-room'],
      given: async (server) => {
        await change(server, { 'API_Apply_permission_view-outside-room_on_users-list': true })
        return {}
      },
      get: [`/api/v1/${route}`],
      expect: { status: 403, body: plain('unauthorized') },
      then: async (server) => {
        const { headers } = await server.chatter('view-d-room', 'view-outside-room')
        assert.equal((await server.call('GET', `/api/v1/${route}`, { headers })).status, 200)
        await change(server, { 'API_Apply_permission_view-outside-room_on_users-list': false })
      },
    })
  }

  scenario('who may not look outside finds only those he is in a room with', {
    given: async (server) => {
      const made = await oneself(server)
      const [fellow, stranger] = [
        await makeUser(server, { name: `near-${made.id}` }),
        await makeUser(server, { name: `near-too-${made.id}` }),
      ]
      await makeRoom(server, { memberIds: [made.id!, fellow.id] })
      const headers = await server.administratorHeaders()
      const body = { permissions: [{ _id: 'view-outside-room', roles: [] }] }
      await server.call('POST', '/api/v1/permissions.update', { headers, body })
      return { ...made, fellow: fellow.id, stranger: stranger.id }
    },
    headers: asOneself,
    get: ({ id }) => [`/api/v1/users.autocomplete?selector=${JSON.stringify({ term: id })}`],
    expect: { status: 200 },
    then: async (server, { fellow }, { body }) => {
      assert.deepEqual(
        (body as { items: { _id: string }[] }).items.map(({ _id }) => _id),
        [fellow],
      )
      const headers = await server.administratorHeaders()
      const roles = ['admin', 'owner', 'moderator', 'user']
      const restored = { permissions: [{ _id: 'view-outside-room', roles }] }
      await server.call('POST', '/api/v1/permissions.update', { headers, body: restored })
    },
  })

  for (const [what, code, text, pass, values] of [
    ['is too short', 'minLength', lengthRule('minimum'), 'Sh0rt-one', { MinLength: 12 }],
    ['is too long', 'maxLength', lengthRule('maximum'), 'L0ng-enough', { MaxLength: 8 }],
    [
      'repeats itself',
      'repeatingCharacters',
      'The password contains repeating characters which is against the password policy.',
      'Noooope-4',
      {},
    ],
    ['lacks a small letter', 'oneLowercase', classRule('lowercase'), 'BIG-LETTER-4', {}],
    ['lacks a capital', 'oneUppercase', classRule('uppercase'), 'no-capital-4', {}],
    ['lacks a digit', 'oneNumber', classRule('numerical'), 'No-digit', {}],
    ['lacks any other', 'oneSpecial', classRule('special'), 'Nothing else 4', {}],
  ] as const) {
    scenario(`a password policy that is switched on holds for a password that ${what}`, {
      given: async (server) => {
        await change(server, { ...policy, Accounts_Password_Policy_Enabled: true, ...ofPolicy(values) })
        return oneself(server)
      },
      post: () => ['/api/v1/users.register', { ...fresh(), pass }],
      expect: { status: 400, body: thrown(`error-password-policy-not-met-${code}`, text) },
      then: async (server, made) => {
        const told = thrown(`error-password-policy-not-met-${code}`, text)
        const own = { data: { newPassword: pass, currentPassword: password } }
        const path = '/api/v1/users.updateOwnBasicInfo'
        const refused = await server.call('POST', path, { headers: asOneself(made), body: own })
        assert.deepEqual(refused.body, told)
        const headers = await server.administratorHeaders()
        const body = { userId: made.id, data: { password: pass } }
        assert.deepEqual((await server.call('POST', '/api/v1/users.update', { headers, body })).body, told)
        const created = { ...fresh(), password: pass }
        const any = await server.call('POST', '/api/v1/users.create', { headers, body: created })
        assert.equal(any.status, 200, 'who makes a user gives him any')
        const off = ofPolicy(Object.fromEntries(Object.keys(values).map((key) => [key, offOf[key]])))
        await change(server, off)
        const relaxed = { ...fresh(), pass: 'Aa1-fits-all' }
        assert.equal((await server.call('POST', '/api/v1/users.register', { body: relaxed })).status, 200)
        await change(server, { Accounts_Password_Policy_Enabled: false })
      },
    })
  }

  for (const [how, setting, value, code, text] of [
    [
      'blocked',
      'Accounts_BlockedDomainsList',
      'example.com, example.org',
      'error-email-domain-blacklisted',
      'The email domain is blacklisted',
    ],
    [
      'not among the allowed ones',
      'Accounts_AllowedDomainsList',
      'example.net',
      'error-invalid-domain',
      'The email domain is not allowed',
    ],
  ] as const) {
    for (const [route, key] of [
      ['users.create', 'password'],
      ['users.register', 'pass'],
    ] as const) {
      scenario(`${route} refuses an address whose domain is ${how}`, {
        ...(route === 'users.create' && { chat: 'administrator' as const }),
        given: async (server) => {
          await change(server, { [setting]: value })
          return {}
        },
        post: () => [`/api/v1/${route}`, { ...fresh(), [key]: password }],
        expect: { status: 400, body: thrown(code, text) },
        then: (server) => change(server, { [setting]: '' }),
      })
    }
  }

  for (const [what, more] of [
    ['without a secret', {}],
    ['with a wrong one', { secret: 'guessed' }],
  ] as const) {
    scenario(`a form behind a secret address registers nobody ${what}`, {
      given: async (server) => {
        await change(server, { Accounts_RegistrationForm: 'Secret URL' })
        return {}
      },
      post: () => ['/api/v1/users.register', { ...fresh(), pass: password, ...more }],
      expect: {
        status: 400,
        body: thrown('error-user-registration-secret', 'User registration is only allowed via Secret URL'),
      },
      then: (server) => change(server, { Accounts_RegistrationForm: 'Public' }),
    })
  }

  for (const [what, values] of [
    ['as it was made', {}],
    ['as somebody has set it', { Accounts_RegistrationForm_SecretURL: 'open sesame' }],
  ] as const) {
    scenario(`a form behind a secret address registers who knows the secret, ${what}`, {
      given: async (server) => {
        await change(server, { Accounts_RegistrationForm: 'Secret URL', ...values })
        return { secret: await settingOf(server, 'Accounts_RegistrationForm_SecretURL') }
      },
      post: ({ secret }) => ['/api/v1/users.register', { ...fresh(), pass: password, secret }],
      expect: {
        status: 200,
        body: any,
        events: ['user.created', 'room.member-added', 'user.registered', 'role.assigned'],
      },
      then: async (server, { secret }) => {
        assert.ok(secret!.length >= 11)
        const hidden = '/api/v1/settings?count=0'
        const { headers } = await server.chatter()
        assert.equal((await server.call('GET', hidden, { headers })).text.includes(secret!), false)
        await change(server, { Accounts_RegistrationForm: 'Public' })
      },
    })
  }

  scenario('the secret of the form is not for who could not give the roles that it gives', {
    chat: ['edit-privileged-setting'],
    post: ['/api/v1/settings/Accounts_RegistrationForm_SecretURL', { value: 'mine' }],
    expect: { status: 400, body: any },
    then: async (server) => {
      assert.notEqual(await settingOf(server, 'Accounts_RegistrationForm_SecretURL'), 'mine')
    },
  })

  scenario('settings change many at once, whoever has the truth of each', {
    chat: 'administrator',
    post: [
      '/api/v1/settings',
      {
        settings: [
          { _id: 'Accounts_RegistrationForm', value: 'Disabled' },
          { _id: 'Accounts_RegistrationForm_SecretURL', value: 'told to friends' },
          { _id: 'Accounts_EmailVerification', value: true },
          { _id: 'API_Default_Count', value: 20 },
        ],
      },
    ],
    expect: {
      status: 200,
      body: { success: true },
      events: ['registration-policy.updated', 'settings.updated', 'registration-policy.updated'],
    },
    then: async (server) => {
      assert.equal(await settingOf(server, 'Accounts_RegistrationForm'), 'Disabled')
      assert.equal(await settingOf(server, 'Accounts_RegistrationForm_SecretURL'), 'told to friends')
      assert.equal(await settingOf(server, 'Accounts_EmailVerification'), true)
      assert.equal(await settingOf(server, 'API_Default_Count'), 20)
      await change(server, {
        Accounts_RegistrationForm: 'Public',
        Accounts_EmailVerification: false,
        API_Default_Count: 50,
      })
    },
  })

  const untouched = { _id: 'Accounts_RegistrationForm', value: 'Disabled' }
  for (const [why, chat, settings, status, body] of [
    ['of another type', 'administrator', [untouched, { _id: 'API_Default_Count', value: 'x' }], 400, any],
    ['that makes no sense', 'administrator', [untouched, { _id: 'API_Default_Count', value: 0 }], 400, any],
    ['that is unknown', 'administrator', [untouched, { _id: 'None', value: 1 }], 400, { success: false }],
    [
      'that names an unknown role',
      'administrator',
      [
        { _id: 'Accounts_AllowDeleteOwnAccount', value: true },
        { ...untouched, _id: defaultRoles, value: 'x' },
      ],
      400,
      any,
    ],
    ['of somebody who may not give what its secret gives', ['edit-privileged-setting'], secretly, 400, any],
    ['of somebody who may not', [], [untouched], 403, { success: false, error: 'unauthorized' }],
    ['of nothing', 'administrator', [], 400, any],
  ] as const) {
    scenario(`settings change none of many for the sake of one ${why}`, {
      chat: chat as 'administrator',
      post: ['/api/v1/settings', { settings }],
      expect: { status, body, events: [] },
      then: async (server) => {
        assert.equal(await settingOf(server, 'Accounts_RegistrationForm'), 'Public')
        assert.equal(await settingOf(server, 'Accounts_AllowDeleteOwnAccount'), false)
      },
    })
  }

  scenario('a secret counts for nothing where everybody may register', {
    post: () => ['/api/v1/users.register', { ...fresh(), pass: password, secret: 'guessed' }],
    expect: {
      status: 200,
      events: ['user.created', 'room.member-added', 'user.registered', 'role.assigned'],
    },
  })

  scenario('who registers waits until an administrator lets him in, once the setting says so', {
    given: async (server) => {
      await change(server, { Accounts_ManuallyApproveNewUsers: true })
      const body = { ...fresh(), pass: password, reason: 'Needs to read' }
      const answer = await server.call('POST', '/api/v1/users.register', { body })
      const { user } = answer.body as { user: { _id: string; active: boolean; reason: string } }
      assert.deepEqual([user.active, user.reason], [false, 'Needs to read'])
      const login = { user: body.username, password }
      const refused = await server.call('POST', '/api/v1/login', { body: login })
      assert.deepEqual([refused.status, refused.body], [401, notActivated])
      const stranger = (await server.chatter()).headers
      const seen = await server.call('GET', `/api/v1/users.info?userId=${user._id}`, { headers: stranger })
      assert.equal((seen.body as { user: { active: boolean } }).user.active, false)
      return { id: user._id, username: body.username }
    },
    chat: ['edit-other-user-active-status'],
    post: ({ id }) => ['/api/v1/users.setActiveStatus', { userId: id, activeStatus: true }],
    expect: {
      status: 200,
      body: ({ id }: Made) => ({ user: { _id: id, active: true }, success: true }),
      events: ['user.approved'],
    },
    then: async (server, { username }) => {
      await signIn(server, username!)
      const headers = await server.administratorHeaders()
      const activeOf = async (more: object) => {
        const body = { ...fresh(), password, ...more }
        const made = await server.call('POST', '/api/v1/users.create', { headers, body })
        return (made.body as { user: { active: boolean } }).user.active
      }
      assert.deepEqual([await activeOf({}), await activeOf({ active: true })], [false, true])
      await change(server, { Accounts_ManuallyApproveNewUsers: false })
      assert.equal(await activeOf({}), true)
    },
  })

  scenario('nobody but administrators signs in with an address that nobody has confirmed', {
    given: async (server) => {
      const { username } = await oneself(server)
      await change(server, { Accounts_EmailVerification: true })
      return { username: username! }
    },
    post: ({ username }) => ['/api/v1/login', { user: username, password }],
    expect: {
      status: 401,
      body: { status: 'error', error: 'error-invalid-email', message: 'Invalid email', success: false },
      events: ['user.sign-in-failed'],
    },
    then: async (server, { username }) => {
      const headers = await server.administratorHeaders()
      const body = { username, roleId: 'admin' }
      await server.call('POST', '/api/v1/roles.addUserToRole', { headers, body })
      await signIn(server, username!)
      await change(server, { Accounts_EmailVerification: false })
    },
  })
})

scenarios('Rocket.Chat: pages of other origins', (scenario, server) => {
  const preflight = (origin = 'https://app.example.com') =>
    server().call('OPTIONS', '/api/v1/roles.list', {
      headers: { origin, 'access-control-request-method': 'GET' },
    })
  const ask = async (origin: string) =>
    server().call('GET', '/api/v1/roles.list', {
      headers: { ...(await server().administratorHeaders()), origin },
    })

  scenario('are kept out until the settings let them in', {
    given: async () => {
      const { status, text, headers } = await preflight()
      assert.deepEqual([status, headers['access-control-allow-origin']], [405, undefined])
      assert.match(headers['content-type']!, /^text\/plain/u)
      assert.match(text, /^CORS not enabled/u)
      const answer = await ask('https://app.example.com')
      assert.equal(answer.headers['access-control-allow-origin'], undefined)
      return {}
    },
    get: ['/api/info'],
    expect: { status: 200 },
  })

  scenario('may ask and read once they do, refusals as well', {
    given: async () => {
      await change(server(), { API_Enable_CORS: true })
      const { status, headers } = await preflight()
      assert.deepEqual(
        [
          status,
          headers['access-control-allow-origin'],
          headers['access-control-allow-methods'],
          headers['access-control-allow-headers'],
        ],
        [
          200,
          '*',
          'GET, POST, PUT, DELETE, HEAD, PATCH',
          'Origin, X-Requested-With, Content-Type, Accept, X-User-Id, X-Auth-Token, x-visitor-token, Authorization',
        ],
      )
      return {}
    },
    headers: { origin: 'https://app.example.com' },
    get: ['/api/v1/roles.list'],
    expect: { status: 401, headers: { 'access-control-allow-origin': '*' } },
  })

  scenario('are those that the settings list', {
    given: async () => {
      await change(server(), { API_CORS_Origin: 'https://app.example.com, https://b.example.com' })
      const allowed = await ask('https://b.example.com')
      assert.deepEqual(
        [allowed.headers['access-control-allow-origin'], allowed.headers.vary],
        ['https://b.example.com', 'Origin'],
      )
      const other = await ask('https://evil.example.com')
      assert.equal(other.headers['access-control-allow-origin'], undefined)
      return {}
    },
    get: ['/api/info'],
    expect: { status: 200 },
  })

  scenario('the picture of a user is drawn from his name, whether there is one or not', {
    get: ['/avatar/anna.%3Cscript%3E'],
    expect: { status: 200, headers: { 'content-type': /^image\/svg\+xml/u } },
    then: async (_server, _made, { text }) => {
      assert.match(text, />AS<\/text>/u)
      assert.equal(/<script/u.test(text), false)
    },
  })
})

scenarios('Rocket.Chat: a password policy of the workspace', (scenario) => {
  scenario('is nothing at first: any password will do', {
    post: () => ['/api/v1/users.register', { ...fresh(), pass: 'x' }],
    expect: {
      status: 200,
      events: [
        ...['user.created', 'role.assigned', 'room.created', 'room.member-added', 'role.assigned'],
        ...['user.created', 'room.member-added', 'user.registered', 'role.assigned'],
      ],
    },
  })

  scenario('holds for who registers once somebody chose one, through whichever door', {
    given: async (server) => {
      const token = await server.token('every')
      const { body } = await server.call('GET', '/api/v2/connections', { token })
      const [connection] = body as { id: string }[]
      const options = { passwordPolicy: 'good' }
      server.clock.now += 1000
      const path = `/api/v2/connections/${connection!.id}`
      assert.equal((await server.call('PATCH', path, { token, body: { options } })).status, 200)
      return {}
    },
    post: () => ['/api/v1/users.register', { ...fresh(), pass: 'x' }],
    expect: {
      status: 400,
      body: thrown('error-password-policy-not-met', 'The password does not meet the policy', {
        faults: { 0: 'too_short', 1: 'too_few_character_classes' },
      }),
    },
  })
})
