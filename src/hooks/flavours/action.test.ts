import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { jwtVerify, SignJWT } from 'jose'
import type { Json, JsonObject } from '#core/json.ts'
import type { Handle, RunResult } from '../sandbox/run-result.ts'
import { createRunner, type Runner } from '../sandbox/runner.ts'
import { decodeIntents } from './intents.ts'

let runner: Runner
let folder: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolecall-actions-'))
  runner = createRunner({ folder, ownOrigins: () => [] })
})
after(async () => {
  await runner?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** One process for all: what is tried comes with the event. */
const code = `for (const name of ['onExecutePostLogin', 'onContinuePostLogin'])
  exports[name] = (event, api) => new (async () => {}).constructor('event', 'api', event.body)(event, api)`

const run = (body: string, more: JsonObject = {}, handle?: Handle): Promise<RunResult> => {
  const { event = {}, ...settings } = more
  return runner.call(
    { id: 'tries', code, flavour: 'action', allowedHosts: [], timeoutMs: 20_000, memoryMb: 256 },
    {
      handler: 'onExecutePostLogin',
      trigger: 'post-login',
      ...settings,
      event: { ...(event as JsonObject), body },
    },
    handle,
  )
}

const asked = async (body: string, more?: JsonObject, handle?: Handle) => {
  const result = await run(body, more, handle)
  assert.ok(result.ok, JSON.stringify(result))
  const intents = decodeIntents(result.output)
  assert.equal(intents.length, (result.output.intents as unknown[]).length, 'all intents are of a known form')
  return intents
}

const failed = async (body: string, more?: JsonObject): Promise<string> => {
  const result = await run(body, more)
  assert.ok(!result.ok, JSON.stringify(result))
  return result.failure.message
}

for (const [body, intent] of [
  [`api.access.deny('closed')`, { type: 'access.deny', reason: 'closed' }],
  [
    `api.access.deny('invalid_request', 'closed')`,
    { type: 'access.deny', code: 'invalid_request', reason: 'closed' },
  ],
  [`api.validation.error('code', 'text')`, { type: 'validation.error', code: 'code', message: 'text' }],
  [`api.accessToken.setCustomClaim('a', [1])`, { type: 'accessToken.setCustomClaim', name: 'a', value: [1] }],
  [`api.accessToken.setCustomClaim('a', null)`, { type: 'accessToken.setCustomClaim', name: 'a' }],
  [`api.idToken.setCustomClaim('a', undefined)`, { type: 'idToken.setCustomClaim', name: 'a' }],
  [`api.accessToken.addScope('read:x')`, { type: 'accessToken.addScope', scope: 'read:x' }],
  [`api.accessToken.removeScope('read:x')`, { type: 'accessToken.removeScope', scope: 'read:x' }],
  [`api.user.setAppMetadata('a', { b: 1 })`, { type: 'user.setAppMetadata', name: 'a', value: { b: 1 } }],
  [`api.user.setUserMetadata('a', null)`, { type: 'user.setUserMetadata', name: 'a', value: null }],
  [`api.authentication.recordMethod('https://x')`, { type: 'authentication.recordMethod', url: 'https://x' }],
  [
    `api.authentication.setPrimaryUser('auth0|1')`,
    { type: 'authentication.setPrimaryUser', userId: 'auth0|1' },
  ],
  [`api.session.setMetadata('a', 'b')`, { type: 'session.setMetadata', name: 'a', value: 'b' }],
  [`api.session.revoke()`, { type: 'session.revoke' }],
  [`api.refreshToken.setExpiresAt(1000)`, { type: 'refreshToken.setExpiresAt', at: 1000 }],
  [`api.transaction.setMetadata('a', 1)`, { type: 'transaction.setMetadata', name: 'a', value: 1 }],
  [`api.user.assignRole('rol_1')`, { type: 'user.assignRole', role: 'rol_1' }],
] as const) {
  test(`${body} is asked for`, async () => assert.deepEqual(await asked(body), [intent]))
}

test('calls can be chained, and what they ask for keeps its order', async () => {
  const intents = await asked(
    `api.user.setAppMetadata('a', 1).idToken.setCustomClaim('b', 2); api.access.deny('no'); api.samlResponse.setAudience('x')`,
  )
  assert.deepEqual(
    intents.map(({ type }) => type),
    ['user.setAppMetadata', 'idToken.setCustomClaim', 'access.deny'],
  )
})

test('at registration the second text of a denial is for people', async () => {
  assert.deepEqual(await asked(`api.access.deny('closed', 'Sorry')`, { trigger: 'pre-user-registration' }), [
    { type: 'access.deny', reason: 'closed', userMessage: 'Sorry' },
  ])
})

for (const call of [
  'api.multifactor.enable("any")',
  'api.authentication.challengeWith({ type: "otp" })',
  'api.authentication.enrollWithAny([])',
  'api.prompt.render("x")',
  'api.groups.list()',
  'api.user.setEverything()',
]) {
  test(`${call} fails by its name, even where it is caught`, async () => {
    const name = call.replace(/\(.*/u, '')
    assert.equal(await failed(`try { ${call} } catch {}`), `${name} is not supported by this server`)
  })
}

test('a trigger offers what it has', async () => {
  assert.match(
    await failed(`api.access.deny('x')`, { trigger: 'post-change-password' }),
    /api\.access\.deny is not supported/,
  )
  assert.deepEqual(await asked(`api.transaction.clearTargetScopes()`, { trigger: 'credentials-exchange' }), [
    { type: 'transaction.setTargetScopes', scopes: [] },
  ])
})

test('the event can’t be changed, and an attempt does not go unnoticed in strict code', async () => {
  assert.match(
    await failed(`'use strict'; event.user.name = 'x'`, { event: { user: { name: 'Ada' } } }),
    /read only/,
  )
})

test('the cache finds what earlier runs left, and says what it will not keep', async () => {
  const cache = {
    token: { value: 'kept', expires_at: Date.now() + 60_000 },
    old: { value: 'late', expires_at: 1 },
  }
  const result = await run(
    `console.log(api.cache.get('token').value, api.cache.get('old'), api.cache.get('none'))
     console.log(api.cache.set('a', 'b', { ttl: 1000 }).type, api.cache.get('a').value)
     console.log(api.cache.set('a', 1).code, api.cache.set('k'.repeat(65), 'x').code, api.cache.set('k', 'x'.repeat(5000)).code)
     console.log(api.cache.delete('token').type, api.cache.get('token'))`,
    { cache },
  )
  assert.ok(result.ok)
  assert.deepEqual(
    result.log.map(({ text }) => text),
    [
      'kept undefined undefined',
      'success b',
      'ItemMustBeString KeySizeExceeded CacheItemSizeExceeded',
      'success undefined',
    ],
  )
  const intents = decodeIntents(result.output)
  assert.deepEqual(
    intents.map(({ type }) => type),
    ['cache.set', 'cache.delete'],
  )
})

test('a login that can be interrupted sends the user away with a token that others can check', async () => {
  const redirect = { isPossible: true, issuer: 'https://localhost:3443/' }
  const body = `if (api.redirect.canRedirect()) {
    const session_token = api.redirect.encodeToken({ secret: event.secrets.KEY, payload: { plan: 'pro' }, expiresInSeconds: 60 })
    api.redirect.sendUserTo('https://shop.example/more?a=1', { query: { session_token } })
  }`
  const event = {
    secrets: { KEY: 'k'.repeat(32) },
    user: { user_id: 'auth0|1' },
    request: { ip: '10.0.0.1' },
  }
  const [intent] = await asked(body, { redirect, event })
  assert.ok(intent?.type === 'redirect.sendUserTo')
  const url = new URL(intent.url)
  assert.equal(url.searchParams.get('a'), '1')
  const { payload } = await jwtVerify(
    url.searchParams.get('session_token')!,
    new TextEncoder().encode('k'.repeat(32)),
    {
      issuer: 'https://localhost:3443/',
      subject: 'auth0|1',
    },
  )
  assert.deepEqual([payload.ip, payload.plan], ['10.0.0.1', 'pro'])
  assert.match(await failed(`api.redirect.sendUserTo('https://x.example')`), /can not be interrupted/)
})

test('a token with which a user comes back is checked', async () => {
  const secret = 'k'.repeat(32)
  const token = (claims: JsonObject, key = secret) =>
    new SignJWT({ state: 's', ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject('auth0|1')
      .setExpirationTime('1m')
      .sign(new TextEncoder().encode(key))
  const returned = (text: string) => ({
    handler: 'onContinuePostLogin',
    event: { secrets: { KEY: secret }, user: { user_id: 'auth0|1' } },
    redirect: {
      isPossible: true,
      issuer: 'i',
      state: 's',
      returned: { query: { session_token: text }, body: {} },
    },
  })
  const body = `api.user.setAppMetadata('answer', api.redirect.validateToken({ secret: event.secrets.KEY }).answer)`
  assert.deepEqual(await asked(body, returned(await token({ answer: 42 }))), [
    { type: 'user.setAppMetadata', name: 'answer', value: 42 },
  ])
  assert.match(await failed(body, returned(await token({}, 'x'.repeat(32)))), /not signed/)
  assert.match(await failed(body, returned(await token({ state: 'other' }))), /another login/)
  assert.match(await failed(body, returned('rubbish')), /not signed/)
})

test('effective roles are asked of the server', async () => {
  const intents = await asked(
    `const { roles } = await api.roles.getUserEffectiveRolesByNames(['editor']); api.user.setAppMetadata('n', roles.length)`,
    {},
    async ({ method, params }) => ({ roles: [{ method, ...params }] }),
  )
  assert.deepEqual(intents, [{ type: 'user.setAppMetadata', name: 'n', value: 1 }])
})

test('a handler that is missing fails by its name', async () => {
  assert.equal(
    await failed('', { handler: 'onExecuteOther' }),
    'The script exports no function onExecuteOther',
  )
})

test('what is no intent is left out', () => {
  const intents: Json[] = [
    null,
    'x',
    { type: 'unknown' },
    { type: 'access.deny' },
    { type: 'access.deny', reason: 1 },
    { type: 'toString' },
  ]
  assert.deepEqual(decodeIntents({ intents }), [])
  assert.deepEqual(decodeIntents({}), [])
  assert.deepEqual(decodeIntents({ intents: [{ type: 'user.assignRole', role: 'r', more: 1 }] }), [
    { type: 'user.assignRole', role: 'r' },
  ])
})
