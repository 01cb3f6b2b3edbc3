import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startServer } from '#test/harness/server.ts'

test('the API reference is read without a network: page, script and documents are ours', async (t) => {
  const { call, close } = await startServer()
  t.after(close)
  const bare = await call('GET', '/docs')
  assert.deepEqual([bare.status, bare.headers.location], [301, '/docs/'])
  const page = await call('GET', '/docs/')
  assert.match(page.headers['content-type'] ?? '', /^text\/html/u)
  const scripts = [...page.text.matchAll(/<script[^>]*\ssrc="([^"]+)"/gu)].map(([, source]) => source)
  assert.deepEqual(scripts, ['js/scalar.js'])
  const script = await call('GET', '/docs/js/scalar.js')
  assert.equal(script.status, 200)
  assert.match(script.headers['content-type'] ?? '', /javascript/u)
  const documents = [...page.text.matchAll(/"url":\s*"([^"]+)"/gu)].map(([, url]) => url!)
  assert.equal(documents.length, 4)
  for (const url of documents) {
    const { status, body } = await call('GET', url)
    assert.equal(status, 200, url)
    assert.match((body as { openapi: string }).openapi, /^3\./u)
  }
})
