import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { administrator, engines, startServer, type TestServer } from './setting.ts'
import { addApplication, authorizePath, callback, claims, pkce, textOf, visitor } from './visitor.ts'

for (const engine of engines) {
  describe(`authorization code with PKCE (${engine})`, () => {
    let server: TestServer
    before(async () => {
      server = await startServer({ engine })
      await addApplication(server, { id: 'spa', kind: 'spa' })
      await addApplication(server, { id: 'web', secret: 'a secret of the web' })
    })
    after(() => server?.close())

    const { verifier, challenge } = pkce()
    const asked = {
      client_id: 'spa',
      scope: 'openid profile email offline_access',
      state: 'the state',
      nonce: 'the nonce',
      code_challenge: challenge,
      code_challenge_method: 'S256',
    }
    const signIn = async (browser = visitor(server), more: Record<string, string> = {}) => {
      const { page, away } = await browser.go(authorizePath({ ...asked, ...more }))
      if (away) return away
      const stop = await browser.submit(page!, {
        login: administrator.email,
        password: administrator.password,
      })
      assert.ok(stop.away, textOf(stop.page))
      return stop.away
    }
    const exchange = (code: string | null, more: object = {}) =>
      server.call('POST', '/oauth/token', {
        body: {
          grant_type: 'authorization_code',
          client_id: 'spa',
          code,
          redirect_uri: callback,
          code_verifier: verifier,
          ...more,
        },
      })
    const refresh = (refresh_token: unknown, more: object = {}) =>
      server.call('POST', '/oauth/token', {
        body: { grant_type: 'refresh_token', client_id: 'spa', refresh_token, ...more },
      })

    test('somebody signs in, his code becomes tokens, and they say who he is', async () => {
      const away = await signIn()
      assert.equal(away.origin + away.pathname, callback)
      assert.equal(away.searchParams.get('state'), asked.state)
      assert.equal(away.searchParams.get('iss'), `${server.origin}/`, 'against mix-up, RFC 9207')
      const { status, text, body } = await exchange(away.searchParams.get('code'))
      assert.equal(status, 200, text)
      const tokens = body as Record<string, string>
      assert.deepEqual(
        [tokens.scope, tokens.expires_in, tokens.token_type],
        ['openid profile email offline_access', 86_400, 'Bearer'],
      )
      const { iat, exp, sub, ...access } = claims(tokens.access_token!)
      assert.deepEqual(access, {
        iss: `${server.origin}/`,
        aud: `${server.origin}/userinfo`,
        azp: 'spa',
        scope: 'openid profile email offline_access',
      })
      assert.equal(Number(exp) - Number(iat), 86_400)
      const id = claims(tokens.id_token!)
      assert.deepEqual([id.iss, id.aud, id.sub, id.nonce], [`${server.origin}/`, 'spa', sub, asked.nonce])
      assert.equal(Number(id.exp) - Number(id.iat), 36_000)
      assert.deepEqual([id.email, id.email_verified, typeof id.sid], [administrator.email, true, 'string'])
      assert.equal('auth_time' in id, false)
      const who = await server.call('GET', '/userinfo', { token: tokens.access_token! })
      assert.deepEqual([who.status, (who.body as { sub: string }).sub], [200, sub])
    })

    test('a code is good once, for who asked for it, with the verifier and the address that it was asked with', async () => {
      const code = async () => (await signIn()).searchParams.get('code')
      const refused = async (answer: ReturnType<typeof exchange>, description: string) => {
        const { status, body } = await answer
        assert.deepEqual([status, body], [403, { error: 'invalid_grant', error_description: description }])
      }
      await refused(
        exchange(await code(), { code_verifier: pkce().verifier }),
        'Failed to verify code verifier',
      )
      await refused(exchange(await code(), { code_verifier: undefined }), 'Failed to verify code verifier')
      await refused(
        exchange(await code(), { redirect_uri: `${callback}/other` }),
        'The redirect URI is wrong.',
      )
      const web = { client_id: 'web', client_secret: 'a secret of the web' }
      await refused(exchange(await code(), web), 'Invalid authorization code')
      await refused(exchange('no code at all'), 'Invalid authorization code')
      const once = await code()
      const first = await exchange(once)
      assert.equal(first.status, 200)
      await refused(exchange(once), 'Invalid authorization code')
      // Whoever replays a code may be a thief: what came of it ends.
      const { refresh_token } = first.body as { refresh_token: string }
      assert.equal((await refresh(refresh_token)).status, 403)
    })

    test('of 50 redemptions of a refresh token at the same time exactly one wins (CVE-2026-1035)', async () => {
      const { body } = await exchange((await signIn()).searchParams.get('code'))
      const { refresh_token } = body as { refresh_token: string }
      const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(refresh_token)))
      const won = answers.filter(({ status }) => status === 200)
      assert.equal(won.length, 1)
      for (const { status, body } of answers.filter((each) => each !== won[0])) {
        assert.deepEqual(
          [status, body],
          [403, { error: 'invalid_grant', error_description: 'Unknown or invalid refresh token.' }],
        )
      }
    })

    test('a refresh token that is used again ends all that came of it', async () => {
      const { body } = await exchange((await signIn()).searchParams.get('code'))
      const { refresh_token: first } = body as { refresh_token: string }
      const second = (await refresh(first)).body as { refresh_token: string; access_token: string }
      assert.equal(claims(second.access_token).gty, 'refresh_token')
      const third = (await refresh(second.refresh_token)).body as { refresh_token: string }
      assert.equal((await refresh(first)).status, 403)
      assert.equal((await refresh(third.refresh_token)).status, 403)
    })

    test('who is signed in already is not asked again, unless the application insists', async () => {
      const browser = visitor(server)
      await signIn(browser)
      const silent = await browser.go(authorizePath({ ...asked, prompt: 'none' }))
      assert.ok(silent.away?.searchParams.get('code'))
      const again = await browser.go(authorizePath({ ...asked, prompt: 'login' }))
      assert.equal(again.page?.status, 200)
      const { body } = await exchange((await signIn(browser, { max_age: '0' })).searchParams.get('code'))
      assert.equal(typeof claims((body as { id_token: string }).id_token).auth_time, 'number')
      const stranger = await visitor(server).go(authorizePath({ ...asked, prompt: 'none' }))
      assert.equal(stranger.away?.searchParams.get('error'), 'login_required')
      assert.equal(stranger.away?.searchParams.get('state'), asked.state)
    })

    test('signing out ends the session of the browser', async () => {
      const browser = visitor(server)
      await signIn(browser)
      const { away } = await browser.go(
        `/v2/logout?client_id=spa&returnTo=${encodeURIComponent('https://app.example.com/bye')}`,
      )
      assert.equal(away?.href, 'https://app.example.com/bye')
      const silent = await browser.go(authorizePath({ ...asked, prompt: 'none' }))
      assert.equal(silent.away?.searchParams.get('error'), 'login_required')
    })

    test('nobody is sent to an address that is not registered (open redirect)', async () => {
      const browser = visitor(server)
      for (const redirect_uri of [
        'https://evil.example.com/callback',
        `${callback}.evil.example.com`,
        'https://app.example.com/callback/../other',
        'https://app.example.com@evil.example.com/callback',
        'javascript:alert(1)',
        `${callback}#fragment`,
        '//evil.example.com',
      ]) {
        const { page, away } = await browser.go(authorizePath({ ...asked, redirect_uri }))
        assert.equal(away, undefined, redirect_uri)
        assert.equal(page?.status, 400, redirect_uri)
        assert.match(page!.text, /Callback URL mismatch\./)
        const out = await browser.go(`/v2/logout?client_id=spa&returnTo=${encodeURIComponent(redirect_uri)}`)
        assert.equal(out.away, undefined, redirect_uri)
        assert.equal(out.page?.status, 400, redirect_uri)
      }
    })

    test('a page opened in one browser is no good in another, nor without its token (session fixation, CSRF) [rows 8 and 30]', async () => {
      const attacker = visitor(server)
      const { page } = await attacker.go(authorizePath(asked))
      const [, state] = /name="state" value="([^"]+)"/u.exec(page!.text)!
      const [, csrf] = /name="csrf" value="([^"]+)"/u.exec(page!.text)!
      const credentials = { login: administrator.email, password: administrator.password }
      const victim = visitor(server)
      const lured = await victim.ask('POST', '/u/login', { state: state!, csrf: csrf!, ...credentials })
      assert.equal(lured.status, 400)
      assert.equal(victim.cookies.size, 0)
      const forged = await attacker.ask('POST', '/u/login', { state: state!, csrf: 'wrong', ...credentials })
      assert.equal(forged.status, 400)
      assert.equal(forged.headers['set-cookie'], undefined)
    })

    test('pages can not be framed, and run nothing but their own script (clickjacking)', async () => {
      const { page } = await visitor(server).go(authorizePath(asked))
      const policy = page!.headers['content-security-policy']!
      assert.match(policy, /default-src 'none'/)
      assert.match(policy, /frame-ancestors 'none'/)
      assert.match(policy, /script-src 'nonce-[^']+';/)
      assert.doesNotMatch(policy, /unsafe/)
      assert.equal(page!.headers['x-frame-options'], 'DENY')
      assert.equal(page!.headers['referrer-policy'], 'no-referrer')
    })
  })
}
