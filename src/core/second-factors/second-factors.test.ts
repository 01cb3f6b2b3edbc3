import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateSync } from 'otplib'
import { type Actor, anonymous } from '#core/actor.ts'
import type { JsonObject } from '#core/json.ts'
import { assignRoles } from '#core/roles/assign.ts'
import { createRole } from '#core/roles/create.ts'
import { signIn } from '#core/sign-in/sign-in.ts'
import { createUser } from '#core/users/create.ts'
import { deleteUser } from '#core/users/delete.ts'
import type { User } from '#core/users/user.ts'
import { createAuthenticator } from '#test/authenticator.ts'
import { actorOf, openWorkspace, refusalOf, type Workspace } from '#test/workspace.ts'
import { listSecondFactors, removeSecondFactor, removeSecondFactors } from './manage.ts'
import { addPasskey, requestPasskey, requestPasskeySignIn, signInWithPasskey } from './passkeys.ts'
import type { GivenFactor } from './second-factor.ts'
import { confirmTotp, enrolTotp, renewRecoveryCodes } from './totp.ts'

const stranger = anonymous('native')
const password = 'Correct horse 9 battery'
const origin = 'https://rolecall.example'

const withAda = ({ run, system }: Workspace, username = 'ada') =>
  run(createUser, { username, password, connectionName: 'Username-Password-Authentication' }, system)

const codeAt = (secret: string, at: number) =>
  generateSync({ strategy: 'totp', secret, epoch: Math.floor(at / 1000) })

/** Somebody with an app, and the clock past the step that confirmed it. */
const withApp = async (space: Workspace) => {
  const ada = await withAda(space)
  const actor = actorOf(ada)
  const { id, secret, uri } = await space.run(enrolTotp, { userId: ada.id }, actor)
  const code = codeAt(secret, space.clock.now)
  const { recoveryCodes = [] } = await space.run(confirmTotp, { userId: ada.id, factorId: id, code }, actor)
  space.clock.now += 60_000
  return { ada, actor, factorId: id, secret, uri, recoveryCodes }
}

const attempt = async (space: Workspace, secondFactor?: GivenFactor, username = 'ada') => {
  const input = { login: { username }, password, ...(secondFactor && { secondFactor }) }
  const result = await space.run(signIn, input, stranger)
  return result.ok ? 'in' : result.refusal.code
}

test('whoever has an app signs in with a code of it, and not without', async (t) => {
  const space = await openWorkspace(t)
  const { secret, uri } = await withApp(space)
  assert.match(uri, /^otpauth:\/\/totp\/Rolecall:ada\?/u)
  assert.equal(await attempt(space), 'second_factor_required')
  assert.equal(await attempt(space, { code: '000000' }), 'second_factor_wrong')
  const code = codeAt(secret, space.clock.now)
  assert.equal(await attempt(space, { kind: 'totp', code }), 'in')
})

test('a code counts once, also of several at the same time, and only around its time', async (t) => {
  const space = await openWorkspace(t)
  const { secret } = await withApp(space)
  const code = codeAt(secret, space.clock.now)
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => attempt(space, { code })))
  assert.equal(outcomes.filter((outcome) => outcome === 'in').length, 1)
  assert.equal(await attempt(space, { code }), 'second_factor_wrong')
  space.clock.now += 600_000
  assert.equal(
    await attempt(space, { code: codeAt(secret, space.clock.now - 90_000) }),
    'second_factor_wrong',
  )
  assert.equal(await attempt(space, { code: codeAt(secret, space.clock.now - 30_000) }), 'in')
})

test('who changes his own factors has proven a moment ago who he is; others need no more than the right to', async (t) => {
  const space = await openWorkspace(t)
  const { ada, factorId } = await withApp(space)
  const { run, admin, clock } = space
  const userId = ada.id
  const { provenAt: _proven, ...unproven } = actorOf(ada)
  const needed = { code: 'proof_needed', withinSeconds: 900 } as const
  const changes = (actor: Actor) => [
    run(enrolTotp, { userId }, actor),
    run(confirmTotp, { userId, factorId, code: '1' }, actor),
    run(renewRecoveryCodes, { userId }, actor),
    run(requestPasskey, { userId, origin }, actor),
    run(addPasskey, { userId, origin, response: {} }, actor),
    run(removeSecondFactor, { userId, factorId }, actor),
    run(removeSecondFactors, { userId }, actor),
  ]
  for (const actor of [unproven, { ...unproven, provenAt: clock.now - 900_001 }]) {
    for (const change of changes(actor)) assert.deepEqual(await refusalOf(change), needed)
  }
  assert.equal((await run(listSecondFactors, { userId }, unproven)).factors.length, 1)
  await run(renewRecoveryCodes, { userId }, { ...unproven, provenAt: clock.now - 900_000 })
  const { provenAt: _at, ...clerk } = admin
  await run(removeSecondFactor, { userId, factorId }, clerk)
  await run(enrolTotp, { userId }, clerk)
})

test('an app that was not confirmed asks nobody for anything', async (t) => {
  const space = await openWorkspace(t)
  const ada = await withAda(space)
  const { id } = await space.run(enrolTotp, { userId: ada.id }, actorOf(ada))
  assert.equal(await attempt(space), 'in')
  const wrong = space.run(confirmTotp, { userId: ada.id, factorId: id, code: '000000' }, actorOf(ada))
  assert.equal((await refusalOf(wrong)).code, 'wrong_code')
})

test('wrong codes are few, from anywhere, also at the same time [row 30]', async (t) => {
  const space = await openWorkspace(t)
  const { secret } = await withApp(space)
  const guesses = Array.from({ length: 30 }, (_, at) => attempt(space, { code: String(100_000 + at) }))
  const outcomes = await Promise.all(guesses)
  assert.equal(outcomes.filter((outcome) => outcome === 'second_factor_wrong').length, 10)
  const right = { code: codeAt(secret, space.clock.now) }
  assert.equal(await attempt(space, right), 'too_many_attempts')
  space.clock.now += 300_001
  assert.equal(await attempt(space, { code: codeAt(secret, space.clock.now) }), 'in')
})

test('a recovery code stands in once, however it is typed, and new ones end the old', async (t) => {
  const space = await openWorkspace(t)
  const { ada, actor, recoveryCodes } = await withApp(space)
  assert.equal(recoveryCodes.length, 10)
  const [first = '', second = ''] = recoveryCodes
  assert.match(first, /^([A-Z2-9]{4}-){3}[A-Z2-9]{4}$/u)
  const typed = first.toLowerCase().replaceAll('-', ' ')
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => attempt(space, { code: typed })))
  assert.equal(outcomes.filter((outcome) => outcome === 'in').length, 1)
  const renewed = await space.run(renewRecoveryCodes, { userId: ada.id }, actor)
  assert.equal(await attempt(space, { kind: 'recovery-code', code: second }), 'second_factor_wrong')
  assert.equal(await attempt(space, { kind: 'recovery-code', code: renewed[0] ?? '' }), 'in')
  const { recoveryCodesLeft } = await space.run(listSecondFactors, { userId: ada.id }, actor)
  assert.equal(recoveryCodesLeft, 9)
})

test('a role that asks for a second factor is held by nobody who signs in without one', async (t) => {
  const space = await openWorkspace(t)
  const ada = await withAda(space)
  const { id: roleId } = await space.run(
    createRole,
    { name: 'careful', requiresSecondFactor: true },
    space.system,
  )
  assert.equal(await attempt(space), 'in')
  const expiresAt = space.clock.now + 3_600_000
  await space.run(assignRoles, { userIds: [ada.id], roleIds: [roleId], expiresAt }, space.system)
  assert.equal(await attempt(space), 'second_factor_required')
  const listed = await space.run(listSecondFactors, { userId: ada.id }, actorOf(ada))
  assert.equal(listed.isRequired, true)
  const { id, secret } = await space.run(enrolTotp, { userId: ada.id }, actorOf(ada))
  const code = codeAt(secret, space.clock.now)
  await space.run(confirmTotp, { userId: ada.id, factorId: id, code }, actorOf(ada))
  space.clock.now += 60_000
  assert.equal(await attempt(space, { code: codeAt(secret, space.clock.now) }), 'in')
  await space.run(removeSecondFactors, { userId: ada.id }, actorOf(ada))
  assert.equal(await attempt(space), 'second_factor_required')
  space.clock.now = expiresAt
  assert.equal(await attempt(space), 'in')
})

test('nothing that proves somebody stands in the database, a list or an event as it is', async (t) => {
  const space = await openWorkspace(t)
  const { ada, actor, secret, recoveryCodes } = await withApp(space)
  const rows = JSON.stringify((await space.reader.secondFactors.list({ limit: 100 })).items)
  const events = JSON.stringify(await space.events())
  const listed = JSON.stringify(await space.run(listSecondFactors, { userId: ada.id }, actor))
  for (const text of [rows, events, listed]) {
    for (const hidden of [secret, ...recoveryCodes]) {
      assert.equal(text.includes(hidden) || text.includes(hidden.replaceAll('-', '')), false)
    }
  }
})

test('factors are their owner’s business, and of those who may do what he may', async (t) => {
  const space = await openWorkspace(t)
  const { ada, factorId } = await withApp(space)
  const other = await space.person()
  const clerk = await space.person('users:update', 'users:read')
  const remove = (userId: string, actor: typeof other) =>
    space.run(removeSecondFactor, { userId, factorId }, actor)
  assert.equal((await refusalOf(remove(ada.id, other))).code, 'forbidden')
  assert.equal((await refusalOf(remove(other.id, other))).code, 'not_found')
  const ofRoot = space.run(removeSecondFactors, { userId: space.admin.id }, clerk)
  assert.equal((await refusalOf(ofRoot)).code, 'cannot_grant')
  await remove(ada.id, clerk)
  assert.equal(await attempt(space), 'in')
  assert.equal(await space.reader.secondFactors.count(), 0, 'recovery codes go with the last factor')
  await space.run(deleteUser, { userId: ada.id }, space.system)
})

const withPasskey = async (space: Workspace, ada: User) => {
  const authenticator = createAuthenticator()
  const options = await space.run(requestPasskey, { userId: ada.id, origin }, actorOf(ada))
  const response = authenticator.create({ challenge: options.challenge, origin })
  const add = () => space.run(addPasskey, { userId: ada.id, origin, response }, actorOf(ada))
  const added = await add()
  return { authenticator, add, added }
}

const askForPasskey = async (space: Workspace, userId?: string) =>
  (await space.run(requestPasskeySignIn, { origin, ...(userId !== undefined && { userId }) }, stranger))
    .challenge

const enter = async (space: Workspace, response: JsonObject, from = origin) => {
  const result = await space.run(signInWithPasskey, { response, origin: from }, stranger)
  return result.ok ? result.user.id : result.refusal.code
}

test('a passkey signs its owner in, without a name or password, each challenge once', async (t) => {
  const space = await openWorkspace(t)
  const ada = await withAda(space)
  const { authenticator, add, added } = await withPasskey(space, ada)
  assert.equal(added.recoveryCodes?.length, 10)
  assert.equal((await refusalOf(add())).code, 'wrong_code', 'its challenge is used up')
  const response = authenticator.get({ challenge: await askForPasskey(space), origin })
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => enter(space, response)))
  assert.deepEqual(
    outcomes.filter((outcome) => outcome !== 'wrong_credentials'),
    [ada.id],
  )
})

test('a passkey’s answer from another page, for another challenge, too late or of a copy proves nothing', async (t) => {
  const space = await openWorkspace(t)
  const ada = await withAda(space)
  const { authenticator } = await withPasskey(space, ada)
  const foreign = authenticator.get({ challenge: await askForPasskey(space), origin: 'https://evil.example' })
  assert.equal(await enter(space, foreign), 'wrong_credentials')
  const invented = authenticator.get({ challenge: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', origin })
  assert.equal(await enter(space, invented), 'wrong_credentials')
  const stranger2 = createAuthenticator()
  assert.equal(
    await enter(space, stranger2.get({ challenge: await askForPasskey(space), origin })),
    'wrong_credentials',
  )
  const late = authenticator.get({ challenge: await askForPasskey(space), origin })
  space.clock.now += 300_000
  assert.equal(await enter(space, late), 'wrong_credentials')
  const good = authenticator.get({ challenge: await askForPasskey(space), origin, counter: 40 })
  assert.equal(await enter(space, good), ada.id)
  const copy = authenticator.get({ challenge: await askForPasskey(space), origin, counter: 40 })
  assert.equal(await enter(space, copy), 'wrong_credentials')
  assert.equal(await enter(space, {}), 'wrong_credentials')
  assert.equal(await enter(space, { id: 'x', response: { clientDataJSON: 7 } }), 'wrong_credentials')
})

test('a passkey is a second factor too, of its owner only', async (t) => {
  const space = await openWorkspace(t)
  const [ada, bob] = [await withAda(space), await withAda(space, 'bob')]
  const { authenticator } = await withPasskey(space, ada)
  const bobs = await withPasskey(space, bob)
  assert.equal(await attempt(space), 'second_factor_required')
  const challenge = await askForPasskey(space, ada.id)
  const wrong = { kind: 'passkey' as const, response: bobs.authenticator.get({ challenge, origin }), origin }
  assert.equal(await attempt(space, wrong), 'second_factor_wrong')
  const right = { kind: 'passkey' as const, response: authenticator.get({ challenge, origin }), origin }
  assert.equal(await attempt(space, right), 'in')
})
