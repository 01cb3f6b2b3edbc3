import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createSealer } from '#crypto/sealing.ts'
import { migrate, openEngine, openStore } from '#store/open.ts'
import { createAdapter } from './adapter.ts'

const openAdapter = async (t: TestContext) => {
  const directory = await mkdtemp(join(tmpdir(), 'rolecall-'))
  const path = join(directory, 'rolecall.db')
  const engine = await openEngine(path)
  await migrate(engine)
  const clock = { now: Date.UTC(2026, 0, 5) }
  const now = () => clock.now
  const store = openStore(engine, now)
  t.after(async () => {
    await store.close()
    await rm(directory, { recursive: true, force: true })
  })
  const adapter = createAdapter({
    records: store.protocolRecords,
    findClient: async () => undefined,
    sealer: createSealer(randomBytes(32)),
    now,
  })
  const model = (name: string) =>
    adapter(name) as Required<Extract<ReturnType<typeof adapter>, { upsert: unknown }>>
  const files = async () => (await Promise.all([readFile(path), readFile(`${path}-wal`)])).join('')
  return { model, clock, files }
}

test('a record is found by its id, its uid and its user code until it ends', async (t) => {
  const { model, clock } = await openAdapter(t)
  const sessions = model('Session')
  const payload = { jti: 'cookie', uid: 'u1', userCode: 'ABCD-EFGH', kind: 'Session' }
  await sessions.upsert('cookie', payload, 60)
  assert.deepEqual(await sessions.find('cookie'), payload)
  assert.deepEqual(await sessions.findByUid('u1'), payload)
  assert.deepEqual(await sessions.findByUserCode('ABCD-EFGH'), payload)
  assert.equal(await model('Interaction').find('cookie'), undefined)
  await sessions.upsert('cookie', { ...payload, accountId: 'ann' }, 60)
  assert.equal((await sessions.find('cookie'))?.accountId, 'ann')
  clock.now += 60_000
  assert.equal(await sessions.find('cookie'), undefined)
})

test('a code is good once, whoever comes first', async (t) => {
  const { model, clock } = await openAdapter(t)
  const codes = model('AuthorizationCode')
  await codes.upsert('code', { jti: 'code', grantId: 'g1' }, 60)
  const outcomes = await Promise.allSettled([
    codes.consume('code'),
    codes.consume('code'),
    codes.consume('code'),
  ])
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'rejected'],
  )
  assert.equal((await codes.find('code'))?.consumed, clock.now / 1000)
})

test('a grant that is revoked takes its records with it, of every model', async (t) => {
  const { model } = await openAdapter(t)
  await model('RefreshToken').upsert('r', { jti: 'r', grantId: 'g1' }, 60)
  await model('AuthorizationCode').upsert('c', { jti: 'c', grantId: 'g1' }, 60)
  await model('RefreshToken').upsert('other', { jti: 'other', grantId: 'g2' }, 60)
  await model('RefreshToken').revokeByGrantId('g1')
  assert.equal(await model('RefreshToken').find('r'), undefined)
  assert.equal(await model('AuthorizationCode').find('c'), undefined)
  assert.ok(await model('RefreshToken').find('other'))
  await model('RefreshToken').destroy('other')
  assert.equal(await model('RefreshToken').find('other'), undefined)
})

test('no token, code or cookie can be read from the database', async (t) => {
  const { model, files } = await openAdapter(t)
  const secret = 'unguessable-refresh-token-value'
  await model('RefreshToken').upsert(
    secret,
    { jti: secret, grantId: 'visible-grant', session: { cookie: secret } },
    60,
  )
  const bytes = await files()
  assert.ok(bytes.includes('visible-grant'))
  assert.equal(bytes.includes(secret), false)
})
