import assert from 'node:assert/strict'
import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { insufficient, noApi, noUser } from './answers.ts'
import { assign, createApi, createRole, createUser, pathOf, rootId } from './given.ts'

const pairs = (api: string, ...names: string[]) =>
  names.map((name) => ({ resource_server_identifier: api, permission_name: name }))
const path = ({ user }: Made, more = '') => `${pathOf(user!)}/permissions${more}`
const post = async (server: TestServer, to: string, body: object) => {
  const { status, text } = await server.call('POST', to, { body, token: await server.token('every') })
  assert.ok(status < 300, text)
}
const given = async (server: TestServer): Promise<Made> => ({
  user: (await createUser(server)).user_id,
  api: await createApi(server, 'a:x', 'b:x', 'c:x'),
})
const givenAll = async (server: TestServer): Promise<Made> => {
  const made = await given(server)
  await post(server, path(made), { permissions: pairs(made.api!, 'a:x', 'b:x') })
  const role = await createRole(server)
  await post(server, `/api/v2/roles/${role.id}/permissions`, { permissions: pairs(made.api!, 'b:x', 'c:x') })
  await assign(server, made.user!, role.id)
  return { ...made, role: role.id, roleName: role.name }
}
const permission = (api: string, name: string, sources: unknown) => ({
  permission_name: name,
  description: `may ${name}`,
  resource_server_name: /^api-\d+$/u,
  resource_server_identifier: api,
  sources,
})

scenarios('/users/{id}/effective-*', (scenario, server) => {
  const effective = ({ user }: Made, api: string, more = '') =>
    `${pathOf(user!)}/effective-permissions?resource_server_identifier=${encodeURIComponent(api)}${more}`
  const found = (api: string, name: string, ...sources: string[]) => permission(api, name, sources)

  scenario('permissions of one API say whether they came directly or through roles', {
    scopes: ['read:user_effective_permissions'],
    given: async (server) => {
      const made = await givenAll(server)
      const other = await createApi(server, 'd:x')
      await post(server, path(made), { permissions: pairs(other, 'd:x') })
      return made
    },
    get: (made) => [effective(made, made.api!)],
    expect: {
      status: 200,
      body: ({ api }: Made) => ({
        permissions: [
          found(api!, 'a:x', 'direct'),
          found(api!, 'b:x', 'direct', 'roles'),
          found(api!, 'c:x', 'roles'),
        ],
      }),
    },
  })

  scenario('permissions go on from a checkpoint', {
    scopes: ['read:user_effective_permissions'],
    given: givenAll,
    get: (made) => [effective(made, made.api!, '&take=2')],
    expect: { status: 200, body: { permissions: [any, any], next: any } },
    then: async (_server, made, { body }) => {
      const { next } = body as { next: string }
      const token = await server().token('read:user_effective_permissions')
      const rest = await server().call('GET', effective(made, made.api!, `&take=2&from=${next}`), { token })
      assert.equal((rest.body as { permissions: unknown[] }).permissions.length, 1)
      assert.ok(!('next' in (rest.body as object)))
    },
  })

  scenario('permissions of the Management API are asked for by the host’s own name', {
    scopes: ['read:user_effective_permissions'],
    given: async (server) => ({ user: await rootId(server) }),
    get: (made) => [effective(made, `${server().origin}/api/v2/`)],
    expect: { status: 200, body: { permissions: [] } },
  })

  scenario('permissions need an API', {
    scopes: ['read:user_effective_permissions'],
    given,
    get: ({ user }) => [`${pathOf(user!)}/effective-permissions`],
    expect: { status: 400, body: any },
  })

  scenario('permissions of an API that is not there are 404', {
    scopes: ['read:user_effective_permissions'],
    given,
    get: (made) => [effective(made, 'https://nobody/')],
    expect: { status: 404, body: noApi },
  })

  scenario('permissions of a user who is not there are 404', {
    scopes: ['read:user_effective_permissions'],
    get: [effective({ user: 'auth0|nobody' }, 'x')],
    expect: { status: 404, body: noUser },
  })

  scenario('permissions refuse a foreign cursor', {
    scopes: ['read:user_effective_permissions'],
    given,
    get: (made) => [effective(made, made.api!, '&from=x')],
    expect: { status: 400, body: any },
  })

  scenario('roles say whether they were given or come with another', {
    scopes: ['read:user_effective_roles'],
    given: async (server) => {
      const [user, outer, inner] = [
        await createUser(server),
        await createRole(server),
        await createRole(server),
      ]
      await assign(server, user.user_id, outer.id)
      await server.server.workspace.store.write(async (tx) => {
        const [roleId, includedRoleId] = [outer.id.slice(4), inner.id.slice(4)]
        await tx.roles.addInclusion({ roleId, includedRoleId })
      })
      return { user: user.user_id, outer: outer.id, inner: inner.id }
    },
    get: ({ user }) => [`${pathOf(user!)}/effective-roles`],
    expect: {
      status: 200,
      body: ({ outer, inner }: Made) => ({
        roles: [
          { id: outer, name: any, description: '', sources: ['direct'] },
          { id: inner, name: any, description: '', sources: ['roles'] },
        ],
      }),
    },
  })

  scenario('roles of a user who is not there are 404', {
    scopes: ['read:user_effective_roles'],
    get: [`${pathOf('auth0|nobody')}/effective-roles?take=1`],
    expect: { status: 404, body: noUser },
  })

  for (const [what, scope] of [
    ['permissions?resource_server_identifier=x', 'read:user_effective_permissions'],
    ['roles', 'read:user_effective_roles'],
  ] as const) {
    scenario(`effective-${what} refuses a token without ${scope}`, {
      scopes: ['read:roles', 'update:users'],
      get: [`${pathOf('auth0|x')}/effective-${what}`],
      expect: { status: 403, body: insufficient(scope) },
    })
  }
})
