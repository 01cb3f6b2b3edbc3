import assert from 'node:assert/strict'
import test from 'node:test'
import { createJobQueue } from './queue.ts'

const neverFails = (error: unknown) => assert.fail(String(error))

const gate = () => {
  let open = () => {}
  const opened = new Promise<void>((settle) => {
    open = settle
  })
  return { open, opened }
}

test('jobs are done one after the other, and one that fails harms no other', async () => {
  const errors: unknown[] = []
  const queue = createJobQueue({ onError: (error) => errors.push(error) })
  const done: string[] = []
  const first = gate()
  queue.add(async () => {
    await first.opened
    done.push('first')
  })
  queue.add(async () => {
    throw new Error('broken')
  })
  queue.add(async () => void done.push('third'))
  await new Promise((settle) => setImmediate(settle))
  assert.deepEqual(done, [])
  first.open()
  await queue.idle()
  assert.deepEqual(done, ['first', 'third'])
  assert.deepEqual(errors, [new Error('broken')])
})

test('a queue takes no more than it can keep', async () => {
  const queue = createJobQueue({ onError: neverFails, waitingLimit: 2 })
  queue.add(async () => {})
  assert.equal(queue.isFull(), false)
  queue.add(async () => {})
  assert.equal(queue.isFull(), true)
  await queue.idle()
  assert.equal(queue.isFull(), false)
})

test('stopping tells the job under way, waits for it, and begins no other', async () => {
  const queue = createJobQueue({ onError: neverFails })
  const done: string[] = []
  const begun = gate()
  queue.add(async (signal) => {
    begun.open()
    await new Promise<void>((settle) => signal.addEventListener('abort', () => settle()))
    done.push('told')
  })
  queue.add(async () => void done.push('never'))
  await begun.opened
  await queue.stop()
  assert.deepEqual(done, ['told'])
  assert.equal(queue.isFull(), true)
  queue.add(async () => void done.push('late'))
  await queue.idle()
  assert.deepEqual(done, ['told'])
})
