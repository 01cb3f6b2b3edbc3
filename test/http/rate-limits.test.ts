import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startServer, type TestServer } from '#test/harness/server.ts'

describe('rate limits', () => {
  let server: TestServer
  before(async () => {
    server = await startServer({ env: { ROLECALL_RATE_LIMITS: 'on' } })
  })
  after(() => server?.close())

  const headersOf = (headers: Record<string, string>) =>
    [headers['x-ratelimit-limit'], headers['x-ratelimit-remaining'], headers['x-ratelimit-reset']].map(Number)

  test('every answer of the Management API tells what is left, and when more is there, in seconds', async () => {
    const token = await server.token('read:roles')
    const first = await server.call('GET', '/api/v2/roles', { token })
    const second = await server.call('GET', '/api/v2/roles', { token })
    const refused = await server.call('GET', '/api/v2/users', { token })
    const unknown = await server.call('GET', '/api/v2/roles')
    const [limit, remaining, reset] = headersOf(first.headers)
    assert.ok(limit! > 100 && remaining! < limit!)
    assert.ok(Math.abs(reset! - Date.now() / 1000) < 60, 'the reset is near, in seconds since 1970')
    assert.equal(headersOf(second.headers)[1], remaining! - 1)
    assert.equal(refused.status, 403)
    for (const { headers } of [refused, unknown]) assert.ok(headersOf(headers).every((value) => value >= 0))
  })

  test('who asks for too many tokens is refused in OAuth’s shape and told when to come back', async () => {
    const ask = () => server.call('POST', '/oauth/token', { body: {} })
    let answer = await ask()
    const [limit] = headersOf(answer.headers)
    for (let sent = 1; answer.status !== 429 && sent <= limit! + 1; sent += 50) {
      const answers = await Promise.all(Array.from({ length: 50 }, ask))
      answer = answers.find(({ status }) => status === 429) ?? answers[0]!
    }
    assert.equal(answer.status, 429)
    assert.deepEqual(answer.body, {
      error: 'too_many_requests',
      error_description: 'Rate limit exceeded. Please retry after some time.',
    })
    assert.ok(Number(answer.headers['retry-after']) >= 1)
  })
})
