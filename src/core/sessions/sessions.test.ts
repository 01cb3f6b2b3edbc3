import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anonymous } from '#core/actor.ts'
import { actorOf, openWorkspace, refusalOf, type Workspace } from '#test/workspace.ts'
import { endSession, endSessions, renewSession, signOut } from './end.ts'
import { addSession, createPersonalToken, prepareSession } from './open.ts'
import { findSession, listSessions } from './read.ts'

const stranger = anonymous('native')
const find = ({ run }: Workspace, secret: string) => run(findSession, { secret }, stranger)

const open = ({ write, services }: Workspace, userId: string, lifetimeSeconds?: number) =>
  write((tx) =>
    addSession(
      tx,
      userId,
      { kind: 'api', ...(lifetimeSeconds !== undefined && { lifetimeSeconds }) },
      'native',
      prepareSession(services),
    ),
  )

test('a session counts until its instant, with nothing that sweeps (row 17)', async (t) => {
  const workspace = await openWorkspace(t)
  const user = await workspace.user()
  const { secret } = await open(workspace, user.id, 60)
  workspace.clock.now += 59_999
  assert.ok(await find(workspace, secret))
  workspace.clock.now += 1
  assert.equal(await find(workspace, secret), undefined)
})

test('no other door takes it, nor any part of it (row 14)', async (t) => {
  const workspace = await openWorkspace(t)
  const { secret } = await open(workspace, (await workspace.user()).id)
  assert.equal(await workspace.run(findSession, { secret }, anonymous('rocketchat')), undefined)
  for (const wrong of ['', secret.slice(1), secret.slice(0, -1), `${secret}A`, secret.toLowerCase()]) {
    assert.equal(await find(workspace, wrong), undefined)
  }
})

test('of 50 renewals at the same time one wins, and the old secret is good for nothing (row 7)', async (t) => {
  const workspace = await openWorkspace(t)
  const { secret } = await open(workspace, (await workspace.user()).id, 60)
  const outcomes = await Promise.allSettled(
    Array.from({ length: 50 }, () => workspace.run(renewSession, { secret }, stranger)),
  )
  const won = outcomes.filter((each) => each.status === 'fulfilled')
  assert.equal(won.length, 1)
  assert.equal(await find(workspace, secret), undefined)
  assert.ok(await find(workspace, won[0]!.value.secret))
})

test('signing out ends this session only, and once', async (t) => {
  const workspace = await openWorkspace(t)
  const user = await workspace.user()
  const [one, other] = [await open(workspace, user.id), await open(workspace, user.id)]
  assert.equal(await workspace.run(signOut, { secret: one.secret }, stranger), true)
  assert.equal(await workspace.run(signOut, { secret: one.secret }, stranger), false)
  assert.ok(await find(workspace, other.secret))
})

test('people see and end their own sessions, and nobody else’s', async (t) => {
  const workspace = await openWorkspace(t)
  const [one, other] = [await workspace.user(), await workspace.user()]
  const { id } = await open(workspace, one.id)
  await open(workspace, one.id)
  const foreign = { userId: one.id, sessionId: id }
  assert.equal((await refusalOf(workspace.run(endSession, foreign, actorOf(other)))).code, 'forbidden')
  const misnamed = { userId: other.id, sessionId: id }
  assert.equal((await refusalOf(workspace.run(endSession, misnamed, actorOf(other)))).code, 'not_found')
  const shown = await workspace.run(listSessions, { userId: one.id }, actorOf(one))
  assert.equal(shown.length, 2)
  assert.ok(shown.every((session) => !('digest' in session)))
  await workspace.events()
  await workspace.run(endSession, foreign, actorOf(one))
  assert.equal(await workspace.run(endSessions, { userId: one.id }, workspace.admin), 1)
  const events = await workspace.events()
  assert.deepEqual(
    events.map(({ type }) => type),
    ['session.ended', 'session.ended'],
  )
})

test('a personal token lasts, has a name of its own, and is not made for who may do more', async (t) => {
  const workspace = await openWorkspace(t)
  const user = await workspace.user()
  const make = (name: string) => workspace.run(createPersonalToken, { userId: user.id, name }, actorOf(user))
  const token = await make('ci')
  assert.match(token.secret, /^[A-Za-z0-9_-]{43}$/)
  workspace.clock.now += 1000 * 86_400_000
  assert.ok(await find(workspace, token.secret))
  assert.equal((await refusalOf(make('ci'))).code, 'taken')
  const clerk = await workspace.person('users:update')
  const forRoot = { userId: workspace.admin.id, name: 'mine' }
  assert.equal((await refusalOf(workspace.run(createPersonalToken, forRoot, clerk))).code, 'cannot_grant')
})
