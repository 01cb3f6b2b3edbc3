import assert from 'node:assert/strict'
import test from 'node:test'
import { actorOf, openWorkspace, refusalOf, type Workspace } from '#test/workspace.ts'
import type { Actor } from '../actor.ts'
import { defaultConnectionName } from '../connections/connection.ts'
import { createConnection } from '../connections/create.ts'
import { finishJob } from '../jobs/finish.ts'
import { getJob, listJobErrors } from '../jobs/read.ts'
import { startUsersImport } from '../jobs/start.ts'
import { assignRoles } from '../roles/assign.ts'
import { createRole } from '../roles/create.ts'
import { addExclusion } from '../roles/hierarchy.ts'
import { addRolePermissions } from '../roles/permissions.ts'
import { createUser } from './create.ts'
import { type ImportedUser, type ImportRecord, importUsers } from './import.ts'
import { runUsersImport } from './run-import.ts'

const word = (refusal: { code: string }) => ({ code: refusal.code, message: refusal.code, path: '' })
const recordOf = (user: ImportedUser): ImportRecord => ({ item: { email: user.email ?? '' }, user })

const open = async (t: Parameters<typeof openWorkspace>[0]) => {
  const space = await openWorkspace(t)
  const connection = await space.reader.connections.findBy({ name: defaultConnectionName })
  const importAs = (actor: Actor, users: ImportedUser[], more: { updatesExisting?: boolean } = {}) =>
    space.run(
      importUsers,
      { connectionId: connection!.id, updatesExisting: false, word, records: users.map(recordOf), ...more },
      actor,
    )
  await space.events()
  return { ...space, connectionId: connection!.id, importAs }
}

const summaryOf = ({ inserted, updated, failed }: { inserted: number; updated: number; failed: number }) => [
  inserted,
  updated,
  failed,
]
const codes = ({ faults }: { faults: { fault: { code: string } }[] }) => faults.map(({ fault }) => fault.code)

/** A role that lets its holders do this in Rolecall itself. */
const powerful = async ({ run, system }: Workspace, name: string, permission: string) => {
  const role = await run(createRole, { name }, system)
  const permissions = [{ apiId: 'rolecall', name: permission }]
  await run(addRolePermissions, { roleId: role.id, permissions }, system)
  return role
}

test('users are stored as they came, with their hashes, and may sign in nowhere else', async (t) => {
  const { admin, reader, importAs, connectionId, events } = await open(t)
  const bcrypt = `$2b$10$${'a'.repeat(53)}`
  const result = await importAs(admin, [
    {
      id: 'anna',
      email: 'anna@example.com',
      isEmailVerified: true,
      givenName: 'Anna',
      userMetadata: { a: 1 },
      appMetadata: { b: 2 },
      isBlocked: false,
      password: { bcrypt },
    },
    { email: 'ben@example.com', password: { custom: { algorithm: 'md5', hash: { value: 'x' } } } },
    { email: 'carl@example.com' },
  ])
  assert.deepEqual(summaryOf(result), [3, 0, 0])
  const anna = (await reader.users.find('anna'))!
  assert.deepEqual(
    [anna.email, anna.isEmailVerified, anna.givenName, anna.passwordHash, anna.connectionId, anna.isBlocked],
    ['anna@example.com', true, 'Anna', bcrypt, connectionId, false],
  )
  const ben = (await reader.users.findByEmail('ben@example.com'))!
  const [, encoded] = ben.passwordHash!.split('$custom$')
  assert.deepEqual(JSON.parse(Buffer.from(encoded!, 'base64url').toString()), {
    algorithm: 'md5',
    hash: { value: 'x' },
  })
  assert.equal((await reader.users.findByEmail('carl@example.com'))!.passwordHash, undefined)
  const facts = await events()
  assert.deepEqual(
    facts.map(({ type }) => type),
    ['user.created', 'user.created', 'user.created'],
  )
  assert.equal(JSON.stringify(facts).includes(bcrypt), false)
})

test('a record that is refused leaves no trace, and the others are stored', async (t) => {
  const { admin, reader, importAs, events, user } = await open(t)
  await user('taken')
  await events()
  const before = await reader.users.count()
  const result = await importAs(admin, [
    { email: 'one@example.com' },
    { email: 'ONE@example.com' },
    { email: 'Taken@example.com' },
    { email: 'no address' },
    {},
    { email: 'named@example.com', username: 'named' },
    { email: 'roles@example.com', roleIds: ['none'] },
    { email: 'meta@example.com', appMetadata: { 'a.b': 1 } },
    { id: 'two', email: 'two@example.com' },
    { id: 'two', email: 'three@example.com' },
  ])
  assert.deepEqual(summaryOf(result), [2, 0, 8])
  assert.deepEqual(codes(result), [
    'taken',
    'taken',
    'invalid',
    'invalid',
    'invalid',
    'not_found',
    'invalid',
    'taken',
  ])
  assert.equal((await reader.users.count()) - before, 2)
  assert.deepEqual(
    (await events()).map(({ type }) => type),
    ['user.created', 'user.created'],
  )
})

test('nobody imports a role that he could not give by hand (security case 1)', async (t) => {
  const space = await open(t)
  const { run, system, admin, person, reader, importAs } = space
  const plain = await run(createRole, { name: 'editor' }, system)
  const strong = await powerful(space, 'deleter', 'users:delete')
  const creator = await person('users:create')
  const giver = await person('users:create', 'roles:assign')
  const deleter = await person('users:create', 'roles:assign', 'users:delete')
  const attempts: [Actor, string, boolean][] = [
    [creator, plain.id, false],
    [creator, strong.id, false],
    [creator, 'admin', false],
    [giver, plain.id, true],
    [giver, strong.id, false],
    [giver, 'admin', false],
    [deleter, strong.id, true],
    [deleter, 'admin', false],
    [admin, 'admin', true],
  ]
  for (const [at, [actor, roleId, isGiven]] of attempts.entries()) {
    const email = `imported-${at}@example.com`
    const direct = await run(createUser, { username: `direct-${at}` }, system)
    const directly = run(assignRoles, { userIds: [direct.id], roleIds: [roleId] }, actor)
    const isGivenDirectly = await directly.then(
      () => true,
      () => false,
    )
    assert.equal(isGivenDirectly, isGiven, `directly, attempt ${at}`)
    const result = await importAs(actor, [{ email, roleIds: [roleId] }, { email: `other-${email}` }])
    assert.deepEqual(summaryOf(result), isGiven ? [2, 0, 0] : [1, 0, 1], `attempt ${at}`)
    if (!isGiven) assert.deepEqual(codes(result), ['cannot_grant'])
    const stored = await reader.users.findByEmail(email)
    assert.equal(stored !== undefined, isGiven)
    if (!stored) continue
    const held = await reader.assignments.find({ userId: stored.id, roleId, scope: 'workspace' })
    assert.equal(held?.source, 'import')
  }
})

test('roles that exclude each other are not imported together', async (t) => {
  const { run, system, admin, importAs, reader } = await open(t)
  const [one, other] = [
    await run(createRole, { name: 'one' }, system),
    await run(createRole, { name: 'other' }, system),
  ]
  await run(addExclusion, { roleId: one.id, otherRoleId: other.id }, system)
  const result = await importAs(admin, [{ email: 'both@example.com', roleIds: [one.id, other.id] }])
  assert.deepEqual(codes(result), ['exclusive_roles'])
  assert.equal(await reader.users.findByEmail('both@example.com'), undefined)
})

test('an existing user is refused, or changed where that is asked for, never in how he signs in', async (t) => {
  const { admin, reader, importAs, events } = await open(t)
  const bcrypt = `$2b$10$${'a'.repeat(53)}`
  await importAs(admin, [
    {
      id: 'anna',
      email: 'anna@example.com',
      name: 'Anna',
      appMetadata: { a: 1, b: 1 },
      password: { bcrypt },
    },
  ])
  assert.deepEqual(codes(await importAs(admin, [{ email: 'Anna@example.com', name: 'Other' }])), ['taken'])
  await events()

  const changed: ImportedUser = {
    email: 'ANNA@example.com',
    isEmailVerified: true,
    name: 'Anna B',
    appMetadata: { b: 2, c: 3 },
    userMetadata: {},
    password: { bcrypt: bcrypt.replace('aaa', 'bbb') },
  }
  const result = await importAs(admin, [changed], { updatesExisting: true })
  assert.deepEqual(summaryOf(result), [0, 1, 0])
  const anna = (await reader.users.find('anna'))!
  assert.deepEqual(
    [anna.email, anna.isEmailVerified, anna.name, anna.appMetadata, anna.passwordHash],
    ['anna@example.com', true, 'Anna B', { a: 1, b: 2, c: 3 }, bcrypt],
  )
  assert.deepEqual(
    (await events()).map(({ type }) => type),
    ['user.updated'],
  )
  await importAs(admin, [changed], { updatesExisting: true })
  assert.deepEqual(await events(), [])
})

test('what a record says of another address proves nothing of the user’s own', async (t) => {
  const { admin, reader, importAs } = await open(t)
  await importAs(admin, [{ id: 'anna', email: 'anna@example.com' }])
  const record = { id: 'anna', email: 'other@example.com', isEmailVerified: true }
  assert.deepEqual(summaryOf(await importAs(admin, [record], { updatesExisting: true })), [0, 1, 0])
  const anna = (await reader.users.find('anna'))!
  assert.deepEqual([anna.email, anna.isEmailVerified], ['anna@example.com', false])
})

test('a record that is two users at once is nobody’s', async (t) => {
  const { admin, importAs } = await open(t)
  await importAs(admin, [
    { id: 'anna', email: 'anna@example.com' },
    { id: 'ben', email: 'ben@example.com' },
  ])
  const result = await importAs(admin, [{ id: 'anna', email: 'ben@example.com' }], { updatesExisting: true })
  assert.deepEqual(codes(result), ['taken'])
})

test('users of another connection are not changed by an import to this one', async (t) => {
  const { run, admin, reader, importAs } = await open(t)
  const other = await run(createConnection, { name: 'other', strategy: 'auth0' }, admin)
  const records = [recordOf({ email: 'anna@example.com', name: 'Anna' })]
  await run(importUsers, { connectionId: other.id, updatesExisting: false, word, records }, admin)
  const result = await importAs(admin, [{ email: 'anna@example.com', name: 'X' }], { updatesExisting: true })
  assert.deepEqual(codes(result), ['taken'])
  assert.equal((await reader.users.findByEmail('anna@example.com'))!.name, 'Anna')
})

test('changing users by an import takes the right to change users', async (t) => {
  const { person, importAs, reader } = await open(t)
  const actor = await person('users:create')
  const refusal = await refusalOf(importAs(actor, [{ email: 'a@example.com' }], { updatesExisting: true }))
  assert.equal(refusal.code, 'forbidden')
  assert.equal(await reader.users.findByEmail('a@example.com'), undefined)
  assert.equal((await refusalOf(importAs(await person('users:read'), []))).code, 'forbidden')
})

test('an import does not block the last administrator', async (t) => {
  const { run, system, reader, admin, connectionId } = await open(t)
  const record = { id: admin.id, isBlocked: true }
  const root = (await reader.users.find(admin.id))!
  assert.equal(root.connectionId, connectionId)
  const records = [recordOf(record)]
  const result = await run(importUsers, { connectionId, updatesExisting: true, word, records }, system)
  assert.deepEqual(codes(result), ['last_administrator'])
})

test('a job counts what its batches did and ends with the summary and what was refused', async (t) => {
  const { run, admin, connectionId } = await open(t)
  const { id: jobId } = await run(startUsersImport, { connectionId }, admin)
  const records = Array.from({ length: 120 }, (_, at) =>
    at % 10 === 0
      ? recordOf({ email: 'same@example.com' })
      : recordOf({ email: `imported-${at}@example.com` }),
  )
  const seen: number[] = []
  function* batches() {
    for (const at of [0, 50, 100]) {
      const batch = records.slice(at, at + 50)
      yield batch
      seen.push(batch.length)
    }
  }
  const work = { jobId, connectionId, updatesExisting: false, word, total: 120, batches: batches() }
  await runUsersImport(run, work, admin, new AbortController().signal)
  assert.deepEqual(seen, [50, 50, 20])
  const job = await run(getJob, { jobId }, admin)
  assert.deepEqual(
    [job.status, job.percentage, job.summary],
    ['completed', 100, { inserted: 109, updated: 0, failed: 11, total: 120 }],
  )
  const errors = await run(listJobErrors, { jobId, listing: { limit: 100 } }, admin)
  assert.equal(errors.items.length, 11)
  assert.deepEqual(errors.items[0]!.item, { email: 'same@example.com' })
})

test('a job tells how far it is, never that it is done before it is', async (t) => {
  const { run, admin, connectionId } = await open(t)
  const job = await run(startUsersImport, { connectionId }, admin)
  const batch = async (from: number, count: number) => {
    const records = Array.from({ length: count }, (_, at) => recordOf({ email: `${from + at}@example.com` }))
    const input = { connectionId, updatesExisting: false, word, records, job: { id: job.id, total: 4 } }
    await run(importUsers, input, admin)
    const { status, percentage } = await run(getJob, { jobId: job.id }, admin)
    return [status, percentage]
  }
  assert.deepEqual(await batch(0, 1), ['processing', 25])
  assert.deepEqual(await batch(1, 3), ['processing', 99])
})

test('a job ends when its actor may not go on or the server stops, and keeps what it stored', async (t) => {
  const space = await open(t)
  const { run, admin, connectionId, reader, person } = space
  const creator = await person('users:create')
  const records = Array.from({ length: 3 }, (_, at) => recordOf({ email: `imported-${at}@example.com` }))
  const stopping = new AbortController()
  function* batches(then: () => void) {
    yield [records[0]!]
    then()
    yield [records[1]!]
  }
  const start = async (actor: Actor) => (await run(startUsersImport, { connectionId }, actor)).id
  const place = { connectionId, updatesExisting: false, word, total: 2 }

  const stopped = await start(admin)
  const work = { ...place, jobId: stopped, batches: batches(() => stopping.abort()) }
  await runUsersImport(run, work, admin, stopping.signal)
  assert.deepEqual((await reader.jobs.find(stopped))!.summary, {
    inserted: 1,
    updated: 0,
    failed: 0,
    total: 2,
  })
  assert.equal((await reader.jobs.find(stopped))!.status, 'failed')
  assert.ok(await reader.users.findByEmail('imported-0@example.com'))
  assert.equal(await reader.users.findByEmail('imported-1@example.com'), undefined)

  const shut = await start(creator)
  const weak = actorOf(await space.user('weak'))
  await runUsersImport(run, { ...place, jobId: shut, batches: [records] }, weak, new AbortController().signal)
  assert.equal((await reader.jobs.find(shut))!.status, 'failed')
})

test('a job that was ended elsewhere takes no more users', async (t) => {
  const { run, admin, connectionId, reader, system } = await open(t)
  const { id } = await run(startUsersImport, { connectionId }, admin)
  const records = [recordOf({ email: 'late@example.com' })]
  await run(finishJob, { jobId: id, status: 'failed', summary: {} }, system)
  const input = { connectionId, updatesExisting: false, word, records, job: { id, total: 1 } }
  assert.equal((await refusalOf(run(importUsers, input, admin))).code, 'unsupported')
  assert.equal(await reader.users.findByEmail('late@example.com'), undefined)
})
