import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Event } from '#core/events.ts'
import { createRole } from '#core/roles/create.ts'
import { openWorkspace, type Workspace } from '#test/workspace.ts'
import { type Consumer, startRelay } from './relay.ts'

const settle = async (condition: () => boolean) => {
  for (let tries = 0; tries < 500 && !condition(); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 10))
  assert.ok(condition(), 'did not happen within five seconds')
}

const collecting = (name = 'collector'): Consumer & { names: () => unknown[]; failures: number } => {
  const taken: Event[] = []
  const consumer = {
    name,
    failures: 0,
    names: () => taken.map((event) => event.data?.name),
    deliver: async (events: readonly Event[]) => {
      if (consumer.failures > 0) {
        consumer.failures -= 1
        throw new Error('not now')
      }
      taken.push(...events)
    },
  }
  return consumer
}

const start = ({ outbox }: Pick<Workspace, 'outbox'>, ...consumers: Consumer[]) => {
  const errors: string[] = []
  const relay = startRelay({
    outbox,
    consumers,
    pollMilliseconds: 10,
    retryMilliseconds: 10,
    onError: (name) => errors.push(name),
  })
  return { ...relay, errors }
}

const makeRoles = async ({ run, system }: Workspace, ...names: string[]) => {
  for (const name of names) await run(createRole, { name }, system)
}

test('a consumer hears of every event from its first start on, in order', async (t) => {
  const workspace = await openWorkspace(t)
  await makeRoles(workspace, 'before')
  const consumer = collecting()
  const relay = start(workspace, consumer)
  await relay.subscribed
  await makeRoles(workspace, 'one', 'two', 'three')
  await settle(() => consumer.names().length === 3)
  assert.deepEqual(consumer.names(), ['one', 'two', 'three'])
  await relay.stop()
})

test('what a consumer could not take comes again', async (t) => {
  const workspace = await openWorkspace(t)
  const consumer = collecting()
  consumer.failures = 2
  const relay = start(workspace, consumer)
  await relay.subscribed
  await makeRoles(workspace, 'one', 'two')
  await settle(() => consumer.names().length >= 2)
  assert.deepEqual(consumer.names(), ['one', 'two'])
  assert.deepEqual(relay.errors, ['collector', 'collector'])
  await relay.stop()
})

test('a consumer goes on where it was after a restart, and one that fails holds up no other', async (t) => {
  const workspace = await openWorkspace(t)
  const [steady, broken] = [collecting('steady'), collecting('broken')]
  broken.failures = Number.POSITIVE_INFINITY
  const first = start(workspace, steady, broken)
  await first.subscribed
  await makeRoles(workspace, 'one')
  await settle(() => steady.names().length === 1 && first.errors.length > 0)
  await first.stop()
  await makeRoles(workspace, 'two')
  broken.failures = 0
  const second = start(workspace, steady, broken)
  await settle(() => steady.names().length === 2 && broken.names().length === 2)
  assert.deepEqual(steady.names(), ['one', 'two'])
  assert.deepEqual(broken.names(), ['one', 'two'])
  await second.stop()
})
