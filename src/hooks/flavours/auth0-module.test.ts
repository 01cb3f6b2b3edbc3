import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { ensureLocalAuthority } from '#crypto/authority.ts'
import { bundleOf } from '#test/harness/package-bundle.ts'
import { createRunner, type Runner } from '../sandbox/runner.ts'

// The six majors of the real package, each in its process, against a server that writes down what it is asked.

let server: Server
let runner: Runner
let folder: string
let domain: string
let asked: { line: string; body: unknown; ticket: string | undefined }[] = []

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolecall-auth0-'))
  const { certPem, keyPem } = await ensureLocalAuthority({ dataDir: folder, hosts: [], now: Date.now })
  server = createServer({ cert: certPem, key: keyPem }, async (request, response) => {
    const chunks = await Array.fromAsync(request)
    const text = Buffer.concat(chunks).toString()
    const ticket = request.headers['x-rolecall-run'] as string | undefined
    if (request.url === '/oauth/token') {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ access_token: 'token', token_type: 'Bearer', expires_in: 3600 }))
      return
    }
    asked.push({ line: `${request.method} ${request.url}`, body: text && JSON.parse(text), ticket })
    if (request.method === 'GET') {
      response.setHeader('content-type', 'application/json')
      const roles = [{ id: 'rol_1', name: 'editor' }]
      response.end(
        JSON.stringify(
          request.url!.includes('include_totals=true') ? { roles, start: 0, limit: 50, total: 1 } : roles,
        ),
      )
    } else response.writeHead(204).end()
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  domain = `localhost:${(server.address() as AddressInfo).port}`
  runner = createRunner({
    folder: join(folder, 'runner'),
    ownOrigins: () => [`https://${domain}`],
    trusted: () => readFile(join(folder, 'ca.pem'), 'utf8'),
  })
})
after(async () => {
  await runner?.stop()
  server?.closeAllConnections()
  server?.close()
  await rm(folder, { recursive: true, force: true })
})

/** The snippet that circulates, as it stands in the vendor's documentation of version 4. */
const snippet = (assign: string) => `
const { ManagementClient } = require('auth0')
exports.onExecutePostLogin = async (event, api) => {
  if (event.stats.logins_count !== 1) return
  const management = new ManagementClient({
    domain: event.secrets.domain,
    clientId: event.secrets.clientId,
    clientSecret: event.secrets.clientSecret,
  })
  ${assign}
}`

const run = async (major: number, assign: string) => {
  const bundle = join(folder, `v${major}`)
  const code = snippet(assign)
  asked = []
  const result = await runner.call(
    {
      id: `${major} ${assign}`,
      code,
      bundle,
      flavour: 'action',
      allowedHosts: [],
      timeoutMs: 20_000,
      memoryMb: 512,
    },
    {
      handler: 'onExecutePostLogin',
      trigger: 'post-login',
      event: {
        stats: { logins_count: 1 },
        user: { user_id: 'auth0|ada' },
        secrets: { domain, clientId: 'id', clientSecret: 'secret' },
      },
    },
  )
  assert.ok(result.ok, JSON.stringify(result))
  return result
}

const assigned = { line: 'POST /api/v2/users/auth0%7Cada/roles', body: { roles: ['rol_1'] } }

for (const major of [2, 3, 4, 5, 6, 7]) {
  test(`version ${major} assigns a role with users.assignRoles, and the request carries its run's ticket`, async () => {
    await bundleOf(`auth0-v${major}`, 'auth0', join(folder, `v${major}`))
    await run(major, `await management.users.assignRoles({ id: event.user.user_id }, { roles: ['rol_1'] })`)
    assert.deepEqual(
      asked.map(({ line, body }) => ({ line, body })),
      [assigned],
    )
    assert.match(asked[0]!.ticket!, /^[\w-]{24}$/)
  })

  test(`version ${major} lists and takes roles under the names of version 4`, async () => {
    await run(
      major,
      `const found = await management.users.getRoles({ id: event.user.user_id })
       console.log((found.data ?? found).map(({ name }) => name))
       await management.users.deleteRoles({ id: event.user.user_id }, { roles: ['rol_1'] })`,
    ).then(({ log }) =>
      assert.deepEqual(
        log.map(({ text }) => text),
        [`[ 'editor' ]`],
      ),
    )
    assert.match(asked[0]!.line, /^GET \/api\/v2\/users\/auth0%7Cada\/roles/)
    assert.deepEqual(
      { ...asked[1], ticket: undefined },
      { line: 'DELETE /api/v2/users/auth0%7Cada/roles', body: { roles: ['rol_1'] }, ticket: undefined },
    )
  })
}

for (const major of [2, 3]) {
  test(`version ${major} assigns a role with assignRolestoUser`, async () => {
    await run(major, `await management.assignRolestoUser({ id: event.user.user_id }, { roles: ['rol_1'] })`)
    assert.deepEqual(
      asked.map(({ line, body }) => ({ line, body })),
      [assigned],
    )
  })
}

test('version 7 keeps its own names', async () => {
  await run(7, `await management.users.roles.assign(event.user.user_id, { roles: ['rol_1'] })`)
  assert.deepEqual(
    asked.map(({ line, body }) => ({ line, body })),
    [assigned],
  )
})

test('what a package leads to beneath its name can be required, what was not declared can not', async () => {
  const { log } = await run(
    7,
    `console.log(typeof require('auth0/legacy').AuthenticationClient)
     try { require('jose') } catch (error) { console.log(error.code, error.message) }`,
  )
  assert.deepEqual(
    log.map(({ text }) => text),
    ['function', "MODULE_NOT_FOUND Cannot find module 'jose'"],
  )
})
