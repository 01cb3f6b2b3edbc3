import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scenarios } from '#test/harness/scenario.ts'

const oddIds = [
  'nothing',
  '%00',
  'a%2Fb',
  '%25',
  '%',
  '%F0%9F%91%A9%E2%80%8D%F0%9F%9A%80',
  '%20',
  "'%20or%201=1",
  '..%2f..%2fetc',
  '__proto__',
  'constructor',
  'x'.repeat(2500),
  'auth0%7Cabc',
]

const oddBodies = [
  undefined,
  'null',
  '[]',
  '{}',
  '7',
  '"text"',
  '{',
  '{"__proto__":{"isAdmin":true}}',
  '{"constructor":{"prototype":{}}}',
  '{"name":null,"email":{"$ne":null},"userIds":[null],"roleIds":{},"scope":[],"permissions":[[]]}',
  `{"name":"${'x'.repeat(100_000)}"}`,
  '{"name":"\\u0000","identifier":"\\ud800"}',
  '{"name":1e400,"lifetimeSeconds":-1,"tokenLifetimeSeconds":1.5}',
  '['.repeat(10_000),
]

const oddQueries = [
  '',
  '?limit=-1',
  '?limit=1e9',
  '?after=%00',
  '?after=W10',
  '?after=WyJ4Il0',
  '?after=Wzk5OTk5OTk5OTk5OTk5OTk5OTk5XQ',
  '?after=WzEuNV0',
  '?total=maybe',
  '?order=id;drop',
  '?search=%25%5F%5C%27%22',
  '?scope=room:%F0%9F%91%A9',
  '?limit=1&limit=2&total=true&total=false',
  '?__proto__=x',
  '?from=0000-00-00T00:00:00Z',
  '?to=9999-12-31T23:59:60Z',
]

/** Rows 5, 9 and 10 of the security cases: odd ids, bodies and queries are answered, and never by a fault of ours. */
scenarios('whatever is sent to the native API', (_scenario, server) => {
  const routes = () =>
    server().server.app.routes.filter(
      ({ url, method }) =>
        (url.startsWith('/api/rolecall/v1/') || url.startsWith('/access/v1/')) &&
        !url.endsWith('/stream') &&
        !url.endsWith('openapi.json') &&
        // They would take the ground from under the others.
        !url.endsWith('/rotate') &&
        method !== 'HEAD' &&
        method !== 'OPTIONS',
    )

  const answered = async (method: string, path: string, body?: string) => {
    const own = server()
    const options = { token: await own.token('every'), ...(body !== undefined && { body }) }
    const { status, text, headers } = await own.call(method, path, options)
    const said = `${method} ${path.slice(0, 200)} ${body?.slice(0, 100)} ${status}: ${text.slice(0, 300)}`
    assert.ok(status < 500, said)
    if (status >= 400) assert.match(headers['content-type'] ?? '', /^application\/problem\+json/u, said)
  }

  test('odd ids in the path', async () => {
    for (const { method, url } of routes()) {
      if (!url.includes(':')) continue
      for (const id of oddIds) await answered(method, url.replaceAll(/:\w+/gu, id))
    }
  })

  test('odd bodies', async () => {
    for (const { method, url } of routes()) {
      if (method === 'GET') continue
      for (const body of oddBodies) await answered(method, url.replaceAll(/:\w+/gu, 'nothing'), body)
    }
  })

  test('odd queries', async () => {
    for (const { method, url } of routes()) {
      if (method !== 'GET') continue
      for (const query of oddQueries) await answered(method, `${url.replaceAll(/:\w+/gu, 'nothing')}${query}`)
    }
  })
})
