import assert from 'node:assert/strict'
import test from 'node:test'
import { openWorkspace, refusalOf } from '#test/workspace.ts'
import { createApplication } from '../applications/create.ts'
import { createClientGrant } from '../applications/grants.ts'
import { createRole } from '../roles/create.ts'
import { addRolePermissions } from '../roles/permissions.ts'
import { assignPermissions } from '../users/permissions.ts'
import { createApi } from './create.ts'
import { deleteApi } from './delete.ts'
import { addApiPermission, removeApiPermission } from './permissions.ts'
import { getApi, listApiPermissions, listApis } from './read.ts'
import { type UpdateApi, updateApi } from './update.ts'

const identifier = 'https://orders.example.com/'
const permissions = [{ name: 'read:orders', description: 'See orders' }, { name: 'write:orders' }]

/** An API with two permissions; a role, a user and an application have both of them. */
const open = async (t: { after(close: () => void): void }) => {
  const space = await openWorkspace(t)
  const { run, system, user } = space
  const api = await run(createApi, { identifier, permissions }, system)
  const names = permissions.map(({ name }) => name)
  const keys = names.map((name) => ({ apiId: api.id, name }))
  const role = await run(createRole, { name: 'clerk' }, system)
  await run(addRolePermissions, { roleId: role.id, permissions: keys }, system)
  const anna = await user('anna')
  await run(assignPermissions, { userId: anna.id, permissions: keys }, system)
  const { id: applicationId } = await run(createApplication, { name: 'shop' }, system)
  const grant = await run(createClientGrant, { applicationId, api: identifier, permissions: names }, system)
  await space.events()
  const left = async () => ({
    role: (await space.reader.permissions.ofRole(role.id)).map(({ name }) => name),
    user: (await space.reader.permissions.ofUser(anna.id)).map(({ name }) => name),
    grant: (await space.reader.clientGrants.find(grant.id))?.permissions,
    version: (await space.reader.users.find(anna.id))?.rolesVersion,
  })
  const told = async () => (await space.events()).map(({ type }) => type)
  return { ...space, api, left, told }
}

const goneFacts = [
  'role.permission-removed',
  'user.permission-removed',
  'client-grant.updated',
  'api.updated',
]

test('an API is found by its id and by its identifier, with its permissions', async (t) => {
  const { run, admin, api } = await open(t)
  assert.deepEqual(await run(getApi, { api: api.id }, admin), api)
  assert.deepEqual(await run(getApi, { api: identifier }, admin), api)
  const described = api.permissions.map(({ name, description }) => ({ name, description }))
  assert.deepEqual(described, [permissions[0], { name: 'write:orders', description: '' }])
  const { items } = await run(listApis, { listing: { limit: 10 } }, admin)
  assert.deepEqual(items.at(-1), api)
})

test('the permissions of an API are listed page by page, and only its own', async (t) => {
  const { run, admin, api } = await open(t)
  const page = await run(listApiPermissions, { api: api.id, listing: { limit: 1, total: true } }, admin)
  assert.deepEqual([page.items.map(({ name }) => name), page.total], [['read:orders'], 2])
})

test('the complete list of permissions takes what it leaves out from roles, users and client grants', async (t) => {
  const { run, admin, api, left, told } = await open(t)
  const wanted = [{ name: 'delete:orders' }, permissions[0]!]
  const updated = await run(updateApi, { api: identifier, permissions: wanted }, admin)
  assert.deepEqual(updated.permissions.map(({ name }) => name).sort(), ['delete:orders', 'read:orders'])
  const kept = ['read:orders']
  assert.deepEqual(await left(), { role: kept, user: kept, grant: kept, version: 2 })
  assert.deepEqual(await told(), goneFacts)
  // Adding it again gives it back to nobody.
  await run(addApiPermission, { api: api.id, name: 'write:orders' }, admin)
  assert.deepEqual(await left(), { role: kept, user: kept, grant: kept, version: 2 })
})

test('taking one permission takes it everywhere, and doing so again does nothing', async (t) => {
  const { run, admin, api, left, told } = await open(t)
  await run(removeApiPermission, { api: api.id, name: 'read:orders' }, admin)
  const kept = ['write:orders']
  assert.deepEqual(await left(), { role: kept, user: kept, grant: kept, version: 2 })
  assert.deepEqual(await told(), goneFacts)
  await run(removeApiPermission, { api: api.id, name: 'read:orders' }, admin)
  assert.deepEqual(await told(), [])
})

test('adding a permission describes it anew when it is there, and otherwise does nothing twice', async (t) => {
  const { run, admin, api, told } = await open(t)
  const input = { api: api.id, name: 'read:orders' }
  assert.equal((await run(addApiPermission, input, admin)).description, 'See orders')
  assert.deepEqual(await told(), [])
  assert.equal((await run(addApiPermission, { ...input, description: 'Look' }, admin)).description, 'Look')
  assert.deepEqual(await told(), ['api.updated'])
})

test('a deleted API leaves no permission and no client grant anywhere', async (t) => {
  const { run, admin, api, left, told } = await open(t)
  await run(deleteApi, { api: api.id }, admin)
  assert.deepEqual(await left(), { role: [], user: [], grant: undefined, version: 3 })
  assert.deepEqual(await told(), [
    'client-grant.deleted',
    'role.permission-removed',
    'user.permission-removed',
    'role.permission-removed',
    'user.permission-removed',
    'api.deleted',
  ])
  assert.equal((await refusalOf(run(getApi, { api: api.id }, admin))).code, 'not_found')
})

test('updating an API to what it is changes nothing and emits nothing', async (t) => {
  const { run, admin, api, told, clock } = await open(t)
  clock.now += 1000
  const { name, tokenLifetimeSeconds } = api
  const changes = { name, tokenLifetimeSeconds, tokenDialect: undefined }
  assert.deepEqual(await run(updateApi, { api: api.id, changes, permissions }, admin), api)
  assert.deepEqual(await told(), [])
})

test('what somebody decided can go back to undecided', async (t) => {
  const { run, admin, api } = await open(t)
  const decided = { enforcesPermissions: true, tokenDialect: 'access_token_authz' } as const
  await run(updateApi, { api: api.id, changes: decided }, admin)
  await run(updateApi, { api: api.id, changes: { tokenDialect: undefined } }, admin)
  const { enforcesPermissions, tokenDialect } = await run(getApi, { api: api.id }, admin)
  assert.deepEqual([enforcesPermissions, tokenDialect], [true, undefined])
})

test('the identifier of an API never changes', async (t) => {
  const { run, admin, api, told } = await open(t)
  const changes = { identifier: 'https://other.example.com/', isBuiltIn: true } as object
  assert.equal((await run(updateApi, { api: api.id, changes }, admin)).identifier, identifier)
  assert.deepEqual(await told(), [])
})

test('an identifier is taken once, by itself and by the id of another API', async (t) => {
  const { run, admin, api } = await open(t)
  for (const taken of [identifier, api.id, 'management']) {
    const refusal = await refusalOf(run(createApi, { identifier: taken }, admin))
    assert.deepEqual(refusal, { code: 'taken', kind: 'api', field: 'identifier', value: taken })
  }
})

test('identifiers of our own are reserved, in any letter case', async (t) => {
  const { run, admin } = await open(t)
  for (const reserved of [
    'urn:rolecall:management',
    'urn:rolecall:new',
    'URN:Rolecall:x',
    ' urn:rolecall:x',
  ]) {
    const refusal = await refusalOf(run(createApi, { identifier: reserved }, admin))
    assert.equal(refusal.code, 'invalid', reserved)
  }
})

const wrong: Record<string, Pick<UpdateApi, 'changes' | 'permissions'>> = {
  'a blank name': { changes: { name: '  ' } },
  'a negative lifetime': { changes: { tokenLifetimeSeconds: -1 } },
  'a lifetime beyond 30 days': { changes: { tokenLifetimeSeconds: 2_592_001 } },
  'a fraction of a second': { changes: { webTokenLifetimeSeconds: 0.5 } },
  'a permission without a name': { permissions: [{ name: '' }] },
  'a blank in a permission': { permissions: [{ name: 'read:orders write:orders' }] },
  'a permission that is too long': { permissions: [{ name: 'x'.repeat(281) }] },
  'a permission listed twice': { permissions: [{ name: 'a' }, { name: 'a', description: 'b' }] },
}

for (const [what, { changes = {}, permissions: listed }] of Object.entries(wrong)) {
  test(`${what} is refused when an API is made and when it is changed [row 4]`, async (t) => {
    const { run, admin, api, told } = await open(t)
    const list = listed ? { permissions: listed } : {}
    const made = run(createApi, { identifier: 'x', ...changes, ...list }, admin)
    assert.equal((await refusalOf(made)).code, 'invalid')
    const changed = run(updateApi, { api: api.id, changes, ...list }, admin)
    assert.equal((await refusalOf(changed)).code, 'invalid')
    assert.deepEqual(await told(), [])
  })
}

test('the longest and the shortest lifetime are accepted', async (t) => {
  const { run, admin } = await open(t)
  const lifetimes = { tokenLifetimeSeconds: 2_592_000, webTokenLifetimeSeconds: 0 }
  const api = await run(createApi, { identifier: 'x', ...lifetimes }, admin)
  assert.deepEqual([api.tokenLifetimeSeconds, api.webTokenLifetimeSeconds], [2_592_000, 0])
})

test('a built-in API takes no change, no new permission and is not deleted, whoever asks', async (t) => {
  const { run, system, told } = await open(t)
  for (const api of ['management', 'urn:rolecall:api']) {
    const attempts = [
      run(updateApi, { api, changes: { name: 'mine' } }, system),
      run(updateApi, { api, permissions: [] }, system),
      run(addApiPermission, { api, name: 'create:everything' }, system),
      run(removeApiPermission, { api, name: 'read:users' }, system),
      run(deleteApi, { api }, system),
    ]
    for (const attempt of attempts) assert.equal((await refusalOf(attempt)).code, 'built_in')
  }
  assert.deepEqual(await told(), [])
})
