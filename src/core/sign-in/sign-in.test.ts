import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { hash as argon2Hash } from '@node-rs/argon2'
import { anonymous } from '#core/actor.ts'
import { findSession, listSessions } from '#core/sessions/read.ts'
import { createUser } from '#core/users/create.ts'
import { deleteUser } from '#core/users/delete.ts'
import { updateUser } from '#core/users/update.ts'
import { actorOf, openWorkspace, refusalOf, type Workspace } from '#test/workspace.ts'
import { checkPassword, type SignIn, signedIn, signIn } from './sign-in.ts'

const password = 'Correct horse 9 battery'
const stranger = anonymous('native')

const withAda = async (workspace: Workspace) =>
  workspace.run(
    createUser,
    {
      username: 'Ada',
      email: 'Ada@example.com',
      password,
      connectionName: 'Username-Password-Authentication',
    },
    workspace.system,
  )

const attempt = (workspace: Workspace, input: Partial<SignIn> = {}) =>
  workspace.run(
    signIn,
    { login: { email: 'ada@example.com' }, password, ip: '192.0.2.1', ...input },
    stranger,
  )

const refusedWith = async (work: ReturnType<typeof attempt>) => {
  const result = await work
  assert.equal(result.ok, false)
  return result.ok ? undefined : result.refusal.code
}

test('the right password signs in by address, user name or id, and every sign-in is counted', async (t) => {
  const workspace = await openWorkspace(t)
  const ada = await withAda(workspace)
  await workspace.events()
  const logins = [
    { email: 'ADA@example.com' },
    { username: 'ada' },
    { emailOrUsername: 'ada' },
    { emailOrUsername: 'ada@EXAMPLE.com' },
    { userId: ada.id },
  ]
  for (const [at, login] of logins.entries()) {
    const { user, isFirst } = signedIn(await attempt(workspace, { login }))
    assert.equal(user.loginsCount, at + 1)
    assert.equal(isFirst, at === 0)
    assert.equal(user.lastIp, '192.0.2.1')
  }
  const sha256 = createHash('sha256').update(password).digest('hex')
  signedIn(await attempt(workspace, { password: { sha256 } }))
  const events = await workspace.events()
  assert.deepEqual(
    events.map(({ type, userId }) => [type, userId]),
    Array.from({ length: 6 }, () => ['user.signed-in', ada.id]),
  )
})

test('an unknown user, a wrong password and one of another connection get the same answer', async (t) => {
  const workspace = await openWorkspace(t)
  await withAda(workspace)
  await workspace.user('nopassword')
  await workspace.events()
  for (const input of [
    { password: 'wrong' },
    { login: { email: 'nobody@example.com' } },
    { login: { username: 'nopassword' } },
    { connectionName: 'elsewhere' },
    { login: { username: 'a\0b' } },
    { login: { username: '\ud800' } },
    { login: { username: 'x'.repeat(100_000) } },
  ]) {
    assert.equal(await refusedWith(attempt(workspace, input)), 'wrong_credentials', JSON.stringify(input))
  }
  const reasons = (await workspace.events()).map(({ data }) => data?.reason)
  assert.deepEqual(reasons, [
    'wrong_password',
    'unknown_user',
    'wrong_password',
    'unknown_user',
    'unknown_user',
    'unknown_user',
    'unknown_user',
  ])
})

test('a blocked user is told so only with the right password', async (t) => {
  const workspace = await openWorkspace(t)
  const user = await withAda(workspace)
  await workspace.run(updateUser, { userId: user.id, changes: { isBlocked: true } }, workspace.system)
  assert.equal(await refusedWith(attempt(workspace)), 'suspended')
  assert.equal(await refusedWith(attempt(workspace, { password: 'wrong' })), 'wrong_credentials')
})

test('doors that keep administrators apart do so without telling, and without counting', async (t) => {
  const workspace = await openWorkspace(t)
  await withAda(workspace)
  assert.equal(await refusedWith(attempt(workspace, { only: 'administrators' })), 'wrong_credentials')
  signedIn(await attempt(workspace, { only: 'others' }))
  const root = { login: { username: 'root' }, password: 'correct horse battery' }
  signedIn(await attempt(workspace, { ...root, only: 'administrators' }))
  assert.equal(await refusedWith(attempt(workspace, { ...root, only: 'others' })), 'wrong_credentials')
})

test('100 wrong passwords at once count as 100, and nothing is tried until the block ends (row 30)', async (t) => {
  const workspace = await openWorkspace(t)
  await withAda(workspace)
  const outcomes = await Promise.all(
    Array.from({ length: 100 }, () => attempt(workspace, { password: 'wrong' })),
  )
  const wrong = outcomes.filter((each) => !each.ok && each.refusal.code === 'wrong_credentials')
  assert.equal(wrong.length, 10, 'answered before the block')
  assert.equal(await refusedWith(attempt(workspace)), 'too_many_attempts', 'the right one is not tried')
  signedIn(await attempt(workspace, { ip: '192.0.2.2' }))
  workspace.clock.now += 299_999
  assert.equal(await refusedWith(attempt(workspace)), 'too_many_attempts')
  workspace.clock.now += 1
  signedIn(await attempt(workspace))
})

test('the right password is not let in behind the failures that block it', async (t) => {
  const workspace = await openWorkspace(t)
  await withAda(workspace)
  const guesses = Array.from({ length: 40 }, (_, at) =>
    attempt(workspace, at === 39 ? {} : { password: 'no' }),
  )
  assert.equal(await refusedWith(guesses.at(-1)!), 'too_many_attempts')
  await Promise.all(guesses)
})

test('an address that fails as many different people is blocked for all of them (row 20)', async (t) => {
  const workspace = await openWorkspace(t)
  await withAda(workspace)
  for (let at = 0; at < 50; at += 1) {
    const login = { email: `someone${at}@example.com` }
    assert.equal(
      await refusedWith(attempt(workspace, { login, userAgent: `agent ${at}` })),
      'wrong_credentials',
    )
  }
  assert.equal(await refusedWith(attempt(workspace)), 'too_many_attempts')
  signedIn(await attempt(workspace, { ip: '192.0.2.9' }))
})

test('a hash of another kind is replaced when its password is known', async (t) => {
  const workspace = await openWorkspace(t)
  const user = await withAda(workspace)
  const foreign = await argon2Hash(password, { memoryCost: 4096, timeCost: 3, parallelism: 1 })
  await workspace.write((tx) => tx.users.update(user.id, { passwordHash: foreign }))
  signedIn(await attempt(workspace))
  const replaced = (await workspace.reader.users.find(user.id))?.passwordHash ?? ''
  assert.notEqual(replaced, foreign)
  signedIn(await attempt(workspace))
  assert.equal((await workspace.reader.users.find(user.id))?.passwordHash, replaced, 'and only once')
})

test('a session comes with the sign-in, and ends with the password, the block or the user', async (t) => {
  const workspace = await openWorkspace(t)
  const user = await withAda(workspace)
  const open = { session: { kind: 'api' as const, lifetimeSeconds: 60 } }
  const find = (secret: string) => workspace.run(findSession, { secret }, stranger)
  const fresh = async () => signedIn(await attempt(workspace, open)).session!.secret
  for (const change of [{ password: 'Another horse 9 battery' }, { changes: { isBlocked: true } }] as const) {
    const secret = await fresh()
    assert.equal((await find(secret))?.user.id, user.id)
    await workspace.run(updateUser, { userId: user.id, ...change }, workspace.system)
    assert.equal(await find(secret), undefined)
    await workspace.run(
      updateUser,
      { userId: user.id, password, changes: { isBlocked: false } },
      workspace.system,
    )
  }
  const secret = await fresh()
  const [own] = await workspace.run(listSessions, { userId: user.id }, actorOf(user))
  await workspace.run(
    updateUser,
    { userId: user.id, password: 'A third horse 9 battery', keepSessionId: own!.id },
    workspace.system,
  )
  assert.ok(await find(secret), 'whoever changes it stays where he is')
  await workspace.run(deleteUser, { userId: user.id }, workspace.system)
  assert.equal(await find(secret), undefined)
})

test('who is signed in confirms with the password, and guessing counts there, too', async (t) => {
  const workspace = await openWorkspace(t)
  const user = await withAda(workspace)
  const check = (given: string) =>
    workspace.run(checkPassword, { userId: user.id, password: given }, actorOf(user))
  assert.equal(await check(password), true)
  for (let at = 0; at < 10; at += 1) assert.equal(await check('wrong'), false)
  assert.equal((await refusalOf(check(password))).code, 'too_many_attempts')
  const other = await workspace.person()
  const foreign = workspace.run(checkPassword, { userId: user.id, password }, other)
  assert.equal((await refusalOf(foreign)).code, 'forbidden')
})

test('an unknown account, one without a password and a wrong password: the same answer after as many verifications', async (t) => {
  const workspace = await openWorkspace(t)
  await withAda(workspace)
  const { username: invited } = await workspace.user('invited')
  const { mock } = t.mock.method(workspace.services.passwords, 'verify')
  const work = async (login: SignIn['login']) => {
    const before = mock.callCount()
    const result = await attempt(workspace, { login, password: 'wrong' })
    return { result, verifications: mock.callCount() - before }
  }
  const wrong = await work({ email: 'ada@example.com' })
  assert.deepEqual(wrong, {
    result: { ok: false, refusal: { code: 'wrong_credentials' } },
    verifications: 1,
  })
  assert.deepEqual(await work({ email: 'nobody@example.com' }), wrong)
  assert.deepEqual(await work({ username: 'nobody' }), wrong)
  assert.deepEqual(await work({ username: invited! }), wrong)
})
