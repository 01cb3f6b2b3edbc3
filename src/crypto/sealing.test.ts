import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { createSealer, loadOrCreateKey, SealError } from './sealing.ts'

const folder = await mkdtemp(join(tmpdir(), 'rolecall-sealing-'))
after(() => rm(folder, { recursive: true }))

const sealer = createSealer(randomBytes(32))

test('what was sealed opens in its context', () => {
  for (const plain of ['', 'secret', 'grün 🔑', 'x'.repeat(100_000)]) {
    const sealed = sealer.seal(plain, 'application:1')
    assert.match(sealed, /^v1\.[\w-]+$/)
    assert.equal(sealer.open(sealed, 'application:1'), plain)
  }
})

test('the same text is sealed differently each time', () => {
  assert.notEqual(sealer.seal('secret', 'a'), sealer.seal('secret', 'a'))
})

test('a sealed text opens in no other context and with no other key', () => {
  const sealed = sealer.seal('secret', 'application:1')
  assert.throws(() => sealer.open(sealed, 'application:2'), SealError)
  assert.throws(() => sealer.open(sealed, ''), SealError)
  assert.throws(() => createSealer(randomBytes(32)).open(sealed, 'application:1'), SealError)
})

test('a sealed text with any one character changed, added or left out does not open', () => {
  const sealed = sealer.seal('secret', 'a')
  for (let at = 0; at < sealed.length; at++) {
    const other = sealed[at] === 'A' ? 'B' : 'A'
    for (const changed of [
      sealed.slice(0, at) + other + sealed.slice(at + 1),
      sealed.slice(0, at) + sealed.slice(at + 1),
      `${sealed.slice(0, at)}!${sealed.slice(at)}`,
    ]) {
      assert.throws(() => sealer.open(changed, 'a'), SealError, changed)
    }
  }
})

test('what never was a sealed text does not open', () => {
  const sealed = sealer.seal('secret', 'a')
  for (const text of [
    '',
    'v1',
    'v1.',
    'v1.AAAA',
    `v2${sealed.slice(2)}`,
    'secret',
    `${sealed}.AAAA`,
    `${sealed}=`,
  ]) {
    assert.throws(() => sealer.open(text, 'a'), SealError, text)
  }
})

test('a key of another length is refused', () => {
  assert.throws(() => createSealer(randomBytes(16)), RangeError)
})

test('a key is made once, for its owner only, and nothing else is left behind', async () => {
  const path = join(folder, 'fresh', 'seal.key')
  const key = await loadOrCreateKey(path)
  assert.equal(key.length, 32)
  assert.deepEqual(await loadOrCreateKey(path), key)
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  assert.deepEqual(await readdir(join(folder, 'fresh')), ['seal.key'])
})

test('processes that start at the same time end up with the same key', async () => {
  const path = join(folder, 'race.key')
  const script = `
    import { loadOrCreateKey } from ${JSON.stringify(new URL('./sealing.ts', import.meta.url).href)}
    const keys = await Promise.all(Array.from({ length: 10 }, () => loadOrCreateKey(${JSON.stringify(path)})))
    console.log(keys.map((key) => key.toString('hex')).join('\\n'))`
  const run = () => promisify(execFile)(process.execPath, ['--input-type=module-typescript', '-e', script])
  const outputs = await Promise.all([run(), run(), run()])
  const keys = outputs.flatMap(({ stdout }) => stdout.trim().split('\n'))
  assert.equal(keys.length, 30)
  assert.equal(new Set(keys).size, 1)
  assert.equal(keys[0]?.length, 64)
})

test('a key file that holds something else is refused, not replaced', async () => {
  const path = join(folder, 'short.key')
  await writeFile(path, 'oops')
  await assert.rejects(loadOrCreateKey(path), /holds 4 bytes/)
  assert.equal((await stat(path)).size, 4)
})
