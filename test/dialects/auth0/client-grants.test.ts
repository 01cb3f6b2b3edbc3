import assert from 'node:assert/strict'
import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { badBody, conflict, insufficient, notFound } from './answers.ts'
import { make, read, unique } from './given.ts'

const path = '/api/v2/client-grants'
const noGrant = notFound('The client grant does not exist', 'inexistent_client_grant')
const id = /^cgr_[0-9a-f]{24}$/u

/** A client and an API with two scopes, without a grant between them. */
const pair = async (server: TestServer): Promise<Made> => {
  const { client_id } = await make(server, 'clients', { name: unique('Caller') })
  const { identifier } = await make(server, 'resource-servers', {
    identifier: unique('https://api.example.com/ä|'),
    scopes: [{ value: 'read:it' }, { value: 'write:it' }],
  })
  return { client: client_id!, audience: identifier! }
}

const grant =
  (body: object = {}) =>
  async (server: TestServer): Promise<Made> => {
    const { client, audience } = await pair(server)
    const made = await make(server, 'client-grants', {
      client_id: client,
      audience,
      scope: ['read:it'],
      ...body,
    })
    return { id: made.id!, client: client!, audience: audience! }
  }

scenarios('POST /client-grants', (scenario) => {
  const asCreator = { scopes: ['create:client_grants'] }

  scenario('lets a client call an API', {
    ...asCreator,
    given: pair,
    post: ({ client, audience }) => [path, { client_id: client, audience, scope: ['read:it'] }],
    expect: {
      status: 201,
      body: ({ client, audience }: Made) => ({
        id,
        client_id: client,
        audience,
        scope: ['read:it'],
        subject_type: 'client',
      }),
      events: ['client-grant.created'],
    },
  })

  scenario('allows everything, without listing it', {
    ...asCreator,
    given: pair,
    post: ({ client, audience }) => [
      path,
      {
        client_id: client,
        audience,
        allow_all_scopes: true,
        subject_type: 'user',
        organization_usage: 'allow',
        allow_any_organization: true,
      },
    ],
    expect: {
      status: 201,
      body: ({ client, audience }: Made) => ({
        id,
        client_id: client,
        audience,
        allow_all_scopes: true,
        subject_type: 'user',
        organization_usage: 'allow',
        allow_any_organization: true,
      }),
      events: ['client-grant.created'],
    },
  })

  scenario('refuses the same pair twice', {
    ...asCreator,
    given: grant(),
    post: ({ client, audience }) => [path, { client_id: client, audience, scope: [] }],
    expect: {
      status: 409,
      body: conflict('A client grant for this client and resource server already exists'),
    },
  })

  scenario('refuses a scope that the API does not have', {
    ...asCreator,
    given: pair,
    post: ({ client, audience }) => [path, { client_id: client, audience, scope: ['delete:it'] }],
    expect: { status: 400, body: badBody(/delete:it does not exist/u) },
  })

  scenario('refuses to give out what the caller does not hold himself', {
    ...asCreator,
    given: async (server) => ({ ...(await pair(server)), audience: `${server.origin}/api/v2/` }),
    post: ({ client, audience }) => [path, { client_id: client, audience, scope: ['update:users'] }],
    expect: { status: 403, body: any },
  })

  scenario('refuses an unknown client', {
    ...asCreator,
    given: pair,
    post: ({ audience }) => [path, { client_id: 'unknown', audience, scope: [] }],
    expect: { status: 404, body: notFound('Client not found', 'inexistent_client') },
  })

  scenario('refuses an unknown API', {
    ...asCreator,
    given: pair,
    post: ({ client }) => [path, { client_id: client, audience: 'urn:unknown', scope: [] }],
    expect: {
      status: 404,
      body: notFound('Resource server not found', 'inexistent_resource_server'),
    },
  })

  for (const [what, body, fault] of [
    ['no scope', { client_id: 'a', audience: 'b' }, /Missing required property: scope/u],
    ['no client', { audience: 'b', scope: [] }, /Missing required property: client_id/u],
    ['an empty scope', { client_id: 'a', audience: 'b', scope: [''] }, /on property scope\[0\]/u],
    ['an unknown field', { client_id: 'a', audience: 'b', scope: [], x: 1 }, /not allowed: x/u],
  ] as const) {
    scenario(`refuses ${what}`, {
      ...asCreator,
      post: [path, body],
      expect: { status: 400, body: badBody(fault) },
    })
  }

  scenario('is refused without its scope', {
    scopes: ['update:client_grants'],
    post: [path, { client_id: 'a', audience: 'b', scope: [] }],
    expect: { status: 403, body: insufficient('create:client_grants') },
  })
})

scenarios('GET /client-grants', (scenario) => {
  const asReader = { scopes: ['read:client_grants'] }

  scenario('filters by client and audience', {
    ...asReader,
    given: grant(),
    get: ({ client, audience }) => [
      `${path}?${new URLSearchParams({ client_id: client!, audience: audience! })}`,
    ],
    expect: { status: 200, body: [any] },
  })

  scenario('filters by the audience of the host that is asked', {
    ...asReader,
    given: async ({ origin }) => ({ audience: `${origin}/api/v2/` }),
    get: ({ audience }) => [`${path}?${new URLSearchParams({ audience: audience!, client_id: 'operator' })}`],
    expect: { status: 200, body: [any] },
    then: async (_server, { audience }, { body }) =>
      assert.equal((body as { audience: string }[])[0]?.audience, audience),
  })

  scenario('finds none for an audience that is no API', {
    ...asReader,
    get: [`${path}?audience=urn:unknown&include_totals=true`],
    expect: { status: 200, body: { client_grants: [], start: 0, limit: 50, total: 0 } },
  })

  for (const [allowed, count] of [
    ['true', 1],
    ['false', 0],
  ] as const) {
    scenario(`filters by whether any organization is allowed: ${allowed}`, {
      ...asReader,
      given: grant({ allow_any_organization: true }),
      get: ({ client }) => [
        `${path}?client_id=${client}&allow_any_organization=${allowed}&subject_type=client`,
      ],
      expect: { status: 200 },
      then: async (_server, _made, { body }) => assert.equal((body as object[]).length, count),
    })
  }

  scenario('pages from a checkpoint, whatever else is sent', {
    ...asReader,
    given: grant(),
    get: [`${path}?take=1&include_totals=true&per_page=50`],
    expect: { status: 200, body: { client_grants: [any], next: any } },
  })

  scenario('is refused without its scope', {
    scopes: ['create:client_grants'],
    get: [path],
    expect: { status: 403, body: insufficient('read:client_grants') },
  })
})

scenarios('one client grant', (scenario) => {
  scenario('is read', {
    scopes: ['read:client_grants'],
    given: grant(),
    get: ({ id }) => [`${path}/${id}`],
    expect: {
      status: 200,
      body: ({ id, client, audience }: Made) => ({
        id,
        client_id: client,
        audience,
        scope: ['read:it'],
        subject_type: 'client',
      }),
    },
  })

  for (const unknown of ['cgr_unknown', 'unknown', 'rol_unknown']) {
    scenario(`${unknown} is not found`, {
      scopes: ['read:client_grants'],
      get: [`${path}/${unknown}`],
      expect: { status: 404, body: noGrant },
    })
  }

  scenario('is changed', {
    scopes: ['update:client_grants'],
    given: grant({ organization_usage: 'require' }),
    patch: ({ id }) => [`${path}/${id}`, { scope: ['write:it'], organization_usage: null }],
    expect: {
      status: 200,
      body: ({ id, client, audience }: Made) => ({
        id,
        client_id: client,
        audience,
        scope: ['write:it'],
        subject_type: 'client',
      }),
      events: ['client-grant.updated'],
    },
  })

  scenario('says the same again without an event', {
    scopes: ['update:client_grants'],
    given: grant(),
    patch: ({ id }) => [`${path}/${id}`, { scope: ['read:it', 'read:it'], allow_any_organization: null }],
    expect: { status: 200 },
  })

  scenario('keeps whom and what it is for', {
    scopes: ['update:client_grants'],
    given: grant(),
    patch: ({ id }) => [`${path}/${id}`, { audience: 'urn:other' }],
    expect: { status: 400, body: badBody('Additional properties not allowed: audience') },
  })

  scenario('is deleted', {
    scopes: ['delete:client_grants'],
    given: grant(),
    delete: ({ id }) => [`${path}/${id}`],
    expect: { status: 204, body: '', events: ['client-grant.deleted'] },
    then: async (server, { client }) =>
      assert.deepEqual(await read(server, `client-grants?client_id=${client}`), []),
  })

  scenario('is not deleted twice', {
    scopes: ['delete:client_grants'],
    delete: [`${path}/cgr_unknown`],
    expect: { status: 404, body: noGrant },
  })

  scenario('is neither changed nor deleted without the scope', {
    scopes: ['read:client_grants', 'create:client_grants'],
    given: grant(),
    delete: ({ id }) => [`${path}/${id}`],
    expect: { status: 403, body: insufficient('delete:client_grants') },
  })
})
