import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import { createInvitation } from '#core/invitations/create.ts'
import type { Run } from '#core/operation.ts'
import { createOrganization } from '#core/organizations/create.ts'
import { updateRegistrationPolicy } from '#core/registration/policy.ts'
import { assignRoles } from '#core/roles/assign.ts'
import { createUser } from '#core/users/create.ts'
import { startBrowser, type TestBrowser } from '#test/harness/browser.ts'
import { mailed } from '#test/harness/mailed.ts'
import { startServer, type TestServer } from '#test/harness/server.ts'
import { addApplication } from '#test/oidc/visitor.ts'
import {
  addCalendar,
  calendar,
  password,
  requireAccessible,
  requireAccessibleIn,
  says,
  startApplication,
  system,
  type TestApplication,
} from './setting.ts'

describe('coming in for the first time, in a real browser without JavaScript', () => {
  let server: TestServer
  let application: TestApplication
  let browser: TestBrowser
  /** Where axe runs. */
  let looking: BrowserContext
  let run: Run
  let roles: Record<string, string>
  before(async () => {
    server = await startServer()
    run = server.server.workspace.run
    application = await startApplication(server)
    await addApplication(server, {
      id: 'tv',
      kind: 'native',
      name: 'Television',
      grantTypes: ['urn:ietf:params:oauth:grant-type:device_code'],
    })
    roles = await addCalendar(server, {
      editor: ['read:events', 'write:events'],
      reader: ['read:events'],
      secret: ['delete:events'],
    })
    browser = await startBrowser()
    looking = await browser.context()
  })
  after(async () => {
    await browser?.close()
    application?.close()
    await server?.close()
  })

  const open = async (): Promise<{ context: BrowserContext; page: Page }> => {
    const context = await browser.context({ javaScriptEnabled: false })
    return { context, page: await context.newPage() }
  }
  const signIn = async (page: Page, login: string, secret = password) => {
    await page.getByLabel('E-mail or user name').fill(login)
    await page.getByLabel('Password', { exact: true }).fill(secret)
    await page.getByRole('button', { name: 'Continue' }).click()
  }
  const follow = async (page: Page, link: string | undefined) => {
    assert.ok(link)
    await page.goto(link)
  }

  test('somebody signs up with a role he may choose, confirms by the mailed link, and his token holds its permissions', async () => {
    const selectableRoles = [
      { roleId: roles.editor!, grant: 'immediate' as const },
      { roleId: roles.reader!, grant: 'approval' as const },
    ]
    await run(updateRegistrationPolicy, { changes: { emailConfirmation: 'first', selectableRoles } }, system)
    const email = 'eve@example.com'
    const { page } = await open()
    await page.goto(application.address({ audience: calendar }))
    await page.getByRole('link', { name: 'Sign up' }).click()
    await says(page, 'Create your account')
    await requireAccessibleIn(looking, page)
    assert.deepEqual((await page.getByRole('radio').all()).length, 3, 'the two that may be chosen, and none')
    await page.getByLabel('E-mail').fill(email)
    await page.getByLabel('Password', { exact: true }).fill('short')
    await page.getByRole('radio', { name: /editor/u }).check()
    await page.getByRole('button', { name: 'Sign up' }).click()
    await page.getByText('Choose a stronger password').waitFor()
    await requireAccessibleIn(looking, page)
    assert.ok(await page.getByRole('radio', { name: /editor/u }).isChecked(), 'what was typed is kept')
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Sign up' }).click()
    await says(page, 'Check your mail')
    await requireAccessibleIn(looking, page)

    await page.goto(application.address({ audience: calendar }))
    await signIn(page, email)
    assert.match((await page.getByRole('alert').textContent()) ?? '', /Confirm your e-mail address first/u)
    await follow(page, (await mailed(server, email, 'verify-email')).link)
    await says(page, 'Confirm your e-mail address')
    await requireAccessibleIn(looking, page)
    await page.getByRole('button', { name: 'Confirm it' }).click()
    await says(page, 'Your address is confirmed')
    await requireAccessibleIn(looking, page)

    await page.goto(application.address({ audience: calendar }))
    await signIn(page, email)
    assert.deepEqual(await application.permissionsAt(page), ['read:events', 'write:events'])
    await run(updateRegistrationPolicy, { changes: { emailConfirmation: null } }, system)
  })

  test('whoever tampers with the form to get another role gets none, and no account', async () => {
    const context = await browser.context()
    const page = await context.newPage()
    await page.goto(application.address({ screen_hint: 'signup' }))
    for (const role of [roles.secret!, 'secret', 'admin']) {
      await page.getByLabel('E-mail').fill('sly@example.com')
      await page.getByLabel('Password', { exact: true }).fill(password)
      const chosen = page.getByRole('radio', { name: /editor/u })
      await chosen.evaluate((radio, value) => radio.setAttribute('value', value), role)
      await chosen.check()
      await page.getByRole('button', { name: 'Sign up' }).click()
      await page.getByText('You can not choose').waitFor()
      const { reader } = server.server.workspace.store
      assert.equal(await reader.users.findByEmail('sly@example.com'), undefined, role)
    }
    await requireAccessible(page)
  })

  test('an invitation is accepted by its link, with its roles in the first token', async () => {
    const organization = await run(createOrganization, { name: 'acme', displayName: 'Acme' }, system)
    const email = 'guest@example.com'
    await run(
      createInvitation,
      {
        organizationId: organization.id,
        inviterName: 'Ada',
        email,
        message: 'Come and see!',
        roles: [{ roleId: roles.editor! }],
        sendsMail: true,
      },
      system,
    )
    const { page } = await open()
    await follow(page, (await mailed(server, email, 'invitation')).link)
    await says(page, 'Ada invites you')
    await page.getByText('Come and see!').waitFor()
    await requireAccessibleIn(looking, page)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Accept the invitation' }).click()
    await says(page, /The invitation is accepted/u)
    await requireAccessibleIn(looking, page)
    await page.goto(application.address({ audience: calendar, organization: `org_${organization.id}` }))
    await signIn(page, email)
    assert.deepEqual(await application.permissionsAt(page), ['read:events', 'write:events'])
    await follow(page, (await mailed(server, email, 'invitation')).link)
    await says(page, 'This link does not work')
    await requireAccessibleIn(looking, page)
  })

  test('a forgotten password is replaced by the mailed link, and the old one is good for nothing', async () => {
    const email = 'anna@example.com'
    const { id } = await run(createUser, { email, password }, system)
    await run(assignRoles, { userIds: [id], roleIds: [roles.reader!] }, system)
    const { page } = await open()
    await page.goto(application.address({ audience: calendar }))
    await page.getByRole('link', { name: 'Forgot your password?' }).click()
    await says(page, 'Forgot your password?')
    await requireAccessibleIn(looking, page)
    await page.getByLabel('E-mail').fill(email)
    await page.getByRole('button', { name: 'Send the link' }).click()
    await says(page, 'Check your mail')
    await follow(page, (await mailed(server, email, 'reset-password')).link)
    await says(page, 'Choose a new password')
    const fresh = 'Quite another password, 2'
    await page.getByLabel('New password').fill(fresh)
    await page.getByLabel('Repeat the password').fill('something else')
    await page.getByRole('button', { name: 'Save the password' }).click()
    await page.getByText('The passwords are not the same.').waitFor()
    await requireAccessibleIn(looking, page)
    await page.getByLabel('New password').fill(fresh)
    await page.getByLabel('Repeat the password').fill(fresh)
    await page.getByRole('button', { name: 'Save the password' }).click()
    await says(page, 'Your password was changed')
    await requireAccessibleIn(looking, page)
    await page.goto(application.address({ audience: calendar }))
    await signIn(page, email)
    await page.getByRole('alert').waitFor()
    await signIn(page, email, fresh)
    assert.deepEqual(await application.permissionsAt(page), ['read:events'])
  })

  test('a code by e-mail stands in place of the password', async () => {
    const email = 'carla@example.com'
    await run(createUser, { email, password, isEmailVerified: true }, system)
    const { page } = await open()
    await page.goto(application.address({ audience: calendar }))
    await page.getByRole('link', { name: 'Sign in with a code by e-mail' }).click()
    await says(page, 'Sign in without a password')
    await requireAccessibleIn(looking, page)
    await page.getByLabel('E-mail').fill(email)
    await page.getByRole('button', { name: 'Send the code' }).click()
    await page.getByLabel('Code').fill('000000')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('alert').waitFor()
    await requireAccessibleIn(looking, page)
    await page.getByLabel('Code').fill((await mailed(server, email, 'sign-in-code')).code!)
    await page.getByRole('button', { name: 'Continue' }).click()
    assert.deepEqual(await application.permissionsAt(page), [])
  })

  test('a device is connected by the code that it shows', async () => {
    const email = 'dora@example.com'
    await run(createUser, { email, password }, system)
    const { body } = await server.call('POST', '/oauth/device/code', {
      body: { client_id: 'tv', scope: 'openid' },
    })
    const device = body as { user_code: string; device_code: string; verification_uri: string }
    const { page } = await open()
    await page.goto(device.verification_uri)
    await says(page, 'Connect a device')
    await page.getByLabel('Code').fill(device.user_code)
    await page.getByRole('button', { name: 'Continue' }).click()
    await says(page, 'Is this the code on your device?')
    await page.getByText(device.user_code).waitFor()
    await requireAccessibleIn(looking, page)
    await page.getByRole('button', { name: 'Continue' }).click()
    await signIn(page, email)
    await says(page, 'Your device is connected')
    await requireAccessibleIn(looking, page)
    const { status, text } = await server.call('POST', '/oauth/token', {
      body: {
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        client_id: 'tv',
        device_code: device.device_code,
      },
    })
    assert.equal(status, 200, text)
  })

  test('an application of others is let in by its name, and signing out is asked', async () => {
    await addApplication(server, {
      id: 'others',
      kind: 'spa',
      isFirstParty: false,
      name: 'Somebody Else',
      callbacks: [`${server.origin}/healthz`],
    })
    const email = 'fina@example.com'
    await run(createUser, { email, password }, system)
    const { page } = await open()
    await page.goto(
      application.address({
        client_id: 'others',
        redirect_uri: `${server.origin}/healthz`,
        scope: 'openid email',
      }),
    )
    await signIn(page, email)
    await says(page, 'Let Somebody Else in?')
    await requireAccessibleIn(looking, page)
    await page.getByRole('button', { name: 'Allow', exact: true }).click()
    await page.waitForURL(/code=/u)
    await page.goto(`${server.origin}/oidc/logout`)
    await says(page, 'Sign out?')
    await requireAccessibleIn(looking, page)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await says(page, 'You are signed out')
    await requireAccessibleIn(looking, page)
    await page.goto(`${server.origin}/authorize?client_id=nobody&response_type=code`)
    await says(page, 'Something is wrong')
    await requireAccessibleIn(looking, page)
  })
})
