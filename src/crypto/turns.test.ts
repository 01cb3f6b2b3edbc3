import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { createTurns } from './turns.ts'

const refuse = (): never => {
  throw new Error('full')
}

test('no more than `width` run at a time, and those who wait come first come, first served', async () => {
  const takeTurn = createTurns(3, 100, refuse)
  const started: number[] = []
  let running = 0
  let most = 0
  const work = (i: number) => async () => {
    started.push(i)
    most = Math.max(most, ++running)
    await setImmediate()
    running--
  }
  const order = Array.from({ length: 20 }, (_, i) => i)
  await Promise.all(order.map((i) => takeTurn(work(i))))
  assert.equal(most, 3)
  assert.deepEqual(started, order)
})

test('the one beyond the queue is refused, and there is room again when a turn ends', async () => {
  const takeTurn = createTurns(1, 1, refuse)
  const [first, second] = [takeTurn(() => setImmediate('first')), takeTurn(() => setImmediate('second'))]
  await assert.rejects(
    takeTurn(() => setImmediate('third')),
    /full/,
  )
  assert.deepEqual(await Promise.all([first, second]), ['first', 'second'])
  assert.equal(await takeTurn(() => setImmediate('fourth')), 'fourth')
})

test('work that fails gives its turn back', async () => {
  const takeTurn = createTurns(1, 5, refuse)
  const failing = takeTurn(() => Promise.reject(new Error('broken')))
  const throwing = takeTurn(() => {
    throw new Error('thrown')
  })
  const next = takeTurn(() => Promise.resolve('fine'))
  await assert.rejects(failing, /broken/)
  await assert.rejects(throwing, /thrown/)
  assert.equal(await next, 'fine')
})
