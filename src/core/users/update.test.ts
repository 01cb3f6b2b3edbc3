import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { defaultConnectionName } from '#core/connections/connection.ts'
import { openWorkspace, refusalOf } from '#test/workspace.ts'
import { createUser } from './create.ts'
import { updateUser } from './update.ts'

const ana = {
  email: 'ana@example.com',
  isEmailVerified: true,
  connectionName: defaultConnectionName,
  password: 'Correct-horse-1',
}

const withAna = async (...[t]: Parameters<typeof openWorkspace>) => {
  const workspace = await openWorkspace(t)
  const user = await workspace.run(createUser, ana, workspace.system)
  await workspace.events()
  const update = (input: object) => workspace.run(updateUser, { userId: user.id, ...input }, workspace.system)
  return { ...workspace, user, update }
}

describe('updating a user', () => {
  test('takes the proof of an address away with the address', async (t) => {
    const { update } = await withAna(t)
    assert.equal((await update({ changes: { email: 'ANA@example.com' } })).isEmailVerified, true)
    assert.equal((await update({ changes: { email: 'eve@example.com' } })).isEmailVerified, false)
    const both = { email: 'ana@example.org', isEmailVerified: true }
    assert.equal((await update({ changes: both })).isEmailVerified, true)
    assert.equal((await update({ changes: { ...both, email: 'ana@example.net' } })).isEmailVerified, true)
  })

  test('holds a new password to the policy of the connection, and keeps the old one when it is refused', async (t) => {
    const { update, user, events, reader } = await withAna(t)
    const refusal = await refusalOf(update({ password: 'letmein', changes: { nickname: 'x' } }))
    assert.equal(refusal.code, 'weak_password')
    assert.deepEqual(await events(), [])
    const stored = await reader.users.find(user.id)
    assert.deepEqual([stored!.passwordHash, stored!.nickname], [user.passwordHash, undefined])
  })

  test('asks who changes how he himself signs in for a proof a moment ago, and nobody else', async (t) => {
    const { run, reader, admin, clock } = await openWorkspace(t)
    const { provenAt: _proven, ...unproven } = { ...admin, door: 'native' as const }
    const changing = [
      { changes: { email: 'new@example.com' } },
      { changes: { phone: '+49301234567' } },
      { password: 'Correct-horse-2', connectionName: defaultConnectionName },
    ]
    const before = await reader.users.find(admin.id)
    for (const actor of [unproven, { ...unproven, provenAt: clock.now - 900_001 }]) {
      for (const input of changing) {
        const refusal = await refusalOf(run(updateUser, { userId: admin.id, ...input }, actor))
        assert.deepEqual(refusal, { code: 'proof_needed', withinSeconds: 900 })
      }
    }
    assert.deepEqual(await reader.users.find(admin.id), before)
    await run(updateUser, { userId: admin.id, changes: { nickname: 'chief' } }, unproven)
    await run(
      updateUser,
      { userId: admin.id, ...changing[0] },
      { ...unproven, provenAt: clock.now - 900_000 },
    )
    const ana = await run(createUser, { email: 'ana@example.com' }, admin)
    await run(updateUser, { userId: ana.id, ...changing[1] }, unproven)
  })

  test('refuses a connection that is not the user’s', async (t) => {
    const { update } = await withAna(t)
    const input = { connectionName: 'nobody', password: 'Correct-horse-2' }
    assert.equal((await refusalOf(update(input))).code, 'not_found')
  })

  test('gives who has no connection yet a password in the named one', async (t) => {
    const { run, system, user: makeUser } = await openWorkspace(t)
    const { id } = await makeUser('bob')
    const input = { userId: id, connectionName: defaultConnectionName, password: 'Correct-horse-2' }
    assert.equal((await run(updateUser, input, system)).connectionName, defaultConnectionName)
  })
})
