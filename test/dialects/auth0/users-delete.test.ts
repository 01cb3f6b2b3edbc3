import assert from 'node:assert/strict'
import { any, scenarios } from '#test/harness/scenario.ts'
import { badRequest, insufficient } from './answers.ts'
import { assign, createRole, createUser, pathOf, rootId } from './given.ts'

scenarios('DELETE /users/{id}', (scenario) => {
  scenario('deletes a user with his roles', {
    scopes: ['delete:users'],
    given: async (server) => {
      const [{ user_id: id }, role] = [await createUser(server), await createRole(server)]
      await assign(server, id, role.id)
      return { id }
    },
    delete: ({ id }) => [pathOf(id!)],
    expect: { status: 204, body: '', events: ['role.removed', 'user.deleted'] },
    then: async (server, { id }) => {
      const answer = await server.call('GET', pathOf(id!), { token: await server.token('every') })
      assert.equal(answer.status, 404)
    },
  })

  scenario('takes a user who is not there for deleted', {
    scopes: ['delete:users'],
    delete: [pathOf('auth0|nobody')],
    expect: { status: 204, body: '' },
  })

  scenario('accepts the content type that older clients send without a body', {
    scopes: ['delete:users'],
    headers: { 'content-type': 'application/json' },
    delete: [pathOf('auth0|nobody')],
    expect: { status: 204, body: '' },
  })

  scenario('refuses what is no user id', {
    scopes: ['delete:users'],
    delete: ['/api/v2/users/nobody'],
    expect: { status: 400, body: badRequest(/format user-id: nobody/u, 'invalid_uri') },
  })

  scenario('refuses to delete the last administrator', {
    scopes: ['every'],
    given: async (server) => ({ id: await rootId(server) }),
    delete: ({ id }) => [pathOf(id!)],
    expect: { status: 403, body: any },
  })

  scenario('refuses a token without delete:users', {
    scopes: ['update:users'],
    delete: [pathOf('auth0|nobody')],
    expect: { status: 403, body: insufficient('delete:users', 'delete:current_user') },
  })
})
