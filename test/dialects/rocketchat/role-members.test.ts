import assert from 'node:assert/strict'
import type { Event } from '#core/events.ts'
import type { Made, Scenario } from '#test/harness/scenario.ts'
import { any, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { invalidRole, missingPermission, notSignedIn, plain, thrown } from './answers.ts'
import { give, makeRole, makeRoom, makeUser } from './given.ts'

const add = '/api/v1/roles.addUserToRole'
const remove = '/api/v1/roles.removeUserFromRole'

const details = (action: string) => ({ method: 'authorization:addUserToRole', action })
const notAllowed = thrown(
  'error-action-not-allowed',
  'Accessing permissions is not allowed',
  details('Accessing_permissions'),
)
const noUser = thrown(
  'error-invalid-user',
  'The required "userId" or "username" param provided does not match any users',
)
const noUserParam = thrown(
  'error-user-param-not-provided',
  'The required "userId" or "username" param was not provided',
)
const notInRoom = thrown('error-invalid-user', 'User is not part of given room', {
  method: 'authorization:addUserToRole',
})

/** A user, a role of the workspace, one of rooms, and a room that he is in. */
const people = async (server: TestServer): Promise<Made> => {
  const user = await makeUser(server)
  const role = await makeRole(server, { description: 'Edits' })
  const local = await makeRole(server, { heldIn: 'room' })
  const room = await makeRoom(server, { memberIds: [user.id] })
  return {
    id: user.id,
    username: user.username,
    role: role.id,
    name: role.name,
    local: local.id,
    room: room.id,
  }
}

const scopesOf = async ({ server }: TestServer, userId: string, roleId: string): Promise<string[]> => {
  const filter = { all: [{ field: 'userId', is: 'equal', value: userId }] } as const
  const { items } = await server.workspace.store.reader.assignments.list({ filter, limit: 100 })
  return items.filter((each) => each.roleId === roleId).map(({ scope }) => scope)
}

scenarios('Rocket.Chat: who holds roles', (scenario) => {
  const refused = (title: string, parts: Omit<Scenario, 'expect'>, status: number, body: unknown) =>
    scenario(title, { given: people, ...parts, expect: { status, body: body as never } })

  scenario('addUserToRole gives a role of the workspace, and says so as the published page does', {
    chat: 'administrator',
    given: people,
    post: ({ username, role }) => [add, { username: username!.toUpperCase(), roleId: role }],
    expect: {
      status: 200,
      body: ({ role, name }: Made) => ({
        role: {
          _id: role,
          scope: 'Users',
          description: 'Edits',
          mandatory2fa: false,
          name,
          protected: false,
          _updatedAt: /Z$/u,
        },
        success: true,
      }),
      events: ['role.assigned'],
      headers: { 'content-type': /^application\/json$/u },
    },
    then: async (server, { id, role }, { text }) => {
      assert.deepEqual(await scopesOf(server, id!, role!), ['workspace'])
      const shape = text.replaceAll(/"(_id|name|_updatedAt)":"[^"]*"/gu, '"$1":"…"')
      assert.equal(
        shape,
        '{"role":{"_id":"…","scope":"Users","description":"Edits","mandatory2fa":false,"name":"…","protected":false,"_updatedAt":"…"},"success":true}',
      )
    },
  })

  scenario('addUserToRole passes a room over for a role of the workspace, whatever room', {
    chat: ['access-permissions'],
    given: people,
    post: ({ username, role }) => [add, { username, roleId: role, roomId: 'nowhere' }],
    expect: { status: 200, body: { role: any, success: true }, events: ['role.assigned'] },
    then: async (server, { id, role }) => assert.deepEqual(await scopesOf(server, id!, role!), ['workspace']),
  })

  scenario('addUserToRole gives a room role in the room', {
    chat: 'administrator',
    given: people,
    post: ({ username, local, room }) => [add, { username, roleId: local, roomId: room }],
    expect: { status: 200, body: { role: any, success: true }, events: ['role.assigned'] },
    then: async (server, { id, local, room }) =>
      assert.deepEqual(await scopesOf(server, id!, local!), [`room:${room}`]),
  })

  scenario('addUserToRole gives a room role without a room in every room', {
    chat: 'administrator',
    given: people,
    post: ({ username, local }) => [add, { username, roleId: local }],
    expect: { status: 200, body: { role: any, success: true }, events: ['role.assigned'] },
    then: async (server, { id, local }) =>
      assert.deepEqual(await scopesOf(server, id!, local!), ['workspace']),
  })

  scenario('a room role that holds in every room is given again without a change', {
    chat: 'administrator',
    given: async (server) => {
      const made = await people(server)
      await give(server, made.id!, made.local!)
      return made
    },
    post: ({ username, local }) => [add, { username, roleId: local, roomId: null }],
    expect: { status: 200, body: { role: any, success: true }, events: [] },
  })

  scenario('addUserToRole by name works, and is said to be old', {
    chat: 'administrator',
    given: people,
    post: ({ username, name }) => [add, { username, roleName: name }],
    expect: {
      status: 200,
      body: { role: any, success: true },
      events: ['role.assigned'],
      headers: {
        'x-deprecation-type': 'parameter-deprecation',
        'x-deprecation-version': '7.0.0',
        'x-deprecation-message': /roleName/u,
      },
    },
  })

  scenario('an id wins over a name, and is no name', {
    chat: 'administrator',
    given: people,
    post: ({ username, name }) => [add, { username, roleId: name, roleName: 'user' }],
    expect: { status: 400, body: plain('error-role-not-found', 'Role not found') },
  })

  scenario('a form says what JSON says', {
    chat: 'administrator',
    given: people,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    post: ({ username, role }) => [add, `username=${username}&roleId=${role}`],
    expect: { status: 200, body: { role: any, success: true }, events: ['role.assigned'] },
  })

  refused('nobody gives roles without a session', { post: [add, {}] }, 401, notSignedIn)
  refused(
    'a session of another user is nobody’s',
    {
      chat: 'administrator',
      headers: { 'x-user-id': 'rocket.cat' },
      post: [add, {}],
    },
    401,
    notSignedIn,
  )

  for (const [what, body, message] of [
    ['no user name', { roleId: 'user' }, "must have required property 'username'"],
    ['an unknown key', { username: 'x', userId: 'x' }, 'must NOT have additional properties'],
    ['an operator for a user name', { username: { $ne: null } }, 'must be string'],
    ['a pattern for a user name', { username: { $regex: '.*' } }, 'must be string'],
    ['an operator for a role', { username: 'root', roleId: { $gt: '' } }, 'must be string'],
    ['code for a role name', { username: 'root', roleName: { $where: '1' } }, 'must be string'],
    ['an operator for a room', { username: 'root', roomId: { $exists: true } }, 'must be string'],
    ['a list for a body', [], 'must be object'],
  ] as const) {
    refused(
      `addUserToRole refuses ${what} in Ajv’s words`,
      { chat: 'administrator', post: [add, body] },
      400,
      thrown('error-invalid-role-properties', message),
    )
    refused(
      `addUserToRole says so of ${what} also to who may not`,
      { chat: [], post: [add, body] },
      400,
      thrown('error-invalid-role-properties', message),
    )
  }

  refused(
    'a missing permission is told before who there is',
    { chat: [], post: [add, { username: 'nobody', roleId: 'nope' }] },
    400,
    notAllowed,
  )
  refused(
    'assign-roles is not what it takes',
    { chat: ['assign-roles'], post: ({ username, role }) => [add, { username, roleId: role }] },
    400,
    notAllowed,
  )
  refused(
    'a blank user name is none',
    { chat: 'administrator', post: [add, { username: ' ', roleId: 'user' }] },
    400,
    noUserParam,
  )
  refused(
    'a user who is not there',
    { chat: 'administrator', post: [add, { username: 'nobody', roleId: 'user' }] },
    400,
    noUser,
  )
  refused(
    'a user who is not there, without a role',
    { chat: 'administrator', post: [add, { username: 'nobody' }] },
    400,
    noUser,
  )
  refused(
    'no role',
    { chat: 'administrator', post: ({ username }) => [add, { username }] },
    400,
    plain('error-invalid-role-properties'),
  )
  refused(
    'a role that is not there, its code and its text in each other’s place',
    { chat: 'administrator', post: ({ username }) => [add, { username, roleId: 'nope' }] },
    400,
    plain('error-role-not-found', 'Role not found'),
  )
  for (const where of ['everywhere', 'in the room'] as const) {
    refused(
      `a role that he holds ${where}`,
      {
        chat: 'administrator',
        given: async (server) => {
          const made = await people(server)
          if (where === 'everywhere') await give(server, made.id!, made.role!)
          else await give(server, made.id!, made.local!, made.room!)
          return made
        },
        post: ({ username, role, local, room }) =>
          where === 'everywhere'
            ? [add, { username, roleId: role }]
            : [add, { username, roleId: local, roomId: room }],
      },
      400,
      thrown('error-user-already-in-role', 'User already in role'),
    )
  }
  for (const by of [{ roleId: 'admin' }, { roleName: 'admin' }]) {
    refused(
      `making an administrator takes a right of its own, by ${Object.keys(by)}`,
      { chat: ['access-permissions'], post: ({ username }) => [add, { username, ...by }] },
      400,
      thrown('error-action-not-allowed', 'Assigning admin is not allowed', details('Assign_admin')),
    )
  }
  for (const [what, room] of [
    ['one he is not in', ''],
    ['one that is not there', 'nowhere'],
  ] as const) {
    refused(
      `a room role in a room: ${what}`,
      {
        chat: 'administrator',
        given: async (server) => ({ ...(await people(server)), other: (await makeRoom(server)).id }),
        post: ({ username, local, other }) => [add, { username, roleId: local, roomId: room || other }],
      },
      400,
      notInRoom,
    )
  }

  scenario('a role that is given counts on the very next request', {
    chat: 'administrator',
    given: async (server) => {
      const made = await people(server)
      const headers = await server.administratorHeaders()
      const body = { permissionId: 'access-permissions', role: made.role }
      await server.call('POST', '/api/v1/permissions.addRole', { headers, body })
      return made
    },
    post: ({ username, role }) => [add, { username, roleId: role }],
    expect: { status: 200, body: { role: any, success: true }, events: ['role.assigned'] },
    then: async (server, { id, role }) => {
      const { store } = server.server.workspace
      const may = () =>
        store.reader.decisions.allows(
          id!,
          { apiId: 'chat', name: 'access-permissions' },
          ['workspace'],
          server.clock.now,
        )
      assert.equal(await may(), true)
      const headers = await server.administratorHeaders()
      const body = { permissionId: 'access-permissions', role }
      await server.call('POST', '/api/v1/permissions.removeRole', { headers, body })
      assert.equal(await may(), false)
    },
  })

  scenario('the events name the door', {
    chat: 'administrator',
    given: people,
    post: ({ username, role }) => [add, { username, roleId: role }],
    expect: { status: 200, body: any, events: ['role.assigned'] },
    then: async ({ server }, { id }) => {
      const order = [{ field: 'number', direction: 'descending' } as const]
      const { items } = await server.workspace.store.reader.events.list({ order, limit: 1 })
      const [{ door, userId, scope }] = items as [Event]
      assert.deepEqual([door, userId, scope], ['rocketchat', id, 'workspace'])
    },
  })

  const holding = async (server: TestServer): Promise<Made> => {
    const made = await people(server)
    await give(server, made.id!, made.role!)
    await give(server, made.id!, made.local!, made.room!)
    return made
  }

  scenario('removeUserFromRole takes a role of the workspace and shows it', {
    chat: 'administrator',
    given: holding,
    post: ({ username, role }) => [remove, { username, roleId: role }],
    expect: { status: 200, body: { role: any, success: true }, events: ['role.removed'] },
  })

  for (const key of ['scope', 'roomId'] as const) {
    scenario(`removeUserFromRole takes a room role in the room that ${key} names`, {
      chat: 'administrator',
      given: holding,
      post: ({ username, local, room }) => [remove, { username, roleId: local, [key]: room }],
      expect: { status: 200, body: { role: any, success: true }, events: ['role.removed'] },
      then: async (server, { id, local }) => assert.deepEqual(await scopesOf(server, id!, local!), []),
    })
  }

  scenario('removeUserFromRole takes the kind of a role for no room, as the vendor’s page has it', {
    chat: 'administrator',
    given: holding,
    post: ({ username, role }) => [remove, { username, roleName: role, scope: 'Users' }],
    expect: { status: 200, body: { role: any, success: true }, events: ['role.removed'] },
  })

  scenario('removeUserFromRole takes a room role that holds in every room', {
    chat: 'administrator',
    given: async (server) => {
      const made = await people(server)
      await give(server, made.id!, made.local!)
      return made
    },
    post: ({ username, local }) => [remove, { username, roleId: local }],
    expect: { status: 200, body: { role: any, success: true }, events: ['role.removed'] },
  })

  for (const [what, chat, body, status, answer] of [
    ['who may not, before the body is looked at', [], {}, 403, missingPermission],
    ['no user name', 'administrator', { roleId: 'user' }, 400, invalidRole],
    ['an unknown key', 'administrator', { username: 'x', roleId: 'user', all: true }, 400, invalidRole],
    [
      'an operator for a user name',
      'administrator',
      { username: { $ne: 1 }, roleId: 'user' },
      400,
      invalidRole,
    ],
    [
      'no role, before who it is about',
      'administrator',
      { username: 'nobody' },
      400,
      plain('error-invalid-role-properties'),
    ],
    [
      'a user who is not there',
      'administrator',
      { username: 'nobody', roleId: 'user' },
      400,
      thrown('error-invalid-user', 'There is no user with this username'),
    ],
    [
      'a role that is not there',
      'administrator',
      { username: 'root', roleId: 'nope' },
      400,
      thrown('error-invalid-roleId', 'This role does not exist'),
    ],
    [
      'a role that he does not hold',
      'administrator',
      { username: 'root', roleId: 'guest' },
      400,
      thrown('error-user-not-in-role', 'User is not in this role'),
    ],
    [
      'the last administrator',
      'administrator',
      { username: 'root', roleId: 'admin' },
      400,
      thrown('error-admin-required', 'You need to have at least one admin'),
    ],
  ] as const) {
    refused(`removeUserFromRole refuses ${what}`, { chat, post: [remove, body] }, status, answer)
  }

  refused(
    'removeUserFromRole refuses a room role that he holds in another room',
    {
      chat: 'administrator',
      given: async (server) => ({ ...(await holding(server)), other: (await makeRoom(server)).id }),
      post: ({ username, local, other }) => [remove, { username, roleId: local, scope: other }],
    },
    400,
    thrown('error-user-not-in-role', 'User is not in this role'),
  )
  refused(
    'removeUserFromRole refuses a room’s last owner',
    {
      chat: 'administrator',
      given: async (server) => {
        const user = await makeUser(server)
        const room = await makeRoom(server, { ownerId: user.id })
        return { username: user.username, room: room.id }
      },
      post: ({ username, room }) => [remove, { username, roleId: 'owner', scope: room }],
    },
    400,
    thrown(
      'error-remove-last-owner',
      'This is the last owner. Please set a new owner before removing this one.',
    ),
  )

  scenario('getUsersInRole shows who holds a role, by user name, with a total and no more', {
    chat: ['access-permissions'],
    given: async (server) => {
      const role = await makeRole(server)
      const [two, one] = [
        await makeUser(server, { name: `b-${role.id}` }),
        await makeUser(server, { name: `a-${role.id}` }),
      ]
      for (const { id } of [two, one]) await give(server, id, role.id)
      return { role: role.id, one: one.id, two: two.id }
    },
    get: ({ role }) => [`/api/v1/roles.getUsersInRole?role=${role}&count=1&offset=1`],
    expect: {
      status: 200,
      body: ({ two, role }: Made) => ({
        users: [
          {
            _id: two,
            name: `b-${role}`,
            username: `b-${role}`,
            emails: [{ address: `b-${role}@example.com`, verified: false }],
            createdAt: /Z$/u,
            _updatedAt: /Z$/u,
          },
        ],
        total: 2,
        success: true,
      }),
    },
  })

  scenario('getUsersInRole of a room role shows who holds it in a room, and nobody who holds it in all', {
    chat: 'administrator',
    given: async (server) => {
      const role = await makeRole(server, { heldIn: 'room' })
      const [local, other, everywhere] = [
        await makeUser(server),
        await makeUser(server),
        await makeUser(server),
      ]
      const room = await makeRoom(server, { memberIds: [local.id] })
      const second = await makeRoom(server, { memberIds: [other.id] })
      await give(server, local.id, role.id, room.id)
      await give(server, other.id, role.id, second.id)
      await give(server, everywhere.id, role.id)
      return { role: role.id, room: room.id, local: local.id, other: other.id }
    },
    get: ({ role, room }) => [`/api/v1/roles.getUsersInRole?role=${role}&roomId=${room}`],
    expect: { status: 200, body: { users: any, total: 1, success: true } },
    then: async (server, { role, local, other }, { body }) => {
      const ids = (answer: unknown) =>
        (answer as { users: { _id: string }[] }).users.map(({ _id }) => _id).sort()
      assert.deepEqual(ids(body), [local])
      const headers = await server.administratorHeaders()
      const all = await server.call('GET', `/api/v1/roles.getUsersInRole?roleId=${role}`, { headers })
      assert.deepEqual(ids(all.body), [local, other].sort())
    },
  })

  for (const [what, chat, query, status, answer] of [
    [
      'no role',
      'administrator',
      '',
      400,
      thrown('error-param-not-provided', 'Query param "role" is required'),
    ],
    ['who may not', [], '?role=user', 403, missingPermission],
    [
      'a room for who may not see rooms',
      ['access-permissions'],
      '?role=user&roomId=GENERAL',
      400,
      thrown('error-not-allowed', 'Not allowed'),
    ],
    ['a role that is not there', 'administrator', '?role=nope', 400, thrown('error-invalid-roleId')],
    [
      'a number that is none',
      'administrator',
      '?role=user&count=many',
      400,
      thrown('invalid-params', 'must be integer'),
    ],
  ] as const) {
    refused(
      `getUsersInRole refuses ${what}`,
      { chat, get: [`/api/v1/roles.getUsersInRole${query}`] },
      status,
      answer,
    )
  }

  scenario('an operator in a query names nobody', {
    chat: 'administrator',
    get: ['/api/v1/roles.getUsersInRole?role[$ne]=x'],
    expect: {
      status: 400,
      body: thrown('invalid-params', 'must NOT have additional properties'),
    },
  })

  scenario('getUsersInPublicRoles shows described roles of the workspace, and only those', {
    chat: [],
    given: async (server) => {
      const [shown, hidden] = [await makeRole(server, { description: 'Seen' }), await makeRole(server)]
      const user = await makeUser(server)
      await give(server, user.id, shown.id)
      await give(server, user.id, hidden.id)
      return { id: user.id, username: user.username, shown: shown.id }
    },
    get: ['/api/v1/roles.getUsersInPublicRoles'],
    expect: { status: 200, body: { users: any, success: true } },
    then: async (_server, { id, username, shown }, { body }) => {
      const { users } = body as { users: { _id: string }[] }
      assert.deepEqual(
        users.find(({ _id }) => _id === id),
        { _id: id, username, roles: [shown] },
      )
      const names = users.map((user) => (user as unknown as { username: string }).username)
      assert.deepEqual(names, [...names].sort())
    },
  })

  scenario('the error examples of the published page come back byte for byte', {
    chat: 'administrator',
    given: people,
    post: [add, { roleId: 'user' }],
    expect: { status: 400, body: any },
    then: async (server, _made, { text }) => {
      assert.equal(
        text,
        '{"success":false,"error":"must have required property \'username\' [error-invalid-role-properties]","errorType":"error-invalid-role-properties"}',
      )
      const headers = await server.administratorHeaders()
      const body = { username: 'nobody-at-all', roleId: 'user' }
      assert.equal(
        (await server.call('POST', add, { headers, body })).text,
        '{"success":false,"error":"The required \\"userId\\" or \\"username\\" param provided does not match any users [error-invalid-user]","errorType":"error-invalid-user"}',
      )
      assert.equal(
        (await server.call('POST', add, { body })).text,
        '{"status":"error","message":"You must be logged in to do this."}',
      )
    },
  })
})
