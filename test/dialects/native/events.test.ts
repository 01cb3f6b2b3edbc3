import assert from 'node:assert/strict'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { test } from 'node:test'
import { any, scenarios } from '#test/harness/scenario.ts'
import { startServer, type TestServer } from '#test/harness/server.ts'
import { base, give, makeRole, makeUser, problem, tokenOf, tokenOfPerson } from './made.ts'

type Sent = { id?: string; event?: string; data?: string; comment?: string }

/** A listener of its own connection; `next` waits for what comes, comments left out. */
const listen = async (
  { origin, ca }: TestServer,
  path: string,
  { token, lastEventId }: { token: string; lastEventId?: string },
) => {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
  }
  let asking: ClientRequest
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    asking = request(`${origin}${base}/events/stream${path}`, { ca, headers, agent: false }, resolve)
    asking.on('error', reject).end()
  })
  const waiting: Sent[] = []
  let isOver = false
  let wake = () => {}
  let text = ''
  response.setEncoding('utf8')
  response.on('data', (chunk: string) => {
    text += chunk
    const messages = text.split('\n\n')
    text = messages.pop()!
    for (const message of messages) {
      const sent: Sent = {}
      for (const line of message.split('\n')) {
        const [, name, value] = /^([a-z]*): ?(.*)$/u.exec(line) ?? []
        Object.assign(sent, { [name === '' ? 'comment' : name!]: value })
      }
      if (sent.event !== undefined) waiting.push(sent)
    }
    wake()
  })
  response.on('close', () => {
    isOver = true
    wake()
  })
  response.on('error', () => {})
  return {
    status: response.statusCode,
    headers: response.headers,
    /** The next event; undefined when the stream has ended. */
    next: async (): Promise<Sent | undefined> => {
      const until = Date.now() + 10_000
      while (waiting.length === 0 && !isOver && Date.now() < until) {
        await new Promise<void>((resolve) => {
          wake = resolve
          setTimeout(resolve, 200).unref()
        })
      }
      if (waiting.length === 0 && !isOver) throw new Error('Nothing came for ten seconds')
      return waiting.shift()
    },
    close: () => asking.destroy(),
  }
}

scenarios('events of the native API', (scenario, server) => {
  type Listed = { number: number; type: string; door: string; at: string; [member: string]: unknown }
  const eventsOf = async (query: string): Promise<Listed[]> => {
    const own = server()
    const { status, body, text } = await own.call('GET', `${base}/events?${query}`, {
      token: await own.token('every'),
    })
    assert.equal(status, 200, text)
    return (body as { items: Listed[] }).items
  }

  test('a list tells who did what to whom through which door, and is filtered by each of these', async () => {
    const own = server()
    const [user, role] = [await makeUser(own), await makeRole(own)]
    const token = await own.token('every')
    await own.call('POST', `${base}/assignments`, {
      token,
      body: { userId: user, roleId: role, reason: 'why' },
    })
    const [assigned, ...others] = await eventsOf(`userId=${user}&type=role.assigned`)
    assert.deepEqual(others, [])
    const { id, number, ...rest } = assigned!
    assert.ok(id && number)
    assert.deepEqual(rest, {
      type: 'role.assigned',
      at: new Date(own.clock.now).toISOString(),
      door: 'native',
      actor: { kind: 'application', id: 'operator' },
      userId: user,
      roleId: role,
      scope: 'workspace',
      data: { source: 'direct', reason: 'why' },
    })
    const typesOf = async (query: string) => (await eventsOf(query)).map(({ type }) => type)
    assert.deepEqual(await typesOf(`userId=${user}`), ['role.assigned', 'user.created'])
    assert.deepEqual(await typesOf(`userId=${user}&order=number`), ['user.created', 'role.assigned'])
    assert.deepEqual(await typesOf(`userId=${user}&type=user`), ['user.created'])
    assert.deepEqual(await typesOf(`roleId=${role}&door=system`), ['role.created'])
    assert.deepEqual(await typesOf(`roleId=${role}&actorId=operator`), ['role.assigned'])
    assert.deepEqual(await typesOf(`roleId=${role}&scope=room:x`), [])
    const now = encodeURIComponent(new Date(own.clock.now).toISOString())
    assert.deepEqual(await typesOf(`userId=${user}&to=${now}`), [])
    assert.equal((await typesOf(`userId=${user}&from=${now}`)).length, 2)
    const read = await own.call('GET', `${base}/events/${id}`, { token })
    assert.deepEqual(read.body, assigned)
  })

  test('a list pages by key in both directions', async () => {
    const own = server()
    const user = await makeUser(own)
    const roles = [await makeRole(own), await makeRole(own), await makeRole(own)]
    for (const role of roles) await give(own, user, role)
    for (const order of ['number', '-number']) {
      const seen: string[] = []
      let after = ''
      for (let pages = 0; pages < 5; pages += 1) {
        const token = await own.token('every')
        const query = `userId=${user}&type=role.assigned&limit=1&order=${order}${after}`
        const { body } = await own.call('GET', `${base}/events?${query}`, { token })
        const page = body as { items: { roleId: string }[]; next: string | null }
        seen.push(...page.items.map(({ roleId }) => roleId))
        if (page.next === null) break
        after = `&after=${page.next}`
      }
      assert.deepEqual(seen, order === 'number' ? roles : roles.toReversed())
    }
  })

  scenario('who may not read events reads none', {
    scopes: ['read:users'],
    get: [`${base}/events`],
    expect: {
      status: 403,
      body: problem('forbidden', 403, { permission: 'events:read', scope: 'workspace' }),
    },
  })

  for (const query of ['from=yesterday', 'type=Role.Assigned', 'door=window', 'order=at', 'scope=x']) {
    scenario(`the query ${query} is refused`, {
      scopes: ['read:logs'],
      get: [`${base}/events?${query}`],
      expect: { status: 400, body: problem('invalid_request', 400, { errors: any }) },
    })
  }

  scenario('an unknown event is not found', {
    scopes: ['read:logs'],
    get: [`${base}/events/nothing`],
    expect: { status: 404, body: problem('not_found', 404, { kind: 'event', id: 'nothing' }) },
  })

  test('a person reads what happened to himself, and to nobody else', async () => {
    const own = server()
    const [user, other] = [await makeUser(own), await makeUser(own)]
    const token = await tokenOfPerson(own, user)
    const { status, body } = await own.call('GET', `${base}/users/${user}/events?userId=${other}`, { token })
    assert.deepEqual([status, (body as { items: unknown[] }).items], [200, []])
    const mine = await own.call('GET', `${base}/users/${user}/events`, { token })
    assert.equal((mine.body as { items: unknown[] }).items.length, 1)
    assert.equal((await own.call('GET', `${base}/users/${other}/events`, { token })).status, 403)
  })

  test('a stream tells what happens from now on, and goes on behind the last event a listener saw', async () => {
    const own = server()
    const token = await own.token('every')
    await makeUser(own)
    const listener = await listen(own, '', { token })
    assert.deepEqual(
      [listener.status, listener.headers['content-type'], listener.headers['cache-control']],
      [200, 'text/event-stream; charset=utf-8', 'no-store'],
    )
    const created = await own.call('POST', `${base}/roles`, { token, body: { name: 'Streamed' } })
    const first = await listener.next()
    const { id } = created.body as { id: string }
    const data = JSON.parse(first!.data!) as { type: string; roleId: string; number: number }
    assert.deepEqual([first!.event, data.type, data.roleId], ['role.created', 'role.created', id])
    assert.equal(first!.id, String(data.number))
    listener.close()
    await own.call('DELETE', `${base}/roles/${id}`, { token })
    const again = await listen(own, '', { token, lastEventId: first!.id! })
    const second = await again.next()
    assert.deepEqual([second!.event, JSON.parse(second!.data!).roleId], ['role.deleted', id])
    again.close()
  })

  test('a stream has every event once and in order, however many come', async () => {
    const own = server()
    const token = await own.token('every')
    const [user, role] = [await makeUser(own), await makeRole(own)]
    const listener = await listen(own, `?userId=${user}`, { token })
    const body = { userId: user, roleId: role }
    const rounds = 130
    for (let round = 0; round < rounds; round += 1) {
      const method = round % 2 === 0 ? 'POST' : 'DELETE'
      assert.equal((await own.call(method, `${base}/assignments`, { token, body })).status, 200)
    }
    const numbers: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const sent = await listener.next()
      assert.equal(sent!.event, round % 2 === 0 ? 'role.assigned' : 'role.removed')
      numbers.push(Number(sent!.id))
    }
    assert.deepEqual(
      numbers,
      [...new Set(numbers)].sort((left, right) => left - right),
    )
    listener.close()
  })

  test('a stream hears of what another process wrote', async () => {
    const own = server()
    const listener = await listen(own, '?type=user', { token: await own.token('every') })
    // Beside the doors, so that nothing in this process is told of it.
    const user = await makeUser(own)
    assert.equal(JSON.parse((await listener.next())!.data!).userId, user)
    listener.close()
  })

  test('a stream ends when the permission is taken away, and shows nothing of what came after', async () => {
    const own = server()
    const token = await own.token('every')
    const client = await own.client('read:logs')
    const listener = await listen(own, '?type=role', { token: await tokenOf(own, client) })
    await own.call('POST', `${base}/roles`, { token, body: { name: 'Seen' } })
    assert.equal((await listener.next())!.event, 'role.created')
    const { body } = await own.call('GET', `${base}/client-grants?applicationId=${client.id}`, { token })
    const [{ id }] = (body as { items: [{ id: string }] }).items
    await own.call('DELETE', `${base}/client-grants/${id}`, { token })
    await own.call('POST', `${base}/roles`, { token, body: { name: 'Unseen' } })
    const end = await listener.next()
    assert.deepEqual([end!.event, JSON.parse(end!.data!).code], ['end', 'forbidden'])
    assert.equal(await listener.next(), undefined)
  })

  test('a stream ends with the token it was asked for with', async () => {
    const own = server()
    const user = await makeUser(own)
    await give(own, user, await makeRole(own, { permissions: ['events:read'] }))
    const token = await tokenOfPerson(own, user, { scope: 'events:read', lifetimeSeconds: 2 })
    const listener = await listen(own, '?type=token', { token })
    assert.equal(listener.status, 200)
    assert.equal(await listener.next(), undefined)
  })

  test('a stream is for those who may read events', async () => {
    const own = server()
    const refused = await listen(own, '', { token: await own.token('read:users') })
    assert.equal(refused.status, 403)
    refused.close()
  })

  test('a place to go on from that is none is refused', async () => {
    const own = server()
    for (const lastEventId of ['x', '-1', '1e3', '9'.repeat(40)]) {
      const refused = await listen(own, '', { token: await own.token('every'), lastEventId })
      assert.equal(refused.status, 400, lastEventId)
      refused.close()
    }
  })

  test('there are only so many listeners, and who leaves makes room', async () => {
    const own = server()
    const token = await own.token('every')
    const listeners = await Promise.all(Array.from({ length: 100 }, () => listen(own, '', { token })))
    assert.ok(listeners.every(({ status }) => status === 200))
    const refused = await listen(own, '', { token })
    assert.deepEqual([refused.status, refused.headers['retry-after']], [503, '1'])
    refused.close()
    listeners.pop()!.close()
    let status: number | undefined
    for (let attempt = 0; attempt < 50 && status !== 200; attempt += 1) {
      const next = await listen(own, '', { token })
      status = next.status
      next.close()
      if (status !== 200) await new Promise((resolve) => setTimeout(resolve, 20))
    }
    assert.equal(status, 200)
    for (const listener of listeners) listener.close()
  })
})

test('a server that ends does not wait for its listeners', async () => {
  const own = await startServer()
  const listener = await listen(own, '', { token: await own.token('every') })
  const start = Date.now()
  await own.close()
  assert.ok(Date.now() - start < 5000, 'it took longer than it should')
  assert.equal(await listener.next(), undefined)
})
