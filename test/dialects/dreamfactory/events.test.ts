import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startServer } from '#test/harness/server.ts'
import { openDoor } from './door.ts'

test('each event that is listed fires, and stands in front of what it is named after', async (t) => {
  const server = await startServer()
  t.after(() => server.close())
  const { call, admin } = await openDoor(server)
  const listed = (await call('GET', 'system/event?as_list=true')).body as { resource: string[] }
  assert.ok(listed.resource.length > 100)
  const name = 'user.session.get.pre_process'
  const script = { type: 'v8js', content: `throw { message: 'fired', status_code: 418 }`, is_active: true }
  assert.equal((await call('POST', `system/event_script/${name}`, script)).status, 201)
  const { store } = server.server.workspace
  const hook = (await store.reader.hooks.findBy({ name }))!
  // One script at a time at all of them, so that none is hidden by its neighbour: an id has a name with and one without.
  const bind = (events: readonly string[]) =>
    store.write(async (tx) => {
      for (const { id } of (await tx.hookBindings.list({ limit: 1000 })).items)
        await tx.hookBindings.remove(id)
      for (const event of events) {
        const trigger = `${event}.pre_process`
        const at = { createdAt: 0, updatedAt: 0 }
        await tx.hookBindings.insert({
          id: event,
          trigger,
          hookId: hook.id,
          position: 0,
          displayName: event,
          ...at,
        })
      }
    })
  const [byId, plain] = [true, false].map((has) =>
    listed.resource.filter((each) => each.includes('{id}') === has),
  )
  for (const events of [byId!, plain!]) {
    await bind(events)
    for (const event of events) {
      const parts = event.split('.')
      const verb = parts.pop()!.toUpperCase()
      const path = parts.join('/').replace('{id}', '1')
      const answer = await call(verb, path, verb === 'GET' ? undefined : {}, admin)
      assert.equal(answer.status, 418, `${event}: ${answer.text}`)
    }
  }
})
