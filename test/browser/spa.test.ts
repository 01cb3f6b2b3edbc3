import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import { startBrowser, type TestBrowser } from '#test/harness/browser.ts'
import { administrator, startServer, type TestServer } from '#test/harness/server.ts'
import { addApplication, claims } from '#test/oidc/visitor.ts'

/** The vendor's library for single pages, in a page of another origin. */
const html = `<!doctype html><title>application</title><script src="/spa.js"></script>`

describe('@auth0/auth0-spa-js in a real browser', () => {
  let server: TestServer
  let browser: TestBrowser
  let site: Server
  let origin: string

  before(async () => {
    server = await startServer()
    const script = await readFile(
      new URL('../../node_modules/@auth0/auth0-spa-js/dist/auth0-spa-js.development.js', import.meta.url),
    )
    site = createServer((request, response) => {
      const isScript = request.url === '/spa.js'
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
      response.end(isScript ? script : html)
    })
    await new Promise<void>((resolve) => site.listen(0, 'localhost', resolve))
    origin = `http://localhost:${(site.address() as AddressInfo).port}`
    await addApplication(server, {
      id: 'spa',
      kind: 'spa',
      callbacks: [origin],
      webOrigins: [origin],
      allowedLogoutUrls: [origin],
    })
    await addApplication(server, {
      id: 'elsewhere',
      kind: 'spa',
      callbacks: [`${origin}/other`],
      webOrigins: [],
    })
    browser = await startBrowser()
  })
  after(async () => {
    await browser?.close()
    site?.close()
    await server?.close()
  })

  const options = (more: object = {}) => ({
    domain: server.domain,
    clientId: 'spa',
    authorizationParams: { redirect_uri: origin, scope: 'openid profile email' },
    ...more,
  })
  /** The client of the library, in the page; kept there for later calls. */
  const prepare = (page: Page, given: object) =>
    page.evaluate(async (settings) => {
      const world = globalThis as unknown as {
        auth0: { createAuth0Client(settings: object): Promise<unknown> }
        client: unknown
      }
      world.client = await world.auth0.createAuth0Client(settings)
    }, given)
  const call = (page: Page, name: string, ...args: unknown[]) =>
    page.evaluate(
      ([method, given]) =>
        (globalThis as unknown as { client: Record<string, (...args: unknown[]) => Promise<unknown>> })
          .client[method as string]!(...(given as unknown[])),
      [name, args] as const,
    )

  const signIn = async (context: BrowserContext, given: object): Promise<Page> => {
    const page = await context.newPage()
    await page.goto(origin)
    await prepare(page, given)
    await call(page, 'loginWithRedirect').catch(() => {})
    await page.getByLabel('E-mail or user name').fill(administrator.email)
    await page.getByLabel('Password', { exact: true }).fill(administrator.password)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.waitForURL(`${origin}/?code=*`)
    await prepare(page, given)
    await call(page, 'handleRedirectCallback')
    return page
  }

  test('code with PKCE, who it is, and a new token silently through a frame', async () => {
    const context = await browser.context()
    const page = await signIn(context, options())
    const user = (await call(page, 'getUser')) as { email: string }
    assert.equal(user.email, administrator.email)
    const first = (await call(page, 'getTokenSilently')) as string
    const silent = (await call(page, 'getTokenSilently', { cacheMode: 'off' })) as string
    assert.notEqual(claims(silent).iat, undefined)
    assert.equal(claims(silent).sub, claims(first).sub)
    // A page that was loaded anew knows nothing, and asks the server.
    await page.goto(origin)
    await prepare(page, options())
    const again = (await call(page, 'getTokenSilently')) as string
    assert.equal(claims(again).azp, 'spa')
  })

  test('refresh tokens are used, and each is good once', async () => {
    const context = await browser.context()
    const given = options({ useRefreshTokens: true, cacheLocation: 'localstorage' })
    const page = await signIn(context, given)
    const tokens: string[] = []
    for (let time = 0; time < 3; time += 1) {
      tokens.push((await call(page, 'getTokenSilently', { cacheMode: 'off' })) as string)
    }
    for (const token of tokens) assert.equal(claims(token).gty, 'refresh_token')
  })

  test('a page whose origin the application does not name gets no answer in a frame', async () => {
    const context = await browser.context()
    const page = await signIn(context, options())
    const other = { ...options(), clientId: 'elsewhere' }
    await prepare(page, {
      ...other,
      authorizationParams: { redirect_uri: `${origin}/other`, scope: 'openid' },
    })
    // The callback's origin counts as one of the application's own; one that is no callback does not.
    const answer = await call(page, 'getTokenSilently', { timeoutInSeconds: 3 }).then(String, String)
    assert.doesNotMatch(answer, /Timeout/)
  })

  test('signing out there signs out here', async () => {
    const context = await browser.context()
    const page = await signIn(context, options())
    const gone = page.waitForResponse((response) => response.url().startsWith(`${server.origin}/v2/logout`))
    await call(page, 'logout', { logoutParams: { returnTo: origin } }).catch(() => {})
    assert.equal((await gone).status(), 302)
    await page.waitForURL(`${origin}/`)
    await prepare(page, options())
    await assert.rejects(call(page, 'getTokenSilently'), /login_required|Login required/)
  })
})
