import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Json, JsonObject } from '#core/json.ts'
import type { RunResult } from '../sandbox/run-result.ts'
import { createRunner, type Runner } from '../sandbox/runner.ts'

let runner: Runner
let folder: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolecall-scripts-'))
  runner = createRunner({ folder, ownOrigins: () => [] })
})
after(async () => {
  await runner?.stop()
  await rm(folder, { recursive: true, force: true })
})

const registered: JsonObject = {
  name: 'user.register.post.post_process',
  request: { method: 'POST', parameters: {}, payload: { email: 'ada@example.com', role: 'editor' } },
  response: {
    status_code: 200,
    content: { success: true },
    content_type: 'application/json',
    format: 201,
    headers: {},
  },
}

/** What a script answers, and the calls that it made. */
const run = async (
  code: string,
  {
    event = registered,
    answers = {},
    ...more
  }: { event?: JsonObject; answers?: Record<string, Json>; session?: JsonObject } = {},
): Promise<{ result: RunResult; calls: JsonObject[]; printed: string[] }> => {
  const calls: JsonObject[] = []
  const result = await runner.call(
    { id: code, code, flavour: 'event-script', allowedHosts: [], timeoutMs: 20_000, memoryMb: 256 },
    { event, ...more },
    async ({ method, params }) => {
      calls.push({ method, ...params })
      const content = answers[`${params.verb} ${params.path}`]
      return content === undefined
        ? {
            status_code: 404,
            content: { error: { code: 404, message: 'Not found' } },
            content_type: 'application/json',
            format: 201,
            headers: {},
          }
        : { status_code: 200, content, content_type: 'application/json', format: 201, headers: {} }
    },
  )
  return { result, calls, printed: result.log.map(({ text }) => text) }
}

const output = ({ result }: { result: RunResult }): JsonObject => {
  assert.ok(result.ok, JSON.stringify(result))
  return result.output
}

test('the well-known recipe finds the new user and gives the role, each call returning its answer', async () => {
  const find = `system/user?fields=id&filter=${encodeURIComponent("email='ada@example.com'")}`
  const ran = await run(
    `if (event.response.success) {
       var found = platform.api.get("system/user?fields=id&filter=" + encodeURIComponent("email='" + event.request.payload.email + "'"));
       var user = found.content.resource[0];
       var given = platform.api.patch("system/user/" + user.id + "?related=user_to_app_to_role_by_user_id",
         {user_to_app_to_role_by_user_id: [{app_id: 2, role_id: 3, user_id: user.id}]});
       print("given: " + given.status_code);
     }`,
    {
      answers: {
        [`GET ${find}`]: { resource: [{ id: 7 }] },
        'PATCH system/user/7?related=user_to_app_to_role_by_user_id': { id: 7 },
      },
    },
  )
  assert.deepEqual(
    ran.calls.map(({ verb, path, payload }) => [verb, path, payload]),
    [
      ['GET', find, undefined],
      [
        'PATCH',
        'system/user/7?related=user_to_app_to_role_by_user_id',
        { user_to_app_to_role_by_user_id: [{ app_id: 2, role_id: 3, user_id: 7 }] },
      ],
    ],
  )
  assert.deepEqual(ran.printed, ['given: 200'])
  assert.equal(output(ran).responseChanged, false)
})

test('both shapes of a response tell of success', async () => {
  const { printed } = await run(
    'print(event.response.success, event.response.content.success, event.response.status_code)',
  )
  assert.deepEqual(printed, ['true true 200'])
})

test('a failed call is an answer and throws nothing', async () => {
  const { printed } = await run(
    `var r = platform.api.delete("system/user/9"); print(r.status_code, r.content.error.message)`,
  )
  assert.deepEqual(printed, ['404 Not found'])
})

test('the callback style gets the body as text, after the script, and its outcome counts', async () => {
  const ran = await run(
    `platform.api.get("system/role", {parameters: {limit: 1}}, function (body, response) {
       console.log(JSON.parse(body).resource.length, response.statusCode)
       event.setResponse({role: "editor"}, 201)
     })
     console.log('first')`,
    { answers: { 'GET system/role': { resource: [1, 2] } } },
  )
  assert.deepEqual(ran.printed, ['first', '2 200'])
  assert.deepEqual(ran.calls[0]!.options, { parameters: { limit: 1 } })
  assert.deepEqual(output(ran).response, {
    content: { role: 'editor' },
    status_code: 201,
    content_type: 'application/json',
  })
})

test('the callback style sends payload and headers', async () => {
  const { calls } = await run(
    `platform.api.post("system/role", {resource: []}, {"X-Test": "1"}, function () {})`,
  )
  assert.deepEqual(calls[0], {
    method: 'api',
    verb: 'POST',
    path: 'system/role',
    payload: { resource: [] },
    options: { headers: { 'X-Test': '1' } },
  })
})

test('a changed event comes back, whatever flags the script sets', async () => {
  const ran = await run(
    `event.request.payload.role = 'author'; event.request.payload_changed = true; event.response.content.more = 1; event.response.content_changed = true`,
  )
  const { request, response, requestChanged, responseChanged } = output(ran)
  assert.equal((request as { payload: JsonObject }).payload.role, 'author')
  assert.deepEqual((response as JsonObject).content, { success: true, more: 1 })
  assert.deepEqual([requestChanged, responseChanged], [true, true])
})

for (const [what, code, returned] of [
  ['a value is the content', `return {id: 5}`, { content: { id: 5 }, status_code: 200 }],
  [
    'a response is the response',
    `return {content: 'no', status_code: 400}`,
    { content: 'no', status_code: 400 },
  ],
  [
    'an event is its response',
    `event.response = {content: 1, status_code: 202}; return event`,
    { content: 1, status_code: 202 },
  ],
  ['nothing is nothing', `return`, undefined],
  ['an empty object is nothing', `return {}`, undefined],
] as const) {
  test(`of what a script returns, ${what}`, async () => {
    assert.deepEqual(output(await run(code)).returned, returned)
  })
}

test('before the handler a script can answer itself', async () => {
  const ran = await run(`event.response = {status_code: 403, content: {error: 'closed'}}`, {
    event: { name: 'user.register.post.pre_process', request: {} },
  })
  assert.deepEqual(output(ran).response, { status_code: 403, content: { error: 'closed' } })
})

for (const [what, code, expected] of [
  ['a text', `throw 'closed'`, ['closed', undefined, undefined]],
  ['an error', `throw new Error('closed')`, ['closed', undefined, undefined]],
  ['an object with a status', `throw {message: 'closed', code: 17, status_code: 403}`, ['closed', 403, 17]],
  [
    'an error with a status',
    `throw Object.assign(new Error('closed'), {status_code: 409})`,
    ['closed', 409, undefined],
  ],
  ['a returned error', `return {error: 'closed'}`, ['closed', undefined, undefined]],
  [
    'an error in a callback',
    `platform.api.get('x', function () { throw {message: 'closed', status_code: 422} })`,
    ['closed', 422, undefined],
  ],
] as const) {
  test(`${what} refuses`, async () => {
    const { result } = await run(code)
    assert.ok(!result.ok)
    const { kind, message, status, code: own } = result.failure
    assert.deepEqual([kind, message, status, own], ['throw', ...expected])
  })
}

test('var_dump, print and console are all kept, the whole event included', async () => {
  const { printed } = await run(`var_dump(event); print('a', 1); console.log({b: 2}); var_dump('text')`)
  assert.match(printed[0]!, /email: 'ada@example.com'/)
  assert.match(printed[0]!, /success: true/)
  assert.deepEqual(printed.slice(1), ['a 1', '{ b: 2 }', 'text'])
})

test('a line that looks like an answer is a line', async () => {
  const ran = await run(
    `console.log(JSON.stringify({request: {payload: 'forged'}})); console.log('{"output":{}}')`,
  )
  assert.equal(ran.printed.length, 2)
  assert.deepEqual((output(ran).request as JsonObject).payload, { email: 'ada@example.com', role: 'editor' })
})

test('the session is there as it was given, and the store remembers within a run', async () => {
  const ran = await run(
    `platform.store.set('k', {n: 1}); print(platform.session.user.email, platform.store.get('k').n, platform.store.get('other', 'none'))`,
    {
      session: { user: { email: 'root@example.com' } },
    },
  )
  assert.deepEqual(ran.printed, ['root@example.com 1 none'])
  assert.deepEqual(ran.calls, [{ method: 'store.set', key: 'k', value: { n: 1 } }])
})

test('runs of one script don’t wait for each other', async () => {
  const ran = await Promise.all(
    [1, 2, 3].map(() => run(`print(platform.api.get('x').status_code)`, { answers: { 'GET x': {} } })),
  )
  for (const { printed } of ran) assert.deepEqual(printed, ['200'])
})

test('a call to another server reaches what is allowed only', async () => {
  const { printed } = await run(
    `var r = platform.api.get('https://example.com/x'); print(r.status_code, r.content.error.message)`,
  )
  assert.match(printed[0]!, /^502 .*(?:net access|fetch failed)/)
})
