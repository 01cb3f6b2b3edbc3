import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { generateSync } from 'otplib'
import { systemActor } from '#core/actor.ts'
import { defaultConnectionName as connectionName } from '#core/connections/connection.ts'
import { assignRoles } from '#core/roles/assign.ts'
import { createRole } from '#core/roles/create.ts'
import { confirmTotp, enrolTotp } from '#core/second-factors/totp.ts'
import { createUser } from '#core/users/create.ts'
import { startServer, type TestServer } from './setting.ts'
import { addApplication, authorizePath, claims, pkce, textOf, visitor } from './visitor.ts'

const password = 'A password of some length, 1'
const system = systemActor('system')
const realmGrant = 'http://auth0.com/oauth/grant-type/password-realm'
const otpGrant = 'http://auth0.com/oauth/grant-type/mfa-otp'
const recoveryGrant = 'http://auth0.com/oauth/grant-type/mfa-recovery-code'

describe('second factors on the way in', () => {
  let server: TestServer
  before(async () => {
    server = await startServer()
    await addApplication(server, { id: 'spa', kind: 'spa' })
  })
  after(() => server?.close())

  const { challenge } = pkce()
  const path = authorizePath({
    client_id: 'spa',
    scope: 'openid',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  })
  const codeAt = (secret: string) => generateSync({ secret, epoch: Math.floor(server.clock.now / 1000) })

  test('a role that asks for one: it is set up, its codes are good once, and a recovery code helps out', async () => {
    const { run } = server.server.workspace
    const { id: roleId } = await run(createRole, { name: 'careful', requiresSecondFactor: true }, system)
    const email = 'anna@example.com'
    const { id } = await run(createUser, { email, password }, system)
    await run(assignRoles, { userIds: [id], roleIds: [roleId] }, system)
    const browser = visitor(server)
    const { page } = await browser.go(path)
    const enrol = await browser.submit(page!, { login: email, password })
    assert.match(textOf(enrol.page), /Set up a second factor/)
    assert.match(enrol.page!.headers['content-security-policy']!, /img-src 'self' data:/)
    const secretOf = (text: string) => /<code>([A-Z2-7 ]+)<\/code>/u.exec(text)![1]!.replaceAll(' ', '')
    const wrong = await browser.submit(enrol.page!, { code: '000000' })
    assert.equal(wrong.page?.status, 400)
    const secret = secretOf(wrong.page!.text)
    const kept = await browser.submit(wrong.page!, { code: codeAt(secret) })
    assert.match(textOf(kept.page), /Keep these codes/)
    const codes = [...kept.page!.text.matchAll(/<li><code>([^<]+)<\/code>/gu)].map(([, code]) => code!)
    assert.ok(codes.length >= 5)
    const [, next] = /class="button" href="([^"]+)"/u.exec(kept.page!.text)!
    const asks = await browser.go(next!)
    assert.equal(
      (await browser.submit(asks.page!, { code: codeAt(secret) })).page?.status,
      400,
      'used already',
    )
    server.clock.now += 60_000
    const { away, page: failed } = await browser.submit(asks.page!, { code: codeAt(secret) })
    assert.equal(textOf(failed), '')
    assert.ok(away?.searchParams.get('code'))

    const other = visitor(server)
    const asked = await other.submit((await other.go(path)).page!, { login: email, password })
    assert.match(textOf(asked.page), /Prove it is you/)
    const [recovery] = /\/u\/mfa\?state=[^"]+with=recovery/u.exec(asked.page!.text)!
    const form = await other.go(recovery.replaceAll('&amp;', '&'))
    const helped = await other.submit(form.page!, { code: codes[0]! })
    assert.ok(helped.away?.searchParams.get('code'), textOf(helped.page))
  })

  test('nobody comes to the second page past the first', async () => {
    const browser = visitor(server)
    const { page } = await browser.go(path)
    const [, state] = /name="state" value="([^"]+)"/u.exec(page!.text)!
    const [, csrf] = /name="csrf" value="([^"]+)"/u.exec(page!.text)!
    for (const [method, form] of [
      ['GET', undefined],
      ['POST', { state: state!, csrf: csrf!, code: '000000' }],
    ] as const) {
      const { status, headers } = await browser.ask(method, `/u/mfa?state=${state}`, form)
      assert.deepEqual([status, headers.location], [303, `/u/login?state=${state}`])
    }
  })

  test('at the token endpoint the password waits for a code, which is good for what was asked with it', async () => {
    const { run } = server.server.workspace
    const secret = 'The secret of the application'
    const grantTypes = ['password', 'refresh_token', realmGrant, otpGrant, recoveryGrant]
    await addApplication(server, { id: 'direct', kind: 'regular_web', secret, grantTypes })
    await addApplication(server, { id: 'other', kind: 'regular_web', secret, grantTypes })
    const email = 'bert@example.com'
    const { id: userId } = await run(createUser, { email, password, connectionName }, system)
    const app = await run(enrolTotp, { userId }, system)
    const { recoveryCodes } = await run(
      confirmTotp,
      { userId, factorId: app.id, code: codeAt(app.secret) },
      system,
    )
    const client = { client_id: 'direct', client_secret: secret }
    const post = async (body: Record<string, string>, path = '/oauth/token') => {
      const answer = await server.call('POST', path, { body: { ...client, ...body } })
      return { status: answer.status, body: answer.body as Record<string, string> }
    }
    const first = () =>
      post({ grant_type: realmGrant, realm: connectionName, username: email, password, scope: 'openid' })
    const asked = await first()
    const { mfa_token: token = '', ...rest } = asked.body
    assert.equal(asked.status, 403)
    assert.deepEqual(rest, {
      error: 'mfa_required',
      error_description: 'Multifactor authentication required',
    })
    const challenge = { mfa_token: token, challenge_type: 'oob otp' }
    const told = await post(challenge, '/mfa/challenge')
    assert.deepEqual([told.status, told.body], [200, { challenge_type: 'otp' }])
    server.clock.now += 60_000
    const otp = () => codeAt(app.secret)
    const refusals: [Record<string, string>, string, string][] = [
      [{ mfa_token: token, otp: '000000' }, 'invalid_grant', 'Invalid otp_code.'],
      [{ mfa_token: 'made-up', otp: otp() }, 'invalid_grant', 'Malformed mfa_token'],
      [{ mfa_token: token }, 'invalid_request', 'Missing required parameter: otp'],
      [{ otp: otp() }, 'invalid_request', 'Missing required parameter: mfa_token'],
      [{ mfa_token: token, otp: otp(), client_id: 'other' }, 'invalid_grant', 'Malformed mfa_token'],
    ]
    for (const [body, error, error_description] of refusals) {
      const refused = await post({ grant_type: otpGrant, ...body })
      assert.deepEqual([refused.status, refused.body], [403, { error, error_description }])
    }
    for (const [body, error] of [
      [{ challenge_type: 'oob', mfa_token: token }, 'unsupported_challenge_type'],
      [{ mfa_token: 'made-up' }, 'invalid_grant'],
      [{}, 'invalid_request'],
    ] as const) {
      const refused = await post(body, '/mfa/challenge')
      assert.deepEqual([refused.status, refused.body.error], [403, error])
    }

    const right = { grant_type: otpGrant, mfa_token: token, otp: otp(), scope: 'openid email offline_access' }
    const { status, body } = await post(right)
    assert.equal(status, 200, JSON.stringify(body))
    assert.equal(claims(body.id_token!).sub, `auth0|${userId}`)
    assert.equal(body.scope, 'openid', 'no more than was asked for with the password')
    assert.equal(body.refresh_token, undefined)
    assert.equal((await post(right)).body.error_description, 'Malformed mfa_token', 'good once')

    const [recovery_code] = recoveryCodes!
    const helpOut = async () => {
      const { body: again } = await first()
      return post({ grant_type: recoveryGrant, mfa_token: again.mfa_token!, recovery_code: recovery_code! })
    }
    assert.equal((await helpOut()).status, 200)
    assert.deepEqual((await helpOut()).body.error, 'invalid_grant')
  })

  test('who has no code to show is asked for one without a token to send it with', async () => {
    const { run } = server.server.workspace
    const secret = 'The secret of the application'
    await addApplication(server, { id: 'strict', secret, grantTypes: [realmGrant, otpGrant] })
    const { id: roleId } = await run(createRole, { name: 'strict', requiresSecondFactor: true }, system)
    const email = 'carl@example.com'
    const { id } = await run(createUser, { email, password, connectionName }, system)
    await run(assignRoles, { userIds: [id], roleIds: [roleId] }, system)
    const { status, body } = await server.call('POST', '/oauth/token', {
      body: {
        grant_type: realmGrant,
        realm: connectionName,
        client_id: 'strict',
        client_secret: secret,
        username: email,
        password,
      },
    })
    assert.equal(status, 403)
    assert.deepEqual(body, {
      error: 'mfa_required',
      error_description: 'Multifactor authentication required',
    })
  })

  test('a token for our own API says when he signed in: a fresh one changes factors', async () => {
    const secret = 'The secret of the application'
    await addApplication(server, { id: 'own', secret, grantTypes: [realmGrant] })
    const email = 'dora@example.com'
    const { id } = await server.server.workspace.run(createUser, { email, password, connectionName }, system)
    const ask = async (body: Record<string, string>) => {
      const sent = { client_id: 'own', client_secret: secret, audience: 'urn:rolecall:api', ...body }
      const answer = await server.call('POST', '/oauth/token', { body: sent })
      assert.equal(answer.status, 200, JSON.stringify(answer.body))
      return answer.body as { access_token: string }
    }
    const addTo = async (token: string) => {
      const path = `/api/rolecall/v1/users/${id}/second-factors/totp`
      const headers = { authorization: `Bearer ${token}` }
      return (await server.call('POST', path, { headers, body: { name: 'phone' } })).status
    }
    const signedInAt = Math.floor(server.clock.now / 1000)
    const first = await ask({
      grant_type: realmGrant,
      realm: connectionName,
      username: email,
      password,
      scope: 'openid',
    })
    assert.equal(claims(first.access_token).auth_time, signedInAt)
    assert.equal(await addTo(first.access_token), 201)
    server.clock.now += 1_000_000
    assert.equal(await addTo(first.access_token), 401, 'proven too long ago')
  })

  test('a role that asks for one since counts in the next refresh and the next silent sign-in', async () => {
    const { run } = server.server.workspace
    await addApplication(server, {
      id: 'native',
      kind: 'native',
      grantTypes: [realmGrant, otpGrant, 'refresh_token'],
    })
    const email = 'emil@example.com'
    const { id: userId } = await run(createUser, { email, password, connectionName }, system)
    const post = async (body: Record<string, string>) => {
      const { status, body: answer } = await server.call('POST', '/oauth/token', {
        body: { client_id: 'native', ...body },
      })
      type Answer = { status: number; mfa_token?: string } & Record<
        'refresh_token' | 'id_token' | 'error_description',
        string
      >
      return { status, ...(answer as object) } as Answer
    }
    const first = await post({
      grant_type: realmGrant,
      realm: connectionName,
      username: email,
      password,
      scope: 'openid offline_access',
    })
    const browser = visitor(server)
    await browser.submit((await browser.go(path)).page!, { login: email, password })
    const silent = async () =>
      (await browser.go(`${path}&prompt=none`)).away!.searchParams.get('error') ?? 'signed in'
    assert.equal(await silent(), 'signed in')

    const { id: roleId } = await run(createRole, { name: 'since', requiresSecondFactor: true }, system)
    await run(assignRoles, { userIds: [userId], roleIds: [roleId] }, system)
    const refresh = (token: string) => post({ grant_type: 'refresh_token', refresh_token: token })
    const needed = {
      status: 403,
      error: 'mfa_required',
      error_description: 'Multifactor authentication required',
    }
    assert.deepEqual(await refresh(first.refresh_token!), needed, 'he has none to show yet')
    assert.equal(await silent(), 'interaction_required')

    const app = await run(enrolTotp, { userId }, system)
    await run(confirmTotp, { userId, factorId: app.id, code: codeAt(app.secret) }, system)
    server.clock.now += 60_000
    const { mfa_token = '', ...asked } = await refresh(first.refresh_token!)
    assert.deepEqual(asked, needed)
    const wrong = await post({ grant_type: otpGrant, mfa_token, otp: '000000' })
    assert.deepEqual([wrong.status, wrong.error_description], [403, 'Invalid otp_code.'])
    const proven = await post({ grant_type: otpGrant, mfa_token, otp: codeAt(app.secret) })
    assert.equal(proven.status, 200, JSON.stringify(proven))
    assert.equal(claims(proven.id_token!).sub, `auth0|${userId}`)
    assert.equal((await refresh(proven.refresh_token!)).status, 200, 'what came of it needs no other')

    server.clock.now += 60_000
    const { page } = await browser.go(path)
    const form = await browser.submit(page!, { login: email, password })
    const { away } = await browser.submit(form.page!, { code: codeAt(app.secret) })
    assert.ok(away?.searchParams.get('code'), textOf(form.page))
    assert.equal(await silent(), 'signed in')
  })
})
