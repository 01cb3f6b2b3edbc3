import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { secretContext } from '#core/applications/application.ts'
import { addApi, addApplication, addGrant, aliasIssuer, type Door, openDoor, write } from '#test/oidc-door.ts'

const calendar = 'https://calendar.example.com/'
const machine = { client_id: 'machine', client_secret: 'correct secret' }
const asked = { grant_type: 'client_credentials', ...machine, audience: calendar }

const openCalendar = async (t: Parameters<typeof openDoor>[0]): Promise<Door> => {
  const door = await openDoor(t)
  await addApplication(door, { id: 'machine', secret: machine.client_secret })
  await addApi(door, { id: 'calendar' }, ['read:events', 'write:events', 'delete:events'])
  await addGrant(door, {
    applicationId: 'machine',
    apiId: 'calendar',
    permissions: ['read:events', 'write:events'],
  })
  return door
}

const refused = (error: string, error_description: string) => ({ error, error_description })

test('a machine gets a token with all it was granted, asked for in JSON, in a form or by Basic', async (t) => {
  const door = await openCalendar(t)
  const form = new URLSearchParams(asked)
  const withoutClient = { grant_type: 'client_credentials', audience: calendar }
  const basic = `Basic ${Buffer.from('machine:correct%20secret').toString('base64')}`
  const answers = [
    await door.post(asked),
    await door.post(form),
    await door.post(withoutClient, { authorization: basic }),
    await door.post(new URLSearchParams(withoutClient), { authorization: basic }),
    await door.post(asked, { authorization: 'Bearer of-somebody-else' }),
    await door.post({ ...asked, scope: '', organization: null, 'auth0-extra': { nested: true } }),
    await door.post(asked, { 'content-type': 'application/json; charset=utf-8', accept: 'text/html' }),
    await door.post(asked, { origin: 'https://elsewhere.example.com' }),
  ]
  for (const { status, headers, body, text } of answers) {
    assert.equal(status, 200, text)
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.equal(headers.get('pragma'), 'no-cache')
    const { access_token, ...rest } = body
    assert.deepEqual(rest, { scope: 'read:events write:events', expires_in: 86_400, token_type: 'Bearer' })
    const iat = Math.floor(door.clock.now / 1000)
    assert.deepEqual(decodeJwt(access_token), {
      iss: door.issuer,
      sub: 'machine@clients',
      aud: calendar,
      iat,
      exp: iat + 86_400,
      azp: 'machine',
      gty: 'client-credentials',
      scope: 'read:events write:events',
    })
    const { alg, typ, kid } = decodeProtectedHeader(access_token)
    assert.deepEqual([alg, typ], ['RS256', 'JWT'])
    assert.ok(await door.keyRing.verifyKey(kid!))
    assert.equal((await door.verifyToken(access_token)).ok, true)
  }
  assert.deepEqual(door.asked[0], {
    outcome: 'issued',
    applicationId: 'machine',
    audience: calendar,
    grant: 'client_credentials',
  })
})

test('a machine gets fewer scopes when it asks for fewer, in the order it asks', async (t) => {
  const door = await openCalendar(t)
  const one = await door.post({ ...asked, scope: 'write:events' })
  assert.equal(one.body.scope, 'write:events')
  assert.equal(decodeJwt(one.body.access_token).scope, 'write:events')
  const both = await door.post({ ...asked, scope: 'write:events read:events write:events' })
  assert.equal(both.body.scope, 'write:events read:events')
})

test('each refusal has the status and the words that clients know', async (t) => {
  const door = await openCalendar(t)
  await addApplication(door, { id: 'public', tokenEndpointAuthMethod: 'none' })
  await addApplication(door, { id: 'web', secret: 'web secret', grantTypes: ['authorization_code'] })
  await addApplication(door, { id: 'off', secret: 'off secret', isActive: false })
  await addApplication(door, { id: 'everyone', secret: 'everyone secret', isGlobal: true })
  await addApplication(door, { id: 'secretless' })
  await addApplication(door, { id: 'keyed', secret: 'x', tokenEndpointAuthMethod: 'private_key_jwt' })
  await addApi(door, { id: 'mail' }, ['send:mail'])
  await addApi(door, { id: 'legacy', signingAlgorithm: 'HS256' }, ['read:all'])
  await addGrant(door, { applicationId: 'machine', apiId: 'legacy', permissions: ['read:all'] })
  await addGrant(door, {
    applicationId: 'machine',
    apiId: 'mail',
    subjectType: 'user',
    permissions: ['send:mail'],
  })
  const grant = 'client_credentials'
  const no = refused('access_denied', 'Unauthorized')
  const { audience: _, ...withoutAudience } = asked
  const { grant_type: __, ...withoutGrant } = asked
  const rows: [what: string, body: unknown, status: number, answer: object][] = [
    ['a wrong secret', { ...asked, client_secret: 'wrong' }, 401, no],
    ['a longer secret', { ...asked, client_secret: `${machine.client_secret}x` }, 401, no],
    ['an unknown application', { ...asked, client_id: 'nobody' }, 401, no],
    ['no secret', { ...asked, client_secret: undefined }, 401, no],
    ['no client at all', { grant_type: grant, audience: calendar }, 401, no],
    ['an application that is off', { ...asked, client_id: 'off', client_secret: 'off secret' }, 401, no],
    [
      'the global application',
      { ...asked, client_id: 'everyone', client_secret: 'everyone secret' },
      401,
      no,
    ],
    ['an application without a secret', { ...asked, client_id: 'secretless', client_secret: 'x' }, 401, no],
    ['a method we do not know', { ...asked, client_id: 'keyed', client_secret: 'x' }, 401, no],
    ['an assertion', { ...withoutAudience, client_secret: undefined, client_assertion: 'a.b.c' }, 401, no],
    ['a public application that has a secret after all', { ...asked, client_id: 'public' }, 401, no],
    [
      'a public application',
      { grant_type: grant, client_id: 'public', audience: calendar },
      401,
      refused('invalid_client', "Grant type 'client_credentials' needs client authentication."),
    ],
    [
      'a grant the application may not use',
      { ...asked, client_id: 'web', client_secret: 'web secret' },
      403,
      refused('unauthorized_client', "Grant type 'client_credentials' not allowed for the client."),
    ],
    [
      'no grant type',
      withoutGrant,
      403,
      refused('invalid_request', 'Missing required parameter: grant_type'),
    ],
    ['an empty body', {}, 403, refused('invalid_request', 'Missing required parameter: grant_type')],
    [
      'an unknown grant type',
      { ...asked, grant_type: 'toString' },
      403,
      refused('unsupported_grant_type', 'Unsupported grant type: toString'),
    ],
    [
      'an unknown audience',
      { ...asked, audience: 'https://nowhere.example.com/' },
      403,
      refused('access_denied', 'Service not enabled within domain: https://nowhere.example.com/'),
    ],
    [
      'the Management API under a foreign name',
      { ...asked, audience: 'https://evil.example.com/api/v2/' },
      403,
      refused('access_denied', 'Service not enabled within domain: https://evil.example.com/api/v2/'),
    ],
    [
      'the placeholder of the Management API',
      { ...asked, audience: 'urn:rolecall:management' },
      403,
      refused('access_denied', 'Service not enabled within domain: urn:rolecall:management'),
    ],
    [
      'no audience',
      withoutAudience,
      403,
      refused(
        'access_denied',
        'No audience parameter was provided, and no default audience has been configured',
      ),
    ],
    [
      'no grant for the audience but one for people',
      { ...asked, audience: 'https://mail.example.com/' },
      403,
      refused(
        'access_denied',
        'Client is not authorized to access "https://mail.example.com/". You need to create a "client-grant" associated to this API.',
      ),
    ],
    [
      'scopes outside of the grant',
      { ...asked, scope: 'read:events delete:events read:nothing' },
      403,
      refused('access_denied', 'Client has not been granted scopes: delete:events, read:nothing'),
    ],
    [
      'an algorithm we do not sign with',
      { ...asked, audience: 'https://legacy.example.com/' },
      403,
      refused(
        'access_denied',
        'The signing algorithm HS256 of "https://legacy.example.com/" is not available',
      ),
    ],
    [
      'an organization',
      { ...asked, organization: 'org_1' },
      400,
      refused('invalid_request', 'Tokens for an organization are not available with this grant type.'),
    ],
  ]
  for (const [what, body, status, answer] of rows) {
    const sent = await door.post(body)
    assert.deepEqual([sent.status, sent.body], [status, answer], what)
    assert.equal(sent.headers.get('cache-control'), 'no-store', what)
  }
  assert.ok(door.asked.every(({ outcome }) => outcome !== 'issued'))
  assert.equal(door.asked.length, rows.length)
})

test('a wrong secret by Basic is told which scheme was right', async (t) => {
  const door = await openCalendar(t)
  const body = { grant_type: 'client_credentials', audience: calendar }
  const authorization = `Basic ${Buffer.from('machine:wrong').toString('base64')}`
  const { status, headers } = await door.post(body, { authorization })
  assert.equal(status, 401)
  assert.equal(headers.get('www-authenticate'), `Basic realm="${door.issuer}"`)
  const byPost = await door.post({ ...asked, client_secret: 'wrong' })
  assert.equal(byPost.headers.get('www-authenticate'), null)
})

test('what is no request is answered in OAuth words and never with a 500', async (t) => {
  const door = await openCalendar(t)
  const json = { 'content-type': 'application/json' }
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const basic = (text: string) => ({
    ...form,
    authorization: `Basic ${Buffer.from(text).toString('base64')}`,
  })
  const grant = 'grant_type=client_credentials'
  const rows: [body: string, headers: Record<string, string>, status: number][] = [
    ['{', json, 400],
    ['', json, 400],
    ['[]', json, 400],
    ['"text"', json, 400],
    ['null', json, 403],
    ['{"grant_type":5}', json, 400],
    ['{"grant_type":["client_credentials"]}', json, 400],
    ['{"grant_type":{"a":1}}', json, 400],
    ['{"__proto__":{"grant_type":"client_credentials"}}', json, 403],
    [JSON.stringify({ ...asked, client_id: 5 }), json, 400],
    [JSON.stringify({ ...asked, client_secret: true }), json, 400],
    [JSON.stringify({ ...asked, audience: [calendar] }), json, 400],
    [JSON.stringify({ ...asked, scope: ['read:events'] }), json, 400],
    [JSON.stringify({ ...asked, scope: 'read:events  write:events' }), json, 400],
    [JSON.stringify({ ...asked, scope: '"quoted"' }), json, 400],
    [JSON.stringify({ ...asked, audience: 'a\0b' }), json, 400],
    [
      '{"grant_type":"client_credentials","client_id":"a","client_secret":"b","audience":"\\ud800"}',
      json,
      400,
    ],
    [JSON.stringify({ ...asked, audience: '#?&=%/ ü\u{1f600}' }), json, 403],
    [JSON.stringify({ ...asked, client_id: 'ü', client_secret: '\u{1f600}' }), json, 401],
    [JSON.stringify({ ...asked, client_id: '__proto__' }), json, 401],
    [`${grant}&${grant}`, form, 400],
    [`${grant}&client_id=machine&client_id=machine&client_secret=x`, form, 400],
    [`${grant}&audience=a&audience=b`, form, 400],
    ['%E0%A4%A', form, 403],
    [grant, basic('machine'), 400],
    [grant, basic('machine:'), 400],
    [grant, basic('machine:%'), 400],
    [grant, basic('machine:\0'), 400],
    [grant, { ...form, authorization: 'Basic ***' }, 400],
    [`${grant}&client_secret=x`, basic('machine:x'), 400],
    [`${grant}&client_id=other`, basic('machine:x'), 400],
    [grant, { 'content-type': 'text/plain' }, 415],
    [grant, { 'content-type': 'nonsense' }, 415],
    [`{"grant_type":"${'x'.repeat(20_000)}"}`, json, 413],
    [`grant_type=${'x'.repeat(20_000)}`, form, 413],
    [`grant_type=client_credentials&client_id=${'%FF'.repeat(5000)}`, form, 401],
  ]
  for (const [body, headers, status] of rows) {
    const what = `${body.slice(0, 80)} ${JSON.stringify(headers)}`
    const sent = await door.post(body, headers)
    assert.equal(sent.status, status, `${what} ${sent.text.slice(0, 200)}`)
    assert.deepEqual(Object.keys(sent.body), ['error', 'error_description'], what)
    assert.notEqual(sent.body.error, 'server_error', what)
    assert.equal(sent.headers.get('cache-control'), 'no-store', what)
  }
  const empty = await fetch(`${door.origin}/oauth/token`, { method: 'POST' })
  assert.deepEqual(
    [empty.status, await empty.json()],
    [403, refused('invalid_request', 'Missing required parameter: grant_type')],
  )
})

test('what is our fault is told as no more than that', async (t) => {
  const door = await openCalendar(t)
  await write(door, (tx) => tx.applications.update('machine', { sealedSecret: 'v1.damaged' }))
  const { status, body } = await door.post(asked)
  assert.equal(status, 500)
  assert.deepEqual(body, refused('server_error', 'The server failed to answer the request.'))
})

test('every name of this server is an audience of the Management API, and gives all that was granted', async (t) => {
  const door = await openCalendar(t)
  await addGrant(door, {
    applicationId: 'machine',
    apiId: 'management',
    permissions: ['read:roles', 'update:users'],
  })
  for (const issuer of [door.issuer, aliasIssuer]) {
    const audience = `${issuer}api/v2/`
    const { status, body } = await door.post({ ...asked, audience })
    assert.equal(status, 200)
    const claims = decodeJwt(body.access_token)
    assert.deepEqual([claims.iss, claims.aud], [door.issuer, audience])
    assert.equal(claims.scope, 'read:roles update:users')
  }
})

test('each name of this server issues tokens of its own, which are good at the others', async (t) => {
  const door = await openCalendar(t)
  const { host } = new URL(aliasIssuer)
  const [here, there] = await Promise.all([
    door.app.inject({ method: 'POST', url: '/oauth/token', payload: asked }),
    door.app.inject({ method: 'POST', url: '/oauth/token', payload: asked, headers: { host } }),
  ])
  const documents = await door.app.inject({ url: '/.well-known/openid-configuration', headers: { host } })
  assert.equal(documents.json().token_endpoint, `${aliasIssuer}oauth/token`)
  assert.notEqual(decodeJwt(here.json().access_token).iss, aliasIssuer)
  assert.equal(decodeJwt(there.json().access_token).iss, aliasIssuer)
  assert.equal((await door.verifyToken(there.json().access_token)).ok, true)
})

test('the native API is known by the identifier it is stored with', async (t) => {
  const door = await openCalendar(t)
  await addGrant(door, { applicationId: 'machine', apiId: 'rolecall', permissions: ['users:read'] })
  const { body } = await door.post({ ...asked, audience: 'urn:rolecall:api' })
  assert.equal(decodeJwt(body.access_token).aud, 'urn:rolecall:api')
})

test('an audience can be any text', async (t) => {
  const door = await openCalendar(t)
  const identifiers = ['my api', 'ü#?&=%2F+', '../..', `x${'y'.repeat(599)}`]
  for (const [index, identifier] of identifiers.entries()) {
    await addApi(door, { id: `api-${index}`, identifier }, ['read:it'])
    await addGrant(door, { applicationId: 'machine', apiId: `api-${index}`, permissions: ['read:it'] })
    for (const body of [
      { ...asked, audience: identifier },
      new URLSearchParams({ ...asked, audience: identifier }),
    ]) {
      const answer = await door.post(body)
      assert.equal(answer.status, 200, answer.text)
      assert.equal(decodeJwt(answer.body.access_token).aud, identifier)
    }
  }
})

test('the form of a token follows the dialect of its API', async (t) => {
  const door = await openCalendar(t)
  const rows = [
    ['access_token', true, 'JWT', false],
    ['access_token_authz', true, 'JWT', true],
    ['access_token_authz', false, 'JWT', false],
    ['rfc9068_profile', true, 'at+jwt', false],
    ['rfc9068_profile_authz', true, 'at+jwt', true],
    ['rfc9068_profile_authz', undefined, 'at+jwt', false],
  ] as const
  for (const [tokenDialect, enforcesPermissions, typ, hasPermissions] of rows) {
    await write(door, (tx) => tx.apis.update('calendar', { tokenDialect, enforcesPermissions }))
    const { body } = await door.post(asked)
    const claims = decodeJwt(body.access_token)
    const what = `${tokenDialect} ${enforcesPermissions}`
    assert.equal(decodeProtectedHeader(body.access_token).typ, typ, what)
    assert.deepEqual(claims.permissions, hasPermissions ? ['read:events', 'write:events'] : undefined, what)
    assert.equal(claims.sub, 'machine@clients')
    const isRfc9068 = typ === 'at+jwt'
    assert.deepEqual(
      [claims.client_id, claims.azp, claims.gty, typeof claims.jti],
      isRfc9068
        ? ['machine', undefined, undefined, 'string']
        : [undefined, 'machine', 'client-credentials', 'undefined'],
      what,
    )
  }
})

test('a machine without a single permission gets a token without scope', async (t) => {
  const door = await openCalendar(t)
  await write(door, (tx) => tx.clientGrants.update('machine calendar', { permissions: [] }))
  await write(door, (tx) =>
    tx.apis.update('calendar', { tokenDialect: 'access_token_authz', enforcesPermissions: true }),
  )
  const { status, body } = await door.post(asked)
  assert.equal(status, 200)
  const claims = decodeJwt(body.access_token)
  assert.equal('scope' in claims, false)
  assert.deepEqual(claims.permissions, [])
})

test('a token lives as long as its API says', async (t) => {
  const door = await openCalendar(t)
  for (const [tokenLifetimeSeconds, expected] of [
    [60, 60],
    [2_592_000, 2_592_000],
    [0, 1],
  ] as const) {
    await write(door, (tx) => tx.apis.update('calendar', { tokenLifetimeSeconds }))
    const { body } = await door.post(asked)
    const { iat, exp } = decodeJwt(body.access_token)
    assert.deepEqual([body.expires_in, exp! - iat!], [expected, expected])
  }
})

test('what is granted and taken counts in the very next token', async (t) => {
  const door = await openCalendar(t)
  const scope = async () => (await door.post(asked)).body.scope
  const change = (changes: object) => write(door, (tx) => tx.clientGrants.update('machine calendar', changes))
  assert.equal(await scope(), 'read:events write:events')
  await change({ permissions: ['delete:events'] })
  assert.equal(await scope(), 'delete:events')
  await change({ allowsAll: true })
  assert.equal(await scope(), 'read:events write:events delete:events')
  await write(door, (tx) => tx.permissions.add({ apiId: 'calendar', name: 'share:events', description: '' }))
  assert.equal(await scope(), 'read:events write:events delete:events share:events')
  await write(door, async (tx) => void (await tx.clientGrants.remove('machine calendar')))
  assert.equal((await door.post(asked)).status, 403)
  await write(door, (tx) => tx.applications.update('machine', { isActive: false }))
  assert.equal((await door.post(asked)).status, 401)
})

test('a rotated secret is good at once, and the old one no more', async (t) => {
  const door = await openCalendar(t)
  assert.equal((await door.post(asked)).status, 200)
  const sealedSecret = door.services.sealer.seal('next secret', secretContext('machine'))
  await write(door, (tx) => tx.applications.update('machine', { sealedSecret }))
  assert.equal((await door.post(asked)).status, 401)
  assert.equal((await door.post({ ...asked, client_secret: 'next secret' })).status, 200)
})

test('fifty requests at the same time get fifty tokens of their own', async (t) => {
  const door = await openCalendar(t)
  await write(door, (tx) => tx.apis.update('calendar', { tokenDialect: 'rfc9068_profile' }))
  const ids = Array.from({ length: 50 }, (_, index) => `machine-${index}`)
  for (const [index, id] of ids.entries()) {
    await addApplication(door, { id, secret: `secret of ${id}` })
    const permissions = index % 2 ? ['read:events'] : ['write:events']
    await addGrant(door, { applicationId: id, apiId: 'calendar', permissions })
  }
  const own = await Promise.all(
    ids.map((id) => door.post({ ...asked, client_id: id, client_secret: `secret of ${id}` })),
  )
  for (const [index, { body }] of own.entries()) {
    const verified = await door.verifyToken(body.access_token)
    assert.ok(verified.ok)
    assert.equal(verified.claims.sub, `${ids[index]}@clients`)
    assert.equal(verified.claims.scope, index % 2 ? 'read:events' : 'write:events')
  }
  const same = await Promise.all(ids.map(() => door.post(asked)))
  const tokens = new Set([...own, ...same].map(({ body }) => body.access_token))
  assert.equal(tokens.size, 100)
  assert.equal(new Set([...tokens].map((token) => decodeJwt(token).jti)).size, 100)
})

test('an API that chose ES256 gets tokens signed so, and its first one makes the keys', async (t) => {
  const door = await openCalendar(t)
  await write(door, (tx) => tx.apis.update('calendar', { signingAlgorithm: 'ES256' }))
  const algorithms = async () =>
    (await door.get('/.well-known/jwks.json')).body.keys.map(({ alg }: { alg: string }) => alg)
  assert.deepEqual(await algorithms(), ['RS256', 'RS256'])
  const answers = await Promise.all([door.post(asked), door.post(asked)])
  for (const { status, body } of answers) {
    assert.equal(status, 200)
    assert.equal(decodeProtectedHeader(body.access_token).alg, 'ES256')
    assert.equal((await door.verifyToken(body.access_token)).ok, true)
  }
  assert.deepEqual(await algorithms(), ['RS256', 'RS256', 'ES256', 'ES256'])
})
