/**
 * Drives libraries that applications sign people in with, and that APIs check tokens with; the parent reads what each
 * step came to. A process of its own, because Node reads the authorities it trusts only at its start.
 */
import type { Server } from 'node:http'
import express, { type ErrorRequestHandler } from 'express'
import { claimIncludes, requiredScopes, auth as requireToken } from 'express-oauth2-jwt-bearer'
import { auth as signInWith } from 'express-openid-connect'
import * as client from 'openid-client'

const [issuer, login, password, audience, webPort] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
]

/** A browser without scripts: cookies by host, redirects by hand, and the one form there is. */
const createBrowser = () => {
  const cookies = new Map<string, string>()
  const ask = async (url: URL, form?: Record<string, string>): Promise<Response> => {
    const jar = [...cookies]
      .filter(([name]) => name.startsWith(`${url.host} `))
      .map(([name, value]) => `${name.split(' ')[1]}=${value}`)
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: jar.join('; ') },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    })
    for (const text of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/u.exec(text)!
      if (value === '' || /max-age=0|1970/iu.test(text)) cookies.delete(`${url.host} ${name}`)
      else cookies.set(`${url.host} ${name}`, value!)
    }
    return response
  }
  /** Follows redirects until a page, or an address that `stop` accepts; signs in where it is asked to. */
  const go = async (
    start: URL,
    stop: (url: URL) => boolean = () => false,
  ): Promise<{ url: URL; text: string }> => {
    let url = start
    let response = await ask(url)
    for (let step = 0; step < 20; step += 1) {
      const location = response.headers.get('location')
      if (location !== null) {
        url = new URL(location, url)
        if (stop(url)) return { url, text: '' }
        response = await ask(url)
        continue
      }
      const text = await response.text()
      const [, action, inside] =
        /<form method="post" action="(\/u\/login)"[^>]*>([\s\S]*?)<\/form>/u.exec(text) ?? []
      if (action === undefined) return { url, text }
      const hidden = [...inside!.matchAll(/name="([^"]+)" value="([^"]*)"/gu)].map(([, name, value]) => [
        name,
        value,
      ])
      url = new URL(action, url)
      response = await ask(url, { ...Object.fromEntries(hidden), login, password })
    }
    throw new Error('It leads round in circles')
  }
  return { go, cookies }
}

const report = (step: string, result: unknown) => console.log(JSON.stringify({ step, result }))

const listen = (app: express.Express, port = 0): Promise<Server & { origin: string }> =>
  new Promise((resolve) => {
    const server = app.listen(port, 'localhost', () => {
      const { port: at } = server.address() as { port: number }
      resolve(Object.assign(server, { origin: `http://localhost:${at}` }))
    })
  })

const withOpenidClient = async (): Promise<string> => {
  const config = await client.discovery(new URL(issuer), 'native', undefined, client.None())
  const verifier = client.randomPKCECodeVerifier()
  const state = client.randomState()
  const nonce = client.randomNonce()
  const redirect = 'http://localhost:49152/callback'
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirect,
    scope: 'openid profile email offline_access read:events write:events',
    audience,
    state,
    nonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  })
  const { url: back } = await createBrowser().go(url, (each) => each.href.startsWith(redirect))
  const tokens = await client.authorizationCodeGrant(config, back, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
  })
  const { sub, email } = tokens.claims()!
  const info = await client.fetchUserInfo(config, tokens.access_token, sub)
  const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token!)
  await client.tokenRevocation(config, refreshed.refresh_token!)
  const after = await client.refreshTokenGrant(config, refreshed.refresh_token!).then(
    () => 'refreshed',
    (error: { error?: string }) => error.error,
  )
  report('openid-client', { email, same: info.email === email, scope: tokens.scope, afterRevocation: after })
  return tokens.access_token
}

const withJwtBearer = async (token: string): Promise<void> => {
  const app = express()
  app.use(requireToken({ issuerBaseURL: issuer, audience }))
  const ok: express.RequestHandler = (_request, response) => void response.send('in')
  app.get('/any', ok)
  app.get('/read', requiredScopes('read:events'), ok)
  app.get('/write', requiredScopes('write:events'), ok)
  app.get('/may-read', claimIncludes('permissions', 'read:events'), ok)
  app.get('/may-write', claimIncludes('permissions', 'write:events'), ok)
  const wrong: ErrorRequestHandler = (error, _request, response, _next) =>
    void response.sendStatus(error.status ?? 500)
  app.use(wrong)
  const server = await listen(app)
  const status = async (path: string, bearer = token) =>
    (await fetch(server.origin + path, { headers: { authorization: `Bearer ${bearer}` } })).status
  report('express-oauth2-jwt-bearer', {
    any: await status('/any'),
    read: await status('/read'),
    write: await status('/write'),
    mayRead: await status('/may-read'),
    mayWrite: await status('/may-write'),
    forged: await status('/any', `${token.slice(0, -4)}AAAA`),
  })
  server.close()
}

const withExpressOpenid = async (): Promise<void> => {
  const app = express()
  const origin = `http://localhost:${webPort}`
  app.use(
    signInWith({
      issuerBaseURL: issuer,
      baseURL: origin,
      clientID: 'web',
      clientSecret: 'a secret of the web application',
      secret: 'something long enough to seal the session of the application',
      authRequired: true,
      idpLogout: true,
      authorizationParams: { response_type: 'code', scope: 'openid profile email' },
    }),
  )
  app.get('/me', (request, response) => void response.json(request.oidc.user))
  const server = await listen(app, Number(webPort))
  const browser = createBrowser()
  const { text } = await browser.go(new URL('/me', origin))
  const { url: out } = await browser.go(new URL('/logout', origin), (each) =>
    each.href.startsWith(`${issuer}oidc/logout`),
  )
  const { url: back } = await browser.go(out, (each) => each.origin === origin)
  report('express-openid-connect', {
    email: (JSON.parse(text) as { email?: string }).email,
    out: out.searchParams.has('id_token_hint'),
    back: back.href,
  })
  server.close()
}

const token = await withOpenidClient()
await withJwtBearer(token)
await withExpressOpenid()
process.exit(0)
