import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWorkspace, refusalOf } from '#test/workspace.ts'
import { anonymous } from './actor.ts'
import { completeSetUp, offerSetUp } from './set-up.ts'

const somebody = { email: 'first@example.com', username: 'first', password: 'Correct horse 9' }
const visitor = anonymous('native')

test('no set-up is offered while there is an administrator', async (t) => {
  const { run, system } = await openWorkspace(t)
  assert.equal(await run(offerSetUp, {}, system), undefined)
})

test('the link makes one administrator, once', async (t) => {
  const { run, system, reader } = await openWorkspace(t, { withAdministrator: false })
  const secret = (await run(offerSetUp, {}, system))!
  const admin = await run(completeSetUp, { ...somebody, secret }, visitor)
  const roles = await reader.assignments.effectiveRoles(admin.id, ['workspace'], reader.now())
  assert.deepEqual(
    roles.map(({ id }) => id),
    ['admin'],
  )
  const again = { ...somebody, email: 'second@example.com', username: 'second', secret }
  assert.equal((await refusalOf(run(completeSetUp, again, visitor))).code, 'not_found')
  assert.equal(await reader.users.findByEmail('second@example.com'), undefined)
})

test('a newer link ends an older one, and a guess is refused', async (t) => {
  const { run, system } = await openWorkspace(t, { withAdministrator: false })
  const older = (await run(offerSetUp, {}, system))!
  const newer = (await run(offerSetUp, {}, system))!
  for (const secret of [older, '', newer.slice(1), `${newer}x`]) {
    assert.equal((await refusalOf(run(completeSetUp, { ...somebody, secret }, visitor))).code, 'not_found')
  }
  await run(completeSetUp, { ...somebody, secret: newer }, visitor)
})

test('50 parallel uses of the link make one administrator', async (t) => {
  const { run, system, reader } = await openWorkspace(t, { withAdministrator: false })
  const secret = (await run(offerSetUp, {}, system))!
  const uses = Array.from({ length: 50 }, (_, index) =>
    run(
      completeSetUp,
      { ...somebody, email: `a${index}@example.com`, username: `a${index}`, secret },
      visitor,
    ),
  )
  const outcomes = await Promise.allSettled(uses)
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
  assert.equal(await reader.users.count(), 1)
})
