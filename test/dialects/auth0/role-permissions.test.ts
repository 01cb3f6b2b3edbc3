import assert from 'node:assert/strict'
import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { badRequest, insufficient, noRole } from './answers.ts'
import { createApi, createRole } from './given.ts'

scenarios('/roles/{id}/permissions', (scenario, server) => {
  const given = async (server: TestServer): Promise<Made> => {
    const { id } = await createRole(server)
    return { id, api: await createApi(server, 'read:x', 'write:x', 'drop:x') }
  }
  const pairs = (api: string, ...names: string[]) =>
    names.map((name) => ({ resource_server_identifier: api, permission_name: name }))
  const add = async (server: TestServer, { id, api }: Made, ...names: string[]) => {
    const body = { permissions: pairs(api!, ...names) }
    await server.call('POST', `/api/v2/roles/${id}/permissions`, { body, token: await server.token('every') })
  }
  const givenTwo = async (server: TestServer) => {
    const made = await given(server)
    await add(server, made, 'read:x', 'write:x')
    return made
  }
  const wire = (api: string, name: string) => ({
    permission_name: name,
    description: `may ${name}`,
    resource_server_name: /^api-\d+$/u,
    resource_server_identifier: api,
  })

  scenario('POST adds permissions, and answers 201 with {}', {
    scopes: ['update:roles'],
    given,
    post: ({ id, api }) => [
      `/api/v2/roles/${id}/permissions`,
      { permissions: pairs(api!, 'read:x', 'write:x', 'read:x') },
    ],
    expect: { status: 201, body: {}, events: ['role.permission-added', 'role.permission-added'] },
  })

  scenario('POST of what the role has changes nothing', {
    scopes: ['update:roles'],
    given: givenTwo,
    post: ({ id, api }) => [`/api/v2/roles/${id}/permissions`, { permissions: pairs(api!, 'read:x') }],
    expect: { status: 201, body: {}, events: [] },
  })

  scenario('POST adds all or none', {
    scopes: ['update:roles'],
    given,
    post: ({ id, api }) => [
      `/api/v2/roles/${id}/permissions`,
      { permissions: pairs(api!, 'read:x', 'nothing:x') },
    ],
    expect: { status: 400, body: badRequest(/The permission nothing:x does not exist/u, 'invalid_body') },
    then: async (_server, { id }) => {
      const token = await server().token('every')
      assert.deepEqual((await server().call('GET', `/api/v2/roles/${id}/permissions`, { token })).body, [])
    },
  })

  scenario('POST answers 404 for an API that is not there', {
    scopes: ['update:roles'],
    given,
    post: ({ id }) => [
      `/api/v2/roles/${id}/permissions`,
      { permissions: pairs('https://nobody/', 'read:x') },
    ],
    expect: {
      status: 404,
      body: {
        statusCode: 404,
        error: 'Not Found',
        message: 'The resource server does not exist',
        errorCode: 'inexistent_resource_server',
      },
    },
  })

  scenario('POST answers 404 for a role that is not there', {
    scopes: ['update:roles'],
    given,
    post: ({ api }) => ['/api/v2/roles/rol_nobody/permissions', { permissions: pairs(api!, 'read:x') }],
    expect: { status: 404, body: noRole },
  })

  for (const [title, body] of [
    ['no list', {}],
    ['an empty list', { permissions: [] }],
    ['a pair without its API', { permissions: [{ permission_name: 'read:x' }] }],
    ['a pair with more', { permissions: [{ ...pairs('a', 'b')[0], role: 'x' }] }],
    ['texts', { permissions: ['read:x'] }],
    ['more than a thousand', { permissions: Array(1001).fill(pairs('a', 'b')[0]) }],
  ] as const) {
    scenario(`POST refuses ${title}`, {
      scopes: ['update:roles'],
      given,
      post: ({ id }) => [`/api/v2/roles/${id}/permissions`, body],
      expect: { status: 400, body: badRequest(/^Payload validation error/u, 'invalid_body') },
    })
  }

  scenario('POST refuses to give out through a role what the caller does not hold', {
    scopes: ['update:roles'],
    given,
    post: ({ id }) => [
      `/api/v2/roles/${id}/permissions`,
      { permissions: pairs(`${server().origin}/api/v2/`, 'delete:users') },
    ],
    expect: { status: 403, body: any },
  })

  scenario('GET lists what the role carries', {
    scopes: ['read:roles'],
    given: givenTwo,
    get: ({ id }) => [`/api/v2/roles/${id}/permissions`],
    expect: { status: 200, body: ({ api }: Made) => [wire(api!, 'read:x'), wire(api!, 'write:x')] },
  })

  scenario('GET pages and counts', {
    scopes: ['read:roles'],
    given: givenTwo,
    get: ({ id }) => [`/api/v2/roles/${id}/permissions?page=1&per_page=1&include_totals=true`],
    expect: {
      status: 200,
      body: ({ api }: Made) => ({ permissions: [wire(api!, 'write:x')], start: 1, limit: 1, total: 2 }),
    },
  })

  scenario('GET names the Management API by the host that is asked', {
    scopes: ['every'],
    given: async (server) => {
      const { id } = await createRole(server)
      await add(server, { id, api: `${server.origin}/api/v2/` }, 'read:users')
      return { id }
    },
    get: ({ id }) => [`/api/v2/roles/${id}/permissions`],
    expect: { status: 200, body: any },
    then: async ({ origin }, _made, { body }) => {
      const [permission] = body as [{ resource_server_identifier: string }]
      assert.equal(permission.resource_server_identifier, `${origin}/api/v2/`)
    },
  })

  scenario('GET answers 404 for a role that is not there', {
    scopes: ['read:roles'],
    get: ['/api/v2/roles/rol_nobody/permissions'],
    expect: { status: 404, body: noRole },
  })

  scenario('DELETE takes permissions, and passes over those the role does not have', {
    scopes: ['update:roles'],
    given: givenTwo,
    delete: ({ id, api }) => [
      `/api/v2/roles/${id}/permissions`,
      { permissions: pairs(api!, 'read:x', 'drop:x') },
    ],
    expect: { status: 204, body: '', events: ['role.permission-removed'] },
  })

  for (const method of ['get', 'post', 'delete'] as const) {
    scenario(`${method.toUpperCase()} refuses a token without the scope`, {
      scopes: ['read:users', 'update:users'],
      [method]: [
        '/api/v2/roles/rol_nobody/permissions',
        method === 'get' ? undefined : { permissions: pairs('a', 'b') },
      ],
      expect: { status: 403, body: insufficient(method === 'get' ? 'read:roles' : 'update:roles') },
    })
  }
})
