import assert from 'node:assert/strict'
import { test } from 'node:test'
import fastify from 'fastify'
import { gatherRequests } from '#src/http/gather.ts'

test('requests that wait together start together, in their order', async () => {
  await using app = fastify()
  const seen: string[] = []
  app.addHook('onRequest', (request, _reply, done) => {
    seen.push(`read ${request.url}`)
    done()
  })
  gatherRequests(app)
  app.get('/:name', (request) => {
    seen.push(`start ${request.url}`)
    return request.url
  })
  await app.ready()
  const answers = await Promise.all(['/a', '/b', '/c'].map((url) => app.inject(url)))
  assert.deepEqual(seen, ['read /a', 'read /b', 'read /c', 'start /a', 'start /b', 'start /c'])
  assert.deepEqual(
    answers.map(({ body }) => body),
    ['/a', '/b', '/c'],
  )
  assert.equal((await app.inject('/later')).body, '/later')
})
