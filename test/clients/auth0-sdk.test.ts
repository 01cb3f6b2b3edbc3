import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { engines } from '#test/harness/scenario.ts'
import { operator, startServer, type TestServer } from '#test/harness/server.ts'
import { runTrusting } from './child.ts'

const script = join(import.meta.dirname, 'auth0-sdk.child.ts')

for (const engine of engines) {
  describe(`the unmodified auth0 package (${engine})`, () => {
    let server: TestServer
    const results = new Map<number, Record<string, unknown>>()
    before(async () => {
      server = await startServer({ engine })
      const weak = await server.client('read:roles')
      const output = await runTrusting(server, script, [
        server.domain,
        operator.id,
        operator.secret,
        weak.id,
        weak.secret,
      ])
      for (const line of output.trim().split('\n')) {
        const { major, ...steps } = JSON.parse(line)
        results.set(major, steps)
      }
    })
    after(() => server?.close())

    for (const major of [2, 3, 4, 5, 6, 7]) {
      test(`major ${major} creates a user and a role, assigns, reads back and removes`, () => {
        const { userId, roleId, ...steps } = results.get(major) ?? {}
        assert.match(String(userId), /^auth0\|[0-9a-f]{24}$/u)
        assert.match(String(roleId), /^rol_/u)
        assert.deepEqual(steps, {
          afterTwice: [roleId],
          unknownUser: { refused: 404 },
          unknownRole: { refused: 404 },
          missingScope: { refused: 403 },
          afterRemoval: [],
          parallelIsComplete: true,
        })
      })
    }
  })
}
