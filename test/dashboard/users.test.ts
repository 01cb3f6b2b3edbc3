import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { systemActor } from '#core/actor.ts'
import { createApi } from '#core/apis/create.ts'
import { createRole } from '#core/roles/create.ts'
import { addRolePermissions } from '#core/roles/permissions.ts'
import { addAuthenticator } from '#test/harness/browser.ts'
import { startRegistry } from '#test/harness/registry.ts'
import { signInTo } from '#test/hooks/given.ts'
import { addApplication } from '#test/oidc/visitor.ts'
import { type Console, openDemo } from './console.ts'
import { settled } from './looks.ts'

/** The snippet that circulates. */
const firstLoginRole = (roleId: string) => `const { ManagementClient } = require('auth0')
exports.onExecutePostLogin = async (event, api) => {
  if (event.stats.logins_count !== 1) return
  const { domain, clientId, clientSecret } = event.secrets
  const management = new ManagementClient({ domain, clientId, clientSecret })
  await management.users.assignRoles({ id: event.user.user_id }, { roles: ['rol_${roleId}'] })
}`

describe('users and their roles in the dashboard', () => {
  let console: Console
  let page: Page
  let faults: string[]
  let registry: Awaited<ReturnType<typeof startRegistry>>
  before(async () => {
    registry = await startRegistry('auth0-v4')
    ;({ console, page, faults } = await openDemo({ npm_config_registry: registry.origin }))
  })
  after(async () => {
    await console?.close()
    await registry?.close()
  })

  const reader = () => console.server.server.workspace.store.reader
  const heldBy = async (username: string) => {
    const { id } = (await reader().users.findByUsername(username))!
    const filter = { field: 'userId', is: 'equal', value: id } as const
    return (await reader().assignments.list({ filter, limit: 100 })).items
  }

  test('users list → … → Assign Roles gives several roles at once, with where, until and why', async () => {
    await page.goto('/users?search=victor')
    const more = page.getByRole('button', { name: 'More for Victor Petit' })
    await more.press('Enter')
    await page.getByRole('menuitem', { name: 'Assign Roles' }).waitFor()
    await page.keyboard.press('Escape')
    await more.and(page.locator(':focus')).waitFor()
    await more.click()
    await page.getByRole('menuitem', { name: 'Assign Roles' }).click()
    const dialog = page.getByRole('dialog', { name: 'Assign roles to Victor Petit' })
    const search = dialog.getByRole('searchbox', { name: 'Search roles' })
    await search.fill('clerk')
    await dialog.getByRole('checkbox', { name: 'Order clerk' }).check()
    await search.fill('catalogue')
    await dialog.getByRole('checkbox', { name: 'Catalogue reader' }).check()
    await dialog.getByText('2 chosen').waitFor()
    await dialog.getByRole('combobox', { name: 'Where' }).selectOption('An application')
    await dialog.getByRole('combobox', { name: 'Which application' }).fill('Shop')
    await page.getByRole('option', { name: 'Shop', exact: true }).click()
    await dialog.getByLabel('Until').fill('2099-01-31T12:00')
    await dialog.getByLabel('Reason').fill('Helps out in December')
    await dialog.getByRole('button', { name: 'Assign' }).click()
    await page.getByText('Victor Petit now has').waitFor()
    const given = (await heldBy('victor')).filter(({ reason }) => reason === 'Helps out in December')
    assert.equal(given.length, 2)
    for (const { scope, expiresAt, door, actor } of given) {
      assert.match(scope, /^application:/u)
      assert.equal(new Date(expiresAt!).getUTCFullYear(), 2099)
      assert.deepEqual([door, actor.kind], ['native', 'user'])
    }
  })

  test('user page → Roles → Assign Role shows at once how it came and by whom; Undo takes it back', async () => {
    await page.goto('/users?search=farid')
    await page.getByRole('link', { name: 'Farid Haddad' }).click()
    await settled(page, /Farid/u)
    await page
      .getByRole('navigation', { name: 'About this user' })
      .getByRole('link', { name: 'Roles' })
      .click()
    await page.getByRole('button', { name: 'Assign Role' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'Assign roles to Farid Haddad' })
    await dialog.getByRole('checkbox', { name: 'Shipper' }).check()
    await dialog.getByLabel('Reason').fill('Christmas rush')
    await dialog.getByRole('button', { name: 'Assign' }).click()
    const row = page.getByRole('row', { name: /Shipper/u })
    for (const text of [
      /Given directly/u,
      /by root/u,
      'through the Rolecall API',
      'Christmas rush',
      'No end',
    ]) {
      await row.getByText(text).waitFor()
    }
    await page.getByRole('button', { name: 'Undo' }).click()
    await row.waitFor({ state: 'detached' })
    assert.ok((await heldBy('farid')).every(({ reason }) => reason !== 'Christmas rush'))
  })

  test('a passkey is added on one’s own page; later that takes a new proof, by password and recovery code', async () => {
    const victor = { login: 'victor', password: 'Correct horse 9' }
    const { page: own } = await console.openAs(victor, '/me')
    await addAuthenticator(own)
    await own.bringToFront()
    await own.getByRole('button', { name: 'Add a passkey' }).click()
    const codes = own.getByRole('dialog', { name: 'Recovery codes' })
    const [recovery] = (await codes.locator('code, pre').first().innerText()).split('\n')
    await codes.getByRole('button', { name: 'I have kept them' }).click()
    await own.getByText('Recovery codes left: 10').waitFor()

    const renew = async () => {
      await own.getByRole('button', { name: 'Make new recovery codes' }).click()
      const sure = own.getByRole('dialog', { name: 'Make new recovery codes' })
      await sure.getByRole('button', { name: 'Make new recovery codes' }).click()
    }
    console.server.clock.now += 900_001
    await renew()
    const proof = own.getByRole('dialog', { name: 'Prove that it is you' })
    await proof.getByLabel('Password').first().fill(victor.password)
    await proof.getByRole('button', { name: 'Sign in' }).click()
    await proof.getByLabel('Code').fill(recovery!)
    await proof.getByRole('button', { name: 'Sign in' }).click()
    await proof.waitFor({ state: 'detached' })
    await own.getByText('Recovery codes left: 9').waitFor()
    await renew()
    await codes.getByRole('button', { name: 'I have kept them' }).click()
    await own.getByText('Recovery codes left: 10').waitFor()
  })

  test('a role is removed after a confirmation that names what is lost, and Undo gives it back as it was', async () => {
    const { id } = (await reader().users.findByUsername('farid'))!
    await page.goto(`/users/${id}/roles`)
    await page.getByRole('button', { name: 'Remove Catalogue reader' }).click()
    const dialog = page.getByRole('dialog', { name: 'Remove Catalogue reader from Farid Haddad?' })
    await dialog.getByText('loses Catalogue reader').waitFor()
    await dialog.getByRole('button', { name: 'Remove' }).click()
    await page.getByText('No roles yet').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page
      .getByRole('row', { name: /Catalogue reader/u })
      .getByText('Translation trial')
      .waitFor()
    assert.ok((await heldBy('farid'))[0]!.expiresAt)
  })

  test('a role is assigned by the keyboard alone', async () => {
    await page.goto('/users?search=greta')
    await page.getByRole('row', { name: /Greta/u }).waitFor()
    const press = (key: string) => page.keyboard.press(key)
    const focused = () =>
      page.evaluate<string>(
        '(({ activeElement: at }) => (at?.labels?.[0] ?? at)?.textContent || at?.getAttribute("aria-label") || "")(document)',
      )
    const goTo = async (key: string, name: RegExp) => {
      for (let steps = 0; steps < 60; steps += 1) {
        if (name.test(await focused())) return
        await press(key)
      }
      throw new Error(`${key} never reached ${name}`)
    }
    await goTo('Tab', /^More for Greta/u)
    await press('Enter')
    await page.getByRole('menu').waitFor()
    await goTo('ArrowDown', /^Assign Roles/u)
    await press('Enter')
    await page.getByRole('dialog').waitFor()
    await goTo('Tab', /^Search roles/u)
    await page.keyboard.type('refund app')
    await page.getByRole('checkbox', { name: 'Editor', exact: true }).waitFor({ state: 'detached' })
    await goTo('Tab', /^Refund approver/u)
    await press('Space')
    await goTo('Tab', /^Assign$/u)
    await press('Enter')
    await page.getByText('Greta Lindqvist now has Refund approver').waitFor()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    const more = page.getByRole('button', { name: 'More for Greta' })
    await more.and(page.locator(':focus')).waitFor()
  })

  test('the published path for an Action, by clicks: the first login carries the role that it gives', async () => {
    const { server } = console
    const { run } = server.server.workspace
    const system = systemActor('system')
    const audience = 'https://orders.example.com/'
    const api = { identifier: audience, name: 'Order book', permissions: [{ name: 'read:orders' }] }
    const { id: apiId } = await run(
      createApi,
      { ...api, enforcesPermissions: true, tokenDialect: 'access_token_authz' },
      system,
    )
    const { id: roleId } = await run(createRole, { name: 'Newcomer' }, system)
    await run(addRolePermissions, { roleId, permissions: [{ apiId, name: 'read:orders' }] }, system)
    await addApplication(server, { id: 'spa', kind: 'spa' })

    await page.goto('/applications')
    await settled(page, 'Applications')
    await page.getByRole('button', { name: 'Create application' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'Create application' })
    await dialog.getByLabel('Name').fill('Role giver')
    await dialog.getByRole('radio', { name: 'Machine to machine' }).check()
    await dialog.getByRole('combobox', { name: 'API it will call' }).selectOption('Auth0 Management API')
    await dialog.getByRole('checkbox', { name: 'read:roles', exact: true }).check()
    await dialog.getByRole('checkbox', { name: 'update:users', exact: true }).check()
    await dialog.getByRole('button', { name: 'Create application' }).click()
    await settled(page, 'Role giver')
    const [, clientId] = /\/applications\/([^/]+)\//u.exec(page.url())!
    const about = page.getByRole('navigation', { name: 'About this application' })
    await about.getByRole('link', { name: 'Credentials' }).click()
    await page.getByRole('button', { name: 'Show', exact: true }).first().click()
    const clientSecret = await page
      .getByRole('main')
      .getByText(/^[\w-]{30,}$/u)
      .innerText()

    await page.goto('/hooks/library')
    await settled(page, 'Hooks')
    await page.getByRole('button', { name: 'Create Action or script' }).first().click()
    const newHook = page.getByRole('dialog', { name: 'Create Action or script' })
    await newHook.getByLabel('Name').fill('first-login-role')
    await newHook.getByRole('button', { name: 'Create', exact: true }).click()
    await settled(page, 'first-login-role')
    await page.getByRole('textbox', { name: 'Code' }).fill(firstLoginRole(roleId))
    const given = { domain: server.domain, clientId: clientId!, clientSecret }
    for (const [name, value] of Object.entries(given)) {
      await page.getByLabel('Key', { exact: true }).fill(name)
      await page.getByLabel('Value', { exact: true }).fill(value)
      await page.getByRole('button', { name: 'Add Secret' }).click()
      await page.getByRole('button', { name: `Remove secret ${name}` }).waitFor()
    }
    await page.getByLabel('Name', { exact: true }).fill('auth0')
    await page.getByRole('button', { name: 'Add Dependency' }).click()
    await page.getByRole('button', { name: 'Remove dependency auth0' }).waitFor()
    // What is typed and not saved survives a reload.
    await page.reload()
    await settled(page, 'first-login-role')
    await page.getByText('Not saved yet', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Deploy', exact: true }).click()
    await page.getByRole('link', { name: 'Add it to a flow' }).click()
    await page.getByRole('button', { name: 'Add first-login-role to the flow' }).click()
    await page.getByRole('button', { name: 'Apply', exact: true }).click()
    await page.getByText('The flow counts from now on').waitFor()

    const email = 'elif@tidewater.example'
    const { access, away } = await signInTo(server, { email, password: 'Correct horse 9', audience })
    assert.deepEqual(access?.permissions, ['read:orders'], String(away))
  })

  test('the command palette leads anywhere by a few letters', async () => {
    await page.keyboard.press('Control+k')
    const search = page.getByRole('textbox', { name: 'Search or jump to…' })
    await search.fill('hiroshi')
    await page.getByRole('button', { name: /Hiroshi Tanaka/u }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await settled(page, /Hiroshi/u)
    await page.keyboard.press('Control+k')
    await search.fill('explain')
    await page.getByRole('button', { name: 'Explain' }).waitFor()
    await page.keyboard.press('Enter')
    await settled(page, 'Explain')
  })

  test('filters stand in the address, and survive going back', async () => {
    await page.goto('/users')
    await page.getByRole('searchbox', { name: 'Search users' }).fill('pavel')
    await page.waitForURL(/search=pavel/u)
    await page.getByRole('combobox', { name: 'Status' }).selectOption('Active')
    await page.waitForURL(/status=active/u)
    await page.getByRole('link', { name: /Pavel/u }).click()
    await settled(page, /Pavel/u)
    await page.goBack()
    await settled(page, 'Users')
    assert.equal(await page.getByRole('searchbox', { name: 'Search users' }).inputValue(), 'pavel')
    assert.equal(await page.getByRole('combobox', { name: 'Status' }).inputValue(), 'active')
  })

  test('no script failed, and nothing was forbidden by the policy of the page', () => {
    assert.deepEqual(faults, [])
  })
})
