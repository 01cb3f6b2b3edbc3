import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { generateSync } from 'otplib'
import type { Page } from 'playwright-core'
import type { Actor } from '#core/actor.ts'
import type { JsonObject } from '#core/json.ts'
import type { Run } from '#core/operation.ts'
import { assignRoles } from '#core/roles/assign.ts'
import { createRole } from '#core/roles/create.ts'
import { addPasskey, requestPasskey } from '#core/second-factors/passkeys.ts'
import { createUser } from '#core/users/create.ts'
import { addAuthenticator, startBrowser, type TestBrowser } from '#test/harness/browser.ts'
import { startServer, type TestServer } from '#test/harness/server.ts'
import {
  addCalendar,
  calendar,
  password,
  requireAccessible,
  says,
  startApplication,
  system,
  type TestApplication,
} from './setting.ts'

describe('second factors in a real browser', () => {
  let server: TestServer
  let application: TestApplication
  let browser: TestBrowser
  let run: Run
  let carefulId: string
  before(async () => {
    server = await startServer()
    run = server.server.workspace.run
    application = await startApplication(server)
    const { reader } = await addCalendar(server, { reader: ['read:events'] })
    const careful = await run(createRole, { name: 'careful', requiresSecondFactor: true }, system)
    carefulId = careful.id
    readerId = reader!
    browser = await startBrowser()
  })
  after(async () => {
    await browser?.close()
    application?.close()
    await server?.close()
  })
  let readerId: string

  const open = async (): Promise<Page> => {
    return (await browser.context()).newPage()
  }
  const person = async (email: string, ...roleIds: string[]): Promise<string> => {
    const { id } = await run(createUser, { email, password }, system)
    await run(assignRoles, { userIds: [id], roleIds }, system)
    return id
  }
  const signIn = async (page: Page, login: string) => {
    await page.goto(application.address({ audience: calendar }))
    await page.getByLabel('E-mail or user name').fill(login)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Continue' }).click()
  }

  /** Makes a passkey with what the server asks for, in a page of its own. */
  const makePasskey = async (page: Page, userId: string) => {
    const owner: Actor = { kind: 'user', id: userId, door: 'native', provenAt: server.clock.now }
    await page.goto(`${server.origin}/activate`)
    const options = await run(requestPasskey, { userId, origin: server.origin }, owner)
    // As a text: the types of browsers are not those of this suite.
    const made = `navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(${JSON.stringify(options)}),
    }).then((credential) => credential.toJSON())`
    const response = await page.evaluate<JsonObject>(made)
    await run(addPasskey, { userId, origin: server.origin, response }, owner)
  }

  test('a role that asks for a second factor: an app is set up, and asked for from then on', async () => {
    const email = 'anna@example.com'
    await person(email, carefulId, readerId)
    const page = await open()
    await signIn(page, email)
    await says(page, 'Set up a second factor')
    await requireAccessible(page)
    const secret = (await page.locator('code').first().textContent())!.replaceAll(' ', '')
    const code = () => generateSync({ secret, epoch: Math.floor(server.clock.now / 1000) })
    await page.getByLabel('Code').fill(code())
    await page.getByRole('button', { name: 'Continue' }).click()
    await says(page, 'Keep these codes')
    await requireAccessible(page)
    const [recovery] = await page.locator('.codes code').allTextContents()
    await page.getByRole('link', { name: 'I have kept them' }).click()
    await says(page, 'Prove it is you')
    await page.getByLabel('Code').fill('000000')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('alert').waitFor()
    await requireAccessible(page)
    server.clock.now += 60_000
    await page.getByLabel('Code').fill(code())
    await page.getByRole('button', { name: 'Continue' }).click()
    assert.deepEqual(await application.permissionsAt(page), ['read:events'])

    const other = await open()
    await signIn(other, email)
    await other.getByRole('link', { name: 'Use a recovery code' }).click()
    await other.getByLabel('Recovery code').fill(recovery!)
    await requireAccessible(other)
    await other.getByRole('button', { name: 'Continue' }).click()
    assert.deepEqual(await application.permissionsAt(other), ['read:events'])
  })

  // One story on one page: a browser asks for passkeys only in the window that has the focus, and has one of those.
  test('a passkey stands in for password and second factor, and is the second factor after the password', async () => {
    const email = 'pia@example.com'
    const userId = await person(email, carefulId, readerId)
    const page = await open()
    await addAuthenticator(page)
    await makePasskey(page, userId)
    await page.goto(application.address({ audience: calendar }))
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    assert.deepEqual(await application.permissionsAt(page), ['read:events'])

    await page.context().clearCookies()
    await signIn(page, email)
    await says(page, 'Prove it is you')
    await requireAccessible(page)
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    assert.deepEqual(await application.permissionsAt(page), ['read:events'])
  })
})
