import assert from 'node:assert/strict'
import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import { invalidRole, missingPermission, notAllowed, notSignedIn, plain, thrown } from './answers.ts'
import { give, makeRole, makeRoom, makeUser } from './given.ts'

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u
const hexId = /^[0-9a-f]{24}$/u

scenarios('Rocket.Chat: roles', (scenario) => {
  scenario('roles.list needs a session', {
    get: ['/api/v1/roles.list'],
    expect: {
      status: 401,
      body: notSignedIn,
      headers: { 'content-type': /^application\/json$/u, 'cache-control': 'no-store' },
    },
  })

  scenario('roles.list shows the default table to everybody, without when they changed', {
    chat: [],
    get: ['/api/v1/roles.list'],
    expect: { status: 200, headers: { 'content-type': /^application\/json$/u } },
    then: async (_server, _made, { body }) => {
      const { roles } = body as { roles: Record<string, unknown>[] }
      assert.deepEqual(
        roles
          .slice(0, 11)
          .map(({ _id, name, scope, description, protected: kept, mandatory2fa }) => [
            _id,
            name,
            scope,
            description,
            kept,
            mandatory2fa,
          ]),
        [
          ['admin', 'Users', 'Admin'],
          ['moderator', 'Subscriptions', 'Moderator'],
          ['leader', 'Subscriptions', 'Leader'],
          ['owner', 'Subscriptions', 'Owner'],
          ['user', 'Users', ''],
          ['bot', 'Users', ''],
          ['app', 'Users', ''],
          ['guest', 'Users', ''],
          ['anonymous', 'Users', ''],
          ['livechat-agent', 'Users', 'Livechat Agent'],
          ['livechat-manager', 'Users', 'Livechat Manager'],
        ].map(([name, scope, description]) => [name, name, scope, description, true, false]),
      )
      assert.deepEqual(Object.keys(roles[0]!).includes('_updatedAt'), false)
    },
  })

  scenario('roles.create makes a role that clients know by 24 hex characters', {
    chat: 'administrator',
    post: ['/api/v1/roles.create', { name: ' auditor ', scope: 'Subscriptions', description: 'Looks' }],
    expect: {
      status: 200,
      body: {
        role: {
          _id: hexId,
          name: 'auditor',
          scope: 'Subscriptions',
          description: 'Looks',
          mandatory2fa: false,
          protected: false,
          _updatedAt: instant,
        },
        success: true,
      },
      events: ['role.created'],
    },
  })

  scenario('roles.create fills in what is left out, and converts what it may', {
    chat: ['access-permissions'],
    post: ['/api/v1/roles.create', { name: 12345, mandatory2fa: 'true' }],
    expect: {
      status: 200,
      body: {
        role: {
          _id: hexId,
          name: '12345',
          scope: 'Users',
          description: '',
          mandatory2fa: true,
          protected: false,
          _updatedAt: instant,
        },
        success: true,
      },
      events: ['role.created'],
    },
  })

  for (const [what, body] of [
    ['no name', {}],
    ['a blank name', { name: '  ' }],
    ['an unknown key', { name: 'x', extra: 1 }],
    ['a scope that is none', { name: 'x', scope: 'Rooms' }],
    ['null for a scope', { name: 'x', scope: null }],
    ['an operator for a name', { name: { $ne: '' } }],
    ['a list for a name', { name: ['x'] }],
    ['a list for a body', [{ name: 'x' }]],
    ['text for a flag', { name: 'x', mandatory2fa: 'maybe' }],
    ['an operator for a description', { name: 'x', description: { $gt: '' } }],
    ['a name that is too long', { name: 'x'.repeat(256) }],
  ] as const) {
    scenario(`roles.create refuses ${what} with one text`, {
      chat: 'administrator',
      post: ['/api/v1/roles.create', body],
      expect: { status: 400, body: invalidRole },
    })
  }

  scenario('a key of the prototype is refused before it means anything', {
    chat: 'administrator',
    headers: { 'content-type': 'application/json' },
    post: ['/api/v1/roles.create', '{"name":"x","__proto__":{"protected":true}}'],
    expect: { status: 400, body: plain('The body of the request is not valid') },
  })

  scenario('what is no JSON is refused', {
    chat: 'administrator',
    post: ['/api/v1/roles.create', '{name:'],
    expect: { status: 400, body: plain('The body of the request is not valid') },
  })

  scenario('a bad body is told before a missing permission', {
    chat: [],
    post: ['/api/v1/roles.create', {}],
    expect: { status: 400, body: invalidRole },
  })

  scenario('roles.create without the permission is 400', {
    chat: ['assign-roles', 'create-user'],
    post: ['/api/v1/roles.create', { name: 'nope' }],
    expect: { status: 400, body: notAllowed },
  })

  for (const [what, name] of [
    ['a built-in role', 'Admin'],
    ['another role, in another letter case', 'TAKEN'],
  ] as const) {
    scenario(`roles.create refuses the name of ${what}`, {
      chat: 'administrator',
      given: async (server) => {
        const taken = await makeRole(server, { name: 'taken' }).catch(() => undefined)
        return { id: taken?.id ?? '' }
      },
      post: ['/api/v1/roles.create', { name }],
      expect: {
        status: 400,
        body: thrown('error-duplicate-role-names-not-allowed', 'Role name already exists'),
      },
    })
  }

  scenario('roles.create refuses a name that is another role’s id', {
    chat: 'administrator',
    given: async (server) => ({ id: (await makeRole(server)).id }),
    post: ({ id }) => ['/api/v1/roles.create', { name: id }],
    expect: {
      status: 400,
      body: thrown('error-duplicate-role-names-not-allowed', 'Role name already exists'),
    },
  })

  scenario('roles.update puts back what is left out', {
    chat: 'administrator',
    given: async (server) => {
      const role = await makeRole(server, { heldIn: 'room', description: 'Looks' })
      return { id: role.id, name: role.name }
    },
    post: ({ id, name }) => ['/api/v1/roles.update', { roleId: id, name }],
    expect: {
      status: 200,
      body: ({ id, name }: Made) => ({
        role: {
          _id: id,
          name,
          scope: 'Users',
          description: '',
          mandatory2fa: false,
          protected: false,
          _updatedAt: instant,
        },
        success: true,
      }),
      events: ['role.updated'],
    },
  })

  scenario('roles.update of a built-in role without a scope keeps its scope', {
    chat: 'administrator',
    post: ['/api/v1/roles.update', { roleId: 'leader', name: 'leader', description: 'Leads' }],
    expect: {
      status: 200,
      body: { role: any, success: true },
      events: ['role.updated'],
    },
    then: async ({ server }) => {
      const role = await server.workspace.store.reader.roles.find('leader')
      assert.deepEqual([role?.heldIn, role?.description], ['room', 'Leads'])
    },
  })

  for (const [what, chat, body, answer] of [
    ['no role', 'administrator', { name: 'x' }, invalidRole],
    ['no name', 'administrator', { roleId: 'x' }, invalidRole],
    ['an unknown key', 'administrator', { roleId: 'x', name: 'x', a: 1 }, invalidRole],
    ['an operator for a role', 'administrator', { roleId: { $ne: 1 }, name: 'x' }, invalidRole],
    ['who may not', [], { roleId: 'nope', name: 'x' }, notAllowed],
    [
      'a role that is not there',
      'administrator',
      { roleId: 'nope', name: 'x' },
      thrown('error-invalid-roleId', 'This role does not exist'),
    ],
    [
      'another name of a built-in role',
      'administrator',
      { roleId: 'user', name: 'people' },
      thrown('error-role-protected', 'Role is protected'),
    ],
    [
      'another scope of a built-in role',
      'administrator',
      { roleId: 'owner', name: 'owner', scope: 'Users' },
      thrown('error-role-protected', 'Role is protected'),
    ],
  ] as const) {
    scenario(`roles.update refuses ${what}`, {
      chat,
      post: ['/api/v1/roles.update', body],
      expect: { status: 400, body: answer },
    })
  }

  scenario('roles.update refuses a name that another role has', {
    chat: 'administrator',
    given: async (server) => {
      const [one, other] = [await makeRole(server), await makeRole(server)]
      return { id: one.id, name: other.name }
    },
    post: ({ id, name }) => ['/api/v1/roles.update', { roleId: id, name }],
    expect: {
      status: 400,
      body: thrown('error-duplicate-role-names-not-allowed', 'Role name already exists'),
    },
  })

  scenario('roles.update refuses another scope for a role that somebody holds', {
    chat: 'administrator',
    given: async (server) => {
      const [role, { id: userId }] = [await makeRole(server), await makeUser(server)]
      await give(server, userId, role.id)
      return { id: role.id, name: role.name }
    },
    post: ({ id, name }) => ['/api/v1/roles.update', { roleId: id, name, scope: 'Subscriptions' }],
    expect: {
      status: 400,
      body: thrown('error-role-in-use', "Cannot delete role because it's in use"),
    },
  })

  for (const by of ['id', 'name'] as const) {
    scenario(`roles.delete takes a role’s ${by}`, {
      chat: 'administrator',
      given: async (server) => {
        const role = await makeRole(server)
        return { roleId: role[by] }
      },
      post: (made) => ['/api/v1/roles.delete', made],
      expect: { status: 200, body: { success: true }, events: ['role.deleted'] },
    })
  }

  scenario('a deleted role is gone from every permission', {
    chat: 'administrator',
    given: async (server) => {
      const role = await makeRole(server)
      const headers = await server.administratorHeaders()
      const body = { permissionId: 'mention-all', role: role.id }
      await server.call('POST', '/api/v1/permissions.addRole', { headers, body })
      return { roleId: role.id }
    },
    post: (made) => ['/api/v1/roles.delete', made],
    expect: { status: 200, body: { success: true }, events: ['role.deleted'] },
    then: async (server, { roleId }) => {
      const headers = await server.administratorHeaders()
      const { text } = await server.call('GET', '/api/v1/permissions.listAll', { headers })
      assert.equal(text.includes(roleId!), false)
    },
  })

  for (const [what, chat, body, status, answer] of [
    ['who may not, before the body is looked at', [], {}, 403, missingPermission],
    ['no role', 'administrator', {}, 400, invalidRole],
    ['an unknown key', 'administrator', { roleId: 'x', force: true }, 400, invalidRole],
    ['an operator for a role', 'administrator', { roleId: { $gt: '' } }, 400, invalidRole],
    [
      'a role that is not there',
      'administrator',
      { roleId: 'nope' },
      400,
      thrown('error-invalid-roleId', 'This role does not exist'),
    ],
    [
      'a built-in role',
      'administrator',
      { roleId: 'guest' },
      400,
      thrown('error-role-protected', 'Cannot delete a protected role'),
    ],
  ] as const) {
    scenario(`roles.delete refuses ${what}`, {
      chat,
      post: ['/api/v1/roles.delete', body],
      expect: { status, body: answer },
    })
  }

  for (const where of ['everywhere', 'in a room'] as const) {
    scenario(`roles.delete refuses a role that somebody holds ${where}`, {
      chat: 'administrator',
      given: async (server) => {
        const role = await makeRole(server, { heldIn: where === 'everywhere' ? 'workspace' : 'room' })
        const { id: userId } = await makeUser(server)
        const room = await makeRoom(server, { memberIds: [userId] })
        await give(server, userId, role.id, where === 'everywhere' ? undefined : room.id)
        return { roleId: role.id }
      },
      post: (made) => ['/api/v1/roles.delete', made],
      expect: {
        status: 400,
        body: thrown('error-role-in-use', "Cannot delete role because it's in use"),
      },
    })
  }

  scenario('roles.sync shows what changed since, and what is gone with what it was', {
    chat: [],
    given: async (server) => {
      server.clock.now += 10_000
      const since = new Date(server.clock.now).toISOString()
      const [kept, gone] = [await makeRole(server), await makeRole(server, { description: 'Was' })]
      server.clock.now += 1000
      const headers = await server.administratorHeaders()
      await server.call('POST', '/api/v1/roles.delete', { headers, body: { roleId: gone.id } })
      return { since, kept: kept.id, gone: gone.id, name: gone.name }
    },
    get: ({ since }) => [`/api/v1/roles.sync?updatedSince=${since}`],
    expect: {
      status: 200,
      body: ({ kept, gone, name }: Made) => ({
        roles: {
          update: [
            {
              _id: kept,
              name: any,
              scope: 'Users',
              description: '',
              mandatory2fa: false,
              protected: false,
              _updatedAt: instant,
            },
          ],
          remove: [
            {
              _id: gone,
              name,
              scope: 'Users',
              description: 'Was',
              mandatory2fa: false,
              protected: false,
              _updatedAt: instant,
              _deletedAt: instant,
              __collection__: 'roles',
            },
          ],
        },
        success: true,
      }),
    },
  })

  scenario('roles.sync without a date shows everything', {
    chat: [],
    get: ['/api/v1/roles.sync'],
    expect: { status: 200, body: { roles: any, success: true } },
  })

  scenario('roles.sync refuses what is no date', {
    chat: [],
    get: ['/api/v1/roles.sync?updatedSince=soon'],
    expect: {
      status: 400,
      body: thrown('error-invalid-param', 'updatedSince must be a valid date string'),
    },
  })

  scenario('an unknown path is not found, whatever it is asked', {
    chat: [],
    get: ['/api/v1/spotlight?query=ann'],
    expect: { status: 404, body: plain('Resource not found') },
  })

  scenario('a known path by another method says which it knows', {
    chat: [],
    get: ['/api/v1/roles.create'],
    expect: {
      status: 405,
      body: { status: 'error', message: 'API endpoint does not exist' },
      headers: { allow: 'POST', 'content-type': /^application\/json$/u },
    },
  })

  scenario('the probe by another method says so too', {
    post: ['/api/info', {}],
    expect: {
      status: 405,
      body: { status: 'error', message: 'API endpoint does not exist' },
      headers: { allow: /GET/u, 'content-type': /^application\/json$/u },
    },
  })
})
