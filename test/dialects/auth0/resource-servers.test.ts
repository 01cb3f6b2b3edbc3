import assert from 'node:assert/strict'
import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import { badBody, badQuery, conflict, insufficient, notFound, unsupported } from './answers.ts'
import { make, read, unique } from './given.ts'

const path = '/api/v2/resource-servers'
const defaults = {
  signing_alg: 'RS256',
  allow_offline_access: false,
  token_lifetime: 86_400,
  token_lifetime_for_web: 7200,
  skip_consent_for_verifiable_first_party_clients: false,
  subject_type_authorization: { user: { policy: 'allow_all' }, client: { policy: 'require_client_grant' } },
}
const id = /^[0-9a-f]{24}$/u
const noApi = notFound('The resource server does not exist', 'inexistent_resource_server')

scenarios('POST /resource-servers', (scenario) => {
  const asCreator = { scopes: ['create:resource_servers'] }

  scenario('creates an API with what the vendor presumes', {
    ...asCreator,
    post: [path, { identifier: 'https://one.example.com', name: 'One' }],
    expect: {
      status: 201,
      body: { id, identifier: 'https://one.example.com', name: 'One', ...defaults },
      events: ['api.created'],
    },
  })

  scenario('keeps everything it is given, and takes the texts true and false for booleans', {
    ...asCreator,
    post: [
      path,
      {
        identifier: 'urn:full',
        scopes: [{ value: 'read:it', description: 'Read it' }, { value: 'write:it' }],
        signing_alg: 'PS256',
        allow_offline_access: 'true',
        token_lifetime: 60,
        token_lifetime_for_web: 30,
        token_dialect: 'rfc9068_profile_authz',
        enforce_policies: 'true',
        skip_consent_for_verifiable_first_party_clients: 'false',
        token_encryption: { format: 'compact-nested-jwe' },
        consent_policy: null,
        proof_of_possession: { mechanism: 'dpop', required: true },
        subject_type_authorization: { client: { policy: 'deny_all' } },
      },
    ],
    expect: {
      status: 201,
      body: {
        ...defaults,
        id,
        identifier: 'urn:full',
        name: 'urn:full',
        scopes: [{ value: 'read:it', description: 'Read it' }, { value: 'write:it' }],
        signing_alg: 'PS256',
        allow_offline_access: true,
        token_lifetime: 60,
        token_lifetime_for_web: 30,
        token_dialect: 'rfc9068_profile_authz',
        enforce_policies: true,
        token_encryption: { format: 'compact-nested-jwe' },
        proof_of_possession: { mechanism: 'dpop', required: true },
        subject_type_authorization: { client: { policy: 'deny_all' } },
      },
      events: ['api.created'],
    },
  })

  scenario('refuses an identifier that is taken', {
    ...asCreator,
    given: async (server) => make(server, 'resource-servers', { identifier: unique('urn:taken') }),
    post: ({ identifier }) => [path, { identifier }],
    expect: { status: 409, body: conflict('A resource server with the same identifier already exists') },
  })

  for (const [what, identifier] of [
    ['its own Management API', (origin: string) => `${origin}/api/v2/`],
    ['an API of its own', () => 'URN:Rolecall:mine'],
  ] as const) {
    scenario(`refuses the identifier of ${what}`, {
      ...asCreator,
      given: async (server) => ({ identifier: identifier(server.origin) }),
      post: ({ identifier }) => [path, { identifier }],
      expect: { status: 400, body: badBody(/The selected identifier is reserved\./u) },
    })
  }

  for (const [what, body, fault] of [
    ['no identifier', { name: 'x' }, /Missing required property: identifier/u],
    ['an unknown field', { identifier: 'urn:x', colour: 1 }, /Additional properties not allowed: colour/u],
    ['a number for a flag', { identifier: 'urn:x', enforce_policies: 1 }, /on property enforce_policies/u],
    [
      'a lifetime in text',
      { identifier: 'urn:x', token_lifetime: '60' },
      /Expected type integer but found type string/u,
    ],
    ['a scope with a blank', { identifier: 'urn:x', scopes: [{ value: 'a b' }] }, /has a blank/u],
    [
      'the same scope twice',
      { identifier: 'urn:x', scopes: [{ value: 'a' }, { value: 'a' }] },
      /listed twice\.' on property scopes\./u,
    ],
    ['an empty scope', { identifier: 'urn:x', scopes: [{ value: '' }] }, /too short/u],
    ['an unknown algorithm', { identifier: 'urn:x', signing_alg: 'none' }, /No enum match/u],
    ['markup in its name', { identifier: 'urn:x', name: '<b>' }, /does not match pattern/u],
    ['an array', [], /Expected type object but found type array/u],
  ] as const) {
    scenario(`refuses ${what}`, {
      ...asCreator,
      post: [path, body],
      expect: { status: 400, body: badBody(fault) },
    })
  }

  scenario('refuses a shared secret, which nothing would sign with', {
    ...asCreator,
    post: [path, { identifier: 'urn:x', signing_alg: 'HS256', signing_secret: 'a'.repeat(32) }],
    expect: { status: 400, body: unsupported('Not supported: signing_secret.') },
  })

  scenario('is refused without its scope', {
    scopes: ['read:resource_servers', 'update:resource_servers'],
    post: [path, { identifier: 'urn:x' }],
    expect: { status: 403, body: insufficient('create:resource_servers') },
  })
})

scenarios('GET /resource-servers', (scenario, server) => {
  const asReader = { scopes: ['read:resource_servers'] }

  scenario('lists the Management API under the name of the host that is asked, and not Rolecall’s own', {
    ...asReader,
    get: [path],
    expect: { status: 200 },
    then: async ({ origin }, _made, { body }) => {
      const apis = body as {
        id: string
        name: string
        identifier: string
        is_system: boolean
        scopes: object[]
      }[]
      const [management] = apis
      assert.equal(apis.filter(({ is_system }) => is_system).length, 1)
      assert.equal(management?.name, 'Auth0 Management API')
      assert.equal(management?.identifier, `${origin}/api/v2/`)
      assert.ok(management.scopes.length > 150)
    },
  })

  scenario('filters by identifiers, its own among them', {
    ...asReader,
    given: async (server) => {
      await make(server, 'resource-servers', { identifier: 'urn:other' })
      return make(server, 'resource-servers', { identifier: 'https://käse.example.com/a?b=c&d|e' })
    },
    get: ({ identifier }) => [
      `${path}?${new URLSearchParams([
        ['identifiers', identifier!],
        ['identifiers', `${server().origin}/api/v2/`],
        ['identifiers', 'urn:unknown'],
        ['include_totals', 'true'],
      ])}`,
    ],
    expect: { status: 200, body: { resource_servers: any, start: 0, limit: 50, total: 2 } },
  })

  scenario('answers an empty page behind the last', {
    ...asReader,
    get: [`${path}?page=900&per_page=100`],
    expect: { status: 200, body: [] },
  })

  scenario('refuses more than ten identifiers', {
    ...asReader,
    get: [`${path}?${Array.from({ length: 11 }, (_, at) => `identifiers=${at}`).join('&')}`],
    expect: { status: 400, body: badQuery(/Too many items \(11\), maximum 10/u) },
  })

  scenario('refuses pages of more than a hundred', {
    ...asReader,
    get: [`${path}?per_page=101`],
    expect: { status: 400, body: badQuery(/greater than maximum 100/u) },
  })
})

scenarios('one resource server', (scenario) => {
  const identifier = 'https://api.example.com/käse|a b%2F?x=1'
  const given =
    (body: object = {}) =>
    async (server: Parameters<typeof make>[0]) =>
      make(server, 'resource-servers', { identifier: unique(identifier), name: 'Given', ...body })
  const at = (id: string | undefined) => `${path}/${encodeURIComponent(id!)}`

  scenario('is found by its id', {
    scopes: ['read:resource_servers'],
    given: given(),
    get: ({ id }) => [at(id)],
    expect: { status: 200, body: (made: Made) => ({ ...defaults, ...pick(made) }) },
  })

  scenario('is found by its identifier, percent-encoded', {
    scopes: ['read:resource_servers'],
    given: given(),
    get: ({ identifier }) => [at(identifier)],
    expect: { status: 200, body: (made: Made) => ({ ...defaults, ...pick(made) }) },
  })

  scenario('of the Management API is found by the identifier that tokens for this host carry', {
    scopes: ['read:resource_servers'],
    given: async ({ origin }) => ({ id: `${origin}/api/v2/` }),
    get: ({ id }) => [at(id)],
    expect: { status: 200 },
    then: async (_server, { id }, { body }) => assert.equal((body as Made).identifier, id),
  })

  scenario('that is not there is not found', {
    scopes: ['read:resource_servers'],
    get: [at('https://nowhere.example.com/')],
    expect: { status: 404, body: noApi },
  })

  scenario('is changed, with a complete list of its scopes', {
    scopes: ['update:resource_servers'],
    given: given({ scopes: [{ value: 'old' }, { value: 'kept' }] }),
    patch: ({ identifier }) => [
      at(identifier),
      {
        scopes: [{ value: 'kept', description: 'Kept' }, { value: 'new' }],
        token_dialect: 'access_token_authz',
      },
    ],
    expect: {
      status: 200,
      body: (made: Made) => ({
        ...defaults,
        ...pick(made),
        token_dialect: 'access_token_authz',
        scopes: [{ value: 'kept', description: 'Kept' }, { value: 'new' }],
      }),
      events: ['api.updated'],
    },
  })

  scenario('is cleared of a field by null, one field at a time', {
    scopes: ['update:resource_servers'],
    given: given({
      token_encryption: { format: 'x' },
      proof_of_possession: { mechanism: 'mtls', required: false },
    }),
    patch: ({ id }) => [at(id), { token_encryption: null }],
    expect: {
      status: 200,
      body: (made: Made) => ({
        ...defaults,
        ...pick(made),
        proof_of_possession: { mechanism: 'mtls', required: false },
      }),
      events: ['api.updated'],
    },
  })

  scenario('says the same again without an event', {
    scopes: ['update:resource_servers'],
    given: given({ enforce_policies: true, scopes: [{ value: 'a' }] }),
    patch: ({ id }) => [
      at(id),
      { enforce_policies: 'true', scopes: [{ value: 'a' }], authorization_details: null },
    ],
    expect: { status: 200 },
  })

  scenario('keeps its identifier', {
    scopes: ['update:resource_servers'],
    given: given(),
    patch: ({ id }) => [at(id), { identifier: 'urn:new' }],
    expect: { status: 400, body: badBody('Additional properties not allowed: identifier') },
  })

  scenario('is not changed when the system needs it', {
    scopes: ['update:resource_servers'],
    given: async ({ origin }) => ({ id: `${origin}/api/v2/` }),
    patch: ({ id }) => [at(id), { name: 'Mine' }],
    expect: { status: 400, body: unsupported('System resource servers cannot be patched.') },
  })

  scenario('is deleted with the permissions that roles and clients had of it', {
    scopes: ['delete:resource_servers'],
    given: async (server) => {
      const api = await given({ scopes: [{ value: 'a' }] })(server)
      const [permission, client] = [
        { resource_server_identifier: api.identifier, permission_name: 'a' },
        await make(server, 'clients', { name: 'Caller' }),
      ]
      const role = await make(server, 'roles', { name: unique('Role') })
      await make(server, `roles/${role.id}/permissions`, { permissions: [permission] })
      await make(server, 'client-grants', {
        client_id: client.client_id,
        audience: api.identifier,
        scope: ['a'],
      })
      return { ...api, roleId: role.id! }
    },
    delete: ({ id }) => [at(id)],
    expect: {
      status: 204,
      body: '',
      events: ['client-grant.deleted', 'role.permission-removed', 'api.deleted'],
    },
    then: async (server, { roleId }) =>
      assert.deepEqual(await read(server, `roles/${roleId}/permissions`), []),
  })

  scenario('is deleted by its identifier', {
    scopes: ['delete:resource_servers'],
    given: given(),
    delete: ({ identifier }) => [at(identifier)],
    expect: { status: 204, body: '', events: ['api.deleted'] },
  })

  scenario('is not deleted when the system needs it', {
    scopes: ['delete:resource_servers'],
    given: async ({ origin }) => ({ id: `${origin}/api/v2/` }),
    delete: ({ id }) => [at(id)],
    expect: { status: 400, body: unsupported('System resource servers cannot be patched.') },
  })

  scenario('is not deleted twice', {
    scopes: ['delete:resource_servers'],
    delete: [at('0123456789abcdef01234567')],
    expect: { status: 404, body: noApi },
  })

  scenario('is not deleted without the scope', {
    scopes: ['update:resource_servers'],
    given: given(),
    delete: ({ id }) => [at(id)],
    expect: { status: 403, body: insufficient('delete:resource_servers') },
  })
})

const pick = ({ id, identifier, name }: Record<string, string>) => ({ id, identifier, name })
