import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AxeBuilder } from '@axe-core/playwright'
import type { BrowserContext, Page } from 'playwright-core'
import { systemActor } from '#core/actor.ts'
import { createApi } from '#core/apis/create.ts'
import { updateApi } from '#core/apis/update.ts'
import { createRole } from '#core/roles/create.ts'
import { addRolePermissions } from '#core/roles/permissions.ts'
import type { TestServer } from '#test/harness/server.ts'
import { addApplication, authorizePath, claims, pkce } from '#test/oidc/visitor.ts'

export const system = systemActor('system')
export const password = 'A password of some length, 1'
export const calendar = 'https://calendar.example.com/'

/** An API that puts permissions into tokens, and roles that hold some of them; their ids, by name. */
export const addCalendar = async (
  { server: { workspace } }: TestServer,
  roles: Readonly<Record<string, readonly string[]>>,
): Promise<Record<string, string>> => {
  const { run } = workspace
  const names = [...new Set(Object.values(roles).flat())]
  const permissions = names.map((name) => ({ name, description: '' }))
  await run(createApi, { identifier: calendar, permissions }, system)
  const changes = { enforcesPermissions: true, tokenDialect: 'access_token_authz' as const }
  await run(updateApi, { api: calendar, changes }, system)
  const ids: Record<string, string> = {}
  for (const [name, held] of Object.entries(roles)) {
    const { id } = await run(createRole, { name }, system)
    const refs = held.map((each) => ({ apiIdentifier: calendar, name: each }))
    await run(addRolePermissions, { roleId: id, permissions: refs }, system)
    ids[name] = id
  }
  return ids
}

export type TestApplication = {
  /** Where it sends somebody who shall sign in. */
  address(more?: Record<string, string>): string
  /** The permissions in the access token that it gets for the code it is called with. */
  permissionsAt(page: Page): Promise<unknown>
  close(): void
}

/** An application named `spa`, at an origin of its own, that people come back to. */
export const startApplication = async (server: TestServer): Promise<TestApplication> => {
  const site = createServer((_request, response) => response.end('Welcome'))
  await new Promise<void>((resolve) => site.listen(0, 'localhost', resolve))
  const callback = `http://localhost:${(site.address() as AddressInfo).port}/callback`
  await addApplication(server, { id: 'spa', kind: 'spa', name: 'Acme Calendar', callbacks: [callback] })
  const { verifier, challenge } = pkce()
  return {
    address: (more = {}) =>
      server.origin +
      authorizePath({
        client_id: 'spa',
        redirect_uri: callback,
        scope: 'openid',
        code_challenge: challenge,
        code_challenge_method: 'S256',
        ...more,
      }),
    permissionsAt: async (page) => {
      await page.waitForURL(`${callback}?*`)
      const code = new URL(page.url()).searchParams.get('code')
      assert.ok(code, page.url())
      const { status, body, text } = await server.call('POST', '/oauth/token', {
        body: {
          grant_type: 'authorization_code',
          client_id: 'spa',
          code,
          redirect_uri: callback,
          code_verifier: verifier,
        },
      })
      assert.equal(status, 200, text)
      return claims((body as { access_token: string }).access_token).permissions
    },
    close: () => site.close(),
  }
}

/** Looks whether anything on the page stands in somebody's way, light and dark. @see WCAG 2.2 AA */
export const requireAccessible = async (page: Page): Promise<void> => {
  const title = await page.title()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    // There are no frames, for which the other mode opens a page of its own; and the dark differs in its colours alone.
    const axe = new AxeBuilder({ page }).setLegacyMode(true)
    if (colorScheme === 'dark') axe.withRules(['color-contrast'])
    const { violations } = await axe.analyze()
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
    assert.deepEqual(found, [], `${title}, ${colorScheme}`)
  }
}

/**
 * The same of a page whose browser runs no scripts: what looks is a script itself, so that it looks at the same
 * document in another browser.
 */
export const requireAccessibleIn = async (looking: BrowserContext, page: Page): Promise<void> => {
  const same = looking.pages()[0] ?? (await looking.newPage())
  await same.setContent(await page.content())
  await requireAccessible(same)
}

export const says = async (page: Page, heading: string | RegExp): Promise<void> => {
  await page.getByRole('heading', { level: 1, name: heading }).waitFor()
}
