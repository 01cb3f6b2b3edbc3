import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { systemActor } from '#core/actor.ts'
import { createApi } from '#core/apis/create.ts'
import { updateApi } from '#core/apis/update.ts'
import { defaultConnectionName } from '#core/connections/connection.ts'
import { listConnections } from '#core/connections/read.ts'
import { createInvitation } from '#core/invitations/create.ts'
import { mailSecretsContext } from '#core/mail/mail.ts'
import type { Run } from '#core/operation.ts'
import { putOrganizationConnection, updateOrganizationConnection } from '#core/organizations/connections.ts'
import { createOrganization } from '#core/organizations/create.ts'
import {
  addOrganizationMembers,
  listOrganizationMembers,
  removeOrganizationMembers,
} from '#core/organizations/members.ts'
import { updateRegistrationPolicy } from '#core/registration/policy.ts'
import { assignRoles } from '#core/roles/assign.ts'
import { createRole } from '#core/roles/create.ts'
import { addRolePermissions } from '#core/roles/permissions.ts'
import { scopeOf } from '#core/scope.ts'
import { updateSettings } from '#core/settings/settings.ts'
import { createUser } from '#core/users/create.ts'
import { updateUser } from '#core/users/update.ts'
import { administrator, engines, startServer, type TestServer } from './setting.ts'
import {
  addApplication,
  authorizePath,
  callback,
  claims,
  pkce,
  textOf,
  type Visitor,
  visitor,
} from './visitor.ts'

const system = systemActor('system')
const calendar = 'https://calendar.example.com/'
const password = 'A password of some length, 1'

for (const engine of engines) {
  describe(`people and their tokens (${engine})`, () => {
    let server: TestServer
    let run: Run
    let roles: { editor: string; reader: string; secret: string }
    before(async () => {
      server = await startServer({ engine })
      run = server.server.workspace.run
      await addApplication(server, { id: 'spa', kind: 'spa' })
      await addApplication(server, {
        id: 'cli',
        kind: 'native',
        grantTypes: [
          'password',
          'http://auth0.com/oauth/grant-type/password-realm',
          'http://auth0.com/oauth/grant-type/passwordless/otp',
          'urn:ietf:params:oauth:grant-type:device_code',
          'refresh_token',
        ],
      })
      await addApplication(server, { id: 'others', kind: 'spa', isFirstParty: false, name: 'Somebody Else' })
      const permissions = ['read:events', 'write:events', 'delete:events'].map((name) => ({
        name,
        description: '',
      }))
      await run(createApi, { identifier: calendar, permissions, allowsOfflineAccess: true }, system)
      const role = async (name: string, ...names: string[]) => {
        const { id } = await run(createRole, { name }, system)
        const refs = names.map((each) => ({ apiIdentifier: calendar, name: each }))
        await run(addRolePermissions, { roleId: id, permissions: refs }, system)
        return id
      }
      roles = {
        editor: await role('editor', 'read:events', 'write:events'),
        reader: await role('reader', 'read:events'),
        secret: await role('secret', 'delete:events'),
      }
    })
    after(() => server?.close())

    const api = (changes: object) => run(updateApi, { api: calendar, changes } as never, system)
    const { verifier, challenge } = pkce()
    const asked = {
      client_id: 'spa',
      audience: calendar,
      scope: 'openid email read:events write:events delete:events unknown:thing offline_access',
      code_challenge: challenge,
      code_challenge_method: 'S256',
    }
    const token = (body: object) => server.call('POST', '/oauth/token', { body })
    const exchange = async (away: URL | undefined, client_id = 'spa') => {
      const code = away?.searchParams.get('code')
      assert.ok(code, String(away))
      const body = {
        grant_type: 'authorization_code',
        client_id,
        code,
        redirect_uri: callback,
        code_verifier: verifier,
      }
      const answer = await token(body)
      assert.equal(answer.status, 200, answer.text)
      return answer.body as { access_token: string; refresh_token: string; id_token: string; scope: string }
    }
    let people = 0
    const person = async (...roleIds: string[]) => {
      const email = `person-${++people}@example.com`
      const user = await run(createUser, { email, password, connectionName: defaultConnectionName }, system)
      if (roleIds.length > 0) await run(assignRoles, { userIds: [user.id], roleIds }, system)
      return { id: user.id, email }
    }
    const signIn = async (
      email: string,
      more: Record<string, string> = {},
      browser: Visitor = visitor(server),
    ) => {
      const { page, away } = await browser.go(authorizePath({ ...asked, ...more }))
      if (away) return { away }
      return browser.submit(page!, { login: email, password })
    }
    /** What a mail to the address holds that only its reader may know. */
    const mailed = async (to: string, template: string): Promise<{ link?: string; code?: string }> => {
      const { store, services } = server.server.workspace
      const { items } = await store.reader.mails.list({ limit: 1000 })
      const mail = items.findLast((each) => each.to === to && each.template === template)
      assert.ok(mail?.sealedSecrets, `no mail ${template} to ${to}`)
      return JSON.parse(services.sealer.open(mail.sealedSecrets, mailSecretsContext(mail.id)))
    }

    test('somebody signs up choosing a permitted role, confirms by the mailed link, and his token holds the permissions', async () => {
      await api({ enforcesPermissions: true, tokenDialect: 'access_token_authz' })
      const changes = {
        emailConfirmation: 'first' as const,
        selectableRoles: [{ roleId: roles.editor, grant: 'immediate' as const }],
      }
      await run(updateRegistrationPolicy, { changes }, system)
      const browser = visitor(server)
      const { page } = await browser.go(authorizePath({ ...asked, screen_hint: 'signup' }))
      assert.match(page!.text, /type="radio" name="role"/)
      assert.doesNotMatch(page!.text, />secret</)
      const form = { email: 'eve@example.com', name: 'Eve', password, role: roles.editor }

      const tampered = await browser.submit(page!, { ...form, role: roles.secret })
      assert.equal(tampered.page?.status, 400)
      assert.match(textOf(tampered.page), /You can not choose/)
      for (const role of ['secret', 'admin', 'nobody knows']) {
        assert.equal((await browser.submit(page!, { ...form, role })).page?.status, 400, role)
      }
      const { reader } = server.server.workspace.store
      assert.equal(await reader.users.findByEmail(form.email), undefined, 'nothing was stored')

      const done = await browser.submit(page!, form)
      assert.match(textOf(done.page), /Check your mail/)
      const early = await signIn(form.email)
      assert.match(textOf(early.page), /Confirm your e-mail address first/)
      const { link } = await mailed(form.email, 'verify-email')
      const { pathname, search } = new URL(link!)
      const asks = await browser.go(pathname + search)
      assert.equal(
        (await reader.users.findByEmail(form.email))?.isEmailVerified,
        false,
        'a link alone does nothing',
      )
      assert.match(textOf((await browser.submit(asks.page!, {})).page), /Your address is confirmed/)
      const twice = await browser.submit(asks.page!, {})
      assert.equal(twice.page?.status, 400)

      const { access_token: access, scope } = await exchange((await signIn(form.email)).away)
      assert.deepEqual(claims(access).permissions, ['read:events', 'write:events'])
      assert.equal(scope, 'openid email read:events write:events offline_access')
      assert.deepEqual(claims(access).aud, [calendar, `${server.origin}/userinfo`])
      await run(updateRegistrationPolicy, { changes: { emailConfirmation: null } }, system)
    })

    test('200 people sign up at the same time, each choosing a role, and each gets just that', async () => {
      const changes = [roles.editor, roles.reader].map((roleId) => ({ roleId, grant: 'immediate' as const }))
      await run(updateRegistrationPolicy, { changes: { selectableRoles: changes } }, system)
      const chosen = Array.from({ length: 200 }, (_, at) => ({
        email: `many-${at}@example.com`,
        role: at % 2 === 0 ? 'editor' : 'reader',
      }))
      const body = { client_id: 'spa', connection: defaultConnectionName, password }
      const answers = await Promise.all(
        chosen.map(({ email, role }) =>
          server.call('POST', '/dbconnections/signup', { body: { ...body, email, roles: [role] } }),
        ),
      )
      const { reader } = server.server.workspace.store
      for (const [at, answer] of answers.entries()) {
        assert.equal(answer.status, 200, answer.text)
        const { _id: id } = answer.body as { _id: string }
        const held = await reader.assignments.effectiveRoles(id, ['workspace'], Date.now())
        assert.deepEqual(held.map(({ name }) => name).sort(), [chosen[at]!.role, 'user'].sort())
      }
      const same = await Promise.all(
        Array.from({ length: 200 }, () =>
          server.call('POST', '/dbconnections/signup', { body: { ...body, email: 'same@example.com' } }),
        ),
      )
      assert.equal(same.filter(({ status }) => status === 200).length, 1)
      const refused = same.find(({ status }) => status !== 200)
      assert.deepEqual(refused?.body, {
        name: 'BadRequestError',
        code: 'invalid_signup',
        description: 'Invalid sign up',
        statusCode: 400,
      })
      const named = { ...body, email: 'sly@example.com' }
      for (const more of [{ roles: ['secret'] }, { roles: ['admin'] }]) {
        const { status, body: said } = await server.call('POST', '/dbconnections/signup', {
          body: { ...named, ...more },
        })
        assert.deepEqual([status, (said as { code: string }).code], [400, 'invalid_role'])
      }
      assert.equal(await reader.users.findByEmail('sly@example.com'), undefined)
    })

    test('scopes and permissions in a token follow the settings of the API [row 11]', async () => {
      const { email } = await person(roles.reader)
      const browser = visitor(server)
      const rows = [
        [
          { enforcesPermissions: false, tokenDialect: 'access_token_authz' },
          'read:events write:events delete:events',
          undefined,
        ],
        [{ enforcesPermissions: true, tokenDialect: 'access_token' }, 'read:events', undefined],
        [{ enforcesPermissions: true, tokenDialect: 'access_token_authz' }, 'read:events', ['read:events']],
        [{ enforcesPermissions: true, tokenDialect: 'rfc9068_profile' }, 'read:events', undefined],
        [
          { enforcesPermissions: true, tokenDialect: 'rfc9068_profile_authz' },
          'read:events',
          ['read:events'],
        ],
      ] as const
      for (const [settings, scope, permissions] of rows) {
        await api(settings)
        const { access_token: access } = await exchange((await signIn(email, {}, browser)).away)
        const said = claims(access)
        const title = JSON.stringify(settings)
        assert.equal(said.scope, `openid email ${scope} offline_access`, title)
        assert.deepEqual(said.permissions, permissions, title)
        assert.equal(settings.tokenDialect.startsWith('rfc') ? said.client_id : said.azp, 'spa', title)
        assert.equal(typeof said.jti, settings.tokenDialect.startsWith('rfc') ? 'string' : 'undefined', title)
      }
      await api({ enforcesPermissions: true, tokenDialect: 'access_token_authz' })
      const all = await exchange((await signIn(email, { scope: 'openid' }, browser)).away)
      assert.deepEqual(claims(all.access_token).permissions, ['read:events'], 'whatever was asked for')
      const none = await exchange((await signIn((await person()).email)).away)
      assert.deepEqual(claims(none.access_token).permissions, [])
    })

    test('an API that names a claim for it is told the names of roles, until it wants no more [row 11]', async () => {
      const token = await server.token('every')
      const path = `/api/v2/resource-servers/${encodeURIComponent(calendar)}`
      const { email } = await person(roles.reader)
      const browser = visitor(server)
      const name = 'https://calendar.example.com/roles'
      const claimed = async (rolecall_roles_claim: string | null) => {
        const { status } = await server.call('PATCH', path, { token, body: { rolecall_roles_claim } })
        const { access_token: access } = await exchange((await signIn(email, {}, browser)).away)
        return [status, claims(access)[name]]
      }
      assert.deepEqual(await claimed(name), [200, ['reader']])
      assert.deepEqual(await claimed('sub'), [400, ['reader']], 'what means something else can not be taken')
      assert.deepEqual(await claimed(null), [200, undefined])
    })

    test('a role that is given or taken counts in the very next refresh', async () => {
      const { id, email } = await person()
      const first = await exchange((await signIn(email)).away)
      assert.deepEqual(claims(first.access_token).permissions, [])
      await run(assignRoles, { userIds: [id], roleIds: [roles.editor] }, system)
      const refreshed = await token({
        grant_type: 'refresh_token',
        client_id: 'spa',
        refresh_token: first.refresh_token,
      })
      assert.equal(refreshed.status, 200, refreshed.text)
      const second = refreshed.body as { access_token: string; refresh_token: string }
      assert.deepEqual(claims(second.access_token).permissions, ['read:events', 'write:events'])
      assert.equal(claims(second.access_token).scope, 'openid email read:events write:events offline_access')
      const narrowed = await token({
        grant_type: 'refresh_token',
        client_id: 'spa',
        refresh_token: second.refresh_token,
        scope: 'openid read:events',
      })
      assert.equal((narrowed.body as { scope: string }).scope, 'openid read:events')
    })

    test('who is blocked gets nothing more: no refresh, no silent sign-in, no answer about him', async () => {
      const { id, email } = await person(roles.reader)
      const browser = visitor(server)
      const tokens = await exchange((await signIn(email, {}, browser)).away)
      await run(updateUser, { userId: id, changes: { isBlocked: true } }, system)
      const refreshed = await token({
        grant_type: 'refresh_token',
        client_id: 'spa',
        refresh_token: tokens.refresh_token,
      })
      assert.deepEqual(
        [refreshed.status, refreshed.body],
        [403, { error: 'unauthorized', error_description: 'user is blocked' }],
      )
      assert.equal((await server.call('GET', '/userinfo', { token: tokens.access_token })).status, 401)
      const silent = await browser.go(authorizePath({ ...asked, prompt: 'none' }))
      assert.equal(silent.away?.searchParams.get('error'), 'login_required')
      assert.match(textOf((await signIn(email, {}, browser)).page), /This account is blocked/)
    })

    test('a new password ends sessions and refresh tokens of before', async () => {
      const { id, email } = await person()
      const browser = visitor(server)
      const tokens = await exchange((await signIn(email, {}, browser)).away)
      server.clock.now += 1000
      const page = await browser.go(authorizePath({ ...asked, prompt: 'login' }))
      const [forgot] = /\/u\/forgot\?state=[^"]+/u.exec(page.page!.text)!
      const form = await browser.go(forgot)
      assert.match(textOf((await browser.submit(form.page!, { email })).page), /Check your mail/)
      assert.match(
        textOf((await browser.submit(form.page!, { email: 'nobody@example.com' })).page),
        /Check your mail/,
      )
      const { pathname, search } = new URL((await mailed(email, 'reset-password')).link!)
      const reset = await browser.go(pathname + search)
      const differs = await browser.submit(reset.page!, {
        password: 'One new password, 2',
        repeated: 'another',
      })
      assert.equal(differs.page?.status, 400)
      const fields = { password: 'One new password, 2', repeated: 'One new password, 2' }
      assert.match(textOf((await browser.submit(reset.page!, fields)).page), /Your password was changed/)
      assert.equal((await browser.submit(reset.page!, fields)).page?.status, 400)
      const silent = await browser.go(authorizePath({ ...asked, prompt: 'none' }))
      assert.equal(silent.away?.searchParams.get('error'), 'login_required')
      const refreshed = await token({
        grant_type: 'refresh_token',
        client_id: 'spa',
        refresh_token: tokens.refresh_token,
      })
      assert.equal(refreshed.status, 403)
      assert.ok(id)
    })

    test('an organization makes members of those who come by a connection of which it says so', async () => {
      const { id, email } = await person(roles.reader)
      const { id: organizationId } = await run(
        createOrganization,
        { name: `open-${engine}`, displayName: 'Open' },
        system,
      )
      const wire = `org_${organizationId}`
      const isIn = async () =>
        (await run(listOrganizationMembers, { organizationId, listing: { limit: 10 } }, system)).items
          .length === 1
      const connections = await run(listConnections, { listing: { limit: 10 } }, system)
      const { id: connectionId } = connections.items.find(({ name }) => name === defaultConnectionName)!
      const key = { organizationId, connectionId }
      await run(putOrganizationConnection, key, system)
      const outside = await signIn(email, { organization: wire })
      assert.equal(outside.away?.searchParams.get('error'), 'access_denied')
      assert.equal(await isIn(), false)
      await run(updateOrganizationConnection, { ...key, assignsMembershipOnLogin: true }, system)
      for (const _time of ['first', 'second']) {
        const tokens = await exchange((await signIn(email, { organization: wire })).away)
        assert.equal(claims(tokens.access_token).org_id, wire)
        assert.equal(await isIn(), true)
        await run(removeOrganizationMembers, { organizationId, userIds: [id] }, system)
        const { refresh_token } = tokens
        const refreshed = await token({ grant_type: 'refresh_token', client_id: 'spa', refresh_token })
        assert.deepEqual([refreshed.status, await isIn()], [403, false], 'who was taken out stays out')
      }
    })

    test('with an organization only the roles held in it count, and only members get in', async () => {
      const { id, email } = await person(roles.reader)
      const organization = await run(
        createOrganization,
        { name: `acme-${engine}`, displayName: 'Acme' },
        system,
      )
      const wire = `org_${organization.id}`
      const outside = await signIn(email, { organization: wire })
      assert.equal(outside.away?.searchParams.get('error'), 'access_denied')
      await run(addOrganizationMembers, { organizationId: organization.id, userIds: [id] }, system)
      const scope = scopeOf('organization', organization.id)
      await run(assignRoles, { userIds: [id], roleIds: [roles.editor], scope }, system)
      for (const named of [wire, organization.name]) {
        const tokens = await exchange((await signIn(email, { organization: named })).away)
        const access = claims(tokens.access_token)
        assert.deepEqual(access.permissions, ['read:events', 'write:events'])
        assert.deepEqual([access.org_id, access.org_name], [wire, organization.name])
        assert.equal(claims(tokens.id_token).org_id, wire)
      }
      const plain = await exchange((await signIn(email)).away)
      assert.deepEqual(claims(plain.access_token).permissions, ['read:events'])
      const unknown = await visitor(server).go(authorizePath({ ...asked, organization: 'org_nowhere' }))
      assert.equal(unknown.away?.searchParams.get('error'), 'invalid_request')
    })

    test('the password grant, with the words of its refusals', async () => {
      const { email, id } = await person(roles.reader)
      const realm = {
        grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
        realm: defaultConnectionName,
      }
      const body = {
        ...realm,
        client_id: 'cli',
        username: email,
        password,
        audience: calendar,
        scope: 'openid read:events write:events offline_access',
      }
      const { status, body: answer, text } = await token(body)
      assert.equal(status, 200, text)
      const tokens = answer as {
        access_token: string
        id_token: string
        refresh_token: string
        scope: string
      }
      assert.equal(tokens.scope, 'openid read:events offline_access')
      assert.equal(claims(tokens.access_token).gty, 'password')
      assert.equal(claims(tokens.id_token).aud, 'cli')
      const refreshed = await token({
        grant_type: 'refresh_token',
        client_id: 'cli',
        refresh_token: tokens.refresh_token,
      })
      assert.deepEqual(claims((refreshed.body as typeof tokens).access_token).gty, [
        'refresh_token',
        'password',
      ])

      const refused = async (more: object, status: number, error: string, description: string) => {
        const answer = await token({ ...body, ...more })
        assert.deepEqual([answer.status, answer.body], [status, { error, error_description: description }])
      }
      await refused({ password: 'wrong' }, 403, 'invalid_grant', 'Wrong email or password.')
      await refused({ username: 'nobody@example.com' }, 403, 'invalid_grant', 'Wrong email or password.')
      await refused({ password: undefined }, 403, 'invalid_request', 'Missing required parameter: password')
      await refused(
        { audience: 'https://nowhere.example.com' },
        403,
        'access_denied',
        'Service not enabled within domain: https://nowhere.example.com',
      )
      await refused(
        { client_id: 'spa' },
        401,
        'invalid_client',
        `Grant type '${realm.grant_type}' needs client authentication.`,
      )
      const plain = { grant_type: 'password', realm: undefined }
      await refused(
        plain,
        500,
        'server_error',
        'Authorization server not configured with default connection.',
      )
      await run(
        updateSettings,
        { name: 'auth0-tenant', changes: { default_directory: defaultConnectionName } },
        system,
      )
      assert.equal((await token({ ...body, ...plain })).status, 200)
      await run(updateUser, { userId: id, changes: { isBlocked: true } }, system)
      await refused({}, 403, 'unauthorized', 'user is blocked')
    })

    test('a code by e-mail signs in, on the page and for programs', async () => {
      const { email } = await person(roles.reader)
      const browser = visitor(server)
      const page = await browser.go(authorizePath(asked))
      const [path] = /\/u\/code\?state=[^"]+/u.exec(page.page!.text)!
      const form = await browser.submit((await browser.go(path)).page!, { email })
      const wrong = await browser.submit(form.page!, { code: '000000' })
      assert.equal(wrong.page?.status, 400)
      const { code } = await mailed(email, 'sign-in-code')
      assert.ok(await exchange((await browser.submit(form.page!, { code: code! })).away))
      const started = await server.call('POST', '/passwordless/start', {
        body: { client_id: 'cli', connection: 'email', email, send: 'code', authParams: { scope: 'openid' } },
      })
      assert.equal(started.status, 200, started.text)
      const otp = (await mailed(email, 'sign-in-code')).code
      const body = {
        grant_type: 'http://auth0.com/oauth/grant-type/passwordless/otp',
        client_id: 'cli',
        username: email,
        realm: 'email',
        scope: 'openid',
      }
      assert.equal((await token({ ...body, otp })).status, 200)
      const again = await token({ ...body, otp })
      assert.deepEqual(again.body, {
        error: 'invalid_grant',
        error_description: 'Wrong email or verification code.',
      })
    })

    test('a device is connected with a code that somebody types elsewhere', async () => {
      const { email } = await person(roles.reader)
      const started = await server.call('POST', '/oauth/device/code', {
        body: { client_id: 'cli', scope: 'openid offline_access read:events', audience: calendar },
      })
      assert.equal(started.status, 200, started.text)
      const device = started.body as Record<string, string>
      assert.equal(device.verification_uri, `${server.origin}/activate`)
      assert.deepEqual([device.expires_in, device.interval], [900, 5])
      const poll = () =>
        token({
          grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
          client_id: 'cli',
          device_code: device.device_code,
        })
      const pending = await poll()
      assert.deepEqual(
        [pending.status, (pending.body as { error: string }).error],
        [403, 'authorization_pending'],
      )
      const browser = visitor(server)
      const { page: code } = await browser.go(
        new URL(device.verification_uri_complete!).pathname +
          new URL(device.verification_uri_complete!).search,
      )
      const wrong = await browser.submit(code!, { user_code: 'WRONG-CODE' })
      assert.match(textOf(wrong.page), /There is no such code/)
      const confirm = await browser.submit(wrong.page!, { user_code: device.user_code! })
      assert.match(textOf(confirm.page), /Is this the code on your device/)
      const login = await browser.submit(confirm.page!, { confirm: 'yes' })
      const done = await browser.submit(login.page!, { login: email, password })
      assert.match(textOf(done.page), /Your device is connected/)
      const { status, body, text } = await poll()
      assert.equal(status, 200, text)
      assert.equal((body as { scope: string }).scope, 'openid offline_access read:events')
      assert.equal((await poll()).status, 403)
    })

    test('an application of others has to be let in, once, and may be refused', async () => {
      const { email } = await person()
      const browser = visitor(server)
      const more = { client_id: 'others', scope: 'openid email' }
      const consent = await signIn(email, more, browser)
      assert.match(textOf(consent.page), /Let Somebody Else in\?/)
      const silent = await browser.go(authorizePath({ ...asked, ...more, prompt: 'none' }))
      assert.equal(silent.away?.searchParams.get('error'), 'consent_required')
      const refused = await browser.submit(consent.page!, { answer: 'no' })
      assert.equal(refused.away?.searchParams.get('error'), 'access_denied')
      const again = await browser.go(authorizePath({ ...asked, ...more }))
      const allowed = await browser.submit(again.page!, { answer: 'yes' })
      assert.ok(await exchange(allowed.away, 'others'))
      const later = await browser.go(authorizePath({ ...asked, ...more }))
      assert.ok(later.away?.searchParams.get('code'), 'it is asked once')
      const wider = await browser.go(authorizePath({ ...asked, ...more, scope: 'openid email profile' }))
      assert.match(textOf(wider.page), /see your name and picture/)
    })

    test('an invitation is accepted on the way in, with its roles in the very first token', async () => {
      const organization = await run(
        createOrganization,
        { name: `invited-${engine}`, displayName: 'Invited' },
        system,
      )
      const email = `guest-${engine}@example.com`
      const { secret } = await run(
        createInvitation,
        { organizationId: organization.id, inviterName: 'Ada', email, roles: [{ roleId: roles.editor }] },
        system,
      )
      const browser = visitor(server)
      const more = { invitation: secret, organization: `org_${organization.id}` }
      const { page } = await browser.go(authorizePath({ ...asked, ...more }))
      assert.match(textOf(page), /Ada invites you/)
      const { away, page: failed } = await browser.submit(page!, { password })
      assert.equal(textOf(failed), '')
      const { access_token: access } = await exchange(away)
      assert.deepEqual(claims(access).permissions, ['read:events', 'write:events'])
      const twice = await visitor(server).go(authorizePath({ ...asked, ...more }))
      assert.match(textOf(twice.page), /This link does not work/)
    })

    test('a user token works at the Management API for oneself, and for what his roles allow', async () => {
      const audience = `${server.origin}/api/v2/`
      const { id, email } = await person()
      const scope = 'openid read:current_user update:current_user_metadata read:users'
      const own = await exchange((await signIn(email, { audience, scope })).away)
      assert.equal(own.scope, 'openid read:current_user update:current_user_metadata')
      const get = (path: string, given: string) => server.call('GET', path, { token: given })
      assert.equal(
        (await get(`/api/v2/users/${encodeURIComponent(`auth0|${id}`)}`, own.access_token)).status,
        200,
      )
      const other = await person()
      assert.equal(
        (await get(`/api/v2/users/${encodeURIComponent(`auth0|${other.id}`)}`, own.access_token)).status,
        403,
      )
      const browser = visitor(server)
      const { page } = await browser.go(authorizePath({ ...asked, audience, scope }))
      const { away } = await browser.submit(page!, {
        login: administrator.email,
        password: administrator.password,
      })
      const root = await exchange(away)
      assert.equal(root.scope, scope)
      assert.equal((await get('/api/v2/users', root.access_token)).status, 200)
    })

    test('requests can be pushed ahead, and refresh tokens revoked', async () => {
      const { email } = await person()
      const pushed = await server.call('POST', '/oauth/par', {
        body: { ...asked, response_type: 'code', redirect_uri: callback },
      })
      assert.equal(pushed.status, 201, pushed.text)
      const { request_uri } = pushed.body as { request_uri: string }
      const browser = visitor(server)
      const { page } = await browser.go(
        `/authorize?${new URLSearchParams({ client_id: 'spa', request_uri })}`,
      )
      const tokens = await exchange((await browser.submit(page!, { login: email, password })).away)
      const revoke = (body: object) => server.call('POST', '/oauth/revoke', { body })
      for (const given of [tokens.refresh_token, 'unknown', tokens.access_token]) {
        const { status, text } = await revoke({ client_id: 'spa', token: given })
        assert.deepEqual([status, text], [200, ''])
      }
      const refreshed = await token({
        grant_type: 'refresh_token',
        client_id: 'spa',
        refresh_token: tokens.refresh_token,
      })
      assert.equal(refreshed.status, 403)
    })

    test('an address is kept in lower case, however it was written when somebody signed up', async () => {
      const email = `Upper-${engine}@Example.com`
      const body = { client_id: 'spa', connection: defaultConnectionName, email, password }
      const answer = await server.call('POST', '/dbconnections/signup', { body })
      assert.equal((answer.body as { email: string }).email, email.toLowerCase(), answer.text)
    })

    test('a request object is refused rather than passed over (OpenID Connect Core §6.1)', async () => {
      const { away } = await visitor(server).go(
        authorizePath({ ...asked, state: 'its', request: 'e30.e30.' }),
      )
      assert.deepEqual(
        [away?.searchParams.get('error'), away?.searchParams.get('state')],
        ['request_not_supported', 'its'],
      )
    })

    test('forgotten passwords and taken addresses: the same answer for whoever is there and who is not', async () => {
      const { email } = await person()
      const body = { client_id: 'spa', connection: defaultConnectionName }
      const [known, unknown] = await Promise.all(
        [email, 'nobody-at-all@example.com'].map((each) =>
          server.call('POST', '/dbconnections/change_password', { body: { ...body, email: each } }),
        ),
      )
      assert.deepEqual(
        [known!.status, known!.text],
        [200, "We've just sent you an email to reset your password."],
      )
      assert.deepEqual([unknown!.status, unknown!.text], [known!.status, known!.text])
      assert.ok((await mailed(email, 'reset-password')).link)
    })
  })
}
