import assert from 'node:assert/strict'
import test from 'node:test'
import { openWorkspace, refusalOf } from '#test/workspace.ts'
import { managementApiId } from '../apis/built-in.ts'
import { createApi } from '../apis/create.ts'
import { equal } from '../listing.ts'
import type { Permission } from '../permissions.ts'
import { createApplication } from './create.ts'
import {
  createClientGrant,
  deleteClientGrant,
  getClientGrant,
  listClientGrants,
  updateClientGrant,
} from './grants.ts'

const identifier = 'https://orders.example.com/'

const open = async (t: { after(close: () => void): void }) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  const permissions = [{ name: 'read' }, { name: 'write' }]
  const api = await run(createApi, { identifier, permissions }, admin)
  const { id: applicationId } = await run(createApplication, { name: 'shop' }, admin)
  await space.events()
  const told = async () => (await space.events()).map(({ type }) => type)
  return { ...space, api, applicationId, told }
}

test('a client grant names its API by id or identifier and has each permission once', async (t) => {
  const { run, admin, api, applicationId, told } = await open(t)
  const input = { applicationId, api: identifier, permissions: ['write', 'read', 'write'] }
  const grant = await run(createClientGrant, input, admin)
  assert.deepEqual(grant.permissions, ['write', 'read'])
  assert.deepEqual(grant.api, { id: api.id, identifier, name: identifier })
  assert.deepEqual(await run(getClientGrant, { grantId: grant.id }, admin), grant)
  assert.deepEqual(await told(), ['client-grant.created'])
})

test('an application has one grant for an API itself and one for its people', async (t) => {
  const { run, admin, api, applicationId } = await open(t)
  const input = { applicationId, api: api.id }
  await run(createClientGrant, input, admin)
  const again = await refusalOf(run(createClientGrant, { ...input, permissions: ['read'] }, admin))
  assert.deepEqual(again, { code: 'taken', kind: 'client_grant', field: 'apiId', value: api.id })
  await run(createClientGrant, { ...input, subjectType: 'user' }, admin)
})

test('unknown applications, APIs and permissions are refused, on update too [row 4]', async (t) => {
  const { run, admin, api, applicationId, told } = await open(t)
  const refused = async (input: object) =>
    refusalOf(run(createClientGrant, { applicationId, api: api.id, ...input }, admin))
  assert.deepEqual(await refused({ applicationId: 'x' }), { code: 'not_found', kind: 'application', id: 'x' })
  assert.deepEqual(await refused({ api: 'x' }), { code: 'not_found', kind: 'api', id: 'x' })
  const unknown = { code: 'unknown_permission', apiId: api.id, name: 'fly' }
  assert.deepEqual(await refused({ permissions: ['read', 'fly'] }), unknown)
  assert.deepEqual(await told(), [])
  const { id } = await run(createClientGrant, { applicationId, api: api.id }, admin)
  await told()
  const changes = { permissions: ['read', 'fly'] }
  assert.deepEqual(await refusalOf(run(updateClientGrant, { grantId: id, changes }, admin)), unknown)
  assert.deepEqual(await told(), [])
})

test('an update to what there is changes nothing, and reaches neither application nor API [row 13]', async (t) => {
  const { run, admin, api, applicationId, told, clock } = await open(t)
  const grant = await run(createClientGrant, { applicationId, api: api.id, permissions: ['read'] }, admin)
  await told()
  clock.now += 1000
  const grantId = grant.id
  const same = { permissions: ['read'], allowsAll: false, applicationId: 'default', apiId: 'management' }
  assert.deepEqual(await run(updateClientGrant, { grantId, changes: same }, admin), grant)
  assert.deepEqual(await told(), [])
  const changed = await run(updateClientGrant, { grantId, changes: { permissions: ['write'] } }, admin)
  assert.deepEqual([changed.permissions, changed.apiId], [['write'], api.id])
  assert.deepEqual(await told(), ['client-grant.updated'])
})

test('what somebody else may not hold is left alone by who changes the rest of a grant', async (t) => {
  const { run, admin, applicationId, person } = await open(t)
  const permissions = ['delete:users', 'read:shields']
  const { id } = await run(createClientGrant, { applicationId, api: 'management', permissions }, admin)
  const actor = await person('client-grants:update', 'client-grants:delete')
  const without = { grantId: id, changes: { permissions: ['delete:users'] } }
  assert.deepEqual((await run(updateClientGrant, without, actor)).permissions, ['delete:users'])
  const refused = { code: 'cannot_grant', permission: 'users:delete' }
  const emptied = { grantId: id, changes: { permissions: [] } }
  assert.deepEqual(await refusalOf(run(updateClientGrant, emptied, actor)), refused)
  assert.deepEqual(await refusalOf(run(deleteClientGrant, { grantId: id }, actor)), refused)
})

test('client grants are listed by application, by API and by whom they are for', async (t) => {
  const { run, admin, api, applicationId } = await open(t)
  const input = { applicationId, api: api.id }
  const own = await run(createClientGrant, input, admin)
  const people = await run(createClientGrant, { ...input, subjectType: 'user' }, admin)
  const other = await run(createClientGrant, { applicationId, api: 'management' }, admin)
  const ids = async (query: { api?: string; field?: string; value?: string }) => {
    const filter = query.field === undefined ? undefined : equal(query.field, query.value!)
    const listing = { limit: 9, total: true, ...(filter && { filter }) }
    const named = query.api === undefined ? {} : { api: query.api }
    const page = await run(listClientGrants, { listing, ...named }, admin)
    assert.equal(page.total, page.items.length)
    return page.items.map(({ id }) => id)
  }
  assert.deepEqual(await ids({}), [own.id, people.id, other.id])
  assert.deepEqual(await ids({ api: identifier }), [own.id, people.id])
  assert.deepEqual(await ids({ api: api.id, field: 'subjectType', value: 'user' }), [people.id])
  assert.deepEqual(await ids({ field: 'applicationId', value: 'default' }), [])
  assert.deepEqual(await ids({ api: 'https://unknown.example.com' }), [])
})

test('a deleted grant is gone, and deleting it again says so', async (t) => {
  const { run, admin, api, applicationId, told } = await open(t)
  const { id } = await run(createClientGrant, { applicationId, api: api.id }, admin)
  await told()
  await run(deleteClientGrant, { grantId: id }, admin)
  assert.deepEqual(await told(), ['client-grant.deleted'])
  assert.equal((await refusalOf(run(deleteClientGrant, { grantId: id }, admin))).code, 'not_found')
})

test('an application is made with its grants at once, or not at all', async (t) => {
  const { run, admin, api, told } = await open(t)
  const [good, bad] = [
    { api: identifier, permissions: ['read'] },
    { api: api.id, permissions: ['fly'] },
  ]
  const made = await run(createApplication, { name: 'till', grants: [good] }, admin)
  assert.deepEqual(await told(), ['application.created', 'client-grant.created'])
  const listing = { filter: equal('applicationId', made.id), limit: 9 }
  const { items } = await run(listClientGrants, { listing }, admin)
  assert.deepEqual(
    items.map((grant) => [grant.api.id, grant.permissions]),
    [[api.id, ['read']]],
  )
  const refused = await refusalOf(run(createApplication, { name: 'kiosk', grants: [bad] }, admin))
  assert.equal(refused.code, 'unknown_permission')
  assert.deepEqual(await told(), [])
})

test('grants given with a new application are held to what grants are held to [rows 1, 2]', async (t) => {
  const { run, person, told } = await open(t)
  const grants = [{ api: managementApiId, permissions: ['update:users'] }]
  const refused = async (...permissions: Permission[]) => {
    const work = run(createApplication, { name: 'till', grants }, await person(...permissions))
    return refusalOf(work)
  }
  const scope = 'workspace'
  assert.deepEqual(await refused('applications:create'), {
    code: 'forbidden',
    permission: 'client-grants:create',
    scope,
  })
  const beyond = await refused('applications:create', 'client-grants:create')
  assert.equal(beyond.code, 'cannot_grant')
  assert.equal((await told()).includes('application.created'), false)
})
