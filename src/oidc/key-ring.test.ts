import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { ensureSigningKeys } from '#core/keys/ensure.ts'
import { listSigningKeys, revokeSigningKey, rotateSigningKey } from '#core/keys/rotate.ts'
import type { Run } from '#core/operation.ts'
import { beginning, openWorkspace } from '#test/workspace.ts'
import { createKeyRing, expiringKeys } from './key-ring.ts'

const open = async (t: Parameters<typeof openWorkspace>[0]) => {
  const workspace = await openWorkspace(t)
  const { run, services, clock, system } = workspace
  /** As many processes as are asked for, on one store. */
  const process = () => {
    const keyRing = createKeyRing({ run, sealer: services.sealer, now: () => clock.now })
    return { keyRing, run: expiringKeys(run, keyRing) }
  }
  const statuses = async () => (await run(listSigningKeys, {}, system)).map(({ status }) => status)
  return { ...workspace, process, statuses }
}

test('of processes that start at the same time one makes the current and the next key', async (t) => {
  const { process, statuses, events } = await open(t)
  const processes = [process(), process(), process()]
  await Promise.all(processes.map(({ keyRing }) => keyRing.ensure('RS256')))
  assert.deepEqual(await statuses(), ['current', 'next'])
  assert.deepEqual(
    (await events()).map(({ type }) => type),
    ['signing-key.rotated'],
  )
  const [first, ...others] = await Promise.all(processes.map(({ keyRing }) => keyRing.signingKeys()))
  assert.equal(first!.length, 1)
  for (const keys of others) assert.equal(keys[0]!.kid, first![0]!.kid)
  await processes[0]!.keyRing.ensure('RS256')
  assert.deepEqual(await statuses(), ['current', 'next'])
})

test('only who may update keys makes them', async (t) => {
  const { run, person } = await open(t)
  const nobody = await person('keys:read')
  await assert.rejects(run(ensureSigningKeys, { algorithm: 'RS256' }, nobody), { message: 'forbidden' })
})

test('the current key is published first, then the next and those before it, with their certificates', async (t) => {
  const { process, system } = await open(t)
  const { keyRing, run } = process()
  await keyRing.ensure('RS256')
  const [current, next] = (await keyRing.published()).keys
  await run(rotateSigningKey, {}, system)
  const { keys } = await keyRing.published()
  assert.deepEqual([keys[0]!.kid, keys[2]!.kid, keys.length], [next!.kid, current!.kid, 3])
  for (const key of keys) {
    assert.deepEqual(Object.keys(key).sort(), ['alg', 'e', 'kid', 'kty', 'n', 'use', 'x5c', 'x5t'])
    const { n } = new X509Certificate(Buffer.from(key.x5c[0]!, 'base64')).publicKey.export({ format: 'jwk' })
    assert.equal(n, key.n)
  }
  assert.equal((await keyRing.signingKeys())[0]!.kid, next!.kid)
})

test('a revoked key is published and trusted no more', async (t) => {
  const { process, system } = await open(t)
  const { keyRing, run } = process()
  await keyRing.ensure('RS256')
  const { kid } = (await keyRing.signingKeys())[0]!
  await run(rotateSigningKey, {}, system)
  assert.ok(await keyRing.verifyKey(kid))
  await run(revokeSigningKey, { keyId: kid }, system)
  assert.equal(await keyRing.verifyKey(kid), undefined)
  assert.ok((await keyRing.published()).keys.every((key) => key.kid !== kid))
})

test('what another process does with keys is noticed within two seconds', async (t) => {
  const { process, clock, system } = await open(t)
  const [here, there] = [process(), process()]
  await here.keyRing.ensure('RS256')
  const { kid } = (await there.keyRing.signingKeys())[0]!
  await here.run(rotateSigningKey, {}, system)
  await here.run(revokeSigningKey, { keyId: kid }, system)
  assert.equal((await there.keyRing.signingKeys())[0]!.kid, kid)
  clock.now = beginning + 2000
  assert.notEqual((await there.keyRing.signingKeys())[0]!.kid, kid)
  assert.equal(await there.keyRing.verifyKey(kid), undefined)
})

test('a key that another process just made is found when a token names it', async (t) => {
  const { process, clock } = await open(t)
  const [here, there] = [process(), process()]
  await here.keyRing.ensure('RS256')
  await there.keyRing.signingKeys()
  await here.keyRing.ensure('ES256')
  const { kid } = (await here.keyRing.signingKeys()).find(({ algorithm }) => algorithm === 'ES256')!
  clock.now = beginning + 250
  assert.equal((await there.keyRing.verifyKey(kid))?.algorithm, 'ES256')
})

test('keys that are read while they change are not kept', async (t) => {
  const { run, services, clock, system } = await open(t)
  let release = () => {}
  let gate = Promise.resolve()
  // Holds back what was read, as a slow database does.
  const slow: Run = async (...args) => {
    const output = await run(...args)
    await gate
    return output
  }
  const keyRing = createKeyRing({ run: slow, sealer: services.sealer, now: () => clock.now })
  await keyRing.ensure('RS256')
  gate = new Promise((resolve) => {
    release = resolve
  })
  const reading = keyRing.signingKeys()
  const rotated = await expiringKeys(run, keyRing)(rotateSigningKey, {}, system)
  release()
  assert.notEqual((await reading)[0]!.kid, rotated.id)
  assert.equal((await keyRing.signingKeys())[0]!.kid, rotated.id)
})

test('the keys are the same object while nothing changes, so that nothing is made anew', async (t) => {
  const { process, clock, system } = await open(t)
  const { keyRing, run } = process()
  await keyRing.ensure('RS256')
  const first = await keyRing.signingKeys()
  clock.now = beginning + 60_000
  assert.equal(await keyRing.signingKeys(), first)
  await run(rotateSigningKey, {}, system)
  assert.notEqual(await keyRing.signingKeys(), first)
})

test('a key is forgotten when the last token it can have signed is over', async (t) => {
  const { process, clock, system } = await open(t)
  const { keyRing, run } = process()
  await keyRing.ensure('RS256')
  const { kid } = (await keyRing.signingKeys())[0]!
  await run(rotateSigningKey, {}, system)
  clock.now = beginning + 2_592_000_000 - 1
  assert.ok(await keyRing.verifyKey(kid))
  clock.now = beginning + 2_592_000_000 + 2000
  assert.equal(await keyRing.verifyKey(kid), undefined)
  assert.equal((await keyRing.published()).keys.length, 2)
})
