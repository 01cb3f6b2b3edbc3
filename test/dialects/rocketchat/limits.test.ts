import assert from 'node:assert/strict'
import { any, scenarios } from '#test/harness/scenario.ts'

const tooMany = {
  success: false,
  error:
    /^Error, too many requests\. Please slow down\. You must wait \d+ seconds before trying this endpoint again\. \[error-too-many-requests\]$/u,
}

scenarios(
  'Rocket.Chat: limits',
  (scenario) => {
    scenario('ten calls of a route in a minute are answered, the next is not', {
      chat: [],
      given: async (server) => {
        const { headers } = await server.chatter()
        for (let call = 0; call < 10; call += 1) {
          const { status, headers: told } = await server.call('GET', '/api/v1/roles.list', { headers })
          assert.equal(status, 200)
          assert.equal(told['x-ratelimit-limit'], '10')
          assert.equal(told['x-ratelimit-remaining'], String(9 - call))
          assert.equal(Number(told['x-ratelimit-reset']) > Date.now(), true, 'in milliseconds')
        }
        return {}
      },
      get: ['/api/v1/roles.list'],
      expect: {
        status: 429,
        body: tooMany,
        headers: { 'x-ratelimit-remaining': '0', 'content-type': /^application\/json$/u },
      },
    })

    scenario('another route is counted by itself', {
      chat: [],
      get: ['/api/v1/me'],
      expect: { status: 200, headers: { 'x-ratelimit-remaining': '9' } },
    })

    scenario('who holds api-bypass-rate-limit is not counted', {
      chat: ['api-bypass-rate-limit'],
      get: ['/api/v1/roles.list'],
      expect: { status: 200 },
      then: async (_server, _made, { headers }) => assert.equal(headers['x-ratelimit-limit'], undefined),
    })

    scenario('whoever is not signed in hears of that first', {
      get: ['/api/v1/roles.list'],
      expect: { status: 401 },
    })

    scenario('one registration in a minute', {
      given: async (server) => {
        const body = { username: 'first', email: 'first@example.com', pass: 'secret' }
        assert.equal((await server.call('POST', '/api/v1/users.register', { body })).status, 200)
        return {}
      },
      post: ['/api/v1/users.register', { username: 'second', email: 'second@example.com', pass: 'secret' }],
      expect: { status: 429, body: tooMany },
    })

    scenario('nothing is counted once the setting says so', {
      chat: [],
      given: async (server) => {
        const headers = await server.administratorHeaders()
        const body = { value: false }
        await server.call('POST', '/api/v1/settings/API_Enable_Rate_Limiter', { headers, body })
        return {}
      },
      get: ['/api/v1/roles.list'],
      expect: { status: 200, body: any },
    })
  },
  { env: { ROLECALL_RATE_LIMITS: 'on' } },
)
