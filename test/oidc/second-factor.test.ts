import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { generateSync } from 'otplib'
import { systemActor } from '#core/actor.ts'
import { assignRoles } from '#core/roles/assign.ts'
import { createRole } from '#core/roles/create.ts'
import { createUser } from '#core/users/create.ts'
import { startServer, type TestServer } from './setting.ts'
import { addApplication, authorizePath, pkce, textOf, visitor } from './visitor.ts'

const password = 'A password of some length, 1'
const system = systemActor('system')

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
})
