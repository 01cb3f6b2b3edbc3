import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { systemActor } from '#core/actor.ts'
import { deployHook } from '#core/hooks/deploy.ts'
import { bundleName } from '#hooks/packages/packages.ts'
import { bundleOf } from '#test/harness/package-bundle.ts'
import type { TestServer } from '#test/harness/server.ts'
import { authorizePath, callback, claims, pkce, visitor } from '#test/oidc/visitor.ts'

let made = 0

/** Calls the Management API as the operator; fails unless it is done. */
export const done = async <T = Record<string, unknown>>(
  server: TestServer,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> => {
  const answer = await server.call(method, path, { body, token: await server.token('every') })
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`)
  return answer.body as T
}

/** An Action that is built, deployed and bound to its trigger, after those that are bound already unless told otherwise. */
export const bindAction = async (
  server: TestServer,
  trigger: string,
  code: string,
  more: object = {},
): Promise<{ id: string; name: string }> => {
  const name = `hook-${++made}`
  const action = { name, code, supported_triggers: [{ id: trigger }], ...more }
  const { id } = await done<{ id: string }>(server, 'POST', '/api/v2/actions/actions', action)
  await built(server, id)
  await done(server, 'POST', `/api/v2/actions/actions/${id}/deploy`)
  const path = `/api/v2/actions/triggers/${trigger}/bindings`
  const { bindings } = await done<{ bindings: { id: string }[] }>(server, 'GET', path)
  const kept = bindings.map((binding) => ({ ref: { type: 'binding_id', value: binding.id } }))
  await done(server, 'PATCH', path, { bindings: [...kept, { ref: { type: 'action_id', value: id } }] })
  return { id, name }
}

/** Gives a hook a package as a build would, from what is installed here, and deploys it: no registry is asked. */
export const install = async (
  server: TestServer,
  hookName: string,
  name: string,
  installed: string,
): Promise<void> => {
  const { store, run } = server.server.workspace
  const { id: hookId } = (await store.reader.hooks.findBy({ name: hookName }))!
  const { version } = createRequire(import.meta.url)(`../../node_modules/${installed}/package.json`) as {
    version: string
  }
  const asked = [{ name, version }]
  const pinned = { name, version, integrity: 'sha512-of-a-test' }
  const lock = [{ location: `node_modules/${name}`, resolved: '', ...pinned }]
  const folder = join(server.directory, 'hooks', 'packages', 'bundles', bundleName(asked, lock))
  await bundleOf(installed, name, folder)
  await store.write((tx) =>
    tx.hooks.update(hookId, {
      // A machine that runs every suite at once needs longer to load a large package.
      timeoutMs: 20_000,
      dependencies: asked,
      lock,
      resolved: [{ ...pinned, asked: version }],
    }),
  )
  await run(deployHook, { hookId }, systemActor('system'))
}

export const unbindAll = (server: TestServer, trigger: string) =>
  done(server, 'PATCH', `/api/v2/actions/triggers/${trigger}/bindings`, { bindings: [] })

/** Waits for a build. */
export const built = async (server: TestServer, id: string): Promise<void> => {
  for (let tries = 0; tries < 3000; tries += 1) {
    const action = await done<{ status: string; errors?: unknown }>(
      server,
      'GET',
      `/api/v2/actions/actions/${id}`,
    )
    if (action.status === 'built') return
    if (action.status === 'failed') throw new Error(`The build failed: ${JSON.stringify(action.errors)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('It was not built.')
}

/** Waits until it holds. */
export const until = async <T>(look: () => Promise<T | undefined>): Promise<T> => {
  for (let tries = 0; tries < 1500; tries += 1) {
    const found = await look()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('It did not happen.')
}

type Claims = Record<string, unknown>

/** Somebody signs in to the application `spa` with PKCE; what his tokens say, or where he was sent without a code. */
export const signInTo = async (
  server: TestServer,
  {
    email,
    password,
    ...asked
  }: { email: string; password: string; audience: string; organization?: string; scope?: string },
): Promise<{ away?: URL | undefined; access?: Claims; id?: Claims; refresh?: string | undefined }> => {
  const { verifier, challenge } = pkce()
  const browser = visitor(server)
  const path = authorizePath({
    client_id: 'spa',
    scope: 'openid profile read:orders',
    ...asked,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  })
  const { page } = await browser.go(path)
  const { away } = await browser.submit(page!, { login: email, password })
  const code = away?.searchParams.get('code')
  if (!code) return { away }
  const answer = await server.call('POST', '/oauth/token', {
    body: {
      grant_type: 'authorization_code',
      client_id: 'spa',
      code,
      redirect_uri: callback,
      code_verifier: verifier,
    },
  })
  assert.equal(answer.status, 200, answer.text)
  const { access_token: access, id_token: id, refresh_token: refresh } = answer.body as Record<string, string>
  return { away, access: claims(access!), id: claims(id!), refresh }
}
