import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWorkspace, refusalOf } from '#test/workspace.ts'
import type { Actor } from './actor.ts'
import { managementApiId } from './apis/built-in.ts'
import { createApplication } from './applications/create.ts'
import { deleteApplication } from './applications/delete.ts'
import { updateApplication } from './applications/update.ts'
import { deleteUser } from './users/delete.ts'
import { getUser, listUsers } from './users/read.ts'
import { updateUser } from './users/update.ts'

const anybody = { listing: { limit: 1 } }

test('a blocked user may do nothing from the next request on, to himself neither [row 24]', async (t) => {
  const { run, person, system } = await openWorkspace(t)
  const reader = await person('users:read')
  await run(listUsers, anybody, reader)
  await run(updateUser, { userId: reader.id, changes: { isBlocked: true } }, system)
  const suspended = { code: 'suspended', kind: 'user', id: reader.id }
  assert.deepEqual(await refusalOf(run(listUsers, anybody, reader)), suspended)
  assert.deepEqual(await refusalOf(run(getUser, { userId: reader.id }, reader)), suspended)
  await run(updateUser, { userId: reader.id, changes: { isBlocked: false } }, system)
  await run(listUsers, anybody, reader)
})

test('a deleted user may do nothing from the next request on [row 24]', async (t) => {
  const { run, person, system } = await openWorkspace(t)
  const reader = await person('users:read')
  await run(deleteUser, { userId: reader.id }, system)
  assert.equal((await refusalOf(run(listUsers, anybody, reader))).code, 'suspended')
})

test('an application that is switched off or gone may do nothing from the next request on [row 24]', async (t) => {
  const { run, system } = await openWorkspace(t)
  const input = { name: 'reader', grants: [{ api: managementApiId, permissions: ['read:users'] }] }
  const { id } = await run(createApplication, input, system)
  const credential = { apiId: managementApiId, tokenScopes: ['read:users'] }
  const reader: Actor = { kind: 'application', id, door: 'auth0', credential }
  await run(listUsers, anybody, reader)
  await run(updateApplication, { applicationId: id, changes: { isActive: false } }, system)
  assert.equal((await refusalOf(run(listUsers, anybody, reader))).code, 'suspended')
  await run(updateApplication, { applicationId: id, changes: { isActive: true } }, system)
  await run(listUsers, anybody, reader)
  await run(deleteApplication, { applicationId: id }, system)
  assert.equal((await refusalOf(run(listUsers, anybody, reader))).code, 'suspended')
})
