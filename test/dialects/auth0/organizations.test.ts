import assert from 'node:assert/strict'
import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { badBody, badQuery, conflict, insufficient, notFound } from './answers.ts'
import { createUser, make, read, unique, userToken } from './given.ts'

const noOrganization = notFound('No organization found by that id or name')
const organizationId = /^org_[0-9a-f]{24}$/u

const organization = async (server: TestServer): Promise<Made> => {
  const name = unique('org')
  return make(server, 'organizations', {
    name,
    display_name: 'Some Organization',
    metadata: { plan: 'gold' },
  })
}

/** The id of the connection that every server starts with. */
const connectionId = async (server: TestServer): Promise<string> =>
  (await read<{ id: string }[]>(server, 'connections'))[0]!.id

scenarios('/organizations', (scenario) => {
  scenario('POST creates an organization with its branding, metadata and connections', {
    scopes: ['create:organizations'],
    given: async (server) => ({ connection: await connectionId(server) }),
    post: ({ connection }) => [
      '/api/v2/organizations',
      {
        name: 'acme',
        display_name: 'Acme Inc.',
        branding: { logo_url: 'https://acme.example.com/logo.png', colors: { primary: '#ff0000' } },
        metadata: { plan: 'gold' },
        third_party_client_access: 'block',
        is_app_entitlement_active: false,
        enabled_connections: [{ connection_id: connection, assign_membership_on_login: true }],
      },
    ],
    expect: {
      status: 201,
      body: {
        id: organizationId,
        name: 'acme',
        display_name: 'Acme Inc.',
        branding: { logo_url: 'https://acme.example.com/logo.png', colors: { primary: '#ff0000' } },
        metadata: { plan: 'gold' },
        third_party_client_access: 'block',
        is_app_entitlement_active: false,
      },
      events: ['organization.created', 'organization.connection-added'],
    },
  })

  scenario('POST calls an organization by its name until it is given another', {
    scopes: ['create:organizations'],
    post: ['/api/v2/organizations', { name: 'plain' }],
    expect: {
      status: 201,
      body: { id: organizationId, name: 'plain', display_name: 'plain' },
      events: ['organization.created'],
    },
  })

  scenario('POST refuses a name that is taken', {
    scopes: ['create:organizations'],
    given: organization,
    post: ({ name }) => ['/api/v2/organizations', { name }],
    expect: { status: 409, body: conflict('An organization with this name already exists.') },
  })

  scenario('POST refuses a token without the scope', {
    scopes: ['read:organizations', 'update:organizations'],
    post: ['/api/v2/organizations', { name: 'never' }],
    expect: { status: 403, body: insufficient('create:organizations') },
  })

  scenario('POST makes nothing when one of its connections is not there', {
    scopes: ['create:organizations'],
    post: ['/api/v2/organizations', { name: 'halved', enabled_connections: [{ connection_id: 'con_none' }] }],
    expect: { status: 404, body: notFound('The connection does not exist', 'inexistent_connection') },
    then: async (server) => {
      assert.deepEqual(await read(server, 'organizations/name/halved'), noOrganization)
    },
  })

  for (const [title, body, message] of [
    ['no name', {}, /Missing required property: name/u],
    ['upper case in a name', { name: 'Acme' }, /does not match pattern/u],
    ['a name that is too long', { name: 'x'.repeat(51) }, /too long/u],
    ['null for a name', { name: null }, /found type null/u],
    ['an empty display name', { name: 'a', display_name: '' }, /too short/u],
    ['metadata that is no text', { name: 'a', metadata: { a: { b: 1 } } }, /on property metadata\.a/u],
    [
      'too much metadata',
      { name: 'a', metadata: Object.fromEntries(Array.from({ length: 26 }, (_, at) => [`k${at}`, 'v'])) },
      /Too many properties/u,
    ],
    ['an unknown property', { name: 'a', id: 'org_1' }, /Additional properties not allowed: id/u],
    [
      'a value that is nested without end',
      `{"name":"a","metadata":${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}}`,
      /the body is not valid JSON/u,
    ],
    ['no body', undefined, /found type null/u],
    ['a NUL in a name of a key', { name: 'a', metadata: { 'a\u0000': '' } }, /NUL/u],
  ] as const) {
    scenario(`POST refuses ${title}`, {
      scopes: ['create:organizations'],
      post: ['/api/v2/organizations', body],
      expect: { status: 400, body: badBody(message) },
    })
  }

  scenario('GET lists organizations with totals', {
    scopes: ['read:organizations'],
    given: organization,
    get: ['/api/v2/organizations?per_page=1&include_totals=true'],
    expect: { status: 200, body: { organizations: [any], start: 0, limit: 1, total: any } },
  })

  scenario('GET goes on from a checkpoint until there is none', {
    scopes: ['read:organizations'],
    given: async (server) => {
      await organization(server)
      const { total } = await read<{ total: number }>(server, 'organizations?include_totals=true')
      const first = await read<{ next: string }>(server, `organizations?take=${total - 1}`)
      return { next: first.next }
    },
    get: ({ next }) => [`/api/v2/organizations?take=100&from=${next}`],
    expect: { status: 200, body: { organizations: [any] } },
  })

  scenario('GET sorts by name', {
    scopes: ['read:organizations'],
    get: ['/api/v2/organizations?sort=name:-1&per_page=100'],
    expect: { status: 200 },
    then: async (_server, _made, { body }) => {
      const names = (body as { name: string }[]).map(({ name }) => name)
      assert.deepEqual(names, [...names].sort().reverse())
      assert.ok(names.length > 2)
    },
  })

  for (const sort of ['metadata:1', 'name', 'name:2', '__proto__:1', '']) {
    scenario(`GET refuses to sort by ${JSON.stringify(sort)}`, {
      scopes: ['read:organizations'],
      get: [`/api/v2/organizations?sort=${sort}`],
      expect: { status: 400, body: badQuery(/on property sort/u) },
    })
  }

  scenario('GET refuses a token without the scope', {
    scopes: ['create:organizations'],
    get: ['/api/v2/organizations'],
    expect: { status: 403, body: insufficient('read:organizations') },
  })
})

scenarios('/organizations/{id}', (scenario) => {
  scenario('GET answers the organization', {
    scopes: ['read:organizations'],
    given: organization,
    get: ({ id }) => [`/api/v2/organizations/${id}`],
    expect: {
      status: 200,
      body: { id: organizationId, name: any, display_name: 'Some Organization', metadata: { plan: 'gold' } },
    },
  })

  scenario('GET finds it by name, too', {
    scopes: ['read:organizations'],
    given: organization,
    get: ({ name }) => [`/api/v2/organizations/name/${name}`],
    expect: { status: 200, body: { id: any, name: any, display_name: any, metadata: any } },
    then: async (_server, { id }, { body }) => assert.equal((body as { id: string }).id, id),
  })

  for (const id of ['org_none', 'none', 'org_', '%20', 'org_a%2Fb%7C%25', '%F0%9F%92%A9']) {
    scenario(`GET finds nothing by ${id}`, {
      scopes: ['read:organizations'],
      get: [`/api/v2/organizations/${id}`],
      expect: { status: 404, body: noOrganization },
    })
    scenario(`GET finds nothing by the name ${id}`, {
      scopes: ['read:organizations'],
      get: [`/api/v2/organizations/name/${id}`],
      expect: { status: 404, body: noOrganization },
    })
  }

  scenario('PATCH changes what it names and leaves the rest', {
    scopes: ['update:organizations'],
    given: organization,
    patch: ({ id }) => [`/api/v2/organizations/${id}`, { display_name: 'Other' }],
    expect: {
      status: 200,
      body: { id: any, name: any, display_name: 'Other', metadata: { plan: 'gold' } },
      events: ['organization.updated'],
    },
  })

  scenario('PATCH replaces metadata as a whole', {
    scopes: ['update:organizations'],
    given: organization,
    patch: ({ id }) => [`/api/v2/organizations/${id}`, { metadata: { a: 'b', gone: null } }],
    expect: {
      status: 200,
      body: { id: any, name: any, display_name: any, metadata: { a: 'b' } },
      events: ['organization.updated'],
    },
  })

  scenario('PATCH that changes nothing says nothing', {
    scopes: ['update:organizations'],
    given: organization,
    patch: ({ id, name }) => [`/api/v2/organizations/${id}`, { name, metadata: { plan: 'gold' } }],
    expect: { status: 200 },
  })

  scenario('PATCH refuses the name of another', {
    scopes: ['update:organizations'],
    given: async (server) => ({ ...(await organization(server)), other: (await organization(server)).name! }),
    patch: ({ id, other }) => [`/api/v2/organizations/${id}`, { name: other }],
    expect: { status: 409, body: conflict('An organization with this name already exists.') },
  })

  scenario('PATCH refuses another id in the body (security case 10)', {
    scopes: ['update:organizations'],
    given: organization,
    patch: ({ id }) => [`/api/v2/organizations/${id}`, { id: 'org_other' }],
    expect: { status: 400, body: badBody('Additional properties not allowed: id') },
  })

  scenario('PATCH refuses a token without the scope', {
    scopes: ['read:organizations', 'create:organizations', 'delete:organizations'],
    given: organization,
    patch: ({ id }) => [`/api/v2/organizations/${id}`, { display_name: 'x' }],
    expect: { status: 403, body: insufficient('update:organizations') },
  })

  scenario('PATCH finds nothing by an unknown id', {
    scopes: ['update:organizations'],
    patch: ['/api/v2/organizations/org_none', { display_name: 'x' }],
    expect: { status: 404, body: noOrganization },
  })

  scenario('DELETE deletes it with everything in it', {
    scopes: ['delete:organizations'],
    given: organization,
    delete: ({ id }) => [`/api/v2/organizations/${id}`],
    expect: { status: 204, body: '', events: ['organization.deleted'] },
    then: async (server, { id }) => {
      assert.deepEqual(await read(server, `organizations/${id}`), noOrganization)
    },
  })

  scenario('DELETE answers 404 when it is repeated', {
    scopes: ['delete:organizations'],
    delete: ['/api/v2/organizations/org_none'],
    expect: { status: 404, body: noOrganization },
  })

  scenario('DELETE refuses a token without the scope', {
    scopes: ['read:organizations', 'update:organizations'],
    given: organization,
    delete: ({ id }) => [`/api/v2/organizations/${id}`],
    expect: { status: 403, body: insufficient('delete:organizations') },
  })

  for (const [path, key, scope] of [
    ['client-grants', 'client_grants', 'read:organization_client_grants'],
    ['discovery-domains', 'discovery_domains', 'read:organization_discovery_domains'],
    ['clients', 'clients', 'read:organizations'],
    ['groups', 'groups', 'read:organizations'],
  ] as const) {
    scenario(`GET ${path} is empty, in every style of paging`, {
      scopes: [scope],
      given: organization,
      get: ({ id }) => [`/api/v2/organizations/${id}/${path}?take=50`],
      expect: { status: 200, body: { [key]: [] } },
    })
    scenario(`GET ${path} of an organization that is not there is not found`, {
      scopes: [scope],
      get: [`/api/v2/organizations/org_none/${path}`],
      expect: { status: 404, body: noOrganization },
    })
  }
})

scenarios('organizations of who may see only his own', (scenario) => {
  scenario('are the same in lists, counts, by id and by name (security case 5)', {
    scopes: ['read:organizations'],
    given: async (server) => {
      const [own, other] = [await organization(server), await organization(server)]
      const { user_id: user } = await createUser(server)
      await make(server, `organizations/${own.id}/members`, { members: [user] })
      return { own: own.id!, ownName: own.name!, other: other.id!, otherName: other.name!, user }
    },
    get: ({ other }) => [`/api/v2/organizations/${other}`],
    expect: { status: 200 },
    then: async (server, { own, ownName, other, otherName, user }) => {
      const token = await userToken(server, user!, 'read:organizations', 'read:organization_members')
      const get = async (path: string) =>
        (await server.call('GET', `/api/v2/organizations${path}`, { token })).body
      const all = (await get('?include_totals=true')) as { organizations: { id: string }[]; total: number }
      assert.deepEqual([all.organizations.map(({ id }) => id), all.total], [[own], 1])
      assert.equal(((await get(`/${own}`)) as { id: string }).id, own)
      assert.equal(((await get(`/name/${ownName}`)) as { id: string }).id, own)
      assert.deepEqual(await get(`/${other}`), noOrganization)
      assert.deepEqual(await get(`/name/${otherName}`), noOrganization)
      assert.deepEqual(await get('/org_none'), noOrganization)
      for (const id of [own, other, 'org_none']) {
        assert.equal(((await get(`/${id}/members`)) as { statusCode: number }).statusCode, 403, id)
      }
    },
  })
})
