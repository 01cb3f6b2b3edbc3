import assert from 'node:assert/strict'
import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { assign, createRole, createUser } from './given.ts'

const reader = { scopes: ['read:users'] }

/** Five people who share a mark, so that they are found among those of other scenarios. */
const people = async (server: TestServer): Promise<Made> => {
  const mark = `m${Math.random().toString(36).slice(2, 10)}`
  const made: Made = { mark }
  for (const [index, name] of ['Ana', 'Bob', 'Cid', 'Dan', 'Eve'].entries()) {
    const user = await createUser(server, {
      name,
      email: `${name}@${mark}.example.com`,
      app_metadata: { mark, index },
    })
    made[name] = user.user_id
  }
  return made
}
const marked = ({ mark }: Made, more = '') => `/api/v2/users?q=app_metadata.mark:${mark}&fields=name${more}`
const named = (...names: string[]) => names.map((name) => ({ name }))

scenarios('GET /users', (scenario, server) => {
  scenario('answers a bare array, oldest first', {
    ...reader,
    given: people,
    get: (made) => [marked(made)],
    expect: { status: 200, body: named('Ana', 'Bob', 'Cid', 'Dan', 'Eve') },
  })

  scenario('answers exact totals, and the length of the page', {
    ...reader,
    given: people,
    get: (made) => [marked(made, '&page=1&per_page=2&include_totals=true')],
    expect: { status: 200, body: { users: named('Cid', 'Dan'), start: 2, limit: 2, total: 5, length: 2 } },
  })

  scenario('answers an empty page past the end', {
    ...reader,
    given: people,
    get: (made) => [marked(made, '&page=9&per_page=100&include_totals=true')],
    expect: { status: 200, body: { users: [], start: 900, limit: 100, total: 5, length: 0 } },
  })

  scenario('answers nobody for per_page=0, and counts all the same', {
    ...reader,
    given: people,
    get: (made) => [marked(made, '&per_page=0&include_totals=true')],
    expect: { status: 200, body: { users: [], start: 0, limit: 0, total: 5, length: 0 } },
  })

  scenario('goes on from a checkpoint, which is ours', {
    ...reader,
    given: people,
    get: (made) => [marked(made, '&take=3')],
    expect: { status: 200, body: { users: named('Ana', 'Bob', 'Cid'), next: any } },
    then: async (_server, made, { body }) => {
      const { next } = body as { next: string }
      const path = marked(made, `&take=3&from=${next}`)
      const token = await server().token('read:users')
      assert.deepEqual((await server().call('GET', path, { token })).body, { users: named('Dan', 'Eve') })
    },
  })

  scenario('sorts downwards', {
    ...reader,
    given: people,
    get: (made) => [marked(made, '&sort=name:-1&per_page=2')],
    expect: { status: 200, body: named('Eve', 'Dan') },
  })

  scenario('leaves fields out', {
    ...reader,
    given: people,
    get: ({ Ana }) => [
      `/api/v2/users?q=user_id:"${encodeURIComponent(Ana!)}"&include_fields=false&fields=name`,
    ],
    expect: { status: 200, body: any },
    then: async (_server, { Ana }, { body }) => {
      const [user] = body as [{ user_id: string }]
      assert.equal(user.user_id, Ana)
      assert.ok(!('name' in user) && 'email' in user)
    },
  })

  for (const [q, ...names] of [
    ['name:"eve"', 'Eve'],
    ['identities.connection:"Username-Password-Authentication" AND name:A*', 'Ana'],
    ['email:b*', 'Bob'],
    ['app_metadata.index:[1 TO 2]', 'Bob', 'Cid'],
    ['NOT (name:Ana OR name:Bob)', 'Cid', 'Dan', 'Eve'],
  ] as const) {
    scenario(`finds by ${q}`, {
      ...reader,
      given: people,
      get: ({ mark }) => [
        `/api/v2/users?fields=name&search_engine=v3&q=${encodeURIComponent(`app_metadata.mark:${mark} AND ${q}`)}`,
      ],
      expect: { status: 200, body: named(...names) },
    })
  }

  const withRoles = async (server: TestServer): Promise<Made> => {
    const made = await people(server)
    const role = await createRole(server)
    await assign(server, made.Dan!, role.id)
    return { ...made, role: role.id, roleName: role.name }
  }

  scenario('shows roles to who may see them', {
    scopes: ['read:users', 'read:roles'],
    given: withRoles,
    get: (made) => [marked(made, ',roles&include_roles=true&sort=name:1')],
    expect: {
      status: 200,
      body: ({ role, roleName }: Made) => [
        { name: 'Ana', roles: [] },
        { name: 'Bob', roles: [] },
        { name: 'Cid', roles: [] },
        { name: 'Dan', roles: [{ id: role, name: roleName, description: '' }] },
        { name: 'Eve', roles: [] },
      ],
    },
  })

  scenario('finds who holds a role', {
    scopes: ['read:users', 'read:roles'],
    given: withRoles,
    get: ({ role }) => [`/api/v2/users?fields=name&q=roles:${role}`],
    expect: { status: 200, body: named('Dan') },
  })

  for (const query of ['include_roles=true', 'q=roles:rol_admin', 'q=NOT%20(roles:rol_admin)']) {
    scenario(`refuses ${query} to who may not see roles (security case 5)`, {
      ...reader,
      get: [`/api/v2/users?${query}`],
      expect: { status: 403, body: any },
    })
  }

  for (const [query, message] of [
    ['search_engine=v2', /^You are not allowed to use search_engine=v2\. Use search_engine=v3 instead\.$/u],
    ['search_engine=v1', /search_engine=v1/u],
    ['search_engine=v4', /No enum match/u],
    ['per_page=101', /Value 101 is greater than maximum 100' on property per_page/u],
    ['per_page=-1', /minimum 0/u],
    ['page=-1', /minimum 0/u],
    ['page=x', /Expected type integer but found type string' on property page/u],
    ['page=1&page=2', /Expected type integer but found type array/u],
    ['page=9007199254740991&per_page=100', /page through/u],
    ['include_totals=maybe', /Expected type boolean/u],
    ['q=name:(', /on property q/u],
    ['q=nobody:x', /Unknown field/u],
    ['sort=name', /field:1 or field:-1' on property sort/u],
    ['sort=password_hash:1', /sorted/u],
    ['sort=passwordHash:1', /Expected field/u],
    ['q=passwordHash:x', /Unknown field/u],
    ['q=password_hash:*', /Unknown field/u],
    ['from=x&take=5', /checkpoint/u],
    ['take=0', /minimum 1/u],
  ] as const) {
    scenario(`refuses ${query}`, {
      ...reader,
      get: [`/api/v2/users?${query}`],
      expect: { status: 400, body: any },
      then: async (_server, _made, { body }) => assert.match((body as { message: string }).message, message),
    })
  }

  scenario('refuses a token that may read something else', {
    scopes: ['read:roles', 'read:current_user'],
    get: ['/api/v2/users'],
    expect: { status: 403, body: any },
  })
})

scenarios('GET /users-by-email', (scenario) => {
  scenario('finds whoever has the address', {
    ...reader,
    given: async (server) => {
      const { user_id: id, email } = await createUser(server)
      return { id, email }
    },
    get: ({ email }) => [`/api/v2/users-by-email?email=${encodeURIComponent(email!)}&fields=user_id`],
    expect: { status: 200, body: ({ id }: Made) => [{ user_id: id }] },
  })

  scenario('minds letter case, as the vendor does', {
    ...reader,
    given: async (server) => ({ email: (await createUser(server)).email }),
    get: ({ email }) => [`/api/v2/users-by-email?email=${encodeURIComponent(email!.toUpperCase())}`],
    expect: { status: 200, body: [] },
  })

  scenario('finds in lower case who registered elsewhere in another', {
    ...reader,
    given: async ({ server }) => {
      await server.workspace.store.write(async (tx) => {
        await tx.users.insert({
          id: 'elsewhere',
          kind: 'person',
          email: 'Else@Where.example',
          isEmailVerified: false,
          userMetadata: {},
          appMetadata: {},
          extensions: {},
          rolesVersion: 0,
          loginsCount: 0,
          createdAt: 0,
          updatedAt: 0,
        })
      })
      return {}
    },
    get: ['/api/v2/users-by-email?email=else@where.example&fields=email'],
    expect: { status: 200, body: [{ email: 'Else@Where.example' }] },
  })

  scenario('answers an empty array for nobody, whatever the totals', {
    ...reader,
    get: ['/api/v2/users-by-email?email=nobody@example.com&include_totals=true'],
    expect: { status: 200, body: [] },
  })

  scenario('refuses no address', {
    ...reader,
    get: ['/api/v2/users-by-email'],
    expect: { status: 400, body: any },
  })

  scenario('refuses two addresses', {
    ...reader,
    get: ['/api/v2/users-by-email?email=a@x.com&email=b@x.com'],
    expect: { status: 400, body: any },
  })

  scenario('refuses a token without read:users', {
    scopes: ['read:roles'],
    get: ['/api/v2/users-by-email?email=a@x.com'],
    expect: { status: 403, body: any },
  })
})
