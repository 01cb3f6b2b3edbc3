import { systemActor } from '#core/actor.ts'
import { createApi } from '#core/apis/create.ts'
import { defaultConnectionName } from '#core/connections/connection.ts'
import { createRole } from '#core/roles/create.ts'
import { addRolePermissions } from '#core/roles/permissions.ts'
import { createRule, updateRule } from '#core/rules/author.ts'
import { createUser } from '#core/users/create.ts'
import { passwordRealmGrant } from '#oidc/grants.ts'
import { startServer } from '#test/harness/server.ts'
import { bindAction, install, unbindAll } from '#test/hooks/given.ts'
import { addApplication, claims } from '#test/oidc/visitor.ts'
import { type Contender, compare, inTurns } from './measure.ts'
import { connections, type Rows } from './row.ts'

const system = systemActor('system')
const audience = 'https://orders.example.com/'
const password = 'Correct-horse-1'
const realm = { grant_type: passwordRealmGrant, realm: defaultConnectionName }

const snippet = (roleId: string) => `
const { ManagementClient } = require('auth0')
exports.onExecutePostLogin = async (event, api) => {
  const { domain, clientId, clientSecret } = event.secrets
  const management = new ManagementClient({ domain, clientId, clientSecret })
  if (event.stats.logins_count !== 1) return
  await management.users.assignRoles({ id: event.user.user_id }, { roles: ['rol_${roleId}'] })
}`

/** The server and those who sign in share a process here, as they do for what it is compared with. */
export const firstLoginRows: Rows = {
  name: 'first-logins',
  run: async ({ effort, tell }) => {
    const server = await startServer()
    try {
      const { run } = server.server.workspace
      await addApplication(server, { id: 'cli', kind: 'native', grantTypes: [passwordRealmGrant] })
      const permissions = [{ name: 'read:orders' }]
      const api = await run(
        createApi,
        {
          identifier: audience,
          name: 'Orders',
          permissions,
          enforcesPermissions: true,
          tokenDialect: 'access_token_authz',
        },
        system,
      )
      const { id: roleId } = await run(createRole, { name: 'buyer' }, system)
      await run(addRolePermissions, { roleId, permissions: [{ apiId: api.id, name: 'read:orders' }] }, system)
      const { id: ruleId } = await run(
        createRule,
        {
          name: 'buyers',
          occasions: ['first-login'],
          condition: 'true',
          roles: [{ roleId, scope: 'workspace' }],
        },
        system,
      )
      const client = await server.client('update:users', 'read:roles')
      const secrets = [
        { name: 'domain', value: server.domain },
        { name: 'clientId', value: client.id },
        { name: 'clientSecret', value: client.secret },
      ]

      let people = 0
      /** All of them at once, until the time is up; whoever got no role spoils the measure. */
      const logins = async (seconds: number): Promise<number> => {
        let [spent, done] = [0, 0]
        while (spent < seconds * 1000) {
          const emails = Array.from({ length: connections }, () => `first-${++people}@example.com`)
          await Promise.all(
            emails.map((email) =>
              run(createUser, { email, password, connectionName: defaultConnectionName }, system),
            ),
          )
          const start = performance.now()
          await Promise.all(
            emails.map(async (username) => {
              const body = { ...realm, client_id: 'cli', username, password, audience }
              const answer = await server.call('POST', '/oauth/token', { body })
              const { access_token: token } = answer.body as { access_token?: string }
              if (token === undefined) throw new Error(`A first login failed: ${answer.text}`)
              const { permissions: held } = claims(token)
              if (String(held) !== 'read:orders') throw new Error('A first login came without its role')
            }),
          )
          spent += performance.now() - start
          done += connections
        }
        return (done * 1000) / spent
      }
      const withRule: Contender = async (seconds) => {
        await run(updateRule, { ruleId, changes: { isActive: true } }, system)
        try {
          return await logins(seconds)
        } finally {
          await run(updateRule, { ruleId, changes: { isActive: false } }, system)
        }
      }
      const withHook: Contender = async (seconds) => {
        const { name } = await bindAction(server, 'post-login', snippet(roleId), { secrets })
        await install(server, name, 'auth0', 'auth0-v4')
        // Nobody measures the start of its process here.
        await logins(0.001)
        try {
          return await logins(seconds)
        } finally {
          await unbindAll(server, 'post-login')
        }
      }
      const measure = `${connections} first logins at once, each with an Action that calls back with the auth0 package, against the same with a rule`
      const [ours, rule] = await inTurns(effort, [withHook, withRule], (round) =>
        tell(measure, round, effort.rounds),
      )
      const compared = compare(ours!, rule!)
      return [
        {
          measure,
          target: 'at least 0.5 ×, and every one with its role',
          reached: `${compared.ratio.toFixed(2)} ×`,
          isReached: compared.ratio >= 0.5,
          details: `${compared.ours.toFixed(0)} against ${compared.baseline.toFixed(0)} a second; rounds ${compared.spread[0].toFixed(2)} × to ${compared.spread[1].toFixed(2)} ×`,
        },
      ]
    } finally {
      await server.close()
    }
  },
}
