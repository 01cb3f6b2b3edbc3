import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { systemActor } from '#core/actor.ts'
import { createHook } from '#core/hooks/create.ts'
import { recordExecutions } from '#core/hooks/executions.ts'
import {
  paths as addresses,
  apiTabs,
  applicationTabs,
  hookPageTabs,
  hookTabs,
  placeTabs,
  registrationTabs,
  roleTabs,
  settingsTabs,
  userTabs,
} from '../../dashboard/src/paths.ts'
import { type Console, openDemo } from './console.ts'
import { overhangOn, settled, violationsOn } from './looks.ts'

/** Pictures are made anew only when somebody asks: `npm run screenshots`. */
const directory = process.env.ROLECALL_SCREENSHOTS && join(import.meta.dirname, '../../docs/screenshots')

const desktop = { width: 1280, height: 900 }
const phone = { width: 390, height: 844 }
const system = systemActor('system')

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
    const roleId = chief!.id
    const first = async (kind: 'applications' | 'apis' | 'organizations' | 'rooms') =>
      (await reader()[kind].list({ limit: 1 })).items[0]!.id
    const [applicationId, apiId, organizationId, roomId] = await Promise.all(
      (['applications', 'apis', 'organizations', 'rooms'] as const).map(first),
    )
    const hookId = await makeHook(userId)
    return [
      addresses.home,
      addresses.users,
      ...userTabs.map((tab) => addresses.user(userId, tab)),
      addresses.roles,
      ...roleTabs.map((tab) => addresses.role(roleId, tab)),
      addresses.applications,
      ...applicationTabs.map((tab) => addresses.application(applicationId!, tab)),
      addresses.apis,
      ...apiTabs.map((tab) => addresses.api(apiId!, tab)),
      addresses.organizations,
      ...placeTabs.map((tab) => addresses.organization(organizationId!, tab)),
      addresses.rooms,
      ...placeTabs.map((tab) => addresses.room(roomId!, tab)),
      ...registrationTabs.map((tab) => addresses.registration(tab)),
      ...hookTabs.map((tab) => addresses.hooks(tab)),
      ...hookPageTabs.map((tab) => addresses.hook(hookId, tab)),
      addresses.execution(executionId),
      ...settingsTabs.map((tab) => addresses.settings(tab)),
      addresses.activity,
      `${addresses.explain}?userId=${userId}&roleId=${roleId}`,
      addresses.me,
    ]
  }

  const executionId = 'e'.repeat(24)

  /** The demo comes without any; this one has run, and failed. */
  const makeHook = async (userId: string): Promise<string> => {
    const { run } = console.server.server.workspace
    const trigger = 'user.post-login'
    const hook = await run(
      createHook,
      {
        name: 'First order',
        flavour: 'action',
        code: 'exports.onExecutePostLogin = async (event, api) => {\n}\n',
        triggers: [{ name: trigger, version: 'v3' }],
      },
      system,
    )
    const execution = {
      id: executionId,
      runId: executionId,
      trigger,
      hookId: hook.id,
      hookName: hook.name,
      input: { user: { email: 'carmen@example.com' } },
      userId,
      log: [{ level: 'log', text: 'Looks for the order' }],
      calls: [],
      failure: { kind: 'throw', message: 'No such order' },
      startedAt: console.server.clock.now,
      durationMs: 12,
    } as const
    await run(recordExecutions, { executions: [execution] }, system)
    return hook.id
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

  test('every page that there is, each of its parts included, is among those that are looked at', async () => {
    const routes = await readFile(join(import.meta.dirname, '../../dashboard/src/routes.tsx'), 'utf8')
    const known = [...routes.matchAll(/^ {2}\['(\/[^']*)'/gmu)].map(([, path]) => path!)
    assert.ok(known.length > 20, known.join())
    const unseen = known.filter((route) => {
      const pattern = new RegExp(`^${route.replaceAll(/\$\w+/gu, '[^/?]+')}(?:\\?|$)`, 'u')
      return !paths.some((path) => pattern.test(path))
    })
    assert.deepEqual(unseen, [])
  })

  // Sign-in and set-up stay out: they are for those who have not come in.
  test('axe finds nothing on any page within, light on a desk or dark on a phone, and all fit the phone', async () => {
    // The longer language.
    await page.evaluate("localStorage.setItem('rolecall-language', 'de')")
    const codePath = paths.find((path) => path.endsWith('/code'))
    const found: Record<string, string[]> = {}
    for (const [index, path] of paths.entries()) {
      // Every other page; the editor of code in the dark, where it has colours of its own.
      const isAtDesk = index % 2 === 0 && path !== codePath
      await page.emulateMedia({ colorScheme: isAtDesk ? 'light' : 'dark' })
      await page.setViewportSize(phone)
      await open(path)
      const overhang = await overhangOn(page)
      if (isAtDesk) await page.setViewportSize(desktop)
      const faulty = await violationsOn(page)
      if (overhang > 0) faulty.push(`${overhang} pixels too wide`)
      if (faulty.length > 0) found[path] = faulty
    }
    assert.deepEqual(found, {})
  })

  test('no script failed, and nothing was forbidden by the policy of the page', () => {
    assert.deepEqual(faults, [])
  })
})
