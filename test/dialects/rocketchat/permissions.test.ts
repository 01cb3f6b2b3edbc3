import assert from 'node:assert/strict'
import { builtInApis } from '#core/apis/built-in.ts'
import { defaultRolesOf } from '#core/apis/chat.ts'
import { any, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { missingPermission, notSignedIn, plain, thrown } from './answers.ts'
import { makeRole } from './given.ts'

type Permission = { _id: string; roles: string[]; _updatedAt: string }

const list = async (server: TestServer): Promise<Permission[]> => {
  const headers = await server.administratorHeaders()
  const { body } = await server.call('GET', '/api/v1/permissions.listAll', { headers })
  return (body as { update: Permission[] }).update
}

const rolesOf = async (server: TestServer, name: string) =>
  (await list(server)).find(({ _id }) => _id === name)?.roles

const update = '/api/v1/permissions.update'
const badBody = plain('Invalid body params', 'error-invalid-body-params')
const adding = { method: 'authorization:addPermissionToRole', action: 'Adding_permission' }

scenarios('Rocket.Chat: permissions', (scenario, server) => {
  scenario('permissions.listAll needs a session', {
    get: ['/api/v1/permissions.listAll'],
    expect: { status: 401, body: notSignedIn },
  })

  scenario(
    'permissions.listAll shows every permission with its default roles, in their order, to everybody',
    {
      chat: [],
      get: ['/api/v1/permissions.listAll'],
      expect: { status: 200, body: { update: any, remove: [], success: true } },
      then: async (_server, _made, { body }) => {
        const { update: all } = body as { update: Permission[] }
        const names = builtInApis.find(({ id }) => id === 'chat')!.permissions.map(({ name }) => name)
        assert.deepEqual(all.map(({ _id }) => _id).sort(), [...names].sort())
        for (const { _id, roles } of all) assert.deepEqual(roles, defaultRolesOf(_id), _id)
        const expected: Record<string, string[]> = {
          'access-permissions': ['admin'],
          'create-c': ['admin', 'user', 'bot', 'app'],
          'view-d-room': ['admin', 'user', 'bot', 'app', 'guest'],
          'set-owner': ['admin', 'owner'],
          'add-user-to-any-p-room': [],
          'view-joined-room': ['guest', 'bot', 'app', 'anonymous'],
          'mention-all': ['admin', 'owner', 'moderator', 'user'],
          'message-impersonate': ['bot', 'app'],
          'create-personal-access-tokens': ['admin', 'user'],
        }
        for (const [name, roles] of Object.entries(expected)) {
          assert.deepEqual(all.find(({ _id }) => _id === name)?.roles, roles, name)
        }
      },
    },
  )

  scenario('permissions.listAll since an instant shows what changed after it', {
    chat: [],
    given: async (server) => {
      server.clock.now += 60_000
      const since = new Date(server.clock.now).toISOString()
      server.clock.now += 1000
      const headers = await server.administratorHeaders()
      const body = { permissions: [{ _id: 'pin-message', roles: ['guest', 'admin'] }] }
      await server.call('POST', update, { headers, body })
      return { since }
    },
    get: ({ since }) => [`/api/v1/permissions.listAll?updatedSince=${since}`],
    expect: {
      status: 200,
      body: {
        update: [{ _id: 'pin-message', roles: { 0: 'guest', 1: 'admin' }, _updatedAt: /Z$/u }],
        remove: [],
        success: true,
      },
    },
  })

  scenario('permissions.listAll refuses what is no date', {
    chat: [],
    get: ['/api/v1/permissions.listAll?updatedSince=soon'],
    expect: {
      status: 400,
      body: thrown('error-roomId-param-invalid', 'The "updatedSince" query parameter must be a valid date.'),
    },
  })

  scenario('permissions.listAll refuses unknown keys', {
    chat: [],
    get: ['/api/v1/permissions.listAll?query={}'],
    expect: { status: 400, body: thrown('invalid-params', 'must NOT have additional properties') },
  })

  scenario('permissions.update replaces lists, keeps their order and answers with every permission', {
    chat: 'administrator',
    given: async (server) => ({ id: (await makeRole(server)).id }),
    post: ({ id }) => [
      update,
      {
        permissions: [
          { _id: 'mention-here', roles: ['user', id, 'admin'] },
          { _id: 'mobile-upload-file', roles: [] },
        ],
      },
    ],
    expect: {
      status: 200,
      body: { permissions: any, success: true },
      events: [
        'role.permission-removed',
        'role.permission-removed',
        'role.permission-added',
        'role.permission-removed',
        'role.permission-removed',
      ],
    },
    then: async (server, { id }, { body }) => {
      const { permissions } = body as { permissions: Permission[] }
      assert.deepEqual(permissions, await list(server))
      assert.deepEqual(await rolesOf(server, 'mention-here'), ['user', id, 'admin'])
      assert.deepEqual(await rolesOf(server, 'mobile-upload-file'), [])
    },
  })

  scenario('an order of its own is kept, and is no event', {
    chat: 'administrator',
    post: [update, { permissions: [{ _id: 'create-team', roles: ['user', 'admin'] }] }],
    expect: { status: 200, body: { permissions: any, success: true }, events: [] },
    then: async (server) => assert.deepEqual(await rolesOf(server, 'create-team'), ['user', 'admin']),
  })

  scenario('an empty list of permissions changes nothing', {
    chat: ['access-permissions'],
    post: [update, { permissions: [] }],
    expect: { status: 200, body: { permissions: any, success: true }, events: [] },
  })

  const unknown = plain('Invalid permission', 'error-invalid-permission')
  const noRole = plain('Invalid role', 'error-invalid-role')
  const good = { _id: 'view-logs', roles: ['admin', 'user'] }
  for (const [what, chat, body, status, answer] of [
    ['who may not, before the body is looked at', [], {}, 403, missingPermission],
    ['no list', 'administrator', {}, 400, badBody],
    ['text for a list', 'administrator', { permissions: 'all' }, 400, badBody],
    ['an unknown key', 'administrator', { permissions: [{ ...good, a: 1 }] }, 400, badBody],
    ['a role twice', 'administrator', { permissions: [{ ...good, roles: ['user', 'user'] }] }, 400, badBody],
    ['an operator', 'administrator', { permissions: [{ _id: { $ne: 1 }, roles: [] }] }, 400, badBody],
    [
      'an operator for roles',
      'administrator',
      { permissions: [{ _id: 'x', roles: { $in: [] } }] },
      400,
      badBody,
    ],
    [
      'a permission that is not there',
      'administrator',
      { permissions: [good, { _id: 'fly', roles: [] }] },
      400,
      unknown,
    ],
    [
      'a permission of the prototype',
      'administrator',
      { permissions: [{ _id: 'constructor', roles: [] }] },
      400,
      unknown,
    ],
    ['a permission twice', 'administrator', { permissions: [good, good] }, 400, unknown],
    [
      'a role that is not there',
      'administrator',
      { permissions: [good, { _id: 'run-import', roles: ['nope'] }] },
      400,
      noRole,
    ],
  ] as const) {
    scenario(`permissions.update refuses ${what}, and stores nothing`, {
      chat,
      post: [update, body],
      expect: { status, body: answer },
      then: async (server) => assert.deepEqual(await rolesOf(server, 'view-logs'), ['admin']),
    })
  }

  scenario('a role of one’s own is named by its id, not by its name', {
    chat: 'administrator',
    given: async (server) => ({ name: (await makeRole(server)).name }),
    post: ({ name }) => [update, { permissions: [{ _id: 'view-logs', roles: [name] }] }],
    expect: { status: 400, body: noRole },
  })

  scenario('nobody gives a permission that means power which he does not hold', {
    chat: ['access-permissions'],
    post: [update, { permissions: [{ _id: 'assign-admin-role', roles: ['admin', 'user'] }] }],
    expect: { status: 400, body: any },
    then: async (server) => assert.deepEqual(await rolesOf(server, 'assign-admin-role'), ['admin']),
  })

  for (const [verb, event] of [
    ['addRole', 'role.permission-added'],
    ['removeRole', 'role.permission-removed'],
  ] as const) {
    scenario(`permissions.${verb} changes one role, once`, {
      chat: 'administrator',
      given: async (server) => {
        const id = (await makeRole(server)).id
        const headers = await server.administratorHeaders()
        const body = { permissionId: 'view-logs', role: id }
        if (verb === 'removeRole') await server.call('POST', '/api/v1/permissions.addRole', { headers, body })
        return { id }
      },
      post: ({ id }) => [`/api/v1/permissions.${verb}`, { permissionId: 'view-logs', role: id }],
      expect: { status: 200, body: { success: true }, events: [event] },
      then: async (server, { id }) => {
        await server.events()
        const headers = await server.administratorHeaders()
        const body = { permissionId: 'view-logs', role: id }
        const again = await server.call('POST', `/api/v1/permissions.${verb}`, { headers, body })
        assert.deepEqual([again.status, await server.events()], [200, []])
        await server.call('POST', '/api/v1/permissions.removeRole', { headers, body })
      },
    })

    scenario(`permissions.${verb} needs the permission`, {
      chat: [],
      post: [`/api/v1/permissions.${verb}`, {}],
      expect: { status: 403, body: missingPermission },
    })

    scenario(`permissions.${verb} says what is missing`, {
      chat: 'administrator',
      post: [`/api/v1/permissions.${verb}`, { permissionId: 'view-logs' }],
      expect: { status: 400, body: plain("must have required property 'role'", 'invalid-params') },
    })

    scenario(`permissions.${verb} refuses to move what one does not hold`, {
      chat: ['access-permissions'],
      post: [
        `/api/v1/permissions.${verb}`,
        { permissionId: 'assign-admin-role', role: verb === 'addRole' ? 'user' : 'admin' },
      ],
      expect: { status: 400, body: any },
    })
  }

  for (const [what, verb, body, answer] of [
    [
      'adding an unknown permission',
      'addRole',
      { permissionId: 'fly', role: 'user' },
      thrown('error-invalid-permission', 'Permission does not exist', adding),
    ],
    [
      'adding to an unknown role',
      'addRole',
      { permissionId: 'view-logs', role: 'nope' },
      thrown('error-invalid-role', 'Role does not exist', adding),
    ],
    [
      'removing an unknown permission',
      'removeRole',
      { permissionId: 'fly', role: 'user' },
      thrown('error-permission-not-found', 'Permission not found', {
        method: 'authorization:removeRoleFromPermission',
      }),
    ],
  ] as const) {
    scenario(`permissions refuse ${what}`, {
      chat: 'administrator',
      post: [`/api/v1/permissions.${verb}`, body],
      expect: { status: 400, body: answer },
    })
  }

  scenario('removing from a role that is not there changes nothing', {
    chat: 'administrator',
    post: ['/api/v1/permissions.removeRole', { permissionId: 'view-logs', role: 'nope' }],
    expect: { status: 200, body: { success: true }, events: [] },
  })

  // Last of its group: it locks everybody out of this door.
  scenario('an administrator may take the right to change permissions from everybody, himself included', {
    chat: 'administrator',
    post: [update, { permissions: [{ _id: 'access-permissions', roles: [] }] }],
    expect: { status: 200, body: { permissions: any, success: true }, events: ['role.permission-removed'] },
    then: async (server) => {
      const headers = await server.administratorHeaders()
      const refused = await server.call('POST', update, { headers, body: { permissions: [] } })
      assert.deepEqual([refused.status, refused.body], [403, missingPermission])
    },
  })
  void server
})
