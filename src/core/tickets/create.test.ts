import assert from 'node:assert/strict'
import test from 'node:test'
import { openWorkspace, refusalOf } from '#test/workspace.ts'
import { defaultConnectionName } from '../connections/connection.ts'
import { createUser } from '../users/create.ts'
import { deleteUser } from '../users/delete.ts'
import { createTicket } from './create.ts'

const purpose = 'verify-email' as const

test('the secret of a ticket is told once; only its digest is kept, and no event has either', async (t) => {
  const { run, admin, user, reader, services, events, clock } = await openWorkspace(t)
  const anna = await user('anna')
  await events()
  const ticket = await run(createTicket, { userId: anna.id, purpose, data: { to: '/' } }, admin)
  assert.match(ticket.secret, /^[\w-]{43}$/)
  assert.equal('digest' in ticket, false)
  const row = await reader.tickets.findBy({ digest: services.digest(ticket.secret) })
  assert.deepEqual([row?.id, row?.userId, row?.data], [ticket.id, anna.id, { to: '/', email: anna.email }])
  assert.equal(row?.expiresAt, clock.now + 432_000_000)
  const facts = await events()
  assert.deepEqual(
    facts.map(({ type, userId, data }) => ({ type, userId, data })),
    [{ type: 'ticket.created', userId: anna.id, data: { purpose } }],
  )
  for (const told of [ticket.secret, row!.digest]) assert.equal(JSON.stringify(facts).includes(told), false)
})

test('a ticket lives for 1 second to 30 days', async (t) => {
  const { run, admin, user, events, clock } = await openWorkspace(t)
  const { id: userId } = await user('anna')
  await events()
  for (const lifetimeSeconds of [0, -1, 0.5, 2_592_001, Number.NaN, Number.POSITIVE_INFINITY]) {
    const refused = run(createTicket, { userId, purpose, lifetimeSeconds }, admin)
    assert.equal((await refusalOf(refused)).code, 'invalid', String(lifetimeSeconds))
  }
  assert.deepEqual(await events(), [])
  const longest = await run(createTicket, { userId, purpose, lifetimeSeconds: 2_592_000 }, admin)
  assert.equal(longest.expiresAt, clock.now + 2_592_000_000)
})

test('there is no ticket for nobody', async (t) => {
  const { run, admin } = await openWorkspace(t)
  const refusal = await refusalOf(run(createTicket, { userId: 'nobody', purpose }, admin))
  assert.deepEqual(refusal, { code: 'not_found', kind: 'user', id: 'nobody' })
})

test('the tickets of a user go with him', async (t) => {
  const { run, admin, user, reader } = await openWorkspace(t)
  const { id: userId } = await user('anna')
  const { id } = await run(createTicket, { userId, purpose }, admin)
  await run(deleteUser, { userId }, admin)
  assert.equal(await reader.tickets.find(id), undefined)
})

test('a ticket is made for who has the address in the connection, and for nobody else', async (t) => {
  const { run, admin, reader, user } = await openWorkspace(t)
  const connection = await reader.connections.findBy({ name: defaultConnectionName })
  const connectionId = connection!.id
  const anna = await run(createUser, { email: 'anna@example.com', connectionId }, admin)
  await user('ben')
  const ticket = await run(createTicket, { email: 'Anna@example.com', connectionId, purpose }, admin)
  assert.equal(ticket.userId, anna.id)
  for (const other of [
    { email: 'ben@example.com', connectionId },
    { email: 'nobody@example.com', connectionId },
    { email: 'anna@example.com', connectionId: 'another' },
  ]) {
    const refusal = await refusalOf(run(createTicket, { ...other, purpose }, admin))
    assert.deepEqual(refusal, { code: 'not_found', kind: 'user', id: other.email })
  }
})

test('an address is proven only by who has one', async (t) => {
  const { run, admin } = await openWorkspace(t)
  const { id: userId } = await run(createUser, { username: 'anna' }, admin)
  const refusal = await refusalOf(run(createTicket, { userId, purpose }, admin))
  assert.deepEqual([refusal.code, 'field' in refusal && refusal.field], ['invalid', 'userId'])
  await run(createTicket, { userId, purpose: 'change-password' }, admin)
})
