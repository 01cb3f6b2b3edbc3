import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { systemActor } from '#core/actor.ts'
import { createApi } from '#core/apis/create.ts'
import { equal } from '#core/listing.ts'
import { createRole } from '#core/roles/create.ts'
import { addRolePermissions } from '#core/roles/permissions.ts'
import { createUser } from '#core/users/create.ts'
import { engines } from '#test/harness/scenario.ts'
import { startServer, type TestServer } from '#test/harness/server.ts'
import { addApplication, claims } from '#test/oidc/visitor.ts'
import { bindAction, done, signInTo, unbindAll } from './given.ts'

const system = systemActor('system')
const password = 'Correct-horse-1'
const audience = 'https://orders.example.com/'
let made = 0

for (const engine of engines) {
  describe(`Actions around sign-in (${engine})`, () => {
    let server: TestServer
    let roleId: string
    before(async () => {
      server = await startServer({ engine })
      const { run } = server.server.workspace
      await addApplication(server, { id: 'spa', kind: 'spa' })
      const api = await run(
        createApi,
        {
          identifier: audience,
          name: 'Orders',
          permissions: [{ name: 'read:orders' }, { name: 'write:orders' }],
          enforcesPermissions: true,
          tokenDialect: 'access_token_authz',
        },
        system,
      )
      const role = await run(createRole, { name: 'buyer' }, system)
      roleId = role.id
      const permissions = [{ apiId: api.id, name: 'read:orders' }]
      await run(addRolePermissions, { roleId, permissions }, system)
    })
    after(() => server?.close())
    afterEach(async () => {
      for (const trigger of ['post-login', 'credentials-exchange']) await unbindAll(server, trigger)
    })

    const newUser = async () => {
      const email = `buyer-${++made}@example.com`
      const { run } = server.server.workspace
      const connectionName = 'Username-Password-Authentication'
      return { email, ...(await run(createUser, { email, password, connectionName }, system)) }
    }
    const signIn = (email: string) => signInTo(server, { email, password, audience })

    test('a role that an Action gives over the API is in the very token that is being issued', async () => {
      const { id, secret } = await server.client('update:users', 'read:roles')
      await bindAction(
        server,
        'post-login',
        `exports.onExecutePostLogin = async (event, api) => {
          if (event.stats.logins_count !== 1) return
          const { domain, clientId, clientSecret } = event.secrets
          const json = { 'content-type': 'application/json' }
          const answer = await fetch('https://' + domain + '/oauth/token', { method: 'POST', headers: json, body: JSON.stringify({
            grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, audience: 'https://' + domain + '/api/v2/' }) })
          const { access_token: token } = await answer.json()
          const done = await fetch('https://' + domain + '/api/v2/users/' + encodeURIComponent(event.user.user_id) + '/roles', {
            method: 'POST', headers: { ...json, authorization: 'Bearer ' + token }, body: JSON.stringify({ roles: ['rol_${roleId}'] }) })
          console.log(done.status, event.authorization.roles.length)
        }`,
        {
          secrets: [
            { name: 'domain', value: server.domain },
            { name: 'clientId', value: id },
            { name: 'clientSecret', value: secret },
          ],
        },
      )
      const { email } = await newUser()
      const first = await signIn(email)
      assert.deepEqual(first.access?.permissions, ['read:orders'])
      assert.equal(first.access?.scope, 'openid profile read:orders')
    })

    test('claims, scopes and metadata that an Action asks for are in the tokens and kept, and claims gone with it [row 11]', async () => {
      await bindAction(
        server,
        'post-login',
        `exports.onExecutePostLogin = async (event, api) => {
          api.idToken.setCustomClaim('https://x.example.com/plan', event.user.app_metadata.plan ?? 'none')
          api.accessToken.setCustomClaim('team', 'red').accessToken.setCustomClaim('sub', 'somebody else')
          api.accessToken.removeScope('profile')
          api.user.setAppMetadata('seen', event.stats.logins_count)
        }`,
      )
      const { email, id } = await newUser()
      const { access, id: idToken } = await signIn(email)
      assert.equal(idToken?.['https://x.example.com/plan'], 'none')
      assert.equal(access?.team, 'red')
      assert.equal(access?.sub, `auth0|${id}`)
      assert.equal(String(access?.scope).includes('profile'), false)
      const user = await server.server.workspace.store.reader.users.find(id)
      assert.deepEqual(user?.appMetadata, { seen: 1 })
      await unbindAll(server, 'post-login')
      const after = await signIn(email)
      assert.deepEqual([after.id?.['https://x.example.com/plan'], after.access?.team], [undefined, undefined])
    })

    for (const [title, code, reason] of [
      ['denies', "api.access.deny('not you')", /^not you$/u],
      ['throws', "throw new Error('broken script')", /broken script/u],
      [
        'asks for what there is not',
        "api.multifactor.enable('any')",
        /multifactor\.enable is not supported/u,
      ],
    ] as const) {
      test(`an Action that ${title} refuses the sign-in, and no token is issued`, async () => {
        await bindAction(
          server,
          'post-login',
          `exports.onExecutePostLogin = async (event, api) => { ${code} }`,
        )
        const { email } = await newUser()
        const { away, access } = await signIn(email)
        assert.equal(access, undefined)
        assert.equal(away?.searchParams.get('error'), 'access_denied')
        assert.match(away?.searchParams.get('error_description') ?? '', reason)
      })
    }

    test('an Action that revokes a session or a refresh token ends it for good', async () => {
      const { run, store } = server.server.workspace
      const { email, id: userId } = await newUser()
      const sessions = async () =>
        (await store.reader.sessions.list({ filter: equal('userId', userId), limit: 9 })).items.length
      await run(
        createApi,
        { identifier: `https://offline.example.com/${engine}`, name: 'Offline', allowsOfflineAccess: true },
        system,
      )
      const asked = { audience: `https://offline.example.com/${engine}`, scope: 'openid offline_access' }
      const { refresh } = await signInTo(server, { email, password, ...asked })
      assert.equal(await sessions(), 1)
      const exchange = () =>
        server.call('POST', '/oauth/token', {
          body: { grant_type: 'refresh_token', client_id: 'spa', refresh_token: refresh! },
        })
      await bindAction(
        server,
        'post-login',
        "exports.onExecutePostLogin = async (event, api) => { api.refreshToken.revoke('over') }",
      )
      const denied = await exchange()
      assert.deepEqual([denied.status, (denied.body as { error: string }).error], [403, 'access_denied'])
      assert.equal(await sessions(), 0)
      const { away } = await signInTo(server, { email, password, ...asked })
      assert.equal(away?.searchParams.get('error_description'), 'over')
      assert.equal(await sessions(), 0)
      await unbindAll(server, 'post-login')
      const again = await exchange()
      assert.deepEqual([again.status, (again.body as { error: string }).error], [403, 'invalid_grant'])
    })

    test('whom an Action denies does not become a member of the organization by signing in', async () => {
      const connections = await done<{ id: string }[]>(server, 'GET', '/api/v2/connections?strategy=auth0')
      const { id: organization } = await done<{ id: string }>(server, 'POST', '/api/v2/organizations', {
        name: `joining-${engine}`,
        enabled_connections: [{ connection_id: connections[0]!.id, assign_membership_on_login: true }],
      })
      const { email } = await newUser()
      const members = () => done<unknown[]>(server, 'GET', `/api/v2/organizations/${organization}/members`)
      await bindAction(
        server,
        'post-login',
        "exports.onExecutePostLogin = async (event, api) => { api.access.deny('not you') }",
      )
      const { away } = await signInTo(server, { email, password, audience, organization })
      assert.equal(away?.searchParams.get('error_description'), 'not you')
      assert.deepEqual(await members(), [])
      await unbindAll(server, 'post-login')
      const { access } = await signInTo(server, { email, password, audience, organization })
      assert.equal(access?.org_id, organization)
      assert.equal((await members()).length, 1)
    })

    test('an Action of the credentials exchange adds claims, chooses among what was granted, and denies', async () => {
      const { id: clientId, secret: clientSecret } = await server.client('read:users', 'read:roles')
      const ask = () =>
        server.call('POST', '/oauth/token', {
          body: {
            grant_type: 'client_credentials',
            client_id: clientId,
            client_secret: clientSecret,
            audience: `${server.origin}/api/v2/`,
          },
        })
      await bindAction(
        server,
        'credentials-exchange',
        `exports.onExecuteCredentialsExchange = async (event, api) => {
          if (event.client.client_id !== '${clientId}') return
          api.accessToken.setCustomClaim('https://x.example.com/a', event.resource_server.identifier)
          api.transaction.removeTargetScope('read:users')
          api.transaction.addTargetScope('delete:users')
        }`,
      )
      const { body } = await ask()
      const token = claims((body as { access_token: string }).access_token)
      assert.equal(token.scope, 'read:roles')
      assert.ok(token['https://x.example.com/a'])
      await unbindAll(server, 'credentials-exchange')
      await bindAction(
        server,
        'credentials-exchange',
        `exports.onExecuteCredentialsExchange = async (event, api) => {
          if (event.client.client_id === '${clientId}') api.access.deny('invalid_scope', 'not this one')
        }`,
      )
      const denied = await ask()
      assert.equal(denied.status, 400)
      assert.deepEqual(denied.body, { error: 'invalid_scope', error_description: 'not this one' })
    })

    test('an Action that asks for tokens within the exchange of tokens comes to an end', async () => {
      const { id: clientId, secret: clientSecret } = await server.client('read:users')
      await bindAction(
        server,
        'credentials-exchange',
        `exports.onExecuteCredentialsExchange = async (event) => {
          if (event.client.client_id !== '${clientId}') return
          const answer = await fetch('https://${server.domain}/oauth/token', {
            method: 'POST', headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ grant_type: 'client_credentials', client_id: '${clientId}',
              client_secret: event.secrets.secret, audience: 'https://${server.domain}/api/v2/' }) })
          if (!answer.ok) throw new Error(await answer.text())
        }`,
        { secrets: [{ name: 'secret', value: clientSecret }] },
      )
      const answer = await server.call('POST', '/oauth/token', {
        body: {
          grant_type: 'client_credentials',
          client_id: clientId,
          client_secret: clientSecret,
          audience: `${server.origin}/api/v2/`,
        },
      })
      assert.equal(answer.status, 403, answer.text)
      assert.match(answer.text, /deep/u)
    })
  })
}
