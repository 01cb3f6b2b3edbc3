import assert from 'node:assert/strict'
import { type Made, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { badBody, insufficient, notFound, unsupported } from './answers.ts'
import { createUser, make, read, rootId, unique } from './given.ts'

const noUser = notFound('The user does not exist.', 'inexistent_user')

const given = async (server: TestServer): Promise<Made> => {
  const { user_id: user, email } = await createUser(server)
  const [connection] = await read<{ id: string }[]>(server, 'connections')
  return { user, email, connection: connection!.id }
}

/** The ticket that a link stands for, as it is kept. */
const kept = async (server: TestServer, body: unknown) => {
  const secret = new URL((body as { ticket: string }).ticket).searchParams.get('ticket')!
  const { services, store } = server.server.workspace
  assert.equal(await store.reader.tickets.findBy({ digest: secret }), undefined)
  return (await store.reader.tickets.findBy({ digest: services.digest(secret) }))!
}

const scopes = ['create:user_tickets', 'update:users']

scenarios('/tickets/password-change', (scenario) => {
  scenario('POST makes a link that is good for five days', {
    scopes: ['create:user_tickets'],
    given,
    post: ({ user }) => ['/api/v2/tickets/password-change', { user_id: user }],
    expect: {
      status: 201,
      body: { ticket: /^https:\/\/localhost:\d+\/lo\/reset\?ticket=[\w-]{43}$/u },
      events: ['ticket.created'],
    },
    then: async (server, { user }, { body }) => {
      const ticket = await kept(server, body)
      assert.equal(`auth0|${ticket.userId}`, user)
      assert.equal(ticket.purpose, 'change-password')
      assert.equal(ticket.expiresAt - ticket.createdAt, 432_000_000)
    },
  })

  scenario('POST knows the user by his address in a connection, and keeps what the page will need', {
    scopes,
    given,
    post: ({ email, connection }) => [
      '/api/v2/tickets/password-change',
      {
        email: email!.toUpperCase(),
        connection_id: connection,
        ttl_sec: 60,
        result_url: 'https://app.example.com/done',
        mark_email_as_verified: true,
        includeEmailInRedirect: false,
      },
    ],
    expect: { status: 201, events: ['ticket.created'] },
    then: async (server, { user }, { body }) => {
      const ticket = await kept(server, body)
      assert.equal(`auth0|${ticket.userId}`, user)
      assert.equal(ticket.expiresAt - ticket.createdAt, 60_000)
      assert.deepEqual(ticket.data, {
        resultUrl: 'https://app.example.com/done',
        showsEmail: false,
        markEmailAsVerified: true,
      })
    },
  })

  scenario('POST repeated makes another link', {
    scopes,
    given: async (server) => {
      const made = await given(server)
      const { ticket } = await make(server, 'tickets/password-change', { user_id: made.user })
      return { ...made, ticket: ticket! }
    },
    post: ({ user }) => ['/api/v2/tickets/password-change', { user_id: user }],
    expect: { status: 201, events: ['ticket.created'] },
    then: async (_server, { ticket }, { body }) =>
      assert.notEqual((body as { ticket: string }).ticket, ticket),
  })

  scenario('POST makes no link to become somebody who may do more (security case 1)', {
    scopes: ['create:user_tickets'],
    given: async (server) => ({ root: await rootId(server) }),
    post: ({ root }) => ['/api/v2/tickets/password-change', { user_id: root }],
    expect: { status: 403 },
  })

  for (const [title, body] of [
    ['an unknown user', { user_id: 'auth0|none' }],
    ['an unknown address', { email: 'nobody@example.com', connection_id: 'con_none' }],
  ] as const) {
    scenario(`POST finds no user: ${title}`, {
      scopes,
      post: ['/api/v2/tickets/password-change', body],
      expect: { status: 404, body: noUser },
    })
  }

  scenario('POST does not find who has the address in another connection', {
    scopes,
    given: async (server) => {
      const { id } = await make(server, 'connections', { name: unique('con'), strategy: 'auth0' })
      return { ...(await given(server)), other: id! }
    },
    post: ({ email, other }) => ['/api/v2/tickets/password-change', { email, connection_id: other }],
    expect: { status: 404, body: noUser },
  })

  for (const [title, body, message] of [
    ['nobody', {}, /Expected user_id, or email with connection_id/u],
    ['an address without its connection', { email: 'a@example.com' }, /Expected user_id, or email/u],
    [
      'two users at once (security case 10)',
      { user_id: 'auth0|a', email: 'b@example.com', connection_id: 'con_c' },
      /Expected user_id, or email/u,
    ],
    ['an id that is none', { user_id: 'a' }, /format user-id/u],
    ['a script for a page', { user_id: 'auth0|a', result_url: 'javascript:alert(1)' }, /pattern/u],
    ['too long a life', { user_id: 'auth0|a', ttl_sec: 2_592_001 }, /greater than maximum/u],
    ['an unknown property', { user_id: 'auth0|a', purpose: 'x' }, /Additional properties/u],
    ['null', null, /found type null/u],
  ] as const) {
    scenario(`POST refuses ${title}`, {
      scopes,
      post: ['/api/v2/tickets/password-change', body === null ? 'null' : body],
      expect: { status: 400, body: badBody(message) },
    })
  }

  scenario('POST sets no password itself', {
    scopes,
    given,
    post: ({ user }) => ['/api/v2/tickets/password-change', { user_id: user, new_password: 'Secret-word-1' }],
    expect: {
      status: 400,
      body: unsupported('Not supported: a new password in the ticket (new_password).'),
    },
  })

  scenario('POST refuses a token without the scope', {
    scopes: ['update:users'],
    given,
    post: ({ user }) => ['/api/v2/tickets/password-change', { user_id: user }],
    expect: { status: 403, body: insufficient('create:user_tickets') },
  })
})

scenarios('/tickets/email-verification', (scenario) => {
  scenario('POST makes a link that is good for the address the user has now', {
    scopes: ['create:user_tickets'],
    given,
    post: ({ user }) => [
      '/api/v2/tickets/email-verification',
      { user_id: user, identity: { provider: 'auth0', user_id: user!.slice('auth0|'.length) } },
    ],
    expect: {
      status: 201,
      body: { ticket: /^https:\/\/localhost:\d+\/lo\/verify_email\?ticket=[\w-]{43}$/u },
      events: ['ticket.created'],
    },
    then: async (server, { email }, { body }) => {
      const { purpose, data } = await kept(server, body)
      assert.deepEqual([purpose, data], ['verify-email', { email }])
    },
  })

  scenario('POST finds no user by an unknown id', {
    scopes,
    post: ['/api/v2/tickets/email-verification', { user_id: 'auth0|none' }],
    expect: { status: 404, body: noUser },
  })

  scenario('POST makes none for another identity than the user’s own', {
    scopes,
    given,
    post: ({ user }) => [
      '/api/v2/tickets/email-verification',
      { user_id: user, identity: { provider: 'google-oauth2', user_id: '1' } },
    ],
    expect: { status: 400, body: unsupported('Not supported: tickets for a linked identity.') },
  })

  for (const [title, body, message] of [
    ['nobody', {}, /Missing required property: user_id/u],
    ['an address', { user_id: 'auth0|a', email: 'a@example.com' }, /Additional properties/u],
    ['a text for a number', { user_id: 'auth0|a', ttl_sec: '60' }, /Expected type integer/u],
  ] as const) {
    scenario(`POST refuses ${title}`, {
      scopes,
      post: ['/api/v2/tickets/email-verification', body],
      expect: { status: 400, body: badBody(message) },
    })
  }

  scenario('POST refuses a token without the scope', {
    scopes: ['update:users', 'read:users'],
    given,
    post: ({ user }) => ['/api/v2/tickets/email-verification', { user_id: user }],
    expect: { status: 403, body: insufficient('create:user_tickets') },
  })
})
