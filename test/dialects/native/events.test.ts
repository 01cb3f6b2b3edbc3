import assert from 'node:assert/strict'
import { test } from 'node:test'
import { any, scenarios } from '#test/harness/scenario.ts'
import { base, give, makeRole, makeUser, problem, tokenOfPerson } from './made.ts'

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
})
