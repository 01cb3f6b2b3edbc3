import assert from 'node:assert/strict'
import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { connection, createUser, pathOf, rootId } from './given.ts'

scenarios('/users/{id}/identities', (scenario, server) => {
  const two = async (server: TestServer): Promise<Made> => {
    const [one, other] = [await createUser(server), await createUser(server)]
    return { user: one.user_id, other: other.user_id, subject: other.user_id.slice('auth0|'.length) }
  }
  const path = ({ user }: Made, more = '') => `${pathOf(user!)}/identities${more}`
  const linked = async (server: TestServer): Promise<Made> => {
    const made = await two(server)
    const token = await server.token('every')
    const body = { provider: 'auth0', user_id: made.subject }
    const { status, text } = await server.call('POST', path(made), { token, body })
    assert.equal(status, 201, text)
    return made
  }

  for (const form of ['subject', 'other'] as const) {
    scenario(`POST links a user by his ${form === 'subject' ? 'bare' : 'whole'} id, who is gone then`, {
      scopes: ['update:users'],
      given: two,
      post: (made) => [path(made), { provider: 'auth0', user_id: made[form] }],
      expect: {
        status: 201,
        body: ({ user, subject }: Made) => [
          { provider: 'auth0', user_id: user!.slice('auth0|'.length), connection, isSocial: false },
          { provider: 'auth0', user_id: subject, connection, isSocial: false, profileData: any },
        ],
        events: ['user.deleted', 'user.identity-linked'],
      },
      then: async (_server, { other }) => {
        const token = await server().token('every')
        assert.equal((await server().call('GET', pathOf(other!), { token })).status, 404)
      },
    })
  }

  const wrong: [title: string, body: (made: Made) => object, status: number][] = [
    ['nobody', () => ({ provider: 'auth0', user_id: 'nobody' }), 404],
    ['nobody of another provider', () => ({ provider: 'google-oauth2', user_id: 123 }), 404],
    ['himself', ({ user }) => ({ provider: 'auth0', user_id: user }), 400],
    ['no provider', ({ subject }) => ({ user_id: subject }), 400],
    ['no id', () => ({ provider: 'auth0' }), 400],
    ['an unknown property', ({ subject }) => ({ provider: 'auth0', user_id: subject, primary: 'x' }), 400],
    ['an object for an id', () => ({ provider: 'auth0', user_id: { $ne: null } }), 400],
    ['a token, before there is a sign-in', () => ({ link_with: 'a.b.c' }), 400],
  ]
  for (const [title, body, status] of wrong) {
    scenario(`POST refuses ${title}`, {
      scopes: ['update:users'],
      given: two,
      post: (made) => [path(made), body(made)],
      expect: { status, body: any },
    })
  }

  scenario('POST refuses to swallow an administrator for who may less', {
    scopes: ['update:users'],
    given: async (server) => ({ ...(await two(server)), root: await rootId(server) }),
    post: (made) => [path(made), { provider: 'auth0', user_id: made.root }],
    expect: { status: 403, body: any },
    then: async (_server, _made, { body }) => {
      assert.equal((body as { errorCode: string }).errorCode, 'insufficient_scope')
    },
  })

  scenario('POST refuses a token without update:users', {
    scopes: ['read:users', 'create:users'],
    given: two,
    post: (made) => [path(made), { provider: 'auth0', user_id: made.subject }],
    expect: { status: 403, body: any },
  })

  scenario('DELETE unlinks an identity, and answers what is left', {
    scopes: ['update:users'],
    given: linked,
    delete: (made) => [path(made, `/auth0/${made.subject}`)],
    expect: { status: 200, body: [any], events: ['user.identity-unlinked'] },
  })

  scenario('DELETE refuses the main identity', {
    scopes: ['update:users'],
    given: linked,
    delete: (made) => [path(made, `/auth0/${made.user!.slice('auth0|'.length)}`)],
    expect: { status: 400, body: any },
  })

  scenario('DELETE answers 404 for an identity that is not there', {
    scopes: ['update:users'],
    given: linked,
    delete: (made) => [path(made, '/google-oauth2/a%2Fb')],
    expect: { status: 404, body: any },
  })

  scenario('DELETE refuses a token without update:users', {
    scopes: ['read:users', 'delete:users'],
    given: linked,
    delete: (made) => [path(made, `/auth0/${made.subject}`)],
    expect: { status: 403, body: any },
  })
})
