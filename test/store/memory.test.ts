import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openEngine, openStore } from '#store/open.ts'
import { sqlite } from './database.ts'
import { anAssignment, epoch, insertRoles, insertUsers } from './things.ts'

test('what was read just before a commit is not remembered beyond it, however soon it is acknowledged', async (t) => {
  const { location, remove } = await sqlite.create()
  const engine = await openEngine(location)
  // The fastest disk there could be: the commit is acknowledged in the very turn it is made in.
  const store = openStore({ ...engine, flush: async () => {} }, () => epoch)
  t.after(async () => {
    await store.close()
    await remove()
  })
  const { userId, roleId } = await store.write(async (tx) => {
    const [user] = await insertUsers(tx, [{}])
    const [role] = await insertRoles(tx, [{}])
    await tx.assignments.add(anAssignment({ userId: user!.id, roleId: role!.id }))
    return { userId: user!.id, roleId: role!.id }
  })
  const read = async () =>
    (await store.reader.assignments.rolesIn(userId, 'workspace', epoch))[0]?.description
  for (let round = 0; round < 5; round += 1) {
    const description = `round ${round}`
    // Runs just before the commit, in the same turn of the event loop.
    setImmediate(read)
    await store.write((tx) => tx.roles.update(roleId, { description }))
    assert.equal(await read(), description)
  }
})
