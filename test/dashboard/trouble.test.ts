import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { systemActor } from '#core/actor.ts'
import { assignRoles } from '#core/roles/assign.ts'
import { createRole } from '#core/roles/create.ts'
import { addRolePermissions } from '#core/roles/permissions.ts'
import { endSessions } from '#core/sessions/end.ts'
import { createUser } from '#core/users/create.ts'
import { type Console, type Credentials, openDemo, root } from './console.ts'
import { settled, violationsOn } from './looks.ts'

const system = systemActor('system')
const password = 'Correct horse 9'
const assignments = '**/api/rolecall/v1/assignments'

describe('the dashboard for people who may do little, and with a server in trouble', () => {
  let console: Console
  let page: Page
  let faults: string[]
  before(async () => {
    ;({ console, page, faults } = await openDemo())
  })
  after(() => console?.close())

  const run = () => console.server.server.workspace.run
  const reader = () => console.server.server.workspace.store.reader
  const holdersOf = async (name: string): Promise<number> => {
    const [role] = await reader().roles.findByName(name)
    const filter = { field: 'roleId', is: 'equal', value: role!.id } as const
    return (await reader().assignments.list({ filter, limit: 1000 })).items.length
  }

  /** Somebody whose role carries just these permissions of Rolecall's own API. */
  const makePerson = async (username: string, ...permissions: string[]): Promise<Credentials> => {
    const { id } = await run()(createRole, { name: `does ${username}` }, system)
    const keys = permissions.map((name) => ({ apiId: 'rolecall', name }))
    if (keys.length > 0) await run()(addRolePermissions, { roleId: id, permissions: keys }, system)
    const connectionName = 'Username-Password-Authentication'
    const user = { username, email: `${username}@example.com`, password, connectionName }
    const { id: userId } = await run()(createUser, user, system)
    await run()(assignRoles, { userIds: [userId], roleIds: [id] }, system)
    return { login: username, password }
  }

  /** Everybody is selected, and about to be given a role. */
  const beginBulk = async (role: string): Promise<void> => {
    await page.goto('/users')
    await page.getByRole('checkbox', { name: 'Select all on this page' }).check()
    await page.getByRole('button', { name: /^Select everybody who fits/u }).click()
    await page.getByRole('toolbar').getByRole('button', { name: 'Assign roles' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('searchbox').fill(role)
    await dialog.getByRole('checkbox', { name: role }).check()
    await dialog.getByRole('button', { name: 'Assign' }).click()
  }
  const closeDialog = () => page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()

  test('a server that answers slowly is waited for, and whoever looks sees that it works', async () => {
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    await page.route(assignments, async (route) => {
      if (route.request().method() === 'POST') await released
      await route.continue()
    })
    await beginBulk('Catalogue reader')
    await page.getByRole('dialog', { name: /^0 of \d+ done$/u }).waitFor()
    // At nought it is there for those who listen, and nothing wide for those who look.
    await page.getByRole('progressbar', { name: /^0 of \d+ done$/u }).waitFor({ state: 'attached' })
    release()
    await page.getByRole('dialog', { name: /^Done for \d+ users$/u }).waitFor()
    await page.unroute(assignments)
    await closeDialog()
    assert.equal(await holdersOf('Catalogue reader'), await reader().users.count())
  })

  test('a server that goes away in the middle loses nothing: it is said, and gone on with', async () => {
    await page.route(assignments, (route) =>
      route.request().method() === 'POST' ? route.abort() : route.continue(),
    )
    await beginBulk('Shipper')
    await page.getByRole('dialog', { name: /^Stopped after 0 of \d+$/u }).waitFor()
    await page.getByText('The server does not answer').waitFor()
    await page.unroute(assignments)
    await page.getByRole('button', { name: 'Go on with the rest' }).click()
    await page.getByRole('dialog', { name: /^Done for \d+ users$/u }).waitFor()
    await closeDialog()
    assert.ok((await holdersOf('Shipper')) >= (await reader().users.count()))
  })

  test('a server that refuses is shown in its own words, and nobody is counted as done', async () => {
    await beginBulk('Refund approver')
    await page.getByRole('dialog', { name: 'Done for 0 users' }).waitFor()
    await page.getByText(/^\d+ were refused$/u).waitFor()
    await page
      .getByRole('alert')
      .getByText(/Refund clerk|exclude/u)
      .first()
      .waitFor()
    await closeDialog()
    assert.equal(await holdersOf('Refund approver'), 1)
  })

  test('a session that ends in the middle is begun again in place, and what was begun goes on', async () => {
    const { id } = (await reader().users.findByUsername('root'))!
    let isFirst = true
    await page.route(assignments, async (route) => {
      if (route.request().method() === 'POST' && isFirst) {
        isFirst = false
        await run()(endSessions, { userId: id }, system)
      }
      await route.continue()
    })
    await beginBulk('Buyer')
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' })
    await dialog.getByLabel('Password').first().fill(root.password)
    await dialog.getByRole('button', { name: 'Sign in' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Go on with the rest' }).click()
    await page.getByRole('dialog', { name: /^Done for \d+ users$/u }).waitFor()
    await page.unroute(assignments)
    await closeDialog()
    assert.ok((await holdersOf('Buyer')) >= (await reader().users.count()))
  })

  test('a support person sees what he may do, and nothing else', async () => {
    const support = await makePerson('support', 'users:read', 'roles:read', 'roles:assign')
    const opened = await console.openAs(support, '/users')
    const own = opened.page
    await settled(own, 'Users')
    const links = own.getByRole('navigation', { name: 'Main navigation' }).getByRole('link')
    assert.deepEqual(await links.allTextContents(), ['Users', 'Roles', 'My account', 'API reference'])
    assert.equal(await own.getByRole('button', { name: 'Create user' }).count(), 0)
    await own
      .getByRole('button', { name: /^More for/u })
      .first()
      .click()
    await own.getByRole('menuitem').first().waitFor()
    assert.deepEqual(await own.getByRole('menuitem').allTextContents(), ['View details', 'Assign Roles'])
    await own.keyboard.press('Escape')
    await own.getByRole('link', { name: 'Roles', exact: true }).click()
    await settled(own, 'Roles')
    assert.equal(await own.getByRole('button', { name: 'Create role' }).count(), 0)
    for (const path of ['/activity', '/applications', '/settings/general', '/registration/policy']) {
      await own.goto(path)
      await own.getByText('This is not yours to see').waitFor()
    }
    const { id } = (await reader().users.findByUsername('carmen'))!
    await own.goto(`/users/${id}/roles`)
    await settled(own, /Carmen/u)
    assert.equal(await own.getByRole('button', { name: /^Remove/u }).count(), 0)
    await own.getByRole('button', { name: 'Assign Role' }).first().click()
    await own.getByRole('dialog').getByRole('checkbox', { name: 'Chief editor' }).waitFor()
    assert.deepEqual(opened.faults, [])
    await own.goto('about:blank')
  })

  test('whoever administers nothing gets his own page', async () => {
    const { page: own, faults: fresh } = await console.openAs(await makePerson('nobody'), '/')
    await settled(own, 'nobody')
    await own.getByRole('heading', { name: 'Your roles' }).waitFor()
    await own.getByText('does nobody').waitFor()
    assert.deepEqual(await violationsOn(own), [])
    assert.deepEqual(fresh, [])
    await own.goto('about:blank')
  })

  test('no script failed, and nothing was forbidden by the policy of the page', () => {
    assert.deepEqual(faults, [])
  })
})
