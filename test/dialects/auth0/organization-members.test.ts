import assert from 'node:assert/strict'
import { assignRoles } from '#core/roles/assign.ts'
import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { badBody, insufficient, notFound } from './answers.ts'
import { createRole, createUser, make, read, unique } from './given.ts'

const noOrganization = notFound('No organization found by that id or name')
const noUser = notFound('The user does not exist.', 'inexistent_user')
const noRole = notFound('The role does not exist.', 'inexistent_role')

type Given = { org: string; user: string; other: string; role: string }

/** An organization, a member of it, somebody who is none, and a role. */
const given = async (server: TestServer): Promise<Given> => {
  const { id: org } = await make(server, 'organizations', { name: unique('org') })
  const [{ user_id: user }, { user_id: other }] = [await createUser(server), await createUser(server)]
  const { id: role } = await createRole(server)
  await make(server, `organizations/${org}/members`, { members: [user] })
  return { org: org!, user, other, role }
}

/** The same, where the member holds the role within the organization. */
const givenHolder = async (server: TestServer): Promise<Given> => {
  const made = await given(server)
  await make(server, rolesPath(made).slice('/api/v2/'.length), { roles: [made.role] })
  return made
}

const membersPath = ({ org }: Made) => `/api/v2/organizations/${org}/members`
const rolesPath = ({ org, user }: Made) =>
  `/api/v2/organizations/${org}/members/${encodeURIComponent(user!)}/roles`

scenarios('/organizations/{id}/members', (scenario) => {
  scenario('GET lists members without their roles', {
    scopes: ['read:organization_members'],
    given: givenHolder,
    get: (made) => [membersPath(made)],
    expect: { status: 200, body: [{ user_id: any, name: any, email: any, picture: any }] },
    then: async (_server, { user }, { body }) =>
      assert.equal((body as { user_id: string }[])[0]!.user_id, user),
  })

  scenario('GET lists with totals, and from a checkpoint', {
    scopes: ['read:organization_members'],
    given,
    get: (made) => [`${membersPath(made)}?include_totals=true&per_page=1`],
    expect: { status: 200, body: { members: [any], start: 0, limit: 1, total: 1 } },
    then: async (server, made) => {
      await make(server, `organizations/${made.org}/members`, { members: [made.other] })
      const path = membersPath(made).slice('/api/v2/'.length)
      const first = await read<{ members: { user_id: string }[]; next: string }>(server, `${path}?take=1`)
      const second = await read<{ members: { user_id: string }[]; next?: string }>(
        server,
        `${path}?take=1&from=${first.next}`,
      )
      assert.deepEqual([first.members[0]!.user_id, second.members[0]!.user_id], [made.user, made.other])
      assert.equal(second.next, undefined)
    },
  })

  scenario('GET shows their roles to who names the field and may see them', {
    scopes: ['read:organization_members', 'read:organization_member_roles'],
    given: givenHolder,
    get: (made) => [`${membersPath(made)}?fields=user_id,roles`],
    expect: { status: 200, body: [{ user_id: any, roles: [{ id: any, name: any }] }] },
    then: async (_server, { role }, { body }) =>
      assert.equal((body as { roles: { id: string }[] }[])[0]!.roles[0]!.id, role),
  })

  scenario('GET refuses their roles to who may not see them', {
    scopes: ['read:organization_members'],
    given: givenHolder,
    get: (made) => [`${membersPath(made)}?fields=roles`],
    expect: { status: 403, body: insufficient('read:organization_member_roles') },
  })

  scenario('GET leaves roles out when it is told to', {
    scopes: ['read:organization_members'],
    given: givenHolder,
    get: (made) => [`${membersPath(made)}?fields=roles,picture&include_fields=false`],
    expect: { status: 200, body: [{ user_id: any, name: any, email: any }] },
  })

  scenario('GET finds nothing of an organization that is not there', {
    scopes: ['read:organization_members'],
    get: ['/api/v2/organizations/org_none/members'],
    expect: { status: 404, body: noOrganization },
  })

  scenario('GET refuses a token without the scope', {
    scopes: ['read:organizations', 'read:users'],
    given,
    get: (made) => [membersPath(made)],
    expect: { status: 403, body: insufficient('read:organization_members') },
  })

  scenario('POST makes users members', {
    scopes: ['create:organization_members'],
    given,
    post: (made) => [membersPath(made), { members: [made.other, made.other] }],
    expect: { status: 204, body: '', events: ['organization.member-added'] },
  })

  scenario('POST of a member changes nothing', {
    scopes: ['create:organization_members'],
    given,
    post: (made) => [membersPath(made), { members: [made.user] }],
    expect: { status: 204, body: '' },
  })

  scenario('POST adds nobody when one of them is not there', {
    scopes: ['create:organization_members'],
    given,
    post: (made) => [membersPath(made), { members: [made.other, 'auth0|none'] }],
    expect: { status: 404, body: noUser },
    then: async (server, { other }) => {
      const path = `users/${encodeURIComponent(other!)}/organizations`
      assert.deepEqual(await read(server, path), [])
    },
  })

  for (const [title, body, message] of [
    ['nobody', { members: [] }, /Too few items/u],
    ['no members', {}, /Missing required property: members/u],
    ['an id that is none', { members: ['abc'] }, /format user-id/u],
    ['a number', { members: [1] }, /found type integer/u],
    ['an unknown property', { members: ['auth0|a'], organization: 'x' }, /Additional properties/u],
    ['a text', { members: 'auth0|a' }, /Expected type array/u],
  ] as const) {
    scenario(`POST refuses ${title}`, {
      scopes: ['create:organization_members'],
      given,
      post: (made) => [membersPath(made), body],
      expect: { status: 400, body: badBody(message) },
    })
  }

  scenario('POST refuses a token without the scope', {
    scopes: ['read:organization_members', 'update:organizations'],
    given,
    post: (made) => [membersPath(made), { members: [made.other] }],
    expect: { status: 403, body: insufficient('create:organization_members') },
  })

  scenario('DELETE ends memberships with the roles held in them', {
    scopes: ['delete:organization_members', 'delete:organization_member_roles'],
    given: givenHolder,
    delete: (made) => [membersPath(made), { members: [made.user, made.other] }],
    expect: { status: 204, body: '', events: ['role.removed', 'organization.member-removed'] },
  })

  scenario('DELETE repeated changes nothing', {
    scopes: ['delete:organization_members'],
    given,
    delete: (made) => [membersPath(made), { members: [made.other] }],
    expect: { status: 204, body: '' },
  })

  scenario('DELETE refuses a token without the scope', {
    scopes: ['create:organization_members', 'update:organizations'],
    given,
    delete: (made) => [membersPath(made), { members: [made.user] }],
    expect: { status: 403, body: insufficient('delete:organization_members') },
  })
})

scenarios('/organizations/{id}/members/{user}/roles', (scenario) => {
  scenario('POST gives a role within the organization, and nowhere else', {
    scopes: ['create:organization_member_roles'],
    given,
    post: (made) => [rolesPath(made), { roles: [made.role, made.role] }],
    expect: { status: 204, body: '', events: ['role.assigned'] },
    then: async (server, made) => {
      assert.deepEqual(await read(server, `users/${encodeURIComponent(made.user!)}/roles`), [])
      const [event] = (
        await server.server.workspace.store.reader.events.list({
          filter: { field: 'type', is: 'equal', value: 'role.assigned' },
          order: [{ field: 'number', direction: 'descending' }],
          limit: 1,
        })
      ).items
      assert.equal(event!.scope, `organization:${made.org!.slice('org_'.length)}`)
    },
  })

  scenario('POST of a role that is held changes nothing', {
    scopes: ['create:organization_member_roles'],
    given: givenHolder,
    post: (made) => [rolesPath(made), { roles: [made.role] }],
    expect: { status: 204, body: '' },
  })

  scenario('POST gives no role to who is no member', {
    scopes: ['create:organization_member_roles'],
    given,
    post: (made) => [rolesPath({ ...made, user: made.other! }), { roles: [made.role] }],
    expect: { status: 400, body: badBody(/The user auth0\|\w+ is not a member of this organization\./u) },
  })

  scenario('POST gives nothing when one role is not there', {
    scopes: ['create:organization_member_roles'],
    given,
    post: (made) => [rolesPath(made), { roles: [made.role, 'rol_none'] }],
    expect: { status: 404, body: noRole },
  })

  scenario('POST does not make an administrator of a member (security case 1)', {
    scopes: ['create:organization_member_roles'],
    given,
    post: (made) => [rolesPath(made), { roles: ['rol_admin'] }],
    expect: {
      status: 403,
      body: { statusCode: 403, error: 'Forbidden', message: any, errorCode: 'insufficient_scope' },
    },
  })

  for (const [title, path] of [
    ['an organization', (made: Made) => rolesPath({ ...made, org: 'org_none' })],
    ['a user', (made: Made) => rolesPath({ ...made, user: 'auth0|none' })],
  ] as const) {
    const body = title === 'a user' ? noUser : noOrganization
    for (const method of ['get', 'post', 'delete'] as const) {
      scenario(`${method.toUpperCase()} finds nothing of ${title} that is not there`, {
        scopes: [`${{ get: 'read', post: 'create', delete: 'delete' }[method]}:organization_member_roles`],
        given,
        [method]: (made: Made) => [path(made), ...(method === 'get' ? [] : [{ roles: [made.role] }])],
        expect: { status: 404, body },
      })
    }
  }

  for (const [title, body, message] of [
    ['no roles', { roles: [] }, /Too few items/u],
    ['nothing', {}, /Missing required property: roles/u],
    ['an empty id', { roles: [''] }, /too short/u],
    ['an unknown property', { roles: ['rol_a'], scope: 'workspace' }, /Additional properties/u],
  ] as const) {
    scenario(`POST refuses ${title}`, {
      scopes: ['create:organization_member_roles'],
      given,
      post: (made) => [rolesPath(made), body],
      expect: { status: 400, body: badBody(message) },
    })
  }

  scenario('POST refuses a token without the scope', {
    scopes: ['read:organization_member_roles', 'create:organization_members', 'update:users'],
    given,
    post: (made) => [rolesPath(made), { roles: [made.role] }],
    expect: { status: 403, body: insufficient('create:organization_member_roles') },
  })

  scenario('GET lists roles held within the organization, not those of the workspace', {
    scopes: ['read:organization_member_roles'],
    given: async (server) => {
      const made = await givenHolder(server)
      const everywhere = await createRole(server)
      const input = {
        userIds: [made.user.slice('auth0|'.length)],
        roleIds: [everywhere.id.slice('rol_'.length)],
      }
      await server.server.workspace.run(assignRoles, input, { kind: 'system', id: 'system', door: 'system' })
      return made
    },
    get: (made) => [`${rolesPath(made)}?include_totals=true`],
    expect: {
      status: 200,
      body: { roles: [{ id: /^rol_/u, name: any, description: '' }], start: 0, limit: 50, total: 1 },
    },
    then: async (_server, { role }, { body }) =>
      assert.equal((body as { roles: { id: string }[] }).roles[0]!.id, role),
  })

  scenario('GET of who is no member lists nothing', {
    scopes: ['read:organization_member_roles'],
    given,
    get: (made) => [rolesPath({ ...made, user: made.other! })],
    expect: { status: 200, body: [] },
  })

  scenario('DELETE takes roles; those that are not held are passed over', {
    scopes: ['delete:organization_member_roles'],
    given: givenHolder,
    delete: (made) => [rolesPath(made), { roles: [made.role, 'rol_user'] }],
    expect: { status: 204, body: '', events: ['role.removed'] },
  })

  scenario('DELETE repeated changes nothing', {
    scopes: ['delete:organization_member_roles'],
    given,
    delete: (made) => [rolesPath(made), { roles: [made.role] }],
    expect: { status: 204, body: '' },
  })
})
