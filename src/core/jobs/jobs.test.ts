import assert from 'node:assert/strict'
import test from 'node:test'
import { openWorkspace, refusalOf } from '#test/workspace.ts'
import { finishJob, progressJob } from './finish.ts'
import { getJob, listJobErrors, listJobs } from './read.ts'
import { startUsersExport, startUsersImport, startVerificationEmail } from './start.ts'

const failure = (at: number) => ({
  item: { email: `user-${at}` },
  code: 'invalid',
  message: 'This is no e-mail address.',
  path: 'email',
})

test('a job goes from pending over processing to completed, with what came of it', async (t) => {
  const { run, admin, system, events, clock } = await openWorkspace(t)
  await events()
  const job = await run(startUsersImport, { input: { connectionId: 'x' } }, admin)
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
  const { run, admin, system, events } = await openWorkspace(t)
  const { id: jobId } = await run(startUsersImport, { input: {} }, admin)
  const failed = await run(finishJob, { jobId, status: 'failed', summary: {} }, system)
  await events()
  const again = { jobId, status: 'completed' as const, summary: { total: 9 }, errors: [failure(1)] }
  assert.deepEqual(await run(finishJob, again, system), failed)
  assert.deepEqual(await run(progressJob, { jobId, percentage: 1 }, system), failed)
  const { items } = await run(listJobErrors, { jobId, listing: { limit: 9 } }, admin)
  assert.deepEqual([items, await events()], [[], []])
})

test('thousands of errors are kept and read page by page, in their order, each by its own job', async (t) => {
  const { run, admin, system } = await openWorkspace(t)
  const [one, other] = [
    await run(startUsersImport, { input: {} }, admin),
    await run(startUsersImport, { input: {} }, admin),
  ]
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
  const { run, person } = await openWorkspace(t)
  const actor = await person('users:update')
  const refused = async (work: Promise<unknown>) => (await refusalOf(work)).code
  assert.equal(await refused(run(startUsersImport, { input: {} }, actor)), 'forbidden')
  assert.equal(await refused(run(startUsersExport, { input: {} }, actor)), 'forbidden')
  await run(startVerificationEmail, { input: {} }, actor)
  assert.equal(
    await refused(run(finishJob, { jobId: 'x', status: 'failed', summary: {} }, actor)),
    'forbidden',
  )
})

test('what an export tells about users is not for who may only create them', async (t) => {
  const { run, admin, person } = await openWorkspace(t)
  const exported = await run(startUsersExport, { input: {} }, admin)
  const imported = await run(startUsersImport, { input: {} }, admin)
  const actor = await person('users:create')
  assert.equal((await run(getJob, { jobId: imported.id }, actor)).id, imported.id)
  const hidden = { code: 'not_found', kind: 'job', id: exported.id }
  assert.deepEqual(await refusalOf(run(getJob, { jobId: exported.id }, actor)), hidden)
  const errors = { jobId: exported.id, listing: { limit: 1 } }
  assert.deepEqual(await refusalOf(run(listJobErrors, errors, actor)), hidden)
  const { items } = await run(listJobs, { listing: { limit: 9 } }, await person('users:read'))
  assert.equal(items.length, 2)
})
