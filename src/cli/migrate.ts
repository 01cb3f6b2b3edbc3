import type { Command } from 'commander'
import { inWorkspace, withJson } from './command.ts'

export const addMigrate = (program: Command): void => {
  withJson(
    program.command('migrate').description('bring the database up to date; starting the server does it too'),
  ).action((options: { json?: boolean }) =>
    inWorkspace(options, async ({ migrated }, output) => {
      output.show(
        migrated.map((step) => ({ step })),
        ['step'],
      )
      output.say(migrated.length === 0 ? 'The database was up to date.' : 'The database is up to date now.')
    }),
  )
}
