import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { operator, startServer, type TestServer } from '#test/harness/server.ts'

describe('rate limits', () => {
  let server: TestServer
  before(async () => {
    server = await startServer({ env: { ROLECALL_RATE_LIMITS: 'on' } })
  })
  after(() => server?.close())

  const disguises: Record<string, string>[] = [
    {},
    { 'x-forwarded-for': '10.0.0.1' },
    { forwarded: 'for=10.0.0.2' },
    { 'x-real-ip': '10.0.0.3' },
    { 'cf-connecting-ip': '10.0.0.4' },
    { 'true-client-ip': '10.0.0.5' },
    { 'auth0-forwarded-for': '10.0.0.6' },
    { 'user-agent': 'somebody else', cookie: 'session=other' },
    { 'auth0-client': 'e30=' },
  ]

  const ask = async (path: string, body: object | undefined, headers: Record<string, string>) => {
    const answer = await server.call(body ? 'POST' : 'GET', path, { body, headers })
    return { ...answer, left: Number(answer.headers['x-ratelimit-remaining']) }
  }

  test('whatever a caller writes into his request, it counts against the same address [row 20]', async () => {
    const bodies = disguises.map((_, at) => ({
      grant_type: 'client_credentials',
      client_id: `client-${at}`,
      client_secret: 'x',
      audience: `https://api-${at}.example.com/`,
      email: `${at}@example.com`,
      ip: `10.0.1.${at}`,
    }))
    for (const [path, withBody] of [
      ['/api/v2/users', false],
      ['/oauth/token', true],
    ] as const) {
      const { left: start } = await ask(path, withBody ? bodies[0] : undefined, {})
      assert.ok(start > disguises.length)
      for (const [at, headers] of disguises.entries()) {
        const { left } = await ask(`${path}?ip=10.0.2.${at}`, withBody ? bodies[at] : undefined, headers)
        assert.equal(left, start - at - 1, `${path} ${JSON.stringify(headers)}`)
      }
    }
  })

  test('a hundred wrong secrets at the same time count as a hundred [row 30]', async () => {
    const body = { grant_type: 'client_credentials', client_id: operator.id, client_secret: 'x' }
    const { left: start } = await ask('/oauth/token', body, {})
    const count = Math.min(100, start - 1)
    const answers = await Promise.all(Array.from({ length: count }, () => ask('/oauth/token', body, {})))
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [401])
    assert.equal(Math.min(...answers.map(({ left }) => left)), start - count)
  })

  test('who is over the limit is told so, and how long to wait, before his secret is looked at [row 30]', async () => {
    const body = { grant_type: 'client_credentials', client_id: operator.id, client_secret: operator.secret }
    let answer = await ask('/oauth/token', body, {})
    for (let tries = 0; answer.status !== 429 && tries < 5000; tries += 50) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => ask('/oauth/token', body, {})))
      answer = answers.find(({ status }) => status === 429) ?? answers[0]!
    }
    assert.equal(answer.status, 429)
    assert.ok(Number(answer.headers['retry-after']) > 0)
  })
})
