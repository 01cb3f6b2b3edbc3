import assert from 'node:assert/strict'
import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { badBody, conflict, insufficient, notFound } from './answers.ts'
import { make, read, unique } from './given.ts'

const noOrganization = notFound('No organization found by that id or name')
const noConnection = notFound('The connection does not exist', 'inexistent_connection')

/** An organization and a connection that it does not use. */
const given = async (server: TestServer): Promise<Made> => {
  const { id: org } = await make(server, 'organizations', { name: unique('org') })
  const name = unique('connection')
  const { id: connection } = await make(server, 'connections', { name, strategy: 'auth0' })
  return { org: org!, connection: connection!, name }
}

const givenEnabled = async (server: TestServer): Promise<Made> => {
  const made = await given(server)
  await make(server, `organizations/${made.org}/enabled_connections`, { connection_id: made.connection })
  return made
}

const encoded = {
  connection_id: /^con_/u,
  assign_membership_on_login: false,
  is_signup_enabled: false,
  show_as_button: true,
  connection: { name: any, strategy: 'auth0' },
}

for (const name of ['enabled_connections', 'connections'] as const) {
  const all = ({ org }: Made) => `/api/v2/organizations/${org}/${name}`
  const one = (made: Made) => `${all(made)}/${made.connection}`

  scenarios(`/organizations/{id}/${name}`, (scenario) => {
    scenario('POST enables a connection', {
      scopes: ['create:organization_connections'],
      given,
      post: (made) => [all(made), { connection_id: made.connection, assign_membership_on_login: true }],
      expect: {
        status: 201,
        body: { ...encoded, assign_membership_on_login: true },
        events: ['organization.connection-added'],
      },
    })

    scenario('POST refuses one that is enabled', {
      scopes: ['create:organization_connections'],
      given: givenEnabled,
      post: (made) => [all(made), { connection_id: made.connection }],
      expect: { status: 409, body: conflict('The connection is already enabled for this organization.') },
    })

    scenario('POST finds no connection by an unknown id', {
      scopes: ['create:organization_connections'],
      given,
      post: (made) => [all(made), { connection_id: 'con_none' }],
      expect: { status: 404, body: noConnection },
    })

    for (const [title, body, message] of [
      ['no connection', {}, /Missing required property: connection_id/u],
      ['a text for a flag', { connection_id: 'con_a', show_as_button: 'true' }, /Expected type boolean/u],
      [
        'another organization',
        { connection_id: 'con_a', organization_id: 'org_b' },
        /Additional properties/u,
      ],
    ] as const) {
      scenario(`POST refuses ${title}`, {
        scopes: ['create:organization_connections'],
        given,
        post: (made) => [all(made), body],
        expect: { status: 400, body: badBody(message) },
      })
    }

    scenario('POST refuses a token without the scope', {
      scopes: ['update:organizations', 'read:organization_connections'],
      given,
      post: (made) => [all(made), { connection_id: made.connection }],
      expect: { status: 403, body: insufficient('create:organization_connections') },
    })

    scenario('GET lists what is enabled', {
      scopes: ['read:organization_connections'],
      given: givenEnabled,
      get: (made) => [all(made)],
      expect: { status: 200, body: [encoded] },
    })

    scenario('GET lists it with totals', {
      scopes: ['read:organization_connections'],
      given: givenEnabled,
      get: (made) => [`${all(made)}?include_totals=true`],
      expect: { status: 200, body: { [name]: [encoded], start: 0, limit: 50, total: 1 } },
    })

    scenario('GET finds nothing of an organization that is not there', {
      scopes: ['read:organization_connections'],
      get: [all({ org: 'org_none' })],
      expect: { status: 404, body: noOrganization },
    })

    scenario('GET answers one', {
      scopes: ['read:organization_connections'],
      given: givenEnabled,
      get: (made) => [one(made)],
      expect: { status: 200, body: encoded },
    })

    scenario('GET of one that is not enabled is not found', {
      scopes: ['read:organization_connections'],
      given,
      get: (made) => [one(made)],
      expect: { status: 404 },
    })

    scenario('PATCH changes what it names', {
      scopes: ['update:organization_connections'],
      given: givenEnabled,
      patch: (made) => [one(made), { show_as_button: false }],
      expect: {
        status: 200,
        body: { ...encoded, show_as_button: false },
        events: ['organization.connection-updated'],
      },
    })

    scenario('PATCH that changes nothing says nothing', {
      scopes: ['update:organization_connections'],
      given: givenEnabled,
      patch: (made) => [one(made), { show_as_button: true }],
      expect: { status: 200, body: encoded },
    })

    scenario('PATCH refuses another connection in the body (security case 10)', {
      scopes: ['update:organization_connections'],
      given: givenEnabled,
      patch: (made) => [one(made), { connection_id: 'con_other' }],
      expect: { status: 400, body: badBody(/Additional properties/u) },
    })

    scenario('DELETE disables it', {
      scopes: ['delete:organization_connections'],
      given: givenEnabled,
      delete: (made) => [one(made)],
      expect: { status: 204, body: '', events: ['organization.connection-removed'] },
      then: async (server, { org }) => {
        assert.deepEqual(await read(server, `organizations/${org}/${name}`), [])
      },
    })

    scenario('DELETE repeated changes nothing', {
      scopes: ['delete:organization_connections'],
      given,
      delete: (made) => [one(made)],
      expect: { status: 204, body: '' },
    })

    scenario('DELETE refuses a token without the scope', {
      scopes: ['update:organization_connections'],
      given: givenEnabled,
      delete: (made) => [one(made)],
      expect: { status: 403, body: insufficient('delete:organization_connections') },
    })
  })
}
