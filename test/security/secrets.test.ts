import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { systemActor } from '#core/actor.ts'
import { impliedBy, managementApiId } from '#core/apis/built-in.ts'
import { managementPermissions } from '#core/apis/management.ts'
import { createApplication } from '#core/applications/create.ts'
import { createInvitation } from '#core/invitations/create.ts'
import { createUser } from '#core/users/create.ts'
import { administrator, operator } from '#test/harness/server.ts'
import { changedTables, type SweptServer, startSwept } from './sweep.ts'

const system = systemActor('system')

describe('secrets [row 26]', () => {
  let server: SweptServer
  /** Known to the test, so that it can look for them. */
  let secrets: readonly string[]
  before(async () => {
    server = await startSwept({ ROLECALL_API_KEY: 'api-key-of-default-0123456789' })
    const { run, store } = server.server.workspace
    const application = await run(createApplication, { name: 'keeps secrets', apiKey: true }, system)
    const { secret: invitation } = await run(
      createInvitation,
      { inviterName: 'A', email: 'b@example.com' },
      system,
    )
    await run(createUser, { username: 'keeper', password: 'Correct horse of keeper 9' }, system)
    const keys = await store.reader.signingKeys.list({ limit: 10 })
    const applications = await store.reader.applications.list({ limit: 100 })
    const users = await store.reader.users.list({ limit: 1000 })
    secrets = [
      application.secret!,
      application.apiKey!,
      invitation,
      operator.secret,
      administrator.password,
      'api-key-of-default-0123456789',
      'Correct horse of keeper 9',
      '$argon2',
      ...keys.items.map(({ sealedPrivateJwk }) => sealedPrivateJwk),
      ...applications.items.flatMap(({ sealedSecret, sealedApiKey, apiKeyDigest }) => [
        sealedSecret,
        sealedApiKey,
        apiKeyDigest,
      ]),
      ...users.items.map(({ passwordHash }) => passwordHash),
    ].filter((secret) => secret !== undefined)
  })
  after(() => server?.close())

  const leaks = async (token: string, hidden: readonly string[]): Promise<string[]> => {
    const found: string[] = []
    for (const { method, path, url } of server.routes) {
      if (method !== 'GET') continue
      for (const address of [
        path,
        `${path}?fields=client_secret,passwordHash,sealed_secret&include_fields=true`,
      ]) {
        const { text } = await server.call('GET', address, { token })
        if (hidden.some((secret) => text.includes(secret))) found.push(url)
        if (/"(?:d|dp|dq|qi|p|q)":"[\w-]{20,}"|PRIVATE KEY/u.test(text)) found.push(`${url} (a private key)`)
      }
    }
    return found
  }

  test('no answer to a reader without the right to see secrets holds one', async () => {
    const showing = new Set(
      (['applications:read-secrets', 'applications:update-secrets'] as const).flatMap((permission) =>
        impliedBy(managementApiId, permission),
      ),
    )
    const scopes = managementPermissions.map(({ name }) => name).filter((name) => !showing.has(name))
    assert.deepEqual(await leaks(await server.token(...scopes), secrets), [])
  })

  test('nobody at all is shown a password, a private key, an invitation or how something is kept', async () => {
    const shown = new Set([secrets[0], secrets[1], operator.secret, 'api-key-of-default-0123456789'])
    const hidden = secrets.filter((secret) => !shown.has(secret))
    assert.ok(hidden.length > 30)
    assert.deepEqual(await leaks(await server.token('every'), hidden), [])
  })

  test('the events that tell of it hold none', async () => {
    const events = server.rows().get('events') ?? ''
    assert.ok(events.includes('application.created'))
    for (const secret of secrets) assert.equal(events.includes(secret), false)
  })

  test('no secret stands in the database as it is', async () => {
    const kept = [...server.rows().values()].join('\n')
    const plain = [
      secrets[0]!,
      secrets[1]!,
      secrets[2]!,
      operator.secret,
      administrator.password,
      'api-key-of-default-0123456789',
      'Correct horse of keeper 9',
    ]
    for (const secret of plain) assert.equal(kept.includes(secret), false)
    assert.deepEqual(changedTables(server.rows(), server.rows()), [])
  })
})
