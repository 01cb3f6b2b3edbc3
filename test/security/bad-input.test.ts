import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { fits, misfitsOf, takesText, unstorable } from './samples.ts'
import {
  changedTables,
  faultOfAnswer,
  isMutating,
  type SweptRoute,
  type SweptServer,
  startSwept,
} from './sweep.ts'

/** Generated from the OpenAPI documents: whatever is wrong with a request, it is refused in its door's words. */
describe('bad input', () => {
  let server: SweptServer
  before(async () => {
    server = await startSwept()
  })
  after(() => server?.close())

  const withBody = () => server.routes.filter(({ body, access }) => body && !('anonymous' in access))

  type Request = { path?: string; body?: unknown; mayBeTaken?: boolean }

  /** Every request must be refused in the door's own shape, and all of them together leave no row. */
  const refused = async (
    routes: readonly SweptRoute[],
    requestsOf: (route: SweptRoute) => readonly Request[],
  ) => {
    const [misshapen, taken, traces]: [string[], string[], string[]] = [[], [], []]
    let count = 0
    for (const route of routes) {
      const before = server.rows()
      const { method } = route
      for (const { path = route.path, body, mayBeTaken = false } of requestsOf(route)) {
        const headers = await server.mayEverything(route.url)
        const answer = await server.call(method, path, { headers, body })
        const text = typeof body === 'string' ? body : JSON.stringify(body)
        const said = `${method} ${path.slice(0, 200)} ${text?.slice(0, 200)}`
        const fault = faultOfAnswer(path, answer)
        if (fault !== undefined) misshapen.push(`${said} → ${fault}`)
        if (answer.status < 400 && !mayBeTaken) taken.push(`${said} → ${answer.status}`)
        count += 1
      }
      const changed = changedTables(before, server.rows())
      if (changed.length > 0) traces.push(`${method} ${route.url}: ${changed}`)
    }
    assert.deepEqual(misshapen, [])
    assert.deepEqual(taken, [])
    assert.deepEqual(traces, [])
    return count
  }

  test('bodies that are no JSON, or not an object', async () => {
    const bodies = [
      '{',
      '{"a":}',
      '[]',
      '7',
      '"text"',
      'nonsense',
      '{"a":1}{',
      `${'['.repeat(5000)}`,
      '\u0000',
    ]
    const count = await refused(withBody(), ({ body: schema }) =>
      bodies.map((body) => ({ body, mayBeTaken: body === '[]' && fits(schema!, []) })),
    )
    assert.ok(count > 500, `${count} requests`)
  })

  test('fields of another type [row 26]', async () => {
    const count = await refused(withBody(), ({ body, sample }) =>
      Object.entries(body?.properties ?? {}).flatMap(([name, schema]) =>
        misfitsOf(schema).map((misfit) => ({ body: { ...(sample as object), [name]: misfit } })),
      ),
    )
    assert.ok(count > 1000, `${count} requests`)
  })

  test('text that can not be stored, in every field that takes text', async () => {
    await refused(withBody(), ({ body, sample }) =>
      Object.entries(body?.properties ?? {})
        .filter(([, schema]) => takesText(schema))
        .flatMap(([name]) => unstorable.map((text) => ({ body: { ...(sample as object), [name]: text } }))),
    )
  })

  test('fields that a closed body does not have, those of our tables among them [row 13]', async () => {
    const columns = [
      'passwordHash',
      'password_hash',
      'number',
      'isBuiltIn',
      'is_admin',
      'sealed_secret',
      '__proto__',
    ]
    await refused(
      withBody().filter(({ body }) => body?.additionalProperties === false),
      ({ sample }) =>
        columns.map((name) => ({
          body: `${JSON.stringify(sample).slice(0, -1)},${JSON.stringify(name)}:"x"}`.replace('{,', '{'),
        })),
    )
  })

  test('bodies over a megabyte', async () => {
    const body = `{"name":"${'x'.repeat(1_048_577)}"}`
    for (const route of withBody()) {
      const answer = await server.call(route.method, route.path, {
        headers: await server.mayEverything(route.url),
        body,
      })
      assert.equal(answer.status, 413, `${route.method} ${route.path}`)
      assert.equal(faultOfAnswer(route.path, answer), undefined, `${route.method} ${route.path}`)
    }
  })

  test('ids with slashes, bars, percent signs, blanks, NUL and Unicode, on real routes [row 10]', async () => {
    const odd = [
      'a%2Fb',
      'a%7Cb',
      '%25',
      '%',
      '%20',
      '%09',
      '%00',
      '%ED%A0%80',
      '%F0%9F%91%A9',
      '..%2F..',
      '__proto__',
      `'%20or%201=1`,
      'x'.repeat(2100),
    ]
    // What a person keeps for himself is made under the name that he chooses: any text is a name.
    const isNamedFreely = ({ url }: SweptRoute) => url === '/api/v2/user/custom/:id'
    const routes = server.routes.filter(
      (route) => isMutating(route) && route.url.includes(':') && !isNamedFreely(route),
    )
    await refused(routes, ({ url, sample }) =>
      odd.map((id) => ({
        path: url.replaceAll(/:\w+/gu, id),
        body: sample,
        // What was never there may be taken away again, and a metadata row of nobody is nobody's.
        mayBeTaken: true,
      })),
    )
  })

  test('bad cursors, limits and orders on every list', async () => {
    const odd = [
      '-1',
      '1e9',
      '0',
      'NaN',
      '%00',
      '%ED%A0%80',
      'W10',
      'WyJ4Il0',
      'Wzk5OTk5OTk5OTk5OTk5OTk5OTk5XQ',
      'x'.repeat(3000),
      '[]',
      'true%00',
      "';--",
      '%F0%9F%91%A9',
    ]
    const lists = server.routes.filter(({ method, query }) => method === 'GET' && query.length > 0)
    const count = await refused(lists, ({ path, query }) =>
      query.flatMap(({ name }) =>
        odd.map((value) => ({ path: `${path}?${name}=${value}`, mayBeTaken: true })),
      ),
    )
    assert.ok(count > 1000, `${count} requests`)
  })
})
