import type { Command } from 'commander'
import { rolecallApiId } from '#core/apis/built-in.ts'
import { type Explain, explain } from '#core/roles/explain.ts'
import { inWorkspace, operator, withJson } from './command.ts'
import { drawExplanation } from './explanation.ts'
import { UsageError } from './faults.ts'
import { findUser } from './find.ts'
import { findRole, readScope } from './role.ts'

type Options = {
  json?: boolean
  user: string
  role?: string
  permission?: string
  api: string
  scope: string
}

export const addExplain = (program: Command): void => {
  withJson(
    program.command('explain').description('tell why somebody holds a role or may do something, or not'),
  )
    .requiredOption('--user <user>', 'id, e-mail address or user name')
    .option('--role <role>', 'id or name')
    .option('--permission <name>', 'instead of a role')
    .option('--api <api>', 'whose permission it is: id or identifier', rolecallApiId)
    .option('--scope <scope>', 'workspace, application:<id>, organization:<id> or room:<id>', 'workspace')
    .action((options: Options) =>
      inWorkspace(options, async ({ run }, output) => {
        const { role, permission, api } = options
        if ((role === undefined) === (permission === undefined)) {
          throw new UsageError('Name either a role or a permission.')
        }
        const asked: Pick<Explain, 'roleId' | 'permission'> =
          role === undefined
            ? { permission: { api, name: permission! } }
            : { roleId: (await findRole(run, role)).id }
        const userId = (await findUser(run, options.user)).id
        const input = { userId, scope: readScope(options.scope), ...asked } as Explain
        const explanation = await run(explain, input, operator)
        if (options.json) output.show(explanation, [])
        else output.say(drawExplanation(explanation))
      }),
    )
}
