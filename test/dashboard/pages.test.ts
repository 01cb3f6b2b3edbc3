import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { type Console, openDemo } from './console.ts'
import { settled } from './looks.ts'

/** Pictures are made anew only when somebody asks: `npm run screenshots`. */
const directory = process.env.ROLECALL_SCREENSHOTS && join(import.meta.dirname, '../../docs/screenshots')

describe('the pages of the dashboard', () => {
  let console: Console
  let page: Page
  let faults: string[]
  let paths: readonly string[]
  before(async () => {
    ;({ console, page, faults } = await openDemo())
    paths = await everyPath()
  })
  after(() => console?.close())

  const reader = () => console.server.server.workspace.store.reader
  const navigation = () => page.getByRole('navigation', { name: /^(?:Main navigation|Hauptnavigation)$/u })

  /** Each of these with something to show. */
  const everyPath = async (): Promise<string[]> => {
    const { id: userId } = (await reader().users.findByUsername('carmen'))!
    const [chief] = await reader().roles.findByName('Chief editor')
    return [`/users/${userId}/roles`, `/explain?userId=${userId}&roleId=${chief!.id}`, '/registration/policy']
  }

  /** Opens one page after the other as its reader does who has the dashboard open already. */
  const open = async (path: string): Promise<void> => {
    await page.goto(path)
    await settled(page, /./u)
  }

  test('is reached through the navigation', async () => {
    await open('/')
    const names = await navigation().getByRole('link').allTextContents()
    assert.ok(names.length > 12, names.join())
    for (const name of names.filter((each) => each !== 'API reference')) {
      await navigation().getByRole('link', { name, exact: true }).click()
      await settled(page, name === 'Overview' ? /^Hello/u : name === 'My account' ? 'root' : name)
    }
  })

  test('the main ones can be shown; in the README once somebody asks for them', async () => {
    const shown = {
      'user-roles': /^\/users\/.*\/roles$/u,
      explain: /^\/explain/u,
      registration: /^\/registration\/policy$/u,
    }
    if (directory) await mkdir(directory, { recursive: true })
    for (const [name, which] of Object.entries(shown)) {
      await open(paths.find((path) => which.test(path))!)
      const picture = await page.screenshot({ animations: 'disabled', caret: 'hide' })
      assert.ok(picture.length > 10_000, `${name} shows something`)
      if (directory) await writeFile(join(directory, `${name}.png`), picture)
    }
  })

  test('no script failed, and nothing was forbidden by the policy of the page', () => {
    assert.deepEqual(faults, [])
  })
})
