import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { type Console, startConsole } from './console.ts'
import { settled } from './looks.ts'

const password = 'Correct horse 9'
const noAdministrator = {
  ROLECALL_ADMIN_EMAIL: '',
  ROLECALL_ADMIN_USERNAME: '',
  ROLECALL_ADMIN_PASSWORD: '',
}

describe('the first run of the dashboard', () => {
  let console: Console
  let page: Page
  let faults: string[]
  let link: string
  before(async () => {
    console = await startConsole({ env: noAdministrator })
    link = (await console.server.server.offerSetUp())!
    const opened = await console.open(link)
    page = opened.page
    faults = opened.faults
  })
  after(() => console?.close())

  test('the set-up link names the administrator, who goes on signed in', async () => {
    await settled(page, 'Welcome to Rolecall')
    await page.getByLabel('E-mail address').fill('ada@example.com')
    await page.getByLabel('User name').fill('ada')
    await page.getByLabel('Password').first().fill(password)
    await page.getByRole('button', { name: 'Create the administrator' }).click()
    await settled(page, 'Hello, ada')
  })

  test('how people register is chosen, with the roles they get', async () => {
    await page.getByRole('link', { name: 'Create a role', exact: true }).click()
    await settled(page, 'Roles')
    await page.getByRole('button', { name: 'Create role' }).first().click()
    await page.getByRole('dialog').getByLabel('Name').fill('Reader')
    await page.getByRole('dialog').getByRole('button', { name: 'Create role' }).click()
    await settled(page, 'Reader')
    await page.getByRole('link', { name: 'Rolecall', exact: true }).click()
    await page.getByRole('link', { name: 'Choose how people register' }).click()
    await settled(page, 'Registration')
    await page.getByRole('radio', { name: 'Open' }).check()
    await page.getByRole('combobox', { name: 'Add a role: Default roles' }).selectOption('Reader')
    await page.getByRole('combobox', { name: 'Add a role: Selectable roles' }).selectOption('user')
    await page.getByRole('button', { name: 'Save changes' }).click()
    await page.getByText('Saved', { exact: true }).waitFor()
  })

  test('a first application is made, with snippets that name it and this server', async () => {
    await page.getByRole('link', { name: 'Rolecall', exact: true }).click()
    await page.getByRole('link', { name: 'Create an application' }).click()
    await settled(page, 'Applications')
    await page.getByRole('button', { name: 'Create application' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'Create application' })
    await dialog.getByLabel('Name').fill('Calendar')
    await dialog.getByRole('radio', { name: 'Single-page application' }).check()
    await dialog.getByRole('button', { name: 'Create application' }).click()
    await settled(page, 'Calendar')
    const [, id] = /\/applications\/([^/]+)\/quickstart$/u.exec(page.url())!
    const snippets = (await page.getByRole('main').textContent()) ?? ''
    for (const part of ['createAuth0Client', id!, console.server.origin, 'curl ', '/.well-known/jwks.json']) {
      assert.ok(snippets.includes(part), `the snippets name ${part}`)
    }
    assert.ok((await page.getByRole('button', { name: 'Copy' }).count()) >= 4)
  })

  test('the first steps are ticked off as they are taken', async () => {
    await page.getByRole('link', { name: 'Rolecall', exact: true }).click()
    await settled(page, 'Hello, ada')
    await page.getByText('Done').nth(2).waitFor()
    assert.equal(await page.getByText('Done').count(), 3)
  })

  test('who signs out is led to the sign-in page, and back to where he wanted once he proves himself', async () => {
    await page.getByRole('button', { name: 'Your menu' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await settled(page, 'Sign in to Rolecall')
    await page.goto('/roles')
    await settled(page, 'Sign in to Rolecall')
    await page.getByLabel('E-mail address or user name').fill('ada')
    await page.getByLabel('Password').first().fill('wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').getByText('The name or password is wrong').waitFor()
    await page.getByLabel('Password').first().fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await settled(page, 'Roles')
    assert.equal(new URL(page.url()).pathname, '/roles')
  })

  test('a set-up link that was used says so', async () => {
    await page.goto(link)
    await page.getByLabel('E-mail address').fill('eve@example.com')
    await page.getByLabel('Password').first().fill(password)
    await page.getByRole('button', { name: 'Create the administrator' }).click()
    await page.getByText('This link was used already').waitFor()
  })

  test('no script failed, and nothing was forbidden by the policy of the page', () => {
    assert.deepEqual(faults, [])
  })
})
