import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anonymous } from '#core/actor.ts'
import { openWorkspace, refusalOf, type Workspace } from '#test/workspace.ts'
import { defaultConnectionName } from '../connections/connection.ts'
import { updateConnection } from '../connections/update.ts'
import type { JsonObject } from '../json.ts'
import { createTicket } from '../tickets/create.ts'
import { updatePerson } from './administer.ts'
import { createUser } from './create.ts'
import { resetPassword } from './reset-password.ts'
import { updateUserWithParts } from './save.ts'
import { updateUser } from './update.ts'

const word = (at: number) => `Password number ${at}`

const open = async (t: Parameters<typeof openWorkspace>[0], history: JsonObject) => {
  const space = await openWorkspace(t)
  const { run, admin, reader } = space
  const { id: connectionId } = (await reader.connections.findBy({ name: defaultConnectionName }))!
  const choose = (password_history: JsonObject) =>
    run(
      updateConnection,
      { connectionId, changes: { options: { passwordPolicy: 'low', password_history } } },
      admin,
    )
  await choose(history)
  const input = { username: 'ada', password: word(0), connectionName: defaultConnectionName }
  const { id: userId } = await run(createUser, input, admin)
  const kept = async () => (await reader.users.find(userId))?.formerPasswordHashes?.length ?? 0
  return { ...space, userId, choose, kept }
}

/** Every way in which somebody gets another password. */
const ways = ({ run, admin }: Workspace, userId: string) => ({
  update: (password: string) => run(updateUser, { userId, password }, admin),
  form: (password: string) => run(updatePerson, { userId, password }, admin),
  parts: (password: string) =>
    run(updateUserWithParts, { ref: { id: userId }, group: 'others', password }, admin),
  mail: async (password: string) => {
    const { secret } = await run(createTicket, { userId, purpose: 'change-password' }, admin)
    return run(resetPassword, { secret, password }, anonymous('native'))
  },
})

test('none of the newest passwords comes back, whichever way it is set', async (t) => {
  const space = await open(t, { enable: true, size: 3 })
  const by = ways(space, space.userId)
  await by.update(word(1))
  await by.form(word(2))
  for (const [name, set] of Object.entries(by)) {
    for (const at of [0, 1, 2]) {
      const refusal = await refusalOf(set(word(at)))
      assert.ok(refusal.code === 'weak_password', `${name} ${at}: ${refusal.code}`)
      assert.deepEqual(refusal.faults, ['used_before'])
    }
  }
  assert.equal(await space.kept(), 2)
  await by.mail(word(3))
  await by.parts(word(0))
  assert.equal(await space.kept(), 2, 'no more are kept than are barred')
  await space.choose({ enable: false })
  await by.update(word(3))
  assert.equal(await space.kept(), 0, 'nothing is kept that nobody asks for')
})

test('without a size it is the five newest, and of two changes at once neither passes the other by', async (t) => {
  const space = await open(t, { enable: true })
  const { update } = ways(space, space.userId)
  for (let at = 1; at <= 5; at += 1) await update(word(at))
  assert.equal((await refusalOf(update(word(1)))).code, 'weak_password')
  await update(word(0))
  const outcomes = await Promise.allSettled([update(word(8)), update(word(8))])
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
})

test('what a dialect asks by itself holds until somebody decides on the options, and on nothing else', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, reader, clock } = space
  const connection = (await reader.connections.findBy({ name: defaultConnectionName }))!
  const { id: connectionId, options } = connection
  const make = (username: string) =>
    run(
      createUser,
      { username, password: 'plain1', leastPasswordLength: 6, connectionName: defaultConnectionName },
      admin,
    )
  await make('one')
  clock.now += 1000
  await run(updateConnection, { connectionId, changes: { applicationIds: ['default'] } }, admin)
  await make('two')
  await run(updateConnection, { connectionId, changes: { options } }, admin)
  assert.equal((await refusalOf(make('three'))).code, 'weak_password')
})
