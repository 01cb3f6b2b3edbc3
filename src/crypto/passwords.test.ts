import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { hash as argon2Hash } from '@node-rs/argon2'
import { createPasswordHasher, PasswordQueueFull } from './passwords.ts'

const passwords = createPasswordHasher({ threads: 1 })

test('a hash is argon2id at the OWASP parameters over the digest of the password, with a salt of its own', async () => {
  const [one, two] = await Promise.all([passwords.hash('correct horse'), passwords.hash('correct horse')])
  assert.match(one, /^sha256:\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  assert.notEqual(one, two)
})

test('the password verifies, another one does not', async () => {
  const hash = await passwords.hash('pässwörd 🔑')
  assert.equal(await passwords.verify('pässwörd 🔑', hash), true)
  assert.equal(await passwords.verify('pässwörd 🔑 ', hash), false)
  assert.equal(await passwords.verify('', hash), false)
})

test('the digest of a password stands for it, and only with a hash of ours', async () => {
  const sha256 = createHash('sha256').update('secret').digest('hex')
  const hash = await passwords.hash('secret')
  assert.equal(await passwords.verify({ sha256 }, hash), true)
  assert.equal(await passwords.verify({ sha256: sha256.replace(/^./u, 'x') }, hash), false)
  assert.equal(await passwords.verify(sha256, hash), false, 'a digest that is typed is another password')
  const foreign = await argon2Hash('secret')
  assert.equal(await passwords.verify('secret', foreign), true)
  assert.equal(await passwords.verify({ sha256 }, foreign), false)
  assert.equal(passwords.isOutdated(foreign), true)
  assert.equal(passwords.isOutdated(hash), false)
})

test('a malformed or unaffordable hash verifies false and never throws', async () => {
  const digest = 'A'.repeat(43)
  const cases = [
    '',
    'x',
    '$argon2id$',
    '$2b$10$abcdefghijklmnopqrstuv',
    `$argon2id$v=19$m=19456,t=2,p=1$!!!$${digest}`,
    `$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ`,
    `$argon2id$v=19$m=0,t=0,p=0$c2FsdHNhbHQ$${digest}`,
    `$argon2id$v=19$m=4294967295,t=1,p=1$c2FsdHNhbHQ$${digest}`,
    `$argon2id$v=19$m=19456,t=4294967295,p=1$c2FsdHNhbHQ$${digest}`,
  ]
  for (const hash of cases) assert.equal(await passwords.verify('x', hash), false, hash)
})

test('an unknown user costs what a known one does', async () => {
  const hash = await passwords.hash('secret')
  // Processor time, of all threads: what else runs on the machine does not count.
  const cost = async (work: () => Promise<unknown>) => {
    const times: number[] = []
    for (let i = 0; i < 5; i++) {
      const start = process.cpuUsage()
      await work()
      const { user, system } = process.cpuUsage(start)
      times.push(user + system)
    }
    return Math.min(...times)
  }
  const known = await cost(() => passwords.verify('wrong', hash))
  assert.equal(await passwords.verify('wrong', undefined), false)
  // Generous bounds: doing nothing would be a thousand times cheaper.
  for (const work of [
    () => passwords.verify('wrong', undefined),
    () => passwords.verify('wrong', 'malformed'),
  ]) {
    const unknown = await cost(work)
    assert.ok(unknown > known / 3 && unknown < known * 3, `${unknown} µs against ${known} µs`)
  }
})

test('beyond the queue limit a password is rejected at once, and there is room again afterwards', async () => {
  const narrow = createPasswordHasher({ threads: 1, queueLimit: 2 })
  const outcomes = await Promise.allSettled([1, 2, 3, 4, 5].map(() => narrow.verify('x', undefined)))
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected'],
  )
  assert.ok(outcomes[4]?.status === 'rejected' && outcomes[4].reason instanceof PasswordQueueFull)
  assert.match(await narrow.hash('x'), /^sha256:\$argon2id/)
})
