import assert from 'node:assert/strict'
import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import { operator, type TestServer } from '#test/harness/server.ts'
import { badBody, badQuery, insufficient, notFound } from './answers.ts'
import { createRole, make, read, unique } from './given.ts'

const noOrganization = notFound('No organization found by that id or name')
const noInvitation = notFound('The invitation does not exist.')

const body = (given: object = {}) => ({
  inviter: { name: 'Ana' },
  invitee: { email: 'Bob@Example.com' },
  client_id: operator.id,
  ...given,
})

const given = async (server: TestServer): Promise<Made> => {
  const { id: org } = await make(server, 'organizations', { name: unique('org') })
  return { org: org!, role: (await createRole(server)).id }
}

const givenInvitation = async (server: TestServer): Promise<Made> => {
  const made = await given(server)
  const { id } = await make(server, all(made).slice('/api/v2/'.length), body())
  return { ...made, id: id! }
}

const all = ({ org }: Made) => `/api/v2/organizations/${org}/invitations`
const one = (made: Made) => `${all(made)}/${made.id}`

const sent = {
  id: /^uinv_/u,
  organization_id: /^org_/u,
  inviter: { name: 'Ana' },
  invitee: { email: 'bob@example.com' },
  created_at: /^\d{4}-/u,
  expires_at: /^\d{4}-/u,
  client_id: operator.id,
  roles: [],
  app_metadata: {},
  user_metadata: {},
}

scenarios('/organizations/{id}/invitations', (scenario) => {
  scenario('POST invites somebody for a week, and tells the link', {
    scopes: ['create:organization_invitations'],
    given,
    post: (made) => [all(made), body()],
    expect: {
      status: 200,
      body: {
        ...sent,
        invitation_url: /^https:\/\/localhost:\d+\/invitation\?invitation=[\w-]{43}&organization=org_\w+$/u,
        ticket_id: /^[\w-]{43}$/u,
      },
      events: ['invitation.created'],
    },
    then: async (_server, _made, answer) => {
      const { created_at: from, expires_at: until } = answer.body as Record<string, string>
      assert.equal(Date.parse(until!) - Date.parse(from!), 604_800_000)
    },
  })

  scenario('POST gives roles that the caller may give, a lifetime, and metadata', {
    scopes: ['create:organization_invitations', 'update:users'],
    given,
    post: (made) => [
      all(made),
      body({ roles: [made.role], ttl_sec: 60, app_metadata: { a: 1 }, user_metadata: { b: 2 } }),
    ],
    expect: { status: 200, events: ['invitation.created'] },
    then: async (_server, { role }, answer) => {
      const invitation = answer.body as Record<string, unknown>
      assert.deepEqual(invitation.roles, [role])
      assert.deepEqual([invitation.app_metadata, invitation.user_metadata], [{ a: 1 }, { b: 2 }])
      const lifetime = Date.parse(String(invitation.expires_at)) - Date.parse(String(invitation.created_at))
      assert.equal(lifetime, 60_000)
    },
  })

  for (const [title, roles] of [
    ['a role', (made: Made) => [made.role]],
    ['the administrator’s role', () => ['rol_admin']],
  ] as const) {
    scenario(`POST does not give ${title} that the caller could not give himself (security case 1)`, {
      scopes: ['create:organization_invitations'],
      given,
      post: (made) => [all(made), body({ roles: roles(made) })],
      expect: { status: 403 },
    })
  }

  for (const role of ['rol_none', 'none', 'rol_']) {
    scenario(`POST refuses a role that is not there: ${role}`, {
      scopes: ['create:organization_invitations', 'update:users'],
      given,
      post: (made) => [all(made), body({ roles: [role] })],
      expect: {
        status: 400,
        body: {
          statusCode: 400,
          error: 'Bad Request',
          message: `One or more of the specified roles do not exist: ${role}`,
          errorCode: 'invalid_body',
        },
      },
    })
  }

  for (const [title, wrong, message] of [
    ['no address', { invitee: {} }, /Missing required property: email/u],
    ['an address that is none', { invitee: { email: 'x' } }, /format email/u],
    ['no inviter', { inviter: null }, /on property inviter/u],
    ['a lifetime that is too long', { ttl_sec: 2_592_001 }, /greater than maximum/u],
    ['a negative lifetime', { ttl_sec: -1 }, /less than minimum/u],
    ['a fraction of a second', { ttl_sec: 0.5 }, /on property ttl_sec/u],
    ['an unknown property', { organization_id: 'org_other' }, /Additional properties/u],
    ['metadata with a dot in its key', { app_metadata: { 'a.b': 1 } }, /contains a dot/u],
  ] as const) {
    scenario(`POST refuses ${title}`, {
      scopes: ['create:organization_invitations'],
      given,
      post: (made) => [all(made), body(wrong)],
      expect: { status: 400, body: badBody(message) },
    })
  }

  scenario('POST finds no application by an unknown id', {
    scopes: ['create:organization_invitations'],
    given,
    post: (made) => [all(made), body({ client_id: 'none' })],
    expect: { status: 404, body: notFound('The client does not exist', 'inexistent_client') },
  })

  scenario('POST refuses a token without the scope', {
    scopes: ['read:organization_invitations', 'create:organization_members'],
    given,
    post: (made) => [all(made), body()],
    expect: { status: 403, body: insufficient('create:organization_invitations') },
  })

  scenario('GET lists invitations without their links', {
    scopes: ['read:organization_invitations'],
    given: givenInvitation,
    get: (made) => [`${all(made)}?include_totals=true`],
    expect: { status: 200, body: { invitations: [sent], start: 0, limit: 50, total: 1 } },
  })

  scenario('GET picks fields and sorts', {
    scopes: ['read:organization_invitations'],
    given: async (server) => {
      const made = await givenInvitation(server)
      const { id } = await make(server, `organizations/${made.org}/invitations`, body())
      return { ...made, newer: id! }
    },
    get: (made) => [`${all(made)}?fields=id&sort=created_at:-1`],
    expect: { status: 200, body: [{ id: any }, { id: any }] },
    then: async (_server, { id, newer }, answer) => assert.deepEqual(answer.body, [{ id: newer }, { id }]),
  })

  scenario('GET refuses to sort by what it does not know', {
    scopes: ['read:organization_invitations'],
    given,
    get: (made) => [`${all(made)}?sort=ticketDigest:1`],
    expect: { status: 400, body: badQuery(/on property sort/u) },
  })

  scenario('GET finds nothing of an organization that is not there', {
    scopes: ['read:organization_invitations'],
    get: [all({ org: 'org_none' })],
    expect: { status: 404, body: noOrganization },
  })

  scenario('GET answers one, but not the one of another organization', {
    scopes: ['read:organization_invitations'],
    given: givenInvitation,
    get: (made) => [one(made)],
    expect: { status: 200, body: sent },
    then: async (server, made) => {
      const other = await given(server)
      const path = one({ ...made, org: other.org! }).slice('/api/v2/'.length)
      assert.deepEqual(await read(server, path), noInvitation)
    },
  })

  scenario('DELETE takes it back, once', {
    scopes: ['delete:organization_invitations'],
    given: givenInvitation,
    delete: (made) => [one(made)],
    expect: { status: 204, body: '', events: ['invitation.revoked'] },
    then: async (server, made) => {
      const token = await server.token('delete:organization_invitations')
      assert.deepEqual((await server.call('DELETE', one(made), { token })).body, noInvitation)
    },
  })

  scenario('DELETE does not reach into another organization', {
    scopes: ['delete:organization_invitations'],
    given: async (server) => ({ ...(await givenInvitation(server)), org: (await given(server)).org! }),
    delete: (made) => [one(made)],
    expect: { status: 404, body: noInvitation },
  })

  scenario('DELETE refuses a token without the scope', {
    scopes: ['create:organization_invitations', 'read:organization_invitations'],
    given: givenInvitation,
    delete: (made) => [one(made)],
    expect: { status: 403, body: insufficient('delete:organization_invitations') },
  })
})
