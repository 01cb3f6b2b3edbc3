import { Command, CommanderError } from 'commander'
import { addAdmin } from './admin.ts'
import { addBackup } from './backup.ts'
import { addClient } from './client.ts'
import { addDemo } from './demo.ts'
import { addDoctor } from './doctor.ts'
import { addExplain } from './explain.ts'
import { addMigrate } from './migrate.ts'
import { addPermission } from './permission.ts'
import { addRole } from './role.ts'
import { addServe } from './serve.ts'
import { addUser } from './user.ts'

const program = new Command('rolecall')
  .description('A self-hosted user and role server: one truth, every dialect.')
  .showHelpAfterError()
  .exitOverride()

for (const add of [
  addServe,
  addMigrate,
  addAdmin,
  addClient,
  addUser,
  addRole,
  addPermission,
  addExplain,
  addBackup,
  addDoctor,
  addDemo,
])
  add(program)

// Whoever reads our output may have had enough, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  // Help and version end well; everything else was bad usage.
  process.exitCode = error.exitCode === 0 ? 0 : 2
}
