import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Attempt, allOperations, attemptRoutes } from './access.ts'
import { startServer, type TestServer } from './harness/server.ts'

describe('every route', () => {
  let server: TestServer
  let attempts: Attempt[]
  before(async () => {
    server = await startServer()
    attempts = await attemptRoutes(server)
  })
  after(() => server?.close())

  const names = (wrong: Attempt[]) =>
    wrong.map(({ method, url, ...rest }) => `${method} ${url} ${JSON.stringify(rest)}`)

  test('refuses nobody, unless it says why anybody may', () => {
    // The DreamFactory dialect says 400 to who names neither himself nor an app.
    const refusal = (access: Attempt['access']) => ('serviceAccess' in access ? 400 : 401)
    const open = attempts.filter(
      ({ access, nobody }) => !('anonymous' in access) && nobody !== refusal(access),
    )
    assert.deepEqual(names(open), [])
    assert.ok(attempts.length > 100, 'the routes were found')
  })

  test('refuses a token without the scopes it asks for', () => {
    const open = attempts.filter(({ access, powerless }) => 'tokenScopes' in access && powerless !== 403)
    assert.deepEqual(names(open), [])
  })

  test('refuses a session without a role that opens it', () => {
    const open = attempts.filter(({ access, powerless }) => 'serviceAccess' in access && powerless !== 403)
    assert.deepEqual(names(open), [])
  })

  test('lets in who may, and never fails on an empty request', () => {
    const refuses = (status: number) => status === 401 || status === 403 || status >= 500
    const shut = attempts.filter(({ access, permitted }) => !('anonymous' in access) && refuses(permitted))
    assert.deepEqual(names(shut), [])
  })

  test('never fails, whoever asks', () => {
    assert.deepEqual(names(attempts.filter((each) => each.nobody >= 500 || each.powerless >= 500)), [])
  })
})

test('operations have names of their own', async () => {
  const names = (await allOperations()).map(({ name }) => name)
  assert.deepEqual(names, [...new Set(names)])
})
