import assert from 'node:assert/strict'
import test from 'node:test'
import { openWorkspace, refusalOf } from '#test/workspace.ts'
import { createApplication } from '../applications/create.ts'
import { equal } from '../listing.ts'
import { command } from '../operation.ts'
import { assignRoles } from '../roles/assign.ts'
import { createUser } from '../users/create.ts'
import { createConnection } from './create.ts'
import { deleteConnection } from './delete.ts'
import { listConnections } from './read.ts'
import { enableConnection, type UpdateConnection, updateConnection } from './update.ts'

const open = async (t: { after(close: () => void): void }) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  const options = { passwordPolicy: 'fair', requires_username: true }
  const connection = await run(createConnection, { name: 'Customers', strategy: 'auth0', options }, admin)
  await space.events()
  const told = async () => (await space.events()).map(({ type }) => type)
  const update = (changes: UpdateConnection['changes']) =>
    run(updateConnection, { connectionId: connection.id, changes }, admin)
  const member = (username: string) =>
    run(createUser, { username, email: `${username}@example.com`, connectionId: connection.id }, admin)
  return { ...space, connection, connectionId: connection.id, told, update, member }
}

test('the options given replace all options there were', async (t) => {
  const { update, told } = await open(t)
  const options = { disable_signup: true }
  assert.deepEqual((await update({ options })).options, options)
  assert.deepEqual(await told(), ['connection.updated'])
})

test('updating a connection to what it is changes nothing and emits nothing', async (t) => {
  const { update, connection, told, clock } = await open(t)
  clock.now += 1000
  const options = { requires_username: true, passwordPolicy: 'fair' }
  const same = { options, applicationIds: [], displayName: undefined, extensions: {} }
  assert.deepEqual(await update(same), connection)
  assert.deepEqual(await told(), [])
})

test('name and strategy of a connection stay what they were [row 4]', async (t) => {
  const { update, connection, told } = await open(t)
  const changes = { name: 'Other', strategy: 'oidc' } as UpdateConnection['changes']
  assert.deepEqual(await update(changes), connection)
  assert.deepEqual(await told(), [])
})

test('a name is taken once and spelt in letters, digits and single hyphens', async (t) => {
  const { run, admin } = await open(t)
  const create = (name: string) => run(createConnection, { name, strategy: 'oidc' }, admin)
  const taken = { code: 'taken', kind: 'connection', field: 'name', value: 'Customers' }
  assert.deepEqual(await refusalOf(create('Customers')), taken)
  for (const name of ['', ' ', 'a b', '-a', 'a-', 'a--b', 'a_b', 'ä', 'x'.repeat(129)]) {
    assert.equal((await refusalOf(create(name))).code, 'invalid', name)
  }
  assert.equal((await create('a-1-B')).name, 'a-1-B')
})

test('an unknown password policy is refused when a database is made and when it is changed [row 4]', async (t) => {
  const { run, admin, update, told } = await open(t)
  const options = { passwordPolicy: 'whatever' }
  const made = run(createConnection, { name: 'Other', strategy: 'auth0', options }, admin)
  assert.equal((await refusalOf(made)).code, 'invalid')
  assert.equal((await refusalOf(update({ options }))).code, 'invalid')
  assert.deepEqual(await told(), [])
  await run(createConnection, { name: 'Other', strategy: 'oidc', options }, admin)
})

test('unknown applications are refused wherever they are named [row 4]', async (t) => {
  const { run, admin, update, connectionId } = await open(t)
  const unknown = { code: 'not_found', kind: 'application', id: 'x' }
  const input = { name: 'Other', strategy: 'oidc', applicationIds: ['default', 'x'] }
  assert.deepEqual(await refusalOf(run(createConnection, input, admin)), unknown)
  assert.deepEqual(await refusalOf(update({ applicationIds: ['x'] })), unknown)
  const applications = [{ applicationId: 'x', isEnabled: true }]
  assert.deepEqual(await refusalOf(run(enableConnection, { connectionId, applications }, admin)), unknown)
})

test('applications are switched on and off one by one, and others keep what they have', async (t) => {
  const { run, admin, connectionId, told } = await open(t)
  const { id } = await run(createApplication, { name: 'shop' }, admin)
  await told()
  const enable = async (...applications: [string, boolean][]) => {
    const list = applications.map(([applicationId, isEnabled]) => ({ applicationId, isEnabled }))
    return (await run(enableConnection, { connectionId, applications: list }, admin)).applicationIds
  }
  assert.deepEqual(await enable([id, true], ['default', true]), [id, 'default'])
  assert.deepEqual(await enable([id, true]), [id, 'default'])
  assert.deepEqual(await told(), ['connection.updated'])
  assert.deepEqual(await enable([id, false], ['gone', false]), ['default'])
  const filter = equal('applicationIds', 'default')
  const page = await run(listConnections, { listing: { limit: 9, filter } }, admin)
  assert.deepEqual(
    page.items.map((connection) => connection.id),
    [connectionId],
  )
})

test('two applications switched on at the same time are both on', async (t) => {
  const { run, admin, connectionId, reader } = await open(t)
  const made = await Promise.all(
    Array.from({ length: 20 }, (_, at) => run(createApplication, { name: `app ${at}` }, admin)),
  )
  await Promise.all(
    made.map(({ id }) => {
      const applications = [{ applicationId: id, isEnabled: true }]
      return run(enableConnection, { connectionId, applications }, admin)
    }),
  )
  assert.equal((await reader.connections.find(connectionId))?.applicationIds.length, 20)
})

test('a deleted connection takes with it who has no other way in, and leaves the others', async (t) => {
  const { run, admin, system, connectionId, told, member, reader } = await open(t)
  const [anna, ben] = [await member('anna'), await member('ben')]
  const { id: otherId } = await run(createConnection, { name: 'social', strategy: 'oidc' }, admin)
  const carl = await run(createUser, { username: 'carl', email: 'carl@example.com' }, system)
  await told()
  await run(deleteConnection, { connectionId }, admin)
  assert.deepEqual(await told(), ['user.deleted', 'user.deleted', 'connection.deleted'])
  assert.deepEqual(await reader.users.findMany([anna.id, ben.id]), [])
  assert.equal((await reader.users.find(carl.id))?.username, 'carl')
  assert.equal((await reader.connections.find(otherId))?.name, 'social')
})

/** Linking has rules of its own; here it only has to have happened. */
const link = command<{ userId: string; provider: string; connectionName: string }, void>({
  name: 'link in a test',
  needs: { anyone: 'only this test can run it' },
  run: (tx, { userId, ...identity }) =>
    tx.users.addIdentity({
      userId,
      ...identity,
      subject: userId,
      isSocial: true,
      profile: {},
      createdAt: tx.now(),
    }),
})

test('who is only known to the deleted connection goes, who has another way in is unlinked', async (t) => {
  const { run, admin, system, told, reader, member, user } = await open(t)
  const { id: connectionId } = await run(createConnection, { name: 'social', strategy: 'oidc' }, admin)
  const [anna, ben, carl] = [await user('anna'), await member('ben'), await user('carl')]
  const social = { provider: 'oidc', connectionName: 'social' }
  for (const { id } of [anna, ben, carl]) await run(link, { userId: id, ...social }, system)
  await run(link, { userId: carl.id, provider: 'github', connectionName: 'github' }, system)
  await told()
  await run(deleteConnection, { connectionId }, admin)
  assert.deepEqual(await told(), [
    'user.deleted',
    'user.identity-unlinked',
    'user.identity-unlinked',
    'connection.deleted',
  ])
  assert.equal(await reader.users.find(anna.id), undefined)
  const left = await reader.users.identities([ben.id, carl.id])
  assert.deepEqual(
    left.map(({ userId, provider }) => [userId, provider]),
    [[carl.id, 'github']],
  )
})

test('deleting a connection with users needs the right to delete users [row 1]', async (t) => {
  const { run, person, connectionId, member, told } = await open(t)
  await member('anna')
  const weak = await person('connections:delete')
  await told()
  const forbidden = { code: 'forbidden', permission: 'users:delete', scope: 'workspace' }
  assert.deepEqual(await refusalOf(run(deleteConnection, { connectionId }, weak)), forbidden)
  assert.deepEqual(await told(), [])
  await run(deleteConnection, { connectionId }, await person('connections:delete', 'users:delete'))
})

test('the last database of passwords is not deleted', async (t) => {
  const { run, system, connectionId, reader } = await open(t)
  const first = await reader.connections.findBy({ name: 'Username-Password-Authentication' })
  await run(deleteConnection, { connectionId }, system)
  const refused = { code: 'in_use', kind: 'connection', id: first!.id }
  assert.deepEqual(await refusalOf(run(deleteConnection, { connectionId: first!.id }, system)), refused)
})

test('the last administrator is not deleted with his connection, nor is anybody before him', async (t) => {
  const { run, system, admin, told, reader } = await open(t)
  const first = await reader.connections.findBy({ name: 'Username-Password-Authentication' })
  const connectionId = first!.id
  const dora = await run(createUser, { username: 'dora', connectionId }, system)
  await run(assignRoles, { userIds: [dora.id], roleIds: ['admin'] }, system)
  await told()
  const refusal = await refusalOf(run(deleteConnection, { connectionId }, system))
  assert.deepEqual(refusal, { code: 'last_administrator', userId: dora.id })
  assert.deepEqual(await told(), [])
  assert.equal((await reader.users.findMany([admin.id, dora.id])).length, 2)
})
