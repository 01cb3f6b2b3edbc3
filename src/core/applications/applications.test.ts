import assert from 'node:assert/strict'
import test from 'node:test'
import { openWorkspace, refusalOf } from '#test/workspace.ts'
import { createConnection } from '../connections/create.ts'
import { getConnection } from '../connections/read.ts'
import { equal } from '../listing.ts'
import { assignRoles } from '../roles/assign.ts'
import { createRole } from '../roles/create.ts'
import { deleteRole } from '../roles/delete.ts'
import { createApplication } from './create.ts'
import { deleteApplication } from './delete.ts'
import { createClientGrant, getClientGrant } from './grants.ts'
import { getApplication, listApplications } from './read.ts'
import {
  findApplicationByApiKey,
  readApplicationSecrets,
  rotateApplicationSecret,
  setApiKey,
} from './secrets.ts'
import { updateApplication } from './update.ts'

type Closing = { after(close: () => void): void }

const open = async (t: Closing, input: Partial<Parameters<typeof createApplication.run>[1]> = {}) => {
  const space = await openWorkspace(t)
  const application = await space.run(createApplication, { name: 'shop', ...input }, space.admin)
  await space.events()
  const told = async () => (await space.events()).map(({ type }) => type)
  const applicationId = application.id
  const secrets = () => space.run(readApplicationSecrets, { applicationId }, space.admin)
  return { ...space, application, applicationId, told, secrets }
}

test('a new application has a secret of 64 characters, which is kept sealed and told once', async (t) => {
  const { application, applicationId, run, admin, reader, secrets } = await open(t)
  assert.match(application.secret!, /^[\w-]{64}$/)
  assert.deepEqual(await secrets(), { secret: application.secret })
  const row = await reader.applications.find(applicationId)
  assert.equal(JSON.stringify(row).includes(application.secret!), false)
  const shown = await run(getApplication, { applicationId }, admin)
  assert.deepEqual([shown.hasSecret, shown.secret, 'sealedSecret' in shown], [true, undefined, false])
})

test('a secret may be chosen, and is refused with blanks or empty, also on update [row 4]', async (t) => {
  const { secrets, run, admin, applicationId } = await open(t, { secret: 'chosen' })
  assert.deepEqual(await secrets(), { secret: 'chosen' })
  for (const secret of ['', ' ', 'a b', 'ä', 'x'.repeat(1025)]) {
    const made = run(createApplication, { name: 'other', secret }, admin)
    assert.equal((await refusalOf(made)).code, 'invalid')
    const changed = run(updateApplication, { applicationId, secret }, admin)
    assert.equal((await refusalOf(changed)).code, 'invalid')
  }
})

test('an application that does not authenticate has no secret, until it does', async (t) => {
  const { application, secrets, run, admin, applicationId, told } = await open(t, { kind: 'spa' })
  assert.deepEqual([application.tokenEndpointAuthMethod, application.hasSecret], ['none', false])
  assert.equal(application.grantTypes.includes('client_credentials'), false)
  const changes = { tokenEndpointAuthMethod: 'client_secret_post' }
  assert.equal((await run(updateApplication, { applicationId, changes }, admin)).hasSecret, true)
  assert.match((await secrets()).secret!, /^[\w-]{64}$/)
  assert.deepEqual(await told(), ['application.updated', 'application.secret-rotated'])
})

test('a rotated secret replaces the old one at once, and no event has it', async (t) => {
  const { application, secrets, run, admin, applicationId, events } = await open(t)
  const { secret } = await run(rotateApplicationSecret, { applicationId }, admin)
  assert.notEqual(secret, application.secret)
  assert.deepEqual(await secrets(), { secret })
  const facts = await events()
  assert.deepEqual(
    facts.map(({ type }) => type),
    ['application.secret-rotated'],
  )
  assert.equal(JSON.stringify(facts).includes(secret!), false)
})

test('setting a secret needs the right to, beside the right to change the application', async (t) => {
  const { person, run, applicationId, secrets, told } = await open(t, { secret: 'chosen' })
  const weak = await person('applications:update')
  const refusal = await refusalOf(run(updateApplication, { applicationId, secret: 'other' }, weak))
  assert.deepEqual(refusal, {
    code: 'forbidden',
    permission: 'applications:update-secrets',
    scope: 'workspace',
  })
  const strong = await person('applications:update', 'applications:update-secrets')
  await told()
  await run(updateApplication, { applicationId, secret: 'chosen' }, strong)
  assert.deepEqual(await told(), [])
  await run(updateApplication, { applicationId, secret: 'other' }, strong)
  assert.deepEqual(await told(), ['application.secret-rotated'])
  assert.deepEqual(await secrets(), { secret: 'other' })
})

test('secrets are in lists only for who may see them, and only those of applications he may act as', async (t) => {
  const { run, person, admin, applicationId } = await open(t, { secret: 'chosen', apiKey: 'key' })
  const strong = await run(createApplication, { name: 'machine', secret: 'mighty' }, admin)
  const input = { applicationId: strong.id, api: 'management', permissions: ['delete:users'] }
  await run(createClientGrant, input, admin)
  const seenBy = async (...names: Parameters<typeof person>) => {
    const actor = await person('applications:read', ...names)
    const { items } = await run(listApplications, { listing: { limit: 99 }, withSecrets: true }, actor)
    const shown = await run(getApplication, { applicationId, withSecrets: true }, actor)
    return [...items.flatMap(({ secret }) => secret ?? []), shown.secret, shown.apiKey]
  }
  assert.deepEqual(await seenBy(), [undefined, undefined])
  assert.deepEqual(await seenBy('applications:read-secrets'), ['chosen', 'chosen', 'key'])
  const all = await seenBy('applications:read-secrets', 'users:delete')
  assert.deepEqual(all, ['chosen', 'mighty', 'chosen', 'key'])
})

test('no list is filtered or ordered by what is kept of a secret', async (t) => {
  const { run, admin } = await open(t)
  for (const field of ['sealedSecret', 'sealedApiKey', 'apiKeyDigest']) {
    const unknown = { code: 'unknown_field', field }
    const filtered = { listing: { limit: 1, filter: equal(field, 'x') } }
    assert.deepEqual(await refusalOf(run(listApplications, filtered, admin)), unknown)
    const ordered = { listing: { limit: 1, order: [{ field, direction: 'ascending' as const }] } }
    assert.deepEqual(await refusalOf(run(listApplications, ordered, admin)), unknown)
  }
})

test('an application is found by its API key, and by nothing once the key is another', async (t) => {
  const { run, admin, applicationId, application } = await open(t, { apiKey: true })
  const find = async (apiKey: string) => (await run(findApplicationByApiKey, { apiKey }, admin))?.id
  assert.equal(await find(application.apiKey!), applicationId)
  const { apiKey } = await run(setApiKey, { applicationId }, admin)
  assert.notEqual(apiKey, application.apiKey)
  assert.deepEqual([await find(application.apiKey!), await find(apiKey!)], [undefined, applicationId])
})

test('setting the same API key again does nothing, and one of another application is refused untold', async (t) => {
  const { run, admin, applicationId, told } = await open(t, { apiKey: 'key' })
  await run(setApiKey, { applicationId, apiKey: 'key' }, admin)
  assert.deepEqual(await told(), [])
  const refused = { code: 'taken', kind: 'application', field: 'apiKey', value: '' }
  const other = await run(createApplication, { name: 'other' }, admin)
  const set = run(setApiKey, { applicationId: other.id, apiKey: 'key' }, admin)
  assert.deepEqual(await refusalOf(set), refused)
  const made = run(createApplication, { name: 'third', apiKey: 'key' }, admin)
  assert.deepEqual(await refusalOf(made), refused)
})

test('a default role must exist and not live in rooms; deleting it takes the default away', async (t) => {
  const { run, admin, applicationId, told } = await open(t)
  const set = (defaultRoleId: string | undefined) =>
    run(updateApplication, { applicationId, changes: { defaultRoleId } }, admin)
  assert.equal((await refusalOf(set('nothing'))).code, 'not_found')
  assert.equal((await refusalOf(set('owner'))).code, 'invalid')
  const { id } = await run(createRole, { name: 'reader' }, admin)
  await told()
  assert.equal((await set(id)).defaultRoleId, id)
  await set(id)
  assert.deepEqual(await told(), ['application.updated'])
  await run(deleteRole, { roleId: id }, admin)
  assert.deepEqual(await told(), ['application.updated', 'role.deleted'])
  assert.equal((await run(getApplication, { applicationId }, admin)).defaultRoleId, undefined)
})

test('a blank name and an odd kind are refused when it is made and when it is changed [row 4]', async (t) => {
  const { run, admin, applicationId, told } = await open(t)
  for (const changes of [{ name: ' ' }, { name: 'x'.repeat(256) }, { kind: 'Single Page' }, { kind: '' }]) {
    const made = run(createApplication, { name: 'x', ...changes }, admin)
    assert.equal((await refusalOf(made)).code, 'invalid')
    const changed = run(updateApplication, { applicationId, changes }, admin)
    assert.equal((await refusalOf(changed)).code, 'invalid')
  }
  assert.deepEqual(await told(), [])
})

test('updating an application to what it is changes nothing and emits nothing', async (t) => {
  const { run, admin, applicationId, reader, told, clock } = await open(t)
  const before = await reader.applications.find(applicationId)
  clock.now += 1000
  const { name, callbacks, tokenEndpointAuthMethod, grantTypes } = before!
  const changes = { name, callbacks, tokenEndpointAuthMethod, grantTypes, defaultRoleId: undefined }
  await run(updateApplication, { applicationId, changes }, admin)
  assert.deepEqual(await reader.applications.find(applicationId), before)
  assert.deepEqual(await told(), [])
})

test('an update reaches no field it does not name [row 13]', async (t) => {
  const { run, admin, applicationId, reader, told } = await open(t)
  const before = await reader.applications.find(applicationId)
  const changes = { id: 'x', number: 1, isGlobal: true, sealedSecret: 'x', apiKeyDigest: 'x', createdAt: 0 }
  await run(updateApplication, { applicationId, changes: changes as object }, admin)
  assert.deepEqual(await reader.applications.find(applicationId), before)
  assert.deepEqual(await told(), [])
})

test('a deleted application leaves no client grant, no role in it and no place at a connection', async (t) => {
  const { run, admin, applicationId, reader, told, user } = await open(t)
  const grant = await run(createClientGrant, { applicationId, api: 'management' }, admin)
  const { id: roleId } = await run(createRole, { name: 'reader' }, admin)
  const anna = await user('anna')
  const scope = `application:${applicationId}` as const
  await run(assignRoles, { userIds: [anna.id], roleIds: [roleId], scope }, admin)
  const social = { name: 'social', strategy: 'oidc', applicationIds: ['default', applicationId] }
  const connection = await run(createConnection, social, admin)
  await told()
  await run(deleteApplication, { applicationId }, admin)
  assert.deepEqual(await told(), [
    'client-grant.deleted',
    'role.removed',
    'connection.updated',
    'application.deleted',
  ])
  assert.equal((await refusalOf(run(getClientGrant, { grantId: grant.id }, admin))).code, 'not_found')
  assert.equal(await reader.assignments.find({ userId: anna.id, roleId, scope }), undefined)
  assert.equal((await reader.users.find(anna.id))?.rolesVersion, 2)
  const { applicationIds } = await run(getConnection, { connectionId: connection.id }, admin)
  assert.deepEqual(applicationIds, ['default'])
})

test('the application that stands for all of them takes no change, no secret, no grant, and stays', async (t) => {
  const { run, system, reader, told } = await open(t)
  const { id: applicationId } = (await reader.applications.findBy({ isGlobal: true }))!
  const attempts = [
    run(updateApplication, { applicationId, changes: { name: 'mine' } }, system),
    run(rotateApplicationSecret, { applicationId }, system),
    run(setApiKey, { applicationId }, system),
    run(createClientGrant, { applicationId, api: 'management' }, system),
    run(deleteApplication, { applicationId }, system),
  ]
  for (const attempt of attempts) {
    const refused = { code: 'built_in', kind: 'application', id: applicationId }
    assert.deepEqual(await refusalOf(attempt), refused)
  }
  assert.deepEqual(await told(), [])
})
