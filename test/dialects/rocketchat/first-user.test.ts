import assert from 'node:assert/strict'
import { any, scenarios } from '#test/harness/scenario.ts'
import { password, signIn } from './given.ts'

const register = '/api/v1/users.register'
const person = (username: string) => ({ username, email: `${username}@example.com`, pass: password })

scenarios(
  'Rocket.Chat: the first user of an empty workspace',
  (scenario) => {
    scenario('becomes its administrator and the owner of GENERAL, and nobody after him', {
      post: [register, person('first')],
      expect: {
        status: 200,
        body: { user: any, success: true },
        events: [
          'user.created',
          'role.assigned',
          'room.created',
          'user.created',
          'room.member-added',
          'user.registered',
          'role.assigned',
          'role.assigned',
          'role.assigned',
        ],
      },
      then: async (server, _made, { body }) => {
        const { _id: id } = (body as { user: { _id: string } }).user
        const headers = await signIn(server, 'first')
        const me = (await server.call('GET', '/api/v1/me', { headers })).body as { roles: string[] }
        assert.deepEqual(me.roles.toSorted(), ['admin', 'user'])
        const roles = await server.call('GET', '/api/v1/channels.roles?roomId=GENERAL', { headers })
        assert.deepEqual(
          (roles.body as { roles: { u: { _id: string }; roles: string[] }[] }).roles.map((each) => [
            each.u._id,
            each.roles,
          ]),
          [[id, ['owner']]],
        )
        await server.call('POST', register, { body: person('second') })
        const second = await server.call('GET', '/api/v1/me', { headers: await signIn(server, 'second') })
        assert.deepEqual((second.body as { roles: string[] }).roles, ['user'])
      },
    })
  },
  {
    env: {
      ROLECALL_FIRST_USER_IS_ADMIN: 'on',
      ROLECALL_ADMIN_EMAIL: '',
      ROLECALL_ADMIN_USERNAME: '',
      ROLECALL_ADMIN_PASSWORD: '',
    },
  },
)
