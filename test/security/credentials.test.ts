import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { systemActor } from '#core/actor.ts'
import { impliedBy, managementApiId } from '#core/apis/built-in.ts'
import { managementPermissions } from '#core/apis/management.ts'
import { createInvitation } from '#core/invitations/create.ts'
import { createOrganization } from '#core/organizations/create.ts'
import { addOrganizationMembers } from '#core/organizations/members.ts'
import { allPermissions, type Permission } from '#core/permissions.ts'
import type { Access } from '#http/access.ts'
import {
  base,
  give,
  makeApi,
  makeRole,
  makeUser,
  tokenOf,
  tokenOfPerson,
} from '#test/dialects/native/made.ts'
import { type Answer, operator } from '#test/harness/server.ts'
import {
  changedTables,
  doorOf,
  faultOfAnswer,
  isMutating,
  type SweptRoute,
  type SweptServer,
  startSwept,
} from './sweep.ts'

const system = systemActor('system')

const readScopes = managementPermissions
  .map(({ name }) => name)
  .filter((name) => name.startsWith('read:') && !name.includes('current_user'))

/** Whether a token with these scopes of the Management API is what the route asks for, in either door's words. */
const suffices = (access: Access, held: readonly string[]): boolean => {
  if (!('tokenScopes' in access)) return 'anonymous' in access
  const isHeld = (name: string) =>
    held.includes(name) ||
    impliedBy(managementApiId, name as Permission).some((scope) => held.includes(scope))
  return access.match === 'all' ? access.tokenScopes.every(isHeld) : access.tokenScopes.some(isHeld)
}

/** Who a caller could say that he is, wherever somebody might look for it. */
const identities = {
  id: 'root',
  userId: 'root',
  user_id: 'auth0|root',
  sub: 'auth0|root',
  actor: { kind: 'system', id: 'system' },
  client_id: operator.id,
  client_secret: 'guess',
  email: 'root@example.com',
  username: 'root',
  isAdmin: true,
  is_sys_admin: true,
  roles: ['admin'],
  token: 'x',
  access_token: 'x',
  api_key: 'x',
}

const identityHeaders = {
  cookie: 'session=root; userId=root; rc_uid=root; rc_token=x',
  'x-user-id': 'root',
  'x-auth-token': 'x',
  'x-forwarded-user': 'root',
  'x-remote-user': 'root',
  'x-dreamfactory-session-token': 'x',
  'x-dreamfactory-api-key': 'x',
  'x-forwarded-for': '127.0.0.1',
  'x-original-url': '/healthz',
  'x-http-method-override': 'GET',
}

const withIdentities = (path: string): string => {
  const query = Object.entries(identities).map(([name, value]): [string, string] => [name, String(value)])
  return `${path}?${new URLSearchParams(query)}`
}

/** The answer, without the ids that it repeats. */
const withoutIds = ({ status, text }: Answer, path: string) => {
  const ids = path
    .split('/')
    .map(decodeURIComponent)
    .filter((segment) => /\d/u.test(segment) && segment.length > 2)
  const bare = (id: string) => id.replace(/^(?:auth0\||rol_|org_|con_)/u, '')
  return [status, ids.reduce((left, id) => left.replaceAll(id, '…').replaceAll(bare(id), '…'), text)]
}

describe('credentials', () => {
  let server: SweptServer
  before(async () => {
    server = await startSwept()
  })
  after(() => server?.close())

  type Ask = { token?: string; headers?: Record<string, string>; path?: string; body?: unknown }

  /** Calls the routes, and returns those that were not refused in one of these ways. */
  const open = async (
    routes: readonly SweptRoute[],
    statuses: readonly number[],
    ask: (route: SweptRoute) => Ask,
  ): Promise<string[]> => {
    const rows = server.rows()
    const found: string[] = []
    for (const route of routes) {
      const { path = route.path, body = route.sample, ...rest } = ask(route)
      // Whoever replaces a set must say which; that must not be what he is refused for.
      const headers = { 'if-match': '"0"', ...rest.headers }
      const answer = await server.call(route.method, path, { body, ...rest, headers })
      const fault = faultOfAnswer(route.path, answer)
      // DreamFactory's clients are told with 400 that they showed no credential at all.
      const isNobody = doorOf(route.url) === 'dreamfactory' && answer.status === 400
      if (!(statuses.includes(answer.status) || isNobody) || fault)
        found.push(`${route.method} ${route.url} ${answer.status} ${fault}`)
    }
    assert.deepEqual(changedTables(rows, server.rows()), [], 'something was stored')
    assert.ok(routes.length > 50, `${routes.length} routes`)
    return found
  }

  const guarded = () => server.routes.filter(({ access }) => !('anonymous' in access))
  /** Where bearer tokens are the credential. */
  const byToken = () => guarded().filter(({ url }) => ['native', 'auth0'].includes(doorOf(url)))
  const mutating = () => byToken().filter(isMutating)

  test('nobody gets in by saying who he is, in body, query, headers or cookies [row 19]', async () => {
    const found = await open(guarded(), [401], ({ path, sample }) => ({
      headers: identityHeaders,
      path: withIdentities(path),
      body: sample && { ...(sample as object), ...identities },
    }))
    assert.deepEqual(found, [])
  })

  test('a credential that can only read changes nothing, on any route that asks for more [row 21]', async () => {
    const token = await server.token(...readScopes)
    // Asking changes nothing, everybody may end what he began, and an invitation is for whoever holds its code.
    const asks = ({ url }: SweptRoute) =>
      url.startsWith('/access/v1/') ||
      ['/session', '/invitations/accept'].some((end) => url.endsWith(`/v1${end}`))
    const routes = mutating().filter((route) => !suffices(route.access, readScopes) && !asks(route))
    assert.deepEqual(await open(routes, [403, 404], () => ({ token })), [])
  })

  test('a credential of each kind that lacks the right changes nothing [row 21]', async () => {
    const userId = await makeUser(server)
    const token = await server.token('every')
    const api = await makeApi(server, 'read:users', 'users:read')
    const grant = { applicationId: operator.id, api: api.identifier, permissions: ['read:users'] }
    await server.call('POST', '/api/rolecall/v1/client-grants', { token, body: grant })
    const weak: Record<string, string> = {
      'a machine without scopes': await server.token(),
      'a person without roles': await tokenOfPerson(server, userId, { scope: allPermissions.join(' ') }),
      'a person without scopes': await tokenOfPerson(server, userId),
      'a machine with a token for another API': await tokenOf(server, operator, api.identifier),
      'a person whose token has ended': await tokenOfPerson(server, userId, { lifetimeSeconds: -1 }),
    }
    for (const [name, weakToken] of Object.entries(weak)) {
      const own = (path: string) => path.includes(userId)
      const routes = mutating().filter(({ path, access }) => 'tokenScopes' in access && !own(path))
      assert.deepEqual(await open(routes, [400, 401, 403], () => ({ token: weakToken })), [], name)
    }
  })

  test('a token whose grant was taken away is good for nothing, whatever it says [row 24]', async () => {
    const client = await server.client(...managementPermissions.map(({ name }) => name))
    const token = await tokenOf(server, client)
    await server.server.workspace.store.write(
      async (tx) => void (await tx.clientGrants.remove(`grant-${client.id}`)),
    )
    // What has no meaning here is answered politely, and changes nothing for anybody.
    const polite =
      /^\/api\/v2\/(?:guardian|branding|prompts|attack-protection|risk-assessments|supplemental-signals)\b/u
    const routes = mutating().filter(
      ({ access, body, url }) => 'tokenScopes' in access && body && !polite.test(url),
    )
    const found = await open(routes, [400, 403, 404, 409], () => ({ token }))
    assert.deepEqual(found, [])
  })

  test('a token cut off at any length, or with more behind it, opens nothing in either door [row 14]', async () => {
    const token = await server.token('read:roles')
    const paths = ['/api/v2/roles', '/api/rolecall/v1/roles']
    for (const path of paths) assert.equal((await server.call('GET', path, { token })).status, 200)
    for (let length = 0; length < token.length; length += 1) {
      const path = paths[length % 2]!
      const { status } = await server.call('GET', path, {
        headers: { authorization: `Bearer ${token.slice(0, length)}` },
      })
      assert.ok(status === 400 || status === 401, `${path} ${length}: ${status}`)
    }
    for (const bad of [
      `${token}A`,
      `${token}.`,
      `${token}=`,
      `${token}.${token}`,
      `${token},${token}`,
      `${token} ${token}`,
    ]) {
      for (const path of paths) {
        const { status } = await server.call('GET', path, { headers: { authorization: `Bearer ${bad}` } })
        assert.ok(status === 400 || status === 401, `${path}: ${status}`)
      }
    }
  })

  test('a token for another API opens no route, and what others issued stands for no sign-in [row 22]', async () => {
    const api = await makeApi(server, 'read:users', 'users:read')
    const grant = { applicationId: operator.id, api: api.identifier, permissions: ['read:users'] }
    const granted = await server.call('POST', `${base}/client-grants`, {
      token: await server.token('every'),
      body: grant,
    })
    assert.equal(granted.status, 201, granted.text)
    const foreign = await tokenOf(server, operator, api.identifier)
    const reading = byToken().filter((route) => !isMutating(route))
    assert.deepEqual(await open(reading, [401], () => ({ token: foreign })), [])
    const taken: string[] = []
    const jwt = 'urn:ietf:params:oauth:token-type:jwt'
    const given = { subject_token: foreign, assertion: foreign, client_assertion: foreign, id_token: foreign }
    for (const [path, body] of [
      ...[
        'urn:ietf:params:oauth:grant-type:token-exchange',
        'urn:ietf:params:oauth:grant-type:jwt-bearer',
        'http://auth0.com/oauth/grant-type/token-exchange/federated-connection-access-token',
      ].map((grant_type) => [
        '/oauth/token',
        {
          ...given,
          grant_type,
          client_id: operator.id,
          client_secret: operator.secret,
          subject_token_type: jwt,
          audience: api.identifier,
        },
      ]),
      [
        '/oauth/token',
        {
          grant_type: 'client_credentials',
          client_id: operator.id,
          client_assertion: foreign,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          audience: api.identifier,
        },
      ],
      ['/api/v1/login', { serviceName: 'google', accessToken: foreign, idToken: foreign, expiresIn: 3600 }],
      ['/api/v1/login', { resume: foreign }],
      ['/api/v2/user/session', { service: 'google', access_token: foreign, id_token: foreign }],
      ['/api/v2/user/session', { session_token: foreign }],
    ] as [path: string, body: object][]) {
      const { status, text } = await server.call('POST', path, { body })
      if (status < 400 || status >= 500) taken.push(`${path} ${JSON.stringify(body)}: ${status} ${text}`)
    }
    const headers = {
      'x-dreamfactory-session-token': foreign,
      'x-auth-token': foreign,
      'x-user-id': `${operator.id}@clients`,
    }
    for (const path of ['/api/v2/system/user', '/api/v1/users.list']) {
      const { status, text } = await server.call('GET', path, { headers })
      if (status < 400 || status >= 500) taken.push(`${path}: ${status} ${text}`)
    }
    assert.deepEqual(taken, [])
  })

  test('who may only read one organization reads nothing of another, on any route of either door [rows 9 and 12]', async () => {
    const { run } = server.server.workspace
    const reads = allPermissions.filter((name) => name.endsWith(':read'))
    const roleId = await makeRole(server, { permissions: reads })
    const reader = await makeUser(server)
    const made = async (word: string, people: string[]) => {
      const [username, email] = [`${word}-member`, `${word}-guest@example.com`]
      const organization = await run(createOrganization, { name: `${word}-inc`, displayName: word }, system)
      const member = await makeUser(server, { username, email: `${username}@example.com` })
      const input = { organizationId: organization.id, userIds: [member, ...people] }
      await run(addOrganizationMembers, input, system)
      await give(server, member, roleId, { scope: `organization:${organization.id}` })
      const invited = { organizationId: organization.id, inviterName: word, email }
      const invitation = await run(createInvitation, invited, system)
      return { organizations: organization.id, members: member, users: member, invitations: invitation.id }
    }
    const [own, theirs] = [await made('heron', [reader]), await made('zebra', [])]
    await give(server, reader, roleId, { scope: `organization:${own.organizations}` })
    const tokens = {
      native: await tokenOfPerson(server, reader, { scope: allPermissions.join(' ') }),
      auth0: await tokenOfPerson(server, reader, {
        scope: readScopes.join(' '),
        audience: `${server.origin}/api/v2/`,
      }),
    }
    /** The address of a route over things of an organization, in the words of its door. */
    const over = ({ url, path }: SweptRoute, ids: Record<string, string>) => {
      const wire = { organizations: 'org_', members: 'auth0|', users: 'auth0|', invitations: 'uinv_' }
      const [names, swept] = [url.split('/'), path.split('/')]
      const filled = names.map((name, at) => {
        const kind = names[at - 1] as keyof typeof wire
        if (!name.startsWith(':') || !(kind in wire)) return swept[at]
        return encodeURIComponent(`${doorOf(url) === 'auth0' ? wire[kind] : ''}${ids[kind]}`)
      })
      const scope = new URLSearchParams({ scope: `organization:${ids.organizations}` })
      return names.some((name) => name.startsWith(':')) || doorOf(url) === 'auth0'
        ? [filled.join('/')]
        : [path, `${path}?${scope}`]
    }
    const told: string[] = []
    const shown = new Set<string>()
    // Rooms are the workspace's, and a channel shows to everybody who is in it.
    for (const route of byToken().filter((each) => !isMutating(each) && !each.url.includes('/rooms/'))) {
      const token = tokens[doorOf(route.url) as keyof typeof tokens]
      for (const path of over(route, theirs)) {
        const answer = await server.call('GET', path, { token })
        const fault = faultOfAnswer(path, answer)
        if (fault || answer.text.includes('zebra'))
          told.push(`${path} ${answer.status} ${fault ?? answer.text}`)
        const isInside = /\/organizations\/:\w+/u.test(route.url)
        if (isInside && ![403, 404].includes(answer.status)) told.push(`${path} ${answer.status}`)
      }
      for (const path of over(route, own)) {
        const { text } = await server.call('GET', path, { token })
        if (text.includes('heron')) shown.add(`${doorOf(route.url)} ${route.url}`)
      }
    }
    assert.deepEqual(told, [])
    assert.ok(shown.size >= 8, `what is his own is shown: ${[...shown].join(', ')}`)
  })

  test('what somebody may not see is refused alike, whether it is there or not [row 29]', async () => {
    const token = await server.token()
    const person = await tokenOfPerson(server, await makeUser(server), { scope: allPermissions.join(' ') })
    for (const { method, url, path, access, sample: body } of byToken()) {
      if (!url.includes(':') || !('tokenScopes' in access)) continue
      const absent = url.replaceAll(/:\w+/gu, 'a0b1c2d3e4f5a6b7c8d9e0f1')
      for (const credential of [token, person]) {
        const [there, not] = [
          await server.call(method, path, { token: credential, body }),
          await server.call(method, absent, { token: credential, body }),
        ]
        assert.deepEqual(withoutIds(there, path), withoutIds(not, absent), `${method} ${url}`)
      }
    }
  })

  test('an unknown client, a wrong secret and a missing one are told alike [row 29]', async () => {
    const ask = async (body: object) => {
      const answer = await server.call('POST', '/oauth/token', {
        body: { grant_type: 'client_credentials', ...body },
      })
      return [answer.status, answer.body]
    }
    const audience = `${server.origin}/api/v2/`
    const unknown = await ask({ client_id: 'nobody', client_secret: 'x', audience })
    assert.deepEqual(await ask({ client_id: operator.id, client_secret: 'x', audience }), unknown)
    assert.deepEqual(await ask({ client_id: operator.id, audience }), unknown)
    assert.deepEqual(
      await ask({ client_id: operator.id, client_secret: `${operator.secret}x`, audience }),
      unknown,
    )
    assert.equal(unknown[0], 401)
  })
})
