import type { Command } from 'commander'
import { managementApiId } from '#core/apis/built-in.ts'
import { managementPermissions } from '#core/apis/management.ts'
import { createApplication } from '#core/applications/create.ts'
import { inWorkspace, operator, withJson } from './command.ts'
import { UsageError } from './faults.ts'

type Options = { json?: boolean; scopes: string }

export const addClient = (program: Command): void => {
  const client = program.command('client').description('manage applications that call APIs by themselves')
  withJson(client.command('create').description('create one; its secret is shown this once'))
    .argument('<name>', 'what people shall call it')
    .requiredOption('--scopes <scopes>', 'of the Management API, as read:users,update:roles; or all')
    .action((name: string, options: Options) =>
      inWorkspace(options, async ({ run }, output) => {
        const permissions = readScopes(options.scopes)
        const { id, secret } = await run(
          createApplication,
          {
            name,
            kind: 'non_interactive',
            grantTypes: ['client_credentials'],
            grants: [{ api: managementApiId, permissions }],
          },
          operator,
        )
        output.show({ id, secret, name, scopes: permissions }, ['id', 'secret', 'name'])
        output.say('The secret is not shown again.')
      }),
    )
}

const readScopes = (text: string): string[] => {
  if (text === 'all') return managementPermissions.map(({ name }) => name)
  const scopes = text.split(/[\s,]+/u).filter((scope) => scope !== '')
  if (scopes.length === 0) throw new UsageError('--scopes names no scope; accepted: a comma list, or all')
  return scopes
}
