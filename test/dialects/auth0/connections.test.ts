import assert from 'node:assert/strict'
import { type Made, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { badBody, badQuery, conflict, insufficient, notFound, unsupported } from './answers.ts'
import { createUser, make, read, unique } from './given.ts'

const path = '/api/v2/connections'
const id = /^con_[0-9a-f]{24}$/u
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u
const noConnection = notFound('The connection does not exist', 'inexistent_connection')
const noClient = notFound('The client does not exist', 'inexistent_client')

const presumed = {
  id,
  is_domain_connection: false,
  enabled_clients: [],
  authentication: { active: true },
  connected_accounts: { active: false },
}

const given =
  (body: object = {}) =>
  async (server: TestServer): Promise<Made> => {
    const connection = await make(server, 'connections', { name: unique('con'), strategy: 'auth0', ...body })
    const client = await make(server, 'clients', { name: unique('Client') })
    return { id: connection.id!, name: connection.name!, client: client.client_id! }
  }

scenarios('POST /connections', (scenario) => {
  const asCreator = { scopes: ['create:connections'] }

  scenario('creates a database', {
    ...asCreator,
    post: [path, { name: 'Staff', strategy: 'auth0' }],
    expect: {
      status: 201,
      body: {
        ...presumed,
        name: 'Staff',
        strategy: 'auth0',
        realms: ['Staff'],
        options: { disable_self_service_change_password: false },
      },
      events: ['connection.created'],
    },
  })

  scenario('keeps and echoes options and fields that nothing here goes by', {
    ...asCreator,
    given: async (server) => ({ client: (await make(server, 'clients', { name: 'One' })).client_id! }),
    post: ({ client }) => [
      path,
      {
        name: 'partner',
        strategy: 'oidc',
        display_name: 'Partner',
        options: { issuer: 'https://partner.example.com', nested: { a: [1, null] } },
        enabled_clients: [client, client],
        is_domain_connection: true,
        show_as_button: false,
        realms: ['partner', 'other'],
        metadata: { a: 'b' },
        authentication: { active: false },
      },
    ],
    expect: {
      status: 201,
      body: ({ client }: Made) => ({
        ...presumed,
        name: 'partner',
        strategy: 'oidc',
        display_name: 'Partner',
        options: { issuer: 'https://partner.example.com', nested: { a: [1, null] } },
        enabled_clients: [client],
        is_domain_connection: true,
        show_as_button: false,
        realms: ['partner', 'other'],
        metadata: { a: 'b' },
        authentication: { active: false },
      }),
      events: ['connection.created'],
    },
  })

  for (const [name, options] of [
    ['client_secret', { client_secret: 'hush' }],
    ['appSecret', { nested: [{ appSecret: 'hush' }] }],
    ['twilio_token', { twilio_token: 'hush' }],
    ['api_key', { configuration: { api_key: 'hush' } }],
  ] as const) {
    scenario(`refuses the secret option ${name}, which nothing would use`, {
      ...asCreator,
      post: [path, { name: 'x', strategy: 'oidc', options }],
      expect: { status: 400, body: unsupported(`Not supported: the secret option ${name}.`) },
    })
  }

  scenario('takes options that only sound like secrets', {
    ...asCreator,
    post: [
      path,
      {
        name: 'sounds',
        strategy: 'oidc',
        options: {
          client_secret: '',
          disable_self_service_change_password: true,
          token_endpoint: 'https://a',
        },
      },
    ],
    expect: { status: 201, events: ['connection.created'] },
  })

  scenario('refuses a name that is taken', {
    ...asCreator,
    given: given(),
    post: ({ name }) => [path, { name, strategy: 'oidc' }],
    expect: { status: 409, body: conflict('A connection with the same name already exists') },
  })

  scenario('refuses an unknown client', {
    ...asCreator,
    post: [path, { name: 'x', strategy: 'oidc', enabled_clients: ['unknown'] }],
    expect: { status: 404, body: noClient },
  })

  for (const [what, body, fault] of [
    ['no name', { strategy: 'auth0' }, /Missing required property: name/u],
    ['no strategy', { name: 'x' }, /Missing required property: strategy/u],
    ['a name with a blank', { name: 'a b', strategy: 'auth0' }, /does not match pattern/u],
    ['a name that ends in a hyphen', { name: 'a-', strategy: 'auth0' }, /does not match pattern/u],
    ['an unknown field', { name: 'x', strategy: 'auth0', colour: 1 }, /not allowed: colour/u],
    ['an unknown password policy', database({ passwordPolicy: 'tough' }), /The password policy is one of/u],
    ['options in text', { name: 'x', strategy: 'auth0', options: '{}' }, /Expected type object/u],
  ] as const) {
    scenario(`refuses ${what}`, {
      ...asCreator,
      post: [path, body],
      expect: { status: 400, body: badBody(fault) },
    })
  }

  scenario('is refused without its scope', {
    scopes: ['update:connections'],
    post: [path, { name: 'x', strategy: 'auth0' }],
    expect: { status: 403, body: insufficient('create:connections') },
  })
})

scenarios('GET /connections', (scenario) => {
  const asReader = { scopes: ['read:connections'] }

  scenario('lists the database that is there from the start', {
    ...asReader,
    get: [`${path}?name=Username-Password-Authentication&fields=name,strategy`],
    expect: { status: 200, body: [{ name: 'Username-Password-Authentication', strategy: 'auth0' }] },
  })

  scenario('filters by several strategies', {
    ...asReader,
    given: async (server) => {
      await make(server, 'connections', { name: 'a', strategy: 'samlp' })
      await make(server, 'connections', { name: 'b', strategy: 'adfs' })
      return {}
    },
    get: [`${path}?strategy=samlp&strategy=adfs&take=50&fields=name`],
    expect: { status: 200, body: { connections: [{ name: 'a' }, { name: 'b' }] } },
  })

  scenario('leaves fields out', {
    ...asReader,
    given: given(),
    get: ({ name }) => [`${path}?name=${name}&fields=options,id&include_fields=false`],
    expect: { status: 200 },
    then: async (_server, _made, { body }) => {
      const [connection] = body as object[]
      assert.equal('options' in connection!, false)
      assert.equal('realms' in connection!, true)
    },
  })

  scenario('finds none of an unknown name', {
    ...asReader,
    get: [`${path}?name=unknown&include_totals=true`],
    expect: { status: 200, body: { connections: [], start: 0, limit: 50, total: 0 } },
  })

  scenario('is refused without its scope', {
    scopes: ['create:connections'],
    get: [path],
    expect: { status: 403, body: insufficient('read:connections') },
  })
})

scenarios('one connection', (scenario) => {
  scenario('is read', {
    scopes: ['read:connections'],
    given: given(),
    get: ({ id }) => [`${path}/${id}?fields=name`],
    expect: { status: 200, body: ({ name }: Made) => ({ name }) },
  })

  for (const unknown of ['con_unknown', 'unknown', 'con_a%2Fb%7C%25']) {
    scenario(`${unknown} is not found`, {
      scopes: ['read:connections'],
      get: [`${path}/${unknown}`],
      expect: { status: 404, body: noConnection },
    })
  }

  scenario('gets its options as a whole, and keeps what is not named', {
    scopes: ['update:connections'],
    given: given({ options: { mfa: { active: true }, import_mode: false }, metadata: { a: 'b' } }),
    patch: ({ id }) => [`${path}/${id}`, { options: { import_mode: true }, show_as_button: true }],
    expect: {
      status: 200,
      body: ({ name }: Made) => ({
        ...presumed,
        name,
        strategy: 'auth0',
        realms: [name],
        options: { import_mode: true, disable_self_service_change_password: false },
        metadata: { a: 'b' },
        show_as_button: true,
      }),
      events: ['connection.updated'],
    },
  })

  scenario('says the same again without an event', {
    scopes: ['update:connections'],
    given: given({ display_name: 'One', options: { import_mode: true } }),
    patch: ({ id }) => [`${path}/${id}`, { display_name: 'One', options: { import_mode: true } }],
    expect: { status: 200 },
  })

  scenario('keeps its name and strategy', {
    scopes: ['update:connections'],
    given: given(),
    patch: ({ id }) => [`${path}/${id}`, { strategy: 'oidc' }],
    expect: { status: 400, body: badBody('Additional properties not allowed: strategy') },
  })

  scenario('is deleted, and tells when', {
    scopes: ['delete:connections'],
    given: given({ strategy: 'oidc' }),
    delete: ({ id }) => [`${path}/${id}`],
    expect: { status: 202, body: { deleted_at: instant }, events: ['connection.deleted'] },
  })

  scenario('that is not there is not deleted', {
    scopes: ['delete:connections'],
    delete: [`${path}/con_unknown`],
    expect: { status: 404, body: noConnection },
  })

  scenario('is neither changed nor deleted without the scope', {
    scopes: ['read:connections', 'delete:users'],
    given: given(),
    patch: ({ id }) => [`${path}/${id}`, { display_name: 'x' }],
    expect: { status: 403, body: insufficient('update:connections') },
  })

  scenario('has a status', {
    scopes: ['read:connections'],
    given: given(),
    get: ({ id }) => [`${path}/${id}/status`],
    expect: { status: 200, body: {} },
  })

  scenario('that is not there has none', {
    scopes: ['read:connections'],
    get: [`${path}/con_unknown/status`],
    expect: { status: 404, body: noConnection },
  })
})

scenarios('the clients of a connection', (scenario) => {
  scenario('are enabled and disabled one by one', {
    scopes: ['update:connections'],
    given: async (server) => {
      const { client_id } = await make(server, 'clients', { name: 'Kept' })
      return { ...(await given({ enabled_clients: [client_id] })(server)), kept: client_id! }
    },
    patch: ({ id, client }) => [`${path}/${id}/clients`, [{ client_id: client, status: true }]],
    expect: { status: 204, body: '', events: ['connection.updated'] },
    then: async (server, { id, kept, client }) => {
      assert.deepEqual(await read(server, `connections/${id}/clients`), {
        clients: [{ client_id: kept }, { client_id: client }],
      })
      const first = await read<{ next: string }>(server, `connections/${id}/clients?take=1`)
      assert.deepEqual(first, { clients: [{ client_id: kept }], next: first.next })
      const rest = await read(server, `connections/${id}/clients?take=1&from=${first.next}`)
      assert.deepEqual(rest, { clients: [{ client_id: client }] })
    },
  })

  scenario('are disabled without an event when they are not enabled', {
    scopes: ['update:connections'],
    given: given(),
    patch: ({ id, client }) => [`${path}/${id}/clients`, [{ client_id: client, status: false }]],
    expect: { status: 204, body: '' },
  })

  scenario('are all or none', {
    scopes: ['update:connections'],
    given: given(),
    patch: ({ id, client }) => [
      `${path}/${id}/clients`,
      [
        { client_id: client, status: true },
        { client_id: 'unknown', status: true },
      ],
    ],
    expect: { status: 404, body: noClient },
    then: async (server, { id }) =>
      assert.deepEqual(await read(server, `connections/${id}/clients`), { clients: [] }),
  })

  for (const [what, body, fault] of [
    ['none', [], /Too few items \(0\), minimum 1/u],
    ['fifty-one', Array(51).fill({ client_id: 'a', status: true }), /Too many items \(51\)/u],
    ['one without a status', [{ client_id: 'a' }], /Missing required property: status/u],
    ['an object', {}, /Expected type array but found type object/u],
  ] as const) {
    scenario(`are not changed by ${what}`, {
      scopes: ['update:connections'],
      given: given(),
      patch: ({ id }) => [`${path}/${id}/clients`, body],
      expect: { status: 400, body: badBody(fault) },
    })
  }

  scenario('are not listed from a checkpoint that was not given', {
    scopes: ['read:connections'],
    given: given(),
    get: ({ id }) => [`${path}/${id}/clients?from=x`],
    expect: { status: 400, body: { ...badQuery(/Invalid checkpoint/u), errorCode: 'invalid_paging' } },
  })

  scenario('are not listed for a connection that is not there', {
    scopes: ['read:connections'],
    get: [`${path}/con_unknown/clients`],
    expect: { status: 404, body: noConnection },
  })
})

scenarios('DELETE /connections/{id}/users', (scenario) => {
  const asDeleter = { scopes: ['delete:users'] }
  const withUser = async (server: TestServer) => {
    const made = await given()(server)
    const { email } = await createUser(server, { connection: made.name })
    return { ...made, email }
  }
  const at = ({ id, email }: Made) => [`${path}/${id}/users?email=${encodeURIComponent(email!)}`] as const

  scenario('deletes the user of that address', {
    ...asDeleter,
    given: withUser,
    delete: at,
    expect: { status: 204, body: '', events: ['user.deleted'] },
  })

  scenario('leaves a user of another connection alone', {
    ...asDeleter,
    given: async (server) => ({ ...(await withUser(server)), id: (await given()(server)).id! }),
    delete: at,
    expect: { status: 204, body: '' },
    then: async (server, { email }) =>
      assert.equal(
        (await read<object[]>(server, `users-by-email?email=${encodeURIComponent(email!)}`)).length,
        1,
      ),
  })

  scenario('is for databases', {
    ...asDeleter,
    given: async (server) => ({ ...(await given({ strategy: 'oidc' })(server)), email: 'a@example.com' }),
    delete: at,
    expect: {
      status: 400,
      body: unsupported('Not supported: users of a connection that is no database.'),
    },
  })

  scenario('needs an address', {
    ...asDeleter,
    given: given(),
    delete: ({ id }) => [`${path}/${id}/users`],
    expect: { status: 400, body: badQuery(/Missing required property: email/u) },
  })

  scenario('is refused without its scope', {
    scopes: ['delete:connections'],
    given: withUser,
    delete: at,
    expect: { status: 403, body: insufficient('delete:users') },
  })
})

function database(options: object) {
  return { name: 'x', strategy: 'auth0', options }
}
