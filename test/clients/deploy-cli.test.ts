import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { operator, startServer, type TestServer } from '#test/harness/server.ts'
import { runTrusting } from './child.ts'

const script = join(import.meta.dirname, 'deploy-cli.child.ts')

/** The CLI's own way to tell servers apart: the domain is a keyword in its files. */
const configFor = ({ domain }: TestServer) => ({
  AUTH0_DOMAIN: domain,
  AUTH0_CLIENT_ID: operator.id,
  AUTH0_CLIENT_SECRET: operator.secret,
  AUTH0_KEYWORD_REPLACE_MAPPINGS: { DOMAIN: domain },
})

const run = (server: TestServer, command: 'dump' | 'deploy', folder: string, config: object = {}) =>
  runTrusting(server, script, [
    JSON.stringify({ command, folder, config: { ...configFor(server), ...config } }),
  ])

/** Every file of a folder, by its path in it. */
const filesOf = async (folder: string): Promise<Map<string, string>> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const contents = paths
    .sort()
    .map(async (path) => [path.slice(folder.length + 1), await readFile(path, 'utf8')] as const)
  return new Map(await Promise.all(contents))
}

/** Puts the CLI's keyword where the server's own name is, as people do who keep such files. */
const nameDomain = async ({ domain }: TestServer, folder: string): Promise<void> => {
  for (const [name, text] of await filesOf(folder)) {
    await writeFile(join(folder, name), text.replaceAll(domain, '##DOMAIN##'))
  }
}

const seed = async (server: TestServer): Promise<void> => {
  const token = await server.token('every')
  const create = async <T>(path: string, body: unknown): Promise<T> => {
    const answer = await server.call('POST', `/api/v2/${path}`, { token, body })
    assert.ok(answer.status < 300, `POST ${path}: ${answer.text}`)
    return answer.body as T
  }
  const change = async (path: string, body: unknown): Promise<void> => {
    const answer = await server.call('PATCH', `/api/v2/${path}`, { token, body })
    assert.ok(answer.status < 300, `PATCH ${path}: ${answer.text}`)
  }
  const identifier = 'https://orders.example.com/a path/ö%2F'
  await create('resource-servers', {
    name: 'Orders',
    identifier,
    scopes: [{ value: 'read:orders', description: 'See orders' }, { value: 'write:orders' }],
    token_lifetime: 3600,
    token_lifetime_for_web: 600,
    token_dialect: 'access_token_authz',
    enforce_policies: true,
    allow_offline_access: true,
    skip_consent_for_verifiable_first_party_clients: true,
    proof_of_possession: { mechanism: 'dpop', required: false },
    subject_type_authorization: { user: { policy: 'allow_all' }, client: { policy: 'deny_all' } },
  })
  await create('resource-servers', { name: 'Plain', identifier: 'urn:plain' })
  for (const [name, permissions] of [
    ['Editor', [identifier, 'read:orders', 'write:orders']],
    ['Operator', [`${server.origin}/api/v2/`, 'read:users', 'update:users']],
  ] as const) {
    const { id } = await create<{ id: string }>('roles', { name, description: `The ${name}` })
    const [resource_server_identifier, ...names] = permissions
    await create(`roles/${id}/permissions`, {
      permissions: names.map((permission_name) => ({ resource_server_identifier, permission_name })),
    })
  }
  await create('roles', { name: 'Nobody' })
  const shop = await create<{ client_id: string }>('clients', {
    name: 'Shop',
    description: 'Where people buy',
    app_type: 'spa',
    callbacks: ['https://shop.example.com/callback'],
    allowed_logout_urls: ['https://shop.example.com'],
    web_origins: ['https://shop.example.com'],
    allowed_origins: ['https://shop.example.com'],
    client_metadata: { tier: 'gold' },
    oidc_conformant: true,
    organization_usage: 'allow',
    refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 7 },
    jwt_configuration: { alg: 'RS256', lifetime_in_seconds: 1200 },
  })
  const worker = await create<{ client_id: string }>('clients', {
    name: 'Worker',
    app_type: 'non_interactive',
    is_first_party: false,
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'client_secret_basic',
  })
  await create('client-grants', { client_id: worker.client_id, audience: identifier, scope: ['read:orders'] })
  await create('client-grants', {
    client_id: worker.client_id,
    audience: `${server.origin}/api/v2/`,
    scope: ['read:roles', 'update:users'],
  })
  await create('client-grants', { client_id: shop.client_id, audience: 'urn:plain', allow_all_scopes: true })
  const staff = await create<{ id: string }>('connections', {
    name: 'Staff',
    strategy: 'auth0',
    options: { passwordPolicy: 'excellent', requires_username: true, mfa: { active: true } },
    enabled_clients: [shop.client_id, worker.client_id],
    metadata: { owner: 'hr' },
  })
  await create('connections', {
    name: 'partner-oidc',
    strategy: 'oidc',
    display_name: 'Partner',
    show_as_button: true,
    options: { type: 'back_channel', issuer: 'https://partner.example.com', scope: 'openid profile' },
    enabled_clients: [shop.client_id],
  })
  await create('organizations', {
    name: 'acme',
    display_name: 'Acme Inc.',
    branding: { logo_url: 'https://acme.example.com/logo.png', colors: { primary: '#ff0000' } },
    metadata: { plan: 'gold' },
    enabled_connections: [
      { connection_id: staff.id, assign_membership_on_login: true, is_signup_enabled: false },
    ],
  })
  await create('organizations', { name: 'empty', display_name: 'Empty' })
  await seedActions(server, create, change)
  await change('tenants/settings', {
    friendly_name: 'Orders Ltd.',
    support_email: 'help@example.com',
    session_lifetime: 12,
    idle_session_lifetime_in_minutes: 90,
    flags: { enable_sso: true, revoke_refresh_token_grant: false },
    enabled_locales: ['de'],
    allowed_logout_urls: ['https://shop.example.com'],
  })
}

/** Actions that are deployed and bound, and one that is a draft. */
const seedActions = async (
  server: TestServer,
  create: <T>(path: string, body: unknown) => Promise<T>,
  change: (path: string, body: unknown) => Promise<void>,
): Promise<void> => {
  const code =
    'exports.onExecutePostLogin = async (event, api) => {\n  api.idToken.setCustomClaim("a", 1)\n}\n'
  const login = [{ id: 'post-login', version: 'v3' }]
  const actions = [
    { name: 'First login', supported_triggers: login, code, secrets: [{ name: 'KEY', value: 'hidden' }] },
    { name: 'Second', supported_triggers: login, code, runtime: 'node18-actions' },
    { name: 'Draft', supported_triggers: [{ id: 'credentials-exchange', version: 'v2' }], code: '// later' },
  ]
  for (const action of actions) {
    const { id } = await create<{ id: string }>('actions/actions', action)
    for (let status = 'pending'; status !== 'built'; ) {
      const token = await server.token('every')
      const answer = await server.call('GET', `/api/v2/actions/actions/${id}`, { token })
      status = (answer.body as { status: string }).status
    }
    if (action.name !== 'Draft') await create(`actions/actions/${id}/deploy`, undefined)
  }
  const refs = ['Second', 'First login'].map((value) => ({ ref: { type: 'action_name', value } }))
  await change('actions/triggers/post-login/bindings', { bindings: refs })
}

describe('the unmodified deploy CLI', () => {
  let source: TestServer
  let target: TestServer
  let folder: string
  const path = (name: string) => join(folder, name)

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rolecall-deploy-cli-'))
    // From one engine to the other, so that whatever they would answer differently shows.
    source = await startServer({ engine: 'sqlite' })
    target = await startServer({ engine: 'postgres' })
    await seed(source)
  })
  after(async () => {
    await source?.close()
    await target?.close()
    await rm(folder, { recursive: true, force: true })
  })

  test('exports everything, imports it elsewhere, and finds no difference there', async () => {
    await run(source, 'dump', path('source'))
    await nameDomain(source, path('source'))

    await run(target, 'deploy', path('source'))
    await run(target, 'dump', path('target'))
    await nameDomain(target, path('target'))

    const [before, after] = [await filesOf(path('source')), await filesOf(path('target'))]
    assert.match(before.get('roles/Editor.json') ?? '', /write:orders/u)
    assert.match(before.get('organizations/acme.json') ?? '', /Staff/u)
    assert.match(before.get('actions/First login/code.js') ?? '', /setCustomClaim/u)
    assert.match(before.get('triggers/triggers.json') ?? '', /Second[\s\S]*First login/u)
    assert.deepEqual([...after.keys()], [...before.keys()])
    for (const [name, text] of after) assert.equal(text, before.get(name), name)
  })

  test('its own comparison of the files with the server shows what was changed since, and nothing else', async () => {
    const token = await target.token('every')
    const { body } = await target.call('GET', '/api/v2/clients?q=shop', { token })
    const [shop] = body as { client_id: string }[]
    const change = { body: { description: 'Changed elsewhere' }, token }
    assert.equal((await target.call('PATCH', `/api/v2/clients/${shop?.client_id}`, change)).status, 200)

    const preview = await run(target, 'deploy', path('source'), { AUTH0_DRY_RUN: true })

    const rows = preview.split('\n').filter((line) => /CREATE|UPDATE|DELETE/u.test(line))
    assert.equal(rows.length, 1, preview)
    assert.match(rows[0]!, /Clients .*UPDATE.* Shop/u)
  })
})
