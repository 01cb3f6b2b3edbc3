import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { engines } from '#test/harness/scenario.ts'
import { startServer, type TestServer } from '#test/harness/server.ts'

/** What is bad wherever it stands is sent to every route of the door, as its document lists them. */

type Schema = {
  type?: string
  properties?: Record<string, Schema>
  items?: Schema
  enum?: readonly string[]
}
type Parameter = { name: string; in: string; schema: Schema }
type Operation = {
  parameters?: Parameter[]
  requestBody?: { content: { 'application/json': { schema: Schema } } }
}
type Route = { method: 'GET' | 'POST'; path: string; operation: Operation }

const operators = [{ $gt: '' }, { $ne: null }, { $where: 'sleep(1000)' }, { $regex: '.*' }] as const

/** Ends the caller's own session, whatever it is sent. */
const ends = (path: string) => /\/logout$|\.logout$/u.test(path)

/** A value that the schema lets through. */
const plausible = ({ type, enum: values, items, properties }: Schema): unknown => {
  if (values) return values[0]
  if (type === 'boolean') return true
  if (type === 'number' || type === 'integer') return 1
  if (type === 'array') return [items ? plausible(items) : 'nobody']
  if (type === 'object' && properties) {
    return Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, plausible(each)]))
  }
  return type === 'object' ? {} : 'nobody'
}

/** Every place of a body that takes text, as a way that puts something else there. */
const places = (schema: Schema, path = ''): [string, (value: unknown) => unknown][] => {
  if (schema.type === 'object' && schema.properties) {
    const properties = Object.entries(schema.properties)
    return properties.flatMap(([name, each]) =>
      places(each, `${path}.${name}`).map(([at, put]): [string, (value: unknown) => unknown] => [
        at,
        (value) => ({ ...(plausible(schema) as object), [name]: put(value) }),
      ]),
    )
  }
  if (schema.type === 'array' && schema.items) {
    return places(schema.items, `${path}[]`).map(([at, put]) => [at, (value) => [put(value)]])
  }
  // A free object, as custom fields are, takes no operator as a value either.
  if (schema.type === 'object') return [[`${path}.any`, (value) => ({ any: value })]]
  return schema.type === 'boolean' || schema.type === 'number' || schema.type === 'integer'
    ? []
    : [[path, (value) => value]]
}

const routesOf = async (server: TestServer): Promise<Route[]> => {
  const { body } = await server.call('GET', '/api/v1/openapi.json')
  const { paths } = body as { paths: Record<string, Record<string, Operation>> }
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase() as Route['method'],
      path: path.replace('{id}', 'API_Default_Count'),
      operation,
    })),
  )
}

for (const engine of engines) {
  describe(`Rocket.Chat: what is bad on every route (${engine})`, () => {
    let server: TestServer
    let routes: Route[]
    let headers: Record<string, string>
    before(async () => {
      server = await startServer({ engine })
      headers = await server.administratorHeaders()
      routes = await routesOf(server)
      await server.events()
    })
    after(() => server?.close())

    const refused = async (what: string, method: string, path: string, body?: unknown, more = {}) => {
      const answer = await server.call(method, path, { headers: { ...headers, ...more }, body })
      const told = `${method} ${path} with ${what} answered ${answer.status}: ${answer.text.slice(0, 200)}`
      assert.ok(answer.status >= 400 && answer.status < 500, told)
      assert.equal(answer.headers['content-type'], 'application/json', told)
      const { status, success } = answer.body as { status?: string; success?: boolean }
      assert.ok(success === false || status === 'error', told)
      assert.deepEqual(await server.events(), [], told)
    }

    test('there are routes to sweep', () => {
      assert.ok(routes.length > 80, `${routes.length} routes`)
    })

    test('an operator in a place for text is refused, and nothing is stored', async () => {
      let tried = 0
      for (const { method, path, operation } of routes) {
        const schema = operation.requestBody?.content['application/json'].schema
        if (!schema) continue
        for (const [at, put] of places(schema)) {
          const operator = operators[tried % operators.length]
          await refused(`${JSON.stringify(operator)} at ${at}`, method, path, put(operator))
          tried += 1
        }
      }
      assert.ok(tried > 150, `${tried} places`)
    })

    test('an operator in brackets is no parameter of any route', async () => {
      for (const { method, path, operation } of routes.filter((route) => route.method === 'GET')) {
        if (ends(path)) continue
        const names = (operation.parameters ?? []).filter((each) => each.in === 'query')
        for (const name of [...names.map((each) => each.name), 'other']) {
          await refused(`${name}[$ne]`, method, `${path}?${encodeURIComponent(`${name}[$ne]`)}=x`)
        }
      }
    })

    test('keys of prototypes are refused in bodies, forms and queries', async () => {
      const form = { 'content-type': 'application/x-www-form-urlencoded' }
      for (const { method, path } of routes) {
        if (method === 'GET') {
          if (!ends(path)) await refused('__proto__', method, `${path}?__proto__=x`)
          continue
        }
        await refused('__proto__', method, path, '{"__proto__":{"isAdmin":true}}')
        await refused('constructor', method, path, '{"constructor":{"prototype":{"isAdmin":true}}}')
        await refused('a form', method, path, 'constructor[prototype][isAdmin]=true', form)
      }
      assert.equal(Object.hasOwn(Object.prototype, 'isAdmin'), false)
    })

    test('what is no JSON is refused as a body, a query, fields and a sort', async () => {
      for (const { method, path, operation } of routes) {
        if (method === 'POST') {
          await refused('broken JSON', method, path, '{"a":')
          if (operation.requestBody) await refused('a list', method, path, '[]')
          continue
        }
        if (ends(path)) continue
        for (const text of ['{', '[]', 'null', '1', '"x"', '{"a":}']) {
          for (const name of ['query', 'fields']) {
            await refused(`${name}=${text}`, method, `${path}?${name}=${encodeURIComponent(text)}`)
          }
        }
        const sorts = operation.parameters?.some(({ name }) => name === 'sort')
        for (const text of sorts ? ['{', '[]', '{"name":2}', '{"name":{"$gt":1}}'] : []) {
          await refused(`sort=${text}`, method, `${path}?sort=${encodeURIComponent(text)}`)
        }
      }
    })

    test('a key that is there twice is no text', async () => {
      for (const { method, path, operation } of routes.filter((route) => route.method === 'GET')) {
        for (const { name, schema } of (operation.parameters ?? []).filter((each) => each.in === 'query')) {
          if (schema.type !== 'string' || ends(path)) continue
          await refused(`${name} twice`, method, `${path}?${name}=a&${name}=b`)
        }
      }
    })

    test('a number that is none, or that nothing has so many of, is no fault of ours', async () => {
      let tried = 0
      for (const { method, path, operation } of routes) {
        for (const { name, schema } of operation.parameters ?? []) {
          if (schema.type !== 'integer' && schema.type !== 'number') continue
          for (const text of ['-1', '1.5', '1e300', '99999999999999999999', '9007199254740991', 'NaN']) {
            const { status } = await server.call(method, `${path}?${name}=${text}`, { headers })
            assert.ok(status < 500, `${path} with ${name}=${text} answered ${status}`)
            tried += 1
          }
        }
      }
      assert.ok(tried > 100, `${tried} numbers`)
    })

    // Behind those that look at what was stored: some of these are names that somebody may have.
    test('a name that means something to every object is a name like any other', async () => {
      const answered = async (method: string, path: string, body?: unknown) => {
        const { status, text } = await server.call(method, path, { headers, body })
        const told = `${method} ${path} with ${JSON.stringify(body)} answered ${status}: ${text.slice(0, 200)}`
        assert.ok(status < 500, told)
        assert.ok(!text.includes('native code'), told)
      }
      const names = ['__proto__', 'constructor', 'toString', '$where']
      let tried = 0
      for (const { method, path, operation } of routes) {
        if (ends(path)) continue
        const schema = operation.requestBody?.content['application/json'].schema
        for (const [, put] of schema ? places(schema) : []) {
          await answered(method, path, put(names[tried % names.length]))
          tried += 1
        }
        for (const { name, in: where } of operation.parameters ?? []) {
          const text = names[tried % names.length]
          const asked =
            where === 'query' ? `${path}?${name}=${text}` : path.replace('API_Default_Count', text!)
          await answered(method, asked, method === 'POST' ? { value: text } : undefined)
          tried += 1
        }
      }
      assert.ok(tried > 250, `${tried} places`)
      headers = await server.administratorHeaders()
      await server.events()
    })

    test('nobody gets further than the door without a session where one is needed', async () => {
      const anonymous = /\/(?:login|info|users\.register|users\.forgotPassword|settings\.public)$/u
      for (const { method, path } of routes) {
        if (anonymous.test(path)) continue
        const { status, body } = await server.call(method, path, method === 'POST' ? { body: {} } : {})
        assert.deepEqual(
          [status, body],
          [401, { status: 'error', message: 'You must be logged in to do this.' }],
          path,
        )
      }
    })
  })
}
