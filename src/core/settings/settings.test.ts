import assert from 'node:assert/strict'
import test from 'node:test'
import { openWorkspace, refusalOf } from '#test/workspace.ts'
import { getSettings, updateSettings } from './settings.ts'

test('settings are merged key by key, and null takes a key away', async (t) => {
  const { run, admin } = await openWorkspace(t)
  const update = (changes: Parameters<typeof updateSettings.run>[1]['changes']) =>
    run(updateSettings, { name: 'mail', changes }, admin)
  assert.deepEqual(await run(getSettings, { name: 'mail' }, admin), {})
  await update({ from: 'a@example.com', flags: { a: true } })
  assert.deepEqual(await update({ flags: { b: true } }), { from: 'a@example.com', flags: { b: true } })
  assert.deepEqual(await update({ flags: null }), { from: 'a@example.com' })
  assert.deepEqual(await run(getSettings, { name: 'mail' }, admin), { from: 'a@example.com' })
})

test('an update names the keys that changed, and not their values', async (t) => {
  const { run, admin, events } = await openWorkspace(t)
  await run(updateSettings, { name: 'mail', changes: { from: 'a', to: 'b' } }, admin)
  await events()
  await run(updateSettings, { name: 'mail', changes: { from: 'a', to: 'c', cc: null } }, admin)
  assert.deepEqual(
    (await events()).map(({ type, data }) => ({ type, data })),
    [{ type: 'settings.updated', data: { name: 'mail', changed: ['to'] } }],
  )
})

test('updating settings to what they are changes nothing and emits nothing', async (t) => {
  const { run, admin, events } = await openWorkspace(t)
  const input = { name: 'mail', changes: { from: { name: 'a', address: 'b' } } }
  await run(updateSettings, input, admin)
  await events()
  await run(updateSettings, { ...input, changes: { from: { address: 'b', name: 'a' }, gone: null } }, admin)
  assert.deepEqual(await events(), [])
})

test('keys of settings that are set at the same time are all kept', async (t) => {
  const { run, admin } = await openWorkspace(t)
  const keys = Array.from({ length: 50 }, (_, at) => `key-${at}`)
  await Promise.all(keys.map((key) => run(updateSettings, { name: 'mail', changes: { [key]: 1 } }, admin)))
  assert.equal(Object.keys(await run(getSettings, { name: 'mail' }, admin)).length, 50)
})

test('odd names are refused for reading and writing', async (t) => {
  const { run, admin } = await openWorkspace(t)
  for (const name of ['', 'Mail', 'a_b', 'a/b', 'a b', 'x'.repeat(65)]) {
    assert.equal((await refusalOf(run(getSettings, { name }, admin))).code, 'invalid', name)
    const written = run(updateSettings, { name, changes: { a: 1 } }, admin)
    assert.equal((await refusalOf(written)).code, 'invalid', name)
  }
})

test('settings that other operations own are not read and not written past their rules [row 3]', async (t) => {
  const { run, admin, events } = await openWorkspace(t)
  await events()
  const name = 'internal:workspace'
  assert.equal((await refusalOf(run(getSettings, { name }, admin))).code, 'invalid')
  const written = run(updateSettings, { name, changes: { defaultRoles: ['admin'] } }, admin)
  assert.equal((await refusalOf(written)).code, 'invalid')
  assert.deepEqual(await events(), [])
})
