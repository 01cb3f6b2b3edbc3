import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anonymous } from '#core/actor.ts'
import { mailSecretsContext } from '#core/mail/mail.ts'
import { addSession, prepareSession } from '#core/sessions/open.ts'
import { findSession } from '#core/sessions/read.ts'
import { requestSignInCode, verifySignInCode } from '#core/sign-in/code.ts'
import { signIn } from '#core/sign-in/sign-in.ts'
import { confirmEmail, requestEmailConfirmation } from '#core/users/confirm-email.ts'
import { createUser } from '#core/users/create.ts'
import { requestPasswordReset, resetPassword } from '#core/users/reset-password.ts'
import { updateUser } from '#core/users/update.ts'
import { openWorkspace, refusalOf, type Workspace } from '#test/workspace.ts'

const stranger = anonymous('native')
const email = 'ada@example.com'
const password = 'Correct horse 9 battery'
const another = 'Another horse 8 battery'

const withAda = ({ run, system }: Workspace, name = 'ada') =>
  run(
    createUser,
    {
      username: name,
      email: `${name}@example.com`,
      password,
      connectionName: 'Username-Password-Authentication',
    },
    system,
  )

/** What the newest mail to an address held, as its reader sees it. */
const mailed = async ({ reader, services }: Workspace, to = email) => {
  const order = [{ field: 'number', direction: 'descending' } as const]
  const filter = { field: 'to', is: 'equal', value: to } as const
  const [mail] = (await reader.mails.list({ filter, order, limit: 1 })).items
  assert.ok(mail?.sealedSecrets, 'a mail with secrets was sent')
  const opened = services.sealer.open(mail.sealedSecrets, mailSecretsContext(mail.id))
  const { link = '', code } = JSON.parse(opened) as { link?: string; code?: string }
  const ticket = link === '' ? '' : (new URL(link).searchParams.get('ticket') ?? '')
  return { template: mail.template, link, code: code ?? '', ticket }
}

const askReset = (space: Workspace, input: object = {}) =>
  space.run(requestPasswordReset, { user: { email }, ...input }, stranger)

const canSignIn = async (space: Workspace, given: string) =>
  (await space.run(signIn, { login: { email }, password: given }, stranger)).ok

test('a password is reset by the mailed link, once, and every session ends', async (t) => {
  const space = await openWorkspace(t)
  const ada = await withAda(space)
  const prepared = prepareSession(space.services)
  const { secret: session } = await space.write((tx) =>
    addSession(tx, ada.id, { kind: 'browser' }, 'native', prepared),
  )
  await askReset(space)
  const { ticket, template, link } = await mailed(space)
  assert.equal(template, 'reset-password')
  assert.ok(link.startsWith('https://rolecall.example/lo/reset?ticket='))
  await space.run(resetPassword, { secret: ticket, password: another }, stranger)
  assert.deepEqual([await canSignIn(space, another), await canSignIn(space, password)], [true, false])
  assert.equal(await space.run(findSession, { secret: session }, stranger), undefined)
  assert.equal((await space.reader.users.find(ada.id))?.isEmailVerified, true)
  const again = space.run(resetPassword, { secret: ticket, password: 'A third horse 7' }, stranger)
  assert.equal((await refusalOf(again)).code, 'wrong_code')
  const order = [{ field: 'number', direction: 'descending' } as const]
  const [notice] = (await space.reader.mails.list({ order, limit: 1 })).items
  assert.equal(notice?.template, 'password-changed')
})

test('of 50 resets with one link at the same time one wins [row 7]', async (t) => {
  const space = await openWorkspace(t)
  await withAda(space)
  await askReset(space)
  const { ticket } = await mailed(space)
  const outcomes = await Promise.allSettled(
    Array.from({ length: 50 }, (_, at) =>
      space.run(resetPassword, { secret: ticket, password: `Horse number ${at} x` }, stranger),
    ),
  )
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
})

test('the link says whose password it is, whatever else is given [row 18]', async (t) => {
  const space = await openWorkspace(t)
  const [ada, bob] = [await withAda(space), await withAda(space, 'bob')]
  await askReset(space)
  const { ticket } = await mailed(space)
  const forBob = { secret: ticket, password: another, email: 'bob@example.com' }
  assert.equal((await refusalOf(space.run(resetPassword, forBob, stranger))).code, 'wrong_code')
  const smuggled = { secret: ticket, password: another, userId: bob.id, user: { userId: bob.id } }
  const { user } = await space.run(resetPassword, smuggled, stranger)
  assert.equal(user.id, ada.id)
})

test('a link is worth nothing when its user has another address, is blocked, or it is too old', async (t) => {
  const space = await openWorkspace(t)
  const ada = await withAda(space)
  const reset = (secret: string) => space.run(resetPassword, { secret, password: another }, stranger)
  const change = (changes: object) => space.run(updateUser, { userId: ada.id, changes }, space.system)
  await askReset(space)
  const first = await mailed(space)
  await change({ email: 'new@example.com' })
  assert.equal((await refusalOf(reset(first.ticket))).code, 'wrong_code')
  await change({ email })
  await change({ isBlocked: true })
  assert.equal((await refusalOf(reset(first.ticket))).code, 'wrong_code')
  await change({ isBlocked: false })
  space.clock.now += 86_400_000
  assert.equal((await refusalOf(reset(first.ticket))).code, 'wrong_code')
  await askReset(space)
  const { ticket } = await mailed(space)
  for (const wrong of ['', ticket.slice(1), `${ticket}A`, ticket.toLowerCase()]) {
    assert.equal((await refusalOf(reset(wrong))).code, 'wrong_code')
  }
  await reset(ticket)
})

test('a weak password does not use the link up', async (t) => {
  const space = await openWorkspace(t)
  await withAda(space)
  await askReset(space)
  const { ticket } = await mailed(space)
  const weak = space.run(resetPassword, { secret: ticket, password: 'short' }, stranger)
  assert.equal((await refusalOf(weak)).code, 'weak_password')
  await space.run(resetPassword, { secret: ticket, password: another }, stranger)
})

test('nobody learns from the answer whether there is such a user, and nobody is flooded [row 29]', async (t) => {
  const space = await openWorkspace(t)
  await withAda(space)
  const askers = [{ email: 'nobody@example.com' }, { email }, { username: 'ada' }, { username: 'a\0' }]
  for (const user of askers) assert.equal(await askReset(space, { user }), undefined)
  for (let at = 0; at < 20; at += 1) await askReset(space, { ip: `192.0.2.${at}` })
  assert.equal(await space.reader.mails.count(), 5)
  for (let at = 0; at < 50; at += 1)
    await askReset(space, { ip: '198.51.100.1', user: { email: `x${at}@y.z` } })
  const over = (user: object) => refusalOf(askReset(space, { ip: '198.51.100.1', user }))
  assert.equal((await over({ email })).code, 'too_many_attempts')
  assert.equal((await over({ email: 'nobody@example.com' })).code, 'too_many_attempts')
})

test('whoever is known to another provider only has no password to reset', async (t) => {
  const space = await openWorkspace(t)
  await withAda(space)
  await askReset(space, { connectionName: 'elsewhere' })
  assert.equal(await space.reader.mails.count(), 0)
})

test('a door may send a code of letters with a link of its own', async (t) => {
  const space = await openWorkspace(t)
  await withAda(space)
  const linkTo = (secret: string) => `https://app.example/reset?code=${secret}`
  await askReset(space, { form: 'letters', linkTo })
  const { code, link } = await mailed(space)
  assert.match(code, /^[0-9A-Z]{32}$/u)
  assert.equal(link, linkTo(code))
  const wrongCase = { secret: code.toLowerCase(), password: another, email }
  assert.equal((await refusalOf(space.run(resetPassword, wrongCase, stranger))).code, 'wrong_code')
  await space.run(resetPassword, { secret: code, password: another, email }, stranger)
})

test('an address is confirmed by link or code, once', async (t) => {
  const space = await openWorkspace(t)
  const ada = await withAda(space)
  await space.events()
  for (const form of ['link', 'digits'] as const) {
    await space.run(requestEmailConfirmation, { user: { email }, form }, stranger)
    const { ticket, code } = await mailed(space)
    const input = form === 'link' ? { secret: ticket } : { secret: code, email }
    const confirmed = await space.run(confirmEmail, input, stranger)
    assert.equal(confirmed.ok && confirmed.user.id, ada.id)
    assert.equal((await space.reader.users.find(ada.id))?.isEmailVerified, true)
    assert.equal((await space.run(confirmEmail, input, stranger)).ok, false)
    await space.run(updateUser, { userId: ada.id, changes: { isEmailVerified: false } }, space.system)
  }
  const changes = (await space.events()).map(({ type, data }) => [type, data?.changed])
  assert.deepEqual(changes[0], ['user.updated', ['isEmailVerified']])
})

test('nobody is asked to confirm what is confirmed, and a link for one purpose serves no other [row 8]', async (t) => {
  const space = await openWorkspace(t)
  const ada = await withAda(space)
  await space.run(requestEmailConfirmation, { user: { email } }, stranger)
  const { ticket } = await mailed(space)
  const reset = space.run(resetPassword, { secret: ticket, password: another }, stranger)
  assert.equal((await refusalOf(reset)).code, 'wrong_code')
  assert.equal((await space.run(verifySignInCode, { secret: ticket }, stranger)).ok, false)
  await space.run(updateUser, { userId: ada.id, changes: { isEmailVerified: true } }, space.system)
  await space.run(requestEmailConfirmation, { user: { email } }, stranger)
  assert.equal(await space.reader.mails.count(), 1)
})

test('a proof is worth nothing for another address, another user or another purpose [row 8]', async (t) => {
  const space = await openWorkspace(t)
  const ada = await withAda(space)
  const change = (changes: object) => space.run(updateUser, { userId: ada.id, changes }, space.system)
  await space.run(requestEmailConfirmation, { user: { email } }, stranger)
  const { ticket } = await mailed(space)
  await space.run(requestEmailConfirmation, { user: { email }, form: 'digits' }, stranger)
  const { code: digits } = await mailed(space)
  await space.run(requestSignInCode, { email }, stranger)
  const { code } = await mailed(space)
  const bob = await withAda(space, 'bob')
  await change({ email: 'new@example.com' })
  await space.run(updateUser, { userId: bob.id, changes: { email } }, space.system)
  const smuggled = { secret: ticket, userId: bob.id, user: { userId: bob.id } }
  for (const proof of [smuggled, { secret: digits, email }, { secret: digits, email: 'new@example.com' }]) {
    assert.equal((await space.run(confirmEmail, proof, stranger)).ok, false)
  }
  for (const as of [email, 'new@example.com', 'bob@example.com']) {
    assert.equal((await space.run(verifySignInCode, { email: as, secret: code }, stranger)).ok, false)
    assert.equal((await space.run(confirmEmail, { email: as, secret: code }, stranger)).ok, false)
  }
  for (const { id } of [ada, bob]) assert.notEqual((await space.reader.users.find(id))?.isEmailVerified, true)
  await space.run(updateUser, { userId: bob.id, changes: { email: 'bob@example.com' } }, space.system)
  await change({ email })
  assert.equal((await space.run(confirmEmail, { secret: ticket }, stranger)).ok, true, 'who has it again')
})

test('six digits sign somebody in once, and confirm his address', async (t) => {
  const space = await openWorkspace(t)
  const ada = await withAda(space)
  await space.run(requestSignInCode, { email }, stranger)
  const { code, link } = await mailed(space)
  assert.match(code, /^\d{6}$/u)
  assert.equal(link, '')
  const verify = () =>
    space.run(
      verifySignInCode,
      { email: 'ADA@example.com', secret: code, session: { kind: 'browser' } },
      stranger,
    )
  const outcomes = await Promise.all(Array.from({ length: 20 }, verify))
  const [won, ...more] = outcomes.filter(({ ok }) => ok)
  assert.ok(won?.ok && won.session && more.length === 0)
  const user = await space.reader.users.find(ada.id)
  assert.deepEqual([user?.isEmailVerified, user?.loginsCount], [true, 1])
})

test('a code is another’s for nobody, too old after ten minutes, and dead after five wrong ones [row 30]', async (t) => {
  const space = await openWorkspace(t)
  await withAda(space)
  await withAda(space, 'bob')
  const ask = () => space.run(requestSignInCode, { email }, stranger)
  const verify = (secret: string, as = email, ip = '192.0.2.1') =>
    space.run(verifySignInCode, { email: as, secret, ip }, stranger)
  await ask()
  const { code } = await mailed(space)
  assert.equal((await verify(code, 'bob@example.com')).ok, false)
  space.clock.now += 600_000
  assert.equal((await verify(code)).ok, false)
  await ask()
  const fresh = await mailed(space)
  const wrong = fresh.code === '000000' ? '000001' : '000000'
  await Promise.all(Array.from({ length: 100 }, (_, at) => verify(wrong, email, `192.0.2.${at}`)))
  assert.equal((await verify(fresh.code, email, '198.51.100.9')).ok, false)
})
