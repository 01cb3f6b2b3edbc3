import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startServer, type TestServer } from '#test/harness/server.ts'
import { buildDashboard } from '../../dashboard/build.ts'

describe('the page of the dashboard', () => {
  let server: TestServer
  before(async () => {
    server = await startServer({ dashboardDirectory: await buildDashboard() })
  })
  after(() => server?.close())

  test('is served with a strict policy, its assets for good', async () => {
    const page = await server.call('GET', '/users', { headers: { accept: 'text/html' } })
    assert.equal(page.status, 200)
    const policy = page.headers['content-security-policy']!
    assert.match(policy, /default-src 'none'; script-src 'self';/u)
    assert.doesNotMatch(policy, /unsafe|\*/u)
    assert.equal(page.headers['cache-control'], 'no-store')
    const [, asset] = /src="(\/assets\/[^"]+\.js)"/u.exec(page.text)!
    const script = await server.call('GET', asset!, { headers: { 'accept-encoding': 'br' } })
    assert.equal(script.headers['cache-control'], 'public, max-age=31536000, immutable')
    assert.equal(script.headers['content-encoding'], 'br')
  })

  test('stands nowhere that belongs to a door, and is no answer to a program', async () => {
    const missing = await server.call('GET', '/api/v2/nothing', { headers: { accept: 'text/html' } })
    assert.equal(missing.status, 404)
    assert.equal((await server.call('GET', '/nothing')).status, 404)
  })
})
