import { existsSync } from 'node:fs'
import sparticuz from '@sparticuz/chromium'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core'

export type TestBrowser = {
  /** A browser session of its own: no cookie, nothing stored. Certificates are not looked at. */
  context(options?: BrowserContextOptions): Promise<BrowserContext>
  close(): Promise<void>
}

/**
 * A real Chromium: the one that `ROLECALL_TEST_CHROMIUM` names, else the one from npm, which needs nothing of the
 * system. Fails where neither starts.
 */
export const startBrowser = async (): Promise<TestBrowser> => {
  const named = process.env.ROLECALL_TEST_CHROMIUM
  if (named && !existsSync(named))
    throw new Error(`ROLECALL_TEST_CHROMIUM names ${named}, which is not there`)
  const browser: Browser = await chromium.launch({
    executablePath: named || (await sparticuz.executablePath()),
    // Not the arguments that come with it: they put everything into one process, where a navigation may hang and the end
    // of a context is the end of all, and they switch off what keeps sites apart.
    args: ['--no-sandbox', ...(named ? [] : ['--no-zygote', '--disable-gpu', '--font-render-hinting=none'])],
    headless: true,
  })
  return {
    context: (options) => browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-GB', ...options }),
    close: () => browser.close(),
  }
}

/**
 * An authenticator that is part of the browser, and knows its owner. It belongs to this page: one page with one in a
 * browser, for a second one in the same browser was not answered in trials, why is not known.
 */
export const addAuthenticator = async (page: Page): Promise<void> => {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
}

/** What went wrong on a page while it was looked at: errors of scripts, and what its policy forbade. */
export const faultsOf = (page: Page): string[] => {
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => {
    // A refused request is told there too; refusals are looked at where they are expected.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      faults.push(message.text())
    }
  })
  return faults
}
