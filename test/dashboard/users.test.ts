import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { addAuthenticator } from '#test/harness/browser.ts'
import { type Console, root, startConsole } from './console.ts'
import { settled } from './looks.ts'

describe('users and their roles in the dashboard', () => {
  let console: Console
  let page: Page
  let faults: string[]
  before(async () => {
    console = await startConsole({ withDemo: true })
    const opened = await console.openAs(root, '/users')
    page = opened.page
    faults = opened.faults
    await settled(page, 'Users')
  })
  after(() => console?.close())

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

  test('no script failed, and nothing was forbidden by the policy of the page', () => {
    assert.deepEqual(faults, [])
  })
})
