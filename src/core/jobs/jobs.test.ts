import assert from 'node:assert/strict'
import test from 'node:test'
import { openWorkspace, refusalOf, type Workspace } from '#test/workspace.ts'
import { defaultConnectionName } from '../connections/connection.ts'
import { createUser } from '../users/create.ts'
import { removePermissions } from '../users/permissions.ts'
import { failAbandonedJobs } from './abandon.ts'
import { redeemDownload } from './download.ts'
import { finishJob, progressJob } from './finish.ts'
import { getJob, listJobErrors, listJobs } from './read.ts'
import { startUsersExport, startUsersImport, startVerificationEmail } from './start.ts'

/** The connection that every workspace begins with. */
const importInput = async ({ reader }: Workspace) => {
  const connection = await reader.connections.findBy({ name: defaultConnectionName })
  return { connectionId: connection!.id }
}

const failure = (at: number) => ({
  item: { email: `user-${at}` },
  code: 'invalid',
  message: 'This is no e-mail address.',
  path: 'email',
})

test('a job goes from pending over processing to completed, with what came of it', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, system, events, clock } = space
  await events()
  const job = await run(startUsersImport, await importInput(space), admin)
  assert.deepEqual([job.status, job.percentage, job.summary], ['pending', 0, {}])
  clock.now += 1000
  const under = await run(progressJob, { jobId: job.id, percentage: 40 }, system)
  assert.deepEqual([under.status, under.percentage], ['processing', 40])
  const summary = { total: 2, failed: 1 }
  const result = { jobId: job.id, status: 'completed' as const, summary, errors: [failure(1)] }
  const done = await run(finishJob, result, system)
  assert.deepEqual(done, await run(getJob, { jobId: job.id }, admin))
  assert.deepEqual([done.status, done.percentage, done.summary], ['completed', 100, summary])
  assert.deepEqual(
    (await events()).map(({ type }) => type),
    ['job.created', 'job.finished'],
  )
})

test('a job that is done stays as it is, however often it is ended', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, system, events } = space
  const { id: jobId } = await run(startUsersImport, await importInput(space), admin)
  const failed = await run(finishJob, { jobId, status: 'failed', summary: {} }, system)
  await events()
  const again = { jobId, status: 'completed' as const, summary: { total: 9 }, errors: [failure(1)] }
  assert.deepEqual(await run(finishJob, again, system), failed)
  assert.deepEqual(await run(progressJob, { jobId, percentage: 1 }, system), failed)
  const { items } = await run(listJobErrors, { jobId, listing: { limit: 9 } }, admin)
  assert.deepEqual([items, await events()], [[], []])
})

test('thousands of errors are kept and read page by page, in their order, each by its own job', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, system } = space
  const input = await importInput(space)
  const [one, other] = [await run(startUsersImport, input, admin), await run(startUsersImport, input, admin)]
  const errors = Array.from({ length: 1201 }, (_, at) => failure(at))
  const [jobId, status] = [one.id, 'completed' as const]
  await run(finishJob, { jobId, status, summary: {}, errors }, system)
  await run(finishJob, { jobId: other.id, status, summary: {}, errors: [failure(7)] }, system)
  const first = await run(listJobErrors, { jobId, listing: { limit: 1000, total: true } }, admin)
  assert.deepEqual([first.items.length, first.total], [1000, 1201])
  const rest = await run(listJobErrors, { jobId, listing: { limit: 1000, after: first.next! } }, admin)
  assert.deepEqual(
    rest.items.map(({ item }) => item.email),
    errors.slice(1000).map(({ item }) => item.email),
  )
})

test('each kind of job needs the right to do by hand what it does', async (t) => {
  const space = await openWorkspace(t)
  const { run, person, user } = space
  const actor = await person('users:update')
  const input = await importInput(space)
  const refused = async (work: Promise<unknown>) => (await refusalOf(work)).code
  assert.equal(await refused(run(startUsersImport, input, actor)), 'forbidden')
  assert.equal(await refused(run(startUsersExport, {}, actor)), 'forbidden')
  await run(startVerificationEmail, { userId: (await user()).id }, actor)
  const creator = await person('users:create')
  await run(startUsersImport, input, creator)
  assert.equal(
    await refused(run(startUsersImport, { ...input, updatesExisting: true }, creator)),
    'forbidden',
  )
  assert.equal(
    await refused(run(finishJob, { jobId: 'x', status: 'failed', summary: {} }, actor)),
    'forbidden',
  )
})

test('what an export tells about users is not for who may only create them', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, person } = space
  const exported = await run(startUsersExport, {}, admin)
  const imported = await run(startUsersImport, await importInput(space), admin)
  const actor = await person('users:create')
  assert.equal((await run(getJob, { jobId: imported.id }, actor)).id, imported.id)
  const hidden = { code: 'not_found', kind: 'job', id: exported.id }
  assert.deepEqual(await refusalOf(run(getJob, { jobId: exported.id }, actor)), hidden)
  const errors = { jobId: exported.id, listing: { limit: 1 } }
  assert.deepEqual(await refusalOf(run(listJobErrors, errors, actor)), hidden)
  const { items } = await run(listJobs, { listing: { limit: 9 } }, await person('users:read'))
  assert.equal(items.length, 2)
})

test('a verification e-mail is for somebody who has an address', async (t) => {
  const { run, admin } = await openWorkspace(t)
  const { id: userId } = await run(createUser, { username: 'nobody' }, admin)
  assert.equal((await refusalOf(run(startVerificationEmail, { userId }, admin))).code, 'invalid')
  const unknown = run(startVerificationEmail, { userId: 'none' }, admin)
  assert.deepEqual(await refusalOf(unknown), { code: 'not_found', kind: 'user', id: 'none' })
})

test('an import that its process left behind fails, and no other job does', async (t) => {
  const space = await openWorkspace(t)
  const { run, admin, system, events, clock, user, reader } = space
  const input = await importInput(space)
  const [waiting, stuck] = [
    await run(startUsersImport, input, admin),
    await run(startUsersImport, input, admin),
  ]
  await run(progressJob, { jobId: stuck.id, percentage: 10 }, system)
  const mail = await run(startVerificationEmail, { userId: (await user()).id }, admin)
  await events()
  const limits = { processingSeconds: 60, pendingSeconds: 3600 }
  clock.now += 59_999
  assert.equal(await run(failAbandonedJobs, limits, system), 0)
  clock.now += 1
  assert.equal(await run(failAbandonedJobs, limits, system), 1)
  assert.equal(await run(failAbandonedJobs, limits, system), 0)
  assert.equal((await reader.jobs.find(stuck.id))!.status, 'failed')
  assert.equal((await reader.jobs.find(waiting.id))!.status, 'pending')
  assert.equal(await run(failAbandonedJobs, { processingSeconds: 0, pendingSeconds: 0 }, system), 1)
  assert.equal((await reader.jobs.find(waiting.id))!.status, 'failed')
  assert.equal((await reader.jobs.find(mail.id))!.status, 'completed')
  const facts = (await events()).map(({ type, target }) => [type, target!.id])
  assert.deepEqual(facts, [
    ['job.finished', stuck.id],
    ['job.finished', waiting.id],
  ])
  assert.equal((await refusalOf(run(failAbandonedJobs, limits, await space.person()))).code, 'forbidden')
})

test('a link to an export is good once, for ten minutes, for that export (security case 17)', async (t) => {
  const { run, admin, clock } = await openWorkspace(t)
  const [{ id: jobId }, other] = [
    await run(startUsersExport, {}, admin),
    await run(startUsersExport, {}, admin),
  ]
  const anybody = { kind: 'anonymous', id: 'anonymous', door: 'auth0' } as const
  const fresh = async () => (await run(getJob, { jobId }, admin)).downloadLink!
  const redeem = (link: string, id = jobId) => run(redeemDownload, { jobId: id, link }, anybody)
  const gone = { code: 'not_found', kind: 'ticket', id: jobId }

  const [first, second] = [await fresh(), await fresh()]
  assert.deepEqual(await refusalOf(redeem(first, other.id)), { ...gone, id: other.id })
  assert.equal((await redeem(first)).startedBy.id, admin.id)
  assert.deepEqual(await refusalOf(redeem(first)), gone)
  clock.now += 600_000
  assert.deepEqual(await refusalOf(redeem(second)), gone)

  const third = await fresh()
  const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => redeem(third)))
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1, 'security case 7')

  const fourth = await fresh()
  for (const at of [0, 3, 10, Math.floor(fourth.length / 2), fourth.length - 1]) {
    const flipped = `${fourth.slice(0, at)}${fourth[at] === 'A' ? 'B' : 'A'}${fourth.slice(at + 1)}`
    assert.deepEqual(await refusalOf(redeem(flipped)), gone, `character ${at}`)
  }
  for (const bad of ['', 'x', `${fourth}x`, fourth.slice(1)])
    assert.deepEqual(await refusalOf(redeem(bad)), gone)
  await redeem(fourth)
})

test('a link to an export ends with the rights of who started it', async (t) => {
  const { run, admin, person } = await openWorkspace(t)
  const actor = await person('users:read')
  const { id: jobId } = await run(startUsersExport, {}, actor)
  const { downloadLink: link } = await run(getJob, { jobId }, admin)
  const permissions = [{ apiId: 'rolecall', name: 'users:read' }]
  await run(removePermissions, { userId: actor.id, permissions }, admin)
  const refusal = await refusalOf(run(redeemDownload, { jobId, link: link! }, actor))
  assert.equal(refusal.code, 'forbidden')
})
