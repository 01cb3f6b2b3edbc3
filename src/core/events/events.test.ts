import assert from 'node:assert/strict'
import test from 'node:test'
import { actorOf, openWorkspace, refusalOf } from '#test/workspace.ts'
import { command } from '../operation.ts'
import { assignRoles } from '../roles/assign.ts'
import { getEvent, listEvents, listEventsOfUser } from './read.ts'
import { countActiveUsers, getDailyStatistics } from './statistics.ts'

const day = 86_400_000

/** What signing in leaves of itself. */
const signIn = command<{ userId: string }, void>({
  name: 'sign in',
  needs: { anyone: 'Stands for the login page' },
  run: async (tx, { userId }) => {
    await tx.users.update(userId, { lastLoginAt: tx.now() })
    await tx.emit({ type: 'user.signed-in', userId })
  },
})

test('events are read with events:read; a person sees what happened to him, and nothing else', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin } = space
  const [anna, ben] = [await space.user('anna'), await space.user('ben')]
  await run(assignRoles, { userIds: [anna.id, ben.id], roleIds: ['bot'] }, admin)
  const listing = { limit: 100 }
  const own = await run(listEventsOfUser, { userId: anna.id, listing }, actorOf(anna))
  assert.deepEqual(
    own.items.map(({ type, actor }) => [type, actor.id]),
    [
      ['user.created', 'system'],
      ['role.assigned', admin.id],
    ],
  )
  const sneaky = { limit: 100, filter: { any: [{ field: 'userId', is: 'equal', value: ben.id } as const] } }
  assert.deepEqual(
    (await run(listEventsOfUser, { userId: anna.id, listing: sneaky }, actorOf(anna))).items,
    [],
  )
  const all = await run(listEvents, { listing }, await space.person('events:read'))
  assert.ok(all.items.length > own.items.length)
  const [event] = own.items
  assert.deepEqual(await run(getEvent, { eventId: event!.id }, admin), event)
  for (const work of [
    run(listEvents, { listing }, actorOf(anna)),
    run(listEventsOfUser, { userId: ben.id, listing }, actorOf(anna)),
    run(getEvent, { eventId: event!.id }, actorOf(anna)),
    run(getEvent, { eventId: 'none' }, actorOf(anna)),
    run(countActiveUsers, {}, actorOf(anna)),
    run(getDailyStatistics, { from: 0, to: 0 }, actorOf(anna)),
  ]) {
    assert.equal((await refusalOf(work)).code, 'forbidden')
  }
  assert.equal((await refusalOf(run(getEvent, { eventId: 'none' }, admin))).code, 'not_found')
})

test('statistics count sign-ins and new users of each day, empty days included', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, system, clock } = space
  const today = Math.floor(clock.now / day) * day
  const anna = await space.user('anna')
  clock.now = today + day - 1
  await run(signIn, { userId: anna.id }, system)
  await run(signIn, { userId: anna.id }, system)
  clock.now = today + 2 * day
  await space.user('ben')
  await run(signIn, { userId: anna.id }, system)
  clock.now = today + 5 * day
  await space.user('late')
  const range = { from: today + 5, to: today + 2 * day }
  assert.deepEqual(await run(getDailyStatistics, range, admin), [
    // The administrator that the workspace began with counts too.
    { at: today, signIns: 2, signUps: 2, failedSignIns: 0, rolesGiven: 1 },
    { at: today + day, signIns: 0, signUps: 0, failedSignIns: 0, rolesGiven: 0 },
    { at: today + 2 * day, signIns: 1, signUps: 1, failedSignIns: 0, rolesGiven: 0 },
  ])
  for (const bad of [
    { from: today, to: today - 1 },
    { from: 0, to: 1e15 },
    { from: Number.NaN, to: today },
  ]) {
    assert.equal((await refusalOf(run(getDailyStatistics, bad, admin))).code, 'invalid')
  }
})

test('a user is active for 30 days after he signed in', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, system, clock } = space
  const anna = await space.user('anna')
  assert.equal(await run(countActiveUsers, {}, admin), 0)
  await run(signIn, { userId: anna.id }, system)
  clock.now += 30 * day
  assert.equal(await run(countActiveUsers, {}, admin), 1)
  clock.now += 1
  assert.equal(await run(countActiveUsers, {}, admin), 0)
})
