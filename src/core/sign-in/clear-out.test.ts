import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addSession, prepareSession } from '#core/sessions/open.ts'
import { openWorkspace, refusalOf } from '#test/workspace.ts'
import { addChallenge } from '../second-factors/challenge.ts'
import { addTicket } from '../tickets/create.ts'
import { countedFor, countFailure } from './attempts.ts'
import { clearOutSignIns } from './clear-out.ts'

test('what has expired is cleared out in batches, and what counts stays', async (t) => {
  const workspace = await openWorkspace(t)
  const { id } = await workspace.user()
  const open = (lifetimeSeconds?: number) =>
    workspace.write((tx) =>
      addSession(
        tx,
        id,
        { kind: 'api', ...(lifetimeSeconds !== undefined && { lifetimeSeconds }) },
        'native',
        prepareSession(workspace.services),
      ),
    )
  for (let at = 0; at < 501; at += 1) await open(60)
  await open(600)
  await open()
  await workspace.write((tx) => countFailure(tx, countedFor('somebody', '192.0.2.1')))
  for (const lifetimeSeconds of [60, 600]) {
    const ticket = { userId: id, purpose: 'verify-email', lifetimeSeconds, data: {} } as const
    await workspace.write((tx) => addTicket(tx, ticket, `digest ${lifetimeSeconds}`))
  }
  await workspace.write((tx) => addChallenge(tx, { id: 'asked', purpose: 'sign-in' }))
  workspace.clock.now += 60_000
  const clearOut = () => workspace.run(clearOutSignIns, {}, workspace.system)
  assert.deepEqual([await clearOut(), await clearOut()], [true, false])
  assert.equal(await workspace.reader.sessions.count(), 2)
  assert.equal(await workspace.reader.failedAttempts.count(), 3)
  assert.equal(await workspace.reader.tickets.count(), 1)
  assert.equal(await workspace.reader.passkeyChallenges.count(), 1)
  workspace.clock.now += 86_400_001
  await clearOut()
  assert.equal(await workspace.reader.failedAttempts.count(), 0)
  assert.equal(await workspace.reader.tickets.count(), 0)
  assert.equal(await workspace.reader.passkeyChallenges.count(), 0)
  const clerk = await workspace.person('users:read')
  assert.equal((await refusalOf(workspace.run(clearOutSignIns, {}, clerk))).code, 'forbidden')
})
