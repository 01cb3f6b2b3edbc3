import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Answer, type CallOptions, type EngineName, startServer, type TestServer } from './server.ts'

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

/** Values for a scenario that only the running server knows: ids of what its preparation made. */
export type Made = Record<string, string>
type Later<T> = T | ((made: Made) => T)

/**
 * One request and everything that must follow from it: status, body and events. A refusal expects no event.
 * Texts in the expected body may be regular expressions; `any` accepts whatever is there.
 */
export type Scenario = {
  /** Management API scopes of the token; `every` for all; absent for no token at all. */
  scopes?: readonly string[]
  headers?: Later<Record<string, string>>
  /** Who calls Rocket.Chat's door: the administrator, or a new person with just these permissions of `chat`. */
  chat?: 'administrator' | readonly string[]
  /** Runs first; what it returns is there for the later parts. */
  given?: (server: TestServer) => Promise<Made>
  expect: {
    status: number
    body?: Later<unknown>
    /** Types of the events that the request leaves, in order. */
    events?: readonly string[]
    headers?: Record<string, string | RegExp>
  }
  /** Looks at what the request left. */
  then?: (server: TestServer, made: Made, answer: Answer) => Promise<void>
} & { [M in Method]?: Later<readonly [path: string, body?: unknown]> }

/** Accepts any value, as long as there is one. */
export const any = Symbol('any value')

const methods: readonly Method[] = ['get', 'post', 'put', 'patch', 'delete']

/** The engines that the suites of doors run on. */
export const engines: readonly EngineName[] = ['sqlite', 'postgres']

/** Declares scenarios for every engine, each against a server that the whole group shares. */
export const scenarios = (
  title: string,
  declare: (scenario: (title: string, parts: Scenario) => void, server: () => TestServer) => void,
  { env }: { env?: Record<string, string> } = {},
): void => {
  for (const engine of engines) {
    describe(`${title} (${engine})`, () => {
      let server: TestServer
      before(async () => {
        server = await startServer({ engine, ...(env && { env }) })
      })
      after(() => server?.close())
      declare(
        (name, parts) => test(name, () => play(server, parts)),
        () => server,
      )
    })
  }
}

const play = async (server: TestServer, scenario: Scenario): Promise<void> => {
  const made = (await scenario.given?.(server)) ?? {}
  const resolve = <T>(value: Later<T>): T =>
    typeof value === 'function' ? (value as (made: Made) => T)(made) : value
  const method = methods.find((each) => scenario[each] !== undefined)
  if (!method) throw new Error('A scenario needs a request')
  const [path, body] = resolve(scenario[method]!)
  const options: CallOptions = {
    body,
    headers: { ...(await chatHeaders(server, scenario)), ...resolve(scenario.headers ?? {}) },
  }
  if (scenario.scopes) options.token = await server.token(...scenario.scopes)
  await server.events()

  const answer = await server.call(method.toUpperCase(), path, options)

  const { status, headers = {}, events = [] } = scenario.expect
  assert.equal(answer.status, status, `status ${answer.status}: ${answer.text.slice(0, 500)}`)
  if ('body' in scenario.expect) expectLike(answer.body, resolve(scenario.expect.body), '$')
  for (const [name, value] of Object.entries(headers)) expectLike(answer.headers[name], value, name)
  const happened = (await server.events()).map((event) => event.type)
  assert.deepEqual(happened, events, 'events')
  await scenario.then?.(server, made, answer)
}

const chatHeaders = async (server: TestServer, { chat }: Scenario): Promise<Record<string, string>> => {
  if (chat === undefined) return {}
  return chat === 'administrator' ? server.administratorHeaders() : (await server.chatter(...chat)).headers
}

/** Compares exactly, except where the expected value is a pattern or `any`. */
export const expectLike = (actual: unknown, expected: unknown, path: string): void => {
  if (expected === any) assert.notEqual(actual, undefined, `${path} is missing`)
  else if (expected instanceof RegExp) assert.match(String(actual), expected, path)
  else if (typeof expected !== 'object' || expected === null) assert.deepEqual(actual, expected, path)
  else {
    assert.ok(typeof actual === 'object' && actual !== null, `${path} is ${JSON.stringify(actual)}`)
    assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort(), `keys of ${path}`)
    for (const [key, value] of Object.entries(expected)) {
      expectLike(actual[key as keyof typeof actual], value, `${path}.${key}`)
    }
  }
}
