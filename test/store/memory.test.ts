import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Actor } from '#core/actor.ts'
import { rolecallApiId } from '#core/apis/built-in.ts'
import { mayDo } from '#core/rights.ts'
import { workspace } from '#core/scope.ts'
import { openEngine, openStore } from '#store/open.ts'
import { sqlite } from './database.ts'
import { anApi, anAssignment, epoch, insertRoles, insertUsers, newId } from './things.ts'

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
    await store.write(async (tx) => {
      await tx.roles.update(roleId, { description: 'later' })
      // Nothing lies between this and the commit.
      assert.equal(await read(), description)
    })
    assert.equal(await read(), 'later')
  }
})

test('what another process commits counts on the next turn, whatever was read before', async (t) => {
  const { location, remove } = await sqlite.create()
  const ours = openStore(await openEngine(location), () => epoch)
  const theirs = openStore(await openEngine(location), () => epoch)
  t.after(async () => {
    await ours.close()
    await theirs.close()
    await remove()
  })
  const key = { apiId: newId(), name: 'ship' }
  const [user, role, digest] = [newId(), newId(), newId()]
  const scope = 'workspace'
  await theirs.write(async (tx) => {
    await insertUsers(tx, [{ id: user }])
    await insertRoles(tx, [{ id: role }])
    await tx.apis.insert(anApi({ id: key.apiId }))
    await tx.permissions.add({ ...key, description: '' })
    await tx.permissions.addToRole(role, key)
    await tx.assignments.add(anAssignment({ userId: user, roleId: role }))
    const fresh = { kind: 'api', door: 'rocketchat', data: {}, createdAt: epoch } as const
    await tx.sessions.insert({ id: newId(), userId: user, digest, ...fresh })
    await tx.settings.put('mail', { from: 'a' })
  })
  const { reader } = ours
  const seen = async () => ({
    mayAct: (await reader.users.standing(user))?.isBlocked === false,
    isAllowed: await reader.decisions.allows(user, key, [scope], epoch),
    session: (await reader.sessions.findBy({ digest }))?.userId,
    setting: await reader.settings.get('mail'),
    missing: await reader.settings.get('none'),
    role: (await reader.roles.find(role))?.description,
    holders: (await reader.assignments.holdersByName(role, scope, epoch, { limit: 9, offset: 0 })).length,
  })
  const before = await seen()
  assert.deepEqual(
    [before.mayAct, before.isAllowed, before.session, before.setting, before.missing, before.holders],
    [true, true, user, { from: 'a' }, undefined, 1],
  )
  await theirs.write(async (tx) => {
    await tx.users.update(user, { isBlocked: true })
    await tx.assignments.remove({ userId: user, roleId: role, scope })
    const session = await tx.sessions.findBy({ digest })
    await tx.sessions.remove(session!.id)
    await tx.settings.put('mail', { from: 'b' })
    await tx.settings.put('none', { is: 'there' })
    await tx.roles.update(role, { description: 'changed' })
  })
  assert.deepEqual(await seen(), {
    mayAct: false,
    isAllowed: false,
    session: undefined,
    setting: { from: 'b' },
    missing: { is: 'there' },
    role: 'changed',
    holders: 0,
  })
})

test('a page of holders that was read ends with the first assignment that does', async (t) => {
  const { location, remove } = await sqlite.create()
  const store = openStore(await openEngine(location), () => epoch)
  t.after(async () => {
    await store.close()
    await remove()
  })
  const roleId = await store.write(async (tx) => {
    const [stays, goes] = await insertUsers(tx, [{}, {}])
    const [role] = await insertRoles(tx, [{}])
    await tx.assignments.add(anAssignment({ userId: stays!.id, roleId: role!.id }))
    await tx.assignments.add(anAssignment({ userId: goes!.id, roleId: role!.id, expiresAt: epoch + 10 }))
    return role!.id
  })
  const holders = async (at: number) => {
    const page = { limit: 9, offset: 0 }
    return (await store.reader.assignments.holdersByName(roleId, 'workspace', at, page)).length
  }
  assert.deepEqual(
    [await holders(epoch), await holders(epoch + 9), await holders(epoch + 10), await holders(epoch)],
    [2, 2, 1, 2],
  )
})

test('what somebody may do is remembered until anybody commits, and until what it rests on expires', async (t) => {
  const { location, remove } = await sqlite.create()
  const [own, other] = [await openEngine(location), await openEngine(location)]
  let at = epoch
  const stores = [own, other].map((engine) => openStore(engine, () => at))
  t.after(async () => {
    for (const store of stores) await store.close()
    await remove()
  })
  const [{ reader, write }, elsewhere] = stores as [(typeof stores)[0], (typeof stores)[0]]
  const [userId, roleId] = await write(async (tx) => {
    const [user] = await insertUsers(tx, [{}])
    const [role] = await insertRoles(tx, [{}])
    await tx.permissions.addToRole(role!.id, { apiId: rolecallApiId, name: 'users:read' })
    await tx.assignments.add(anAssignment({ userId: user!.id, roleId: role!.id, expiresAt: epoch + 10 }))
    return [user!.id, role!.id]
  })
  const actor: Actor = { kind: 'user', id: userId, door: 'native' }
  const may = () => mayDo(reader, actor, ['users:read'], workspace)
  assert.equal(await may(), true)
  at = epoch + 9
  assert.equal(await may(), true)
  at = epoch + 10
  assert.equal(await may(), false)
  await elsewhere.write(async (tx) => {
    await tx.assignments.add(anAssignment({ userId, roleId, createdAt: at }))
  })
  assert.equal(await may(), true)
  await elsewhere.write(async (tx) => {
    await tx.assignments.remove({ userId, roleId, scope: workspace })
  })
  assert.equal(await may(), false)
})

test('who asks for the same at once shares one read, and a read that fails is begun anew', async (t) => {
  const { location, remove } = await sqlite.create()
  const engine = await openEngine(location)
  const store = openStore(engine, () => epoch)
  t.after(async () => {
    await store.close()
    await remove()
  })
  const { recall } = store.reader
  let reads = 0
  const until = undefined
  const read = async () => {
    reads += 1
    if (reads === 1) throw new Error('not now')
    return { value: reads, until }
  }
  const settled = await Promise.allSettled([1, 2, 3].map(() => recall(['it'], read)))
  assert.deepEqual([settled.map(({ status }) => status), reads], [['rejected', 'rejected', 'rejected'], 1])
  assert.deepEqual([await Promise.all([1, 2, 3].map(() => recall(['it'], read))), reads], [[2, 2, 2], 2])
  const before = recall(['other'], async () => {
    await new Promise((resolve) => setTimeout(resolve, 20))
    return { value: 'before', until }
  })
  await store.write((tx) => tx.settings.put('mail', { from: 'a' }))
  // Whoever asks behind a commit is not told what was being read before it.
  assert.equal(await recall(['other'], async () => ({ value: 'behind', until })), 'behind')
  assert.equal(await before, 'before')
  assert.equal(await recall(['other'], async () => ({ value: 'anew', until })), 'behind')
})
