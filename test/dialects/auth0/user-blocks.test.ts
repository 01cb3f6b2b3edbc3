import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { noUser } from './answers.ts'
import { createUser } from './given.ts'

const given = async (server: TestServer): Promise<Made> => ({ user: (await createUser(server)).user_id })

scenarios('/user-blocks', (scenario) => {
  scenario('GET by id is empty', {
    scopes: ['read:users'],
    given,
    get: ({ user }) => [`/api/v2/user-blocks/${encodeURIComponent(user!)}`],
    expect: { status: 200, body: { blocked_for: [] } },
  })
  scenario('GET by id answers 404 for a user who is not there', {
    scopes: ['read:users'],
    get: ['/api/v2/user-blocks/auth0%7Cnobody'],
    expect: { status: 404, body: noUser },
  })
  scenario('GET by identifier tells nothing of whether somebody has it', {
    scopes: ['read:users'],
    get: ['/api/v2/user-blocks?identifier=nobody%40example.com'],
    expect: { status: 200, body: { blocked_for: [] } },
  })
  scenario('GET needs an identifier', {
    scopes: ['read:users'],
    get: ['/api/v2/user-blocks'],
    expect: { status: 400, body: any },
  })
  scenario('DELETE by id answers 204', {
    scopes: ['update:users'],
    given,
    delete: ({ user }) => [`/api/v2/user-blocks/${encodeURIComponent(user!)}`],
    expect: { status: 204, body: '' },
  })
  scenario('DELETE by identifier answers 204', {
    scopes: ['update:users'],
    delete: ['/api/v2/user-blocks?identifier=x'],
    expect: { status: 204, body: '' },
  })
  scenario('GET refuses a token without read:users', {
    scopes: ['update:users'],
    get: ['/api/v2/user-blocks?identifier=x'],
    expect: { status: 403, body: any },
  })
  scenario('DELETE refuses a token that only reads', {
    scopes: ['read:users'],
    delete: ['/api/v2/user-blocks?identifier=x'],
    expect: { status: 403, body: any },
  })
})
