import assert from 'node:assert/strict'
import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { badBody, badQuery, insufficient, notFound, unsupported } from './answers.ts'
import { make, read, unique } from './given.ts'

const path = '/api/v2/clients'
const id = /^[0-9a-f]{24}$/u
const secret = /^[\w-]{64}$/u
const noClient = notFound('The client does not exist', 'inexistent_client')

const presumed = {
  tenant: 'localhost',
  global: false,
  client_id: id,
  is_first_party: true,
  callbacks: [],
  allowed_logout_urls: [],
  web_origins: [],
  oidc_conformant: false,
  sso_disabled: false,
  cross_origin_authentication: false,
  custom_login_page_on: true,
  is_token_endpoint_ip_header_trusted: false,
  jwt_configuration: { alg: 'RS256', lifetime_in_seconds: 36_000, secret_encoded: false },
}
const confidential = {
  ...presumed,
  client_secret: secret,
  app_type: 'regular_web',
  grant_types: ['authorization_code', 'implicit', 'refresh_token', 'client_credentials'],
  token_endpoint_auth_method: 'client_secret_post',
  refresh_token: {
    expiration_type: 'non-expiring',
    rotation_type: 'non-rotating',
    leeway: 0,
    token_lifetime: 31_557_600,
    infinite_token_lifetime: true,
    idle_token_lifetime: 2_592_000,
    infinite_idle_token_lifetime: true,
  },
}

const given =
  (body: object = {}) =>
  async (server: TestServer): Promise<Made> => {
    const client = await make(server, 'clients', { name: unique('Client'), ...body })
    return { id: client.client_id!, name: client.name!, secret: client.client_secret! }
  }

scenarios('POST /clients', (scenario) => {
  const asCreator = { scopes: ['create:clients'] }

  scenario('creates a client that can keep a secret, and tells the secret', {
    ...asCreator,
    post: [path, { name: 'Server' }],
    expect: { status: 201, body: { ...confidential, name: 'Server' }, events: ['application.created'] },
  })

  scenario('gives a program on people’s own devices no secret and no way to ask without them', {
    ...asCreator,
    post: [path, { name: 'Page', app_type: 'spa' }],
    expect: {
      status: 201,
      body: {
        ...presumed,
        name: 'Page',
        app_type: 'spa',
        grant_types: ['authorization_code', 'implicit', 'refresh_token'],
        token_endpoint_auth_method: 'none',
        refresh_token: any,
      },
      events: ['application.created'],
    },
  })

  scenario('keeps and echoes fields that nothing here goes by', {
    ...asCreator,
    post: [
      path,
      {
        name: 'Full',
        description: 'All of it',
        client_metadata: { tier: 'gold' },
        addons: { samlp: { mappings: { a: ['b'] } } },
        allowed_origins: ['https://a.example.com'],
        jwt_configuration: { lifetime_in_seconds: 60 },
        organization_usage: 'require',
        default_organization: null,
        par_request_expiry: 30,
      },
    ],
    expect: {
      status: 201,
      body: {
        ...confidential,
        name: 'Full',
        description: 'All of it',
        client_metadata: { tier: 'gold' },
        addons: { samlp: { mappings: { a: ['b'] } } },
        allowed_origins: ['https://a.example.com'],
        jwt_configuration: { alg: 'RS256', lifetime_in_seconds: 60, secret_encoded: false },
        organization_usage: 'require',
        par_request_expiry: 30,
      },
      events: ['application.created'],
    },
  })

  for (const [what, body, fault] of [
    ['no name', {}, /Missing required property: name/u],
    ['an empty name', { name: '' }, /too short/u],
    ['markup in its name', { name: '<script>' }, /does not match pattern/u],
    ['an unknown field', { name: 'x', colour: 1 }, /Additional properties not allowed: colour/u],
    [
      'a field that only answers have',
      { name: 'x', global: true },
      /Additional properties not allowed: global/u,
    ],
    ['an id of the caller’s choice', { name: 'x', client_id: 'y' }, /not allowed: client_id/u],
    ['a number for a list', { name: 'x', callbacks: 1 }, /Expected type array but found type integer/u],
    ['eleven metadata keys', { name: 'x', client_metadata: keys(11) }, /Too many properties defined \(11\)/u],
    ['long metadata', { name: 'x', client_metadata: { a: 'a'.repeat(256) } }, /too long/u],
    ['nested metadata', { name: 'x', client_metadata: { a: {} } }, /on property client_metadata\.a/u],
    ['a method nobody speaks', { name: 'x', token_endpoint_auth_method: 'guess' }, /No enum match/u],
    ['a secret with blanks', { name: 'x', client_secret: 'a b' }, /printable ASCII/u],
    ['null', null, /Expected type object but found type null/u],
  ] as const) {
    scenario(`refuses ${what}`, {
      ...asCreator,
      post: [path, body],
      expect: { status: 400, body: badBody(fault) },
    })
  }

  scenario('is refused without its scope', {
    scopes: ['update:clients', 'read:clients'],
    post: [path, { name: 'x' }],
    expect: { status: 403, body: insufficient('create:clients') },
  })
})

scenarios('GET /clients', (scenario) => {
  scenario('tells no secret to who may not read keys', {
    scopes: ['read:clients'],
    given: given(),
    get: [path],
    expect: { status: 200 },
    then: async (_server, _made, { text }) => assert.ok(!text.includes('client_secret"')),
  })

  scenario('tells secrets to who may read keys, and act as the client', {
    scopes: ['read:clients', 'read:client_keys'],
    given: given(),
    get: [path],
    expect: { status: 200 },
    then: async (_server, { id, secret }, { body }) => {
      const clients = body as { client_id: string; client_secret?: string }[]
      const secretOf = (id: string) => clients.find(({ client_id }) => client_id === id)?.client_secret
      assert.equal(secretOf(id!), secret)
      assert.equal(secretOf('operator'), undefined)
    },
  })

  scenario('finds the one client that stands for all', {
    scopes: ['read:clients'],
    get: [`${path}?is_global=true&fields=name,global`],
    expect: { status: 200, body: [{ name: 'All Applications', global: true }] },
  })

  scenario('leaves it out when asked to', {
    scopes: ['read:clients'],
    get: [`${path}?is_global=false&fields=global`],
    expect: { status: 200 },
    then: async (_server, _made, { body }) =>
      assert.ok((body as { global: boolean }[]).every((client) => client.global === false)),
  })

  scenario('filters by kind, party and a part of the name', {
    scopes: ['read:clients'],
    given: given({ name: 'Näh-Maschine', app_type: 'native', is_first_party: false }),
    get: [`${path}?app_type=native,spa&is_first_party=false&q=${encodeURIComponent('h-masch')}&fields=name`],
    expect: { status: 200, body: [{ name: 'Näh-Maschine' }] },
  })

  scenario('pages with totals', {
    scopes: ['read:clients'],
    get: [`${path}?page=0&per_page=1&include_totals=true&fields=name`],
    expect: { status: 200, body: { clients: [{ name: any }], start: 0, limit: 1, total: any } },
  })

  scenario('pages from a checkpoint', {
    scopes: ['read:clients'],
    given: given(),
    get: [`${path}?take=1&fields=client_id&per_page=50&include_totals=true`],
    expect: { status: 200, body: { clients: [{ client_id: any }], next: any } },
    then: async (server, _made, { body }) => {
      const { next } = body as { next: string }
      const page = await read<{ clients: object[] }>(
        server,
        `clients?take=1&from=${encodeURIComponent(next)}`,
      )
      assert.equal(page.clients.length, 1)
      assert.notDeepEqual(page.clients, (body as { clients: object[] }).clients)
    },
  })

  scenario('refuses a checkpoint it did not give', {
    scopes: ['read:clients'],
    get: [`${path}?from=x&take=1`],
    expect: { status: 400, body: { ...badQuery(/Invalid checkpoint/u), errorCode: 'invalid_paging' } },
  })

  scenario('is refused without its scope', {
    scopes: ['create:clients'],
    get: [path],
    expect: { status: 403, body: insufficient('read:clients', 'read:client_keys') },
  })
})

scenarios('one client', (scenario) => {
  scenario('is read', {
    scopes: ['read:clients'],
    given: given(),
    get: ({ id }) => [`${path}/${id}`],
    expect: {
      status: 200,
      body: ({ name }: Made) => {
        const { client_secret: _secret, ...open } = confidential
        return { ...open, name }
      },
    },
  })

  scenario('is read with its secret by who may only read keys', {
    scopes: ['read:client_keys'],
    given: given(),
    get: ({ id }) => [`${path}/${id}?fields=client_secret`],
    expect: { status: 200, body: ({ secret }: Made) => ({ client_secret: secret }) },
  })

  for (const unknown of ['unknown', 'a%2Fb%7Cc', '%F0%9F%92%A9', '0'.repeat(2000)]) {
    scenario(`${unknown.slice(0, 20)} is not found`, {
      scopes: ['read:clients'],
      get: [`${path}/${unknown}`],
      expect: { status: 404, body: noClient },
    })
  }

  scenario('is changed field by field', {
    scopes: ['update:clients'],
    given: given({ sso: true, logo_uri: 'https://a.example.com/l.png', client_metadata: { a: '1', b: '2' } }),
    patch: ({ id }) => [
      `${path}/${id}`,
      { logo_uri: null, oidc_conformant: true, client_metadata: { a: null, c: '3' } },
    ],
    expect: {
      status: 200,
      body: ({ name }: Made) => {
        const { client_secret: _secret, ...open } = confidential
        return { ...open, name, sso: true, oidc_conformant: true, client_metadata: { b: '2', c: '3' } }
      },
      events: ['application.updated'],
    },
  })

  scenario('says the same again without an event', {
    scopes: ['update:clients'],
    given: given({ sso: true, callbacks: ['https://a.example.com'] }),
    patch: ({ id, name }) => [
      `${path}/${id}`,
      { name, sso: true, callbacks: ['https://a.example.com'], mobile: null, client_metadata: {} },
    ],
    expect: { status: 200 },
  })

  scenario('takes a secret of the caller’s choice, if he may set keys', {
    scopes: ['update:clients', 'update:client_keys'],
    given: given(),
    patch: ({ id }) => [`${path}/${id}`, { client_secret: 'of-my-choice' }],
    expect: { status: 200, events: ['application.secret-rotated'] },
    then: async (server, { id }) => {
      const { client_secret } = await read(server, `clients/${id}?fields=client_secret`)
      assert.equal(client_secret, 'of-my-choice')
    },
  })

  scenario('takes no secret from who may not set keys', {
    scopes: ['update:clients'],
    given: given(),
    patch: ({ id }) => [`${path}/${id}`, { client_secret: 'of-my-choice' }],
    expect: { status: 403, body: insufficient('update:client_keys') },
  })

  scenario('refuses an unknown field in a change', {
    scopes: ['update:clients'],
    given: given(),
    patch: ({ id }) => [`${path}/${id}`, { global: true }],
    expect: { status: 400, body: badBody('Additional properties not allowed: global') },
  })

  scenario('gets a new secret', {
    scopes: ['update:client_keys'],
    given: given(),
    post: ({ id }) => [`${path}/${id}/rotate-secret`],
    expect: {
      status: 200,
      body: ({ name }: Made) => ({ ...confidential, name }),
      events: ['application.secret-rotated'],
    },
    then: async (_server, { secret }, { body }) =>
      assert.notEqual((body as { client_secret: string }).client_secret, secret),
  })

  scenario('gets no new secret without the scope', {
    scopes: ['update:clients'],
    given: given(),
    post: ({ id }) => [`${path}/${id}/rotate-secret`],
    expect: { status: 403, body: insufficient('update:client_keys') },
  })

  scenario('is deleted', {
    scopes: ['delete:clients'],
    given: given(),
    delete: ({ id }) => [`${path}/${id}`],
    expect: { status: 204, body: '', events: ['application.deleted'] },
  })

  scenario('that is not there is not deleted', {
    scopes: ['delete:clients'],
    delete: [`${path}/unknown`],
    expect: { status: 404, body: noClient },
  })

  scenario('that stands for all is neither deleted nor changed', {
    scopes: ['delete:clients'],
    given: async (server) => {
      const [global] = await read<{ client_id: string }[]>(server, 'clients?is_global=true')
      return { id: global!.client_id }
    },
    delete: ({ id }) => [`${path}/${id}`],
    expect: { status: 400, body: unsupported('This application is built in and can not be changed.') },
  })
})

scenarios('what hangs on a client', (scenario) => {
  scenario('its connections are those that name it', {
    scopes: ['read:connections', 'read:clients'],
    given: async (server) => {
      const made = await given()(server)
      const name = unique('mine')
      await make(server, 'connections', { name, strategy: 'auth0', enabled_clients: [made.id] })
      await make(server, 'connections', { name: unique('other'), strategy: 'auth0' })
      return { ...made, connection: name }
    },
    get: ({ id }) => [`${path}/${id}/connections`],
    expect: { status: 200, body: { connections: [any] } },
    then: async (_server, { connection }, { body }) =>
      assert.equal((body as { connections: { name: string }[] }).connections[0]?.name, connection),
  })

  scenario('its connections need both scopes', {
    scopes: ['read:clients'],
    get: [`${path}/unknown/connections`],
    expect: {
      status: 403,
      body: {
        ...insufficient(),
        message: 'Insufficient scope, expected all of: read:connections,read:clients',
      },
    },
  })

  scenario('an unknown client has no connections', {
    scopes: ['read:connections', 'read:clients'],
    get: [`${path}/unknown/connections`],
    expect: { status: 404, body: noClient },
  })

  scenario('no client has credentials', {
    scopes: ['read:client_credentials'],
    given: given(),
    get: ({ id }) => [`${path}/${id}/credentials`],
    expect: { status: 200, body: [] },
  })

  scenario('an unknown client has not even none', {
    scopes: ['read:client_credentials'],
    get: [`${path}/unknown/credentials`],
    expect: { status: 404, body: noClient },
  })

  scenario('a credential is refused rather than forgotten', {
    scopes: ['create:client_credentials'],
    given: given(),
    post: ({ id }) => [`${path}/${id}/credentials`, { credential_type: 'public_key', pem: 'x' }],
    expect: {
      status: 400,
      body: unsupported('Not supported: authenticating clients with keys of their own.'),
    },
  })

  scenario('no credential is found', {
    scopes: ['delete:client_credentials'],
    given: given(),
    delete: ({ id }) => [`${path}/${id}/credentials/cred_1`],
    expect: { status: 404, body: notFound('The credential does not exist.', 'inexistent_credential') },
  })
})

function keys(count: number) {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`key-${at}`, 'value']))
}
