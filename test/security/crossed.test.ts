import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { base, makeUser, tokenOf, tokenOfPerson } from '#test/dialects/native/made.ts'
import { engines } from '#test/harness/scenario.ts'
import { startServer, type TestServer } from '#test/harness/server.ts'

/** Crossing would happen in front of the store, so the slower engine need not be asked as often. */
const requests = { sqlite: 10_000, postgres: 2_000 }
const atOnce = 64

for (const engine of engines) {
  describe(`answers under concurrency (${engine}) [row 27]`, () => {
    let server: TestServer
    before(async () => {
      server = await startServer({ engine })
    })
    after(() => server?.close())

    test('two people and two machines that ask at the same time never get what is another’s', async () => {
      const people = await Promise.all(
        ['ada', 'bo'].map(async (username) => {
          const id = await makeUser(server, {
            username,
            email: `${username}@example.com`,
            userMetadata: { of: username },
          })
          return { id, username, token: await tokenOfPerson(server, id) }
        }),
      )
      const machines = await Promise.all(
        [['read:users'], ['read:roles']].map(async (scopes) => ({
          scopes,
          ...(await server.client(...scopes)),
        })),
      )
      let next = 0
      const work = async () => {
        for (let at = next++; at < requests[engine]; at = next++) {
          const own = people[at % 2]!
          const others = people[(at + 1) % 2]!
          if (at % 100 === 0) {
            const machine = machines[(at / 100) % 2]!
            const [, claims] = (await tokenOf(server, machine)).split('.')
            const { azp, scope } = JSON.parse(Buffer.from(claims!, 'base64url').toString()) as Record<
              string,
              string
            >
            assert.deepEqual([azp, scope], [machine.id, machine.scopes.join(' ')])
          } else if (at % 3 === 0) {
            const { status, text } = await server.call('GET', `${base}/users/${others.id}`, {
              token: own.token,
            })
            assert.equal(status, 403)
            assert.equal(text.includes(others.username), false)
          } else {
            const { status, body } = await server.call('GET', `${base}/users/${own.id}`, { token: own.token })
            const { id, username, userMetadata } = body as Record<string, unknown>
            assert.deepEqual(
              [status, id, username, userMetadata],
              [200, own.id, own.username, { of: own.username }],
            )
          }
        }
      }
      await Promise.all(Array.from({ length: atOnce }, work))
    })
  })
}
