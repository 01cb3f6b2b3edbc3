import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { defaultConnectionName } from '#core/connections/connection.ts'
import { openWorkspace, refusalOf } from '#test/workspace.ts'
import { createUser } from './create.ts'
import { listUsers } from './read.ts'

const ana = { email: 'ana@example.com', connectionName: defaultConnectionName, password: 'Correct-horse-1' }

describe('creating a user', () => {
  test('finds the connection by name and tells it with the user', async (t) => {
    const { run, system, events } = await openWorkspace(t)
    await events()

    const user = await run(createUser, ana, system)

    assert.equal(user.connectionName, defaultConnectionName)
    assert.deepEqual(user.identities, [])
    assert.ok(user.passwordHash)
    assert.ok(!('password' in user) && !('fitsConnection' in user))
    const [created] = await events()
    assert.deepEqual([created!.type, created!.data], ['user.created', { connection: defaultConnectionName }])
  })

  test('refuses a connection that is not there, and leaves nothing', async (t) => {
    const { run, system, events, reader } = await openWorkspace(t)
    await events()

    const refusal = await refusalOf(run(createUser, { ...ana, connectionName: 'nobody' }, system))

    assert.deepEqual(refusal, { code: 'not_found', kind: 'connection', id: 'nobody' })
    assert.equal(await reader.users.findByEmail(ana.email), undefined)
    assert.deepEqual(await events(), [])
  })

  test('holds the password to the policy of the connection', async (t) => {
    const { run, system } = await openWorkspace(t)

    const refusal = await refusalOf(run(createUser, { ...ana, password: 'letmein' }, system))

    assert.deepEqual(refusal, {
      code: 'weak_password',
      policy: 'good',
      faults: ['too_short', 'too_few_character_classes'],
    })
  })

  test('asks nothing of a password that belongs to no connection', async (t) => {
    const { run, system } = await openWorkspace(t)
    assert.ok((await run(createUser, { username: 'bot', password: 'x' }, system)).passwordHash)
  })

  test('refuses what the connection does not sign people in by when the caller wants to be told', async (t) => {
    const { run, system } = await openWorkspace(t)
    const fieldOf = async (input: object) => {
      const refusal = await refusalOf(run(createUser, { ...ana, fitsConnection: true, ...input }, system))
      return refusal.code === 'invalid' ? refusal.field : refusal.code
    }
    assert.equal(await fieldOf({ username: 'ana' }), 'username')
    assert.equal(await fieldOf({ email: undefined }), 'email')
    assert.equal(await fieldOf({ password: undefined }), 'password')
    assert.ok(await run(createUser, { ...ana, username: 'ana' }, system))
  })
})

describe('listing users', () => {
  test('shows and finds by role only for who may see roles', async (t) => {
    const { run, person, admin } = await openWorkspace(t)
    const reader = await person('users:read')
    const byRole = { field: 'assignedRoles.id', is: 'equal', value: 'admin' } as const
    const asked = [
      { listing: { limit: 10 }, withRoles: true },
      { listing: { limit: 10, filter: { all: [{ not: byRole }] } } },
    ]
    for (const input of asked) {
      assert.equal((await refusalOf(run(listUsers, input, reader))).code, 'forbidden')
      assert.ok((await run(listUsers, input, admin)).items.length > 0)
    }
    assert.ok((await run(listUsers, { listing: { limit: 10 } }, reader)).items.length > 0)
  })
})
