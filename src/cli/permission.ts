import type { Command } from 'commander'
import { compareChatPermissions, restoreChatPermissions } from '#core/chat/permissions.ts'
import { inWorkspace, operator, withJson } from './command.ts'

export const addPermission = (program: Command): void => {
  const permission = program.command('permission').description('permissions of the chat')

  withJson(
    permission
      .command('restore')
      .description('give permissions of the chat back the roles they had from the start')
      .argument('[names...]', 'which; without any, all'),
  )
    .option('--dry-run', 'only show what would change')
    .action((names: string[], options: { json?: boolean; dryRun?: boolean }) =>
      inWorkspace(options, async ({ run }, output) => {
        const input = names.length === 0 ? {} : { names }
        const changed = options.dryRun
          ? await run(compareChatPermissions, input, operator)
          : await run(restoreChatPermissions, input, operator)
        const shown = changed.map(({ name, roleIds, defaultRoleIds }) => ({
          name,
          was: roleIds.join(', '),
          restored: defaultRoleIds.join(', '),
        }))
        output.show(shown, ['name', 'was', 'restored'])
        const verb = options.dryRun ? 'would be restored' : 'restored'
        output.say(changed.length === 0 ? 'Nothing to restore.' : `${changed.length} ${verb}.`)
      }),
    )
}
