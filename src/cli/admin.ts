import { text as readAll } from 'node:stream/consumers'
import { password as ask, isCancel } from '@clack/prompts'
import type { Command } from 'commander'
import { createAdministrator } from '#core/users/create-administrator.ts'
import { inWorkspace, operator, withJson } from './command.ts'
import { UsageError } from './faults.ts'

type Options = { json?: boolean; email: string; username?: string; passwordStdin?: boolean }

export const addAdmin = (program: Command): void => {
  const admin = program.command('admin').description('manage administrators')
  withJson(admin.command('create').description('create an administrator; asks for the password'))
    .requiredOption('--email <address>')
    .option('--username <name>', 'default: the local part of the address')
    .option('--password-stdin', 'read the password from standard input')
    .action((options: Options) =>
      inWorkspace(options, async ({ run }, output) => {
        const password = await readPassword(options.passwordStdin === true)
        const username = options.username ?? options.email.split('@')[0]!
        const { id } = await run(createAdministrator, { email: options.email, username, password }, operator)
        output.show({ id, email: options.email, username }, ['id', 'email', 'username'])
      }),
    )
}

/** Never an argument: those are seen by everybody on the machine and kept in the shell's history. */
const readPassword = async (fromStdin: boolean): Promise<string> => {
  const given =
    fromStdin || !process.stdin.isTTY
      ? (await readAll(process.stdin)).replace(/\r?\n$/u, '')
      : await ask({ message: 'Password' })
  if (isCancel(given) || given === '') throw new UsageError('A password is needed.')
  return given
}
