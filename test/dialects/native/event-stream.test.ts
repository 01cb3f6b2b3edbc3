import assert from 'node:assert/strict'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { test } from 'node:test'
import { scenarios } from '#test/harness/scenario.ts'
import { administrator, startServer, type TestServer } from '#test/harness/server.ts'
import { base, fresh, give, makeRole, makeUser, tokenOf, tokenOfPerson } from './made.ts'

type Sent = { id?: string; event?: string; data?: string; comment?: string }

/** A listener of its own connection; `next` waits for what comes, comments left out. */
const listen = async (
  { origin, ca }: TestServer,
  path: string,
  { token, cookie, lastEventId }: { token?: string; cookie?: string; lastEventId?: string },
) => {
  const headers = {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(cookie !== undefined && { cookie }),
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
    /** How many events have come that nobody waited for. */
    pending: () => waiting.length,
    pause: () => response.pause(),
    close: () => asking.destroy(),
  }
}

const makeRoleThroughDoor = async (server: TestServer, name: string): Promise<void> => {
  const token = await server.token('every')
  await server.call('POST', `${base}/roles`, { token, body: { name } })
}

scenarios('the stream of events of the native API', (_scenario, server) => {
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
    const token = await own.token('every')
    const listener = await listen(own, '?type=user', { token })
    await own.call('POST', `${base}/users`, { token, body: { username: fresh('told') } })
    await listener.next()
    // Now it waits, and nothing that went through the doors will wake it.
    await new Promise((resolve) => setTimeout(resolve, 200))
    const user = await makeUser(own)
    assert.equal(JSON.parse((await listener.next())!.data!).userId, user)
    listener.close()
  })

  test('a stream is filtered as a list is', async () => {
    const own = server()
    const token = await own.token('every')
    const [user, other, role] = [await makeUser(own), await makeUser(own), await makeRole(own)]
    const queries = [
      `userId=${user}`,
      `roleId=${role}&type=role.removed`,
      `actorId=system&roleId=${role}`,
      `door=system&roleId=${role}`,
      `scope=room:x&roleId=${role}`,
    ]
    const listeners = await Promise.all(queries.map((query) => listen(own, `?${query}`, { token })))
    for (const userId of [other, user]) {
      const body = { userId, roleId: role }
      await own.call('POST', `${base}/assignments`, { token, body })
      await own.call('DELETE', `${base}/assignments`, { token, body })
    }
    await give(own, other, role)
    await own.call('DELETE', `${base}/roles/${role}`, { token })
    const told = async (at: number, count: number) => {
      const seen: [string | undefined, string | undefined][] = []
      for (let each = 0; each < count; each += 1) {
        const sent = await listeners[at]!.next()
        seen.push([sent!.event, (JSON.parse(sent!.data!) as { userId?: string }).userId])
      }
      return seen
    }
    const [given, taken] = ['role.assigned', 'role.removed']
    assert.deepEqual(await told(0, 2), [
      [given, user],
      [taken, user],
    ])
    assert.deepEqual(await told(1, 3), [
      [taken, other],
      [taken, user],
      [taken, other],
    ])
    assert.deepEqual(await told(2, 1), [[given, other]])
    assert.deepEqual(await told(3, 1), [[given, other]])
    for (const listener of listeners) assert.equal(listener.pending(), 0)
    for (const listener of listeners) listener.close()
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

  test('a stream ends with the session it was asked for in, however that ends, and not with another', async () => {
    const own = server()
    const signIn = async () => {
      const body = { login: administrator.email, password: administrator.password }
      const { headers } = await own.call('POST', `${base}/session`, { body })
      return String(headers['set-cookie']).split(';')[0]!
    }
    const csrf = async (cookie: string) => {
      const { body } = await own.call('GET', `${base}/session`, { headers: { cookie } })
      return (body as { csrfToken: string }).csrfToken
    }
    const [first, second] = [await signIn(), await signIn()]
    const listeners = [first, second].map((cookie) => listen(own, '?type=role', { cookie }))
    const [one, other] = await Promise.all(listeners)
    const headers = { cookie: first, 'x-csrf-token': await csrf(first) }
    assert.equal((await own.call('DELETE', `${base}/session`, { headers })).status, 204)
    const end = await one!.next()
    assert.deepEqual([end!.event, JSON.parse(end!.data!).code], ['end', 'unauthorized'])
    assert.equal(await one!.next(), undefined)
    await makeRoleThroughDoor(own, 'Goes on')
    assert.equal((await other!.next())!.event, 'role.created')
    const root = await own.server.workspace.store.reader.users.findByUsername(administrator.username)
    const token = await own.token('every')
    assert.equal((await own.call('DELETE', `${base}/users/${root!.id}/sessions`, { token })).status, 200)
    assert.equal((await other!.next())!.event, 'end')
    assert.equal(await other!.next(), undefined)
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

test('a listener that does not read is not read for, and does not hold up the end', async () => {
  const own = await startServer()
  const token = await own.token('every')
  const listener = await listen(own, '', { token })
  listener.pause()
  const written = 15_000
  const data = { reason: 'x'.repeat(2000) }
  await own.server.workspace.store.write(async (tx) => {
    for (let each = 0; each < written; each += 1) {
      const actor = { kind: 'system', id: 'system' } as const
      const event = { id: `${each}`, at: own.clock.now, door: 'system', actor, data } as const
      await tx.appendEvent({ type: 'settings.updated', ...event })
    }
  })
  const readsSoFar = async (): Promise<number> => {
    const { text } = await own.call('GET', '/metrics')
    return Number(/operation="list events",outcome="done"\} (\d+)/u.exec(text)?.[1])
  }
  let [before, now] = [-1, 0]
  for (let looks = 0; looks < 20 && before !== now; looks += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1500))
    before = now
    now = await readsSoFar()
  }
  assert.ok(now > 2 && now < written / 100, `${now} reads of a hundred events each`)
  const start = Date.now()
  await own.close()
  assert.ok(Date.now() - start < 5000, 'it took longer than it should')
})
