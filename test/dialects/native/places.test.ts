import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemActor } from '#core/actor.ts'
import { createOrganization } from '#core/organizations/create.ts'
import { addOrganizationMembers } from '#core/organizations/members.ts'
import { createRoom } from '#core/rooms/create.ts'
import { any, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { base, fresh, give, makeRole, makeUser, problem, tokenOfPerson } from './made.ts'

const system = systemActor('system')

const makeOrganization = async ({ server }: TestServer): Promise<string> =>
  (await server.workspace.run(createOrganization, { name: fresh('org') }, system)).id

const makeRoom = async (
  { server }: TestServer,
  ownerId: string,
  kind: 'channel' | 'group',
): Promise<string> =>
  (await server.workspace.run(createRoom, { name: fresh('room'), kind, ownerId }, system)).id

scenarios('organizations, rooms and invitations of the native API', (scenario, server) => {
  scenario('an organization is created', {
    scopes: ['create:organizations'],
    post: [`${base}/organizations`, { name: 'acme', displayName: 'Acme', metadata: { tier: 'gold' } }],
    expect: {
      status: 201,
      body: {
        id: any,
        number: any,
        name: 'acme',
        displayName: 'Acme',
        metadata: { tier: 'gold' },
        createdAt: any,
        updatedAt: any,
      },
      events: ['organization.created'],
    },
  })

  scenario('a token that only reads creates no organization', {
    scopes: ['read:organizations'],
    post: [`${base}/organizations`, { name: 'sly' }],
    expect: {
      status: 403,
      body: problem('forbidden', 403, { permission: 'organizations:create', scope: 'workspace' }),
    },
  })

  scenario('a name that no address can spell is refused', {
    scopes: ['create:organizations'],
    post: [`${base}/organizations`, { name: 'Acme Inc.' }],
    expect: { status: 400, body: problem('invalid_request', 400, { errors: any }) },
  })

  scenario('users become members', {
    scopes: ['create:organization_members'],
    given: async (own) => ({ id: await makeOrganization(own), user: await makeUser(own) }),
    post: ({ id, user }) => [`${base}/organizations/${id}/members`, { userIds: [user] }],
    expect: { status: 200, body: { added: 1 }, events: ['organization.member-added'] },
  })

  scenario('a role in an organization is for its members only', {
    scopes: ['every'],
    given: async (own) => ({
      id: await makeOrganization(own),
      user: await makeUser(own),
      role: await makeRole(own),
    }),
    post: ({ id, user, role }) => [
      `${base}/assignments`,
      { userId: user, roleId: role, scope: `organization:${id}` },
    ],
    expect: {
      status: 409,
      body: ({ id, user }: Record<string, string>) =>
        problem('not_a_member', 409, { userId: user, scope: `organization:${id}` }),
    },
  })

  test('a member is shown with his roles there, and loses them when he leaves', async () => {
    const own = server()
    const [id, user, role] = [await makeOrganization(own), await makeUser(own), await makeRole(own)]
    await own.server.workspace.run(addOrganizationMembers, { organizationId: id, userIds: [user] }, system)
    const token = await own.token('every')
    const path = `${base}/organizations/${id}/members`
    const given = await own.call('POST', `${path}/${user}/roles`, { token, body: { roleIds: [role] } })
    assert.deepEqual([given.status, given.body], [200, { added: 1 }])
    const { body } = await own.call('GET', `${path}?withRoles=true`, { token })
    const [member] = (body as { items: { id: string; roles: { id: string }[] }[] }).items
    assert.deepEqual([member!.id, member!.roles.map((each) => each.id)], [user, [role]])
    const listed = await own.call('GET', `${base}/users/${user}/organizations`, { token })
    assert.deepEqual(
      (listed.body as { items: { id: string }[] }).items.map((each) => each.id),
      [id],
    )
    const person = await tokenOfPerson(own, user)
    assert.equal((await own.call('GET', `${base}/organizations/${id}`, { token: person })).status, 200)
    assert.equal((await own.call('DELETE', `${path}/${user}`, { token: person })).status, 204)
    assert.equal((await own.call('GET', `${base}/organizations/${id}`, { token: person })).status, 404)
    const left = await own.call('GET', `${base}/assignments?userId=${user}`, { token })
    assert.deepEqual((left.body as { items: unknown[] }).items, [])
  })

  test('security rows 9 and 12: an organization of others is not found, whatever is asked of it', async () => {
    const own = server()
    const [mine, theirs, person] = [
      await makeOrganization(own),
      await makeOrganization(own),
      await makeUser(own),
    ]
    const role = await makeRole(own, { permissions: ['organizations:read', 'invitations:read'] })
    await own.server.workspace.run(
      addOrganizationMembers,
      { organizationId: mine, userIds: [person] },
      system,
    )
    await give(own, person, role, { scope: `organization:${mine}` })
    const token = await tokenOfPerson(own, person, { scope: 'organizations:read invitations:read' })
    const statusOf = async (path: string) =>
      (await own.call('GET', `${base}/organizations/${path}`, { token })).status
    assert.equal(await statusOf(mine), 200)
    assert.equal(await statusOf(`${mine}/members`), 200)
    assert.equal(await statusOf(`${mine}/invitations`), 200)
    assert.equal(await statusOf(theirs), 404)
    assert.equal(await statusOf('nothing'), 404)
    assert.deepEqual([await statusOf(`${theirs}/members`), await statusOf('nothing/members')], [403, 403])
    const listed = await own.call('GET', `${base}/organizations`, { token })
    assert.deepEqual(
      (listed.body as { items: { id: string }[] }).items.map((each) => each.id),
      [mine],
    )
  })

  test('the members of an organization may sign in by the connections it names', async () => {
    const own = server()
    const id = await makeOrganization(own)
    const token = await own.token('every')
    const made = await own.call('POST', `${base}/connections`, {
      token,
      body: { name: fresh('connection'), strategy: 'oidc' },
    })
    const { id: connectionId } = made.body as { id: string }
    const path = `${base}/organizations/${id}/connections`
    const put = await own.call('PUT', `${path}/${connectionId}`, { token, body: { showsAsButton: false } })
    assert.equal(put.status, 200, put.text)
    const { body } = await own.call('GET', path, { token })
    const [connection] = (body as { items: { connectionId: string; showsAsButton: boolean }[] }).items
    assert.deepEqual([connection!.connectionId, connection!.showsAsButton], [connectionId, false])
    assert.equal((await own.call('DELETE', `${path}/${connectionId}`, { token })).status, 204)
    assert.equal((await own.call('PUT', `${path}/nothing`, { token })).status, 404)
  })

  test('an invitation shows its secret once, and is gone when it is taken back', async () => {
    const own = server()
    const [id, role] = [await makeOrganization(own), await makeRole(own)]
    const token = await own.token('every')
    const path = `${base}/organizations/${id}/invitations`
    const body = {
      inviterName: 'Ada',
      email: 'new@example.com',
      roles: [{ roleId: role }],
      lifetimeSeconds: 60,
    }
    const created = await own.call('POST', path, { token, body })
    assert.equal(created.status, 201, created.text)
    const invitation = created.body as { id: string; secret: string; expiresAt: string; roles: unknown }
    assert.ok(invitation.secret.length >= 20)
    assert.equal(invitation.expiresAt, new Date(own.clock.now + 60_000).toISOString())
    assert.deepEqual(invitation.roles, [{ roleId: role, scope: `organization:${id}` }])
    for (const address of [path, `${base}/invitations`, `${base}/invitations/${invitation.id}`]) {
      const { status, text } = await own.call('GET', address, { token })
      assert.equal(status, 200, text)
      assert.ok(text.includes(invitation.id) && !text.includes(invitation.secret) && !/digest/iu.test(text))
    }
    const other = await makeOrganization(own)
    const foreign = `${base}/organizations/${other}/invitations/${invitation.id}`
    assert.equal((await own.call('DELETE', foreign, { token })).status, 404)
    assert.equal((await own.call('DELETE', `${path}/${invitation.id}`, { token })).status, 204)
    assert.equal((await own.call('GET', `${base}/invitations/${invitation.id}`, { token })).status, 404)
  })

  scenario('nobody invites to a role that he may not give', {
    scopes: ['create:organization_invitations'],
    post: [
      `${base}/invitations`,
      { inviterName: 'Eve', email: 'e@example.com', roles: [{ roleId: 'admin' }] },
    ],
    expect: { status: 403, body: problem('cannot_grant', 403, { permission: any }) },
  })

  scenario('an invitation to no address is refused', {
    scopes: ['create:organization_invitations'],
    post: [`${base}/invitations`, { inviterName: 'Ada', email: 'nobody' }],
    expect: { status: 400, body: problem('invalid_request', 400, { errors: any }) },
  })

  scenario('a room is created with its owner', {
    scopes: ['create:rooms'],
    given: async (own) => ({ user: await makeUser(own) }),
    post: ({ user }) => [`${base}/rooms`, { name: 'general', kind: 'channel', ownerId: user }],
    expect: {
      status: 201,
      body: {
        id: any,
        number: any,
        name: 'general',
        kind: 'channel',
        topic: '',
        description: '',
        isDefault: false,
        isArchived: false,
        createdAt: any,
        updatedAt: any,
      },
      events: ['room.created', 'room.member-added', 'role.assigned'],
    },
  })

  scenario('a room of a kind that there is not is refused', {
    scopes: ['create:rooms'],
    post: [`${base}/rooms`, { name: 'x', kind: 'cellar' }],
    expect: { status: 400, body: problem('invalid_request', 400, { errors: any }) },
  })

  test('people enter channels and hear of no group; the last owner stays', async () => {
    const own = server()
    const [owner, guest] = [await makeUser(own), await makeUser(own)]
    const [channel, group] = [await makeRoom(own, owner, 'channel'), await makeRoom(own, owner, 'group')]
    const [theirs, his] = [await tokenOfPerson(own, guest), await tokenOfPerson(own, owner)]
    const call = async (method: string, path: string, token: string) =>
      (await own.call(method, `${base}/rooms/${path}`, { token })).status
    assert.equal(await call('PUT', `${channel}/members/${guest}`, theirs), 204)
    assert.equal(await call('GET', `${channel}/members`, theirs), 200)
    assert.equal(await call('GET', group, theirs), 404)
    assert.equal(await call('PUT', `${group}/members/${guest}`, theirs), 404)
    assert.equal(await call('PUT', `${channel}/members/${owner}`, theirs), 403)
    assert.equal(await call('GET', group, his), 200)
    assert.equal(await call('DELETE', `${channel}/members/${owner}`, his), 409)
    assert.equal(await call('DELETE', `${channel}/members/${guest}`, theirs), 204)
    const every = await own.token('every')
    const archived = await own.call('POST', `${base}/rooms/${channel}/archive`, { token: every })
    assert.equal((archived.body as { isArchived: boolean }).isArchived, true)
    assert.equal(await call('PUT', `${channel}/members/${guest}`, theirs), 400)
    assert.equal(await call('POST', `${channel}/unarchive`, every), 200)
    assert.equal(await call('DELETE', channel, every), 204)
  })

  scenario('who only reads rooms changes none', {
    scopes: ['read:rooms'],
    given: async (own) => ({ id: await makeRoom(own, await makeUser(own), 'channel') }),
    patch: ({ id }) => [`${base}/rooms/${id}`, { topic: 'x' }],
    expect: {
      status: 403,
      body: problem('forbidden', 403, { permission: 'rooms:update', scope: 'workspace' }),
    },
  })
})
