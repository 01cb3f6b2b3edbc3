import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { faultsOf, startBrowser, type TestBrowser } from '#test/harness/browser.ts'
import { startServer, type TestServer } from '#test/harness/server.ts'
import { addApplication, authorizePath, pkce } from '#test/oidc/visitor.ts'

describe('the pages of a sign-in in a real browser', () => {
  let server: TestServer
  let browser: TestBrowser
  before(async () => {
    server = await startServer()
    await addApplication(server, { id: 'spa', kind: 'spa', name: 'Acme Calendar' })
    browser = await startBrowser()
  })
  after(async () => {
    await browser?.close()
    await server?.close()
  })

  const { challenge: code_challenge } = pkce()
  const address = (more: Record<string, string> = {}) =>
    server.origin +
    authorizePath({
      client_id: 'spa',
      scope: 'openid',
      code_challenge,
      code_challenge_method: 'S256',
      ...more,
    })
  const violations = async (page: Page) =>
    (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)

  test('nothing stands in the way of anybody (WCAG), light and dark, and no policy is broken', async () => {
    const page = await (await browser.context()).newPage()
    const faults = faultsOf(page)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      for (const url of [
        address(),
        address({ screen_hint: 'signup', ui_locales: 'de' }),
        `${server.origin}/activate`,
        `${server.origin}/lo/reset?ticket=x`,
        `${server.origin}/lo/verify_email?ticket=x`,
        `${server.origin}/v2/logout`,
      ]) {
        await page.goto(url)
        assert.deepEqual(await violations(page), [], url)
      }
    }
    assert.deepEqual(faults, [])
  })

  test('a wrong password is said, without JavaScript, in the language of the request', async () => {
    const context = await browser.context({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(address({ ui_locales: 'de' }))
    await page.getByLabel('E-Mail oder Benutzername').fill('nobody@example.com')
    await page.getByLabel('Passwort', { exact: true }).fill('wrong')
    await page.getByRole('button', { name: 'Weiter' }).click()
    assert.match((await page.getByRole('alert').first().textContent()) ?? '', /ist falsch/)
    assert.equal(await page.getByRole('button', { name: 'Passkey benutzen' }).count(), 0)
  })
})
