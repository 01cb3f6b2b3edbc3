import type { Page } from 'playwright-core'
import { faultsOf, startBrowser, type TestBrowser } from '#test/harness/browser.ts'
import { administrator, startServer, type TestServer } from '#test/harness/server.ts'
import { buildDashboard } from '../../dashboard/build.ts'
import { settled } from './looks.ts'

/** The dashboard, built and served by a real server, in a real browser. */
export type Console = {
  server: TestServer
  browser: TestBrowser
  /** A page of its own; everything that goes wrong on it is gathered. */
  open(path: string, options?: Parameters<TestBrowser['context']>[0]): Promise<OpenedPage>
  /** Opens a page as somebody who has signed in. */
  openAs(who: Credentials, path: string, options?: Parameters<TestBrowser['context']>[0]): Promise<OpenedPage>
  close(): Promise<void>
}

export type OpenedPage = { page: Page; faults: string[] }
export type Credentials = { login: string; password: string }

export const root: Credentials = { login: administrator.email, password: administrator.password }

export const startConsole = async (
  options: { env?: Record<string, string>; withDemo?: boolean } = {},
): Promise<Console> => {
  const dashboardDirectory = await buildDashboard()
  const server = await startServer({ dashboardDirectory, ...(options.env && { env: options.env }) })
  if (options.withDemo) {
    const { fillWithDemo } = await import('#cli/demo-fill.ts')
    await fillWithDemo(server.server.workspace.run, 'Correct horse 9')
  }
  const browser = await startBrowser()
  const open: Console['open'] = async (path, contextOptions) => {
    const context = await browser.context({ baseURL: server.origin, ...contextOptions })
    const page = await context.newPage()
    page.setDefaultTimeout(60_000)
    const faults = faultsOf(page)
    await page.goto(path)
    return { page, faults }
  }
  return {
    server,
    browser,
    open,
    openAs: async ({ login, password }, path, contextOptions) => {
      const opened = await open(path, contextOptions)
      const { page } = opened
      await page.getByLabel('E-mail address or user name').fill(login)
      await page.getByLabel('Password').first().fill(password)
      await page.getByRole('button', { name: 'Sign in' }).click()
      return opened
    },
    close: async () => {
      await browser.close()
      await server.close()
    },
  }
}

/** The demo's dashboard, opened by its administrator on the list of users. */
export const openDemo = async (
  env: Record<string, string> = {},
): Promise<OpenedPage & { console: Console }> => {
  const console = await startConsole({ env, withDemo: true })
  try {
    const opened = await console.openAs(root, '/users')
    await settled(opened.page, 'Users')
    return { console, ...opened }
  } catch (error) {
    await console.close()
    throw error
  }
}
